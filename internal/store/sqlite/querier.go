package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"kith/internal/store/sqldb"
)

// querier runs SQL on a transaction of a connection, with the statements that
// the connection keeps.
type querier struct {
	tx   *sql.Tx
	kept *statements
	// shared says that units of others are in the transaction.
	shared bool
	// readers are the others that read, in a view; else nil.
	readers *readers
}

// statements holds what one connection has prepared. Whoever has the
// connection has it alone. A statement of a connection runs in whatever
// transaction is open there.
type statements struct {
	conn   *sql.Conn
	byText map[string]*sql.Stmt
}

// maxKept bounds the statements of a connection. A text is a few; what grows
// without end would be texts with values in them, which nobody should write.
const maxKept = 400

func newStatements(conn *sql.Conn) *statements {
	return &statements{conn: conn, byText: map[string]*sql.Stmt{}}
}

func (s *statements) of(ctx context.Context, text string) (*sql.Stmt, error) {
	if st, ok := s.byText[text]; ok {
		return st, nil
	}
	st, err := s.conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	if len(s.byText) >= maxKept {
		for other, one := range s.byText { // any will do
			delete(s.byText, other)
			_ = one.Close() // it is let go for room, not for a fault
			break
		}
	}
	s.byText[text] = st
	return st, nil
}

func (s *statements) close() error {
	var errs []error
	for _, st := range s.byText {
		errs = append(errs, st.Close())
	}
	return errors.Join(errs...)
}

// Lend lets the job library, and nobody else, write in the unit of work.
func (q *querier) Lend(fn func(*sql.Tx) error) error { return translate(fn(q.tx)) }

// statement returns the prepared text and the context to run it with. In a
// shared transaction a caller that gives up begins nothing more, but what has
// begun is not interrupted: SQLite would roll back the whole transaction, with
// the units of others in it.
func (q *querier) statement(ctx context.Context, text string) (*sql.Stmt, context.Context, error) {
	if q.shared {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		ctx = context.WithoutCancel(ctx)
	}
	s, err := q.kept.of(ctx, text)
	return s, ctx, err
}

func (q *querier) Exec(ctx context.Context, text string, args ...any) (int64, error) {
	s, ctx, err := q.statement(ctx, text) //nolint:sqlclosecheck // it is kept
	if err != nil {
		return 0, translate(err)
	}
	res, err := s.ExecContext(ctx, args...)
	if err != nil {
		return 0, translate(err)
	}
	n, err := res.RowsAffected()
	return n, translate(err)
}

func (q *querier) ExecAll(ctx context.Context, all []sqldb.Statement) ([]int64, error) {
	touched := make([]int64, len(all))
	for i, s := range all {
		n, err := q.Exec(ctx, s.SQL, s.Args...)
		if err != nil {
			return nil, err
		}
		touched[i] = n
	}
	return touched, nil
}

func (q *querier) Query(ctx context.Context, text string, args ...any) (sqldb.Rows, error) {
	s, ctx, err := q.statement(ctx, text) //nolint:sqlclosecheck // it is kept
	if err != nil {
		return nil, translate(err)
	}
	r, err := s.QueryContext(ctx, args...) //nolint:rowserrcheck // whoever reads the rows asks
	if err != nil {
		return nil, translate(err)
	}
	return rows{r}, nil
}

func (q *querier) QueryRow(ctx context.Context, text string, args ...any) sqldb.Row {
	r, err := q.Query(ctx, text, args...)
	return row{r, err}
}

type rows struct{ r *sql.Rows }

func (r rows) Next() bool             { return r.r.Next() }
func (r rows) Scan(dest ...any) error { return translate(r.r.Scan(dest...)) }
func (r rows) Err() error             { return translate(r.r.Err()) }
func (r rows) Close()                 { _ = r.r.Close() } // its error is Err's

type row struct {
	r   sqldb.Rows
	err error
}

func (r row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.r.Close()
	if !r.r.Next() {
		if err := r.r.Err(); err != nil {
			return err
		}
		return sqldb.ErrNoRows
	}
	return r.r.Scan(dest...)
}
