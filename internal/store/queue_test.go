package store_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"kith/internal/base/change"
	"kith/internal/base/task"
	"kith/internal/store"
	"kith/internal/testdb"
)

func tasks(t *testing.T, s *store.Store) (n int) {
	t.Helper()
	if err := s.One(t.Context(), &n, "SELECT count(*) FROM river_job"); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTaskIsLeftByItsUnitOfWork(t *testing.T) {
	each(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		wrong := errors.New("wrong")
		for _, c := range []struct {
			says string
			err  error
			want int
		}{{"a failed unit leaves none", wrong, 0}, {"a unit that is kept leaves one", nil, 1}} {
			err := s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				if err := tx.Task(ctx, task.Task{Kind: "k", Args: []byte(`{"a":1}`)}); err != nil {
					return err
				}
				return c.err
			})
			if !errors.Is(err, c.err) {
				t.Fatalf("%s: %v", c.says, err)
			}
			if n := tasks(t, s); n != c.want {
				t.Errorf("%s: %d tasks", c.says, n)
			}
		}
	})
}

// On SQLite the units share a transaction: a task goes with its savepoint.
func TestTasksOfUnitsThatShareACommit(t *testing.T) {
	each(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		var wg sync.WaitGroup
		for i := range 60 {
			wg.Go(func() {
				err := s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
					if err := tx.Task(ctx, task.Task{Kind: "k", Args: fmt.Appendf(nil, `{"i":%d}`, i)}); err != nil {
						return err
					}
					if i%3 == 0 {
						return errors.New("every third fails")
					}
					return nil
				})
				if (err != nil) != (i%3 == 0) {
					t.Errorf("unit %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if n := tasks(t, s); n != 40 {
			t.Errorf("%d tasks, want the 40 of the units that were kept", n)
		}
	})
}

func TestTaskOnce(t *testing.T) {
	each(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		for _, c := range []struct {
			task task.Task
			want int
		}{
			{task.Task{Kind: "k", Args: []byte(`{"a":1,"b":2}`), Once: true}, 1},
			{task.Task{Kind: "k", Args: []byte(`{"b":2,"a":1}`), Once: true}, 1},
			{task.Task{Kind: "k", Args: []byte(`{"a":2}`), Once: true}, 2},
			{task.Task{Kind: "l", Args: []byte(`{"a":1,"b":2}`), Once: true}, 3},
			{task.Task{Kind: "m", Once: true}, 4},
			{task.Task{Kind: "m", Once: true, At: time.Now().Add(time.Hour)}, 4},
			{task.Task{Kind: "m"}, 5},
		} {
			if err := s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error { return tx.Task(ctx, c.task) }); err != nil {
				t.Fatal(err)
			}
			if n := tasks(t, s); n != c.want {
				t.Errorf("after %s %s: %d tasks, want %d", c.task.Kind, c.task.Args, n, c.want)
			}
		}
	})
}

type nothing struct{}

func (nothing) Kind() string { return "nothing" }

// TestBesideTheLibrary runs units of work, single and bulk, and the job
// library at full tilt over one database: neither may find it locked, nor
// wait for the other for ever.
func TestBesideTheLibrary(t *testing.T) {
	each(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		units, writers := 150*testdb.Scale(), 8
		var worked atomic.Int64
		cfg := &river.Config{
			Logger:            slog.New(slog.NewTextHandler(failing{t}, &slog.HandlerOptions{Level: slog.LevelWarn})),
			Workers:           river.NewWorkers(),
			Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 50}},
			FetchCooldown:     time.Millisecond,
			FetchPollInterval: time.Millisecond,
			PollOnly:          true,
			TestOnly:          true,
		}
		river.AddWorker(cfg.Workers, river.WorkFunc(func(context.Context, *river.Job[nothing]) error {
			worked.Add(1)
			return nil
		}))
		q, err := s.Queue(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if err := q.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				run := s.Within
				if w == 0 {
					run = s.Bulk
				}
				for i := range units {
					err := run(t.Context(), func(ctx context.Context, tx *store.Tx) error {
						if i%3 == 0 {
							return tx.Task(ctx, task.Task{Kind: "nothing"})
						}
						return tx.Count(ctx, 1, change.Contacts, 0, 1)
					})
					if err != nil {
						t.Errorf("unit of work: %v", err)
					}
				}
			})
		}
		wg.Wait()
		want := int64(writers * ((units + 2) / 3))
		for deadline := time.Now().Add(time.Minute); worked.Load() < want; {
			if time.Now().After(deadline) {
				t.Fatalf("the library did %d tasks of %d", worked.Load(), want)
			}
			time.Sleep(5 * time.Millisecond)
		}
		if err := q.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		var left int
		if err := s.One(t.Context(), &left, "SELECT count(*) FROM river_job WHERE state <> 'completed'"); err != nil || left != 0 {
			t.Errorf("%d tasks are not completed, %v", left, err)
		}
	})
}

// failing fails the test for every line that is logged.
type failing struct{ t *testing.T }

func (f failing) Write(line []byte) (int, error) {
	f.t.Errorf("the job library complains: %s", line)
	return len(line), nil
}
