package request

import (
	"encoding/json"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/date"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
)

// Opt is a field of a body that may be absent, null, or a value.
type Opt[T any] struct{ opt.Value[T] }

// reads is an Opt of any type.
type reads interface {
	read(path string, v any, d *decoder)
	elem() reflect.Type
}

func (o *Opt[T]) read(path string, v any, d *decoder) {
	if v == nil {
		o.Value = opt.Null[T]()
		return
	}
	var value T
	if d.decode(reflect.ValueOf(&value).Elem(), path, v) {
		o.Value = opt.Some(value)
	}
}

func (o *Opt[T]) elem() reflect.Type { return reflect.TypeFor[T]() }

// OptElem returns the type within an Opt, and whether t is one.
func OptElem(t reflect.Type) (reflect.Type, bool) {
	if o, ok := reflect.TypeAssert[reads](reflect.New(t)); ok {
		return o.elem(), true
	}
	return t, false
}

// Word is a text that clients also write as a number, such as the id of a
// choice.
type Word string

// Raw is a value of any type, for which its reader looks: what ParseJSON made
// of it, or nil.
type Raw struct{ Value any }

// Decode reads an object into a struct by its json tags. Fields of the object
// that the struct lacks are passed over, and so is null for a field that is no
// Opt. Each value of another type than the struct's is a problem, under its
// path; an element of an array that has one is left empty in its place, so
// that those after it keep their index. The fields of an embedded struct count
// as the struct's own.
//
// Types are string, Word, Raw, bool, int, int64, float64, id.UID, time.Time (in any
// form of date.ParseInstant), and structs, slices and Opts of these.
func Decode[T any](object map[string]any, problems *fault.Problems) T {
	return (&decoder{problems: problems}).all(object, reflect.TypeFor[T]()).(T)
}

// DecodeStrict is Decode for a contract that refuses members which it does not
// know: each is a problem of the code unknown.
func DecodeStrict[T any](object map[string]any, problems *fault.Problems) T {
	return (&decoder{problems: problems, strict: true}).all(object, reflect.TypeFor[T]()).(T)
}

// decoder reads one body.
type decoder struct {
	problems *fault.Problems
	strict   bool
}

func (d *decoder) all(object map[string]any, of reflect.Type) any {
	into := reflect.New(of).Elem()
	d.structure(into, "", object)
	return into.Interface()
}

var (
	uidType  = reflect.TypeFor[id.UID]()
	timeType = reflect.TypeFor[time.Time]()
	wordType = reflect.TypeFor[Word]()
	rawType  = reflect.TypeFor[Raw]()
)

// decode reports whether the value could be read.
func (d *decoder) decode(into reflect.Value, path string, v any) bool {
	wrong := func(want string) bool {
		d.problems.Add(path, "type", "must be "+want+", not "+kindOf(v))
		return false
	}
	switch into.Type() {
	case uidType:
		text, ok := v.(string)
		if !ok {
			return wrong("a string")
		}
		uid, err := id.ParseUID(text)
		if err != nil {
			d.problems.Add(path, "format", "is not a UUID")
			return false
		}
		into.Set(reflect.ValueOf(uid))
		return true
	case timeType:
		text, ok := v.(string)
		if !ok {
			return wrong("a string")
		}
		t, err := date.ParseInstant(text)
		if err != nil {
			d.problems.Add(path, "format", err.Error())
			return false
		}
		into.Set(reflect.ValueOf(t))
		return true
	case rawType:
		into.Set(reflect.ValueOf(Raw{v}))
		return true
	}
	switch into.Kind() {
	case reflect.String:
		text, ok := v.(string)
		if n, number := v.(json.Number); number && into.Type() == wordType {
			text, ok = n.String(), true
		}
		if !ok {
			return wrong("a string")
		}
		into.SetString(text)
	case reflect.Bool:
		b, ok := v.(bool)
		if !ok {
			return wrong("true or false")
		}
		into.SetBool(b)
	case reflect.Int, reflect.Int64:
		n, ok := v.(json.Number)
		if !ok {
			return wrong("a whole number")
		}
		whole, ok := integer(n)
		if !ok {
			d.problems.Add(path, "type", "must be a whole number")
			return false
		}
		into.SetInt(whole)
	case reflect.Float64:
		n, ok := v.(json.Number)
		if !ok {
			return wrong("a number")
		}
		f, err := n.Float64()
		if err != nil {
			d.problems.Add(path, "type", "is out of range")
			return false
		}
		into.SetFloat(f)
	case reflect.Slice:
		items, ok := v.([]any)
		if !ok {
			return wrong("an array")
		}
		into.Set(reflect.MakeSlice(into.Type(), len(items), len(items)))
		for i, item := range items {
			d.decode(into.Index(i), path+"["+strconv.Itoa(i)+"]", item)
		}
	case reflect.Struct:
		object, ok := v.(map[string]any)
		if !ok {
			return wrong("an object")
		}
		d.structure(into, path+".", object)
	default:
		panic("request: cannot decode " + into.Type().String())
	}
	return true
}

// structure reads the members of an object into a struct's fields.
func (d *decoder) structure(into reflect.Value, prefix string, object map[string]any) {
	known := d.fields(into, prefix, object, nil)
	if !d.strict {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !slices.Contains(known, name) {
			d.problems.Add(prefix+name, "unknown", "is not a property of this object")
		}
	}
}

// fields reads what the struct has fields for and returns their names, added
// to those that are known.
func (d *decoder) fields(into reflect.Value, prefix string, object map[string]any, known []string) []string {
	for i := range into.NumField() {
		field := into.Field(i)
		name := jsonName(into.Type().Field(i))
		if name == "" {
			if into.Type().Field(i).Anonymous {
				known = d.fields(field, prefix, object, known)
			}
			continue
		}
		known = append(known, name)
		v, given := object[name]
		if !given {
			continue
		}
		if o, ok := reflect.TypeAssert[reads](field.Addr()); ok {
			o.read(prefix+name, v, d)
		} else if v != nil {
			d.decode(field, prefix+name, v)
		}
	}
	return known
}

// jsonName is the field's name in JSON; empty for one that is not in it.
func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "-" {
		return ""
	}
	return name
}

// integer reads a whole number, also one written with a point or an exponent.
func integer(n json.Number) (int64, bool) {
	if whole, err := n.Int64(); err == nil {
		return whole, true
	}
	f, err := n.Float64()
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(f), true
}
