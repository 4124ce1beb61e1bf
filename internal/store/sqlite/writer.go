package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"

	"kith/internal/store/sqldb"
)

// maxGroup bounds how many units share one commit, and so how long the first
// of them waits for it.
const maxGroup = 64

var errShut = fmt.Errorf("%w: it is closed", sqldb.ErrGone)

// writer is the one connection that writes. A unit of work is a savepoint
// inside a transaction that the units arriving at the same time share: SQLite
// waits for the disk once for all of them, and each is told of success only
// after that. A unit that fails rolls back to its savepoint and leaves the
// others alone.
//
// Who holds the lock and sees nobody waiting behind commits; otherwise the
// next holder inherits the open transaction. So a lone unit is committed at
// once, and under load the group grows by itself.
type writer struct {
	db      *sql.DB
	conn    *sql.Conn
	kept    *statements
	lock    chan struct{} // holds one token; taken by who may write
	waiting atomic.Int64  // how many want the token
	open    *group        // guarded by lock
	sync    string        // the connection's synchronous setting; guarded by lock
	shut    chan struct{} // closed when nothing may be written any more
}

// group is a transaction that several units share.
type group struct {
	tx    *sql.Tx
	q     *querier
	units int
	done  chan struct{}
	err   error // set before done is closed
}

func newWriter(db *sql.DB) *writer {
	w := &writer{db: db, lock: make(chan struct{}, 1), sync: "FULL", shut: make(chan struct{})}
	w.lock <- struct{}{}
	return w
}

func (w *writer) take(ctx context.Context) error {
	w.waiting.Add(1)
	select {
	case <-w.lock:
		w.waiting.Add(-1)
		return nil
	case <-w.shut:
		w.waiting.Add(-1)
		return errShut
	case <-ctx.Done():
	}
	// A holder may have left its group open for us: take the lock all the
	// same, and see to it that the group is committed.
	select {
	case <-w.lock:
		w.waiting.Add(-1)
		w.settle()
		w.lock <- struct{}{}
	case <-w.shut:
		w.waiting.Add(-1)
	}
	return ctx.Err()
}

// enter takes the lock for who writes in a transaction of its own, on
// whatever connection; leave gives it back.
func (w *writer) enter(ctx context.Context) error {
	if err := w.take(ctx); err != nil {
		return err
	}
	if w.open != nil {
		w.commit()
	}
	return nil
}

func (w *writer) leave() { w.lock <- struct{}{} }

// settle commits the open group when nobody is there to carry it on. The
// caller holds the lock.
func (w *writer) settle() {
	if w.open != nil && (w.waiting.Load() == 0 || w.open.units >= maxGroup) {
		w.commit()
	}
}

func (w *writer) commit() {
	g := w.open
	w.open = nil
	if g.units == 0 {
		_ = g.tx.Rollback() // nothing is in it
	} else {
		g.err = translate(g.tx.Commit())
	}
	close(g.done)
}

// begin opens a group with the durability asked for. The caller holds the
// lock and there is no open group.
func (w *writer) begin(sync string) (*group, error) {
	// The life of a group is not that of the request that happens to open it.
	ctx := context.Background()
	if w.conn == nil {
		conn, err := w.db.Conn(ctx)
		if err != nil {
			return nil, translate(err)
		}
		w.conn, w.kept = conn, newStatements(conn)
	}
	if w.sync != sync {
		if _, err := w.conn.ExecContext(ctx, "PRAGMA synchronous="+sync); err != nil {
			return nil, translate(err)
		}
		w.sync = sync
	}
	tx, err := w.conn.BeginTx(ctx, nil)
	if err != nil {
		return nil, translate(err)
	}
	return &group{tx: tx, q: &querier{tx: tx, kept: w.kept, shared: true}, done: make(chan struct{})}, nil
}

func (w *writer) within(ctx context.Context, fn func(sqldb.Querier) error) error {
	if err := w.take(ctx); err != nil {
		return err
	}
	g, err := w.unit(fn) //nolint:contextcheck // a group outlives the request that opens it
	if err != nil {
		return err
	}
	// What was done cannot be taken back, so a caller that gave up still
	// waits the few milliseconds until it is known whether it was kept.
	<-g.done
	return g.err
}

// unit runs fn in the open group and lets go of the lock, also when fn panics.
func (w *writer) unit(fn func(sqldb.Querier) error) (_ *group, err error) {
	kept := false
	defer func() {
		if !kept && w.open != nil && w.open.units == 0 {
			w.commit()
		}
		w.settle()
		w.lock <- struct{}{}
	}()
	if w.open == nil {
		if w.open, err = w.begin("FULL"); err != nil {
			return nil, err
		}
	}
	g := w.open
	ctx := context.Background()
	if _, err := g.q.Exec(ctx, "SAVEPOINT unit"); err != nil {
		w.fail(g, err)
		return nil, err
	}
	defer func() {
		if kept {
			return
		}
		// An error of the disk may have ended the whole transaction; then
		// there is no savepoint to go back to and all of the group is lost:
		// to what ended it, which tells more than the missing savepoint.
		if _, back := g.q.Exec(ctx, "ROLLBACK TO unit"); back != nil {
			w.fail(g, cmp.Or(err, back))
			return
		}
		if _, back := g.q.Exec(ctx, "RELEASE unit"); back != nil {
			w.fail(g, cmp.Or(err, back))
		}
	}()
	if err := fn(g.q); err != nil {
		return nil, err
	}
	if _, err := g.q.Exec(ctx, "RELEASE unit"); err != nil {
		return nil, err
	}
	kept = true
	g.units++
	return g, nil
}

// fail gives up the open group: every unit in it hears of the error.
func (w *writer) fail(g *group, err error) {
	if w.open != g {
		return
	}
	w.open = nil
	_ = g.tx.Rollback() // the error at hand is the one to tell
	g.err = fmt.Errorf("the shared transaction was lost: %w", err)
	close(g.done)
}

func (w *writer) bulk(ctx context.Context, fn func(sqldb.Querier) error) error {
	if err := w.enter(ctx); err != nil {
		return err
	}
	defer w.leave()
	g, err := w.begin("NORMAL") //nolint:contextcheck // as in within
	if err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			_ = g.tx.Rollback() // fn's error, or its panic, is the one to tell
		}
	}()
	if err := fn(g.q); err != nil {
		return err
	}
	done = true
	return translate(g.tx.Commit())
}

// letGo commits what is open and returns the connection to its pool. The
// caller holds the lock.
func (w *writer) letGo() error {
	if w.open != nil {
		w.commit()
	}
	if w.conn == nil {
		return nil
	}
	var errs []error
	errs = append(errs, w.kept.close(), w.conn.Close())
	w.conn, w.kept = nil, nil
	return errors.Join(errs...)
}

func (w *writer) close() error {
	<-w.lock // never given back: nothing is written after this
	close(w.shut)
	return errors.Join(w.letGo(), w.db.Close())
}
