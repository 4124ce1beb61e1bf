package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"kith/internal/store/sqldb"
)

// readers are the connections that read. Each keeps what it has prepared:
// preparing a query of a few rows takes longer than running it.
type readers struct {
	db   *sql.DB
	idle chan *reader
}

// reader is one connection; whoever took it out of idle has it to themselves.
type reader struct {
	conn *sql.Conn // nil before it is first used, and after a fault
	kept *statements
}

func newReaders(db *sql.DB, n int) *readers {
	rs := &readers{db: db, idle: make(chan *reader, n)}
	for range n {
		rs.idle <- &reader{}
	}
	return rs
}

// view runs fn over one snapshot.
func (rs *readers) view(ctx context.Context, fn func(sqldb.Querier) error) error {
	var r *reader
	select {
	case r = <-rs.idle:
	case <-ctx.Done():
		return ctx.Err()
	}
	return rs.viewBy(ctx, r, fn)
}

// viewIfIdle is view where a connection has nothing to do. Who has one already
// may call it: it never waits for another.
func (rs *readers) viewIfIdle(ctx context.Context, fn func(sqldb.Querier) error) error {
	select {
	case r := <-rs.idle:
		return rs.viewBy(ctx, r, fn)
	default:
		return sqldb.ErrBusy
	}
}

// viewBy is view on a connection that was taken out of idle, and puts it back.
func (rs *readers) viewBy(ctx context.Context, r *reader, fn func(sqldb.Querier) error) error {
	defer func() { rs.idle <- r }()
	// A caller that gives up ends its statements. The snapshot ends here.
	tx, err := r.begin(context.WithoutCancel(ctx), rs.db)
	if err != nil {
		return errors.Join(translate(err), r.letGo())
	}
	defer func() {
		if tx.Rollback() != nil { // a view has nothing to keep, but the next one needs a clean connection
			_ = r.letGo()
		}
	}()
	return fn(&querier{tx: tx, kept: r.kept, readers: rs})
}

func (r *reader) begin(ctx context.Context, db *sql.DB) (*sql.Tx, error) {
	if r.conn == nil {
		conn, err := db.Conn(ctx)
		if err != nil {
			return nil, err
		}
		r.conn, r.kept = conn, newStatements(conn)
	}
	return r.conn.BeginTx(ctx, nil)
}

func (r *reader) letGo() error {
	if r.conn == nil {
		return nil
	}
	err := errors.Join(r.kept.close(), r.conn.Close())
	r.conn, r.kept = nil, nil
	return err
}

// close waits for what is being read.
func (rs *readers) close() error {
	var errs []error
	for range cap(rs.idle) {
		errs = append(errs, (<-rs.idle).letGo())
	}
	return errors.Join(append(errs, rs.db.Close())...)
}
