package contact

import (
	"context"
	"slices"

	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/account"
)

// Question is an Ask as the page shows it that its letter opens.
type Question struct {
	Ask
	// Contact is whom it asks, without sub-resources.
	Contact Contact
	// Asked are the lists in question that are still there.
	Asked []ListChoice
}

// Question returns what a link asks: the ask that lives, where a later letter
// asks the same. It changes nothing. It fails with ErrLinkEnded where nothing
// can be answered any more; one that was answered is returned.
func (s *Service) Question(ctx context.Context, l Link) (q Question, err error) {
	if err := l.may(ToConfirm, ToReturn, ToAddress); err != nil {
		return q, err
	}
	err = s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		if q.Contact, err = tx.ContactByRef(ctx, l.Account, l.contact(), IncludeNothing); err != nil {
			return ended(err)
		}
		if q.Ask, _, err = askOf(ctx, tx, l, q.Contact); err != nil {
			return err
		}
		q.Asked, err = tx.ListChoices(ctx, l.Account, q.Lists)
		return err
	})
	return q, err
}

// Answered is what became of an answer.
type Answered struct {
	Ask     Ask
	Contact Contact
	// Already says that it was given before: nothing changed.
	Already bool
}

// Answer does what the button of an Ask's page does (v3-guide 4.5: a contact is
// active when they press it, not when a mail scanner follows the link). Who
// confirms, or returns, is explicit from then on, on those of the lists that
// they choose, or on all in question where choose is absent, and welcomed, if
// that is due. Who answers for a new address has it. It may be called again,
// and then changes nothing. It fails with ErrLinkEnded where the time is over,
// or where the contact was deleted or has opted out in the meantime, and with
// ErrAddressTaken.
func (s *Service) Answer(ctx context.Context, self Self, choose opt.Value[[]id.UID]) (done Answered, err error) {
	l := self.Link
	if err := l.may(ToConfirm, ToReturn, ToAddress); err != nil {
		return done, err
	}
	who := self.actor()
	err = s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		done = Answered{}
		was, err := tx.HoldContact(ctx, l.Account, l.contact())
		if err != nil {
			return ended(err)
		}
		a, asks, err := askOf(ctx, tx, l, was)
		if err != nil {
			return err
		}
		if !a.AnsweredAt.IsZero() {
			done = Answered{Ask: a, Contact: was, Already: true}
			return nil
		}
		lists, err := chosen(ctx, tx, l.Account, a, choose)
		if err != nil {
			return err
		}
		next, err := decideAnswer(tx, was, a, lists, self.Shown)
		if err != nil {
			return err
		}
		if a.Kind == AskNewAddress {
			if err := free(ctx, tx, l.Account, draft{email: &emailDraft{address: a.To}}, was.ID); err != nil {
				return err
			}
		}
		a.AnsweredAt = tx.Now()
		for _, other := range asks {
			if other.ID == a.ID || other.Lives() && other.Kind != AskNewAddress && a.Kind != AskNewAddress {
				other.AnsweredAt = a.AnsweredAt
				if err := tx.UpdateAsk(ctx, l.Account, other); err != nil {
					return err
				}
			}
		}
		done = Answered{Ask: a, Contact: next.is}
		c := coming{way: wayAnswer, source: SourceContact, was: was, is: next.is, lists: a.Lists, answered: a, asks: asks}
		if err := s.keep(ctx, tx, who, c, next.write, Visit{}); err != nil {
			return err
		}
		return s.reached(ctx, tx, l.Account, was.ID, a.To, who.Origin())
	})
	if isTaken(err) {
		err = ErrAddressTaken
	}
	return done, err
}

// ended is the fault of a link to somebody who is not there any more.
func ended(err error) error {
	if fault.Is(err, fault.NotFound) {
		return ErrLinkEnded
	}
	return err
}

// askOf returns the ask of a link: where it was put anew since, the one that
// counts now. asks are all of the contact's.
func askOf(ctx context.Context, tx Tx, l Link, c Contact) (a Ask, asks []Ask, err error) {
	if asks, err = tx.Asks(ctx, l.Account, c.ID); err != nil {
		return a, nil, err
	}
	own := find(asks, func(a Ask) bool { return int64(a.ID) == l.Ref })
	if own == nil || own.Kind.purpose() != l.Purpose {
		return a, nil, ErrLinkEnded
	}
	a = *own
	if newer := find(asks, func(o Ask) bool { return o.Kind == a.Kind && o.ID >= a.ID && o.OverAt.IsZero() }); newer != nil && a.To == newer.To {
		a = *newer
	}
	switch {
	case !a.AnsweredAt.IsZero():
	case !a.Lives() || !tx.Now().Before(a.EndsAt):
		err = ErrLinkEnded
	case a.Kind == AskNewAddress && c.Email.OptedOut(), a.Kind == AskConfirm && c.Email.Permission == Unsubscribed:
		err = ErrLinkEnded
	case a.Kind != AskReturn && c.Deleted(), a.Kind != AskNewAddress && a.To != c.Email.Address:
		err = ErrLinkEnded
	}
	return a, asks, err
}

// chosen returns those of the lists in question that are there and that the
// contact chose.
func chosen(ctx context.Context, tx Tx, account id.Account, a Ask, choose opt.Value[[]id.UID]) ([]id.Ref[id.List], error) {
	refs := make([]id.Ref[id.List], len(a.Lists))
	for i, l := range a.Lists {
		refs[i].Number = l
	}
	if len(refs) == 0 {
		return nil, nil
	}
	there, err := tx.PresentLists(ctx, account, refs)
	if picked, given := choose.Value(); given {
		there = slices.DeleteFunc(there, func(l id.Ref[id.List]) bool { return !slices.Contains(picked, l.UID) })
	}
	return there, err
}

// decideAnswer changes a contact who answered an ask.
func decideAnswer(m maker, was Contact, a Ask, lists []id.Ref[id.List], shown string) (decision, error) {
	d := draft{source: SourceContact, email: &emailDraft{shown: shown}}
	switch a.Kind {
	case AskConfirm:
		d.email.event = Confirms
	case AskReturn:
		d.email.event = Returns
	case AskNewAddress:
		d.email.address = a.To
		return decideChange(m, was, d, resolved{})
	}
	all := inOrder(slices.Concat(was.Lists, lists))
	if len(all) > MaxLists {
		all = was.Lists
	}
	return decideChange(m, was, d, resolved{lists: opt.Some(all)})
}

// ChangeAddress asks a new address whether it is the contact's; once that is
// answered it is theirs. Whether somebody else has it is told by the answer
// alone: nobody learns who is known. It fails with ErrAsked where too many
// addresses were asked, and with ErrUnsubscribed: an address is kept so that
// its opt-out is honoured.
func (s *Service) ChangeAddress(ctx context.Context, self Self, address string) error {
	if err := self.Link.may(ToPreferences); err != nil {
		return err
	}
	to, err := email.Parse(address)
	if err != nil {
		var p fault.Problems
		p.Add("address", codeInvalid, err.Error())
		return p.Err()
	}
	account := self.Link.Account
	return s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		was, err := tx.HoldContact(ctx, account, self.Link.contact())
		switch {
		case err != nil:
			return err
		case was.Deleted():
			return fault.ErrNotFound
		case was.Email.OptedOut():
			return ErrUnsubscribed
		case was.Email.Address == to:
			return nil
		}
		c := coming{way: wayAddress, source: SourceContact, was: was, is: was, to: to, now: tx.Now()}
		if c.asks, err = tx.Asks(ctx, account, was.ID); err != nil {
			return err
		}
		if c.often(AskNewAddress) {
			return ErrAsked
		}
		return s.keep(ctx, tx, self.actor(), c, Write{}, Visit{})
	})
}

// actor is the contact as history tells who acts.
func (s Self) actor() account.Actor {
	return account.Actor{Account: s.Link.Account, Via: account.ViaPublic, Operation: s.Operation, Address: s.Address}
}
