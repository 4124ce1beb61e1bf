package column

import (
	"strconv"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
)

// CustomOf returns a field of an account as a file knows it.
func CustomOf(f contact.Field) Custom {
	return Custom{Field: f.ID, Name: f.Name, Label: f.Label, Slot: f.Slot, Parse: f.ParseValue}
}

// Custom is a custom field of the account, as far as a file is concerned.
type Custom struct {
	Field id.Field
	Name  string // heads its column after cf:
	Label string // heads its column in exports
	Slot  int    // its place among the fifteen of v2, or 0
	// Parse checks a text and returns it in its stored form, as
	// contact.Field.ParseValue does. Its error ends a sentence that begins with
	// the value.
	Parse func(text string) (string, error)
}

// Note says what is remarkable about a column.
type Note string

// The notes.
const (
	// Unknown is a heading that stands for nothing here.
	Unknown Note = "unknown"
	// Repeated is a heading whose value another column has already.
	Repeated Note = "repeated"
	// NoSuchField is a cf: heading without a custom field.
	NoSuchField Note = "no_such_field"
	// Untitled is a column without a heading.
	Untitled Note = "untitled"
)

// Column is a column of a file and what it was taken for.
type Column struct {
	Heading string
	// Name is the target, empty where the column is not used.
	Name string
	// Note is empty for a column that is used.
	Note Note
}

// Names returns the mapping that the columns stand for.
func Names(columns []Column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return names
}

// Remarks tells, in sentences, which columns are not used although somebody may
// have meant them to be. Headings that are nobody's, of which exports have many,
// are not worth one.
func Remarks(columns []Column) (texts []string) {
	for _, c := range columns {
		heading := strconv.Quote(shorten(c.Heading))
		switch c.Note {
		case Repeated:
			texts = append(texts, "Column "+heading+" is not used: another column stands for the same value.")
		case NoSuchField:
			texts = append(texts, "Column "+heading+" is not used: there is no custom field of this name.")
		case Unknown, Untitled:
		}
	}
	return texts
}

// errHeading is the sentinel of a file in which no column identifies a contact.
var errHeading = fault.New(fault.Invalid, fault.CodeImportHeading, "The heading row has no column for an email address or an SMS number.")

// Recognise tells what each column of a file is from its heading. It fails
// where none is an email address or an SMS number, with what it did find; the columns are
// returned all the same, so that a person can map them.
func Recognise(headings []string, fields []Custom) ([]Column, error) {
	columns := make([]Column, len(headings))
	taken := map[string]bool{}
	take := func(i int, name string) {
		if taken[name] {
			columns[i].Note = Repeated
			return
		}
		taken[name] = true
		columns[i].Name = name
	}
	var later []int
	for i, h := range headings {
		columns[i].Heading = strings.TrimSpace(h)
		folded := fold(h)
		if folded == "" {
			columns[i].Note = Untitled
			continue
		}
		if rest, ok := customHeading(h); ok {
			if name := customNamed(rest, fields); name != "" {
				take(i, name)
			} else {
				columns[i].Note = NoSuchField
			}
			continue
		}
		if name := named(folded, fields); name != "" {
			take(i, name)
			continue
		}
		columns[i].Note = Unknown
		later = append(later, i)
	}
	for _, i := range later {
		if name := weak[fold(headings[i])]; name != "" && !taken[name] {
			columns[i].Note = ""
			take(i, name)
		}
	}
	if !identified(taken) {
		return columns, errHeading.Saying(notFound(columns))
	}
	return columns, nil
}

// identified reports whether some column says whom a row is about.
func identified(taken map[string]bool) bool {
	return taken["email"] || taken["email_2"] || taken["email_3"] || taken["sms_number"]
}

// named finds the name of a heading that is no cf: one.
func named(folded string, fields []Custom) string {
	if _, ok := targets[folded]; ok {
		return folded
	}
	if name, ok := aliases[folded]; ok {
		return name
	}
	if name, ok := grouped(folded); ok {
		return name
	}
	if n, ok := strings.CutPrefix(folded, "custom_field_"); ok {
		if slot, err := strconv.Atoi(n); err == nil {
			for _, f := range fields {
				if f.Slot == slot && slot > 0 {
					return CustomPrefix + f.Name
				}
			}
		}
	}
	for _, f := range fields {
		if fold(f.Label) == folded {
			return CustomPrefix + f.Name
		}
	}
	return ""
}

// customHeading cuts the prefix from a cf: heading.
func customHeading(h string) (rest string, ok bool) {
	h = strings.TrimSpace(h)
	if len(h) < len(CustomPrefix) || !strings.EqualFold(h[:len(CustomPrefix)], CustomPrefix) {
		return "", false
	}
	return h[len(CustomPrefix):], true
}

// customNamed finds the field of a cf: heading: by its name, which is what the
// contract asks for, else by its label.
func customNamed(rest string, fields []Custom) string {
	folded := fold(rest)
	for _, f := range fields {
		if fold(f.Name) == folded {
			return CustomPrefix + f.Name
		}
	}
	for _, f := range fields {
		if fold(f.Label) == folded {
			return CustomPrefix + f.Name
		}
	}
	return ""
}

// Bounds of how much of a heading row is repeated in a sentence.
const (
	maxListed = 20
	maxShown  = 60
)

func notFound(columns []Column) string {
	var b strings.Builder
	b.WriteString("The heading row has no column for an email address or an SMS number. It has: ")
	for i, c := range columns {
		if i == maxListed {
			b.WriteString(" and " + strconv.Itoa(len(columns)-maxListed) + " more")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.Quote(shorten(c.Heading)))
	}
	b.WriteString(". Name a column email, or sms_number.")
	return b.String()
}

// shorten cuts a text to what can be shown.
func shorten(s string) string {
	n := 0
	for i := range s {
		if n++; n > maxShown {
			return s[:i] + "…"
		}
	}
	return s
}

// Plain returns the names of the columns that every account has and that need
// no other beside them, in a fixed order (v3 contract, JsonImportContact).
func Plain() []string {
	names := []string{
		"email", "first_name", "last_name", "job_title", "company_name", "birthday_month", "birthday_day", "birthday",
		"anniversary", "phone", "home_phone", "work_phone", "mobile_phone", "sms_number", "sms_consent_date",
	}
	for _, kind := range []string{"", "work_", "other_"} {
		for _, part := range partNames {
			names = append(names, kind+part)
		}
	}
	return names
}

// Named returns the target that a name stands for, as a heading does; empty
// where it stands for nothing here.
func Named(name string, fields []Custom) string {
	if rest, ok := customHeading(name); ok {
		return customNamed(rest, fields)
	}
	return named(fold(name), fields)
}
