package jobs_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"kith/internal/base/task"
	"kith/internal/jobs"
	"kith/internal/store"
)

func TestHoldIsExclusive(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		one, two := open(t, o), open(t, o)
		err := jobs.Hold(t.Context(), one, "work/1/1", time.Minute, func(ctx context.Context, _ task.Lease) error {
			if err := jobs.Hold(ctx, two, "work/1/2", time.Minute, func(context.Context, task.Lease) error { return nil }); err != nil {
				t.Errorf("another name: %v", err)
			}
			return jobs.Hold(ctx, two, "work/1/1", time.Minute, func(context.Context, task.Lease) error {
				t.Error("both hold it")
				return nil
			})
		})
		if !errors.Is(err, jobs.ErrHeld) {
			t.Errorf("got %v, want ErrHeld", err)
		}
		ran := false
		err = jobs.Hold(t.Context(), two, "work/1/1", time.Minute, func(context.Context, task.Lease) error {
			ran = true
			return nil
		})
		if err != nil || !ran {
			t.Errorf("after the first let go: ran %v, %v", ran, err)
		}
	})
}

func TestHoldOutlastsItsTTL(t *testing.T) {
	t.Parallel()
	const ttl = time.Second
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		err := jobs.Hold(t.Context(), s, "work/1/1", ttl, func(ctx context.Context, _ task.Lease) error {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(2 * ttl):
			}
			taken, err := s.TakeLease(ctx, task.Lease{Name: "work/1/1", Owner: "other"}, ttl)
			if taken {
				t.Error("a lease that is renewed was taken by another")
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestAnEndedLeaseIsTakenOver(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		dead := task.Lease{Name: "work/1/1", Owner: "dead"}
		if taken, err := s.TakeLease(t.Context(), dead, time.Millisecond); err != nil || !taken {
			t.Fatal(taken, err)
		}
		held := make(chan error)
		var tries atomic.Int32
		go func() {
			for {
				tries.Add(1)
				err := jobs.Hold(t.Context(), s, dead.Name, time.Second, func(ctx context.Context, l task.Lease) error {
					return s.Within(ctx, func(ctx context.Context, tx *store.Tx) error {
						if err := tx.Hold(ctx, dead); !errors.Is(err, task.ErrLost) {
							t.Errorf("the former owner may still write: %v", err)
						}
						return tx.Hold(ctx, l)
					})
				})
				if !errors.Is(err, jobs.ErrHeld) {
					held <- err
					return
				}
			}
		}()
		if err := soon(t, held, "the lease to end"); err != nil {
			t.Error(err)
		}
		if err := s.RenewLease(t.Context(), dead, time.Second); !errors.Is(err, task.ErrLost) {
			t.Errorf("renewed by its former owner: %v, want ErrLost", err)
		}
	})
}

func TestALeaseFromTheFutureIsNoHindrance(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		// Given before the clock stepped back by an hour.
		if _, err := s.TakeLease(t.Context(), task.Lease{Name: "work/1/1", Owner: "a"}, time.Hour); err != nil {
			t.Fatal(err)
		}
		taken, err := s.TakeLease(t.Context(), task.Lease{Name: "work/1/1", Owner: "b"}, time.Second)
		if err != nil || !taken {
			t.Errorf("taken %v, %v", taken, err)
		}
	})
}

// broken is a store whose leases cannot be renewed.
type broken struct {
	jobs.Leases
	err error
}

func (b broken) RenewLease(context.Context, task.Lease, time.Duration) error { return b.err }

func TestALostLeaseEndsTheWork(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{"taken": task.ErrLost, "out of reach": errors.New("no database")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, store.Options{Path: t.TempDir() + "/kith.db"})
			err := jobs.Hold(t.Context(), broken{s, err}, "work/1/1", 100*time.Millisecond, func(ctx context.Context, _ task.Lease) error {
				soon(t, ctx.Done(), "the end of the lease")
				return ctx.Err()
			})
			if !errors.Is(err, task.ErrLost) {
				t.Errorf("got %v, want ErrLost", err)
			}
		})
	}
}
