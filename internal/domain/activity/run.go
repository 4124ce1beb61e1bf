package activity

import (
	"context"
	"errors"
	"fmt"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/task"
)

// removeBatch is how many contacts are taken off a list in one unit of work.
const removeBatch = 1000

// Pending names activities that have not ended, the oldest first.
func (s *Service) Pending(ctx context.Context, limit int) (items []Item, err error) {
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		items, err = tx.OpenActivities(ctx, limit)
		return err
	})
	return items, err
}

// Run works on an activity from where it stands until it has ended, or ctx
// has. The caller holds the lease; each unit of work fails with task.ErrLost
// when that is another's. Run may be called again after any error, and after
// the death of the process at any moment: every batch is one unit of work,
// with its rows, its counts and the place to go on from.
func (s *Service) Run(ctx context.Context, i Item, lease task.Lease) error {
	w := work{Service: s, account: i.Account, lease: lease}
	err := s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) (err error) {
		if err := tx.Hold(ctx, lease); err != nil {
			return err
		}
		w.a, err = tx.HoldActivity(ctx, i.Account, id.Ref[id.Activity]{Number: i.Activity})
		if err != nil || w.a.State != Initialized {
			return err
		}
		w.a.State, w.a.StartedAt, w.a.UpdatedAt = Processing, tx.Now(), tx.Now()
		return tx.UpdateActivity(ctx, i.Account, w.a)
	})
	if err != nil || w.a.State.Ended() {
		return err
	}
	w.by = w.a.By
	w.by.Activity = w.a.ID
	do, known := doing[w.a.Kind]
	if !known {
		return fmt.Errorf("activity %d is of the kind %q, which this program does not know", w.a.ID, w.a.Kind)
	}
	return do(&w, ctx)
}

// work is an activity being worked on.
type work struct {
	*Service
	account id.Account
	lease   task.Lease
	a       Activity
	by      change.Origin
}

// step runs one unit of work of the activity. fn changes a copy of it, which
// is kept, here and in the store, when the unit succeeds. It returns true when
// the owner has stopped the activity, which has then ended and of which nothing
// more was done.
func (w *work) step(ctx context.Context, in func(context.Context, func(context.Context, Tx) error) error,
	fn func(context.Context, Tx, *Activity) error,
) (stopped bool, err error) {
	var next Activity
	err = in(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.Hold(ctx, w.lease); err != nil {
			return err
		}
		var err error
		if next, err = tx.HoldActivity(ctx, w.account, id.Ref[id.Activity]{Number: w.a.ID}); err != nil {
			return err
		}
		if stopped = !next.CancelAt.IsZero(); stopped {
			if err := end(ctx, tx, w.account, &next, Cancelled); err != nil {
				return err
			}
		} else if err := fn(ctx, tx, &next); err != nil {
			return err
		}
		next.UpdatedAt = tx.Now()
		return tx.UpdateActivity(ctx, w.account, next)
	})
	if err != nil {
		return false, err
	}
	w.a = next
	return stopped, nil
}

// finish brings the activity to its last state and lets its file go.
func (w *work) finish(ctx context.Context, state State, texts ...string) error {
	_, err := w.step(ctx, w.o.Store.Within, func(ctx context.Context, tx Tx, a *Activity) error {
		a.Texts = append(a.Texts, texts...)
		return end(ctx, tx, w.account, a, state)
	})
	return errors.Join(err, w.drop(ctx))
}

// drop forgets the file of an activity that has ended. What is left behind
// when that fails is found by Expire.
func (w *work) drop(ctx context.Context) error {
	if w.a.Upload == 0 || !w.a.State.Ended() || w.a.leavesFile() {
		return nil
	}
	return w.o.Files.Delete(ctx, w.account, w.a.Upload)
}

// fatal reports whether err is a refusal of what the activity works on, which
// trying again cannot mend.
func fatal(err error) (text string, ok bool) {
	f := fault.Of(err)
	if f != nil && (f.Kind == fault.Invalid || f.Kind == fault.NotFound || f.Kind == fault.Gone) {
		return f.Message, true
	}
	return "", false
}
