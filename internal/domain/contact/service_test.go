package contact_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kith/internal/base/change"
	"kith/internal/base/date"
	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/store/storetest"
)

// same compares contacts with what they hold.
func same(t *testing.T, name string, got, want contact.Contact) {
	t.Helper()
	if d := cmp.Diff(want, got, cmp.Comparer(func(a, b email.Address) bool { return a == b }), cmp.Comparer(func(a, b id.UID) bool { return a == b })); d != "" {
		t.Errorf("%s (-want +got):\n%s", name, d)
	}
}

func whole(w *world) contact.Change {
	return contact.Change{
		Source:        opt.Some(contact.SourceContact),
		Email:         opt.Some(contact.EmailInput{Address: " Ana@Example.ORG ", Permission: opt.Some(contact.Explicit)}),
		FirstName:     opt.Some(" Ana "),
		LastName:      opt.Some("Ruíz"),
		JobTitle:      opt.Some("Smith"),
		CompanyName:   opt.Some("Forge & Co"),
		BirthdayMonth: opt.Some(2),
		BirthdayDay:   opt.Some(29),
		Anniversary:   opt.Some("03/14/2019"),
		Phones: opt.Some([]contact.PhoneInput{
			{Number: "+34 600 000 000", Kind: contact.Mobile}, {Number: "", Kind: contact.Work}, {Number: "1", Kind: contact.Home},
		}),
		Addresses: opt.Some([]contact.AddressInput{{}, {Kind: contact.Home, Street: "Calle 1", City: "Vigo", PostalCode: "36201", Country: "ES"}}),
		// Each list twice, in the wrong order.
		Lists: opt.Some(append(refs(w.silver, w.gold), id.Ref[id.List]{Number: w.silver.ID}, w.gold.Ref())),
		Notes: opt.Some([]contact.NoteInput{{Content: "met at the fair"}, {Content: " "}}),
	}
}

func TestCreateWhole(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		made := w.create(whole(w))
		now := storetest.Start
		address, _ := email.Parse("ana@example.org")
		want := contact.Contact{
			ID: made.ID, UID: made.UID,
			Email: contact.Email{
				Address: address, CreatedAt: now, UpdatedAt: now,
				Consent: contact.Consent{Permission: contact.Explicit, OptInSource: contact.SourceContact, OptInAt: now},
			},
			FirstName: "Ana", LastName: "Ruíz", JobTitle: "Smith", CompanyName: "Forge & Co",
			Birthday: date.Birthday{Month: time.February, Day: 29}, Anniversary: date.Day{Year: 2019, Month: 3, Day: 14},
			CreateSource: contact.SourceContact, UpdateSource: contact.SourceContact, CreatedAt: now, UpdatedAt: now,
			Included: contact.IncludeAll,
			Phones: []contact.Phone{
				{Number: "+34 600 000 000", Kind: contact.Mobile, CreatedAt: now, UpdatedAt: now, CreateSource: contact.SourceContact, UpdateSource: contact.SourceContact},
				{Number: "1", Kind: contact.Home, CreatedAt: now, UpdatedAt: now, CreateSource: contact.SourceContact, UpdateSource: contact.SourceContact},
			},
			Addresses: []contact.Address{{Kind: contact.Home, Street: "Calle 1", City: "Vigo", PostalCode: "36201", Country: "ES", CreatedAt: now, UpdatedAt: now}},
			Lists:     []id.Ref[id.List]{w.gold.Ref(), w.silver.Ref()},
			Notes:     []contact.Note{{CreatedAt: now, Content: "met at the fair"}},
		}
		for i := range want.Phones {
			want.Phones[i].UID = made.Phones[i].UID
		}
		want.Addresses[0].UID, want.Notes[0].UID = made.Addresses[0].UID, made.Notes[0].UID
		same(t, "what create returns", made, want)
		same(t, "what is kept", w.stored(made), want)
		if n := w.counted(change.ActiveMembers, int64(w.gold.ID)); n != 1 {
			t.Errorf("the list counts %d, want 1", n)
		}
	})
}

func TestCreateAsksFor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		create := func(ch contact.Change) error {
			_, err := w.contacts.Create(t.Context(), w.who, ch, nil)
			return err
		}
		wantProblems(t, "nothing at all", create(contact.Change{}), "create_source required", " required")
		made := w.create(contact.Change{Source: opt.Some(contact.SourceAccount), LastName: opt.Some("Roy")})
		if made.Email.Permission != contact.NotSet || made.Active() || made.Status() != "not_set" {
			t.Errorf("without an address: %+v", made.Email)
		}
		// Any number of contacts may be without an address.
		w.create(contact.Change{Source: opt.Some(contact.SourceAccount), FirstName: opt.Some("Ines")})
		if n := w.counted(change.Contacts, int64(contact.NotSet)); n != 2 {
			t.Errorf("%d contacts are counted, want 2", n)
		}
	})
}

func TestEveryProblemAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		long := strings.Repeat("x", 256)
		unknown := w.s
		_ = unknown
		var found fault.Problems
		found.Add("job_title", "type", "is not a string")
		ch := contact.Change{
			Source:        opt.Null[contact.Source](),
			Email:         opt.Some(contact.EmailInput{Address: "no address", OptOutReason: opt.Some(long)}),
			FirstName:     opt.Some(long),
			LastName:      opt.Some("a\x00"),
			BirthdayMonth: opt.Some(13),
			BirthdayDay:   opt.Some(0),
			Anniversary:   opt.Some("yesterday"),
			Phones: opt.Some([]contact.PhoneInput{
				{Number: "1", Kind: contact.Home},
				{Number: "2", Kind: "fax"},
				{Number: "3"},
				{Number: strings.Repeat("1", 26), Kind: contact.Home},
			}),
			Addresses: opt.Some([]contact.AddressInput{{Kind: contact.Mobile, City: long}}),
			// The second was unreadable: its problem is the edge's.
			Lists: opt.Some([]id.Ref[id.List]{w.gold.Ref(), {}, {Number: 99}}),
			Tags:  opt.Some([]id.Ref[id.Tag]{{Number: 98}}),
			Fields: opt.Some([]contact.FieldInput{
				{}, {Field: id.Ref[id.Field]{Number: 97}, Value: "x"},
			}),
			Notes: opt.Some([]contact.NoteInput{{Content: strings.Repeat("x", 2001)}}),
		}
		_, err := w.contacts.Create(t.Context(), w.who, ch, found)
		wantProblems(t, "create", err,
			"job_title type", "first_name too_long", "last_name control", "birthday_month invalid", "birthday_day invalid",
			"anniversary invalid", "phone_numbers[1].kind invalid", "phone_numbers[2].kind required",
			"phone_numbers[3].phone_number too_long", "phone_numbers[3].kind twice",
			"street_addresses[0].city too_long", "street_addresses[0].kind invalid",
			"custom_fields[0].custom_field_id required", "notes[0].content too_long",
			"create_source required", "email_address.address invalid", "email_address.opt_out_reason too_long",
			"list_memberships[2] unknown", "taggings[0] unknown", "custom_fields[1].custom_field_id unknown")
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("kind: %v", err)
		}

		half := person("a@example.org")
		half.BirthdayMonth, half.BirthdayDay = opt.Some(2), opt.Null[int]()
		_, err = w.contacts.Create(t.Context(), w.who, half, nil)
		wantProblems(t, "half a birthday", err, "birthday_day required")
		half.BirthdayDay = opt.Some(30)
		_, err = w.contacts.Create(t.Context(), w.who, half, nil)
		wantProblems(t, "a birthday that does not exist", err, "birthday_day invalid")

		half.BirthdayMonth, half.BirthdayDay = opt.Some(13), opt.Null[int]()
		_, err = w.contacts.Create(t.Context(), w.who, half, nil)
		wantProblems(t, "half a birthday that cannot be", err, "birthday_day required", "birthday_month invalid")
		blank := contact.Change{FirstName: opt.Some(" \t"), Source: opt.Some(contact.SourceAccount)}
		_, err = w.contacts.Create(t.Context(), w.who, blank, nil)
		wantProblems(t, "a blank name alone", err, " required")

		many := person("a@example.org")
		many.Lists = opt.Some(make([]id.Ref[id.List], 51))
		in, _ := many.Lists.Value()
		for i := range in {
			in[i].Number = id.List(i + 1)
		}
		_, err = w.contacts.Create(t.Context(), w.who, many, nil)
		if got := problems(err); len(got) != 50 || got[0] != "list_memberships too_many" || got[1] != "list_memberships[2] unknown" {
			t.Errorf("51 lists: %d problems, first %v", len(got), got[:2])
		}
	})
}

func TestAddressIsUnique(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		holder := w.create(with(person("ana@example.org"), contact.Unsubscribed))
		other := w.create(person("bo@example.org"))
		taken := func(name string, err error, status string) {
			t.Helper()
			f := fault.Of(err)
			if !errors.Is(err, contact.ErrAddressTaken) || f.Kind != fault.Conflict {
				t.Errorf("%s: %v, want ErrAddressTaken", name, err)
				return
			}
			if f.Detail["contact_id"] != holder.UID.String() || f.Detail["status"] != status {
				t.Errorf("%s: detail %v, want %s, %s", name, f.Detail, holder.UID, status)
			}
			if !strings.Contains(f.Message, "already exists for contact "+holder.UID.String()) {
				t.Errorf("%s: %q does not name the holder", name, f.Message)
			}
		}
		_, err := w.contacts.Create(t.Context(), w.who, person("ANA@example.org"), nil)
		taken("create", err, "unsubscribed")
		_, err = w.contacts.Update(t.Context(), w.who, other.Ref(), person("ana@example.org"), nil)
		taken("update", err, "unsubscribed")
		w.remove(holder)
		_, err = w.contacts.Create(t.Context(), w.who, person("ana@example.org"), nil)
		taken("a deleted contact", err, "deleted")
		if _, err := w.contacts.Create(t.Context(), storetest.Owner(8), person("ana@example.org"), nil); err != nil {
			t.Errorf("another account: %v", err)
		}
	})
}

// put is a PUT of v3: scalars that are left out are emptied.
func put(ch contact.Change) contact.Change {
	for _, f := range []*opt.Value[string]{&ch.FirstName, &ch.LastName, &ch.JobTitle, &ch.CompanyName, &ch.Anniversary} {
		if !f.Given() {
			*f = opt.Null[string]()
		}
	}
	if !ch.BirthdayMonth.Given() && !ch.BirthdayDay.Given() {
		ch.BirthdayMonth, ch.BirthdayDay = opt.Null[int](), opt.Null[int]()
	}
	return ch
}

func TestPutEmptiesScalarsAndKeepsTheRest(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		was := w.create(whole(w))
		w.clock.Move(time.Minute)
		got := w.update(was, put(contact.Change{
			Source: opt.Some(contact.SourceAccount), FirstName: opt.Some("Anna"),
			Email: opt.Some(contact.EmailInput{Address: "ana@example.org"}),
		}))
		want := was
		want.FirstName, want.LastName, want.JobTitle, want.CompanyName = "Anna", "", "", ""
		want.Birthday, want.Anniversary = date.Birthday{}, date.Day{}
		want.UpdateSource, want.UpdatedAt = contact.SourceAccount, w.clock.Now()
		same(t, "what PUT returns", got, want)
		same(t, "what is kept", w.stored(was), want)

		w.clock.Move(time.Minute)
		again := w.update(was, put(contact.Change{
			Source: opt.Some(contact.SourceAccount), FirstName: opt.Some("Anna"),
			Email: opt.Some(contact.EmailInput{Address: "ana@example.org", Permission: opt.Some(contact.Explicit)}),
			Lists: opt.Some(want.Lists),
		}))
		same(t, "the same PUT again changes nothing", again, want)
	})
}

func TestPutReplacesSubResourcesThatAreSent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		was := w.create(whole(w))
		w.clock.Move(time.Minute)
		got := w.update(was, contact.Change{
			Source:    opt.Some(contact.SourceAccount),
			Phones:    opt.Some([]contact.PhoneInput{{Number: "2", Kind: contact.Home}, {Number: "+34 600 000 000", Kind: contact.Mobile}}),
			Addresses: opt.Some([]contact.AddressInput{}),
			Lists:     opt.Some(refs(w.silver)),
			Notes: opt.Some([]contact.NoteInput{
				{UID: was.Notes[0].UID, Content: "met at the fair in May"}, {Content: "called", CreatedAt: w.clock.Now().Add(time.Hour)},
			}),
		})
		want := was
		want.UpdateSource, want.UpdatedAt = contact.SourceAccount, w.clock.Now()
		home := was.Phones[1]
		home.Number, home.UpdatedAt, home.UpdateSource = "2", w.clock.Now(), contact.SourceAccount
		want.Phones = []contact.Phone{home, was.Phones[0]}
		want.Addresses = nil
		want.Lists = refs(w.silver)
		want.Notes = []contact.Note{
			{UID: got.Notes[0].UID, CreatedAt: w.clock.Now(), Content: "called"},
			{UID: was.Notes[0].UID, CreatedAt: was.CreatedAt, Content: "met at the fair in May"},
		}
		stored := w.stored(was)
		same(t, "what is kept", stored, want)
		got.Addresses = nil // an empty slice is as good
		same(t, "what PUT returns", got, want)
		if g, s := w.counted(change.Members, int64(w.gold.ID)), w.counted(change.Members, int64(w.silver.ID)); g != 0 || s != 1 {
			t.Errorf("counts %d and %d, want 0 and 1", g, s)
		}

		empty := w.update(was, contact.Change{
			Source: opt.Some(contact.SourceAccount), Lists: opt.Some([]id.Ref[id.List]{}), Notes: opt.Null[[]contact.NoteInput](),
			Phones: opt.Null[[]contact.PhoneInput](),
		})
		if len(empty.Lists)+len(empty.Notes)+len(empty.Phones) != 0 {
			t.Errorf("emptied arrays: %+v", empty)
		}
	})
}

func TestPermissionOnWrite(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.create(person("ana@example.org", w.gold))
		if c.Email.Permission != contact.Implicit {
			t.Errorf("a new contact is %v, want implicit", c.Email.Permission)
		}
		w.clock.Move(time.Minute)
		c = w.update(c, with(person("ana@example.org"), contact.Unsubscribed))
		if c.Active() || c.Email.OptOutSource != contact.SourceAccount || len(c.Lists) != 1 {
			t.Errorf("unsubscribed by the account: %+v", c)
		}
		if n := w.counted(change.ActiveMembers, int64(w.gold.ID)); n != 0 {
			t.Errorf("%d active members, want none", n)
		}
		c = w.update(c, with(person("ana@example.org"), contact.Explicit))
		if !c.Active() || c.Email.OptOutSource != contact.NoSource {
			t.Errorf("set back: %+v", c.Email)
		}

		own := with(person("ana@example.org"), contact.Unsubscribed)
		own.Source = opt.Some(contact.SourceContact)
		c = w.update(c, own)
		for _, to := range []contact.Permission{contact.Implicit, contact.Explicit, contact.Pending, contact.NotSet} {
			_, err := w.contacts.Update(t.Context(), w.who, c.Ref(), with(person("ana@example.org"), to), nil)
			if !errors.Is(err, contact.ErrUnsubscribed) || !strings.Contains(err.Error(), "unsubscribed") {
				t.Errorf("to %v: %v, want ErrUnsubscribed", to, err)
			}
			wantProblems(t, to.String(), err, "email_address.permission_to_send unsubscribed")
		}
		bad := with(person("ana@example.org"), contact.Explicit)
		bad.Lists = opt.Some([]id.Ref[id.List]{{Number: 99}})
		_, err := w.contacts.Update(t.Context(), w.who, c.Ref(), bad, nil)
		wantProblems(t, "beside another problem", err, "email_address.permission_to_send unsubscribed", "list_memberships[0] unknown")
		if !errors.Is(err, contact.ErrUnsubscribed) {
			t.Errorf("got %v, want ErrUnsubscribed", err)
		}
		// The address is what the opt-out hangs on.
		_, err = w.contacts.Update(t.Context(), w.who, c.Ref(), person("other@example.org"), nil)
		wantProblems(t, "another address", err, "email_address.address unsubscribed")
		// Everything else may be written.
		next := put(person("ana@example.org", w.silver))
		next.FirstName = opt.Some("Ana")
		if got := w.update(c, next); got.FirstName != "Ana" || got.Active() {
			t.Errorf("an update of somebody who opted out: %+v", got)
		}
		_, err = w.contacts.Update(t.Context(), w.who, c.Ref(), with(person("ana@example.org"), contact.TempHold), nil)
		wantProblems(t, "temp_hold", err, "email_address.permission_to_send not_settable")
	})
}

func TestAddressMayComeLaterAndChange(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.create(contact.Change{Source: opt.Some(contact.SourceAccount), FirstName: opt.Some("Ines"), Lists: opt.Some(refs(w.gold))})
		if n := w.counted(change.ActiveMembers, int64(w.gold.ID)); n != 0 {
			t.Errorf("%d active members, want none", n)
		}
		w.clock.Move(time.Minute)
		c = w.update(c, person("ines@example.org"))
		if c.Email.Permission != contact.Implicit || c.Email.OptInAt != w.clock.Now() || w.counted(change.ActiveMembers, int64(w.gold.ID)) != 1 {
			t.Errorf("with an address: %+v", c.Email)
		}
		began := c.Email.OptInAt
		w.clock.Move(time.Minute)
		c = w.update(c, person("roy@example.org"))
		if c.Email.Address.String() != "roy@example.org" || c.Email.Permission != contact.Implicit || c.Email.OptInAt != began ||
			c.Email.CreatedAt != w.clock.Now() {
			t.Errorf("with another address: %+v", c.Email)
		}
		w.create(person("ines@example.org")) // is free again
	})
}

func TestDeleteAndRestore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		was := w.create(whole(w))
		w.clock.Move(time.Minute)
		w.remove(was)
		gone := w.stored(was)
		want := was
		want.DeletedAt, want.UpdatedAt, want.UpdateSource, want.Lists = w.clock.Now(), w.clock.Now(), contact.SourceAccount, nil
		want.Email.OptOutSource, want.Email.OptOutAt = contact.SourceAccount, w.clock.Now()
		same(t, "deleted", gone, want)
		if err := w.contacts.Delete(t.Context(), w.who, was.Ref()); !fault.Is(err, fault.NotFound) {
			t.Errorf("again: %v, want not found", err)
		}
		for tally, n := range map[change.Tally]int64{change.Members: 0, change.ActiveMembers: 0} {
			if got := w.counted(tally, int64(w.gold.ID)); got != n {
				t.Errorf("count %d is %d, want %d", tally, got, n)
			}
		}
		if n := w.counted(change.Deleted, 0); n != 1 {
			t.Errorf("%d deleted, want 1", n)
		}

		_, err := w.contacts.Update(t.Context(), w.who, was.Ref(), contact.Change{Source: opt.Some(contact.SourceContact)}, nil)
		wantProblems(t, "without what restoring asks for", err, "update_source deleted", "list_memberships deleted")
		w.clock.Move(time.Minute)
		back := w.update(gone, person("ana@example.org", w.silver))
		want.DeletedAt, want.UpdatedAt, want.Lists = time.Time{}, w.clock.Now(), refs(w.silver)
		want.Email.OptOutSource, want.Email.OptOutAt = contact.NoSource, time.Time{}
		same(t, "restored", back, want)
		same(t, "kept", w.stored(was), want)
		if n := w.counted(change.ActiveMembers, int64(w.silver.ID)); n != 1 || w.counted(change.Deleted, 0) != 0 {
			t.Errorf("%d active members, want 1", n)
		}
	})
}

func TestRestoringDoesNotForgetAnOptOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		own := with(person("ana@example.org", w.gold), contact.Unsubscribed)
		own.Source = opt.Some(contact.SourceContact)
		c := w.create(own)
		out := c.Email.Consent
		w.clock.Move(time.Minute)
		w.remove(c)
		if got := w.stored(c).Email.Consent; got != out {
			t.Errorf("deleted: %+v, want %+v", got, out)
		}
		_, err := w.contacts.Update(t.Context(), w.who, c.Ref(), with(person("ana@example.org", w.gold), contact.Implicit), nil)
		if !errors.Is(err, contact.ErrUnsubscribed) {
			t.Errorf("restored and subscribed: %v, want ErrUnsubscribed", err)
		}
		back := w.update(c, person("ana@example.org", w.gold))
		if back.Email.Consent != out || back.Deleted() || back.Active() {
			t.Errorf("restored: %+v", back.Email)
		}
	})
}

func TestWhoMay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.create(person("ana@example.org"))
		maker, stranger := w.who, storetest.Owner(8)
		maker.Role = account.CampaignCreator
		for _, act := range []struct {
			name string
			do   func(who account.Actor) error
		}{
			{"create", func(who account.Actor) error {
				_, err := w.contacts.Create(t.Context(), who, person("x@example.org"), nil)
				return err
			}},
			{"update", func(who account.Actor) error {
				_, err := w.contacts.Update(t.Context(), who, c.Ref(), person("x@example.org"), nil)
				return err
			}},
			{"delete", func(who account.Actor) error { return w.contacts.Delete(t.Context(), who, c.Ref()) }},
			{"get", func(who account.Actor) error {
				_, err := w.contacts.Get(t.Context(), who, c.Ref(), contact.IncludeNothing)
				return err
			}},
		} {
			if err := act.do(maker); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s by a campaign creator: %v, want forbidden", act.name, err)
			}
			if act.name == "create" {
				continue
			}
			if err := act.do(stranger); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s from another account: %v, want not found", act.name, err)
			}
		}
		foreign := person("y@example.org")
		foreign.Lists = opt.Some(refs(w.gold))
		_, err := w.contacts.Create(t.Context(), stranger, foreign, nil)
		wantProblems(t, "another account's list", err, "list_memberships[0] unknown")
	})
}

func TestByNumberAndUID(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.create(person("ana@example.org"))
		for _, ref := range []id.Ref[id.Contact]{{Number: c.ID}, {UID: c.UID}} {
			got, err := w.contacts.Get(t.Context(), w.who, ref, contact.IncludeNothing)
			if err != nil || got.ID != c.ID || got.UID != c.UID || got.Included != contact.IncludeNothing {
				t.Errorf("by %v: %+v, %v", ref, got, err)
			}
		}
		if _, err := w.contacts.Get(t.Context(), w.who, id.Ref[id.Contact]{Number: 99}, contact.IncludeNothing); !fault.Is(err, fault.NotFound) {
			t.Errorf("unknown: %v, want not found", err)
		}
	})
}

func TestTwoWritersOfOneAddress(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const writers = 8
		errs := make(chan error, writers)
		for range writers {
			go func() {
				_, err := w.contacts.Create(t.Context(), w.who, person("ana@example.org", w.gold), nil)
				errs <- err
			}()
		}
		var made, taken int
		for range writers {
			switch err := <-errs; {
			case err == nil:
				made++
			case errors.Is(err, contact.ErrAddressTaken) && fault.Of(err).Detail["contact_id"] != "":
				taken++
			default:
				t.Errorf("unexpected: %v", err)
			}
		}
		if made != 1 || taken != writers-1 {
			t.Errorf("%d made, %d refused", made, taken)
		}
		if n := w.counted(change.Members, int64(w.gold.ID)); n != 1 {
			t.Errorf("%d members, want 1", n)
		}
	})
}

func TestTwoWritersOfOneContact(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.create(person("ana@example.org"))
		lists := []struct {
			ch contact.Change
			by string
		}{{person("ana@example.org", w.gold), "gold"}, {person("ana@example.org", w.silver), "silver"}}
		errs := make(chan error, 40)
		for i := range 40 {
			go func() {
				_, err := w.contacts.Update(t.Context(), w.who, c.Ref(), lists[i%2].ch, nil)
				errs <- err
			}()
		}
		for range 40 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		on := w.stored(c).Lists
		for _, l := range refs(w.gold, w.silver) {
			want := int64(0)
			if slices.Contains(on, l) {
				want = 1
			}
			if got := w.counted(change.ActiveMembers, int64(l.Number)); got != want {
				t.Errorf("list %d counts %d, the contact is on %v", l.Number, got, on)
			}
		}
	})
}
