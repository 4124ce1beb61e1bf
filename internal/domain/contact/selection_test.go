package contact_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/contact"
	"kith/internal/store"
)

// Each source selects whom it says, in the order of numbers, whatever the size
// of the pieces, and counts as many.
func TestSelection(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		tag := w.tag("vip")
		wearing := func(ch contact.Change) contact.Change {
			ch.Tags = opt.Some([]id.Ref[id.Tag]{tag.Ref()})
			return ch
		}
		all := map[string]contact.Contact{"old": w.create(person("old@a.example", w.gold))}
		w.clock.Move(31 * 24 * time.Hour)
		all["gold"] = w.create(person("gold@a.example", w.gold))
		all["both"] = w.create(wearing(person("both@a.example", w.gold, w.silver)))
		all["silver"] = w.create(person("silver@a.example", w.silver))
		all["out"] = w.create(wearing(with(person("out@a.example", w.gold), contact.Unsubscribed)))
		all["none"] = w.create(person("none@a.example"))
		all["gone"] = w.create(person("gone@a.example", w.gold))
		w.remove(all["gone"])
		named := func(names ...string) (out []id.Ref[id.Contact]) {
			for _, n := range names {
				out = append(out, id.Ref[id.Contact]{UID: all[n].UID})
			}
			return out
		}
		stranger := id.Ref[id.Contact]{UID: id.UID{15: 1}}
		for _, c := range []struct {
			name string
			s    contact.Selection
			want []string
		}{
			{"nobody", contact.Selection{}, nil},
			{"one by one", contact.Selection{Contacts: append(named("both", "gold", "gone"), stranger)}, []string{"gold", "both"}},
			{"also the deleted", contact.Selection{Contacts: named("gone", "gold"), Statuses: contact.StatusAll}, []string{"gold", "gone"}},
			{"only strangers", contact.Selection{Contacts: []id.Ref[id.Contact]{stranger}}, nil},
			{"none named", contact.Selection{Contacts: []id.Ref[id.Contact]{}}, nil},
			{"a list", contact.Selection{Lists: refs(w.gold)}, []string{"old", "gold", "both", "out"}},
			{"lists, each once", contact.Selection{Lists: refs(w.gold, w.silver)}, []string{"old", "gold", "both", "silver", "out"}},
			{"the active of a list", contact.Selection{Lists: refs(w.gold), Statuses: contact.StatusActive}, []string{"old", "gold", "both"}},
			{"a list less some", contact.Selection{Lists: refs(w.gold), Except: append(named("gold", "none"), stranger)}, []string{"old", "both", "out"}},
			{"no list", contact.Selection{Lists: []id.Ref[id.List]{{Number: 99}}}, nil},
			{"a tag", contact.Selection{Tags: []id.Ref[id.Tag]{tag.Ref()}}, []string{"both", "out"}},
			{"all active", contact.Selection{AllActive: true}, []string{"old", "gold", "both", "silver", "none"}},
			{"all active less one", contact.Selection{AllActive: true, Except: named("none")}, []string{"old", "gold", "both", "silver"}},
			{"new subscribers", contact.Selection{NewSubscribers: true, At: w.clock.Now()}, []string{"gold", "both", "silver", "none"}},
			{"a month later", contact.Selection{NewSubscribers: true, At: w.clock.Now().Add(31 * 24 * time.Hour)}, nil},
			{"a filter", contact.Selection{Filter: &contact.Filter{Search: "gold", Order: contact.Newest}}, []string{"gold"}},
			{"a filter by time", contact.Selection{Filter: &contact.Filter{CreatedBefore: w.clock.Now()}}, []string{"old"}},
			{"a filter less one", contact.Selection{Filter: &contact.Filter{Lists: refs(w.silver)}, Except: named("both")}, []string{"silver"}},
		} {
			for _, size := range []int{1, 2, 100} {
				var got []string
				for _, n := range w.selected(c.s, size) {
					for name, is := range all {
						if is.ID == n {
							got = append(got, name)
						}
					}
				}
				if !slices.Equal(got, c.want) {
					t.Errorf("%s, by %d: got %q, want %q", c.name, size, got, c.want)
				}
			}
			if err := w.s.View(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				n, err := tx.CountSelected(ctx, w.who.Account, c.s)
				if n != int64(len(c.want)) {
					t.Errorf("%s: counted %d, want %d", c.name, n, len(c.want))
				}
				return err
			}); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			if n := c.s.Sources(); n > 1 || n == 0 && c.name != "nobody" {
				t.Errorf("%s: %d sources", c.name, n)
			}
		}
	})
}

// selected reads a selection in pieces, to its end.
func (w *world) selected(s contact.Selection, size int) (all []id.Contact) {
	w.t.Helper()
	if err := w.s.View(w.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		var after id.Contact
		for {
			some, err := tx.SelectContacts(ctx, w.who.Account, s, after, size)
			if err != nil || len(some) == 0 {
				return err
			}
			all, after = append(all, some...), some[len(some)-1]
		}
	}); err != nil {
		w.t.Fatal(err)
	}
	return all
}
