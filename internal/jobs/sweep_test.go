package jobs_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"kith/internal/base/change"
	"kith/internal/jobs"
	"kith/internal/store"
)

func TestTalliesAreSweptAfterACommit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		swept := make(chan bool, 100)
		r := runner(t, s)
		r.Sweep(jobs.Sweeper{Name: store.WakeTallies, Every: time.Hour, Sweep: func(ctx context.Context) (bool, error) {
			more, err := s.SweepTallies(ctx)
			swept <- more
			return more, err
		}})
		start(t, r)
		soon(t, swept, "the first sweep")
		if err := s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			tx.Wake(store.WakeTallies) // where counts move at once, nobody else does
			return tx.Count(ctx, 1, change.Contacts, 0, 1)
		}); err != nil {
			t.Fatal(err)
		}
		soon(t, swept, "the sweep after the commit")
		if n, err := s.FoldTallies(t.Context()); err != nil || n != 0 {
			t.Errorf("%d deltas were left, %v", n, err)
		}
	})
}

func TestSweepGoesOnUntilNothingIsLeft(t *testing.T) {
	t.Parallel()
	s := open(t, store.Options{Path: t.TempDir() + "/kith.db"})
	calls := make(chan int, 10)
	var n atomic.Int32
	r := runner(t, s)
	r.Sweep(jobs.Sweeper{Name: "x", Every: time.Hour, Sweep: func(context.Context) (bool, error) {
		i := int(n.Add(1))
		calls <- i
		switch i {
		case 3:
			return true, errors.New("after an error it waits")
		case 5:
			panic("on purpose")
		}
		return i < 3 || i == 4, nil
	}})
	start(t, r)
	for range 3 {
		soon(t, calls, "a batch")
	}
	s.Bell().Ring("x")
	for range 2 {
		soon(t, calls, "a batch after the error")
	}
	s.Bell().Ring("x")
	soon(t, calls, "a batch after the panic")
}

func TestStopWaitsForASweep(t *testing.T) {
	t.Parallel()
	s := open(t, store.Options{Path: t.TempDir() + "/kith.db"})
	began, goOn := make(chan struct{}), make(chan struct{})
	var whole atomic.Bool
	r := runner(t, s)
	r.Sweep(jobs.Sweeper{Name: "x", Sweep: func(ctx context.Context) (bool, error) {
		close(began)
		<-goOn
		whole.Store(ctx.Err() == nil)
		return true, ctx.Err()
	}})
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	soon(t, began, "the sweep")
	stopped := make(chan error, 1)
	go func() { stopped <- r.Stop(t.Context()) }()
	select {
	case err := <-stopped:
		t.Errorf("it stopped in the middle of a sweep: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	close(goOn)
	if err := soon(t, stopped, "the stop"); err != nil || !whole.Load() {
		t.Errorf("stop: %v; the sweep could finish: %v", err, whole.Load())
	}
}

func TestStopThatMayNotWaitCancels(t *testing.T) {
	t.Parallel()
	s := open(t, store.Options{Path: t.TempDir() + "/kith.db"})
	began := make(chan struct{})
	r := runner(t, s)
	r.Sweep(jobs.Sweeper{Name: "x", Sweep: func(ctx context.Context) (bool, error) {
		close(began)
		<-ctx.Done()
		return false, ctx.Err()
	}})
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	soon(t, began, "the sweep")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Stop(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
}
