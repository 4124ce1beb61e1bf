package contact_test

import (
	"context"
	"fmt"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/page"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

// Whatever is done to contacts and lists, in whatever order, the kept counts
// are those that counting gives.
func TestCountsAreExactUnderEveryTransition(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		account := id.Account(100)
		rapid.Check(t, func(rt *rapid.T) {
			account++ // each run has an account of its own
			m := machine{world: newWorld(t, w.s, w.clock, storetest.Owner(account)), rt: rt}
			m.lists = []list.List{m.gold, m.silver, m.list("Bronze")}
			rt.Repeat(map[string]func(*rapid.T){
				"create":      m.createOne,
				"update":      m.updateOne,
				"delete":      m.deleteOne,
				"delete list": m.deleteList,
				"fold":        m.fold,
				"":            m.check,
			})
		})
	})
}

// machine does things at random.
type machine struct {
	*world
	rt       *rapid.T
	lists    []list.List // that are not deleted
	contacts []contact.Contact
}

func (m *machine) do(err error) {
	// What the rules refuse changes nothing; anything else is a failure.
	if err != nil && !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound) {
		m.rt.Fatal(err)
	}
	m.clock.Move(time.Second)
}

func (m *machine) change(rt *rapid.T) contact.Change {
	ch := contact.Change{Source: opt.Some(rapid.SampledFrom([]contact.Source{contact.SourceAccount, contact.SourceContact}).Draw(rt, "source"))}
	if rapid.Bool().Draw(rt, "has address") {
		e := contact.EmailInput{Address: fmt.Sprintf("p%d@example.org", rapid.IntRange(0, 5).Draw(rt, "address"))}
		if rapid.Bool().Draw(rt, "has permission") {
			e.Permission = opt.Some(contact.Permission(rapid.IntRange(1, 6).Draw(rt, "permission")))
		}
		ch.Email = opt.Some(e)
	} else {
		ch.FirstName = opt.Some("Ana")
	}
	if rapid.Bool().Draw(rt, "has lists") {
		on := []id.Ref[id.List]{}
		for _, l := range m.lists {
			if rapid.Bool().Draw(rt, "on "+l.Name) {
				on = append(on, l.Ref())
			}
		}
		ch.Lists = opt.Some(on)
	}
	return ch
}

func (m *machine) createOne(rt *rapid.T) {
	c, err := m.world.contacts.Create(m.t.Context(), m.who, m.change(rt), nil)
	m.do(err)
	if err == nil {
		m.contacts = append(m.contacts, c)
	}
}

func (m *machine) one(rt *rapid.T) contact.Contact {
	if len(m.contacts) == 0 {
		rt.Skip("nobody")
	}
	return rapid.SampledFrom(m.contacts).Draw(rt, "who")
}

func (m *machine) updateOne(rt *rapid.T) {
	c := m.one(rt)
	_, err := m.world.contacts.Update(m.t.Context(), m.who, c.Ref(), m.change(rt), nil)
	m.do(err)
}

func (m *machine) deleteOne(rt *rapid.T) {
	m.do(m.world.contacts.Delete(m.t.Context(), m.who, m.one(rt).Ref()))
}

func (m *machine) deleteList(rt *rapid.T) {
	if len(m.lists) == 1 {
		rt.Skip("the last list")
	}
	i := rapid.IntRange(0, len(m.lists)-1).Draw(rt, "list")
	l := m.lists[i]
	m.lists = append(m.lists[:i:i], m.lists[i+1:]...)
	for first := true; ; first = false {
		var n int
		err := m.s.Within(m.t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
			if first {
				if _, err := list.MarkDeleted(ctx, tx, m.who.Account, l.Ref(), m.who.Origin()); err != nil {
					return err
				}
			}
			n, err = list.RemoveMembers(ctx, tx, m.who.Account, l.ID, 2, m.who.Origin())
			return err
		})
		if err != nil {
			rt.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func (m *machine) fold(rt *rapid.T) {
	if _, err := m.s.FoldTallies(m.t.Context()); err != nil {
		rt.Fatal(err)
	}
}

// check counts everything and compares.
func (m *machine) check(rt *rapid.T) {
	of, err := m.world.contacts.List(m.t.Context(), m.who, contact.Filter{Statuses: contact.StatusAll}, contact.IncludeAll,
		page.Request{Limit: 1000})
	if err != nil {
		rt.Fatal(err)
	}
	type key struct {
		tally change.Tally
		ref   int64
	}
	want := map[key]int64{}
	for _, c := range of.Items {
		if c.Deleted() {
			want[key{change.Deleted, 0}]++
			if len(c.Lists) > 0 {
				rt.Errorf("contact %d is deleted and on %v", c.ID, c.Lists)
			}
			continue
		}
		want[key{change.Contacts, int64(c.Email.Permission)}]++
		for _, l := range c.Lists {
			want[key{change.Members, int64(l.Number)}]++
			if c.Active() {
				want[key{change.ActiveMembers, int64(l.Number)}]++
			}
		}
	}
	got := map[key]int64{}
	if err := m.s.View(m.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, tally := range []change.Tally{change.Contacts, change.Members, change.ActiveMembers, change.Deleted} {
			all, err := tx.CountedAll(ctx, m.who.Account, tally)
			if err != nil {
				return err
			}
			for ref, n := range all {
				if n != 0 {
					got[key{tally, ref}] = n
				}
			}
		}
		return nil
	}); err != nil {
		rt.Fatal(err)
	}
	if !maps.Equal(got, want) {
		rt.Fatalf("kept counts %v, counted %v", got, want)
	}
}
