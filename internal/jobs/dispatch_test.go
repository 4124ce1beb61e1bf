package jobs_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/id"
	"kith/internal/base/task"
	"kith/internal/jobs"
	"kith/internal/store"
)

// tallying is long work whose state is a tally: an item is done when its tally
// is at want. Each batch adds one, without looking: two workers at once, or a
// batch done twice, would show.
type tallying struct {
	store *store.Store
	items []int64
	want  int64
	// after is told of each batch.
	after func(ctx context.Context, number, done int64)
}

func (tallying) Name() string { return "tallying" }

func (w tallying) done(ctx context.Context, number int64) (n int64, err error) {
	err = w.store.View(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		n, err = tx.Counted(ctx, 1, change.Members, number)
		return err
	})
	return n, err
}

func (w tallying) Pending(ctx context.Context, limit int) (items []jobs.Item, err error) {
	for _, number := range w.items {
		n, err := w.done(ctx, number)
		if err != nil {
			return nil, err
		}
		if n < w.want && len(items) < limit {
			items = append(items, jobs.Item{Account: 1, Number: number})
		}
	}
	return items, nil
}

func (w tallying) Run(ctx context.Context, item jobs.Item) error {
	n, err := w.done(ctx, item.Number)
	for ; err == nil && n < w.want; n++ {
		err = w.store.Within(ctx, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.Hold(ctx, item.Lease); err != nil {
				return err
			}
			return tx.Count(ctx, item.Account, change.Members, item.Number, 1)
		})
		if err == nil && w.after != nil {
			w.after(ctx, item.Number, n+1)
		}
	}
	return err
}

// finished waits until every item is done, and checks that none is overdone.
func (w tallying) finished(t *testing.T) {
	t.Helper()
	for _, number := range w.items {
		deadline := time.Now().Add(60 * time.Second)
		for {
			n, err := w.done(t.Context(), number)
			if err != nil {
				t.Fatal(err)
			}
			if n > w.want {
				t.Errorf("item %d: %d batches are done, want %d", number, n, w.want)
			}
			if n >= w.want {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("item %d: only %d of %d batches were done", number, n, w.want)
			}
			time.Sleep(20 * time.Millisecond) // another process does it: there is nothing else to wait on
		}
	}
}

func TestDispatchSharesWorkAmongProcesses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		var works []tallying
		for range 2 {
			w := tallying{store: open(t, o), items: []int64{1, 2, 3, 4, 5, 6, 7, 8}, want: 5}
			works = append(works, w)
			r := runner(t, w.store)
			r.Dispatch(jobs.Dispatch{Work: w, AtOnce: 3, Every: 20 * time.Millisecond})
			// On SQLite the second start stands for a restart beside a running
			// process, which takes its leases away: Tx.Hold keeps the count.
			start(t, r)
		}
		works[0].finished(t)
	})
}

func TestDispatchIsWoken(t *testing.T) {
	t.Parallel()
	s := open(t, store.Options{Path: t.TempDir() + "/kith.db"})
	ran, looked := make(chan int64, 10), make(chan struct{}, 10)
	w := &scripted{
		pending: func() []jobs.Item {
			select {
			case looked <- struct{}{}:
			default:
			}
			return []jobs.Item{{Account: 1, Number: 5}}
		},
		run: func(_ context.Context, i jobs.Item) error { ran <- i.Number; return nil },
	}
	w.hide(true)
	r := runner(t, s)
	r.Dispatch(jobs.Dispatch{Work: w, Every: time.Hour})
	start(t, r)
	soon(t, looked, "the first look")
	w.hide(false)
	if err := s.Within(t.Context(), func(_ context.Context, tx *store.Tx) error {
		tx.Wake("scripted")
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if n := soon(t, ran, "the item"); n != 5 {
		t.Errorf("ran %d, want 5", n)
	}
}

// scripted is work that does what a test says.
type scripted struct {
	mu      sync.Mutex
	hidden  bool
	pending func() []jobs.Item
	run     func(context.Context, jobs.Item) error
}

func (w *scripted) hide(h bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hidden = h
}

func (*scripted) Name() string { return "scripted" }
func (w *scripted) Pending(_ context.Context, limit int) ([]jobs.Item, error) {
	items := w.pending()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.hidden {
		return nil, nil
	}
	return items[:min(limit, len(items))], nil
}
func (w *scripted) Run(ctx context.Context, i jobs.Item) error { return w.run(ctx, i) }

func TestDispatchGoesRoundWhatFails(t *testing.T) {
	t.Parallel()
	s := open(t, store.Options{Path: t.TempDir() + "/kith.db"})
	failed, ran := make(chan struct{}, 100), make(chan struct{}, 100)
	w := &scripted{
		pending: func() []jobs.Item { return []jobs.Item{{Account: 1, Number: 1}, {Account: 1, Number: 2}} },
		run: func(_ context.Context, i jobs.Item) error {
			if i.Number == 1 {
				failed <- struct{}{}
				panic("on purpose")
			}
			ran <- struct{}{}
			return nil
		},
	}
	r := runner(t, s)
	r.Dispatch(jobs.Dispatch{Work: w, AtOnce: 1, Every: 5 * time.Millisecond})
	start(t, r)
	soon(t, failed, "the item that fails")
	soon(t, ran, "the item behind it")
	soon(t, failed, "the second try")
}

func TestStopEndsLongWorkAndFreesIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		began, cause := make(chan struct{}), make(chan error, 1)
		w := &scripted{
			pending: func() []jobs.Item { return []jobs.Item{{Account: 1, Number: 1}} },
			run: func(ctx context.Context, _ jobs.Item) error {
				close(began)
				<-ctx.Done()
				cause <- context.Cause(ctx)
				return ctx.Err()
			},
		}
		r := runner(t, s)
		r.Dispatch(jobs.Dispatch{Work: w, TTL: time.Hour})
		if err := r.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		soon(t, began, "the item")
		stop(t, r)
		if err := soon(t, cause, "the cause"); !errors.Is(err, jobs.ErrStopping) {
			t.Errorf("the work ended with %v, want ErrStopping", err)
		}
		live, err := s.LiveLeases(t.Context(), "scripted")
		if err != nil || len(live) > 0 {
			t.Errorf("leases are left: %v, %v", live, err)
		}
	})
}

func TestReclaimFreesAtOnceWhatADeadProcessHeld(t *testing.T) {
	t.Parallel()
	s := open(t, store.Options{Path: t.TempDir() + "/kith.db"})
	if _, err := s.TakeLease(t.Context(), task.Lease{Name: "scripted/1/1", Owner: "dead"}, time.Hour); err != nil {
		t.Fatal(err)
	}
	ran := make(chan id.Account, 10)
	r := runner(t, s)
	r.Dispatch(jobs.Dispatch{TTL: time.Hour, Every: time.Hour, Work: &scripted{
		pending: func() []jobs.Item { return []jobs.Item{{Account: 1, Number: 1}} },
		run:     func(_ context.Context, i jobs.Item) error { ran <- i.Account; return nil },
	}})
	start(t, r)
	soon(t, ran, "the item of the dead process")
}
