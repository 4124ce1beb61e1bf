package contact

import (
	"context"
	"slices"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/account"
)

// listsPath is what callers name lists by in the operations below.
const listsPath = "list_ids"

// ErrAsked is the wish to ask somebody to come back who was asked already and
// has not answered.
var ErrAsked = fault.New(fault.Conflict, fault.CodeAsked, "The contact was asked already and has not answered yet.")

// AddLists puts a contact on lists beside those they are on, and changes
// nothing else (Kith's own, POST /contacts/{contact_id}/list_memberships). It
// returns the contact with every sub-resource. Who is deleted comes back, as by
// Update; who has unsubscribed is put on the lists and stays unsubscribed.
func (s *Service) AddLists(ctx context.Context, who account.Actor, ref id.Ref[id.Contact], lists opt.Value[[]id.Ref[id.List]], found fault.Problems) (Contact, error) {
	return s.changeLists(ctx, who, ref, lists, found, wayWrite, func(m maker, was Contact, _ []Ask, given []id.Ref[id.List]) (decision, error) {
		all, err := joined(was, given)
		if err != nil {
			return decision{}, err
		}
		return decideUpdate(m, was, draft{source: SourceAccount}, resolved{lists: opt.Some(all)})
	})
}

// RemoveLists takes a contact off lists, and changes nothing else (Kith's own,
// DELETE /contacts/{contact_id}/list_memberships). Lists that the contact is
// not on are passed over. A deleted contact is not found.
func (s *Service) RemoveLists(ctx context.Context, who account.Actor, ref id.Ref[id.Contact], lists opt.Value[[]id.Ref[id.List]], found fault.Problems) (Contact, error) {
	return s.changeLists(ctx, who, ref, lists, found, wayWrite, func(m maker, was Contact, _ []Ask, given []id.Ref[id.List]) (decision, error) {
		if was.Deleted() {
			return decision{}, fault.ErrNotFound
		}
		left := slices.DeleteFunc(slices.Clone(was.Lists), func(l id.Ref[id.List]) bool { return slices.Contains(given, l) })
		if len(left) == len(was.Lists) {
			return decision{is: was}, nil
		}
		return decideUpdate(m, was, draft{source: SourceAccount}, resolved{lists: opt.Some(left)})
	})
}

// Resubscribe asks a contact who has unsubscribed whether they will come back,
// and puts them on lists beside those they are on (v3 contract, PUT
// /contacts/resubscribe/{contact_id}). Until they say so they may not be
// mailed. They are asked once each time they unsubscribe: while they may still
// answer, the second call fails with ErrAsked. Anybody who has not unsubscribed
// is refused.
func (s *Service) Resubscribe(ctx context.Context, who account.Actor, ref id.Ref[id.Contact], lists opt.Value[[]id.Ref[id.List]], found fault.Problems) (Contact, error) {
	return s.changeLists(ctx, who, ref, lists, found, wayAsk, func(m maker, was Contact, asks []Ask, given []id.Ref[id.List]) (decision, error) {
		if err := mayAsk(was, asks); err != nil {
			return decision{}, err
		}
		all, err := joined(was, given)
		if err != nil {
			return decision{}, err
		}
		d := draft{source: SourceAccount, email: &emailDraft{event: AsksAgain}}
		return decideChange(m, was, d, resolved{lists: opt.Some(all)})
	})
}

// changeLists looks up the lists that a caller named and keeps what is decided
// with them.
func (s *Service) changeLists(ctx context.Context, who account.Actor, ref id.Ref[id.Contact], lists opt.Value[[]id.Ref[id.List]], found fault.Problems,
	by way, decide func(m maker, was Contact, asks []Ask, given []id.Ref[id.List]) (decision, error),
) (is Contact, err error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return is, err
	}
	c := &checker{found}
	d := draft{lists: references(c, listsPath, lists, MaxLists)}
	if given, _ := lists.Value(); len(given) == 0 && !c.found.Has(listsPath) {
		c.found.Add(listsPath, codeRequired, "is missing; it names one to fifty lists")
	}
	if len(c.found) > 0 {
		return is, s.refuse(ctx, who.Account, d, c.found)
	}
	err = s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		was, err := tx.HoldContact(ctx, who.Account, ref)
		if err != nil {
			return err
		}
		r, found, err := resolve(ctx, tx, who.Account, d, nil)
		if err != nil {
			return err
		}
		c := coming{way: by, source: SourceAccount, was: was, lists: numbers(r.lists.Or(nil))}
		if by == wayAsk {
			if c.asks, err = tx.Asks(ctx, who.Account, was.ID); err != nil {
				return err
			}
		}
		next, err := decide(tx, was, c.asks, r.lists.Or(nil))
		if err := together(found, err); err != nil {
			return err
		}
		is = next.is
		if next.write.Contact.ID == 0 && by == wayWrite {
			return nil
		}
		c.is = next.is
		return s.keep(ctx, tx, who, c, next.write, Visit{})
	})
	if err != nil {
		return Contact{}, err
	}
	return is, nil
}

// joined are the lists of a contact with others beside them.
func joined(was Contact, given []id.Ref[id.List]) ([]id.Ref[id.List], error) {
	all := inOrder(slices.Concat(was.Lists, given))
	c := &checker{}
	c.bound(listsPath, len(all), MaxLists)
	return all, c.found.Err()
}

// mayAsk holds the question whether somebody will come back to those who have
// left. Who was asked may be asked anew once they cannot answer any more.
func mayAsk(was Contact, asks []Ask) error {
	if !was.Deleted() {
		switch was.Email.Permission {
		case Unsubscribed:
			return nil
		case Pending, TempHold: // two words for having been asked
			if find(asks, func(a Ask) bool { return a.Kind == AskConfirm && a.Lives() }) != nil {
				return ErrAsked
			}
			return nil
		case NoPermission, Implicit, Explicit, NotSet:
		}
	}
	var p fault.Problems
	p.Add("contact_id", codeSubscribed, "names a contact who is "+was.Status()+"; only who has unsubscribed can be asked to come back")
	return p.Err()
}
