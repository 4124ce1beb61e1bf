package store

import (
	"context"
	"slices"

	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
)

// ContactRefs returns both names of those contacts that exist, also of deleted
// ones.
func (tx *Tx) ContactRefs(ctx context.Context, account id.Account, refs []id.Ref[id.Contact]) ([]id.Ref[id.Contact], error) {
	return named(ctx, tx, "contact", account, refs, "", "")
}

// SelectContacts returns the numbers of the next contacts of a selection.
//
// Every source is a filter of the contacts' pages, or a condition beside one, so
// that it is read along the same indexes.
func (tx *Tx) SelectContacts(ctx context.Context, account id.Account, s contact.Selection, after id.Contact, limit int) ([]id.Contact, error) {
	q, f, nobody, err := tx.selection(ctx, account, s)
	if err != nil || nobody {
		return nil, wrap(err, "select contacts")
	}
	sql := q.inOrder(f, ordering{}, "c.number", int64(after), limit)
	rows, err := tx.q.Query(ctx, sql, q.args...)
	if err != nil {
		return nil, wrap(err, "select contacts")
	}
	numbers, err := scanAll(rows, scanNumber[id.Contact])
	return numbers, wrap(err, "select contacts")
}

// CountSelected counts the contacts of a selection: from kept counts where it is
// simple, else one by one.
func (tx *Tx) CountSelected(ctx context.Context, account id.Account, s contact.Selection) (int64, error) {
	q, f, nobody, err := tx.selection(ctx, account, s)
	if err != nil || nobody {
		return 0, wrap(err, "count selected contacts")
	}
	var n int64
	if len(q.also) == 0 {
		n, err = tx.countContacts(ctx, account, f)
	} else {
		n, err = tx.countOneByOne(ctx, q, f)
	}
	return n, wrap(err, "count selected contacts")
}

// selection begins a query for a selection: the filter that its source amounts
// to, and what is asked for beside it.
func (tx *Tx) selection(ctx context.Context, account id.Account, s contact.Selection) (q contactQuery, f contact.Filter, nobody bool, err error) {
	q = contactQuery{tx: tx, args: []any{int64(account)}}
	f.Statuses = s.Statuses
	switch {
	case s.Filter != nil:
		f = *s.Filter
	case s.Contacts != nil:
		numbers, err := tx.contactNumbers(ctx, account, s.Contacts)
		if err != nil {
			return q, f, false, err
		}
		nobody = len(numbers) == 0
		q.also = append(q.also, tx.d.Among("c.number", q.bind(tx.d.Numbers(numbers))))
	case s.Lists != nil:
		f.Lists = s.Lists
		nobody = len(s.Lists) == 0
	case s.Tags != nil:
		f.Tags = s.Tags
		nobody = len(s.Tags) == 0
	case s.AllActive, s.NewSubscribers:
		if f.Statuses == 0 {
			f.Statuses = contact.StatusActive
		}
		if s.NewSubscribers {
			since := s.At.AddDate(0, 0, -contact.NewSubscriberDays)
			q.also = append(q.also, "c.opt_in_at > "+q.bind(clock.Millis(since)))
		}
	case s.Segment != 0:
		f.Segment = s.Segment
	case s.Engagement != "":
		level, known := contact.ParseEngagement(s.Engagement)
		nobody = !known
		q.also = append(q.also, q.engagement(level, s.At))
	default:
		nobody = true
	}
	if nobody {
		return q, f, true, nil
	}
	if f.Segment != 0 {
		criteria, err := tx.segmentCriteria(ctx, account, f.Segment)
		if fault.Is(err, fault.NotFound) {
			return q, f, true, nil
		}
		if err != nil {
			return q, f, false, err
		}
		q.also = append(q.also, q.criteria(criteria))
	}
	if len(s.Except) > 0 {
		numbers, err := tx.contactNumbers(ctx, account, s.Except)
		if err != nil {
			return q, f, false, err
		}
		q.also = append(q.also, "NOT "+tx.d.Among("c.number", q.bind(tx.d.Numbers(numbers))))
	}
	f, nobody, err = tx.knownOnly(ctx, account, f)
	return q, f, nobody, err
}

// contactNumbers returns the numbers of the contacts that are named. Those whose
// numbers are known already are not looked up.
func (tx *Tx) contactNumbers(ctx context.Context, account id.Account, refs []id.Ref[id.Contact]) ([]int64, error) {
	if !slices.ContainsFunc(refs, func(r id.Ref[id.Contact]) bool { return r.Number == 0 }) {
		return refNumbers(refs), nil
	}
	found, err := tx.ContactRefs(ctx, account, refs)
	return refNumbers(found), err
}
