package contact_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/store"
)

// self is a contact who acts on the page of a link.
func (w *world) self(c contact.Contact, p contact.Purpose) contact.Self {
	return contact.Self{
		Link:    contact.Link{Purpose: p, Account: w.who.Account, Contact: c.ID},
		Address: "192.0.2.7", Operation: "page", Shown: "Yes, mail me.",
	}
}

func (w *world) optOut(c contact.Contact, reason string) contact.Undo {
	w.t.Helper()
	u, err := w.contacts.OptOut(w.t.Context(), w.self(c, contact.ToUnsubscribe), reason)
	if err != nil {
		w.t.Fatalf("opt out: %v", err)
	}
	return u
}

func (w *world) choose(c contact.Contact, lists ...list.List) contact.Undo {
	w.t.Helper()
	var chosen []id.UID
	for _, l := range lists {
		chosen = append(chosen, l.UID)
	}
	u, err := w.contacts.Choose(w.t.Context(), w.self(c, contact.ToPreferences), chosen)
	if err != nil {
		w.t.Fatalf("choose: %v", err)
	}
	return u
}

// ledger tells the changes of permission, the newest first.
func (w *world) ledger(c contact.Contact) (told []string) {
	w.t.Helper()
	h, err := w.contacts.History(w.t.Context(), w.who, c.Ref(), page.Request{Limit: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range h.Items {
		if e.Kind == contact.PermissionChanged {
			told = append(told, strings.Join([]string{e.Via, e.From.String(), e.To.String(), e.Source.String(), e.Reason + e.Shown}, "|"))
		}
	}
	return told
}

func (w *world) happened(c contact.Contact) (n int) {
	w.t.Helper()
	h, err := w.contacts.History(w.t.Context(), w.who, c.Ref(), page.Request{Limit: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	return len(h.Items)
}

func lists(c contact.Contact) (all []id.List) {
	for _, l := range c.Lists {
		all = append(all, l.Number)
	}
	return all
}

func TestOptOutAndUndo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.create(with(person("ada@example.org", w.gold, w.silver), contact.Explicit))
		before := w.stored(c)
		w.clock.Move(time.Minute)
		undo := w.optOut(c, "  too\tmany ")
		out := w.stored(c)
		if out.Email.Permission != contact.Unsubscribed || !out.Email.OptedOut() || out.Email.OptOutReason != "too many" || len(out.Lists) > 0 {
			t.Errorf("after opting out: %+v on %v", out.Email, out.Lists)
		}
		if n := w.counted(change.ActiveMembers, int64(w.gold.ID)); n != 0 {
			t.Errorf("%d active members", n)
		}
		rows := w.happened(c)
		w.clock.Move(time.Minute)
		if again := w.optOut(c, "another"); !again.IsZero() {
			t.Errorf("the second opt-out can be taken back: %+v", again)
		}
		if got := w.stored(c); got.Email != out.Email || w.happened(c) != rows {
			t.Errorf("the second opt-out changed something: %+v", got.Email)
		}

		self := w.self(c, contact.ToUnsubscribe)
		for name, u := range map[string]contact.Undo{
			"somebody else's": {Account: undo.Account, Contact: undo.Contact + 1, At: undo.At, Permission: undo.Permission},
			"an older one":    {Account: undo.Account, Contact: undo.Contact, At: undo.At.Add(-time.Hour), Permission: undo.Permission},
			"none":            {},
		} {
			if err := w.contacts.UndoOptOut(t.Context(), self, u); !errors.Is(err, contact.ErrUndo) {
				t.Errorf("%s: %v, want ErrUndo", name, err)
			}
		}
		for range 2 {
			if err := w.contacts.UndoOptOut(t.Context(), self, undo); err != nil {
				t.Fatal(err)
			}
			back := w.stored(c)
			if back.Email.Consent != before.Email.Consent || !slices.Equal(back.Lists, before.Lists) {
				t.Errorf("taken back: %+v on %v, want %+v on %v", back.Email, back.Lists, before.Email, before.Lists)
			}
		}
		if n := w.counted(change.ActiveMembers, int64(w.gold.ID)); n != 1 {
			t.Errorf("%d active members, want 1", n)
		}
		want := []string{
			"public|unsubscribed|explicit|Contact|Yes, mail me.", "public|explicit|unsubscribed|Contact|too many",
			"api||explicit|Account|",
		}
		if got := w.ledger(c); !slices.Equal(got[:2], want[:2]) || len(got) != 3 {
			t.Errorf("the ledger tells %q, want %q", got, want)
		}
	})
}

func TestUndoEnds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.create(person("ada@example.org", w.gold))
		undo := w.optOut(c, "")
		w.clock.Move(contact.UndoWithin + time.Second)
		if err := w.contacts.UndoOptOut(t.Context(), w.self(c, contact.ToPreferences), undo); !errors.Is(err, contact.ErrUndo) {
			t.Errorf("after the visit: %v, want ErrUndo", err)
		}
		if got := w.stored(c); got.Email.Permission != contact.Unsubscribed {
			t.Errorf("and they are %s", got.Email.Permission)
		}
	})
}

func TestReasonComesLater(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.create(person("ada@example.org", w.gold))
		w.optOut(c, "")
		w.optOut(c, "never asked for it")
		if got := w.stored(c).Email.OptOutReason; got != "never asked for it" {
			t.Errorf("the reason is %q", got)
		}
		w.optOut(c, strings.Repeat("ß", 2*contact.MaxOptOutReason))
		if got := w.stored(c).Email.OptOutReason; got != "never asked for it" {
			t.Errorf("the reason became %q", got)
		}
	})
}

func TestOptOutOfWhoIsOutAlready(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		removed := w.create(with(person("ada@example.org", w.gold), contact.Unsubscribed))
		if u := w.optOut(removed, ""); !u.IsZero() {
			t.Errorf("an opt-out by the account could be taken back by %+v", u)
		}
		if got := w.stored(removed); !got.Email.OptedOut() {
			t.Errorf("the opt-out is not the contact's own: %+v", got.Email)
		}
		deleted := w.create(person("bob@example.org", w.gold))
		w.remove(deleted)
		if u := w.optOut(deleted, ""); !u.IsZero() {
			t.Errorf("a deleted contact could be brought back by %+v", u)
		}
		if got := w.stored(deleted); !got.Email.OptedOut() || !got.Deleted() {
			t.Errorf("a deleted contact who opts out: %+v", got)
		}
	})
}

func TestChoose(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		other := w.list("Bronze")
		c := w.create(person("ada@example.org", w.gold, w.silver))
		was := w.stored(c).Email
		w.clock.Move(time.Minute)

		w.choose(c, w.silver, other) // which is not offered
		got := w.stored(c)
		if !slices.Equal(lists(got), []id.List{w.silver.ID}) || got.Email.Consent != was.Consent {
			t.Errorf("who leaves a list: on %v, %+v", got.Lists, got.Email)
		}
		rows := w.happened(c)
		w.choose(c, w.silver)
		if w.happened(c) != rows {
			t.Error("the same choice left rows")
		}

		p, err := w.contacts.Preferences(t.Context(), contact.Link{Purpose: contact.ToPreferences, Account: w.who.Account, Contact: c.ID})
		if err != nil || len(p.Lists) != 2 || p.Lists[0].Name != "Gold" || p.Lists[0].On || !p.Lists[1].On || !p.Subscribed() {
			t.Errorf("what is offered: %+v, %v", p, err)
		}

		w.choose(c, w.gold, w.silver)
		if got = w.stored(c); len(got.Lists) != 2 || got.Email.Permission != contact.Explicit {
			t.Errorf("who joins: on %v, %s", got.Lists, got.Email.Permission)
		}
		undo := w.choose(c)
		if got = w.stored(c); !got.Email.OptedOut() || len(got.Lists) > 0 || undo.IsZero() {
			t.Errorf("who chooses none: on %v, %+v, %+v", got.Lists, got.Email, undo)
		}
		w.clock.Move(2 * time.Hour)
		w.choose(c, w.gold)
		if got = w.stored(c); got.Email.Permission != contact.Explicit || got.Email.OptOutSource != contact.NoSource || len(got.Lists) != 1 {
			t.Errorf("who comes back: on %v, %+v", got.Lists, got.Email)
		}
		if got := w.ledger(c); got[0] != "public|unsubscribed|explicit|Contact|Yes, mail me." {
			t.Errorf("the ledger tells %q", got)
		}
	})
}

func TestChooseOfWhoWaitsOrWasDeleted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		waits := w.create(with(person("ada@example.org", w.gold), contact.Pending))
		w.choose(waits, w.gold)
		if got := w.stored(waits); got.Email.Permission != contact.Explicit || got.Email.Confirm != contact.Confirmed {
			t.Errorf("who waited: %+v", got.Email)
		}
		gone := w.create(person("bob@example.org", w.gold))
		w.choose(gone, w.gold)
		w.optOut(gone, "")
		w.remove(gone)
		w.choose(gone, w.gold)
		if got := w.stored(gone); got.Deleted() || got.Email.Permission != contact.Explicit || len(got.Lists) != 1 {
			t.Errorf("who was deleted: %+v", got)
		}
		if n := w.counted(change.Deleted, 0); n != 0 {
			t.Errorf("%d deleted contacts are counted", n)
		}
	})
}

func TestLinksAreForWhatTheySay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.create(person("ada@example.org", w.gold))
		for _, p := range []contact.Purpose{contact.ToConfirm, contact.ToReturn, contact.ToAddress} {
			if _, err := w.contacts.OptOut(t.Context(), w.self(c, p), ""); !errors.Is(err, contact.ErrPurpose) {
				t.Errorf("opting out by a link of purpose %d: %v", p, err)
			}
			if _, err := w.contacts.Choose(t.Context(), w.self(c, p), nil); !errors.Is(err, contact.ErrPurpose) {
				t.Errorf("choosing by a link of purpose %d: %v", p, err)
			}
		}
		if _, err := w.contacts.Choose(t.Context(), w.self(c, contact.ToUnsubscribe), nil); !errors.Is(err, contact.ErrPurpose) {
			t.Errorf("choosing by a link to unsubscribe: %v", err)
		}
		var origins int
		w.optOut(c, "")
		if err := w.s.View(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			h, err := tx.ContactHistory(ctx, w.who.Account, c.ID, page.Request{Limit: 10})
			for _, e := range h.Items {
				if e.Via == "public" && e.Operation == "page" && e.User == "" {
					origins++
				}
			}
			return err
		}); err != nil || origins != 3 { // permission, contact, membership
			t.Errorf("%d rows say that it was the contact, %v", origins, err)
		}
	})
}

func TestUndoText(t *testing.T) {
	t.Parallel()
	links := contact.NewLinks([]byte("0123456789abcdef0123456789abcdef"))
	u := contact.Undo{
		Account: 7, Contact: 3, At: time.UnixMilli(1_772_384_709_123).UTC(), Permission: contact.Pending, Confirm: contact.ConfirmPending,
	}
	for i := range contact.MaxLists {
		u.Lists = append(u.Lists, id.List(1_000_000+i))
	}
	text := links.Undo(u)
	got, err := links.ReadUndo(text)
	if err != nil || got.Contact != u.Contact || !got.At.Equal(u.At) || got.Permission != u.Permission || got.Confirm != u.Confirm || !slices.Equal(got.Lists, u.Lists) {
		t.Errorf("%+v came back as %+v, %v", u, got, err)
	}
	for name, bad := range map[string]string{
		"nothing":     "",
		"cut off":     text[:len(text)-2],
		"altered":     "b" + text[1:],
		"a link":      links.Text(contact.Link{Purpose: contact.ToPreferences, Account: 7, Contact: 3}),
		"endless":     strings.Repeat("a", 100_000),
		"another key": contact.NewLinks([]byte("another")).Undo(u),
	} {
		if _, err := links.ReadUndo(bad); !errors.Is(err, contact.ErrLink) {
			t.Errorf("%s: %v, want ErrLink", name, err)
		}
	}
	if links.Undo(contact.Undo{}) != "" {
		t.Error("nothing to take back has a text")
	}
}

func TestMyData(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.whole("xylophonia@example.org")
		d, err := w.contacts.MyData(t.Context(), w.self(c, contact.ToPreferences).Link)
		if err != nil {
			t.Fatal(err)
		}
		if d.Contact.FirstName != "Xylophonia" || len(d.Contact.Notes) != 1 || len(d.Contact.Addresses) != 1 || len(d.Contact.Phones) != 1 {
			t.Errorf("the contact is %+v", d.Contact)
		}
		if len(d.Fields) != 1 || d.Fields[0] != (contact.DataField{Label: "Nick", Value: "Quagmire"}) {
			t.Errorf("the fields are %+v", d.Fields)
		}
		if len(d.Mails) != 2 || d.Mails[0].Kind != "welcome" || d.Mails[0].To != "xylophonia@example.org" {
			t.Errorf("the mails are %+v", d.Mails)
		}
		if len(d.Seen) != 1 || d.Seen[0].Address != "203.0.113.77" || len(d.History) != 5 {
			t.Errorf("seen %+v, history %+v", d.Seen, d.History)
		}
		if _, err := w.contacts.MyData(t.Context(), w.self(c, contact.ToUnsubscribe).Link); !errors.Is(err, contact.ErrPurpose) {
			t.Errorf("by a link to unsubscribe: %v", err)
		}
		// More than is read at a time.
		for range 100 {
			w.choose(c, w.gold)
			w.choose(c)
		}
		if d, err = w.contacts.MyData(t.Context(), w.self(c, contact.ToPreferences).Link); err != nil || len(d.History) != w.happenedAll(c) {
			t.Errorf("%d entries, want %d, %v", len(d.History), w.happenedAll(c), err)
		}
	})
}

// happenedAll counts the rows of a contact's history in one page.
func (w *world) happenedAll(c contact.Contact) int {
	w.t.Helper()
	h, err := w.contacts.History(w.t.Context(), w.who, c.Ref(), page.Request{Limit: 10_000})
	if err != nil {
		w.t.Fatal(err)
	}
	return len(h.Items)
}

func TestOffers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		bronze := w.list("Bronze")
		c := w.create(person("ada@example.org", w.gold))
		sees := func() (names []string) {
			p, err := w.contacts.Preferences(t.Context(), w.self(c, contact.ToPreferences).Link)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range p.Lists {
				names = append(names, l.Name)
			}
			return names
		}
		offer := func(on bool) {
			for range 2 {
				if err := w.contacts.Offer(t.Context(), w.who, bronze.Ref(), on, nil); err != nil {
					t.Fatal(err)
				}
			}
		}
		if got := sees(); !slices.Equal(got, []string{"Gold"}) {
			t.Errorf("before: %v", got)
		}
		offer(true)
		if got, err := w.contacts.Offers(t.Context(), w.who); err != nil || !slices.Equal(got, []id.List{bronze.ID}) {
			t.Errorf("offered are %v, %v", got, err)
		}
		if got := sees(); !slices.Equal(got, []string{"Bronze", "Gold"}) {
			t.Errorf("offered: %v", got)
		}
		w.choose(c, bronze)
		if got := w.stored(c); !slices.Equal(lists(got), []id.List{bronze.ID}) || got.Email.Permission != contact.Explicit {
			t.Errorf("who joined it is on %v, %s", got.Lists, got.Email.Permission)
		}
		offer(false)
		if got := sees(); !slices.Equal(got, []string{"Bronze", "Gold"}) {
			t.Errorf("offered no more: %v, though they are on it", got)
		}
		if err := w.contacts.Offer(t.Context(), w.who, id.Ref[id.List]{Number: 99}, true, nil); !fault.Is(err, fault.NotFound) {
			t.Errorf("no list: %v", err)
		}
	})
}
