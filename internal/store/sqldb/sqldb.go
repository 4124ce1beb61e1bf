// Package sqldb is the small interface behind which both databases stand. It
// knows neither driver nor schema: SQL passes through it as text with
// numbered marks ($1), values as what a driver takes.
package sqldb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"kith/internal/base/bits"
)

// Faults that a driver's error codes are translated to, once per driver.
var (
	// ErrNoRows is a query for one row that found none.
	ErrNoRows = errors.New("no rows")
	// ErrUnique is a row that a unique index refuses.
	ErrUnique = errors.New("unique constraint")
	// ErrReference is a row whose foreign key finds nothing.
	ErrReference = errors.New("foreign key constraint")
	// ErrBusy is a database that could not be locked in time.
	ErrBusy = errors.New("database busy")
	// ErrFull is a disk or a quota without room.
	ErrFull = errors.New("no room left")
	// ErrGone is a database that cannot be reached.
	ErrGone = errors.New("database not reachable")
	// ErrRetry is a unit of work that lost against another and may run again.
	ErrRetry = errors.New("serialization failure")
)

// Querier runs SQL inside a unit of work or a view. A text is prepared once: it
// may run again when the rows of its last run are closed, not before.
type Querier interface {
	// Exec runs a statement and returns how many rows it touched.
	Exec(ctx context.Context, sql string, args ...any) (int64, error)
	// Query runs a statement that returns rows; the caller closes them.
	Query(ctx context.Context, sql string, args ...any) (Rows, error)
	// ExecAll runs statements one after the other and returns how many rows
	// each touched; over a wire they travel together. It stops at the first
	// that fails.
	ExecAll(ctx context.Context, all []Statement) ([]int64, error)
	// InsertRows inserts n rows, none of which is there yet, in the way that is
	// fastest for many. row returns the values of the i-th, one for each
	// column, and may use the same slice again.
	InsertRows(ctx context.Context, table string, columns []string, n int, row func(i int) ([]any, error)) error
	// QueryRow runs a statement that returns at most one row; Scan of the
	// result says ErrNoRows when there was none.
	QueryRow(ctx context.Context, sql string, args ...any) Row
	// Mark runs "SELECT number" followed by rest, where number is an expression
	// that is whole and never NULL, and adds what it finds to a set. It is for
	// hundreds of thousands of rows, which would cost more to hand over one by
	// one than to find. Numbers that the set has no room for are a fault of the
	// caller.
	Mark(ctx context.Context, to *bits.Set, number, rest string, args ...any) error
	// Share runs work, which takes its pieces from a heap that is common to all
	// who run it: here and, in a view, on such connections at the same time as
	// are free. Those see the state that the view sees, or a later one, where
	// another commit came between. It returns when all have ended. The first
	// error ends the context of the others.
	Share(ctx context.Context, work func(context.Context, Querier) error) error
}

// ShareAmong runs work on q and at the same time on others, as Share promises.
// Each of the others runs the function that it is given, on a connection, and
// returns; it need not.
func ShareAmong(ctx context.Context, q Querier, work func(context.Context, Querier) error, others ...func(context.Context, func(Querier) error) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var (
		wg    sync.WaitGroup
		once  sync.Once
		first error
	)
	run := func(q Querier) error {
		err := work(ctx, q)
		if err != nil {
			once.Do(func() { first = err })
			stop()
		}
		return err
	}
	for _, other := range others {
		wg.Go(func() {
			// A connection that cannot be had leaves its share to this one; an
			// error of the work is kept above.
			_ = other(ctx, run)
		})
	}
	_ = run(q)
	wg.Wait()
	return first
}

// Workers is how many connections Share uses at most: as many as can compute
// at once, and not so many that nobody else finds one.
func Workers() int { return min(runtime.GOMAXPROCS(0), 4) }

// Statement is one of several that run together.
type Statement struct {
	SQL  string
	Args []any
}

// Rows is a result being read.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close()
}

// Row is a result of at most one row.
type Row interface {
	Scan(dest ...any) error
}

// Engine is an open database.
type Engine interface {
	// Within runs fn as one unit of work: all of it is kept, safe from a loss
	// of power, when Within returns nil, and none of it otherwise. fn may run
	// more than once.
	Within(ctx context.Context, fn func(Querier) error) error
	// Bulk is Within for the batches of a job that can be redone: the
	// databases may give up the last ones in a loss of power, never a part of
	// one and never an earlier one without the later.
	Bulk(ctx context.Context, fn func(Querier) error) error
	// View runs fn over one unchanging state of the database.
	View(ctx context.Context, fn func(Querier) error) error
	// Migrate brings the schema up to date and returns its version before and
	// after. With dry it changes nothing.
	Migrate(ctx context.Context, dry bool) (from, to int64, err error)
	// Version returns the schema's version and the one that this program
	// brings. It only reads; an empty database has version 0.
	Version(ctx context.Context) (have, want int64, err error)
	// Dialect tells how the two databases differ.
	Dialect() Dialect
	// Close waits for what runs and lets go of the database.
	Close() error
}

// Dialect is the short list of what differs between the databases. Query
// files call its methods and never ask which database it is.
type Dialect interface {
	// Name is sqlite or postgres, for messages and metrics only.
	Name() string
	// SkipLocked is what a claim of rows says after its ORDER BY so that two
	// processes do not wait for each other; empty where one process writes.
	SkipLocked() string
	// Now is the database's own time in milliseconds since 1970, as an
	// expression: for what several processes must see alike.
	Now() string
	// LastAttempt is the process that last tried a job, as an expression over
	// the job library's table.
	LastAttempt() string
	// Among is a condition: column is one of the whole numbers bound to mark,
	// which Numbers makes of a slice. It is for many; a few are better
	// written out.
	Among(column, mark string) string
	// AmongOrdered is Among for numbers in ascending order, at least one. It
	// costs what lies between the first and the last at most, where a planner
	// that knows too little of a table reads along the wrong index.
	AmongOrdered(column, mark string) string
	Numbers([]int64) any
	// Each is a table of one column, value, with the texts bound to mark, which
	// Texts makes of a slice; EachNumber has whole numbers, which Numbers does.
	// It stands first in a FROM, and what is looked up by it follows after
	// CROSS JOIN.
	Each(mark string) string
	EachNumber(mark string) string
	Texts([]string) any
	// Packs says that two dozen columns of many rows are read faster when they
	// are joined to one text.
	Packs() bool
	// Like is a condition: column is like the pattern bound to mark, whose
	// escape sign is the backslash, without regard to the case of ASCII letters
	// at least.
	Like(column, mark string) string
	// MemberLike is a condition: column holds JSON, an array of objects or
	// nothing, and in one of them the text called name is like the pattern
	// bound to mark.
	MemberLike(column, name, mark string) string
	// Decimal is text that holds a number, as a number with a point; NULL for
	// any other text.
	Decimal(expression string) string
	// HasBytes is a condition: column holds the bytes bound to mark somewhere.
	HasBytes(column, mark string) string
	// Month is the statement that makes room for rows of a month in a table
	// that is parted by times; empty where none is. It does nothing where
	// there is room already.
	Month(table string, t time.Time) string
	// Along is what stands behind a table's name so that it is read along an
	// index; empty where the planner finds that by its own statistics.
	Along(index string) string
	// ForUpdate is what a SELECT says at its end to keep its rows from being
	// changed by others until the unit of work has ended, and ForShare to keep
	// them from being taken ForUpdate; empty where one process writes.
	ForUpdate() string
	ForShare() string
	// Shared says whether several processes may work on the database at once.
	Shared() bool
}

// Latest returns the highest number among migrations named NNNN_name.sql.
func Latest(migrations fs.FS) (int64, error) {
	entries, err := fs.ReadDir(migrations, ".")
	if err != nil {
		return 0, err
	}
	var latest int64
	for _, e := range entries {
		number, _, _ := strings.Cut(e.Name(), "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("migration %s has no number", e.Name())
		}
		latest = max(latest, n)
	}
	return latest, nil
}
