package wire3

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kith/internal/base/id"
	"kith/internal/edge/respond"
)

// Contacts write themselves. What they write is what encoding/json makes of
// the struct whose tags the document is made from.
func TestContactsWriteThemselves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPage(t)
		got := p.Append(nil)
		want, err := respond.Encode(p)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
		if !json.Valid(got) {
			t.Fatalf("no JSON: %s", got)
		}
	})
}

func drawPage(t *rapid.T) ContactPage {
	p := ContactPage{Contacts: rapid.SliceOfN(rapid.Custom(drawContact), 0, 3).Draw(t, "contacts")}
	if p.Contacts == nil {
		p.Contacts = []Contact{}
	}
	if rapid.Bool().Draw(t, "counted") {
		n := rapid.Int64Range(0, 1e9).Draw(t, "count")
		p.Count = &n
	}
	p.Links = Next(rapid.SampledFrom([]string{"", "/v3/contacts?cursor=abc&x=<y>"}).Draw(t, "next"))
	return p
}

func drawContact(t *rapid.T) Contact {
	text := rapid.String()
	words := func(name string) string { return text.Draw(t, name) }
	at := func(name string) respond.Time {
		return respond.Time(time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, name)))
	}
	maybe := func(name string) respond.Time {
		if rapid.Bool().Draw(t, name+" is there") {
			return at(name)
		}
		return respond.Time{}
	}
	w := Contact{
		ID: drawUID(t), FirstName: words("first"), LastName: words("last"), JobTitle: words("job"), CompanyName: words("company"),
		BirthdayMonth: rapid.IntRange(0, 12).Draw(t, "month"), BirthdayDay: rapid.IntRange(0, 31).Draw(t, "day"),
		Anniversary: words("anniversary"), CreateSource: words("create"), UpdateSource: words("update"),
		CreatedAt: at("created"), UpdatedAt: at("updated"), DeletedAt: respond.Day(maybe("deleted")),
	}
	if rapid.Bool().Draw(t, "has an address") {
		w.Email = &Email{
			Address: words("address"), Permission: words("permission"), CreatedAt: maybe("e created"), UpdatedAt: maybe("e updated"),
			OptInSource: words("opt in"), OptInDate: maybe("opted in"), OptOutSource: words("opt out"), OptOutDate: maybe("opted out"),
			OptOutReason: words("reason"), Confirm: words("confirm"),
		}
	}
	if rapid.Bool().Draw(t, "fields") {
		w.CustomFields = []Field{{Field: drawUID(t), Value: words("value")}, {Field: drawUID(t), Choices: []string{"1", words("choice")}}}
	}
	if rapid.Bool().Draw(t, "phones") {
		w.Phones = []Phone{{ID: drawUID(t), Number: words("number"), Kind: words("kind"), CreatedAt: maybe("p created"), UpdateSource: words("p update")}}
	}
	if rapid.Bool().Draw(t, "addresses") {
		w.Addresses = []Address{{ID: drawUID(t), Kind: words("a kind"), Street: words("street"), City: words("city"), State: words("state"), PostalCode: words("code"), Country: words("country"), UpdatedAt: maybe("a updated")}}
	}
	w.Lists = rapid.SampledFrom([][]id.UID{nil, {}, {{1}, {2}}}).Draw(t, "lists")
	w.Tags = rapid.SampledFrom([][]id.UID{nil, {}, {{3}}}).Draw(t, "tags")
	if rapid.Bool().Draw(t, "notes") {
		w.Notes = []Note{{ID: drawUID(t), CreatedAt: at("n created"), Content: words("content")}}
	}
	if rapid.Bool().Draw(t, "sms") {
		w.SMS = &SMSChannel{
			ID: drawUID(t), Address: words("sms"), DialCode: "1", CountryCode: "US", CreateSource: words("s create"),
			Consents: []SMSConsent{{Permission: words("s permission"), Type: words("type"), OptInDate: maybe("s in"), OptOutDate: maybe("s out"), Frequency: words("times"), Interval: words("interval"), CreatedAt: at("s created"), UpdatedAt: at("s updated")}},
		}
	}
	return w
}

func drawUID(t *rapid.T) (uid id.UID) {
	copy(uid[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "uid"))
	return uid
}

func BenchmarkContactPage(b *testing.B) {
	at := respond.Time(time.UnixMilli(1772384709123))
	w := Contact{
		ID: id.UID{1}, Email: &Email{
			Address: "ines.roy@example.org", Permission: "implicit", CreatedAt: at, UpdatedAt: at, OptInSource: "Account", OptInDate: at, Confirm: "off",
		},
		FirstName: "Ines", LastName: "Roy", CompanyName: "Paper Boats", CreateSource: "Account", UpdateSource: "Account", CreatedAt: at, UpdatedAt: at,
	}
	p := ContactPage{}
	for range 100 {
		p.Contacts = append(p.Contacts, w)
	}
	b.Run("itself", func(b *testing.B) {
		for b.Loop() {
			p.Append(make([]byte, 0, PageBytes(100)))
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		for b.Loop() {
			if _, err := respond.Encode(p); err != nil {
				b.Fatal(err)
			}
		}
	})
}
