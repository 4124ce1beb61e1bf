package segment_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kith/internal/base/clock"
	"kith/internal/base/date"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/domain/segment"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

var owner = storetest.Owner(1)

// Words with what patterns, JSON and folding make of signs.
var words = []string{"Rome", "rome", "Home", `50%_a\b`, "50x", `say "hi"`, "O'Neil", "<b>&", "Ödön", "ÖDÖN", "dön", "Au", "a"}

// town is an account with people, and all that criteria can name.
type town struct {
	evaluator
	people   []person
	segments *segment.Service
	// ids and values that rules are made of, by form.
	lists, tags, sent []string
	custom            []contact.Field
}

func newTown(t *testing.T, s *store.Store, c *clock.Settable) *town {
	t.Helper()
	ctx := t.Context()
	w := &town{segments: segment.New(s.Segments())}
	contacts, lists := contact.New(s.Contacts(), contact.Options{}), list.New(s.Lists())
	random := rand.New(rand.NewPCG(7, 11))
	pick := func(from []string) string { return from[random.IntN(len(from))] }
	maybe := func() string {
		if random.IntN(3) == 0 {
			return ""
		}
		return pick(words)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	unknown := "019f0000-0000-7000-8000-000000000001"
	var listRefs []id.Ref[id.List]
	var tagRefs []id.Ref[id.Tag]
	for i := range 3 {
		l, err := lists.Create(ctx, owner, list.Input{Name: fmt.Sprint("list ", i)}, nil)
		must(err)
		g, err := contacts.CreateTag(ctx, owner, fmt.Sprint("tag ", i), "", nil)
		must(err)
		listRefs, tagRefs = append(listRefs, l.Ref()), append(tagRefs, g.Ref())
		w.lists, w.tags = append(w.lists, l.UID.String()), append(w.tags, g.UID.String())
	}
	w.lists, w.tags = append(w.lists, unknown), append(w.tags, unknown)
	w.fields = map[id.UID]contact.Field{}
	for _, in := range []contact.NewField{
		{Label: "text", Type: contact.TypeString},
		{Label: "number", Type: contact.TypeNumber, Metadata: contact.Metadata{AllowNegative: true}},
		{Label: "date", Type: contact.TypeDate, Version: 2},
		{Label: "truth", Type: contact.TypeBoolean},
		{Label: "choice", Type: contact.TypeMultiSelect, Choices: []string{"one", "two", "three"}},
	} {
		f, err := contacts.CreateField(ctx, owner, in, nil)
		must(err)
		w.custom, w.fields[f.UID] = append(w.custom, f), f
	}
	start := c.Now()
	for i := range 50 {
		c.Move(time.Duration(random.IntN(40)) * time.Hour)
		ch := contact.Change{
			Source: opt.Some(contact.SourceAccount), FirstName: opt.Some("x" + maybe()), LastName: opt.Some(maybe()),
			JobTitle: opt.Some(maybe()), CompanyName: opt.Some(maybe()),
		}
		if random.IntN(4) > 0 {
			ch.Email = opt.Some(contact.EmailInput{
				Address:    fmt.Sprintf("p%d@%s", i, pick([]string{"example.org", "mail.example.com"})),
				Permission: opt.Some([]contact.Permission{contact.Implicit, contact.Explicit, contact.Unsubscribed}[random.IntN(3)]),
			})
		}
		if random.IntN(2) == 0 {
			ch.BirthdayMonth, ch.BirthdayDay = opt.Some(1+random.IntN(12)), opt.Some(1+random.IntN(28))
			ch.Anniversary = opt.Some(date.Of(start.AddDate(0, 0, random.IntN(60)-30)).String())
		}
		var at []contact.AddressInput
		for _, kind := range []contact.Kind{contact.Home, contact.Work}[:random.IntN(3)] {
			at = append(at, contact.AddressInput{Kind: kind, Street: maybe(), City: maybe(), State: maybe(), PostalCode: maybe(), Country: maybe()})
		}
		ch.Addresses = opt.Some(at)
		if random.IntN(2) == 0 {
			ch.Phones = opt.Some([]contact.PhoneInput{{Kind: contact.Home, Number: pick([]string{"+1 50", "50x"})}})
		}
		if random.IntN(2) == 0 {
			p := []contact.Permission{contact.Explicit, contact.NotSet, contact.Pending, contact.Unsubscribed}[random.IntN(4)]
			ch.SMS = opt.Some(contact.SMSInput{
				Full: fmt.Sprintf("120255501%02d", i), Consents: []contact.SMSConsent{{Type: contact.ConsentType, Permission: p}},
			})
		}
		ch.Lists = opt.Some(subset(random, listRefs))
		ch.Tags = opt.Some(subset(random, tagRefs))
		var values []contact.FieldInput
		for j, v := range []string{pick(words), pick([]string{"-2", "0", "1.50", "1.5", "10"}), date.Of(start.AddDate(0, 0, random.IntN(20)-10)).String(), pick([]string{"true", "false"})} {
			if random.IntN(3) > 0 {
				values = append(values, contact.FieldInput{Field: w.custom[j].Ref(), Value: v})
			}
		}
		if picked := subset(random, []string{"1", "2", "3"}); len(picked) > 0 {
			values = append(values, contact.FieldInput{Field: w.custom[4].Ref(), Choices: picked})
		}
		ch.Fields = opt.Some(values)
		made, err := contacts.Create(ctx, owner, ch, nil)
		must(err)
		if i%10 == 9 {
			must(contacts.Delete(ctx, owner, made.Ref()))
			continue
		}
		w.people = append(w.people, person{Contact: made})
	}
	w.mail(t, s, c, random)
	w.now = c.Now()
	w.sent = append(w.sent, unknown)
	return w
}

// mail sends four mailings, months apart, and lets people do things with them.
func (w *town) mail(t *testing.T, s *store.Store, c *clock.Settable, random *rand.Rand) {
	t.Helper()
	for i, ago := range []int{200, 80, 20, 2} {
		at := c.Now().AddDate(0, 0, -ago)
		err := s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			m, err := tx.InsertMailing(ctx, owner.Account, tx.UID(), at)
			if err != nil {
				return err
			}
			w.mailings = append(w.mailings[:i], m)
			var sends []store.Send
			var events []store.Event
			for j := range w.people {
				p := &w.people[j]
				if random.IntN(3) == 0 {
					continue
				}
				send := store.Send{Mailing: m.Number, Contact: p.ID, At: at}
				sends, p.sends = append(sends, send), append(p.sends, send)
				for kind := store.EventOpen; kind <= store.EventOptOut; kind++ {
					if random.IntN(int(kind)+1) > 0 {
						continue
					}
					e := store.Event{Mailing: m.Number, Kind: kind, Contact: p.ID, At: at.Add(time.Duration(random.IntN(47)) * time.Hour)}
					events, p.events = append(events, e), append(p.events, e)
				}
			}
			if err := tx.InsertSends(ctx, owner.Account, sends); err != nil {
				return err
			}
			if err := tx.InsertEvents(ctx, owner.Account, events); err != nil {
				return err
			}
			return tx.InsertEvents(ctx, owner.Account, events[:1]) // once is enough
		})
		if err != nil {
			t.Fatal(err)
		}
		w.sent = append(w.sent, w.mailings[i].UID.String())
	}
}

func subset[T any](random *rand.Rand, of []T) []T {
	var out []T
	for _, v := range of {
		if random.IntN(2) == 0 {
			out = append(out, v)
		}
	}
	return out
}

// draw makes a group of rules, all of which are in order.
func (w *town) draw(t *rapid.T, depth int) segment.Draft {
	d := segment.Draft{IsGroup: true, Type: "and"}
	if depth > 1 {
		d.Type = rapid.SampledFrom([]string{"and", "or"}).Draw(t, "type")
	}
	for range rapid.IntRange(1, 3).Draw(t, "parts") {
		if depth < 4 && rapid.IntRange(0, 3).Draw(t, "nested") == 0 {
			d.Group = append(d.Group, w.draw(t, depth+1))
		} else {
			d.Group = append(d.Group, w.drawRule(t))
		}
	}
	return d
}

func (w *town) drawRule(t *rapid.T) segment.Draft {
	k := rapid.SampledFrom(segment.Grammar()).Draw(t, "field")
	op := rapid.SampledFrom(k.Form.Ops()).Draw(t, "op")
	d := segment.Draft{Source: k.Source, Field: string(k.Field)}
	days := func() string { return date.Of(w.now.AddDate(0, 0, rapid.IntRange(-60, 20).Draw(t, "day"))).String() }
	value := func() string { return rapid.SampledFrom(words).Draw(t, "value") }
	switch k.Form {
	case segment.Mails:
		value = func() string { return rapid.SampledFrom(w.sent).Draw(t, "mailing") }
		if op == segment.Between || op == segment.After || op == segment.Before {
			value = days
			break
		}
		constants := []segment.Const{"", segment.LastCampaigns, segment.LastDays, segment.AnyCampaign}
		if op == segment.ContainsAll {
			constants = constants[:2]
		}
		if c := rapid.SampledFrom(constants).Draw(t, "const"); c != "" {
			d.Op, d.Const, d.Param = string(op), string(c), strconv.Itoa(rapid.IntRange(1, 90).Draw(t, "n"))
			if c == segment.LastCampaigns {
				d.Param = strconv.Itoa(rapid.IntRange(1, 5).Draw(t, "campaigns"))
			}
			return d
		}
	case segment.Date:
		value = days
	case segment.Month, segment.MonthDay:
		value = func() string { return strconv.Itoa(rapid.IntRange(1, 12).Draw(t, "number")) }
	case segment.Yearly:
		value = func() string { return fmt.Sprintf("%02d-15", rapid.IntRange(1, 12).Draw(t, "month")) }
	case segment.Enum:
		value = func() string { return rapid.SampledFrom(k.Words).Draw(t, "word") }
	case segment.Lists:
		value = func() string { return rapid.SampledFrom(w.lists).Draw(t, "list") }
	case segment.Tags:
		value = func() string { return rapid.SampledFrom(w.tags).Draw(t, "tag") }
	case segment.Custom:
		f := rapid.SampledFrom(w.custom).Draw(t, "custom")
		d.Field = f.UID.String()
		var ops []segment.Op
		switch f.Type {
		case contact.TypeNumber:
			ops = []segment.Op{segment.Equals, segment.NotEquals, segment.GreaterThan, segment.LessThan, segment.Between, segment.IsEmpty}
			value = func() string { return rapid.SampledFrom([]string{"-2", "1.5", "9"}).Draw(t, "amount") }
		case contact.TypeDate:
			ops, value = segment.Date.Ops(), days
		case contact.TypeBoolean:
			ops = []segment.Op{segment.Equals, segment.NotEquals, segment.IsNotEmpty}
			value = func() string { return rapid.SampledFrom([]string{"true", "false"}).Draw(t, "truth") }
		case contact.TypeMultiSelect:
			ops = []segment.Op{segment.ContainsAny, segment.ContainsAll, segment.NotContainsAny, segment.IsEmpty}
			value = func() string { return rapid.SampledFrom([]string{"1", "2", "3", "9"}).Draw(t, "choice") }
		default:
			ops = segment.Text.Ops()
		}
		op = rapid.SampledFrom(ops).Draw(t, "op")
	case segment.Text:
	}
	d.Op = string(op)
	switch op {
	case segment.IsEmpty, segment.IsNotEmpty:
	case segment.InLastDays, segment.InNextDays:
		d.Param = strconv.Itoa(rapid.IntRange(0, 20).Draw(t, "days"))
	case segment.Between:
		d.Values = []string{value(), value()}
		if k.Form == segment.Mails || k.Form == segment.Date || k.Form == segment.Custom {
			slices.Sort(d.Values)
		}
	case segment.ContainsAny, segment.ContainsAll, segment.NotContainsAny, segment.In, segment.NotIn:
		for range rapid.IntRange(1, 3).Draw(t, "values") {
			d.Values = append(d.Values, value())
		}
	default:
		d.Values = []string{value()}
	}
	return d
}

// The database and the evaluator agree on who meets any criteria, counted and
// page by page.
func TestCriteriaMeanTheSameInSQL(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Settable) {
		w := newTown(t, s, c)
		met := 0
		rapid.Check(t, func(rt *rapid.T) {
			d := w.draw(rt, 1)
			criteria, found := segment.Parse(d, w.now, nil)
			if len(found) > 0 {
				rt.Fatalf("%+v: %v", d, found)
			}
			var want []id.Contact
			active := int64(0)
			for _, p := range w.people {
				if w.group(p, criteria.Root) {
					want = append(want, p.ID)
					if p.Active() || p.Email.Permission.Active() {
						active++
					}
				}
			}
			met += len(want)
			of, err := w.segments.Preview(t.Context(), owner, d, segment.MaxSample, nil)
			if err != nil {
				rt.Fatal(err)
			}
			var got []id.Contact
			for _, one := range of.Sample {
				got = append(got, one.ID)
			}
			if !slices.Equal(got, want) || of.Count != int64(len(want)) || of.Active != active {
				rt.Fatalf("%+v:\ngot  %v, %d of them, %d active\nwant %v, %d active", d, got, of.Count, of.Active, want, active)
			}
		})
		if met == 0 {
			t.Error("no criteria took anybody")
		}
	})
}
