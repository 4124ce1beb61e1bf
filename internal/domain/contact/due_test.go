package contact_test

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/page"
	"kith/internal/domain/contact"
	"kith/internal/store"
)

// box is a Post that remembers letters. A unit of work that runs again queues
// again, so what it holds is told apart by the unit's end: see take.
type box struct {
	mu      sync.Mutex
	letters []contact.Letter
}

func (b *box) Queue(_ context.Context, _ contact.Tx, _ id.Account, l contact.Letter) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.letters = append(b.letters, l)
	return nil
}

// take returns the letters since the last time.
func (b *box) take() []contact.Letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := b.letters
	b.letters = nil
	return all
}

// posted gives the world a service that posts to a box.
func (w *world) posted() *box {
	b := &box{}
	w.contacts = contact.New(w.s.Contacts(), contact.Options{Post: b})
	return b
}

func (w *world) optIn(change func(*contact.OptIn)) {
	w.t.Helper()
	o := contact.DefaultOptIn()
	change(&o)
	if _, err := w.contacts.SetOptIn(w.t.Context(), w.who, o, nil); err != nil {
		w.t.Fatal(err)
	}
}

// become makes a contact of a former state, by what really leads there; it
// returns the zero Contact for "new".
func (w *world) become(state, address string) contact.Contact {
	w.t.Helper()
	if state == "new" {
		return contact.Contact{}
	}
	p := map[string]contact.Permission{"explicit": contact.Explicit, "not_set": contact.NotSet}[state]
	if p == contact.NoPermission {
		p = contact.Implicit
	}
	if state == "pending" {
		w.optIn(func(o *contact.OptIn) { o.Confirm = true })
		if _, err := w.contacts.SignUp(w.t.Context(), w.who, person(address, w.gold), nil); err != nil {
			w.t.Fatal(err)
		}
		return w.at(address)
	}
	c := w.create(with(person(address, w.gold), p))
	leave := func(by contact.Source) {
		ch := with(person(address), contact.Unsubscribed)
		ch.Source = opt.Some(by)
		c = w.update(c, ch)
	}
	switch state {
	case "U/A":
		leave(contact.SourceAccount)
	case "U/C", "P/C", "deleted U/C":
		leave(contact.SourceContact)
	}
	switch state {
	case "P/C":
		var err error
		if c, err = w.contacts.Resubscribe(w.t.Context(), w.who, c.Ref(), opt.Some(refs(w.gold)), nil); err != nil {
			w.t.Fatal(err)
		}
	case "deleted", "deleted U/C":
		w.remove(c)
	case "erased":
		if err := w.contacts.Erase(w.t.Context(), w.self(c, contact.ToPreferences)); err != nil {
			w.t.Fatal(err)
		}
	}
	return c
}

// at returns the contact that has an address, also a deleted one.
func (w *world) at(address string) (c contact.Contact) {
	w.t.Helper()
	of, err := w.contacts.List(w.t.Context(), w.who, contact.Filter{Email: address, Statuses: contact.StatusAll}, contact.IncludeAll, page.Request{Limit: 2})
	if err != nil || len(of.Items) != 1 {
		w.t.Fatalf("%d contacts at %s: %v", len(of.Items), address, err)
	}
	return of.Items[0]
}

// comeIn are the ways in which the contact of an address comes to the list
// Silver.
var comeIn = []struct {
	name string
	do   func(w *world, c contact.Contact, address string) error
}{
	{"POST, Account", func(w *world, _ contact.Contact, address string) error {
		_, err := w.contacts.Create(w.t.Context(), w.who, person(address, w.silver), nil)
		return err
	}},
	{"POST, Contact", func(w *world, _ contact.Contact, address string) error {
		ch := person(address, w.silver)
		ch.Source = opt.Some(contact.SourceContact)
		_, err := w.contacts.Create(w.t.Context(), w.who, ch, nil)
		return err
	}},
	{"PUT, Account", func(w *world, c contact.Contact, address string) error {
		_, err := w.contacts.Update(w.t.Context(), w.who, c.Ref(), person(address, w.silver), nil)
		return err
	}},
	{"PUT, Account, explicit", func(w *world, c contact.Contact, address string) error {
		_, err := w.contacts.Update(w.t.Context(), w.who, c.Ref(), with(person(address, w.silver), contact.Explicit), nil)
		return err
	}},
	{"PUT, Account, pending", func(w *world, c contact.Contact, address string) error {
		_, err := w.contacts.Update(w.t.Context(), w.who, c.Ref(), with(person(address, w.silver), contact.Pending), nil)
		return err
	}},
	{"PUT, Contact", func(w *world, c contact.Contact, address string) error {
		ch := person(address, w.silver)
		ch.Source = opt.Some(contact.SourceContact)
		_, err := w.contacts.Update(w.t.Context(), w.who, c.Ref(), ch, nil)
		return err
	}},
	{"lists added", func(w *world, c contact.Contact, _ string) error {
		_, err := w.contacts.AddLists(w.t.Context(), w.who, c.Ref(), opt.Some(refs(w.silver)), nil)
		return err
	}},
	{"resubscribe", func(w *world, c contact.Contact, _ string) error {
		_, err := w.contacts.Resubscribe(w.t.Context(), w.who, c.Ref(), opt.Some(refs(w.silver)), nil)
		return err
	}},
	{"sign_up_form", func(w *world, _ contact.Contact, address string) error {
		_, err := w.contacts.SignUp(w.t.Context(), w.who, person(address, w.silver), nil)
		return err
	}},
	{"visitor", func(w *world, _ contact.Contact, address string) error {
		_, err := w.contacts.VisitorAdds(w.t.Context(), w.who, person(address, w.silver), contact.Visit{}, nil)
		return err
	}},
	{"form page", func(w *world, _ contact.Contact, address string) error {
		_, err := w.contacts.VisitorAdds(w.t.Context(), w.who, person(address, w.silver), contact.Visit{Form: 4, Stays: true}, nil)
		return err
	}},
	{"import", func(w *world, _ contact.Contact, address string) error {
		number, err := w.s.Contacts().ContactNumber(w.t.Context(), w.who.Account)
		if err != nil {
			return err
		}
		to, err := email.Parse(address)
		if err != nil {
			return err
		}
		return w.s.Bulk(w.t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := contact.Merge(ctx, tx, w.who.Account, w.who.Origin(), []id.List{w.silver.ID}, []contact.Incoming{{Email: to}},
				func() id.Contact { return number })
			return err
		})
	}},
	{"bulk", func(w *world, c contact.Contact, _ string) error {
		return w.s.Bulk(w.t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := contact.JoinGroups(ctx, tx, w.who.Account, w.who.Origin(), []contact.Group{{List: w.silver.ID}}, []id.Contact{c.ID}, true)
			return err
		})
	}},
}

// outcome writes down what became of a contact: the permission, whether they
// are on the list, the letter, and why. What is not told by the history at the
// present moment did not happen.
func (w *world) outcome(b *box, address string, err error) string {
	w.t.Helper()
	if err != nil {
		if f := fault.Of(err); f.Kind == fault.Invalid || f.Kind == fault.Conflict {
			return "refused"
		}
		w.t.Fatal(err)
	}
	c := w.at(address)
	of, err := w.contacts.History(w.t.Context(), w.who, c.Ref(), page.Request{Limit: 5})
	if err != nil {
		w.t.Fatal(err)
	}
	var mail, why, told string
	for _, e := range of.Items {
		if e.Why != "" && e.At.Equal(w.clock.Now()) {
			told, why = string(e.Mail), string(e.Why)
		}
	}
	for _, l := range b.take() {
		if l.To.Key() != address || l.Contact.ID != c.ID || mail != "" {
			w.t.Errorf("a letter to %s about contact %d, want one to %s about %d", l.To, l.Contact.ID, address, c.ID)
		}
		mail = string(l.Kind)
	}
	if mail != told {
		w.t.Errorf("%s: the letter is %q, the history tells %q", address, mail, told)
	}
	is := short(c.Email.Consent)
	if c.Deleted() {
		is = "D"
	}
	for _, l := range c.Lists {
		if l.Number == w.silver.ID {
			is += " on"
		}
	}
	if why == "" {
		return is
	}
	return fmt.Sprintf("%s %s (%s)", is, cmp.Or(mail, "-"), why)
}

//go:embed testdata/mails.txt
var mails string

func TestWhoGetsWhichMail(t *testing.T) {
	ways := map[string]func(w *world, c contact.Contact, address string) error{}
	for _, in := range comeIn {
		ways[in.name] = in.do
	}
	each(t, func(t *testing.T, w *world) {
		b, n := w.posted(), 0
		cells := 0
		var states []string
		for line := range strings.Lines(mails) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			row := strings.Split(strings.TrimRight(line, "\n"), "|")
			for i := range row {
				row[i] = strings.TrimSpace(row[i])
			}
			if states == nil {
				states = row[2:]
				continue
			}
			do := ways[row[0]]
			if do == nil {
				t.Fatalf("no way in is called %q", row[0])
			}
			for setting := range strings.SplitSeq(row[1], ", ") {
				for i, state := range states {
					if row[2+i] == "" {
						continue // of nobody who is not there
					}
					n++
					address := fmt.Sprintf("p%d@example.org", n)
					c := w.become(state, address)
					w.optIn(func(o *contact.OptIn) { o.Confirm = setting == "on" })
					w.clock.Move(25 * time.Hour)
					b.take()
					if got := w.outcome(b, address, do(w, c, address)); got != row[2+i] {
						t.Errorf("%s, confirmed opt-in %s, of one who was %s: %s; want %s", row[0], setting, state, got, row[2+i])
					}
					cells++
				}
			}
		}
		// Seven ways are not of somebody who is not there: new, or erased.
		if want := 2 * (len(comeIn)*len(states) - 2*7); cells != want {
			t.Errorf("the table has %d cells, want %d: one for each way in, former state and setting", cells, want)
		}
	})
}
