package contact

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/date"
	"kith/internal/base/text"
)

// ValueError says why a value does not fit its custom field. Its text ends a
// sentence that begins with the field; it never holds the value.
type ValueError string

// Error returns the end of the sentence.
func (e ValueError) Error() string { return string(e) }

// ParseValue brings a value that a person wrote into the form in which it is
// kept (v3-guide 4.9, value formats). Of a select field it takes the labels of
// its choices, without regard to case, with commas between. An empty value
// stays empty. It fails with a ValueError.
func (f Field) ParseValue(s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", nil
	}
	most := MaxValue
	if f.Type == TypeTextArea {
		most = MaxLongValue
	}
	if _, message := text.Check(s, most); message != "" {
		return "", ValueError(message)
	}
	switch f.Type {
	case TypeNumber, TypeCurrency:
		return f.number(s)
	case TypeDate:
		if f.Version < 2 {
			return s, nil
		}
		d, err := date.ParseDay(s)
		if err != nil {
			return "", ValueError(err.Error())
		}
		return d.String(), nil
	case TypeDateTime:
		if d, err := date.ParseDay(s); err == nil {
			return d.Time().Format(time.RFC3339), nil
		}
		t, err := date.ParseInstant(s)
		if err == nil && t.Year() < 1 { // an offset led out of the calendar
			err = date.ErrInstant
		}
		if err != nil {
			return "", ValueError(err.Error())
		}
		return t.Format(time.RFC3339Nano), nil
	case TypeBoolean:
		switch strings.ToLower(s) {
		case "true", "1", "yes", "y", "on":
			return "true", nil
		case "false", "0", "no", "n", "off":
			return "false", nil
		}
		return "", ValueError("must be true or false")
	case TypeSingleSelect, TypeMultiSelect:
		return f.labels(s)
	case TypeString, TypeTextArea:
	}
	return s, nil
}

// ParseChoices brings the ids of choices into the form in which they are kept.
// One that the field has had and that is gone is passed over, so that what was
// read before can be written back. It fails with a ValueError.
func (f Field) ParseChoices(ids []string) (string, error) {
	var picked []int64
	for _, s := range ids {
		n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
		switch {
		case err == nil && f.Offers(n):
			picked = append(picked, n)
		case err != nil || n < 1 || n > f.LastChoice:
			return "", ValueError("names a choice that the field does not have")
		}
	}
	return f.pick(picked)
}

// Offers reports whether there is a choice of this id.
func (f Field) Offers(choice int64) bool {
	return find(f.Choices, func(c Choice) bool { return c.ID == choice }) != nil
}

func (f Field) labels(s string) (string, error) {
	// A label may hold a comma, so the whole is tried first.
	parts := []string{s}
	if f.choice(s) == 0 {
		parts = strings.Split(s, ",")
	}
	var picked []int64
	for _, p := range parts {
		if p = strings.TrimSpace(p); p == "" {
			continue
		}
		n := f.choice(p)
		if n == 0 {
			return "", ValueError("names a choice that the field does not have")
		}
		picked = append(picked, n)
	}
	return f.pick(picked)
}

func (f Field) choice(label string) int64 {
	if c := find(f.Choices, func(c Choice) bool { return strings.EqualFold(c.Label, label) }); c != nil {
		return c.ID
	}
	return 0
}

func (f Field) pick(picked []int64) (string, error) {
	slices.Sort(picked)
	picked = slices.Compact(picked)
	if f.Type == TypeSingleSelect && len(picked) > 1 {
		return "", ValueError("may hold one choice only")
	}
	words := make([]string, len(picked))
	for i, n := range picked {
		words[i] = strconv.FormatInt(n, 10)
	}
	return strings.Join(words, ","), nil
}

// number checks a plain decimal: a sign where the field allows negative
// values, digits, and behind a point as many more as the field allows.
func (f Field) number(s string) (string, error) {
	digits := s
	if rest, negative := strings.CutPrefix(s, "-"); negative {
		if !f.Metadata.AllowNegative {
			return "", ValueError("must not be negative")
		}
		digits = rest
	}
	whole, part, point := strings.Cut(digits, ".")
	if !decimal(whole) || point && !decimal(part) {
		return "", ValueError("must be a plain number such as 1234.5")
	}
	switch {
	case point && f.Metadata.Integer:
		return "", ValueError("must be a whole number")
	case f.Metadata.DecimalPlaces > 0 && len(part) > f.Metadata.DecimalPlaces:
		return "", ValueError("has more decimal places than the field allows")
	}
	return s, nil
}

func decimal(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// Value returns a stored value as a contact shows it.
func (v StoredValue) Value(f Field) FieldValue {
	out := FieldValue{Field: f.Ref(), Type: f.Type}
	if !f.Type.Select() {
		out.Value = v.Text
		return out
	}
	for s := range strings.SplitSeq(v.Text, ",") {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			out.Choices = append(out.Choices, n)
		}
	}
	return out
}
