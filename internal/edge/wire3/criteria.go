package wire3

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"kith/internal/base/fault"
	"kith/internal/domain/segment"
	"kith/internal/edge/request"
)

// ReadCriteria reads a segment's criteria: a text that holds JSON, as the
// contract has it, or the object itself. It returns what they say and the text
// as it is answered: as it was sent, or of an object its JSON. What is no
// criteria at all is a problem of the field; what is wrong within them is one
// of its place there ("criteria.group[0].op").
func ReadCriteria(v any, problems *fault.Problems) (d segment.Draft, text string) {
	switch v := v.(type) {
	case nil:
		if !problems.Has(segment.TextPath) {
			problems.Add(segment.TextPath, "required", "is missing")
		}
		return d, ""
	case string:
		text = v
	case map[string]any:
		text = compact(v)
	default:
		problems.Add(segment.TextPath, "type", "must be a string that holds JSON, or the JSON object itself")
		return d, ""
	}
	if len(text) > segment.MaxText && utf8.RuneCountInString(text) > segment.MaxText {
		problems.Add(segment.TextPath, "too_long", fmt.Sprintf("is longer than %d characters", segment.MaxText))
		return d, text
	}
	object, err := request.ParseJSON([]byte(text))
	if err != nil {
		problems.Add(segment.TextPath, "malformed", "does not hold a JSON object: "+fault.Of(err).Message)
		return d, text
	}
	c := criteria{problems}
	if version := c.word("version", object["version"]); version != segment.Version && !problems.Has("version") {
		problems.Add("version", "unknown", "must be "+segment.Version)
	}
	root, ok := object[segment.Root].(map[string]any)
	if !ok {
		problems.Add(segment.Root, "type", "must be an object that holds type and group")
		return d, text
	}
	return c.node(segment.Root, root, 1), text
}

// compact is an object as JSON, without marks for HTML.
func compact(v map[string]any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // it was JSON
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// criteria turns JSON into a draft, and notes what has another type than its
// place wants.
type criteria struct{ problems *fault.Problems }

func (c criteria) node(path string, object map[string]any, depth int) segment.Draft {
	_, typed := object["type"]
	group, grouped := object["group"]
	if !typed && !grouped {
		return c.rule(path, object)
	}
	d := segment.Draft{IsGroup: true, Type: c.word(path+".type", object["type"])}
	if depth > segment.MaxDepth {
		return d // too deep, whatever stands there
	}
	parts, ok := group.([]any)
	if grouped && !ok {
		c.problems.Add(path+".group", "type", "must be an array")
	}
	for i, part := range parts {
		at := path + ".group[" + strconv.Itoa(i) + "]"
		inner, ok := part.(map[string]any)
		if !ok {
			c.problems.Add(at+".source", "type", "must stand in an object: a rule or a group")
			d.Group = append(d.Group, segment.Draft{})
			continue
		}
		d.Group = append(d.Group, c.node(at, inner, depth+1))
	}
	return d
}

func (c criteria) rule(path string, object map[string]any) segment.Draft {
	d := segment.Draft{
		Source: c.word(path+".source", object["source"]),
		Field:  c.word(path+".field", object["field"]),
		Op:     c.word(path+".op", object["op"]),
		Const:  c.word(path+".const_value", object["const_value"]),
		Param:  c.word(path+".param", object["param"]),
	}
	switch v := object["value"].(type) {
	case nil:
	case []any:
		for i, item := range v {
			d.Values = append(d.Values, c.word(path+".value["+strconv.Itoa(i)+"]", item))
		}
	default:
		d.Values = []string{c.word(path+".value", v)}
	}
	return d
}

// word is a text; numbers and truths are taken as they are written.
func (c criteria) word(path string, v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	c.problems.Add(path, "type", "must be a string or a number")
	return ""
}
