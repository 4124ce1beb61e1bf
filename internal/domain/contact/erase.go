package contact

import (
	"context"
	"errors"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// ErrErased is a new contact with the address of somebody who was erased. The
// unit of work fails; the next one makes the contact as one who opted out.
var ErrErased = fault.New(fault.Conflict, fault.CodeErased, "The address is of a contact who had everything about them erased.")

// EraseTx is what erasing asks of the store.
type EraseTx interface {
	// Erased returns those of the addresses that were of contacts who were
	// erased, and when that was.
	Erased(ctx context.Context, account id.Account, addresses []email.Address) (map[email.Address]time.Time, error)
	// EraseContact removes everything that is kept about a contact, mails to
	// them too, and what they wrote and where they came from in the consent
	// ledger. It keeps a keyed hash of the address, and what the write leaves
	// behind.
	EraseContact(ctx context.Context, account id.Account, by change.Origin, w Write) error
}

// Erase removes everything that is kept about the contact, for good. What
// stays are rows of the ledger and of history that name nobody, and a keyed
// hash of the address: whoever adds it again without the contact's own act, in
// a file or by a call, adds somebody who opted out. It fails with NotFound where
// the contact is erased already.
func (s *Service) Erase(ctx context.Context, self Self) error {
	if err := self.Link.may(ToPreferences); err != nil {
		return err
	}
	return s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		was, err := tx.HoldContact(ctx, self.Link.Account, self.Link.contact())
		if err != nil {
			return err
		}
		by := self.origin()
		by.Address = "" // nothing that leads to them
		return tx.EraseContact(ctx, self.Link.Account, by, decideErase(was))
	})
}

func decideErase(was Contact) Write {
	w := Write{
		Contact: was,
		Changes: []change.Row{{Kind: change.ContactErased, Ref: int64(was.ID), Detail: change.Detail{Lists: numbers(was.Lists)}}},
		Counts:  moves(was.standing(), standing{}),
	}
	if !was.Email.OptedOut() || was.Email.Permission != Unsubscribed {
		w.Entries = []Entry{{Contact: was.ID, Was: was.Email.Permission, Becomes: Unsubscribed, Source: SourceContact}}
	}
	return w
}

// erasedConsent is where somebody stands who was erased and is there again
// without their own act.
func erasedConsent(at time.Time) Consent {
	return Consent{Permission: Unsubscribed, OptOutSource: SourceContact, OptOutAt: at}
}

// ofErased returns the draft of a new contact whose address was erased, as if
// they had opted out. A visitor, who may be anybody, is asked first, whatever
// the account's settings.
func (d draft) ofErased(at time.Time) draft {
	e := *d.email
	e.erased = at
	switch {
	case e.event == VisitorAdds:
		e.event, e.confirmed = SignsUp, true
	case e.event == 0 && e.permission == NoPermission:
		e.permission = Implicit // as of every new contact; here it is refused
	}
	d.email = &e
	return d
}

// whetherErased runs a unit of work that makes a contact; where the address was
// erased, once more with a draft that says so.
func (s *Service) whetherErased(ctx context.Context, a id.Account, d draft, fn func(ctx context.Context, tx Tx, d draft) error) error {
	run := func(d draft) error {
		return s.store.Within(ctx, func(ctx context.Context, tx Tx) error { return fn(ctx, tx, d) })
	}
	err := run(d)
	if !errors.Is(err, ErrErased) || d.email == nil {
		return err
	}
	var at time.Time
	if err := s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		found, err := tx.Erased(ctx, a, []email.Address{d.email.address})
		at = found[d.email.address]
		return err
	}); err != nil {
		return err
	}
	if at.IsZero() {
		return run(d) // they came back by themselves meanwhile
	}
	return run(d.ofErased(at))
}

// notErased refuses an address that another contact gets from an account, where
// it was erased.
func notErased(ctx context.Context, tx Tx, a id.Account, address email.Address) error {
	found, err := tx.Erased(ctx, a, []email.Address{address})
	if err != nil || len(found) == 0 {
		return err
	}
	return refusal("email_address.address", "is of a contact who has unsubscribed and had everything erased; only they can subscribe again")
}
