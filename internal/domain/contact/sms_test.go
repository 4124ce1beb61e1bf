package contact_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/page"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
)

// texting is a change that gives a number, with a permission unless that is
// NoPermission.
func texting(number string, p contact.Permission) contact.Change {
	in := contact.SMSInput{Full: number}
	if p != contact.NoPermission {
		in.Consents = []contact.SMSConsent{{Type: contact.ConsentType, Permission: p}}
	}
	return contact.Change{Source: opt.Some(contact.SourceAccount), SMS: opt.Some(in)}
}

// history tells the history of a contact's number, oldest first.
func (w *world) history(c contact.Contact) (out []string) {
	w.t.Helper()
	_, all, err := w.contacts.SMSHistory(w.t.Context(), w.who, c.Ref())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range all {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s>%s by %s %s", e.Number.Full(), e.Was, e.Becomes, e.Source, e.Medium)))
	}
	slices.Reverse(out)
	return out
}

// What each write makes of what a contact had agreed to: a word, or ✗ where it
// is refused. By the contact means that they opted out themselves.
func TestPermissionOfANumber(t *testing.T) {
	const n, other = "12025550134", "12025550135"
	states := []struct {
		name string
		p    contact.Permission
		by   contact.Source
	}{
		{"new", contact.NoPermission, contact.SourceAccount},
		{"explicit", contact.Explicit, contact.SourceAccount},
		{"not_set", contact.NotSet, contact.SourceAccount},
		{"pending", contact.Pending, contact.SourceAccount},
		{"unsubscribed", contact.Unsubscribed, contact.SourceAccount},
		{"by the contact", contact.Unsubscribed, contact.SourceContact},
	}
	rows := []struct {
		name    string
		number  string
		p       contact.Permission
		signsUp bool
		want    string // in the order of states
	}{
		{"owner: says nothing", n, contact.NoPermission, false, "N E N P U U"},
		{"owner: explicit", n, contact.Explicit, false, "E E E E E ✗"},
		{"owner: not_set", n, contact.NotSet, false, "N N N N N ✗"},
		{"owner: pending", n, contact.Pending, false, "P P P P P ✗"},
		{"owner: unsubscribed", n, contact.Unsubscribed, false, "U U U U U U"},
		{"owner: another number", other, contact.NoPermission, false, "N N N N U ✗"},
		{"owner: another, explicit", other, contact.Explicit, false, "E E E E E ✗"},
		{"owner: another, not_set", other, contact.NotSet, false, "N N N N N ✗"},
		{"signs up: explicit", n, contact.Explicit, true, "E E E E E E"},
		{"signs up: pending", n, contact.Pending, true, "P E P P P P"},
		{"signs up: not_set", n, contact.NotSet, true, "N E N P U U"},
		{"signs up: opts out", n, contact.Unsubscribed, true, "U U U U U U"},
		{"signs up: another, explicit", other, contact.Explicit, true, "E E E E E E"},
		{"signs up: another, not_set", other, contact.NotSet, true, "N N N N U U"},
	}
	letter := map[contact.Permission]string{contact.Explicit: "E", contact.NotSet: "N", contact.Pending: "P", contact.Unsubscribed: "U"}
	each(t, func(t *testing.T, w *world) {
		k := 0
		for _, row := range rows {
			var got []string
			for _, s := range states {
				k++
				// A number of its own for each: they are unique.
				number := func(of string) string { return of[:8] + fmt.Sprintf("%03d", (k*2+int(of[10]-'0'))%1000) }
				c := w.create(person(fmt.Sprintf("p%d@example.org", k), w.gold))
				if s.p != contact.NoPermission {
					ch := texting(number(n), s.p)
					ch.Source = opt.Some(s.by)
					c = w.update(c, ch)
				}
				w.clock.Move(time.Minute)
				ch := texting(number(row.number), row.p)
				var err error
				if row.signsUp {
					ch.Email, ch.Lists = opt.Some(contact.EmailInput{Address: c.Email.Address.String()}), opt.Some(refs(w.gold))
					_, err = w.contacts.SignUp(t.Context(), w.who, ch, nil)
				} else {
					_, err = w.contacts.Update(t.Context(), w.who, c.Ref(), ch, nil)
				}
				is := w.stored(c)
				switch {
				case errors.Is(err, contact.ErrUnsubscribed):
					got = append(got, "✗")
				case err != nil:
					t.Fatalf("%s, was %s: %v", row.name, s.name, err)
				default:
					got = append(got, letter[is.SMS.Permission])
					if is.SMS.Number.Full() != number(row.number) {
						t.Errorf("%s, was %s: the number is %s", row.name, s.name, is.SMS.Number.Full())
					}
				}
				if s.by == contact.SourceContact && is.SMS.Permission != contact.Explicit && !is.SMS.OptedOut() {
					t.Errorf("%s: forgotten that the contact opted out", row.name)
				}
			}
			if g := strings.Join(got, " "); g != row.want {
				t.Errorf("%s: got  %s\n%*swant %s", row.name, g, len(row.name)+2, "", row.want)
			}
		}
	})
}

// A contact known by a number alone, from first to last, and what is left of
// it.
func TestContactWithANumberOnly(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ch := texting("12025550134", contact.Explicit)
		in, _ := ch.SMS.Value()
		in.Consents[0].Frequency = contact.Frequency{Times: 2, Interval: "weekly"}
		in.Consents[0].Evidence = contact.Evidence{Medium: "LF", URL: "https://shop.example", Details: "Text me."}
		ch.SMS, ch.Lists = opt.Some(in), opt.Some(refs(w.gold))
		c := w.create(ch)
		if got := w.stored(c); got.SMS == nil || *got.SMS != *c.SMS || got.Email.Permission != contact.NotSet || got.Active() {
			t.Fatalf("stored %+v, made %+v", got.SMS, c.SMS)
		}
		// Nothing new leaves nothing behind.
		w.clock.Move(time.Hour)
		if again := w.update(c, texting("12025550134", contact.Explicit)); again.UpdatedAt != c.UpdatedAt {
			t.Errorf("changed at %v by nothing", again.UpdatedAt)
		}
		w.update(c, texting("12025550135", contact.NoPermission))
		w.clock.Move(time.Hour)
		// They sign up by the number alone.
		up, err := w.contacts.SignUp(t.Context(), w.who, contact.Change{
			Lists: opt.Some(refs(w.silver)), SMS: opt.Some(contact.SMSInput{
				Domestic: true, National: "202-555-0135", Dial: "1", Country: "us",
				Consents: []contact.SMSConsent{{Type: contact.ConsentType, Permission: contact.Explicit, Evidence: contact.Evidence{Medium: "MD"}}},
			}),
		}, nil)
		if err != nil || up.Made || up.Contact != c.Ref() {
			t.Fatalf("signed up as %+v, %v", up, err)
		}
		is := w.stored(c)
		if is.SMS.OptInSource != contact.SourceContact || is.SMS.OptInAt != w.clock.Now() || len(is.Lists) != 2 || is.SMS.CreatedAt != c.CreatedAt {
			t.Errorf("after the sign-up: %+v", is.SMS)
		}
		w.remove(c)
		_, err = w.contacts.Create(t.Context(), w.who, texting("12025550135", contact.NotSet), nil)
		if f := fault.Of(err); !errors.Is(err, contact.ErrSMSTaken) || f.Detail["contact_id"] != c.UID.String() || f.Detail["status"] != "deleted" {
			t.Errorf("the number of a deleted contact: %v", err)
		}
		want := []string{
			"12025550134 >explicit by Account LF", "12025550135 explicit>not_set by Account", "12025550135 not_set>explicit by Contact MD",
		}
		if got := w.history(c); !slices.Equal(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
		of, err := w.contacts.History(t.Context(), w.who, c.Ref(), page.Request{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, e := range of.Items {
			lines = append(lines, told(e))
		}
		if !slices.Contains(lines, "contact.updated sms_channel") {
			t.Errorf("the contact's history does not tell of the number: %q", lines)
		}
	})
}

// Everything that is wrong is told at once, and a number is nobody else's.
func TestNumberThatIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		long := strings.Repeat("x", contact.MaxMediumURL+1)
		_, err := w.contacts.Create(t.Context(), w.who, contact.Change{
			Source: opt.Some(contact.SourceAccount), SMS: opt.Some(contact.SMSInput{Full: "49301234", Consents: []contact.SMSConsent{{
				Type: "news", Permission: contact.TempHold, Evidence: contact.Evidence{Medium: long, URL: long, Details: "\x00"},
				Frequency: contact.Frequency{Times: -1, Interval: long},
			}}}),
		}, nil)
		at := "sms_channel.sms_channel_consents[0]."
		wantProblems(t, "create", err, "sms_channel.full_sms_address invalid", at+"consent_type invalid", at+"sms_consent_permission not_settable",
			at+"consent_medium_type too_long", at+"consent_medium_url too_long", at+"consent_medium_details control",
			at+"advertised_interval too_long", at+"advertised_frequency invalid")
		first := w.create(texting("12025550134", contact.Explicit))
		second := w.create(person("b@example.org"))
		_, err = w.contacts.Update(t.Context(), w.who, second.Ref(), texting("12025550134", contact.Explicit), nil)
		if f := fault.Of(err); !errors.Is(err, contact.ErrSMSTaken) || f.Detail["contact_id"] != first.UID.String() || f.Detail["status"] != "not_set" {
			t.Errorf("a number that is taken: %v", err)
		}
		third := w.create(texting("12025550199", contact.Explicit))
		if _, err := w.contacts.Update(t.Context(), w.who, third.Ref(), texting("12025550134", contact.Explicit), nil); !errors.Is(err, contact.ErrSMSTaken) {
			t.Errorf("a number in the place of another: %v", err)
		}
		if got := w.stored(third).SMS.Number.Full(); got != "12025550199" {
			t.Errorf("it is %s now", got)
		}
		if len(w.history(second)) != 0 {
			t.Error("a write that was refused has a history")
		}
		// Both channels of who opted out of both refuse.
		ch := texting("12025550177", contact.Unsubscribed)
		ch.Source, ch.Email = opt.Some(contact.SourceContact), opt.Some(contact.EmailInput{Address: "c@example.org", Permission: opt.Some(contact.Unsubscribed)})
		out := w.create(ch)
		ch = texting("12025550177", contact.Explicit)
		ch.Email = opt.Some(contact.EmailInput{Address: "c@example.org", Permission: opt.Some(contact.Explicit)})
		_, err = w.contacts.Update(t.Context(), w.who, out.Ref(), ch, nil)
		wantProblems(t, "both", err, "email_address.permission_to_send unsubscribed", at+"sms_consent_permission unsubscribed")
	})
}

// Many who take one number at a time get it once, and the others hear whose it
// is.
func TestNumbersRace(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var (
			all   sync.WaitGroup
			lock  sync.Mutex
			taken int
		)
		var people []contact.Contact
		for i := range 8 {
			people = append(people, w.create(person(fmt.Sprintf("p%d@example.org", i))))
		}
		for i, c := range people {
			all.Go(func() {
				var err error
				if i%2 == 0 {
					_, err = w.contacts.Update(t.Context(), w.who, c.Ref(), texting("12025550134", contact.Explicit), nil)
				} else {
					_, err = w.contacts.Create(t.Context(), w.who, texting("12025550134", contact.Explicit), nil)
				}
				lock.Lock()
				defer lock.Unlock()
				switch {
				case errors.Is(err, contact.ErrSMSTaken) && fault.Of(err).Detail["contact_id"] != "":
					taken++
				case err != nil:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if taken != 7 {
			t.Errorf("%d were refused, want 7", taken)
		}
	})
}

func TestFilterByNumber(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		names := map[id.Contact]string{}
		add := func(name string, ch contact.Change) contact.Contact {
			c := w.create(ch)
			names[c.ID] = name
			return c
		}
		add("none", person("none@example.org", w.gold))
		add("explicit", texting("12025550101", contact.Explicit))
		add("out", texting("12025550102", contact.Unsubscribed))
		listed := texting("12025550103", contact.Explicit)
		listed.Lists = opt.Some(refs(w.gold))
		add("listed", listed)
		add("unset", texting("12025550104", contact.NotSet))
		w.remove(add("gone", texting("12025550105", contact.Explicit)))
		const e, u, p, n = 1 << contact.Explicit, 1 << contact.Unsubscribed, 1 << contact.Pending, 1 << contact.NotSet
		for _, c := range []struct {
			name string
			f    contact.Filter
			want string
		}{
			{"any", contact.Filter{}, "none explicit out listed unset"},
			{"explicit", contact.Filter{SMS: e}, "explicit listed"},
			{"the latest first", contact.Filter{SMS: e | u, Order: contact.Newest}, "listed out explicit"},
			{"lately changed", contact.Filter{SMS: e | u, Order: contact.UpdatedFirst}, "explicit out listed"},
			{"pending", contact.Filter{SMS: p}, ""},
			{"nobody asked", contact.Filter{SMS: n}, "none unset"},
			{"nobody asked, or agreed", contact.Filter{SMS: n | e}, "none explicit listed unset"},
			{"on a list", contact.Filter{SMS: e, Lists: refs(w.gold)}, "listed"},
			{"deleted", contact.Filter{SMS: e, Statuses: contact.StatusDeleted}, "gone"},
			{"deleted, nobody asked", contact.Filter{SMS: n, Statuses: contact.StatusDeleted}, ""},
			{"by address", contact.Filter{SMS: n, Email: "none@example.org"}, "none"},
			{"by another", contact.Filter{SMS: e, Email: "none@example.org"}, ""},
		} {
			var got []string
			r := page.Request{Limit: 1, Count: true}
			for {
				of, err := w.contacts.List(t.Context(), w.who, c.f, contact.IncludeSMS, r)
				if err != nil {
					t.Fatalf("%s: %v", c.name, err)
				}
				for _, is := range of.Items {
					got = append(got, names[is.ID])
					if (is.SMS == nil) != (names[is.ID] == "none") {
						t.Errorf("%s: %s has %+v", c.name, names[is.ID], is.SMS)
					}
				}
				if want := len(strings.Fields(c.want)); of.Total != int64(want) {
					t.Errorf("%s: %d counted, want %d", c.name, of.Total, want)
				}
				if of.Next.IsZero() {
					break
				}
				r.After = of.Next
			}
			if g := strings.Join(got, " "); g != c.want {
				t.Errorf("%s: got %q, want %q", c.name, g, c.want)
			}
		}
	})
}

// The lists of the channel are those on which somebody has a number.
func TestListsWithNumbers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		lists := list.New(w.s.Lists())
		read := func() (out []string) {
			t.Helper()
			of, err := lists.List(t.Context(), w.who, list.Filter{SMS: true, CountSMS: true, Members: list.AllMembers}, page.Request{Limit: 10, Count: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range of.Items {
				out = append(out, fmt.Sprintf("%s %d of %d", l.Name, l.SMS, l.Members))
			}
			if of.Total != int64(len(out)) {
				t.Errorf("%d counted, %d shown", of.Total, len(out))
			}
			return out
		}
		if got := read(); got != nil {
			t.Errorf("nobody has a number: %q", got)
		}
		w.create(person("none@example.org", w.gold, w.silver))
		ch := texting("12025550134", contact.Unsubscribed)
		ch.Lists = opt.Some(refs(w.gold))
		c := w.create(ch)
		if got, want := read(), []string{"Gold 1 of 2"}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		w.remove(c)
		if got := read(); got != nil {
			t.Errorf("who had a number is deleted: %q", got)
		}
	})
}
