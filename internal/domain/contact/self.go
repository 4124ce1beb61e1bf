package contact

import (
	"context"
	"slices"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/text"
	"kith/internal/domain/account"
)

// Self is a contact who acts themselves, on a page that a mail to them led to.
type Self struct {
	// Link is what that mail held: it says who they are and what they may do.
	Link Link
	// Address is the network address that they come from, Operation what they
	// do there, in words that history shows.
	Address   string
	Operation string
	// Shown is the text that stood beside the button that they pressed.
	Shown string
}

func (s Self) origin() change.Origin {
	return change.Origin{Via: string(account.ViaPublic), Operation: s.Operation, Address: s.Address}
}

// ErrPurpose is a link that is for something else.
var ErrPurpose = fault.New(fault.NotFound, fault.CodeLink, "This link is for something else.")

// may holds a link to what it is for.
func (l Link) may(purposes ...Purpose) error {
	if !slices.Contains(purposes, l.Purpose) {
		return ErrPurpose
	}
	return nil
}

// SelfTx is what the pages of contacts ask of the store.
type SelfTx interface {
	// OfferedLists returns the lists that a contact may choose from, in the
	// order of their names: those they are on, those they left on a page of
	// theirs, and those that the account offers to everybody.
	OfferedLists(ctx context.Context, account id.Account, contact id.Contact) ([]ListChoice, error)
}

// ListChoice is a list as a contact sees it.
type ListChoice struct {
	List        id.Ref[id.List]
	Name        string
	Description string
	// On says that the contact is on it.
	On bool
}

// Preferences are what a contact decides about their mail.
type Preferences struct {
	Contact Contact // without sub-resources
	Lists   []ListChoice
	// Language is that of the account's letters: two letters.
	Language string
}

// Subscribed reports whether the contact gets mail.
func (p Preferences) Subscribed() bool { return p.Contact.Active() }

// Preferences returns what the contact of a link has decided. It changes
// nothing. Who was erased is not found.
func (s *Service) Preferences(ctx context.Context, l Link) (p Preferences, err error) {
	err = s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		if p.Contact, err = tx.ContactByRef(ctx, l.Account, l.contact(), IncludeNothing); err != nil {
			return err
		}
		if p.Lists, err = tx.OfferedLists(ctx, l.Account, l.Contact); err != nil {
			return err
		}
		o, err := tx.OptIn(ctx, l.Account, nil)
		p.Language = o.Language
		return err
	})
	return p, err
}

func (l Link) contact() id.Ref[id.Contact] { return id.Ref[id.Contact]{Number: l.Contact} }

// acts keeps what is decided about the contact who acts.
func (s *Service) acts(ctx context.Context, self Self, decide func(ctx context.Context, tx Tx, was Contact) (decision, error)) error {
	return s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		was, err := tx.HoldContact(ctx, self.Link.Account, self.Link.contact())
		if err != nil {
			return err
		}
		next, err := decide(ctx, tx, was)
		if err != nil || next.write.Contact.ID == 0 {
			return err
		}
		return tx.WriteContact(ctx, self.Link.Account, self.origin(), next.write)
	})
}

// OptOut takes the contact off every list and keeps them from being mailed,
// until they come back themselves. The reason is theirs, and may be empty; one
// that comes later, after an opt-out without any, is added to it. It may be
// called again, and then changes nothing. What it returns takes it back, for a
// while; it is zero where there is nothing to take back.
func (s *Service) OptOut(ctx context.Context, self Self, reason string) (undo Undo, err error) {
	if err := self.Link.may(ToPreferences, ToUnsubscribe); err != nil {
		return Undo{}, err
	}
	reason = text.Line(reason, MaxOptOutReason)
	err = s.acts(ctx, self, func(_ context.Context, tx Tx, was Contact) (d decision, err error) {
		d, undo, err = decideOptOut(tx, self.Link.Account, was, reason)
		return d, err
	})
	return undo, err
}

// decideOptOut changes a contact who opts out. The write is zero where nothing
// would change, the undo where nothing can be taken back.
func decideOptOut(m maker, a id.Account, was Contact, reason string) (decision, Undo, error) {
	next, err := was.Email.After(Event{Kind: OptsOut, Reason: reason}, m.Now())
	if err != nil {
		return decision{}, Undo{}, err
	}
	if next == was.Email.Consent && next.OptOutReason == "" {
		next.OptOutReason = reason
	}
	c := was
	c.Lists = nil
	if next == was.Email.Consent && len(was.Lists) == 0 {
		return decision{is: was}, Undo{}, nil
	}
	d := ownStep(m, was, c, next, reason)
	return d, undoOf(a, was, next.OptOutAt), nil
}

// ownStep is the decision that the contact becomes c with another consent, by
// their own act. The ledger gets a row where permission changes, or where an
// opt-out becomes the contact's own.
func ownStep(m maker, was, c Contact, next Consent, shown string) decision {
	w := Write{}
	w.Join, w.Leave = steps(was.Lists, c.Lists)
	c.UpdateSource, c.UpdatedAt = SourceContact, m.Now()
	if next != was.Email.Consent {
		c.Email.Consent, c.Email.UpdatedAt = next, m.Now()
	}
	if next.Permission != was.Email.Permission || next.OptOutSource != was.Email.OptOutSource {
		w.Entries = []Entry{{Contact: c.ID, Was: was.Email.Permission, Becomes: next.Permission, Source: SourceContact, Shown: shown}}
	}
	restored := was.Deleted() && !c.Deleted()
	w.Changes = updateRows(c.ID, restored, differences(was, c), w)
	w.Counts = moves(was.standing(), c.standing())
	w.Contact = c
	return decision{w, c}
}

// Choose puts the contact on those of the lists offered to them that they
// choose and takes them off the others. Choosing none is to opt out. Who joins
// a list, or chooses one without being mailed so far, gives permission by it;
// so does who had opted out, and who was deleted is there again. It may be
// called again, and then changes nothing. The undo is as that of OptOut.
func (s *Service) Choose(ctx context.Context, self Self, chosen []id.UID) (undo Undo, err error) {
	if err := self.Link.may(ToPreferences); err != nil {
		return Undo{}, err
	}
	err = s.acts(ctx, self, func(ctx context.Context, tx Tx, was Contact) (d decision, err error) {
		undo = Undo{}
		offered, err := tx.OfferedLists(ctx, self.Link.Account, was.ID)
		if err != nil {
			return decision{}, err
		}
		var lists []id.Ref[id.List]
		for _, o := range offered {
			if slices.Contains(chosen, o.List.UID) {
				lists = append(lists, o.List)
			}
		}
		if len(lists) == 0 {
			d, undo, err = decideOptOut(tx, self.Link.Account, was, "")
			return d, err
		}
		if lists, err = tx.PresentLists(ctx, self.Link.Account, lists); err != nil {
			return decision{}, err
		}
		return decideChoose(tx, was, inOrder(lists), self.Shown)
	})
	return undo, err
}

// decideChoose changes a contact who chooses lists, which are in order.
func decideChoose(m maker, was Contact, lists []id.Ref[id.List], shown string) (decision, error) {
	ck := &checker{}
	if ck.bound("lists", len(lists), MaxLists); len(ck.found) > 0 {
		return decision{}, ck.found.Err()
	}
	c, next := was, was.Email.Consent
	c.Lists, c.DeletedAt = lists, time.Time{}
	if joined, _ := steps(was.Lists, lists); (len(joined) > 0 || !was.Active()) && !was.Email.Address.IsZero() {
		var err error
		if next, err = next.After(Event{Kind: Returns}, m.Now()); err != nil {
			return decision{}, err
		}
	}
	if next == was.Email.Consent && slices.Equal(was.Lists, lists) && !was.Deleted() {
		return decision{is: was}, nil
	}
	return ownStep(m, was, c, next, shown), nil
}
