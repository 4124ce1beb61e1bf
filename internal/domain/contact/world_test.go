package contact_test

import (
	"context"
	"slices"
	"testing"

	"kith/internal/base/change"
	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

// world is a store of one account with what tests refer to.
type world struct {
	t        *testing.T
	s        *store.Store
	clock    *clock.Settable
	contacts *contact.Service
	who      account.Actor
	gold     list.List
	silver   list.List
	fields   map[string]contact.Field // by label
	tags     map[string]contact.Tag   // by name
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Settable) {
		test(t, newWorld(t, s, c, storetest.Owner(7)))
	})
}

func newWorld(t *testing.T, s *store.Store, c *clock.Settable, who account.Actor) *world {
	t.Helper()
	w := &world{
		t: t, s: s, clock: c, who: who, contacts: contact.New(s.Contacts(), contact.Options{}),
		fields: map[string]contact.Field{}, tags: map[string]contact.Tag{},
	}
	w.gold, w.silver = w.list("Gold"), w.list("Silver")
	return w
}

func (w *world) list(name string) list.List {
	w.t.Helper()
	l, err := list.New(w.s.Lists()).Create(w.t.Context(), w.who, list.Input{Name: name}, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

func (w *world) create(ch contact.Change) contact.Contact {
	w.t.Helper()
	c, err := w.contacts.Create(w.t.Context(), w.who, ch, nil)
	if err != nil {
		w.t.Fatalf("create: %v", err)
	}
	return c
}

func (w *world) update(c contact.Contact, ch contact.Change) contact.Contact {
	w.t.Helper()
	c, err := w.contacts.Update(w.t.Context(), w.who, c.Ref(), ch, nil)
	if err != nil {
		w.t.Fatalf("update: %v", err)
	}
	return c
}

func (w *world) remove(c contact.Contact) {
	w.t.Helper()
	if err := w.contacts.Delete(w.t.Context(), w.who, c.Ref()); err != nil {
		w.t.Fatalf("delete: %v", err)
	}
}

// stored reads a contact with everything.
func (w *world) stored(c contact.Contact) contact.Contact {
	w.t.Helper()
	got, err := w.contacts.Get(w.t.Context(), w.who, c.Ref(), contact.IncludeAll)
	if err != nil {
		w.t.Fatalf("get: %v", err)
	}
	return got
}

// counted reads a kept count.
func (w *world) counted(what change.Tally, ref int64) (n int64) {
	w.t.Helper()
	if err := w.s.View(w.t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		n, err = tx.Counted(ctx, w.who.Account, what, ref)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// person is a change that makes or writes a whole contact.
func person(address string, lists ...list.List) contact.Change {
	ch := contact.Change{
		Source: opt.Some(contact.SourceAccount),
		Email:  opt.Some(contact.EmailInput{Address: address}),
	}
	if len(lists) > 0 {
		ch.Lists = opt.Some(refs(lists...))
	}
	return ch
}

func refs(lists ...list.List) (out []id.Ref[id.List]) {
	for _, l := range lists {
		out = append(out, l.Ref())
	}
	return out
}

// with returns the change with a permission.
func with(ch contact.Change, p contact.Permission) contact.Change {
	e, _ := ch.Email.Value()
	e.Permission = opt.Some(p)
	ch.Email = opt.Some(e)
	return ch
}

// problems returns path and code of each problem.
func problems(err error) (out []string) {
	if err == nil {
		return nil
	}
	for _, p := range fault.Of(err).Problems {
		out = append(out, p.Path+" "+p.Code)
	}
	return out
}

func wantProblems(t *testing.T, name string, err error, want ...string) {
	t.Helper()
	if got := problems(err); !slices.Equal(got, want) {
		t.Errorf("%s:\n got %q (%v)\nwant %q", name, got, err, want)
	}
}
