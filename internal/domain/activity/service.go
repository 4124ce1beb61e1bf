package activity

import (
	"context"

	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/account"
)

// Options say what a service stands on.
type Options struct {
	Store  Store
	Files  Files
	Sheets Sheets
}

// Service is what can be done with activities. It is safe for concurrent use.
type Service struct {
	o Options
}

// New returns the service.
func New(o Options) *Service { return &Service{o} }

// Get returns an activity (v3 contract, GET /activities/{activity_id}).
func (s *Service) Get(ctx context.Context, who account.Actor, ref id.Ref[id.Activity]) (Activity, error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Activity{}, err
	}
	var a Activity
	err := s.o.Store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		a, err = tx.ActivityByRef(ctx, who.Account, ref)
		return err
	})
	return a, err
}

// List returns a page of activities, the newest first (v3 contract, GET
// /activities).
func (s *Service) List(ctx context.Context, who account.Actor, f Filter, r page.Request) (page.Of[Activity], error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return page.Of[Activity]{}, err
	}
	var of page.Of[Activity]
	err := s.o.Store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		of, err = tx.ActivityPage(ctx, who.Account, f, r)
		return err
	})
	return of, err
}

// Rejects returns a page of the rows that an import could not take, and of the
// values it had to leave out.
func (s *Service) Rejects(ctx context.Context, who account.Actor, ref id.Ref[id.Activity], r page.Request) (page.Of[Reject], error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return page.Of[Reject]{}, err
	}
	var of page.Of[Reject]
	err := s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		a, err := tx.ActivityByRef(ctx, who.Account, ref)
		if err != nil {
			return err
		}
		of, err = tx.RejectPage(ctx, who.Account, a.ID, r)
		return err
	})
	return of, err
}

// Cancel stops an activity; what it has done stays done. It fails with
// ErrEnded.
func (s *Service) Cancel(ctx context.Context, who account.Actor, ref id.Ref[id.Activity]) (Activity, error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Activity{}, err
	}
	var a Activity
	err := s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) (err error) {
		a, err = tx.HoldActivity(ctx, who.Account, ref)
		switch {
		case err != nil:
			return err
		case a.State.Ended():
			return ErrEnded
		case !a.CancelAt.IsZero():
			return nil
		case a.Kind.clearsUp():
			return ErrEnded.Saying("What was to be deleted is gone already; this only clears up after it.")
		}
		a.CancelAt, a.UpdatedAt = tx.Now(), tx.Now()
		if a.State == Initialized {
			if err := end(ctx, tx, who.Account, &a, Cancelled); err != nil {
				return err
			}
		}
		return tx.UpdateActivity(ctx, who.Account, a)
	})
	return a, err
}

// end brings an activity to its last state and forgets its upload.
func end(ctx context.Context, tx Tx, account id.Account, a *Activity, state State) error {
	a.State, a.CompletedAt, a.UpdatedAt = state, tx.Now(), tx.Now()
	if a.Upload == 0 || a.Kind == ContactExport {
		return nil
	}
	return tx.DeleteUpload(ctx, account, a.Upload)
}

// begin makes an activity within a unit of work. It fails with ErrQueueFull.
func begin(ctx context.Context, tx Tx, who account.Actor, a Activity) (Activity, error) {
	open, err := tx.LockActivities(ctx, who.Account)
	if err != nil {
		return a, err
	}
	if open >= MaxOpen {
		return a, ErrQueueFull
	}
	if a.ID, err = tx.TakeActivityNumber(ctx, who.Account); err != nil {
		return a, err
	}
	now := tx.Now()
	a.UID, a.State, a.By = tx.UID(), Initialized, who.Origin()
	// The contract tells when work was begun from the first answer on.
	a.CreatedAt, a.StartedAt, a.UpdatedAt = now, now, now
	tx.Wake(Wake)
	return a, tx.InsertActivity(ctx, who.Account, a)
}
