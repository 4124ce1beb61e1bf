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
// A source that is a filter of the contacts' pages is read along the same
// indexes; the others are found.
func (tx *Tx) SelectContacts(ctx context.Context, account id.Account, s contact.Selection, after id.Contact, limit int) ([]id.Contact, error) {
	f, also, err := tx.selection(ctx, account, s)
	if err != nil {
		return nil, wrap(err, "select contacts")
	}
	if len(also) > 0 {
		numbers, err := tx.finder(account, append(also, filtered(f)...)).next(ctx, int64(after), false, limit)
		found := make([]id.Contact, len(numbers))
		for i, n := range numbers {
			found[i] = id.Contact(n)
		}
		return found, wrap(err, "select contacts")
	}
	q := contactQuery{tx: tx, args: []any{int64(account)}}
	rows, err := tx.q.Query(ctx, q.inOrder(f, ordering{}, "c.number", int64(after), limit), q.args...)
	if err != nil {
		return nil, wrap(err, "select contacts")
	}
	numbers, err := scanAll(rows, scanNumber[id.Contact])
	return numbers, wrap(err, "select contacts")
}

// CountSelected counts the contacts of a selection: from kept counts where it is
// simple.
func (tx *Tx) CountSelected(ctx context.Context, account id.Account, s contact.Selection) (n int64, err error) {
	f, also, err := tx.selection(ctx, account, s)
	switch {
	case err != nil:
	case len(also) > 0:
		n, _, err = tx.finder(account, append(also, filtered(f)...)).count(ctx)
	default:
		n, err = tx.countContacts(ctx, account, f)
	}
	return n, wrap(err, "count selected contacts")
}

// selection returns what a selection asks: the filter that its source amounts
// to, whose references are numbers, and conditions beside it.
func (tx *Tx) selection(ctx context.Context, account id.Account, s contact.Selection) (f contact.Filter, also allOf, err error) {
	f.Statuses = s.Statuses
	none := false
	switch {
	case s.Filter != nil:
		f = *s.Filter
	case s.Contacts != nil:
		numbers, err := tx.contactNumbers(ctx, account, s.Contacts)
		if err != nil {
			return f, nil, err
		}
		also = append(also, numbered(numbers))
	case s.Lists != nil:
		f.Lists = s.Lists
		none = len(s.Lists) == 0
	case s.Tags != nil:
		f.Tags = s.Tags
		none = len(s.Tags) == 0
	case s.AllActive, s.NewSubscribers:
		if f.Statuses == 0 {
			f.Statuses = contact.StatusActive
		}
		if s.NewSubscribers {
			since := clock.Millis(s.At.AddDate(0, 0, -contact.NewSubscriberDays))
			also = append(also, ofRow(func(q *contactQuery) string { return "c.opt_in_at > " + q.bind(since) }))
		}
	case s.Segment != 0:
		f.Segment = s.Segment
	case s.Engagement != "":
		level, _ := contact.ParseEngagement(s.Engagement)
		also = append(also, engagement(level, s.At))
	default:
		none = true
	}
	if f.Segment != 0 {
		criteria, err := tx.segmentCriteria(ctx, account, f.Segment)
		switch {
		case fault.Is(err, fault.NotFound):
			none = true
		case err != nil:
			return f, nil, err
		default:
			also = append(also, criteria.condition())
		}
	}
	if len(s.Except) > 0 {
		numbers, err := tx.contactNumbers(ctx, account, s.Except)
		if err != nil {
			return f, nil, err
		}
		also = append(also, except{numbered(numbers)})
	}
	f, unknown, err := tx.knownOnly(ctx, account, f)
	if none || unknown {
		also = allOf{nobody}
	}
	return f, also, err
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
