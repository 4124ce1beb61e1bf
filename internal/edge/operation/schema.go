package operation

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/id"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
)

// Schemas are made from the types that bodies are read into and written from,
// by the tags of their fields:
//
//	json      the name; with omitempty or omitzero the field may be absent
//	doc       what it means; every field has it
//	format    of a text: email, uri, date …
//	enum      the words that a text may be, comma separated
//	min, max  length of a text, number of elements, or bounds of a number
//	default   what counts where the field is absent
//	required  "true": the call must name it
//	readonly  "true": only the server sets it
//
// A blank field's tag names a type's place in the document (schema) and says
// what it is (doc); a type without one is written where it is used.

// object is an object of the document, whose members keep their order.
type object []member

type member struct {
	name  string
	value any
}

func (o *object) add(name string, value any) { *o = append(*o, member{name, value}) }

// addText and addNumber leave out what is empty.
func (o *object) addText(name, value string) {
	if value != "" {
		o.add(name, value)
	}
}

func (o *object) addNumber(name, text string) {
	if text != "" {
		o.add(name, json.Number(text))
	}
}

// schemas gathers the types that have a name.
type schemas struct {
	named object
	types map[string]reflect.Type
}

var (
	uidType  = reflect.TypeFor[id.UID]()
	timeType = reflect.TypeFor[time.Time]()
	sentTime = reflect.TypeFor[respond.Time]()
	sentDay  = reflect.TypeFor[respond.Day]()
	rawType  = reflect.TypeFor[request.Raw]()
)

// of returns the schema of a type: a reference where the type has a name.
func (s *schemas) of(t reflect.Type) object {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := nameOf(t)
	if name == "" {
		return s.plain(t, "")
	}
	if known, ok := s.types[name]; ok {
		if known != t {
			panic(fmt.Sprintf("operation: two types are called %s: %v and %v", name, known, t))
		}
	} else {
		s.types[name] = t
		at := len(s.named)
		s.named.add(name, nil)
		s.named[at].value = s.plain(t, "")
	}
	return object{{"$ref", "#/components/schemas/" + name}}
}

func nameOf(t reflect.Type) string {
	if t.Kind() == reflect.Struct {
		if f, ok := t.FieldByName("_"); ok {
			return f.Tag.Get("schema")
		}
	}
	return ""
}

// plain returns the schema of a type as it is; tags are those of the field.
func (s *schemas) plain(t reflect.Type, tags reflect.StructTag) object {
	if elem, ok := request.OptElem(t); ok {
		t = elem
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if nameOf(t) != "" && tags != "" {
		// A reference stands alone: readers of documents differ in whether
		// they look at what is beside it.
		return s.of(t)
	}
	var o object
	switch {
	case t == uidType:
		o = object{{"type", "string"}, {"format", "uuid"}}
	case t == timeType, t == sentTime:
		o = object{{"type", "string"}, {"format", "date-time"}}
	case t == sentDay:
		o = object{{"type", "string"}, {"format", "date"}}
	case t.Kind() == reflect.String, t == rawType:
		// Of a value that is looked at by hand, the form that is best sent.
		o = object{{"type", "string"}}
		o.addText("format", tags.Get("format"))
		o.addNumber("minLength", tags.Get("min"))
		o.addNumber("maxLength", tags.Get("max"))
	case t.Kind() == reflect.Bool:
		o = object{{"type", "boolean"}}
	case t.Kind() == reflect.Int, t.Kind() == reflect.Int64:
		o = object{{"type", "integer"}}
		o.addNumber("minimum", tags.Get("min"))
		o.addNumber("maximum", tags.Get("max"))
	case t.Kind() == reflect.Float64:
		o = object{{"type", "number"}}
	case t.Kind() == reflect.Slice:
		o = object{{"type", "array"}}
		o.addNumber("minItems", tags.Get("min"))
		o.addNumber("maxItems", tags.Get("max"))
		o.add("items", s.items(t.Elem(), tags))
	case t.Kind() == reflect.Struct:
		o = s.fields(t)
	default:
		panic("operation: no schema for " + t.String())
	}
	return annotate(o, t, tags)
}

// items is the schema of a slice's elements, to which the field's format and
// words belong.
func (s *schemas) items(t reflect.Type, tags reflect.StructTag) object {
	if t.Kind() != reflect.String {
		return s.of(t)
	}
	o := object{{"type", "string"}}
	o.addText("format", tags.Get("format"))
	addEnum(&o, tags)
	return o
}

// annotate adds what holds for every type.
func annotate(o object, t reflect.Type, tags reflect.StructTag) object {
	if t.Kind() != reflect.Slice {
		addEnum(&o, tags)
	}
	if preset, ok := tags.Lookup("default"); ok {
		if t.Kind() == reflect.String {
			o.add("default", preset)
		} else {
			o.add("default", json.RawMessage(preset))
		}
	}
	if tags.Get("readonly") == "true" {
		o.add("readOnly", true)
	}
	o.addText("description", tags.Get("doc"))
	return o
}

func addEnum(o *object, tags reflect.StructTag) {
	if words := tags.Get("enum"); words != "" {
		o.add("enum", strings.Split(words, ","))
	}
}

// fields is the schema of a struct. In what is answered, a field that is
// always there is required; in what is asked, one that says so.
func (s *schemas) fields(t reflect.Type) object {
	var properties object
	var required []string
	doc := ""
	for f := range t.Fields() {
		if f.Name == "_" {
			doc = f.Tag.Get("doc")
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			inner := s.fields(f.Type)
			properties = append(properties, inner.get("properties").(object)...) //nolint:forcetypeassert // fields made it
			if more, ok := inner.get("required").([]string); ok {
				required = append(required, more...)
			}
			continue
		}
		if name == "-" || !f.IsExported() {
			continue
		}
		if f.Tag.Get("doc") == "" {
			panic("operation: " + t.String() + "." + f.Name + " is not described")
		}
		properties.add(name, s.plain(f.Type, f.Tag))
		_, asked := request.OptElem(f.Type)
		if f.Tag.Get("required") == "true" || !asked && options == "" && f.Tag.Get("required") != "false" {
			required = append(required, name)
		}
	}
	o := object{{"type", "object"}}
	o.addText("description", doc)
	if len(required) > 0 {
		o.add("required", required)
	}
	o.add("properties", properties)
	return o
}

func (o object) sort() {
	slices.SortFunc(o, func(x, y member) int { return strings.Compare(x.name, y.name) })
}

func (o object) get(name string) any {
	for _, m := range o {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// ofParameter is the schema of something in a path or a query.
func ofParameter(p Parameter) object {
	switch p.Kind {
	case Bool:
		o := object{{"type", "boolean"}}
		if p.Preset != nil {
			o.add("default", *p.Preset)
		}
		return o
	case Whole:
		o := object{{"type", "integer"}}
		o.add("minimum", p.Least)
		if p.Most > 0 {
			o.add("maximum", p.Most)
		}
		if p.Default > 0 {
			o.add("default", p.Default)
		}
		return o
	case Word:
		return object{{"type", "string"}, {"enum", p.Words}}
	case Instant:
		return object{{"type", "string"}, {"format", "date-time"}}
	case UID:
		return object{{"type", "string"}, {"format", "uuid"}}
	case Words, UIDs, Numbers:
		o := object{{"type", "array"}}
		if p.Most > 0 {
			o.add("maxItems", p.Most)
		}
		items := object{{"type", "string"}}
		switch p.Kind {
		case Words:
			items.add("enum", p.Words)
		case UIDs:
			items.add("format", "uuid")
		}
		o.add("items", items)
		return o
	}
	return object{{"type", "string"}}
}

// ofPart is the schema of a part of a multipart body.
func ofPart(p Part) object {
	o := object{{"type", "string"}}
	switch {
	case p.File:
		o.add("format", "binary")
	case p.List:
		o = object{{"type", "array"}}
		if p.Most > 0 {
			o.addNumber("maxItems", strconv.Itoa(p.Most))
		}
		o.add("items", object{{"type", "string"}})
	case len(p.Words) > 0:
		o.add("enum", p.Words)
	}
	o.addText("description", p.Doc)
	return o
}
