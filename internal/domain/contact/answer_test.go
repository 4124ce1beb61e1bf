package contact_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/page"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
)

func (w *world) visit(address string, v contact.Visit, lists ...list.List) {
	w.t.Helper()
	if _, err := w.contacts.VisitorAdds(w.t.Context(), w.who, person(address, lists...), v, nil); err != nil {
		w.t.Fatal(err)
	}
}

// one returns the letter that was queued, and fails unless it is one of a kind.
func (w *world) one(b *box, kind contact.LetterKind) contact.Letter {
	w.t.Helper()
	all := b.take()
	if len(all) != 1 || all[0].Kind != kind {
		w.t.Fatalf("got %d letters %v, want one %s", len(all), kinds(all), kind)
	}
	return all[0]
}

func kinds(all []contact.Letter) (k []contact.LetterKind) {
	for _, l := range all {
		k = append(k, l.Kind)
	}
	return k
}

// press answers a letter's ask as the page does.
func (w *world) press(l contact.Letter, choose ...id.UID) (contact.Answered, error) {
	w.t.Helper()
	picked := opt.Value[[]id.UID]{}
	if len(choose) > 0 {
		picked = opt.Some(choose)
	}
	return w.contacts.Answer(w.t.Context(), contact.Self{
		Link: l.Link, Address: "192.0.2.7", Operation: "confirm", Shown: "Yes, mail me.",
	}, picked)
}

func (w *world) pressed(l contact.Letter, choose ...id.UID) contact.Answered {
	w.t.Helper()
	a, err := w.press(l, choose...)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// storySo is what the history tells, the newest first.
func (w *world) storySo(c contact.Contact, n int) (told []string) {
	w.t.Helper()
	of, err := w.contacts.History(w.t.Context(), w.who, c.Ref(), page.Request{Limit: n})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range of.Items {
		line := e.Via + " " + string(e.Kind)
		if e.Kind == contact.PermissionChanged {
			line += " " + e.From.String() + ">" + e.To.String() + " " + e.Shown
		}
		if e.Why != "" {
			line += " " + string(e.Mail) + ":" + string(e.Why)
		}
		told = append(told, strings.TrimSpace(line))
	}
	return told
}

func TestConfirming(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.posted()
		w.optIn(func(o *contact.OptIn) { o.Confirm, o.Language = true, "nl" })
		w.signUp("ada@example.org", w.gold.Ref())
		letter := w.one(b, contact.AskToConfirm)
		if letter.Language != "" || letter.List != w.gold.ID || letter.Link.Purpose != contact.ToConfirm {
			t.Errorf("the letter is %+v", letter)
		}
		q, err := w.contacts.Question(t.Context(), letter.Link)
		if err != nil || !q.Lives() || len(q.Asked) != 1 || q.Asked[0].Name != "Gold" || q.Contact.Email.Permission != contact.Pending {
			t.Errorf("the page shows %+v, %v", q, err)
		}
		if got := w.at("ada@example.org"); got.Email.Permission != contact.Pending || got.Email.Confirm != contact.ConfirmPending {
			t.Errorf("a look at the page made them %+v", got.Email.Consent)
		}

		w.clock.Move(time.Hour)
		// The button is pressed twice at once, and again later.
		var wait sync.WaitGroup
		for range 2 {
			wait.Go(func() {
				if _, err := w.press(letter); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if done := w.pressed(letter); !done.Already || done.Contact.Email.Confirm != contact.Confirmed {
			t.Errorf("pressed again: %+v", done)
		}
		w.one(b, contact.Welcome)
		c := w.at("ada@example.org")
		if c.Email.Permission != contact.Explicit || c.Email.Confirm != contact.Confirmed || !c.Email.OptInAt.Equal(w.clock.Now()) {
			t.Errorf("who confirmed is %+v", c.Email.Consent)
		}
		if got, want := w.storySo(c, 2), []string{
			"public permission.changed pending_confirmation>explicit Yes, mail me.", "public contact.updated welcome:confirmed",
		}; !slices.Equal(got, want) {
			t.Errorf("the history tells\n%q, want\n%q", got, want)
		}

		// Welcome is once ever: not after they were deleted, nor after leaving.
		w.remove(c)
		w.clock.Move(48 * time.Hour)
		w.signUp("ada@example.org", w.gold.Ref())
		w.pressed(w.one(b, contact.AskToConfirm))
		if all := b.take(); len(all) != 0 {
			t.Errorf("who came back got %v", kinds(all))
		}
	})
}

// Who signs up again before they have confirmed is asked once more only after
// a day; the old letter's button does what the new one's does.
func TestAskedAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.posted()
		w.optIn(func(o *contact.OptIn) { o.Confirm = true })
		w.signUp("ada@example.org", w.gold.Ref())
		first := w.one(b, contact.AskToConfirm)
		w.clock.Move(contact.AskRest - time.Minute)
		w.signUp("ada@example.org", w.silver.Ref())
		if all := b.take(); len(all) != 0 {
			t.Fatalf("asked again within a day: %v", kinds(all))
		}
		if got := w.storySo(w.at("ada@example.org"), 1); got[0] != "api membership.added :asked_recently" {
			t.Errorf("the history tells %q", got)
		}
		w.clock.Move(time.Minute)
		w.signUp("ada@example.org", w.silver.Ref())
		second := w.one(b, contact.AskToConfirm)
		if first.Link == second.Link {
			t.Error("the second letter has the link of the first")
		}
		if done := w.pressed(first); done.Already || int64(done.Ask.ID) != second.Link.Ref || len(done.Ask.Lists) != 2 {
			t.Errorf("the first letter's button: %+v", done)
		}
		if done := w.pressed(second); !done.Already {
			t.Errorf("the second letter's, after it: %+v", done)
		}
		w.one(b, contact.Welcome)
	})
}

func TestNobodyIsPestered(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.posted()
		c := w.become("U/C", "ada@example.org")
		n := 0
		for range 40 * 4 { // forty days, every six hours
			w.visit("ada@example.org", contact.Visit{}, w.gold)
			w.clock.Move(6 * time.Hour)
			n += len(b.take())
		}
		if n != 2*contact.MaxAsks {
			t.Errorf("%d mails in forty days, want five in each thirty", n)
		}
		got := w.stored(c)
		if got.Email.Permission != contact.Unsubscribed || len(got.Lists) != 1 || got.Lists[0].Number != w.gold.ID || !got.UpdatedAt.Equal(c.UpdatedAt) {
			t.Errorf("and they are %+v", got)
		}
	})
}

func TestReturning(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.posted()
		out := w.become("U/C", "ada@example.org")
		w.visit("ada@example.org", contact.Visit{Form: 3, Language: "fr", Shown: "I want news."}, w.silver, w.gold)
		letter := w.one(b, contact.AskToReturn)
		if letter.Language != "fr" || letter.Link.Purpose != contact.ToReturn || letter.Contact.ID != out.ID {
			t.Errorf("the letter is %+v", letter)
		}
		if got := w.stored(out); got.Email.Consent != out.Email.Consent || len(got.Lists) != 1 {
			t.Errorf("before the answer they are %+v on %v", got.Email.Consent, got.Lists)
		}
		w.clock.Move(time.Minute)
		w.pressed(letter, w.silver.UID, id.UID{1})
		got := w.stored(out)
		if got.Email.Permission != contact.Explicit || got.Email.OptedOut() || len(got.Lists) != 2 {
			t.Errorf("who returned is %+v on %v", got.Email.Consent, got.Lists)
		}
		if all := b.take(); len(all) != 0 {
			t.Errorf("who was known before got %v", kinds(all))
		}
		if tale := w.storySo(out, 2); tale[0] != "public permission.changed unsubscribed>explicit Yes, mail me." || tale[1] != "public membership.added" {
			t.Errorf("the history tells %q", tale)
		}
	})
}

// A form leaves who is known alone; the mail's button does what the form asked
// for.
func TestAFormChangesNobody(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.posted()
		c := w.create(person("ada@example.org", w.gold))
		ch := person("ada@example.org", w.silver)
		ch.FirstName = opt.Some("Mallory")
		if _, err := w.contacts.VisitorAdds(t.Context(), w.who, ch, contact.Visit{Stays: true}, nil); err != nil {
			t.Fatal(err)
		}
		if got := w.stored(c); got.FirstName != "" || len(got.Lists) != 1 || got.Email.Permission != contact.Implicit {
			t.Errorf("the form made them %+v", got)
		}
		w.pressed(w.one(b, contact.AskToReturn))
		if got := w.stored(c); got.FirstName != "" || len(got.Lists) != 2 || got.Email.Permission != contact.Explicit {
			t.Errorf("their answer made them %+v", got)
		}
	})
}

func TestLinksThatEnd(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.posted()
		w.optIn(func(o *contact.OptIn) { o.Confirm = true })
		ask := func(address string) (contact.Contact, contact.Letter) {
			t.Helper()
			w.signUp(address, w.gold.Ref())
			return w.at(address), w.one(b, contact.AskToConfirm)
		}
		wantEnded := func(name string, l contact.Letter) {
			t.Helper()
			if _, err := w.press(l); !errors.Is(err, contact.ErrLinkEnded) {
				t.Errorf("%s: %v, want the link's end", name, err)
			}
		}
		late, lateLetter := ask("late@example.org")
		gone, goneLetter := ask("gone@example.org")
		w.remove(gone)
		wantEnded("deleted", goneLetter)
		left, leftLetter := ask("left@example.org")
		w.optOut(left, "")
		wantEnded("opted out", leftLetter)
		if got := w.stored(left); got.Email.Permission != contact.Unsubscribed {
			t.Errorf("who had opted out is %s", got.Email.Permission)
		}
		forged := lateLetter
		forged.Link.Contact = left.ID
		wantEnded("somebody else's ask", forged)
		forged = lateLetter
		forged.Link.Purpose = contact.ToReturn
		wantEnded("an ask of another kind", forged)
		w.clock.Move(contact.DefaultOptIn().ExpireAfter)
		wantEnded("late", lateLetter)
		if got := w.stored(late); got.Email.Permission != contact.Pending {
			t.Errorf("who was late is %s", got.Email.Permission)
		}
		if _, err := w.contacts.Answer(t.Context(), w.self(late, contact.ToPreferences), opt.Value[[]id.UID]{}); !errors.Is(err, contact.ErrPurpose) {
			t.Errorf("a link for something else: %v", err)
		}
		if all := b.take(); len(all) != 0 {
			t.Errorf("letters %v", kinds(all))
		}
	})
}

func TestChangingTheAddress(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.posted()
		c := w.create(person("ada@example.org", w.gold))
		other := w.create(person("taken@example.org"))
		change := func(to string) error {
			return w.contacts.ChangeAddress(t.Context(), w.self(c, contact.ToPreferences), to)
		}
		w.clock.Move(time.Minute)
		if err := change("Lovelace@Example.org"); err != nil {
			t.Fatal(err)
		}
		letter := w.one(b, contact.AskAddress)
		if letter.To.Key() != "lovelace@example.org" || letter.Contact.Email.Address.Key() != "ada@example.org" {
			t.Errorf("the letter is to %s about %s", letter.To, letter.Contact.Email.Address)
		}
		if got := w.storySo(c, 1)[0]; got != "public contact.asked confirm_address:own_act" {
			t.Errorf("the history tells %q", got)
		}
		w.pressed(letter)
		if got := w.stored(c); got.Email.Address.Key() != "lovelace@example.org" || got.Email.Permission != contact.Implicit {
			t.Errorf("now they are %+v", got.Email)
		}
		if done := w.pressed(letter); !done.Already {
			t.Errorf("pressed again: %+v", done)
		}

		// That an address is somebody's is told to its owner alone.
		if err := change(other.Email.Address.String()); err != nil {
			t.Errorf("to one that is taken: %v", err)
		}
		taken := w.one(b, contact.AskAddress)
		if _, err := w.press(taken); !errors.Is(err, contact.ErrAddressTaken) {
			t.Errorf("an answer for an address that is taken: %v", err)
		}
		wantProblems(t, "no address", change("nonsense"), "address invalid")
		for err := error(nil); err == nil; err = change("more@example.org") {
			if len(b.take()) > contact.MaxAsks {
				t.Fatal("no end of mails")
			}
		}
		if err := change("more@example.org"); !errors.Is(err, contact.ErrAsked) {
			t.Errorf("one too many: %v", err)
		}
		// The taken one's link is of a question that a later one took the place of.
		if _, err := w.press(taken); !errors.Is(err, contact.ErrLinkEnded) {
			t.Errorf("an old letter to another address: %v", err)
		}
		w.optOut(c, "")
		if err := change("more@example.org"); !errors.Is(err, contact.ErrUnsubscribed) {
			t.Errorf("of one who opted out: %v", err)
		}
		gone := w.self(c, contact.ToPreferences)
		gone.Link.Contact = 1 << 40
		if err := w.contacts.ChangeAddress(t.Context(), gone, "x@example.org"); !fault.Is(err, fault.NotFound) {
			t.Errorf("of nobody: %v", err)
		}
	})
}

// One list that wants it is enough to be asked, or to be welcomed.
func TestListsSayOtherwise(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.posted()
		set := func(l list.List, confirm, welcome opt.Value[bool]) {
			t.Helper()
			if _, err := w.contacts.SetListOptIn(t.Context(), w.who, l.Ref(), contact.ListOptIn{Confirm: confirm, Welcome: welcome}, nil); err != nil {
				t.Fatal(err)
			}
		}
		var as opt.Value[bool]
		set(w.silver, opt.Some(true), as)
		w.signUp("a@example.org", w.gold.Ref())
		w.one(b, contact.Welcome)
		w.signUp("b@example.org", w.gold.Ref(), w.silver.Ref())
		if l := w.one(b, contact.AskToConfirm); l.List != w.silver.ID {
			t.Errorf("who is asked because of a list is asked in the words of list %d", l.List)
		}

		set(w.silver, opt.Some(false), opt.Some(false))
		w.optIn(func(o *contact.OptIn) { o.Confirm = true })
		w.signUp("c@example.org", w.silver.Ref())
		if all := b.take(); len(all) != 0 || w.at("c@example.org").Email.Permission != contact.Explicit {
			t.Errorf("a list that asks nobody and welcomes nobody: %v", kinds(all))
		}
		if got := w.storySo(w.at("c@example.org"), 2)[1]; got != "api contact.created :welcome_off" {
			t.Errorf("the history tells %q", got)
		}
		w.signUp("d@example.org", w.gold.Ref(), w.silver.Ref())
		w.pressed(w.one(b, contact.AskToConfirm))
		w.one(b, contact.Welcome)

		got, err := w.contacts.ListOptIn(t.Context(), w.who, w.silver.Ref())
		if err != nil || got != (contact.ListOptIn{List: w.silver.ID, Confirm: opt.Some(false), Welcome: opt.Some(false)}) {
			t.Errorf("the list's settings are %+v, %v", got, err)
		}
		set(w.silver, as, as)
		if got, err = w.contacts.ListOptIn(t.Context(), w.who, w.silver.Ref()); err != nil || !got.IsZero() {
			t.Errorf("taken back they are %+v, %v", got, err)
		}
		if _, err := w.contacts.ListOptIn(t.Context(), w.who, id.Ref[id.List]{Number: 99}); !fault.Is(err, fault.NotFound) {
			t.Errorf("of no list: %v", err)
		}
		bad := contact.OptIn{Language: "xx", RemindAfter: time.Hour}
		_, err = w.contacts.SetOptIn(t.Context(), w.who, bad, nil)
		wantProblems(t, "settings that cannot be", err, "language invalid", "expire_after_hours invalid", "remind_after_hours invalid")
	})
}

// Who answers a mail has an address that works: that is told, once.
func TestAnAnswerTellsThatTheAddressWorks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.posted()
		w.optIn(func(o *contact.OptIn) { o.Confirm = true })
		w.signUp("ada@example.org", w.gold.Ref())
		letter := w.one(b, contact.AskToConfirm)
		var told []string
		w.contacts = contact.New(w.s.Contacts(), contact.Options{Post: b, Reached: func(_ context.Context, tx contact.Tx, a id.Account, c id.Contact, address email.Address, by change.Origin) error {
			if a != w.who.Account || c != letter.Contact.ID || tx == nil {
				t.Errorf("told of contact %d of account %d", c, a)
			}
			told = append(told, address.String()+" "+by.Via+" "+by.Operation)
			return nil
		}})
		w.pressed(letter)
		w.pressed(letter)
		if !slices.Equal(told, []string{"ada@example.org public confirm"}) {
			t.Errorf("told %q", told)
		}
	})
}
