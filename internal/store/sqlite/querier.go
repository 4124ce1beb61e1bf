package sqlite

import (
	"context"
	"database/sql"

	"kith/internal/store/sqldb"
)

// querier runs SQL on a transaction. With kept, each text is prepared once for
// the life of the database, and a statement is then a lookup in a map.
type querier struct {
	tx   *sql.Tx
	kept *statements
}

// statements holds what the writer's one connection has prepared. Only the
// holder of the writer's lock touches it. A statement of a connection runs in
// whatever transaction is open there.
type statements struct {
	conn   *sql.Conn
	byText map[string]*sql.Stmt
}

func (s *statements) of(ctx context.Context, text string) (*sql.Stmt, error) {
	if st, ok := s.byText[text]; ok {
		return st, nil
	}
	st, err := s.conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	s.byText[text] = st
	return st, nil
}

// Lend lets the job library, and nobody else, write in the unit of work.
func (q *querier) Lend(fn func(*sql.Tx) error) error { return translate(fn(q.tx)) }

// patient returns the context for a statement in a shared transaction. A caller
// that gives up begins nothing more, but what has begun is not interrupted:
// SQLite would roll back the whole transaction, with the units of others in it.
func patient(ctx context.Context) (context.Context, error) {
	return context.WithoutCancel(ctx), ctx.Err()
}

func (q *querier) Exec(ctx context.Context, text string, args ...any) (int64, error) {
	var (
		res sql.Result
		err error
	)
	if q.kept == nil {
		res, err = q.tx.ExecContext(ctx, text, args...)
	} else if ctx, err = patient(ctx); err == nil {
		var s *sql.Stmt
		if s, err = q.kept.of(ctx, text); err == nil {
			res, err = s.ExecContext(ctx, args...)
		}
	}
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
	var (
		r   *sql.Rows
		err error
	)
	if q.kept == nil {
		r, err = q.tx.QueryContext(ctx, text, args...)
	} else if ctx, err = patient(ctx); err == nil {
		var s *sql.Stmt
		if s, err = q.kept.of(ctx, text); err == nil {
			r, err = s.QueryContext(ctx, args...)
		}
	}
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
