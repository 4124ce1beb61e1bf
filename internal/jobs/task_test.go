package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"kith/internal/base/task"
	"kith/internal/jobs"
	"kith/internal/store"
)

func leave(t *testing.T, s *store.Store, task task.Task) {
	t.Helper()
	err := s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error { return tx.Task(ctx, task) })
	if err != nil {
		t.Fatal(err)
	}
}

func TestTaskIsDone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		args := make(chan string, 10)
		var tries atomic.Int32
		r := runner(t, s)
		r.Work(jobs.Worker{Kind: "greet", Work: func(_ context.Context, b []byte) error {
			args <- string(b)
			if tries.Add(1) == 1 {
				return errors.New("not the first time")
			}
			return nil
		}})
		start(t, r)
		leave(t, s, task.Task{Kind: "greet", Args: []byte(`{"name": "you"}`)})
		for range 2 {
			if got, want := soon(t, args, "the task"), `{"name": "you"}`; got != want && got != `{"name":"you"}` {
				t.Errorf("done with %s, want %s", got, want)
			}
		}
	})
}

func TestStopWaitsForATask(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		began, goOn := make(chan struct{}), make(chan struct{})
		var whole atomic.Bool
		r := runner(t, s)
		r.Work(jobs.Worker{Kind: "slow", Work: func(ctx context.Context, _ []byte) error {
			close(began)
			<-goOn
			whole.Store(ctx.Err() == nil)
			return nil
		}})
		if err := r.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		leave(t, s, task.Task{Kind: "slow"})
		soon(t, began, "the task")
		stopped := make(chan error, 1)
		go func() { stopped <- r.Stop(t.Context()) }()
		select {
		case err := <-stopped:
			t.Errorf("it stopped in the middle of a task: %v", err)
		case <-time.After(20 * time.Millisecond):
		}
		close(goOn)
		if err := soon(t, stopped, "the stop"); err != nil || !whole.Load() {
			t.Errorf("stop: %v; the task could finish: %v", err, whole.Load())
		}
		if live, err := s.LiveLeases(t.Context(), "process"); err != nil || len(live) > 0 {
			t.Errorf("leases are left: %v, %v", live, err)
		}
	})
}

func TestStopThatMayNotWaitCancelsTasks(t *testing.T) {
	t.Parallel()
	s := open(t, store.Options{Path: t.TempDir() + "/kith.db"})
	began := make(chan struct{}, 10)
	r := runner(t, s)
	r.Work(jobs.Worker{Kind: "endless", Work: func(ctx context.Context, _ []byte) error {
		began <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	}})
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	leave(t, s, task.Task{Kind: "endless"})
	soon(t, began, "the task")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Stop(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
	// It was interrupted, so the next process does it.
	r = runner(t, s)
	r.Work(jobs.Worker{Kind: "endless", Work: func(context.Context, []byte) error {
		began <- struct{}{}
		return nil
	}})
	start(t, r)
	soon(t, began, "the task in the next process")
}

// Two processes with one timetable do each of its entries once a period, and a
// process that starts later does not do it again.
func TestTimerRunsOnceInAPeriod(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		var runs atomic.Int32
		done, mark := make(chan struct{}, 100), make(chan struct{}, 100)
		process := func() *jobs.Runner {
			r := runner(t, open(t, o))
			r.Every(jobs.Timer{Name: "daily", Period: 24 * time.Hour, Do: func(context.Context) error {
				runs.Add(1)
				done <- struct{}{}
				return nil
			}})
			return r
		}
		one, two := process(), process()
		for _, r := range []*jobs.Runner{one, two} {
			if err := r.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		soon(t, done, "the timer")
		stop(t, one)
		stop(t, two)
		r := process()
		r.Every(jobs.Timer{Name: "mark", Period: 24 * time.Hour, Do: func(context.Context) error {
			mark <- struct{}{}
			return nil
		}})
		start(t, r)
		soon(t, mark, "a timer that is new")
		if n := runs.Load(); n > 2 { // two when midnight has just passed
			t.Errorf("a daily timer ran %d times", n)
		}
	})
}

// dead is a store whose lease of this process is never renewed and never
// dropped: for the others, the process has died.
type dead struct{ *store.Store }

func (d dead) TakeLease(ctx context.Context, l task.Lease, _ time.Duration) (bool, error) {
	return d.Store.TakeLease(ctx, l, time.Millisecond)
}
func (dead) RenewLease(context.Context, task.Lease, time.Duration) error { return nil }

func TestTasksOfADeadProcessAreRescued(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		died := make(chan struct{})
		// The process is not truly dead: with all its hands full it cannot take
		// back what is rescued from it.
		const hands = jobs.TasksAtOnce
		stuck := make(chan struct{}, hands)
		first := runner(t, dead{s})
		first.Work(jobs.Worker{Kind: "work", Work: func(context.Context, []byte) error {
			stuck <- struct{}{}
			<-died
			return nil
		}})
		if err := first.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		for range hands {
			leave(t, s, task.Task{Kind: "work"})
		}
		for range hands {
			soon(t, stuck, "the tasks in the process that dies")
		}
		done := make(chan struct{}, 2*hands)
		next := runner(t, open(t, o))
		next.Work(jobs.Worker{Kind: "work", Work: func(context.Context, []byte) error {
			done <- struct{}{}
			return nil
		}})
		start(t, next)
		for range hands {
			soon(t, done, "the tasks in the next process")
		}
		close(died)
		stop(t, first)
	})
}

func TestTwoWithOneKindAreRefused(t *testing.T) {
	t.Parallel()
	s := open(t, store.Options{Path: t.TempDir() + "/kith.db"})
	r := jobs.New(jobs.Options{Store: s, Log: slog.New(slog.DiscardHandler)})
	for range 2 {
		r.Work(jobs.Worker{Kind: "same", Work: func(context.Context, []byte) error { return nil }})
	}
	if err := r.Start(t.Context()); err == nil {
		t.Error("a runner with two workers of one kind started")
	}
}
