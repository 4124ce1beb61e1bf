package column

import (
	"cmp"
	"slices"
	"strconv"

	"kith/internal/domain/contact"
)

// Problem is a value of a row that cannot be taken.
type Problem struct {
	Line int64
	// Name is the target's name: email, birthday, cf:size. It is WholeRow
	// where no single value is at fault.
	Name string
	// Column is the file's own heading of the value, where it is known.
	Column string
	// Value is the cell as it stands in the file.
	Value string
	// Reason ends a sentence that begins with the value.
	Reason string
	// Left is true when the row was taken without the value, false when the
	// row was not taken.
	Left bool
	// Gone is true where it is not the value that is at fault but what became
	// of the contact.
	Gone bool
}

// WholeRow is the name of a problem that is no single value's.
const WholeRow = "row"

// String returns the problem in the form that activities tell it: Line 17:
// Invalid email, as older versions of the API did, and then what is wrong.
func (p Problem) String() string {
	s := "Line " + strconv.FormatInt(p.Line, 10) + ": Invalid " + p.Name + ": "
	if p.Name != WholeRow && p.Value != "" {
		s += strconv.Quote(shorten(p.Value)) + " "
	}
	s += p.Reason
	if p.Column != "" && fold(p.Column) != fold(p.Name) {
		s += " (column " + strconv.Quote(shorten(p.Column)) + ")"
	}
	return s
}

// Heading is the column by which a person finds the value: the file's own
// heading, or the name; empty where the row as a whole is meant.
func (p Problem) Heading() string {
	if p.Name == WholeRow {
		return ""
	}
	return cmp.Or(p.Column, p.Name)
}

// Fatal reports whether a row with these problems is not taken.
func Fatal(all []Problem) bool {
	return slices.ContainsFunc(all, func(p Problem) bool { return !p.Left })
}

// Correctable reports whether a person can mend, in the row alone, everything
// that keeps it from being taken (v3 contract, ActivityImport.status,
// correctable_count: a bad address, a bad birthday or anniversary, no address).
func Correctable(all []Problem) bool {
	for _, p := range all {
		switch {
		case p.Left:
		case p.Gone:
			return false
		case p.Name == "email" || p.Name == "email_2" || p.Name == "email_3":
		case p.Name == "birthday" || p.Name == "birthday_day" || p.Name == "birthday_month" || p.Name == "anniversary":
		case p.Name == "sms_number" || p.Name == "sms_consent_date":
		default:
			return false
		}
	}
	return true
}

// InOrder merges problems that are each in the order of the file.
func InOrder(a, b []Problem) []Problem {
	all := slices.Concat(a, b)
	slices.SortStableFunc(all, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return all
}

// PhoneName is the name of the column of a kind of phone.
func PhoneName(k contact.Kind) string {
	if k == contact.Other {
		return "phone"
	}
	return string(k) + "_phone"
}
