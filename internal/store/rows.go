package store

import (
	"strconv"
	"strings"

	"kith/internal/base/id"
	"kith/internal/store/sqldb"
)

// insertion is an INSERT of several rows: a text for each number of rows up to
// eight, so that any number is written by few statements, and each database
// prepares only these.
type insertion struct {
	columns int
	texts   [8]string
}

// newInsertion makes the texts. head ends before VALUES; tail follows them.
func newInsertion(head string, columns int, tail string) insertion {
	in := insertion{columns: columns}
	var rows strings.Builder
	for i := range in.texts {
		if i > 0 {
			rows.WriteString(", ")
		}
		rows.WriteString("(" + marks(i*columns+1, columns) + ")")
		in.texts[i] = head + " VALUES " + rows.String() + " " + tail
	}
	return in
}

// add appends the statements that insert rows whose values lie one after the
// other in args.
func (in *insertion) add(to []sqldb.Statement, args []any) []sqldb.Statement {
	for len(args) > 0 {
		rows := min(len(args)/in.columns, len(in.texts))
		n := rows * in.columns
		to = append(to, sqldb.Statement{SQL: in.texts[rows-1], Args: args[:n:n]})
		args = args[n:]
	}
	return to
}

// marks returns n numbered marks with commas between, beginning with from.
func marks(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(from+i))
	}
	return b.String()
}

// few writes out a condition over a few values: column IN ($from, …). The
// marks are as many as the next power of two, and the last value fills what is
// over, so that few texts stand for any number.
func few[T any](column string, from int, values []T, bind func(T) any) (condition string, args []any) {
	n := 1
	for n < len(values) {
		n *= 2
	}
	args = make([]any, n)
	for i := range args {
		args[i] = bind(values[min(i, len(values)-1)])
	}
	return column + " IN (" + marks(from, n) + ")", args
}

// scanAll reads all rows and closes them.
func scanAll[T any](rows sqldb.Rows, scan func(sqldb.Rows) (T, error)) ([]T, error) {
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

func scanNumber[N ~int64](rows sqldb.Rows) (N, error) {
	var n int64
	err := rows.Scan(&n)
	return N(n), err
}

func scanRef[N ~int64](rows sqldb.Rows) (id.Ref[N], error) {
	var (
		n    int64
		name []byte
	)
	err := rows.Scan(&n, &name)
	return id.Ref[N]{Number: N(n), UID: uid(name)}, err
}

// whole returns numbers of a kind as plain ones.
func whole[N ~int64](in []N) []int64 {
	out := make([]int64, len(in))
	for i, n := range in {
		out[i] = int64(n)
	}
	return out
}

// flag returns a truth as both databases keep it.
func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
