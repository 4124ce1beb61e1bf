package contact_test

import (
	"slices"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
)

func TestCountsAndXrefs(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.create(with(person("old@example.org"), contact.Explicit))
		w.clock.Move(31 * 24 * time.Hour)
		a := w.create(with(person("a@example.org"), contact.Explicit))
		b := w.create(person("b@example.org"))
		w.create(with(person("c@example.org"), contact.Unsubscribed))
		w.create(with(person("p@example.org"), contact.Pending))
		gone := w.create(person("gone@example.org"))
		w.remove(gone)

		got, err := w.contacts.Counts(t.Context(), w.who, true)
		if err != nil {
			t.Fatal(err)
		}
		if want := (contact.Counts{Total: 5, Explicit: 2, Implicit: 1, Pending: 1, Unsubscribed: 1, NewSubscribers: 2}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if without, err := w.contacts.Counts(t.Context(), w.who, false); err != nil || without.NewSubscribers != -1 {
			t.Errorf("new subscribers that nobody asked for: %d, %v", without.NewSubscribers, err)
		}

		refs, err := w.contacts.Xrefs(t.Context(), w.who, []id.Contact{b.ID, 1 << 40, a.ID})
		want := []id.Ref[id.Contact]{a.Ref(), b.Ref()}
		slices.SortFunc(want, func(a, b id.Ref[id.Contact]) int { return int(a.Number - b.Number) })
		if err != nil || !slices.Equal(refs, want) {
			t.Errorf("got %v, %v; want %v", refs, err, want)
		}
		if _, err := w.contacts.Xrefs(t.Context(), w.who, make([]id.Contact, contact.MaxXrefs+1)); !fault.Is(err, fault.Invalid) {
			t.Errorf("501 numbers: %v, want invalid", err)
		}
	})
}
