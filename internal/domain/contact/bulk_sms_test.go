package contact_test

import (
	"slices"
	"testing"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/clock"
	"kith/internal/base/opt"
	"kith/internal/base/phone"
	"kith/internal/domain/contact"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

// A file brings numbers and states consent; it takes none away, brings nobody
// back, and takes no number from another contact.
func TestMergeNumbers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Settable) {
		w := newBulkWorld(t, s, 1, 0)
		contacts := contact.New(s.Contacts(), contact.Options{})
		day := time.Date(2026, 2, 3, 0, 0, 0, 0, time.UTC)
		row := func(address, last string, agreed bool) contact.Incoming {
			in := contact.Incoming{FirstName: "from a file"}
			if address != "" {
				in.Email = at(t, address)
			}
			if last != "" {
				in.SMS.Number = phone.Stored("120255501" + last)
			}
			if agreed {
				in.SMS.ConsentAt = day
			}
			return in
		}
		known := func(address, last string, p contact.Permission, by contact.Source) contact.Contact {
			ch := texting("120255501"+last, p)
			ch.Source, ch.Email = opt.Some(by), opt.Some(contact.EmailInput{Address: address})
			made, err := contacts.Create(t.Context(), w.who, ch, nil)
			if err != nil {
				t.Fatal(err)
			}
			return made
		}
		known("explicit@example.org", "01", contact.Explicit, contact.SourceAccount)
		known("unset@example.org", "02", contact.NotSet, contact.SourceAccount)
		known("out@example.org", "03", contact.Unsubscribed, contact.SourceAccount)
		known("left@example.org", "04", contact.Unsubscribed, contact.SourceContact)
		mover := known("mover@example.org", "05", contact.Explicit, contact.SourceAccount)
		gone := known("gone@example.org", "06", contact.Explicit, contact.SourceAccount)
		if err := contacts.Delete(t.Context(), w.who, gone.Ref()); err != nil {
			t.Fatal(err)
		}
		c.Move(time.Hour)
		results := w.merge(w.numbers(),
			row("explicit@example.org", "01", false), // keeps the consent
			row("unset@example.org", "02", true),     // agreed
			row("out@example.org", "03", true),       // is not brought back
			row("left@example.org", "14", true),      // keeps the number that says so
			row("mover@example.org", "15", false),    // has another number, and no consent for it
			row("new@example.org", "05", true),       // which is free by then
			row("", "16", true),                      // known by the number alone
			row("", "16", false),
			row("third@example.org", "01", true), // somebody else's
			row("", "06", true),                  // deleted
			row("none@example.org", "", true),
		)
		var sms []contact.SMSResult
		var outcomes []contact.Outcome
		for _, r := range results {
			sms, outcomes = append(sms, r.SMS), append(outcomes, r.Outcome)
		}
		if want := []contact.SMSResult{0, 0, 0, contact.SMSKept, 0, 0, 0, 0, contact.SMSOfAnother, 0, 0}; !slices.Equal(sms, want) {
			t.Errorf("of the numbers became %v, want %v", sms, want)
		}
		const made, merged = contact.Made, contact.Merged
		if want := []contact.Outcome{merged, merged, merged, merged, merged, made, made, merged, made, contact.WasDeleted, made}; !slices.Equal(outcomes, want) {
			t.Errorf("of the rows became %v, want %v", outcomes, want)
		}
		for _, c := range []struct {
			address, last string
			want          contact.Permission
			since         time.Time
		}{
			{"explicit@example.org", "01", contact.Explicit, storetest.Start},
			{"unset@example.org", "02", contact.Explicit, day},
			{"out@example.org", "03", contact.Unsubscribed, time.Time{}},
			{"left@example.org", "04", contact.Unsubscribed, time.Time{}},
			{"mover@example.org", "15", contact.NotSet, time.Time{}},
			{"new@example.org", "05", contact.Explicit, day},
		} {
			is := w.get(c.address).SMS
			if is.Number.Full() != "120255501"+c.last || is.Permission != c.want || c.want == contact.Explicit && !is.OptInAt.Equal(c.since) {
				t.Errorf("%s has %+v", c.address, is)
			}
		}
		for _, address := range []string{"third@example.org", "none@example.org"} {
			if is := w.get(address).SMS; is != nil {
				t.Errorf("%s has %+v", address, is)
			}
		}
		_, history, err := contacts.SMSHistory(t.Context(), w.who, mover.Ref())
		if err != nil || len(history) != 2 || history[0].Medium != contact.MediumFile || history[0].Becomes != contact.NotSet {
			t.Errorf("history %+v, %v", history, err)
		}
		world := &world{t: t, s: s, who: w.who}
		if n := world.counted(change.Contacts, int64(contact.NotSet)); n != 1 {
			t.Errorf("%d are known by a number alone, want 1", n)
		}
		if n, active := world.counted(change.Members, int64(w.lists[0].Number)), world.counted(change.ActiveMembers, int64(w.lists[0].Number)); n != 9 || active != 8 {
			t.Errorf("%d members and %d active, want 9 and 8", n, active)
		}
		// The same file again changes nothing.
		before := w.get("mover@example.org").UpdatedAt
		c.Move(time.Hour)
		w.merge(w.numbers(), row("mover@example.org", "15", false), row("", "16", true))
		if after := w.get("mover@example.org").UpdatedAt; after != before {
			t.Error("what was there already changed the contact")
		}
	})
}
