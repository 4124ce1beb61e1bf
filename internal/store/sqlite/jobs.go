package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"
)

// jobCache is the page cache of each of the job library's connections, in
// bytes; it works on a few small tables.
const jobCache = 1 << 20

// JobsDB returns a pool of connections for the job library, which runs over a
// *sql.DB of its own and is closed with the engine. What it writes takes turns
// with the units of work: a transaction, and every single statement but a
// plain SELECT, holds the writer's lock from before it begins until it has
// ended. So neither ever finds the file locked by the other, and what the
// library writes is never stuck behind a group that waits for its commit.
func (e *Engine) JobsDB(ctx context.Context) (*sql.DB, error) {
	e.jobsOnce.Lock()
	defer e.jobsOnce.Unlock()
	if e.jobs != nil {
		return e.jobs, nil
	}
	dsn, want, err := e.o.source("rw", jobCache)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(&connector{dsn: dsn, driver: e.readers.db.Driver(), w: e.w})
	if err := e.o.assert(ctx, db, 4, want); err != nil {
		return nil, err
	}
	e.jobs = db
	return db, nil
}

// connector opens connections that take the writer's lock to write.
type connector struct {
	dsn    string
	driver driver.Driver
	w      *writer
}

func (c *connector) Driver() driver.Driver { return c.driver }

func (c *connector) Connect(context.Context) (driver.Conn, error) {
	conn, err := c.driver.Open(c.dsn)
	if err != nil {
		return nil, err
	}
	full, ok := conn.(fullConn)
	if !ok {
		return nil, errors.Join(errors.New("the SQLite driver lacks what it had when this was written"), conn.Close())
	}
	return &jobConn{fullConn: full, w: c.w}, nil
}

// fullConn is what the driver's connections can do.
type fullConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// jobConn is a connection that takes the writer's lock to write. database/sql
// uses a connection from one goroutine at a time.
type jobConn struct {
	fullConn

	w    *writer
	inTx bool // the lock is held by the open transaction
}

// Prepare is refused: a prepared statement could write past the lock. The
// library prepares none.
func (c *jobConn) Prepare(string) (driver.Stmt, error) {
	return nil, errors.New("statements are not prepared on this connection")
}

func (c *jobConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	if err := c.w.enter(ctx); err != nil {
		return nil, err
	}
	tx, err := c.fullConn.BeginTx(ctx, o)
	if err != nil {
		c.w.leave()
		return nil, err
	}
	c.inTx = true
	return &jobTx{tx, c}, nil
}

// jobTx gives the lock back when it ends; database/sql sees to it that every
// transaction does, once.
type jobTx struct {
	driver.Tx

	c *jobConn
}

func (t *jobTx) Commit() error {
	defer t.end()
	return t.Tx.Commit()
}

func (t *jobTx) Rollback() error {
	defer t.end()
	return t.Tx.Rollback()
}

func (t *jobTx) end() {
	t.c.inTx = false
	t.c.w.leave()
}

func (c *jobConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if c.inTx || onlyReads(query) {
		return c.fullConn.ExecContext(ctx, query, args)
	}
	if err := c.w.enter(ctx); err != nil {
		return nil, err
	}
	defer c.w.leave()
	return c.fullConn.ExecContext(ctx, query, args)
}

func (c *jobConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if c.inTx || onlyReads(query) {
		return c.fullConn.QueryContext(ctx, query, args)
	}
	if err := c.w.enter(ctx); err != nil {
		return nil, err
	}
	rows, err := c.fullConn.QueryContext(ctx, query, args)
	if err != nil {
		c.w.leave()
		return nil, err
	}
	return &jobRows{Rows: rows, w: c.w}, nil
}

// jobRows gives the lock back when it is closed: until then the statement, and
// with it its own transaction, has not ended.
type jobRows struct {
	driver.Rows

	w      *writer
	closed bool
}

func (r *jobRows) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	defer r.w.leave()
	return r.Rows.Close()
}

// onlyReads says whether a statement is a plain SELECT. Whatever is not
// clearly one is taken for a write.
func onlyReads(query string) bool {
	for {
		query = strings.TrimLeft(query, " \t\r\n")
		comment, ok := strings.CutPrefix(query, "--")
		if !ok {
			break
		}
		_, query, _ = strings.Cut(comment, "\n")
	}
	return len(query) > 6 && strings.EqualFold(query[:6], "select") && strings.ContainsRune(" \t\r\n", rune(query[6]))
}
