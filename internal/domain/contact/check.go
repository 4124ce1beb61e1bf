package contact

import (
	"fmt"
	"strings"
	"time"

	"kith/internal/base/date"
	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/text"
)

// Codes of problems, for machines; their sentences stand where they are found.
const (
	codeRequired    = "required"
	codeInvalid     = "invalid"
	codeTooMany     = "too_many"
	codeTwice       = "twice"
	codeUnknown     = "unknown"
	codeNotSettable = "not_settable"
	codeDeleted     = "deleted"
	codeSubscribed  = "unsubscribed"
)

// draft is a Change whose form is right: values are parsed and trimmed,
// doubles are gone. References are still to be looked up.
type draft struct {
	source      Source
	email       *emailDraft // nil: kept
	firstName   opt.Value[string]
	lastName    opt.Value[string]
	jobTitle    opt.Value[string]
	companyName opt.Value[string]
	birthday    opt.Value[date.Birthday]
	anniversary opt.Value[date.Day]
	phones      opt.Value[[]PhoneInput]
	addresses   opt.Value[[]AddressInput]
	lists       opt.Value[[]asked[id.List]]
	tags        opt.Value[[]asked[id.Tag]]
	fields      opt.Value[[]fieldDraft]
	notes       opt.Value[[]NoteInput]
	sms         *smsDraft // nil: kept
	aside       opt.Value[Aside]
	view        *View
	// signsUp says that the write is the contact's own act, by which they
	// agree.
	signsUp bool
}

type emailDraft struct {
	address    email.Address // zero: kept
	permission Permission    // NoPermission: kept
	reason     string
	// event is what happens to the permission, where it is not the owner who
	// sets it: SignsUp, VisitorAdds, AsksAgain, Confirms or Returns.
	event EventKind
	// shown is what stood there when it happened.
	shown string
	// confirmed says that who comes by their own act is asked first.
	confirmed bool
	// away says that the contact was deleted.
	away bool
	// erased is when the address was erased; zero where it was not.
	erased time.Time
}

// confirmed returns the draft of somebody who comes by their own act, where
// confirmed opt-in is on.
func (d draft) confirmed(on bool) draft {
	if d.email != nil && on {
		e := *d.email
		e.confirmed = true
		d.email = &e
	}
	return d
}

// returning returns the draft of a contact who was deleted.
func (d draft) returning(deleted bool) draft {
	if d.email != nil && deleted {
		e := *d.email
		e.away = true
		d.email = &e
	}
	return d
}

// asked is a reference and where the caller wrote it.
type asked[N ~int64] struct {
	ref  id.Ref[N]
	path string
}

type fieldDraft struct {
	asked[id.Field]
	in FieldInput
}

// checker gathers problems.
type checker struct{ found fault.Problems }

// check brings a change into its checked form and adds its problems to those
// found before. sourcePath is what the caller's word for Change.Source is.
func check(ch Change, sourcePath string, now time.Time, found fault.Problems) (draft, fault.Problems) {
	c := &checker{found}
	d := draft{
		firstName:   c.name("first_name", ch.FirstName),
		lastName:    c.name("last_name", ch.LastName),
		jobTitle:    c.name("job_title", ch.JobTitle),
		companyName: c.name("company_name", ch.CompanyName),
		birthday:    c.birthday(ch.BirthdayMonth, ch.BirthdayDay),
		anniversary: c.anniversary(ch.Anniversary, now),
		phones:      c.phones(ch.Phones),
		addresses:   c.addresses(ch.Addresses),
		lists:       references(c, "list_memberships", ch.Lists, MaxLists),
		tags:        references(c, "taggings", ch.Tags, MaxTags),
		fields:      c.fields(ch.Fields),
		notes:       c.notes(ch.Notes),
		aside:       c.aside(ch.Aside),
		view:        ch.View,
	}
	d.source, _ = ch.Source.Value()
	if d.source == NoSource && !c.found.Has(sourcePath) {
		c.found.Add(sourcePath, codeRequired, "is missing; it is Account or Contact")
	}
	d.email = c.email(ch.Email)
	d.sms = c.sms(ch.SMS)
	return d, c.found
}

func (c *checker) text(path, s string, most int) {
	if code, message := text.Check(s, most); code != "" {
		c.found.Add(path, code, message)
	}
}

func (c *checker) name(path string, v opt.Value[string]) opt.Value[string] {
	s, ok := v.Value()
	if !ok {
		return v
	}
	s = strings.TrimSpace(s)
	c.text(path, s, MaxName)
	return opt.Some(s)
}

func (c *checker) email(v opt.Value[EmailInput]) *emailDraft {
	in, ok := v.Value()
	if !ok {
		return nil
	}
	const path = "email_address.address"
	d := &emailDraft{}
	var err error
	if !in.KeepAddress {
		if d.address, err = email.Parse(in.Address); err != nil && !c.found.Has(path) {
			c.found.Add(path, codeInvalid, err.Error())
		}
	}
	d.permission, _ = in.Permission.Value()
	d.reason, _ = in.OptOutReason.Value()
	d.reason = strings.TrimSpace(d.reason)
	c.text("email_address.opt_out_reason", d.reason, MaxOptOutReason)
	return d
}

func (c *checker) birthday(month, day opt.Value[int]) (none opt.Value[date.Birthday]) {
	const monthPath, dayPath = "birthday_month", "birthday_day"
	m, hasMonth := month.Value()
	d, hasDay := day.Value()
	switch {
	case !hasMonth && !hasDay:
		if month.Given() || day.Given() {
			return opt.Null[date.Birthday]()
		}
		return none
	case !hasMonth && !c.found.Has(monthPath):
		c.found.Add(monthPath, codeRequired, "is missing; month and day of a birthday stand together")
	case !hasDay && !c.found.Has(dayPath):
		c.found.Add(dayPath, codeRequired, "is missing; month and day of a birthday stand together")
	}
	ok := hasMonth && hasDay
	if hasMonth && (m < 1 || m > 12) {
		c.found.Add(monthPath, codeInvalid, "must be from 1 to 12")
		ok = false
	}
	if hasDay && (d < 1 || d > 31) {
		c.found.Add(dayPath, codeInvalid, "must be from 1 to 31")
		ok = false
	}
	if !ok {
		return none
	}
	b, err := date.NewBirthday(m, d)
	if err != nil {
		c.found.Add(dayPath, codeInvalid, err.Error())
		return none
	}
	return opt.Some(b)
}

func (c *checker) anniversary(v opt.Value[string], now time.Time) (none opt.Value[date.Day]) {
	s, ok := v.Value()
	s = strings.TrimSpace(s)
	switch {
	case !v.Given():
		return none
	case !ok || s == "":
		return opt.Null[date.Day]()
	}
	d, err := date.ParseAnniversary(s, now.Year())
	if err != nil {
		c.found.Add("anniversary", codeInvalid, err.Error())
		return none
	}
	return opt.Some(d)
}

func (c *checker) bound(path string, n, most int) {
	if n > most {
		c.found.Add(path, codeTooMany, fmt.Sprintf("may hold %d at most, not %d", most, n))
	}
}

func (c *checker) phones(v opt.Value[[]PhoneInput]) opt.Value[[]PhoneInput] {
	const path = "phone_numbers"
	in, ok := v.Value()
	if !ok {
		return v
	}
	var out []PhoneInput
	for i, p := range in {
		p.Number = strings.TrimSpace(p.Number)
		if p.Number == "" {
			continue
		}
		at := fmt.Sprintf("%s[%d]", path, i)
		c.text(at+".phone_number", p.Number, MaxPhone)
		switch p.Kind {
		case Home, Work, Mobile, Other:
		case "":
			if !c.found.Has(at + ".kind") {
				c.found.Add(at+".kind", codeRequired, "is missing; it is home, work, mobile or other")
			}
			continue
		default:
			c.found.Add(at+".kind", codeInvalid, "must be home, work, mobile or other")
			continue
		}
		switch twice := find(out, func(q PhoneInput) bool { return q.Kind == p.Kind }); {
		case twice == nil:
			out = append(out, p)
		case twice.Number != p.Number:
			c.found.Add(at+".kind", codeTwice, "stands for another number already")
		}
	}
	c.bound(path, len(out), MaxPhones)
	return opt.Some(out)
}

func (c *checker) addresses(v opt.Value[[]AddressInput]) opt.Value[[]AddressInput] {
	const path = "street_addresses"
	in, ok := v.Value()
	if !ok {
		return v
	}
	var out []AddressInput
	for i, a := range in {
		at := fmt.Sprintf("%s[%d]", path, i)
		for _, part := range []struct {
			name  string
			value *string
			most  int
		}{
			{"street", &a.Street, MaxStreet},
			{"city", &a.City, MaxPlace},
			{"state", &a.State, MaxPlace},
			{"postal_code", &a.PostalCode, MaxPlace},
			{"country", &a.Country, MaxPlace},
		} {
			*part.value = strings.TrimSpace(*part.value)
			c.text(at+"."+part.name, *part.value, part.most)
		}
		if (AddressInput{Kind: a.Kind}) == a {
			continue
		}
		switch a.Kind {
		case Home, Work, Other:
		case "":
			if !c.found.Has(at + ".kind") {
				c.found.Add(at+".kind", codeRequired, "is missing; it is home, work or other")
			}
			continue
		default:
			c.found.Add(at+".kind", codeInvalid, "must be home, work or other")
			continue
		}
		switch twice := find(out, func(b AddressInput) bool { return b.Kind == a.Kind }); {
		case twice == nil:
			out = append(out, a)
		case *twice != a:
			c.found.Add(at+".kind", codeTwice, "stands for another address already")
		}
	}
	c.bound(path, len(out), MaxAddresses)
	return opt.Some(out)
}

// references drops doubles, and what the edge could not read.
func references[N ~int64](c *checker, path string, v opt.Value[[]id.Ref[N]], most int) (none opt.Value[[]asked[N]]) {
	if !v.Given() {
		return none
	}
	in, _ := v.Value()
	out := make([]asked[N], 0, len(in))
	for i, ref := range in {
		if !ref.IsZero() && find(out, func(a asked[N]) bool { return a.ref == ref }) == nil {
			out = append(out, asked[N]{ref, fmt.Sprintf("%s[%d]", path, i)})
		}
	}
	c.bound(path, len(out), most)
	return opt.Some(out)
}

func (c *checker) fields(v opt.Value[[]FieldInput]) (none opt.Value[[]fieldDraft]) {
	const path = "custom_fields"
	if !v.Given() {
		return none
	}
	in, _ := v.Value()
	out := make([]fieldDraft, 0, len(in))
	for i, f := range in {
		at := fmt.Sprintf("%s[%d]", path, i)
		if f.Field.IsZero() {
			if !c.found.Has(at + ".custom_field_id") {
				c.found.Add(at+".custom_field_id", codeRequired, "is missing")
			}
			continue
		}
		d := fieldDraft{asked[id.Field]{f.Field, at}, f}
		// The last value of a field counts, as in an object with a key twice.
		if twice := find(out, func(o fieldDraft) bool { return o.ref == f.Field }); twice != nil {
			*twice = d
			continue
		}
		out = append(out, d)
	}
	c.bound(path, len(out), MaxFields)
	return opt.Some(out)
}

func (c *checker) notes(v opt.Value[[]NoteInput]) opt.Value[[]NoteInput] {
	const path = "notes"
	in, ok := v.Value()
	if !ok {
		return v
	}
	out := make([]NoteInput, 0, len(in))
	for i, n := range in {
		n.Content = strings.TrimSpace(n.Content)
		if n.Content == "" {
			continue
		}
		c.text(fmt.Sprintf("%s[%d].content", path, i), n.Content, MaxNote)
		if n.UID.IsZero() || find(out, func(o NoteInput) bool { return o.UID == n.UID }) == nil {
			out = append(out, n)
		}
	}
	c.bound(path, len(out), MaxNotes)
	return opt.Some(out)
}

// find returns the first element that meets the condition, or nil.
func find[T any](in []T, meets func(T) bool) *T {
	for i := range in {
		if meets(in[i]) {
			return &in[i]
		}
	}
	return nil
}
