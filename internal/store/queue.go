package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"kith/internal/base/task"
	"kith/internal/store/postgres"
	"kith/internal/store/sqldb"
	"kith/internal/store/sqlite"
)

// The job library stands behind this file and package jobs; nobody else names
// it. This file lets it write in a unit of work and opens it over the store's
// database; package jobs tells it what to run.

// Queue runs tasks; package jobs configures, starts and stops it.
type Queue = interface {
	Start(ctx context.Context) error
	// Stop waits for running tasks; StopAndCancel ends their contexts first.
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
}

// Queue opens the job library over the store's database.
func (s *Store) Queue(ctx context.Context, cfg *river.Config) (Queue, error) {
	switch e := s.engine.(type) {
	case *sqlite.Engine:
		db, err := e.JobsDB(ctx)
		if err != nil {
			return nil, explain(err)
		}
		return river.NewClient(riversqlite.New(db), cfg)
	case *postgres.Engine:
		return river.NewClient(riverpgxv5.New(e.Pool()), cfg)
	}
	return nil, fmt.Errorf("the job library has no driver for %s", s.engine.Dialect().Name())
}

// inserter puts a job into the unit of work that q runs.
type inserter interface {
	insert(ctx context.Context, q sqldb.Querier, args river.JobArgs, opts *river.InsertOpts) error
}

func newInserter(e sqldb.Engine) (inserter, error) {
	// Without workers and a pool the library only inserts; what goes wrong it
	// returns.
	cfg := &river.Config{Logger: slog.New(slog.DiscardHandler)}
	if e.Dialect().Shared() {
		c, err := river.NewClient(riverpgxv5.New(nil), cfg)
		return lent[pgx.Tx]{c}, err
	}
	c, err := river.NewClient(riversqlite.New(nil), cfg)
	return lent[*sql.Tx]{c}, err
}

// lent inserts through a transaction of type T that the engine lends.
type lent[T any] struct{ client *river.Client[T] }

func (l lent[T]) insert(ctx context.Context, q sqldb.Querier, args river.JobArgs, opts *river.InsertOpts) error {
	lender, ok := q.(interface{ Lend(func(T) error) error })
	if !ok {
		return fmt.Errorf("%T lends no transaction", q)
	}
	// On SQLite an interrupted statement would take the units of others with
	// it, so what has begun is not interrupted.
	if err := ctx.Err(); err != nil {
		return err
	}
	return lender.Lend(func(tx T) error {
		_, err := l.client.InsertTx(context.WithoutCancel(ctx), tx, args, opts)
		return err
	})
}

// taskArgs is a task as the job library keeps it.
type taskArgs struct {
	kind string
	args json.RawMessage
}

func (a taskArgs) Kind() string { return a.kind }

func (a taskArgs) MarshalJSON() ([]byte, error) { return a.args, nil }

// stillToDo are the states in which a task counts for Once.
var stillToDo = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
	rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

// Task leaves a task in this unit of work: it is done after the commit, and
// not at all when the unit fails. Only what is few is a task: a request leaves
// rows for a sweeper instead.
func (tx *Tx) Task(ctx context.Context, t task.Task) error {
	args := taskArgs{t.Kind, t.Args}
	if len(t.Args) == 0 {
		args.args = json.RawMessage("{}")
	}
	opts := &river.InsertOpts{ScheduledAt: t.At}
	if t.Once {
		opts.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: stillToDo}
	}
	return wrap(tx.tasks.insert(ctx, tx.q, args, opts), "leave task %s", t.Kind)
}

// liveProcess is the kind of the leases by which processes show that they
// run; the rest of a lease's name is the process's id at the job library.
const liveProcess = "process"

// ProcessLease is the name of the lease that a process holds while it runs
// tasks under the given id at the job library.
func (s *Store) ProcessLease(id string) string { return liveProcess + "/" + id }

// RescueTasks makes tasks available again that ran in a process which has let
// its lease end, and says how many. Those that have used up their attempts are
// left to the job library, which gives them up after its own, longer time.
// Where one process at a time has the database, Reclaim has done it at the
// start, and there is nothing to rescue afterwards.
func (s *Store) RescueTasks(ctx context.Context) (n int, err error) {
	if !s.engine.Dialect().Shared() {
		return 0, nil
	}
	return s.rescueTasks(ctx)
}

func (s *Store) rescueTasks(ctx context.Context) (n int, err error) {
	err = s.Within(ctx, func(ctx context.Context, tx *Tx) error {
		touched, err := tx.q.Exec(ctx, `
			UPDATE river_job SET state = 'available'
			WHERE state = 'running' AND attempt < max_attempts AND NOT EXISTS (
			  SELECT 1 FROM lease
			  WHERE name = '`+liveProcess+`/' || `+tx.d.LastAttempt()+` AND until > `+tx.d.Now()+`)`)
		n = int(touched)
		return err
	})
	return n, wrap(err, "rescue tasks")
}

// SweepLeases deletes leases that ended more than an hour ago: those of
// processes that died, whose names nobody takes again.
func (s *Store) SweepLeases(ctx context.Context) error {
	err := s.Within(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.q.Exec(ctx, `DELETE FROM lease WHERE until < `+tx.d.Now()+` - 3600000`)
		return err
	})
	return wrap(err, "sweep leases")
}
