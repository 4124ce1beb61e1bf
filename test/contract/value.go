package contract

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// value checks v, found at a place in the body, against the schema that
// stands at a place in the contract.
func (a *answer) value(s *Schema, where, at string, v any) {
	s, name := a.facts.resolve(s)
	if name != "" {
		where = name
	}
	if s == nil || v == nil {
		return // nothing is stated, or null, which is reported for the whole body
	}
	typed := true
	switch v := v.(type) {
	case *object:
		if typed = s.Type == "object" || s.Type == "" && s.Properties != nil; typed {
			a.object(s, where, at, v)
		}
	case []any:
		if typed = s.Type == "array"; typed {
			a.array(s, where, at, v)
		}
	case string:
		if typed = s.Type == "string"; typed {
			a.string(s, where, at, v)
		}
	case json.Number:
		if typed = s.Type == "number" || s.Type == "integer"; typed {
			a.number(s, where, at, v)
		}
	case bool:
		typed = s.Type == "boolean"
	}
	if !typed {
		a.report(where, KindType, at, "%s where the contract has %s", text(v), s.Type)
	}
}

func (a *answer) object(s *Schema, where, at string, o *object) {
	for _, name := range s.Required {
		if _, there := o.values[name]; !there {
			a.report(where+"."+name, KindRequired, at, "%s is missing", name)
		}
	}
	for _, key := range o.keys {
		place := where + "." + key
		p := s.Properties[key]
		if p == nil {
			p = s.AdditionalProperties
		}
		// An object of which the contract names no property may hold any.
		if p == nil && s.Properties != nil {
			a.report(place, KindAdded, member(at, key), "the contract has no such property")
		}
		a.value(p, place, member(at, key), o.values[key])
	}
}

func (a *answer) array(s *Schema, where, at string, list []any) {
	if s.MinItems != nil && len(list) < *s.MinItems {
		a.report(where, KindMinItems, at, "%d items, at least %d", len(list), *s.MinItems)
	}
	if s.MaxItems != nil && len(list) > *s.MaxItems {
		a.report(where, KindMaxItems, at, "%d items, at most %d", len(list), *s.MaxItems)
	}
	for i, item := range list {
		a.value(s.Items, where+"[]", index(at, i), item)
	}
}

func (a *answer) string(s *Schema, where, at, v string) {
	n := utf8.RuneCountInString(v)
	if s.MinLength != nil && n < *s.MinLength {
		a.report(where, KindMinLength, at, "%d characters, at least %d", n, *s.MinLength)
	}
	if s.MaxLength != nil && n > *s.MaxLength {
		a.report(where, KindMaxLength, at, "%d characters, at most %d", n, *s.MaxLength)
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, any(v)) {
		a.report(where, KindEnum, at, "%q is none of %s", v, text(s.Enum))
	}
	if s.Pattern != "" {
		if pattern, err := regexp.Compile(s.Pattern); err != nil || !pattern.MatchString(v) {
			a.report(where, KindPattern, at, "%q does not match %s", v, s.Pattern)
		}
	}
	if why := a.format(s.Format, where, v); why != "" {
		a.report(where, KindFormat, at, "%q %s", v, why)
	}
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// format says what is wrong with a string of that format, or "".
func (a *answer) format(format, where, v string) string {
	switch format {
	case "uuid":
		if !uuid.MatchString(v) {
			return "is no UUID in lower case"
		}
	case "date":
		if _, err := time.Parse(time.DateOnly, v); err != nil {
			// The Swagger document has a date where its samples have a time,
			// and the guide a bare date where the document has a time.
			if strings.HasSuffix(where, ".deleted_at") {
				return a.instant(v)
			}
			return "is no date of the form 2026-03-01"
		}
	case "date-time":
		if _, err := time.Parse(time.DateOnly, v); err == nil && strings.HasSuffix(where, ".deleted_at") {
			return ""
		}
		return a.instant(v)
	case "email":
		if strings.Count(v, "@") != 1 {
			return "is no address"
		}
	}
	return ""
}

// instant holds a time to the forms of guide 0: UTC, written with Z; with
// milliseconds for campaigns and reports, in whole seconds for contacts,
// lists, tags and fields. Elsewhere the contract's samples have both.
func (a *answer) instant(v string) string {
	t, err := time.Parse(time.RFC3339, v)
	if err != nil || !strings.HasSuffix(v, "Z") {
		return "is no UTC time of the form 2026-03-01T17:05:09Z"
	}
	whole := v == t.Format("2006-01-02T15:04:05Z")
	millis := v == t.Format("2006-01-02T15:04:05.000Z")
	switch service(a.op.Path) {
	case "emails", "reports":
		if !millis {
			return "is no UTC time with milliseconds, as in 2026-03-01T17:05:09.000Z"
		}
	case "contacts", "contact_lists", "contact_tags", "contact_custom_fields":
		if !whole {
			return "is no UTC time in whole seconds, as in 2026-03-01T17:05:09Z"
		}
	default:
		if !whole && !millis {
			return "has neither whole seconds nor milliseconds"
		}
	}
	return ""
}

func (a *answer) number(s *Schema, where, at string, v json.Number) {
	if s.Type == "integer" {
		bits := 64
		if s.Format == "int32" {
			bits = 32
		}
		if _, err := strconv.ParseInt(v.String(), 10, bits); err != nil {
			a.report(where, KindType, at, "%s where the contract has an integer of %d bits", v, bits)
			return
		}
	}
	n, err := v.Float64()
	if err != nil {
		a.report(where, KindType, at, "%s is no number", v)
		return
	}
	if s.Minimum != nil && n < *s.Minimum {
		a.report(where, KindMinimum, at, "%s, at least %v", v, *s.Minimum)
	}
	if s.Maximum != nil && n > *s.Maximum {
		a.report(where, KindMaximum, at, "%s, at most %v", v, *s.Maximum)
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, any(n)) {
		a.report(where, KindEnum, at, "%s is none of %s", v, text(s.Enum))
	}
}
