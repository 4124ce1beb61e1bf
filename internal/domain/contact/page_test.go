package contact_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/page"
	"kith/internal/domain/contact"
	"kith/internal/store/storetest"
)

// pages reads all pages of a filter and returns addresses (or first names),
// without their domain, and the total.
func (w *world) pages(f contact.Filter, limit int) (names []string, total int64) {
	w.t.Helper()
	r := page.Request{Limit: limit, Count: true}
	for range 100 {
		of, err := w.contacts.List(w.t.Context(), w.who, f, contact.IncludeNothing, r)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, c := range of.Items {
			name := c.Email.Address.Local()
			if name == "" {
				name = c.FirstName
			}
			names = append(names, name)
		}
		total = of.Total
		if r.After = of.Next; r.After.IsZero() {
			return names, total
		}
	}
	w.t.Fatal("the pages do not end")
	return nil, 0
}

// crowd makes one contact a minute, of every standing:
//
//	ann    implicit      gold          red
//	bob    explicit      gold, silver  red, blue
//	cat    unsubscribed  silver
//	dan    pending                     blue
//	eve    not_set (no address)        gold
//	fay    implicit      (deleted)     red
//	gus    implicit      silver
//	hal    unsubscribed by himself
func crowd(w *world) map[string]contact.Contact {
	w.t.Helper()
	red, blue := w.tag("red"), w.tag("blue")
	made := map[string]contact.Contact{}
	add := func(name string, ch contact.Change, tags ...contact.Tag) {
		for _, t := range tags {
			now, _ := ch.Tags.Value()
			ch.Tags = opt.Some(append(now, t.Ref()))
		}
		ch.FirstName = opt.Some(strings.ToUpper(name[:1]) + name[1:])
		made[name] = w.create(ch)
		w.clock.Move(time.Minute)
	}
	add("ann", person("ann@example.org", w.gold), red)
	add("bob", with(person("bob@example.org", w.silver, w.gold), contact.Explicit), blue, red)
	add("cat", with(person("cat@example.org", w.silver), contact.Unsubscribed))
	add("dan", with(person("dan@example.org"), contact.Pending), blue)
	add("eve", contact.Change{Source: opt.Some(contact.SourceAccount), Lists: opt.Some(refs(w.gold)), LastName: opt.Some("Ruíz")})
	add("fay", person("fay@example.org", w.gold), red)
	add("gus", person("gus@example.org", w.silver))
	own := with(person("hal@example.org"), contact.Unsubscribed)
	own.Source = opt.Some(contact.SourceContact)
	add("hal", own)
	w.remove(made["fay"])
	w.clock.Move(time.Minute)
	return made
}

func TestEveryFilter(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		crowd(w)
		at := func(minute int) time.Time { return storetest.Start.Add(time.Duration(minute) * time.Minute) }
		lists := refs(w.gold, w.silver)
		red, blue := w.tags["red"].Ref(), w.tags["blue"].Ref()
		unknown := id.UID{1}
		for _, c := range []struct {
			name   string
			filter contact.Filter
			want   string
		}{
			{"nothing said", contact.Filter{}, "ann bob cat dan Eve gus hal"},
			{"all", contact.Filter{Statuses: contact.StatusAll}, "ann bob cat dan Eve fay gus hal"},
			{"active", contact.Filter{Statuses: contact.StatusActive}, "ann bob gus"},
			{"deleted", contact.Filter{Statuses: contact.StatusDeleted}, "fay"},
			{"unsubscribed", contact.Filter{Statuses: 1 << contact.Unsubscribed}, "cat hal"},
			{"either of two", contact.Filter{Statuses: 1<<contact.Unsubscribed | 1<<contact.Pending}, "cat dan hal"},
			{"explicit or deleted", contact.Filter{Statuses: 1<<contact.Explicit | contact.StatusDeleted}, "bob fay"},
			{"not set", contact.Filter{Statuses: 1 << contact.NotSet}, "Eve"},
			{"an address", contact.Filter{Email: "BOB@example.org"}, "bob"},
			{"a deleted address", contact.Filter{Email: "fay@example.org"}, ""},
			{"a deleted address, asked for", contact.Filter{Email: "fay@example.org", Statuses: contact.StatusAll}, "fay"},
			{"no address", contact.Filter{Email: "bob"}, ""},
			{"a list", contact.Filter{Lists: lists[:1]}, "ann bob Eve"},
			{"a list by number", contact.Filter{Lists: []id.Ref[id.List]{{Number: w.silver.ID}}}, "bob cat gus"},
			{"either of two lists", contact.Filter{Lists: lists}, "ann bob cat Eve gus"},
			{"active on a list", contact.Filter{Lists: lists[:1], Statuses: contact.StatusActive}, "ann bob"},
			{"deleted on a list", contact.Filter{Lists: lists[:1], Statuses: contact.StatusDeleted}, ""},
			{"unsubscribed on either", contact.Filter{Lists: lists, Statuses: 1 << contact.Unsubscribed}, "cat"},
			{"an unknown list", contact.Filter{Lists: []id.Ref[id.List]{{UID: unknown}}}, ""},
			{"an unknown list beside a known one", contact.Filter{Lists: []id.Ref[id.List]{{UID: unknown}, lists[1]}}, "bob cat gus"},
			{"a tag", contact.Filter{Tags: []id.Ref[id.Tag]{red}}, "ann bob"},
			{"either of two tags", contact.Filter{Tags: []id.Ref[id.Tag]{red, blue}}, "ann bob dan"},
			{"a tag, and a list", contact.Filter{Tags: []id.Ref[id.Tag]{blue}, Lists: lists}, "bob"},
			{"an unknown tag, and a list", contact.Filter{Tags: []id.Ref[id.Tag]{{UID: unknown}}, Lists: lists}, ""},
			{"updated after", contact.Filter{UpdatedAfter: at(4)}, "gus hal"},
			{"updated after, all", contact.Filter{UpdatedAfter: at(4), Statuses: contact.StatusAll}, "gus hal fay"},
			{"updated before", contact.Filter{UpdatedBefore: at(2)}, "ann bob"},
			{"updated between", contact.Filter{UpdatedAfter: at(0), UpdatedBefore: at(3)}, "bob cat"},
			{"updated, on a list with a tag", contact.Filter{UpdatedAfter: at(0), Lists: lists, Tags: []id.Ref[id.Tag]{red}}, "bob"},
			{"created after", contact.Filter{CreatedAfter: at(4), Statuses: contact.StatusAll}, "gus hal fay"},
			{"created before", contact.Filter{CreatedBefore: at(2)}, "ann bob"},
			{"created between", contact.Filter{CreatedAfter: at(2), CreatedBefore: at(5)}, "dan Eve"},
			{"opted out after", contact.Filter{OptOutAfter: at(2)}, "hal"},
			{"opted out before", contact.Filter{OptOutBefore: at(7)}, "cat"},
			{"opted out after, all", contact.Filter{OptOutAfter: at(2), Statuses: contact.StatusAll}, "hal fay"},
			{"newest first", contact.Filter{Order: contact.Newest}, "hal gus Eve dan cat bob ann"},
			{"newest first on either list", contact.Filter{Order: contact.Newest, Lists: lists}, "gus Eve cat bob ann"},
			{"last change first", contact.Filter{Order: contact.UpdatedLast, Statuses: contact.StatusAll}, "fay hal gus Eve dan cat bob ann"},
			{"last change last", contact.Filter{Order: contact.UpdatedFirst, Lists: lists}, "ann bob cat Eve gus"},
		} {
			for _, limit := range []int{1, 3, 100} {
				got, total := w.pages(c.filter, limit)
				want := strings.Fields(c.want)
				if !slices.Equal(got, want) || int(total) != len(want) {
					t.Errorf("%s, %d a page: got %v of %d, want %v", c.name, limit, got, total, want)
				}
			}
		}
	})
}

func TestSearch(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, c := range []struct{ first, last, address string }{
			{"Ana", "Ruíz", "ana@example.org"},
			{"Anna Maria", "van der Berg", "berg@example.org"},
			{"Élan", "Øst", "elan@example.org"},
			{"Bo", "Anders", ""},
			{"100%", "a_b", "percent@example.org"},
		} {
			ch := contact.Change{Source: opt.Some(contact.SourceAccount), FirstName: opt.Some(c.first), LastName: opt.Some(c.last)}
			if c.address != "" {
				ch.Email = opt.Some(contact.EmailInput{Address: c.address})
			}
			w.create(ch)
		}
		for _, c := range []struct{ search, want string }{
			{"an", "Bo berg ana"},
			{"AN", "Bo berg ana"},
			{"ana@", "ana"},
			{"example", ""},
			{"anna maria", "berg"},
			{"  anna   van  ", "berg"},
			{"van anna", "berg"},
			{"van der b", "berg"},
			{"ana ru", "ana"},
			{"ru ana", "ana"},
			{"ana x", ""},
			{"élan", "elan"},
			{"ÉLAN", "elan"},
			{"øst él", "elan"},
			{"100%", "percent"},
			{"1%", ""},
			{"a_", "percent"},
			{"bo", "Bo"},
		} {
			for _, limit := range []int{1, 100} {
				got, total := w.pages(contact.Filter{Search: c.search, Order: contact.Newest}, limit)
				if want := strings.Fields(c.want); !slices.Equal(got, want) || int(total) != len(want) {
					t.Errorf("%q, %d a page: got %v of %d, want %v", c.search, limit, got, total, want)
				}
			}
		}
		_, err := w.contacts.List(t.Context(), w.who, contact.Filter{
			Search: strings.Repeat("x", 101), Lists: make([]id.Ref[id.List], 26), Tags: make([]id.Ref[id.Tag], 51),
		}, 0, page.Request{Limit: 1})
		wantProblems(t, "too much", err, "lists too_many", "tags too_many", "search too_long")
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("got %v, want invalid", err)
		}
	})
}

func TestIncludesOfAPage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		made := crowd(w)
		size := w.field(contact.NewField{Label: "Size", Type: contact.TypeNumber})
		bob := w.update(made["bob"], contact.Change{
			Source: opt.Some(contact.SourceAccount),
			Fields: opt.Some([]contact.FieldInput{{Field: size.Ref(), Value: "42"}}),
			Notes:  opt.Some([]contact.NoteInput{{Content: "first", CreatedAt: storetest.Start}, {Content: "second"}}),
			Phones: opt.Some([]contact.PhoneInput{{Number: "1", Kind: contact.Home}}),
		})
		for _, include := range []contact.Include{
			contact.IncludeNothing, contact.IncludeLists, contact.IncludeTags, contact.IncludeFields, contact.IncludeNotes,
			contact.IncludePhones, contact.IncludeAddresses, contact.IncludeAll,
		} {
			of, err := w.contacts.List(t.Context(), w.who, contact.Filter{}, include, page.Request{Limit: 100})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range of.Items {
				got := fmt.Sprint(len(c.Lists), len(c.Tags), len(c.Fields), len(c.Notes), len(c.Phones), len(c.Addresses))
				if c.Included != include {
					t.Errorf("%b: contact %d says %b", include, c.ID, c.Included)
				}
				if c.ID != bob.ID {
					continue
				}
				want := ""
				for _, part := range []struct {
					include contact.Include
					n       int
				}{
					{contact.IncludeLists, 2},
					{contact.IncludeTags, 2},
					{contact.IncludeFields, 1},
					{contact.IncludeNotes, 2},
					{contact.IncludePhones, 1},
					{contact.IncludeAddresses, 0},
				} {
					n := part.n
					if !include.Has(part.include) {
						n = 0
					}
					want += fmt.Sprint(n, " ")
				}
				if strings.TrimSpace(want) != got {
					t.Errorf("%b: got %s parts, want %s", include, got, want)
				}
				if include == contact.IncludeAll {
					same(t, "on a page", c, w.stored(bob))
				}
			}
		}
	})
}
