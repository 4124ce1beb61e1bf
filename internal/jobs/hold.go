package jobs

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"kith/internal/base/task"
)

// ErrHeld is work that somebody else holds.
var ErrHeld = errors.New("the work is held by another")

// Leases is where leases are kept; the store meets it.
type Leases interface {
	TakeLease(ctx context.Context, l task.Lease, ttl time.Duration) (taken bool, err error)
	RenewLease(ctx context.Context, l task.Lease, ttl time.Duration) error
	DropLease(ctx context.Context, l task.Lease) error
	LiveLeases(ctx context.Context, work string) (names []string, err error)
}

// Hold runs fn while it holds the lease of the name, renewing it all the
// while, so that one process at a time works on what the name stands for. It
// returns ErrHeld at once when somebody else holds it.
//
// When the lease is lost (the database was out of reach for ttl, or the
// process stood still), fn's context ends with cause task.ErrLost. fn may
// still run for a moment beside the next owner: a unit of work that must not
// be written twice begins with Tx.Hold(ctx, lease).
func Hold(ctx context.Context, leases Leases, name string, ttl time.Duration, fn func(context.Context, task.Lease) error) error {
	l := task.Lease{Name: name, Owner: rand.Text()}
	ctx, lose := context.WithCancelCause(ctx)
	defer lose(nil)
	ends := time.AfterFunc(ttl, func() { lose(task.ErrLost) })
	taken, err := leases.TakeLease(ctx, l, ttl)
	if err != nil || !taken {
		ends.Stop()
		if err == nil {
			err = ErrHeld
		}
		return err
	}
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		renew(ctx, leases, l, ttl, ends, lose)
	}()
	defer func() {
		lose(context.Canceled)
		<-renewed
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ttl)
		defer cancel()
		_ = leases.DropLease(ctx, l) // it would end by itself
	}()
	err = fn(ctx, l)
	if err != nil && errors.Is(context.Cause(ctx), task.ErrLost) {
		return errors.Join(task.ErrLost, err)
	}
	return err
}

// renew renews the lease until ctx ends. ends fires when the lease does: it is
// set before the database is asked, so it never fires late.
func renew(ctx context.Context, leases Leases, l task.Lease, ttl time.Duration, ends *time.Timer, lose context.CancelCauseFunc) {
	defer func() { ends.Stop() }()
	pause := ttl / 3
	for {
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
		next := time.AfterFunc(ttl, func() { lose(task.ErrLost) })
		asking, cancel := context.WithTimeout(ctx, ttl/3)
		err := leases.RenewLease(asking, l, ttl)
		cancel()
		switch {
		case err == nil:
			ends.Stop()
			ends, pause = next, ttl/3
		case errors.Is(err, task.ErrLost):
			next.Stop()
			lose(task.ErrLost)
			return
		default: // the database may be back before the lease ends
			next.Stop()
			pause = ttl / 10
		}
	}
}
