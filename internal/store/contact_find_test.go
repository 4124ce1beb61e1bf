package store_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/contact"
	"kith/internal/domain/segment"
	"kith/internal/store"
)

// Numbers are looked at a stretch at a time: contacts far from each other, and
// on both sides of where stretches meet, are each found once by a count, by
// pages in every order and by bulk work.
func TestContactsAreFoundAcrossStretches(t *testing.T) {
	t.Parallel()
	const stretch = 1 << 17
	each(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		var numbers, want []id.Contact
		for _, n := range []int64{1, 2, 63, 64, 65, 1024, 1025, stretch - 1, stretch, stretch + 1, 2 * stretch, 2*stretch + 1, 5*stretch + 77, 5*stretch + 78} {
			numbers = append(numbers, id.Contact(n))
		}
		list := id.UID{1}
		for i, n := range numbers {
			if i%3 != 1 {
				want = append(want, n)
			}
		}
		if err := s.Scatter(t.Context(), numbers, want, list); err != nil {
			t.Fatal(err)
		}
		rule := segment.Draft{Source: "contact", Field: "list_membership", Op: "contains-any", Values: []string{list.String()}}
		in := keepSegment(t, s, 1, rule)
		rule.Op = "not-contains-any"
		out := keepSegment(t, s, 2, rule)
		for number, want := range map[id.Segment][]id.Contact{
			in:  want,
			out: slices.DeleteFunc(slices.Clone(numbers), func(n id.Contact) bool { return slices.Contains(want, n) }),
		} {
			f := contact.Filter{Segment: number}
			for order, down := range map[contact.Order]bool{contact.Oldest: false, contact.Newest: true, contact.UpdatedFirst: false, contact.UpdatedLast: true} {
				for _, limit := range []int{1, 3, 100} {
					f.Order = order
					got, total := walk(t, s, f, limit)
					if down {
						slices.Reverse(got)
					}
					if !slices.Equal(got, want) || total != int64(len(want)) {
						t.Errorf("segment %d, order %d, pages of %d: got %v of %d, want %v", number, order, limit, got, total, want)
					}
				}
			}
			for _, limit := range []int{1, 4, 100} {
				if got := selected(t, s, contact.Selection{Segment: number, Except: []id.Ref[id.Contact]{{Number: want[1]}}}, limit); !slices.Equal(got, slices.Concat(want[:1], want[2:])) {
					t.Errorf("segment %d, %d selected at once: got %v", number, limit, got)
				}
			}
		}
		few := contact.Selection{Contacts: []id.Ref[id.Contact]{{Number: 2*stretch + 1}, {Number: 64}, {Number: 3 * stretch}}}
		if got := selected(t, s, few, 2); !slices.Equal(got, []id.Contact{64, 2*stretch + 1}) {
			t.Errorf("by number: got %v", got)
		}
	})
}

// walk reads all pages of a filter.
func walk(t *testing.T, s *store.Store, f contact.Filter, limit int) (all []id.Contact, total int64) {
	t.Helper()
	r := page.Request{Limit: limit, Count: true}
	for {
		var of page.Of[contact.Contact]
		err := s.View(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
			of, err = tx.ContactPage(ctx, 1, f, contact.IncludeNothing, r)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range of.Items {
			all = append(all, c.ID)
		}
		if r.Count {
			total = of.Total
		}
		if of.Next.IsZero() {
			return all, total
		}
		r = page.Request{Limit: limit, After: of.Next}
	}
}

// selected reads a selection as bulk work does, and holds its count to it.
func selected(t *testing.T, s *store.Store, of contact.Selection, limit int) (all []id.Contact) {
	t.Helper()
	err := s.View(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.CountSelected(ctx, 1, of)
		for more := true; err == nil && more; {
			after := id.Contact(0)
			if len(all) > 0 {
				after = all[len(all)-1]
			}
			var next []id.Contact
			next, err = tx.SelectContacts(ctx, 1, of, after, limit)
			all = append(all, next...)
			more = len(next) > 0
		}
		if n != int64(len(all)) {
			t.Errorf("%d are counted, %d selected", n, len(all))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func keepSegment(t *testing.T, s *store.Store, number id.Segment, rule segment.Draft) id.Segment {
	t.Helper()
	err := s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return tx.InsertSegment(ctx, 1, segment.Segment{
			ID: number, Name: rule.Op, Draft: segment.Draft{IsGroup: true, Type: "and", Group: []segment.Draft{rule}},
			CreatedAt: tx.Now(), EditedAt: tx.Now(),
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// Each rule is answered along the index that docs/segments.md names, before any
// statistics are there to help.
func TestRulesAreAnsweredAlongAnIndex(t *testing.T) {
	t.Parallel()
	list, tag := id.UID{1}, id.UID{2}
	each(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		if err := s.Crowd(t.Context(), 20, list, tag); err != nil {
			t.Fatal(err)
		}
		rule := func(source, field, op string, values ...string) segment.Draft {
			return segment.Draft{Source: source, Field: field, Op: op, Values: values}
		}
		mails := func(field, constant string) segment.Draft {
			return segment.Draft{Source: "tracking", Field: field, Op: "contains-any", Const: constant, Param: "3"}
		}
		for _, c := range []struct {
			name   string
			rule   segment.Draft
			sqlite []string // what SQLite's plans must say, but for the deleted
		}{
			{"a list", rule("contact", "list_membership", "contains-any", list.String()), []string{"x USING PRIMARY KEY (account_id=? AND list=? AND contact>? AND contact<?)"}},
			{"a tag", rule("tags", "tag_id", "contains-any", tag.String()), []string{"x USING PRIMARY KEY (account_id=? AND tag=? AND contact>? AND contact<?)"}},
			{"the last mailings", mails("not_opened", "last-n-campaigns"), []string{
				"x USING PRIMARY KEY (account_id=? AND mailing=? AND contact>? AND contact<?)",
				"x USING PRIMARY KEY (account_id=? AND mailing=? AND kind=? AND contact>? AND contact<?)",
			}},
			{"mails of a time", mails("opened", "last-n-days"), []string{"x USING COVERING INDEX event_contact (account_id=? AND contact>? AND contact<?)"}},
			{"any mail", mails("sent", "any-campaign"), []string{"x USING COVERING INDEX send_contact (account_id=? AND contact>? AND contact<?)"}},
			{"a city", rule("contact", "city", "equals", "Rome"), []string{"c USING PRIMARY KEY (account_id=? AND number>? AND number<?)"}},
			{"a name", rule("contact", "first_name", "contains", "a"), []string{"c USING PRIMARY KEY (account_id=? AND number>? AND number<?)"}},
			{"off a list", rule("contact", "list_membership", "not-contains-any", list.String()), []string{
				"x USING PRIMARY KEY (account_id=? AND list=? AND contact>? AND contact<?)",
			}},
		} {
			criteria, found := segment.Parse(segment.Draft{IsGroup: true, Type: "and", Group: []segment.Draft{c.rule}}, time.Now(), nil)
			if len(found) > 0 {
				t.Fatalf("%s: %v", c.name, found)
			}
			plans, err := s.CriteriaPlans(t.Context(), criteria)
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			all := strings.Join(plans, "\n")
			for _, bad := range []string{"SCAN ", "Nested Loop", "Join"} {
				if strings.Contains(all, bad) {
					t.Errorf("%s: %q in\n%s", c.name, bad, all)
				}
			}
			if !strings.Contains(t.Name(), "sqlite") {
				continue
			}
			for _, want := range append(c.sqlite, "INDEX contact_deleted (account_id=? AND number>? AND number<?)") {
				if !strings.Contains(all, want) {
					t.Errorf("%s: want %q in\n%s", c.name, want, all)
				}
			}
		}
	})
}
