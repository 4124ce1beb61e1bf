package sqlite

import (
	"context"
	"database/sql/driver"
	"slices"
	"strconv"
	"sync"

	"modernc.org/sqlite"

	"kith/internal/base/bits"
	"kith/internal/store/sqldb"
)

// markFunction is an aggregate of our own: it answers the set of the whole
// numbers that it is given, from 0 upward, as bytes with a bit each. A row
// costs it a tenth of what it costs to hand the row over.
const markFunction = "kith_bits"

// registerMarks makes the function known to all connections opened later.
var registerMarks = sync.OnceValue(func() error {
	return sqlite.RegisterFunction(markFunction, &sqlite.FunctionImpl{
		NArgs:         1,
		Deterministic: true,
		MakeAggregate: func(sqlite.FunctionContext) (sqlite.AggregateFunction, error) { return &marks{}, nil },
	})
})

// most bounds the set that one query may make, in bytes.
const most = 1 << 27

type marks struct{ of []byte }

func (m *marks) Step(_ *sqlite.FunctionContext, args []driver.Value) error {
	n, ok := args[0].(int64)
	i := int(n / 8)
	if !ok || n < 0 || i >= most {
		return errNoRoom
	}
	if i >= len(m.of) {
		m.of = append(m.of, make([]byte, max(i+1, 2*len(m.of))-len(m.of))...)
	}
	m.of[i] |= 1 << (n % 8)
	return nil
}

func (m *marks) WindowInverse(*sqlite.FunctionContext, []driver.Value) error { return errNoWindow }

func (m *marks) WindowValue(*sqlite.FunctionContext) (driver.Value, error) { return m.of, nil }

func (m *marks) Final(*sqlite.FunctionContext) {}

type markError string

func (e markError) Error() string { return string(e) }

const (
	errNoRoom   = markError(markFunction + " takes whole numbers from 0")
	errNoWindow = markError(markFunction + " is for no window")
)

// Mark has the database make the set, and hands over its bytes.
func (q *querier) Mark(ctx context.Context, to *bits.Set, number, rest string, args ...any) error {
	args = append(slices.Clip(args), to.Low()+1)
	var of []byte
	err := q.QueryRow(ctx, "SELECT "+markFunction+"("+number+" - $"+strconv.Itoa(len(args))+") "+rest, args...).Scan(&of)
	to.AddBytes(of)
	return err
}

// Share uses readers that nobody uses at the moment, but leaves one to others.
// Each has a snapshot of its own.
func (q *querier) Share(ctx context.Context, work func(context.Context, sqldb.Querier) error) error {
	var others []func(context.Context, func(sqldb.Querier) error) error
	if q.readers != nil {
		for range min(sqldb.Workers()-1, len(q.readers.idle)-1) {
			others = append(others, q.readers.viewIfIdle)
		}
	}
	return sqldb.ShareAmong(ctx, q, work, others...)
}
