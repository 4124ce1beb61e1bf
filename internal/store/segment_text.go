package store

import (
	"strconv"
	"strings"

	"kith/internal/domain/contact"
	"kith/internal/domain/segment"
)

// members are the names that parts of addresses and phones have in their
// stored form.
var members = map[segment.Field]struct{ column, name string }{
	segment.Street:      {"c.addresses", "s"},
	segment.City:        {"c.addresses", "ci"},
	segment.State:       {"c.addresses", "st"},
	segment.PostalCode:  {"c.addresses", "p"},
	segment.Country:     {"c.addresses", "co"},
	segment.PhoneNumber: {"c.phones", "n"},
}

var columns = map[segment.Field]string{
	segment.FirstName:    "c.first_name",
	segment.LastName:     "c.last_name",
	segment.JobTitle:     "c.job_title",
	segment.CompanyName:  "c.company_name",
	segment.EmailAddress: "COALESCE(c.email, '')",
	segment.EmailDomain:  "COALESCE(c.email, '')",
}

// text is the condition of a rule about text of a contact.
func (q *contactQuery) text(r segment.Rule) string {
	if m, ok := members[r.Field]; ok {
		return q.member(m.column, m.name, r)
	}
	column := columns[r.Field]
	switch r.Op {
	case segment.IsEmpty:
		return column + " = ''"
	case segment.IsNotEmpty:
		return column + " <> ''"
	}
	// No address has a second @, so its domain begins behind the only one.
	before := ""
	if r.Field == segment.EmailDomain {
		before = "%@"
	}
	return negatedText(r.Op, q.like(column, before, r))
}

// like is the condition that a column is as a rule wants it, not turned round
// yet. before is a pattern for what stands before the text.
func (q *contactQuery) like(column, before string, r segment.Rule) string {
	var either []string
	for _, v := range r.Texts {
		for _, s := range spellings(v) {
			either = append(either, q.tx.d.Like(column, q.bind(before+pattern(r.Op, likeText(s)))))
		}
	}
	return joined(either, true)
}

// pattern is the LIKE pattern of an operator.
func pattern(op segment.Op, text string) string {
	switch op {
	case segment.Contains, segment.NotContains:
		return "%" + text + "%"
	case segment.StartsWith:
		return text + "%"
	case segment.EndsWith:
		return "%" + text
	}
	return text
}

// member is the condition of a rule about a part of any address or phone. The
// stored form is JSON of our own writing, in which quotes inside a text are
// escaped: so the start of a text is found by its name, without reading the
// JSON.
func (q *contactQuery) member(column, name string, r segment.Rule) string {
	opening := `%"` + name + `":"`
	switch r.Op {
	case segment.IsEmpty:
		return not(q.tx.d.Like(column, q.bind(opening+"%")))
	case segment.IsNotEmpty:
		return q.tx.d.Like(column, q.bind(opening+"%"))
	}
	var either []string
	for _, v := range r.Texts {
		for _, s := range spellings(v) {
			stored := likeText(quoted(s))
			switch r.Op {
			case segment.Contains, segment.NotContains, segment.EndsWith:
				// The text must stand somewhere before it is worth asking where.
				either = append(either, "("+q.tx.d.Like(column, q.bind("%"+stored+"%"))+" AND "+
					q.tx.d.MemberLike(column, name, q.bind(pattern(r.Op, likeText(s))))+")")
			case segment.StartsWith:
				either = append(either, q.tx.d.Like(column, q.bind(opening+stored+"%")))
			default:
				either = append(either, q.tx.d.Like(column, q.bind(opening+stored+`"%`)))
			}
		}
	}
	return negatedText(r.Op, joined(either, true))
}

// quoted is a text as it stands in JSON, without the quotes around it.
func quoted(s string) string {
	b := appendText(nil, s)
	return string(b[1 : len(b)-1])
}

// likeText is a text in a LIKE pattern.
func likeText(s string) string { return strings.TrimSuffix(likePattern(s), "%") }

// custom is the condition of a rule about a custom field. Of a field that does
// not exist, nobody has a value.
func (k *knownCriteria) custom(r segment.Rule) condition {
	f, ok := k.fields[r.Custom]
	if !ok {
		return negated(r.Op, emptiness(r.Op))
	}
	r, problem, _ := r.Fit(f)
	if problem != "" {
		return nobody // the field was made after the segment, and is of another type
	}
	is := func(text func(*contactQuery) string) condition {
		return having{"field_value", func(q *contactQuery) string {
			return "x.field = " + q.bind(int64(f.ID)) + " AND x.value <> '' AND " + text(q)
		}}
	}
	switch r.Op {
	case segment.IsEmpty:
		return except{is(anything)}
	case segment.IsNotEmpty:
		return is(anything)
	}
	switch f.Type {
	case contact.TypeNumber, contact.TypeCurrency:
		return negated(r.Op, is(func(q *contactQuery) string { return q.amount(r) }))
	case contact.TypeSingleSelect, contact.TypeMultiSelect:
		return negated(r.Op, is(func(q *contactQuery) string { return q.picked(r) }))
	case contact.TypeBoolean, contact.TypeString, contact.TypeTextArea, contact.TypeDate, contact.TypeDateTime:
	}
	return negated(r.Op, is(func(q *contactQuery) string {
		if r := q.window(r); len(r.Days) > 0 {
			return q.dayText(r)
		}
		return q.like("x.value", "", r)
	}))
}

func anything(*contactQuery) string { return "1 = 1" }

// emptiness is who an operator takes where nobody has a value.
func emptiness(op segment.Op) condition {
	if op == segment.IsEmpty {
		return everybody
	}
	return nobody
}

func (q *contactQuery) amount(r segment.Rule) string {
	value := q.tx.d.Decimal("x.value")
	first := q.bind(r.Amounts[0])
	switch r.Op {
	case segment.GreaterThan:
		return value + " > " + first
	case segment.LessThan:
		return value + " < " + first
	case segment.Between:
		return "(" + value + " >= " + first + " AND " + value + " <= " + q.bind(r.Amounts[1]) + ")"
	}
	return value + " = " + first
}

// picked is the condition of a rule about choices, whose ids are stored with
// commas between.
func (q *contactQuery) picked(r segment.Rule) string {
	each := make([]string, len(r.Numbers))
	for i, n := range r.Numbers {
		each[i] = q.tx.d.Like("(',' || x.value || ',')", q.bind("%,"+strconv.FormatInt(n, 10)+",%"))
	}
	return joined(each, r.Op != segment.ContainsAll)
}

// dayText is the condition of a rule about text that begins with a day.
func (q *contactQuery) dayText(r segment.Rule) string {
	const day = "substr(x.value, 1, 10)"
	first := q.bind(r.Days[0].String())
	switch r.Op {
	case segment.Before:
		return day + " < " + first
	case segment.After:
		return day + " > " + first
	}
	return "(" + day + " >= " + first + " AND " + day + " <= " + q.bind(r.Days[len(r.Days)-1].String()) + ")"
}
