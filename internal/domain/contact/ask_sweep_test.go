package contact_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/contact"
)

// sweep looks at all asks that are due.
func (w *world) sweep() {
	w.t.Helper()
	for more := true; more; {
		var err error
		if more, err = w.contacts.SweepAsks(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestReminderAndEnd(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.posted()
		w.optIn(func(o *contact.OptIn) { o.Confirm, o.RemindAfter, o.ExpireAfter = true, 48*time.Hour, 96*time.Hour })
		w.signUp("ada@example.org", w.gold.Ref())
		first := w.one(b, contact.AskToConfirm)
		c := w.at("ada@example.org")

		w.clock.Move(48*time.Hour - time.Second)
		w.sweep()
		if all := b.take(); len(all) != 0 {
			t.Fatalf("before its time: %v", kinds(all))
		}
		w.clock.Move(time.Second)
		w.sweep()
		w.sweep()
		reminder := w.one(b, contact.Reminder)
		if reminder.Link != first.Link || reminder.To != first.To || reminder.List != w.gold.ID {
			t.Errorf("the reminder is %+v, want it as %+v", reminder, first)
		}
		if got := w.storySo(c, 1)[0]; got != "system contact.asked confirm_reminder:no_answer" {
			t.Errorf("the history tells %q", got)
		}
		w.clock.Move(48 * time.Hour)
		w.sweep()
		w.sweep()
		if got := w.storySo(c, 2); got[0] != "system contact.asked :no_answer" || got[1] == got[0] {
			t.Errorf("the history tells %q", got)
		}
		if _, err := w.press(first); !errors.Is(err, contact.ErrLinkEnded) {
			t.Errorf("an answer after the end: %v", err)
		}
		if got := w.stored(c); got.Email.Permission != contact.Pending {
			t.Errorf("without an answer they are %s", got.Email.Permission)
		}

		// The owner may ask once more, and does not remind.
		if _, err := w.contacts.Resubscribe(t.Context(), w.who, c.Ref(), opt.Some(refs(w.gold)), nil); err != nil {
			t.Fatal(err)
		}
		w.one(b, contact.AskToConfirm)
		w.clock.Move(72 * time.Hour)
		w.sweep()
		if all := b.take(); len(all) != 0 {
			t.Errorf("whom the owner asked was reminded: %v", kinds(all))
		}

		w.clock.Move(2 * contact.AskSpan)
		w.sweep() // over
		w.sweep() // and forgotten
		w.signUp("ada@example.org", w.gold.Ref())
		w.one(b, contact.AskToConfirm)
	})
}

// Who had opted out and does not answer is unsubscribed again, as before.
func TestNoAnswerOfWhoOptedOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.posted()
		out := w.become("U/C", "ada@example.org")
		w.clock.Move(time.Minute)
		if _, err := w.contacts.Resubscribe(t.Context(), w.who, out.Ref(), opt.Some(refs(w.silver)), nil); err != nil {
			t.Fatal(err)
		}
		w.one(b, contact.AskToConfirm)
		w.clock.Move(contact.DefaultOptIn().ExpireAfter)
		w.sweep()
		got := w.stored(out)
		if got.Email.Consent != out.Email.Consent {
			t.Errorf("now they are %+v, want %+v", got.Email.Consent, out.Email.Consent)
		}
		if n := w.counted(change.Contacts, int64(contact.Unsubscribed)); n != 1 {
			t.Errorf("%d counted as unsubscribed", n)
		}
		if got := w.storySo(out, 2); got[0] != "system permission.changed pending_confirmation>unsubscribed" || got[1] != "system contact.asked :no_answer" {
			t.Errorf("the history tells %q", got)
		}
	})
}

// What is about nothing any more is neither reminded nor told.
func TestAsksThatAreMoot(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.posted()
		w.optIn(func(o *contact.OptIn) { o.Confirm = true })
		var all []contact.Contact
		for _, name := range []string{"deleted", "left", "made", "moved", "answered"} {
			address := name + "@example.org"
			w.signUp(address, w.gold.Ref())
			letter, c := w.one(b, contact.AskToConfirm), w.at(address)
			switch name {
			case "deleted":
				w.remove(c)
			case "left":
				w.optOut(c, "")
			case "made":
				w.update(c, with(person(address), contact.Explicit))
			case "moved":
				w.clock.Move(time.Minute)
				c = w.update(c, person("new@example.org"))
				if again := w.one(b, contact.AskToConfirm); again.To != c.Email.Address {
					t.Errorf("who has another address is asked at %s", again.To)
				}
				if _, err := w.press(letter); !errors.Is(err, contact.ErrLinkEnded) {
					t.Errorf("an answer from the old address: %v", err)
				}
			case "answered":
				w.pressed(letter)
			}
			all = append(all, c)
		}
		b.take()
		before := make([]int, len(all))
		for i, c := range all {
			before[i] = w.happened(c)
		}
		w.clock.Move(contact.DefaultOptIn().ExpireAfter - time.Hour)
		w.sweep()
		if got := b.take(); len(got) != 0 {
			t.Errorf("reminded: %v", kinds(got))
		}
		for i, c := range all {
			if n := w.happened(c); n != before[i] {
				t.Errorf("%s: %d things happened, %d before", c.Email.Address, n, before[i])
			}
		}
	})
}

// failing is a Post that fails now and then, as a process does that dies
// between two letters.
type failing struct {
	box
	every, n int
}

func (f *failing) Queue(ctx context.Context, tx contact.Tx, a id.Account, l contact.Letter) error {
	if f.n++; f.n%f.every == 0 {
		return errors.New("killed")
	}
	return f.box.Queue(ctx, tx, a, l)
}

// Every reminder is sent once, whatever dies and whoever sweeps beside.
func TestRemindersOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.optIn(func(o *contact.OptIn) { o.Confirm = true })
		const people = 230
		for i := range people {
			w.signUp(fmt.Sprintf("p%d@example.org", i), w.gold.Ref())
		}
		w.clock.Move(contact.DefaultOptIn().RemindAfter)
		dying := &failing{every: 70}
		service := contact.New(w.s.Contacts(), contact.Options{Post: dying})
		if _, err := service.SweepAsks(t.Context()); err == nil {
			t.Fatal("the first batch did not die")
		}
		dying.take() // of a unit of work that was not kept
		boxes := []*box{{}, {}, {}}
		var wait sync.WaitGroup
		for _, b := range boxes {
			wait.Go(func() {
				s := contact.New(w.s.Contacts(), contact.Options{Post: b})
				for more := true; more; {
					var err error
					if more, err = s.SweepAsks(t.Context()); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wait.Wait()
		var got []string
		for _, b := range boxes {
			for _, l := range b.take() {
				got = append(got, l.To.Key())
			}
		}
		// A unit of work that runs again hands its letters over again; what is
		// kept is told by the history.
		slices.Sort(got)
		if n := len(slices.Compact(slices.Clone(got))); n != people || len(got) < people {
			t.Errorf("%d reminders to %d people, want one to each of %d", len(got), n, people)
		}
		for i := range people {
			tale := w.storySo(w.at(fmt.Sprintf("p%d@example.org", i)), 2)
			if tale[0] != "system contact.asked confirm_reminder:no_answer" || tale[1] == tale[0] {
				t.Fatalf("of person %d the history tells %q", i, tale)
			}
		}
	})
}
