package contact_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"kith/internal/base/change"
	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/page"
	"kith/internal/domain/contact"
	"kith/internal/domain/message"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

func (w *world) erase(c contact.Contact) {
	w.t.Helper()
	if err := w.contacts.Erase(w.t.Context(), w.self(c, contact.ToPreferences)); err != nil {
		w.t.Fatalf("erase: %v", err)
	}
}

// merge brings an address in by a file, and returns what became of it.
func (w *world) merge(address string) (r contact.Result) {
	w.t.Helper()
	first, err := w.s.Numbers(w.t.Context(), w.who.Account, store.KindContact, 1)
	if err != nil {
		w.t.Fatal(err)
	}
	err = w.s.Bulk(w.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		all, err := contact.Merge(ctx, tx, w.who.Account, w.who.Origin(), []id.List{w.gold.ID},
			[]contact.Incoming{{Email: at(w.t, address)}}, func() id.Contact { return id.Contact(first) })
		if err == nil {
			r = all[0]
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// byAddress reads whoever has an address.
func (w *world) byAddress(address string) contact.Contact {
	w.t.Helper()
	var c contact.Contact
	if err := w.s.View(w.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		found, err := tx.ContactByAddress(ctx, w.who.Account, at(w.t, address))
		if err == nil {
			c, err = tx.ContactByRef(ctx, w.who.Account, found.Ref(), contact.IncludeAll)
		}
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return c
}

// secrets are what nobody may find any more.
var secrets = []string{"Xylophonia", "Quagmire", "xq-note-7731", "zanzibar-street", "4915112345678", "too.many.zebras", "203.0.113.77", "letter-to-xyl"}

func (w *world) whole(address string) contact.Contact {
	w.t.Helper()
	field, err := w.contacts.CreateField(w.t.Context(), w.who, contact.NewField{Label: "Nick", Type: contact.TypeString}, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	ch := person(address, w.gold, w.silver)
	ch.FirstName, ch.LastName = opt.Some("Xylophonia"), opt.Some("Quagmire")
	ch.Notes = opt.Some([]contact.NoteInput{{Content: "xq-note-7731"}})
	ch.Addresses = opt.Some([]contact.AddressInput{{Kind: contact.Home, Street: "zanzibar-street"}})
	ch.Phones = opt.Some([]contact.PhoneInput{{Kind: contact.Mobile, Number: "4915112345678"}})
	ch.Fields = opt.Some([]contact.FieldInput{{Field: field.Ref(), Value: "Quagmire"}})
	c := w.create(with(ch, contact.Explicit))
	err = w.s.Within(w.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, state := range []message.State{message.Kept, message.Sending} {
			if _, err := tx.InsertMail(ctx, message.Row{Mail: message.Mail{
				Account: w.who.Account, Contact: c.ID, Kind: "welcome", To: at(w.t, address), Subject: "letter-to-xyl", State: state,
			}, TextBody: []byte("Dear Quagmire")}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	self := w.self(c, contact.ToPreferences)
	self.Address = "203.0.113.77"
	if _, err := w.contacts.OptOut(w.t.Context(), self, "too.many.zebras"); err != nil {
		w.t.Fatal(err)
	}
	return c
}

func TestEraseLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const address = "xylophonia@example.org"
		c := w.whole(address)
		find := func() (found []string) {
			file := filepath.Join(t.TempDir(), "copy.db")
			if err := w.s.CopyTo(t.Context(), file); errors.Is(err, store.ErrNoCopy) {
				return nil // PostgreSQL: what follows is asked of both
			} else if err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			for _, s := range append(secrets, address) {
				if bytes.Contains(b, []byte(s)) {
					found = append(found, s)
				}
			}
			return found
		}
		if before := find(); before != nil && len(before) != len(secrets)+1 {
			t.Fatalf("the test would not find all of it: %q", before)
		}
		w.erase(c)
		if left := find(); len(left) > 0 {
			t.Errorf("still there: %q", left)
		}
		if _, err := w.contacts.Get(t.Context(), w.who, c.Ref(), contact.IncludeAll); !fault.Is(err, fault.NotFound) {
			t.Errorf("the contact: %v, want not found", err)
		}
		for what, ref := range map[change.Tally]int64{
			change.Members: int64(w.gold.ID), change.Contacts: int64(contact.Unsubscribed), change.Deleted: 0,
		} {
			if n := w.counted(what, ref); n != 0 {
				t.Errorf("tally %d counts %d", what, n)
			}
		}
		// Once more, by the same link.
		if err := w.contacts.Erase(t.Context(), w.self(c, contact.ToPreferences)); !fault.Is(err, fault.NotFound) {
			t.Errorf("again: %v, want not found", err)
		}
		if _, err := w.contacts.OptOut(t.Context(), w.self(c, contact.ToUnsubscribe), ""); !fault.Is(err, fault.NotFound) {
			t.Errorf("an opt-out afterwards: %v, want not found", err)
		}
	})
}

func TestEraseTellsWithoutNames(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.create(person("ada@example.org", w.gold))
		w.erase(c)
		if err := w.s.View(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			h, err := tx.ContactHistory(ctx, w.who.Account, c.ID, page.Request{Limit: 10})
			if err != nil {
				return err
			}
			e := h.Items[0]
			if e.Kind != contact.PermissionChanged || e.From != contact.Implicit || e.To != contact.Unsubscribed || e.Via != "public" || e.Reason+e.Shown != "" {
				t.Errorf("the ledger tells %+v", e)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// Who comes back after everything was erased: never by somebody else's doing.
func TestErasedStayOut(t *testing.T) {
	const address = "ada@example.org"
	for name, comes := range map[string]func(t *testing.T, w *world){
		"by a call that would mail them": func(t *testing.T, w *world) {
			for _, p := range []contact.Permission{contact.NoPermission, contact.Implicit, contact.Explicit, contact.Pending} {
				ch := person(address, w.gold)
				if p != contact.NoPermission {
					ch = with(ch, p)
				}
				_, err := w.contacts.Create(t.Context(), w.who, ch, nil)
				if !errors.Is(err, contact.ErrUnsubscribed) || !slices.Equal(problems(err), []string{"email_address.permission_to_send unsubscribed"}) {
					t.Errorf("as %s: %v %q", p, err, problems(err))
				}
			}
		},
		"by a call that says they are unsubscribed": func(t *testing.T, w *world) {
			c := w.create(with(person(address, w.gold), contact.Unsubscribed))
			if !c.Email.OptedOut() || c.Email.Permission != contact.Unsubscribed {
				t.Errorf("they are %+v", c.Email)
			}
		},
		"by a call that gives another contact the address": func(t *testing.T, w *world) {
			bob := w.create(person("bob@example.org", w.gold))
			_, err := w.contacts.Update(t.Context(), w.who, bob.Ref(), person(address, w.gold), nil)
			if !errors.Is(err, contact.ErrUnsubscribed) {
				t.Errorf("%v, want ErrUnsubscribed", err)
			}
		},
		"by a file": func(t *testing.T, w *world) {
			if r := w.merge(address); r.Outcome != contact.Made || !r.NotAdded {
				t.Errorf("the row's result is %+v", r)
			}
			c := w.byAddress(address)
			if !c.Email.OptedOut() || c.Email.Permission != contact.Unsubscribed || len(c.Lists) > 0 {
				t.Errorf("they are %+v on %v", c.Email, c.Lists)
			}
			if got := w.ledger(c); !slices.Equal(got, []string{"api||unsubscribed|Contact|"}) && !slices.Equal(got, []string{"||unsubscribed|Contact|"}) {
				t.Errorf("the ledger tells %q", got)
			}
			if n := w.counted(change.Contacts, int64(contact.Unsubscribed)); n != 1 {
				t.Errorf("%d unsubscribed contacts are counted", n)
			}
		},
		"by a visitor of a form": func(t *testing.T, w *world) {
			_, err := w.contacts.VisitorAdds(t.Context(), w.who, contact.Change{
				Email: opt.Some(contact.EmailInput{Address: address}), Lists: opt.Some(refs(w.gold)),
			}, contact.Visit{}, nil)
			c := w.byAddress(address)
			if err != nil || c.Email.Permission != contact.Pending || !c.Email.OptedOut() {
				t.Errorf("they are %+v, %v", c.Email, err)
			}
		},
		"by their own act": func(t *testing.T, w *world) {
			up := w.signUp(address, w.gold.Ref())
			c := w.byAddress(address)
			if !up.Made || c.Email.Permission != contact.Explicit || c.Email.OptOutSource != contact.NoSource {
				t.Errorf("they are %+v", c.Email)
			}
			// That they were erased is forgotten with it.
			if err := w.s.View(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				found, err := tx.Erased(ctx, w.who.Account, []email.Address{at(t, address)})
				if len(found) > 0 {
					t.Errorf("still known as erased: %v", found)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		},
		"into another account": func(t *testing.T, w *world) {
			if _, err := w.contacts.Create(t.Context(), storetest.Owner(8), person(address), nil); err != nil {
				t.Errorf("another account: %v", err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				w.erase(w.create(person(address, w.gold)))
				comes(t, w)
			})
		})
	}
}
