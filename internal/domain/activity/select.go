package activity

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
)

// Bulk is what is to be done with many contacts.
type Bulk struct {
	// Kind is one of ContactDelete, ListAdd, ListRemove, TagAdd and TagRemove.
	Kind Kind
	// Selection says with whom; Source is what stands before its parts in the
	// paths of problems, such as "source.".
	Selection contact.Selection
	Source    string
	// Lists or Tags are those that the contacts come to or leave: one to fifty.
	Lists []id.Ref[id.List]
	Tags  []id.Ref[id.Tag]
}

// Begin begins bulk work on contacts (v3 contract, POST
// /activities/contact_delete, add_list_memberships, remove_list_memberships,
// contacts_taggings_add and contacts_taggings_remove). Problems that the edge
// has found are added to; all are told at once. It fails with ErrQueueFull.
//
// Contacts that are named and are not there are told of by the activity, which
// does the others.
func (s *Service) Begin(ctx context.Context, who account.Actor, b Bulk, found fault.Problems) (Activity, error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Activity{}, err
	}
	a := Activity{Kind: b.Kind, Input: Input{Selection: b.Selection}}
	a.Input.Selection.At = s.o.Store.Now()
	if b.Kind == ListAdd && b.Selection.Contacts != nil {
		a.Input.Selection.Statuses = contact.StatusAll
	}
	// Counting may take a while, for which nobody is made to wait.
	err := s.o.Store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		if err := checkTargets(ctx, tx, who.Account, b, &a.Input, &found); err != nil {
			return err
		}
		missing, err := checkSelection(ctx, tx, who.Account, &a.Input.Selection, b.Source, &found)
		if err != nil {
			return err
		}
		if err := found.Err(); err != nil {
			return err
		}
		for _, ref := range missing {
			a.tell("There is no contact " + ref.String() + ".")
		}
		a.Errors = int64(len(missing))
		a.Total, err = tx.CountSelected(ctx, who.Account, a.Input.Selection)
		return err
	})
	if err != nil {
		return Activity{}, err
	}
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) (err error) {
		a, err = begin(ctx, tx, who, a)
		return err
	})
	return a, err
}

// checkTargets looks up the lists or tags that contacts come to or leave.
func checkTargets(ctx context.Context, tx Tx, account id.Account, b Bulk, in *Input, found *fault.Problems) (err error) {
	switch b.Kind {
	case ListAdd, ListRemove:
		in.Lists, *found, err = checkLists(ctx, tx, account, b.Lists, *found)
	case TagAdd, TagRemove:
		in.Tags, err = checkRefs("tag_ids", "tag", contact.MaxSelectedTags, b.Tags, found, func(refs []id.Ref[id.Tag]) ([]id.Ref[id.Tag], error) {
			return tx.TagRefs(ctx, account, refs)
		})
	}
	return err
}

// checkSelection holds a selection to one source and its limits, and replaces
// names by what they stand for. It returns the contacts that are named and are
// not there. source stands before the paths of its problems.
func checkSelection(ctx context.Context, tx Tx, a id.Account, s *contact.Selection, source string, found *fault.Problems) (missing []id.Ref[id.Contact], err error) {
	switch n := s.Sources(); {
	case n == 0 && !found.Has(sourceOr(source)):
		found.Add(sourceOr(source), "required", "is missing: exactly one source says which contacts are meant")
	case n > 1:
		found.Add(sourceOr(source), "exclusive", "has "+strconv.Itoa(n)+" sources; exactly one says which contacts are meant")
	}
	if s.Segment != 0 {
		is, err := tx.SegmentByID(ctx, a, s.Segment)
		switch {
		case fault.Is(err, fault.NotFound) || err == nil && !is.DeletedAt.IsZero():
			found.Add(source+"segment_id", "unknown", "names no segment: "+strconv.FormatInt(int64(s.Segment), 10))
		case err != nil:
			return nil, err
		}
	}
	if s.Engagement != "" {
		if _, known := contact.ParseEngagement(s.Engagement); !known {
			found.Add(source+"engagement_level", "value", "is not high, medium or low")
		}
	}
	if s.Lists != nil {
		s.Lists, err = checkRefs(source+"list_ids", "list", contact.MaxSelectedLists, s.Lists, found, func(refs []id.Ref[id.List]) ([]id.Ref[id.List], error) {
			return tx.PresentLists(ctx, a, refs)
		})
		if err != nil {
			return nil, err
		}
	}
	if s.Tags != nil {
		s.Tags, err = checkRefs(source+"tag_ids", "tag", contact.MaxSelectedTags, s.Tags, found, func(refs []id.Ref[id.Tag]) ([]id.Ref[id.Tag], error) {
			return tx.TagRefs(ctx, a, refs)
		})
		if err != nil {
			return nil, err
		}
	}
	if s.Contacts != nil {
		if len(s.Contacts) == 0 {
			found.Add(source+"contact_ids", "required", "names nobody")
		}
		bound(source+"contact_ids", len(s.Contacts), contact.MaxSelected, found)
		if s.Contacts, missing, err = contacts(ctx, tx, a, s.Contacts, contact.MaxSelected); err != nil {
			return nil, err
		}
	}
	if s.Except != nil {
		bound("exclude.contact_ids", len(s.Except), contact.MaxExcluded, found)
		if len(s.Except) > 0 && s.Lists == nil && !s.AllActive && s.Filter == nil {
			found.Add("exclude.contact_ids", "exclusive", "goes with lists and with all active contacts only")
		}
		s.Except, _, err = contacts(ctx, tx, a, s.Except, contact.MaxExcluded)
	}
	return missing, err
}

func sourceOr(prefix string) string {
	if prefix == "" {
		return "contact_ids"
	}
	return prefix[:len(prefix)-1]
}

func bound(path string, n, most int, found *fault.Problems) {
	if n > most {
		found.Add(path, "too_many", "may name "+strconv.Itoa(most)+" contacts at most, not "+strconv.Itoa(n))
	}
}

// contacts looks up contacts, each once and in the order of their numbers, and
// tells which are not there.
func contacts(ctx context.Context, tx Tx, a id.Account, asked []id.Ref[id.Contact], most int) (there, missing []id.Ref[id.Contact], err error) {
	asked = slices.DeleteFunc(slices.Clone(asked), id.Ref[id.Contact].IsZero) // the edge has told of those
	if len(asked) == 0 || len(asked) > most {
		return []id.Ref[id.Contact]{}, nil, nil
	}
	if there, err = tx.ContactRefs(ctx, a, asked); err != nil {
		return nil, nil, err
	}
	known := make(map[id.UID]bool, len(there))
	for _, r := range there {
		known[r.UID] = true
	}
	for _, r := range asked {
		if !r.UID.IsZero() && !known[r.UID] {
			known[r.UID] = true
			missing = append(missing, r)
		}
	}
	slices.SortFunc(there, func(x, y id.Ref[id.Contact]) int { return cmp.Compare(x.Number, y.Number) })
	return slices.Compact(there), missing, nil
}
