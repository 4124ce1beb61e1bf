package operation

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/date"
	"kith/internal/base/id"
	"kith/internal/edge/request"
)

// Kind is what a parameter holds.
type Kind uint8

// The kinds.
const (
	Text    Kind = iota // any text
	Address             // an email address, whose plus sign may not be escaped
	Bool                // true, false, 1, 0; empty means false
	Whole               // a whole number between Least and Most
	Word                // one of Words
	Words               // some of Words, comma separated or repeated
	Instant             // a date, or a date and time
	UID                 // a UUID
	UIDs                // at most Most UUIDs, comma separated or repeated
	When                // a date in any form of version 2
	Numbers             // at most Most whole numbers, the same way
)

// Parameter is something that stands in a path or a query.
type Parameter struct {
	Name     string
	Kind     Kind
	Required bool
	// Words are what Word and Words may say.
	Words []string
	// Default, Least and Most are of Whole; Most also bounds lists, where 0
	// sets no bound.
	Default, Least, Most int
	// Preset is what a Bool is where it is not given.
	Preset *bool
	Doc    string
}

// Names that parameters of pages have.
const (
	limitName  = "limit"
	cursorName = "cursor"
)

// Limit returns the parameter that bounds how much is answered at once.
func Limit(usual, least, most int) Parameter {
	return Parameter{Name: limitName, Kind: Whole, Default: usual, Least: least, Most: most, Doc: "How many to answer at once."}
}

// Page returns the parameters of a list that is answered in pages.
func Page(usual, most int) []Parameter { return PageBy(cursorName, usual, most) }

// PageBy is Page for an API that calls its cursor otherwise.
func PageBy(cursor string, usual, most int) []Parameter {
	return []Parameter{
		Limit(usual, 1, most),
		{Name: cursor, Kind: Text, Doc: "Where to go on: from the link to the next page. It carries every other parameter; one that is given beside it must be the same."},
	}
}

// invalid is what is said of a value that a parameter does not take (v3
// contract, errors: the wording of the contract's family).
const invalid = "does not have a valid value"

// read returns a parameter's value in one form, whichever way it was written,
// and whether it was given. A code and a message say what is wrong with it.
func (p Parameter) read(q request.Query) (value string, given bool, code, message string) {
	text, given := q.Text(p.Name)
	if !given || text == "" && p.Kind != Bool {
		if p.Required {
			return "", false, "required", "is missing"
		}
		return "", false, "", ""
	}
	switch p.Kind {
	case Words, UIDs, Numbers:
		items := q.List(p.Name)
		for i, item := range items {
			form, ok := p.item(item)
			if !ok {
				return "", true, "value", p.refusal()
			}
			items[i] = form
		}
		if p.Most > 0 && len(items) > p.Most {
			return "", true, "too_many", "may hold at most " + strconv.Itoa(p.Most) + " values"
		}
		if p.Required && len(items) == 0 {
			return "", false, "required", "is missing"
		}
		return strings.Join(items, ","), len(items) > 0, "", ""
	}
	form, ok := p.item(text)
	if !ok {
		return "", true, "value", p.refusal()
	}
	return form, true, "", ""
}

// refusal says what the parameter takes.
func (p Parameter) refusal() string {
	switch p.Kind {
	case Bool:
		return invalid + "; it takes true or false"
	case Whole:
		return fmt.Sprintf("%s; it takes a whole number from %d to %d", invalid, p.Least, p.Most)
	case Numbers:
		return invalid + "; it takes whole numbers, separated by commas"
	case Word:
		return invalid + "; it takes one of " + strings.Join(p.Words, ", ")
	case Words:
		return invalid + "; it takes some of " + strings.Join(p.Words, ", ")
	case When:
		return date.ErrISO.Error()
	case Instant:
		return invalid + "; it takes a time such as 2026-03-01 or 2026-03-01T17:05:09Z"
	case UID:
		return invalid + "; it takes a UUID"
	case UIDs:
		return invalid + "; it takes UUIDs, separated by commas"
	}
	return invalid
}

// item brings one value into its form.
func (p Parameter) item(text string) (form string, ok bool) {
	switch p.Kind {
	case Address:
		return strings.ReplaceAll(text, " ", "+"), true
	case Bool:
		switch strings.ToLower(text) {
		case "true", "1":
			return "true", true
		case "false", "0", "":
			return "false", true
		}
		return "", false
	case Whole:
		n, err := strconv.Atoi(text)
		return strconv.Itoa(n), err == nil && n >= p.Least && (p.Most == 0 || n <= p.Most)
	case Numbers:
		n, err := strconv.ParseInt(text, 10, 64)
		return strconv.FormatInt(n, 10), err == nil && n > 0
	case Word, Words:
		i := slices.IndexFunc(p.Words, func(w string) bool { return strings.EqualFold(w, text) })
		if i < 0 {
			return "", false
		}
		return p.Words[i], true
	case When:
		t, err := date.ParseISO(text)
		return t.Format(time.RFC3339Nano), err == nil
	case Instant:
		t, err := date.ParseInstant(text)
		return t.Format(time.RFC3339Nano), err == nil
	case UID, UIDs:
		uid, err := id.ParseUID(text)
		return uid.String(), err == nil
	}
	return text, true
}
