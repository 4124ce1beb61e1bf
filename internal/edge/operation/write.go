package operation

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"kith/internal/edge/respond"
)

// asJSON writes a document as JSON, indented for people to read.
func asJSON(d object) []byte {
	var b strings.Builder
	writeJSON(&b, d, 0)
	b.WriteByte('\n')
	return []byte(b.String())
}

func writeJSON(b *strings.Builder, v any, depth int) {
	o, isObject := v.(object)
	items, isList := list(v)
	brackets, size := "{}", len(o)
	switch {
	case isList:
		brackets, size = "[]", len(items)
	case !isObject:
		writeScalar(b, v)
		return
	}
	if size == 0 {
		b.WriteString(brackets)
		return
	}
	b.WriteByte(brackets[0])
	for i := range size {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		indent(b, depth+1)
		if isList {
			writeJSON(b, items[i], depth+1)
			continue
		}
		writeScalar(b, o[i].name)
		b.WriteString(": ")
		writeJSON(b, o[i].value, depth+1)
	}
	b.WriteByte('\n')
	indent(b, depth)
	b.WriteByte(brackets[1])
}

// list returns the elements of a slice.
func list(v any) ([]any, bool) {
	if _, ok := v.(object); ok {
		return nil, false
	}
	of := reflect.ValueOf(v)
	if of.Kind() != reflect.Slice || of.Type().Elem().Kind() == reflect.Uint8 {
		return nil, false
	}
	items := make([]any, of.Len())
	for i := range items {
		items[i] = of.Index(i).Interface()
	}
	return items, true
}

// asYAML writes a document as YAML: members line by line, texts quoted as
// in JSON, which YAML reads the same way (YAML 1.2 §7.3.1).
func asYAML(d object) []byte {
	var b strings.Builder
	writeMembers(&b, d, 0)
	return []byte(b.String())
}

// Names that may stand without quotes: not those that YAML takes for a number,
// a boolean or null.
var (
	plainName = regexp.MustCompile(`^[A-Za-z_$/][A-Za-z0-9_$/.-]*$`)
	notAName  = regexp.MustCompile(`^(?i:y|n|yes|no|on|off|true|false|null)$`)
)

func writeMembers(b *strings.Builder, o object, depth int) {
	for _, m := range o {
		indent(b, depth)
		writeName(b, m.name)
		b.WriteByte(':')
		writeValue(b, m.value, depth+1)
	}
}

func indent(b *strings.Builder, depth int) { b.WriteString(strings.Repeat("  ", depth)) }

func writeName(b *strings.Builder, name string) {
	if plainName.MatchString(name) && !notAName.MatchString(name) {
		b.WriteString(name)
		return
	}
	writeScalar(b, name)
}

// writeValue writes what stands behind a colon or a dash, and ends the line.
func writeValue(b *strings.Builder, v any, depth int) {
	if o, ok := v.(object); ok {
		if len(o) == 0 {
			b.WriteString(" {}\n")
			return
		}
		b.WriteByte('\n')
		writeMembers(b, o, depth)
		return
	}
	if items, ok := list(v); ok {
		if len(items) == 0 {
			b.WriteString(" []\n")
			return
		}
		b.WriteByte('\n')
		for _, item := range items {
			writeItem(b, item, depth)
		}
		return
	}
	b.WriteByte(' ')
	writeScalar(b, v)
	b.WriteByte('\n')
}

func writeItem(b *strings.Builder, v any, depth int) {
	indent(b, depth)
	b.WriteByte('-')
	o, ok := v.(object)
	if !ok || len(o) == 0 {
		writeValue(b, v, depth+1)
		return
	}
	// The first member stands behind the dash.
	var members strings.Builder
	writeMembers(&members, o, depth+1)
	b.WriteString(" " + strings.TrimLeft(members.String(), " "))
}

func writeScalar(b *strings.Builder, v any) {
	text, err := respond.Encode(v)
	if err != nil {
		panic(fmt.Sprintf("operation: %v has no form: %v", v, err)) // documents hold texts, numbers and booleans
	}
	b.Write(text)
}
