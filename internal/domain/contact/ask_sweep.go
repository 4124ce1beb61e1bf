package contact

import (
	"cmp"
	"context"
	"slices"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
)

// DueAsk is an ask at which a sweep has to look.
type DueAsk struct {
	Account id.Account
	Contact id.Contact
	ID      id.Ask
	// Lives is as Ask.Lives says.
	Lives bool
}

// sweptAsks is how many asks one unit of work looks at.
const sweptAsks = 100

// SweepAsks sends the reminders that are due, ends asks whose time is over, and
// forgets those that nothing needs any more: one batch, and whether more may
// wait. What is done stands in the unit of work that does it, with the reminder
// queued; a process that dies leaves it to the next one, and two that look at
// the same ask wait for each other at its contact.
func (s *Service) SweepAsks(ctx context.Context) (more bool, err error) {
	var found []DueAsk
	if err := s.store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		found, err = tx.DueAsks(ctx, sweptAsks)
		return err
	}); err != nil || len(found) == 0 {
		return false, err
	}
	// In one order everywhere, so that no two units of work wait for each
	// other's contacts.
	slices.SortFunc(found, func(a, b DueAsk) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Contact, b.Contact), cmp.Compare(a.ID, b.ID))
	})
	err = s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		for _, d := range found {
			if err := s.sweepAsk(ctx, tx, d); err != nil {
				return err
			}
		}
		return nil
	})
	return len(found) == sweptAsks, err
}

func (s *Service) sweepAsk(ctx context.Context, tx Tx, d DueAsk) error {
	if !d.Lives {
		return tx.DropAsk(ctx, d.Account, d.ID)
	}
	was, err := tx.HoldContact(ctx, d.Account, id.Ref[id.Contact]{Number: d.Contact})
	if fault.Is(err, fault.NotFound) {
		return tx.DropAsk(ctx, d.Account, d.ID)
	}
	if err != nil {
		return err
	}
	asks, err := tx.Asks(ctx, d.Account, d.Contact)
	if err != nil {
		return err
	}
	a := find(asks, func(a Ask) bool { return a.ID == d.ID })
	if a == nil || !a.Lives() {
		return nil // somebody else was here before
	}
	now := tx.Now()
	who := account.Actor{Account: d.Account, Via: account.ViaSystem, Operation: "asks"}
	switch {
	case a.moot(was):
		a.OverAt = now
		return tx.UpdateAsk(ctx, d.Account, *a)
	case !now.Before(a.EndsAt):
		a.OverAt = now
		if err := tx.UpdateAsk(ctx, d.Account, *a); err != nil {
			return err
		}
		return noAnswer(ctx, tx, who, was, *a)
	case !a.RemindAt.IsZero() && !now.Before(a.RemindAt):
		a.RemindAt = time.Time{}
		return s.remind(ctx, tx, who, was, *a)
	}
	return nil
}

// moot reports whether the ask is about nothing any more: the contact was
// deleted, has another address, or is not one who waits to confirm.
func (a Ask) moot(c Contact) bool {
	switch a.Kind {
	case AskConfirm:
		return c.Deleted() || c.Email.Permission != Pending || a.To != c.Email.Address
	case AskReturn:
		return a.To != c.Email.Address
	case AskNewAddress:
	}
	return c.Deleted()
}

// remind queues a reminder of a question, and says so.
func (s *Service) remind(ctx context.Context, tx Tx, who account.Actor, was Contact, a Ask) error {
	if err := tx.UpdateAsk(ctx, who.Account, a); err != nil {
		return err
	}
	err := tx.RecordChange(ctx, who.Account, who.Origin(), askedRow(was, a, Reminder))
	if err != nil || s.post == nil {
		return err
	}
	o, err := tx.OptIn(ctx, who.Account, a.Lists)
	if err != nil {
		return err
	}
	return s.post.Queue(ctx, tx, who.Account, Letter{
		Kind: Reminder, Contact: was, To: a.To, List: o.speaker(Reminder, a.Lists), Language: a.Language, Link: a.Link(who.Account),
	})
}

// noAnswer takes back what waited for an answer: who had opted out is
// unsubscribed as before. Who signed up stays pending, and is not mailed.
func noAnswer(ctx context.Context, tx Tx, who account.Actor, was Contact, a Ask) error {
	if a.Kind != AskConfirm {
		return nil
	}
	next, err := was.Email.After(Event{Kind: GivesNoAnswer}, tx.Now())
	if err != nil {
		return err
	}
	row := askedRow(was, a, "")
	if next == was.Email.Consent {
		return tx.RecordChange(ctx, who.Account, who.Origin(), row)
	}
	c := was
	c.Email.Consent, c.Email.UpdatedAt, c.UpdatedAt = next, tx.Now(), tx.Now()
	return tx.WriteContact(ctx, who.Account, who.Origin(), Write{
		Contact: c,
		Entries: []Entry{{Contact: c.ID, Was: was.Email.Permission, Becomes: next.Permission, Source: next.OptOutSource, Shown: next.OptOutReason}},
		Changes: []change.Row{row},
		Counts:  moves(was.standing(), c.standing()),
	})
}

func askedRow(c Contact, a Ask, mail LetterKind) change.Row {
	return change.Row{
		Kind: change.ContactAsked, Ref: int64(c.ID),
		Detail: change.Detail{Lists: a.Lists, Mail: string(mail), Why: string(WhyNoAnswer)},
	}
}
