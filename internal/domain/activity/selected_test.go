package activity_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/activity"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/outbound/sheet"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

// bulk begins work and finishes it.
func (w *world) bulk(b activity.Bulk) activity.Activity {
	w.t.Helper()
	a, err := w.service.Begin(w.t.Context(), w.who, b, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if a.State != activity.Initialized || a.Percent() != 0 {
		w.t.Errorf("begun as %+v", a)
	}
	if a = w.finish(a); a.State != activity.Completed || a.Percent() != 100 || a.Total != a.Done {
		w.t.Errorf("ended as %+v", a)
	}
	return a
}

func (w *world) tag(name string) id.Ref[id.Tag] {
	w.t.Helper()
	t, err := contact.New(w.s.Contacts(), contact.Options{}).CreateTag(w.t.Context(), w.who, name, "test", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return t.Ref()
}

func (w *world) newList(name string) id.Ref[id.List] {
	w.t.Helper()
	l, err := list.New(w.s.Lists()).Create(w.t.Context(), w.who, list.Input{Name: name}, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return l.Ref()
}

// uids are references as a caller has them.
func (w *world) uids(addresses ...string) (out []id.Ref[id.Contact]) {
	for _, a := range addresses {
		out = append(out, id.Ref[id.Contact]{UID: w.contact(a).UID})
	}
	return out
}

func (w *world) optOut(address string) {
	w.t.Helper()
	err := w.s.Within(w.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		c, err := tx.HoldContact(ctx, 7, w.contact(address).Ref())
		if err != nil {
			return err
		}
		c.Email.Consent, err = c.Email.After(contact.Event{Kind: contact.OptsOut}, tx.Now())
		if err != nil {
			return err
		}
		return tx.WriteContact(ctx, 7, w.who.Origin(), contact.Write{Contact: c, Counts: []change.Count{
			{Tally: change.Contacts, Ref: int64(contact.Implicit), Amount: -1},
			{Tally: change.Contacts, Ref: int64(contact.Unsubscribed), Amount: 1},
			{Tally: change.ActiveMembers, Ref: int64(w.lists[0].Number), Amount: -1},
			{Tally: change.ActiveMembers, Ref: int64(w.lists[1].Number), Amount: -1},
		}})
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) remove(address string) {
	w.t.Helper()
	if err := contact.New(w.s.Contacts(), contact.Options{}).Delete(w.t.Context(), w.who, w.contact(address).Ref()); err != nil {
		w.t.Fatal(err)
	}
}

// history tells what activities did to a contact, the newest first.
func (w *world) history(address string) (out []string) {
	w.t.Helper()
	err := w.s.View(w.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		of, err := tx.ContactHistory(ctx, 7, w.contact(address).ID, page.Request{Limit: 20})
		for _, e := range of.Items {
			if !e.Activity.IsZero() {
				out = append(out, fmt.Sprintf("%s %s %d lists %d tags", e.Activity, e.Kind, len(e.Lists), len(e.Tags)))
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// members checks both kept counts of a list.
func (w *world) members(l id.Ref[id.List], all, active int64) {
	w.t.Helper()
	if n := w.counted(change.Members, int64(l.Number)); n != all {
		w.t.Errorf("list %d: %d members are counted, want %d", l.Number, n, all)
	}
	if n := w.counted(change.ActiveMembers, int64(l.Number)); n != active {
		w.t.Errorf("list %d: %d active members are counted, want %d", l.Number, n, active)
	}
}

func TestListsOfMany(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, clk *clock.Settable) {
		w := newWorld(t, s)
		w.finish(w.begin("email\nann@example.org\nbob@example.org\nout@example.org\ngone@example.org\nlost@example.org\n"))
		for _, a := range []string{"out@example.org", "lost@example.org"} {
			w.optOut(a)
		}
		w.remove("gone@example.org")
		w.remove("lost@example.org")
		three, four := w.newList("Three"), w.newList("Four")
		clk.Move(time.Hour)

		// From a list: who has unsubscribed is not added.
		a := w.bulk(activity.Bulk{Kind: activity.ListAdd, Selection: contact.Selection{Lists: w.lists[:1]}, Lists: []id.Ref[id.List]{three, four}})
		if a.Done != 3 || a.Persons != 2 || a.CannotAdd != 1 || a.Errors != 0 {
			t.Errorf("counted %+v", a.Progress)
		}
		w.members(three, 2, 2)
		w.members(four, 2, 2)
		if c := w.contact("ann@example.org"); len(c.Lists) != 4 || !c.UpdatedAt.Equal(storetest.Start.Add(time.Hour)) {
			t.Errorf("ann is on %v since %v", c.Lists, c.UpdatedAt)
		}
		if c := w.contact("out@example.org"); len(c.Lists) != 2 || c.UpdatedAt.Equal(storetest.Start.Add(time.Hour)) {
			t.Errorf("out is on %v", c.Lists)
		}
		if got := w.history("ann@example.org")[0]; got != fmt.Sprintf("%s membership.added 2 lists 0 tags", a.UID) {
			t.Errorf("history says %q", got)
		}

		// Again: nothing changes, and nothing is told.
		clk.Move(time.Hour)
		a = w.bulk(activity.Bulk{Kind: activity.ListAdd, Selection: contact.Selection{AllActive: true}, Lists: []id.Ref[id.List]{three}})
		if c := w.contact("ann@example.org"); a.Persons != 2 || !c.UpdatedAt.Equal(storetest.Start.Add(time.Hour)) || len(w.history("ann@example.org")) != 3 {
			t.Errorf("counted %+v, changed at %v, %q", a.Progress, c.UpdatedAt, w.history("ann@example.org"))
		}

		// Named one by one: the deleted come back, but not who unsubscribed.
		stranger := id.Ref[id.Contact]{UID: id.UID{15: 1}}
		a = w.bulk(activity.Bulk{
			Kind: activity.ListAdd, Lists: []id.Ref[id.List]{three},
			Selection: contact.Selection{Contacts: append(w.uids("gone@example.org", "lost@example.org", "bob@example.org"), stranger, stranger)},
		})
		if a.Done != 3 || a.Persons != 2 || a.CannotAdd != 1 || a.Errors != 1 {
			t.Errorf("counted %+v", a.Progress)
		}
		if want := []string{"There is no contact " + stranger.UID.String() + "."}; !slices.Equal(a.Texts, want) {
			t.Errorf("texts %q, want %q", a.Texts, want)
		}
		gone := w.contact("gone@example.org")
		if gone.Deleted() || len(gone.Lists) != 1 || gone.Email.OptOutSource != contact.NoSource {
			t.Errorf("gone came back as %+v", gone)
		}
		if got := w.history("gone@example.org")[0]; got != fmt.Sprintf("%s contact.restored 1 lists 0 tags", a.UID) {
			t.Errorf("history says %q", got)
		}
		if !w.contact("lost@example.org").Deleted() {
			t.Error("who had unsubscribed came back")
		}
		w.members(three, 3, 3)
		if n := w.counted(change.Deleted, 0); n != 1 {
			t.Errorf("%d deleted contacts are counted", n)
		}

		// Off a list that is the source itself, but for one.
		a = w.bulk(activity.Bulk{
			Kind: activity.ListRemove, Lists: []id.Ref[id.List]{w.lists[0], three},
			Selection: contact.Selection{Lists: []id.Ref[id.List]{w.lists[0]}, Except: w.uids("bob@example.org")},
		})
		if a.Done != 2 || a.Persons != 2 {
			t.Errorf("counted %+v", a.Progress)
		}
		w.members(w.lists[0], 1, 1)
		w.members(w.lists[1], 3, 2)
		w.members(three, 2, 2)
	})
}

func TestTagsOfMany(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, clk *clock.Settable) {
		w := newWorld(t, s)
		clk.Move(-40 * 24 * time.Hour)
		w.finish(w.begin("email\nold@example.org\nout@example.org\n"))
		clk.Move(40 * 24 * time.Hour)
		w.finish(w.begin("email\nnew@example.org\n"))
		w.optOut("out@example.org")
		red, blue := w.tag("red"), w.tag("blue")
		clk.Move(time.Hour)
		tagged := func(address string) int { return len(w.contact(address).Tags) }

		a := w.bulk(activity.Bulk{Kind: activity.TagAdd, Selection: contact.Selection{Lists: w.lists}, Tags: []id.Ref[id.Tag]{red, blue, red}})
		if a.Done != 3 || a.Persons != 3 || a.CannotAdd != 0 {
			t.Errorf("counted %+v", a.Progress)
		}
		if tagged("old@example.org") != 2 || tagged("out@example.org") != 2 || tagged("new@example.org") != 2 {
			t.Error("not everybody wears both tags")
		}
		if got := w.history("new@example.org")[0]; got != fmt.Sprintf("%s tagging.added 0 lists 2 tags", a.UID) {
			t.Errorf("history says %q", got)
		}
		w.bulk(activity.Bulk{Kind: activity.TagRemove, Selection: contact.Selection{NewSubscribers: true}, Tags: []id.Ref[id.Tag]{red}})
		if tagged("old@example.org") != 2 || tagged("new@example.org") != 1 {
			t.Error("not only the new subscriber lost the tag")
		}
		a = w.bulk(activity.Bulk{Kind: activity.TagRemove, Selection: contact.Selection{Tags: []id.Ref[id.Tag]{red, blue}}, Tags: []id.Ref[id.Tag]{red, blue}})
		if a.Done != 3 || tagged("old@example.org")+tagged("out@example.org")+tagged("new@example.org") != 0 {
			t.Errorf("counted %+v", a.Progress)
		}
	})
}

func TestDeletingMany(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, clk *clock.Settable) {
		w := newWorld(t, s)
		w.finish(w.begin("email\nann@example.org\nbob@example.org\nout@example.org\ngone@example.org\n"))
		w.optOut("out@example.org")
		w.remove("gone@example.org")
		w.bulk(activity.Bulk{Kind: activity.ListRemove, Selection: contact.Selection{Contacts: w.uids("bob@example.org")}, Lists: w.lists[:1]})
		clk.Move(time.Hour)
		a := w.bulk(activity.Bulk{Kind: activity.ContactDelete, Selection: contact.Selection{Contacts: w.uids("gone@example.org", "bob@example.org")}})
		if a.Done != 1 || a.Persons != 1 {
			t.Errorf("counted %+v", a.Progress)
		}
		w.members(w.lists[0], 2, 1)
		w.members(w.lists[1], 2, 1)
		a = w.bulk(activity.Bulk{Kind: activity.ContactDelete, Selection: contact.Selection{Lists: w.lists}})
		if a.Done != 2 || a.Persons != 2 {
			t.Errorf("counted %+v", a.Progress)
		}
		w.members(w.lists[0], 0, 0)
		w.members(w.lists[1], 0, 0)
		if n := w.counted(change.Deleted, 0); n != 4 {
			t.Errorf("%d deleted contacts are counted", n)
		}
		for p := contact.Implicit; p <= contact.Unsubscribed; p++ {
			if n := w.counted(change.Contacts, int64(p)); n != 0 {
				t.Errorf("%d contacts are counted as %s", n, p)
			}
		}
		ann, out := w.contact("ann@example.org"), w.contact("out@example.org")
		if !ann.Deleted() || len(ann.Lists) != 0 || ann.Email.Permission != contact.Implicit ||
			ann.Email.OptOutSource != contact.SourceAccount || !ann.Email.OptOutAt.Equal(ann.DeletedAt) {
			t.Errorf("ann was deleted as %+v", ann)
		}
		if !out.Deleted() || out.Email.OptOutSource != contact.SourceContact || out.Email.OptOutAt.Equal(out.DeletedAt) {
			t.Errorf("out was deleted as %+v", out)
		}
		if got := w.history("ann@example.org")[0]; got != fmt.Sprintf("%s contact.deleted 2 lists 0 tags", a.UID) {
			t.Errorf("history says %q", got)
		}
	})
}

// Who is on fifty lists comes to no other, and the activity tells of them.
// Who is meant may follow one another without a gap, with a few, or lie far
// apart: each of them changes, and none of those between.
func TestNobodyBetweenIsTouched(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, clk *clock.Settable) {
		w := newWorld(t, s)
		meant := func(i int) bool {
			switch {
			case i < 250: // without a gap
				return i >= 30
			case i < 600: // with a few
				return i%7 != 0
			case i < 900: // apart, but for some
				return i%5 == 0 || i > 700 && i < 730
			}
			return i%50 == 0
		}
		all, some := "email\n", "email\n"
		for i := range 2000 {
			row := fmt.Sprintf("c%04d@example.org\n", i)
			all += row
			if meant(i) {
				some += row
			}
		}
		w.finish(w.begin(all))
		three, four := w.newList("Three"), w.newList("Four")
		a, err := w.service.Import(t.Context(), w.who, activity.Import{Upload: w.receive("some.csv", some).Ref(), Lists: []id.Ref[id.List]{three}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		w.finish(a)
		source := contact.Selection{Lists: []id.Ref[id.List]{three}}
		inside, everybody := w.selected(source), w.selected(contact.Selection{AllActive: true})
		outside := slices.DeleteFunc(slices.Clone(everybody), func(c id.Contact) bool { return slices.Contains(inside, c) })
		same := func(what string, s contact.Selection, want []id.Contact) {
			t.Helper()
			if got := w.selected(s); !slices.Equal(got, want) {
				t.Errorf("%s: %d contacts, want %d", what, len(got), len(want))
			}
		}
		changed := func(what string) {
			t.Helper()
			same(what, contact.Selection{Filter: &contact.Filter{UpdatedAfter: clk.Now().Add(-time.Minute)}}, inside)
			clk.Move(time.Hour)
		}

		clk.Move(time.Hour)
		w.bulk(activity.Bulk{Kind: activity.ListAdd, Selection: source, Lists: []id.Ref[id.List]{four}})
		same("come to a list", contact.Selection{Lists: []id.Ref[id.List]{four}}, inside)
		changed("changed by coming")
		// One half is there already, and is not counted twice.
		w.bulk(activity.Bulk{Kind: activity.ListAdd, Selection: contact.Selection{AllActive: true}, Lists: []id.Ref[id.List]{four}})
		same("with all others", contact.Selection{Lists: []id.Ref[id.List]{four}}, everybody)
		w.members(four, 2000, 2000)
		clk.Move(time.Hour)
		w.bulk(activity.Bulk{Kind: activity.ListRemove, Selection: source, Lists: w.lists[:1]})
		same("left on a list", contact.Selection{Lists: w.lists[:1]}, outside)
		changed("changed by leaving")
		red := w.tag("red")
		w.bulk(activity.Bulk{Kind: activity.TagAdd, Selection: source, Tags: []id.Ref[id.Tag]{red}})
		same("tagged", contact.Selection{Tags: []id.Ref[id.Tag]{red}}, inside)
		w.bulk(activity.Bulk{Kind: activity.ContactDelete, Selection: source})
		same("not deleted", contact.Selection{AllActive: true}, outside)
		same("left on the other list", contact.Selection{Lists: w.lists[1:]}, outside)
		w.members(w.lists[1], int64(len(outside)), int64(len(outside)))
	})
}

// Contacts leave a list while it is being emptied: it ends empty, and each is
// counted once.
func TestEmptyingAListThatOthersLeave(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newWorld(t, s)
		var file strings.Builder
		file.WriteString("email\n")
		for i := range 2500 {
			fmt.Fprintf(&file, "c%04d@example.org\n", i)
		}
		w.finish(w.begin(file.String()))
		members := w.selected(contact.Selection{Lists: w.lists[:1]})
		a, err := w.service.DeleteList(t.Context(), w.who, w.lists[0])
		if err != nil {
			t.Fatal(err)
		}
		ctx, ended := context.WithCancel(t.Context())
		var begun, leaving sync.WaitGroup
		begun.Add(3)
		for first := range 3 {
			leaving.Go(func() {
				for i := first; i < len(members) && ctx.Err() == nil; i += 3 {
					if i == first+30 {
						begun.Done()
					}
					if err := s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
						return contact.LeaveGroups(ctx, tx, 7, w.who.Origin(), []contact.Group{{List: w.lists[0].Number}}, members[i:i+1])
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		begun.Wait()
		for {
			// What lost too often is tried again later, as a job is.
			if err = w.run(t.Context(), a); !fault.Is(err, fault.Unavailable) {
				break
			}
		}
		ended()
		leaving.Wait()
		if a = w.get(a); err != nil || a.State != activity.Completed {
			t.Fatalf("%v: ended as %+v", err, a)
		}
		// A list that is gone is no source any more, so the rows are asked.
		err = s.View(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			on, err := tx.Joinings(ctx, 7, members)
			for _, j := range on {
				if j.List == w.lists[0].Number {
					t.Errorf("contact %d is still on the list", j.Contact)
					break
				}
			}
			if len(on) < 2500 {
				t.Errorf("%d memberships are left, want at least those of the other list", len(on))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		w.members(w.lists[0], 0, 0)
		w.members(w.lists[1], 2500, 2500)
	})
}

// selected are the contacts of a selection, in the order of their numbers.
func (w *world) selected(s contact.Selection) (all []id.Contact) {
	w.t.Helper()
	err := w.s.View(w.t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		all, err = tx.SelectContacts(ctx, 7, s, 0, 10_000)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func TestNoRoomForMore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newWorld(t, s)
		w.finish(w.begin("email\nann@example.org\n"))
		w.finish(w.begin("email\nbob@example.org\n"))
		var more []id.Ref[id.List]
		var tags []id.Ref[id.Tag]
		for i := range 50 {
			more = append(more, w.newList(fmt.Sprint("More ", i)))
			tags = append(tags, w.tag(fmt.Sprint("tag ", i)))
		}
		w.bulk(activity.Bulk{Kind: activity.ListAdd, Selection: contact.Selection{Contacts: w.uids("ann@example.org")}, Lists: more[:47]})
		a := w.bulk(activity.Bulk{Kind: activity.ListAdd, Selection: contact.Selection{AllActive: true}, Lists: more[45:50]})
		ann := w.contact("ann@example.org")
		if a.Done != 2 || a.Persons != 1 || a.Errors != 1 || len(ann.Lists) != contact.MaxLists || len(w.contact("bob@example.org").Lists) != 7 {
			t.Errorf("counted %+v, ann is on %d lists", a.Progress, len(ann.Lists))
		}
		if want := []string{"Contact " + ann.UID.String() + ": the contact would be on more than 50 lists."}; !slices.Equal(a.Texts, want) {
			t.Errorf("texts %q, want %q", a.Texts, want)
		}
		w.members(more[47], 2, 2)
		w.members(more[48], 1, 1)

		one := w.tag("one more")
		w.bulk(activity.Bulk{Kind: activity.TagAdd, Selection: contact.Selection{Contacts: w.uids("ann@example.org")}, Tags: tags})
		a = w.bulk(activity.Bulk{Kind: activity.TagAdd, Selection: contact.Selection{AllActive: true}, Tags: []id.Ref[id.Tag]{one}})
		if a.Persons != 1 || a.Errors != 1 || len(w.contact("ann@example.org").Tags) != contact.MaxTags {
			t.Errorf("counted %+v", a.Progress)
		}
	})
}

func TestEveryContactOnceWhateverDies(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newWorld(t, s)
		w.finish(w.begin(people(3000)))
		three, red := w.newList("Three"), w.tag("red")
		w.with(&faulty{Store: w.store}, sheet.New(sheet.Options{}))
		died := 0
		for _, b := range []activity.Bulk{
			{Kind: activity.ListAdd, Selection: contact.Selection{AllActive: true}, Lists: []id.Ref[id.List]{three}},
			{Kind: activity.TagAdd, Selection: contact.Selection{Lists: []id.Ref[id.List]{three}}, Tags: []id.Ref[id.Tag]{red}},
			{Kind: activity.TagRemove, Selection: contact.Selection{Tags: []id.Ref[id.Tag]{red}}, Tags: []id.Ref[id.Tag]{red}},
			{Kind: activity.ListRemove, Selection: contact.Selection{Lists: []id.Ref[id.List]{three}}, Lists: []id.Ref[id.List]{w.lists[0]}},
			{Kind: activity.ContactDelete, Selection: contact.Selection{Lists: []id.Ref[id.List]{three}}},
		} {
			a, err := w.service.Begin(t.Context(), w.who, b, nil)
			if err != nil {
				t.Fatal(err)
			}
			for err = w.run(t.Context(), a); err != nil; err = w.run(t.Context(), a) {
				if !errors.Is(err, errDies) {
					t.Fatal(err)
				}
				died++
			}
			a = w.get(a)
			if a.State != activity.Completed || a.Total != 2700 || a.Done != 2700 || a.Persons != 2700 || a.Errors != 0 {
				t.Errorf("%s: counted %s %+v", b.Kind, a.State, a.Progress)
			}
			if b.Kind == activity.ListAdd {
				w.members(three, 2700, 2700)
			}
		}
		if died < 5 {
			t.Errorf("only %d died", died)
		}
		w.members(three, 0, 0)
		w.members(w.lists[0], 0, 0)
		w.members(w.lists[1], 0, 0)
		if n := w.counted(change.Deleted, 0); n != 2700 {
			t.Errorf("%d deleted contacts are counted", n)
		}
	})
}

func TestCancellingWorkOnMany(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newWorld(t, s)
		w.finish(w.begin(people(1000)))
		three := w.newList("Three")
		a, err := w.service.Begin(t.Context(), w.who, activity.Bulk{Kind: activity.ListAdd, Selection: contact.Selection{AllActive: true}, Lists: []id.Ref[id.List]{three}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		w.with(&stopsAfter{Store: w.store, w: w, a: a}, sheet.New(sheet.Options{}))
		if err := w.run(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		a = w.get(a)
		if a.State != activity.Cancelled || a.Done == 0 || a.Done == 900 || a.Total != 900 {
			t.Errorf("ended as %s %+v", a.State, a.Progress)
		}
		w.members(three, a.Done, a.Done)
	})
}

// stopsAfter cancels an activity after its first batch.
type stopsAfter struct {
	activity.Store
	w       *world
	a       activity.Activity
	stopped bool
}

func (f *stopsAfter) Bulk(ctx context.Context, fn func(context.Context, activity.Tx) error) error {
	err := f.Store.Bulk(ctx, fn)
	if !f.stopped {
		f.stopped = true
		_, cancelled := f.w.service.Cancel(ctx, f.w.who, id.Ref[id.Activity]{Number: f.a.ID})
		err = errors.Join(err, cancelled)
	}
	return err
}

func TestBulkWorkThatIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.SQLite(t).Store)
	w.finish(w.begin("email\nann@example.org\n"))
	red := w.tag("red")
	ann := w.uids("ann@example.org")
	none, noTag := id.Ref[id.List]{UID: id.UID{1}}, id.Ref[id.Tag]{UID: id.UID{2}}
	many := func(n int) (out []id.Ref[id.Contact]) {
		for i := range n {
			out = append(out, id.Ref[id.Contact]{UID: id.UID{1, byte(i >> 8), byte(i)}})
		}
		return out
	}
	for _, c := range []struct {
		name string
		b    activity.Bulk
		want []string // path and code of each problem
	}{
		{"nothing", activity.Bulk{Kind: activity.ListAdd}, []string{"list_ids required", "source required"}},
		{"no tags", activity.Bulk{Kind: activity.TagAdd, Selection: contact.Selection{AllActive: true}}, []string{"tag_ids required"}},
		{
			"two sources",
			activity.Bulk{Kind: activity.ListRemove, Lists: w.lists, Selection: contact.Selection{AllActive: true, Contacts: ann}},
			[]string{"source exclusive"},
		},
		{
			"things that are not there",
			activity.Bulk{Kind: activity.TagRemove, Tags: []id.Ref[id.Tag]{red, noTag}, Selection: contact.Selection{Lists: []id.Ref[id.List]{w.lists[0], none}}},
			[]string{"tag_ids[1] unknown", "source.list_ids[1] unknown"},
		},
		{"a segment that is not there", activity.Bulk{Kind: activity.ListAdd, Lists: w.lists, Selection: contact.Selection{Segment: 7}}, []string{"source.segment_id unknown"}},
		{"a level that does not exist", activity.Bulk{Kind: activity.ListAdd, Lists: w.lists, Selection: contact.Selection{Engagement: "fierce"}}, []string{"source.engagement_level value"}},
		{"nobody named", activity.Bulk{Kind: activity.TagAdd, Tags: []id.Ref[id.Tag]{red}, Selection: contact.Selection{Contacts: []id.Ref[id.Contact]{}}}, []string{"source.contact_ids required"}},
		{"too many contacts", activity.Bulk{Kind: activity.TagAdd, Tags: []id.Ref[id.Tag]{red}, Selection: contact.Selection{Contacts: many(501)}}, []string{"source.contact_ids too_many"}},
		{
			"too many lists",
			activity.Bulk{Kind: activity.ListAdd, Lists: slices.Repeat(w.lists, 26), Selection: contact.Selection{Lists: slices.Repeat(w.lists, 26)}},
			[]string{"list_ids too_many", "source.list_ids too_many"},
		},
		{"too many tags", activity.Bulk{Kind: activity.ListAdd, Lists: w.lists, Selection: contact.Selection{Tags: slices.Repeat([]id.Ref[id.Tag]{red}, 51)}}, []string{"source.tag_ids too_many"}},
		{"exclude beside contacts", activity.Bulk{Kind: activity.ListAdd, Lists: w.lists, Selection: contact.Selection{Contacts: ann, Except: ann}}, []string{"exclude.contact_ids exclusive"}},
		{"too many left out", activity.Bulk{Kind: activity.ListAdd, Lists: w.lists, Selection: contact.Selection{AllActive: true, Except: many(contact.MaxExcluded + 1)}}, []string{"exclude.contact_ids too_many"}},
	} {
		if c.b.Kind != activity.ContactDelete {
			c.b.Source = "source."
		}
		_, err := w.service.Begin(t.Context(), w.who, c.b, nil)
		var got []string
		if f := fault.Of(err); f != nil {
			for _, p := range f.Problems {
				got = append(got, p.Path+" "+p.Code)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q (%v), want %q", c.name, got, err, c.want)
		}
	}
	if _, err := w.service.Begin(t.Context(), w.who, activity.Bulk{Kind: activity.ContactDelete}, nil); err == nil || !strings.Contains(fault.Of(err).Problems[0].Message, "exactly one") {
		t.Errorf("deleting nobody: %v", err)
	}
}
