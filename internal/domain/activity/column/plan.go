package column

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"kith/internal/base/date"
	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/domain/contact"
)

// Options say what rows are checked against beside the names.
type Options struct {
	// ThisYear bounds anniversaries.
	ThisYear int
	// SMSConsent says that a row's date of consent states that the contact
	// agreed to short messages; else it is not read. No such date lies behind
	// the end of Today's morrow, which is today somewhere.
	SMSConsent bool
	Today      date.Day
}

// Plan turns the rows of one file into drafts. It is safe for concurrent use.
type Plan struct {
	steps    []step
	headings []string
	fields   []Custom
	o        Options
	width    int
	grouped  bool // some value's kind stands in another cell
	sms      bool // a row may be about a number for short messages
}

// step is what is done with one column.
type step struct {
	column int
	name   string
	target
}

// errMapping is the sentinel of a mapping that cannot be followed.
var errMapping = fault.New(fault.Invalid, fault.CodeImportHeading, "The columns cannot be mapped in this way.")

// NewPlan returns the plan of a file whose columns have the given headings and
// are mapped to the given names, one for each heading. It refuses, with a
// problem for each, names that do not exist and names given twice, and a
// mapping without an email address and an SMS number.
func NewPlan(headings, names []string, fields []Custom, o Options) (*Plan, error) {
	p := &Plan{headings: headings, fields: fields, o: o, width: len(headings)}
	var bad fault.Problems
	if len(names) != len(headings) {
		return nil, errMapping.Saying(fmt.Sprintf("The file has %d columns and %d are mapped.", len(headings), len(names)))
	}
	taken := map[string]bool{}
	for i, name := range names {
		if name == "" {
			continue
		}
		path := "columns[" + strconv.Itoa(i) + "]"
		t, ok := p.target(name)
		switch {
		case !ok:
			bad.Add(path, "import.column.unknown", "is mapped to "+strconv.Quote(shorten(name))+", which is no name of a column")
		case taken[name]:
			bad.Add(path, "import.column.repeated", "is mapped to "+name+", as another column is")
		default:
			taken[name] = true
			p.steps = append(p.steps, step{i, name, t})
			p.grouped = p.grouped || t.kind >= groupPhone
			p.sms = p.sms || t.kind == smsNumber
		}
	}
	if len(bad) > 0 {
		return nil, errMapping.With(bad...)
	}
	if !identified(taken) {
		return nil, errMapping.Saying("No column is mapped to email or sms_number.")
	}
	return p, nil
}

// target understands a name.
func (p *Plan) target(name string) (target, bool) {
	if rest, ok := strings.CutPrefix(name, CustomPrefix); ok {
		for i, f := range p.fields {
			if f.Name == rest && i <= 255 {
				return target{kind: custom, at: uint8(i)}, true
			}
		}
		return target{}, false
	}
	t, ok := targets[name]
	return t, ok
}

// reading is the state of one row being converted.
type reading struct {
	p     *Plan
	line  int64
	d     *contact.Incoming
	cells []string
	bad   []Problem

	emails     [3]string
	emailSteps [3]*step
	smsCell    string
	smsDate    date.Day
	day, month string
	phone      [phoneKinds]string
	lines      [addressKinds][3]string
	place      [addressKinds]contact.AddressInput // but for the street
	groups     *groups
}

// Convert fills d, whose slices it may use again, from the cells of a row. It
// returns what is wrong; the row is to be taken only if every problem says that
// its value was left out. Texts in d are parts of the cells.
func (p *Plan) Convert(line int64, cells []string, d *contact.Incoming) []Problem {
	*d = contact.Incoming{Phones: d.Phones[:0], Addresses: d.Addresses[:0], Fields: d.Fields[:0]}
	r := reading{p: p, line: line, d: d, cells: cells}
	if p.grouped {
		r.groups = &groups{}
	}
	for i := range p.steps {
		s := &p.steps[i]
		if v := clean(cells[s.column], s.kind == address || s.kind == groupAddress); v != "" {
			r.cell(s, v)
		}
	}
	r.finish()
	return r.bad
}

// cell takes one value that is not blank.
func (r *reading) cell(s *step, v string) {
	d := r.d
	switch s.kind {
	case emailAddress:
		r.emails[s.at], r.emailSteps[s.at] = v, s
	case plainText:
		if !r.fits(s, v, contact.MaxName) {
			return
		}
		switch s.at {
		case firstName:
			d.FirstName = v
		case lastName:
			d.LastName = v
		case jobTitle:
			d.JobTitle = v
		case companyName:
			d.CompanyName = v
		}
	case phone:
		if r.fits(s, v, contact.MaxPhone) {
			r.phone[s.at] = v
		}
	case address:
		r.address(s, v)
	case birthdayDay:
		r.day = v
	case birthdayMonth:
		r.month = v
	case birthday:
		if noDate(v) {
			return
		}
		b, err := date.ParseBirthday(v)
		if err != nil {
			r.problem(s, err.Error())
		} else if d.Birthday.IsZero() {
			d.Birthday = b
		}
	case anniversary:
		r.anniversary(s, v)
	case custom:
		r.custom(s, v)
	case smsNumber:
		r.smsNumber(s, v)
	case smsConsentDate:
		r.smsConsentDate(s, v)
	case groupPhone, groupPhoneType, groupAddress, groupAddressType, groupEvent, groupEventType:
		r.groups.cell(s, v)
	case unused:
	}
}

// finish decides what takes more than one cell.
func (r *reading) finish() {
	if r.groups != nil {
		r.grouped()
	}
	r.email()
	r.sms()
	r.birthday()
	for k := range r.lines {
		r.street(k)
	}
	r.phones()
	if n := len(r.d.Fields); n > contact.MaxFields {
		r.whole("the row has values for " + strconv.Itoa(n) + " custom fields; a contact has at most " + strconv.Itoa(contact.MaxFields))
	}
}

// email takes the first address there is.
func (r *reading) email() {
	for i, v := range r.emails {
		if v == "" {
			continue
		}
		a, err := email.Parse(first(v))
		if err != nil {
			r.problem(r.emailSteps[i], err.Error())
		}
		r.d.Email = a
		return
	}
	switch {
	case !r.p.sms:
		r.missing("email", "is empty")
	case r.smsCell == "": // one that cannot be read is told of already
		r.missing("email", "is empty, and so is sms_number")
	}
}

// birthday joins day and month, which are given together or not at all.
func (r *reading) birthday() {
	if r.day == "" && r.month == "" || r.day == "0" && r.month == "0" {
		return
	}
	switch {
	case r.month == "":
		r.missing("birthday_month", "is empty, but the day of the birthday is given")
		return
	case r.day == "":
		r.missing("birthday_day", "is empty, but the month of the birthday is given")
		return
	}
	day, err := strconv.Atoi(r.day)
	if err != nil || day < 1 || day > 31 {
		r.named("birthday_day", r.day, "is not a day from 1 to 31")
		return
	}
	month, err := strconv.Atoi(r.month)
	if err != nil || month < 1 || month > 12 {
		r.named("birthday_month", r.month, "is not a month from 1 to 12")
		return
	}
	b, err := date.NewBirthday(month, day)
	if err != nil {
		r.named("birthday", r.month+"/"+r.day, err.Error())
		return
	}
	r.d.Birthday = b
}

func (r *reading) anniversary(s *step, v string) {
	if noDate(v) {
		return
	}
	day, err := date.ParseAnniversary(v, r.p.o.ThisYear)
	if err != nil {
		r.problem(s, err.Error())
	} else if r.d.Anniversary.IsZero() {
		r.d.Anniversary = day
	}
}

// address takes a part of an address. Lines of the street wait for each other.
func (r *reading) address(s *step, v string) {
	if s.part <= street3 {
		r.lines[s.at][s.part] = v
		return
	}
	if !r.fits(s, v, contact.MaxPlace) {
		return
	}
	a := &r.place[s.at]
	switch s.part {
	case city:
		a.City = v
	case state:
		a.State = v
	case zip:
		a.PostalCode = v
	case country:
		a.Country = v
	}
}

// street joins the lines of a street, and with them the address is whole.
func (r *reading) street(k int) {
	l, a := &r.lines[k], &r.place[k]
	for _, line := range l {
		switch {
		case line == "":
		case a.Street == "":
			a.Street = line
		default:
			a.Street += streetJoint + line
		}
	}
	if longer(a.Street, contact.MaxStreet) {
		name := "street"
		if k != homeAddress {
			name = string(addressNames[k]) + "_street"
		}
		r.named(name, a.Street, tooLong(contact.MaxStreet))
		return
	}
	if *a != (contact.AddressInput{}) {
		a.Kind = addressNames[k]
		r.d.Addresses = append(r.d.Addresses, *a)
	}
}

// streetJoint stands between the lines of a street, which are one value (v3
// contract, JsonImportContact.street2).
const streetJoint = ", "

// phones holds the number of phones to what a contact may have. Mail programs
// keep more of them than that, so the least particular one is left out rather
// than the person.
func (r *reading) phones() {
	for k, v := range r.phone {
		switch {
		case v == "":
		case len(r.d.Phones) == contact.MaxPhones:
			r.left("phone", v, "is one more than the "+strconv.Itoa(contact.MaxPhones)+" phone numbers a contact may have; it was left out")
		default:
			r.d.Phones = append(r.d.Phones, contact.PhoneInput{Number: v, Kind: phoneNames[k]})
		}
	}
}

func (r *reading) custom(s *step, v string) {
	f := &r.p.fields[s.at]
	stored, err := f.Parse(v)
	if err != nil {
		r.problem(s, err.Error())
		return
	}
	r.d.Fields = append(r.d.Fields, contact.StoredValue{Field: f.Field, Text: stored})
}

// fits checks a length in characters.
func (r *reading) fits(s *step, v string, most int) bool {
	if longer(v, most) {
		r.problem(s, tooLong(most))
		return false
	}
	return true
}

func longer(v string, most int) bool {
	return len(v) > most && utf8.RuneCountInString(v) > most
}

func tooLong(most int) string { return "is longer than " + strconv.Itoa(most) + " characters" }

// problem notes a fault of the cell a step read.
func (r *reading) problem(s *step, reason string) {
	r.bad = append(r.bad, Problem{
		Line: r.line, Name: s.name, Column: r.p.headings[s.column], Value: r.cells[s.column], Reason: reason,
	})
}

// named notes a fault of a value by its name; the first column that is mapped
// to it gives the heading.
func (r *reading) named(name, value, reason string) {
	pr := Problem{Line: r.line, Name: name, Value: value, Reason: reason}
	for _, s := range r.p.steps {
		if s.name == name {
			pr.Column = r.p.headings[s.column]
			break
		}
	}
	r.bad = append(r.bad, pr)
}

// left notes a value without which the row is taken.
func (r *reading) left(name, value, reason string) {
	r.named(name, value, reason)
	r.bad[len(r.bad)-1].Left = true
}

func (r *reading) missing(name, reason string) { r.named(name, "", reason) }

func (r *reading) whole(reason string) { r.named(WholeRow, "", reason) }

// noDate reports whether v is what a mail program writes for no date at all.
func noDate(v string) bool {
	switch v {
	case "0/0/00", "0/0/0000", "00/00/00", "00/00/0000", "0000-00-00":
		return true
	}
	return false
}

// clean removes white space around a value and turns line breaks and tabs
// within it into blanks, or, in a street, into the joint of its lines.
func clean(v string, street bool) string {
	v = strings.TrimSpace(v)
	for i := range len(v) {
		if v[i] < ' ' {
			joint := " "
			if street {
				joint = streetJoint
			}
			return strings.Join(strings.FieldsFunc(v, func(c rune) bool { return c < ' ' }), joint)
		}
	}
	return v
}
