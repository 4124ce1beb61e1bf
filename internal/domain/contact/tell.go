package contact

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
)

// MaxXrefs bounds one question for cross-references (v3 contract, GET
// /contacts/contact_id_xrefs).
const MaxXrefs = 500

// Counts says how many contacts of an account stand where. Deleted ones are in
// none of them.
type Counts struct {
	Total, Explicit, Implicit, Pending, Unsubscribed int64
	// NewSubscribers opted in during the last 30 days and may be mailed; -1
	// where nobody asked.
	NewSubscribers int64
}

// Counts returns the counts of an account (v3 contract, GET /contacts/counts).
// They are kept, but for new subscribers, who are counted when asked for.
func (s *Service) Counts(ctx context.Context, who account.Actor, newSubscribers bool) (Counts, error) {
	counts := Counts{NewSubscribers: -1}
	if err := who.May(account.ContactsRead); err != nil {
		return counts, err
	}
	err := s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		counts = Counts{NewSubscribers: -1}
		for p := Implicit; p <= Unsubscribed; p++ {
			n, err := tx.Counted(ctx, who.Account, change.Contacts, int64(p))
			if err != nil {
				return err
			}
			counts.add(p, n)
		}
		if !newSubscribers {
			return nil
		}
		var err error
		counts.NewSubscribers, err = tx.CountSelected(ctx, who.Account, Selection{NewSubscribers: true, At: tx.Now()})
		return err
	})
	return counts, err
}

func (c *Counts) add(p Permission, n int64) {
	c.Total += n
	switch p {
	case Explicit:
		c.Explicit += n
	case Implicit:
		c.Implicit += n
	case Pending, TempHold: // two words for having been asked
		c.Pending += n
	case Unsubscribed:
		c.Unsubscribed += n
	case NoPermission, NotSet:
	}
}

// Xrefs returns both names of those contacts that exist, deleted ones included,
// in the order of their numbers; unknown numbers are left out (v3 contract, GET
// /contacts/contact_id_xrefs).
func (s *Service) Xrefs(ctx context.Context, who account.Actor, numbers []id.Contact) ([]id.Ref[id.Contact], error) {
	if err := who.May(account.ContactsRead); err != nil {
		return nil, err
	}
	if len(numbers) > MaxXrefs {
		var p fault.Problems
		p.Add("sequence_ids", codeTooMany, "may hold "+strconv.Itoa(MaxXrefs)+" ids at most")
		return nil, p.Err()
	}
	asked := make([]id.Ref[id.Contact], len(numbers))
	for i, n := range numbers {
		asked[i].Number = n
	}
	var refs []id.Ref[id.Contact]
	err := s.store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		refs, err = tx.ContactRefs(ctx, who.Account, asked)
		return err
	})
	slices.SortFunc(refs, func(a, b id.Ref[id.Contact]) int { return cmp.Compare(a.Number, b.Number) })
	return refs, err
}
