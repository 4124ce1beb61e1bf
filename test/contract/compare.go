package contract

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Difference is one place where the served document and the contract part.
type Difference struct {
	Where, Kind string
	// Contract and Kith are what each has there; empty where it has nothing.
	Contract, Kith string
}

func (d Difference) String() string {
	return fmt.Sprintf("%s (%s): contract %q, Kith %q", d.Where, d.Kind, d.Contract, d.Kith)
}

// Compare lays an OpenAPI 3.1 document of ours beside the contract, operation
// by operation: scopes, privileges, parameters, bodies, statuses, and the
// schemas of what is answered, down to types and limits.
//
// Of a request any difference counts. Of an answer those count that could
// disappoint a client of the contract: Kith may promise more (a property that
// is always there, a format), not less. Of an operation that is not built
// (x-kith-built: false) only scopes and privileges are compared, and that it
// documents its 501.
//
// A property is named by the contract's schema that it stands in, so that one
// departure is one difference, however many operations show it.
func Compare(facts *Facts, document []byte) ([]Difference, error) {
	ours, err := readDocument(document)
	if err != nil {
		return nil, err
	}
	c := &comparison{facts: facts, ours: ours, seen: map[pair]bool{}, found: map[Difference]bool{}}
	known := map[string]bool{}
	for _, o := range facts.Operations {
		known[o.String()] = true
		if s := ours.operations[o.String()]; s == nil {
			c.differ(o.String(), KindAbsent, "operation", "")
		} else {
			c.operation(o, s)
		}
	}
	for name := range ours.operations {
		if !known[name] {
			c.differ(name, KindAdded, "", "operation")
		}
	}
	return slices.SortedFunc(maps.Keys(c.found), func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Where, b.Where), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Kith, b.Kith), cmp.Compare(a.Contract, b.Contract))
	}), nil
}

type comparison struct {
	facts *Facts
	ours  *served
	seen  map[pair]bool
	found map[Difference]bool
}

// pair is two schemas already laid side by side in one direction.
type pair struct {
	contract, kith *Schema
	where          string
	request        bool
}

func (c *comparison) differ(where, kind, contract, kith string) {
	c.found[Difference{where, kind, contract, kith}] = true
}

func (c *comparison) words(where, kind string, contract, kith []string) {
	a, b := wordList(contract), wordList(kith)
	if a != b {
		c.differ(where, kind, a, b)
	}
}

func wordList(words []string) string {
	words = slices.Clone(words)
	slices.Sort(words)
	return strings.Join(slices.Compact(words), " ")
}

func (c *comparison) operation(o *Operation, s *servedOperation) {
	name := o.String()
	c.words(name, KindScope, o.Scopes, s.scopes)
	c.words(name, KindPrivilege, o.Privileges, s.privileges)
	if s.unbuilt {
		c.differ(name, KindUnbuilt, "operation", "501")
		if s.answers["501"] == nil {
			c.differ(name+" 501", KindAbsent, "", "")
		}
		return
	}
	c.parameters(o, s)
	c.body(o, s)
	c.answers(o, s)
}

func (c *comparison) parameters(o *Operation, s *servedOperation) {
	find := func(list []*Parameter, p *Parameter) *Parameter {
		i := slices.IndexFunc(list, func(q *Parameter) bool { return q.Name == p.Name && q.In == p.In })
		if i < 0 {
			return nil
		}
		return list[i]
	}
	place := func(p *Parameter) string {
		in := p.In
		if in == "formData" {
			in = "form"
		}
		return o.String() + " " + in + " " + p.Name
	}
	for _, p := range o.Parameters {
		where := place(p)
		q := find(s.parameters, p)
		if q == nil {
			c.differ(where, KindAbsent, p.Type, "")
			continue
		}
		if p.Required != q.Required {
			c.differ(where, KindRequired, strconv.FormatBool(p.Required), strconv.FormatBool(q.Required))
		}
		c.schema(where, oneForm(p), oneForm(q), true)
	}
	for _, q := range s.parameters {
		if find(o.Parameters, q) == nil {
			c.differ(place(q), KindAdded, "", q.Type)
		}
	}
}

// oneForm gives the two ways to write a comma separated list the same schema:
// an array, and a string of format csv whose limits are those of the list.
func oneForm(p *Parameter) *Schema {
	s := p.Schema
	switch {
	case s.Type == "string" && s.Format == "csv":
		items := &Schema{Type: "string", Enum: s.Enum}
		if s.Items != nil && s.Enum == nil {
			items.Enum = s.Items.Enum
		}
		return &Schema{Type: "list", MaxItems: s.MaxItems, MinItems: s.MinItems, Items: items, Default: s.Default}
	case s.Type == "array" && p.CollectionFormat != "multi":
		s.Type = "list"
		if s.Items != nil {
			// An id by its form is an id by its name: the contract's lists of
			// ids are plain text.
			items := *s.Items
			items.Format = ""
			s.Items = &items
		}
	}
	return &s
}

func (c *comparison) body(o *Operation, s *servedOperation) {
	consumes := o.Consumes
	if consumes == nil && o.Body != nil {
		consumes = []string{jsonType}
	}
	c.words(o.String()+" body", KindMedia, consumes, s.consumes)
	if o.Body == nil || s.body == nil {
		return
	}
	if o.Body.Required != s.body.Required {
		c.differ(o.String()+" body", KindRequired, strconv.FormatBool(o.Body.Required), strconv.FormatBool(s.body.Required))
	}
	c.schema(o.String()+" body", o.Body.Schema, s.body.Schema, true)
}

func (c *comparison) answers(o *Operation, s *servedOperation) {
	for status, a := range o.Answers {
		where := o.String() + " " + status
		b := s.answers[status]
		if b == nil {
			c.differ(where, KindAbsent, "status", "")
			continue
		}
		produces := o.Produces
		if produces == nil && a.Schema != nil {
			produces = []string{jsonType}
		}
		c.words(where, KindMedia, produces, b.produces)
		for header := range a.Headers {
			if !slices.ContainsFunc(b.headers, func(h string) bool { return http.CanonicalHeaderKey(h) == http.CanonicalHeaderKey(header) }) {
				c.differ(where+" header "+header, KindAbsent, "header", "")
			}
		}
		if a.Schema != nil && b.schema != nil {
			c.schema(where, a.Schema, b.schema, false)
		}
	}
	for _, status := range o.Failures {
		if s.answers[status] == nil {
			c.differ(o.String()+" "+status, KindAbsent, "status", "")
		}
	}
	for status, b := range s.answers {
		where := o.String() + " " + status
		if o.Answers[status] == nil && !slices.Contains(o.Failures, status) {
			c.differ(where, KindAdded, "", "status")
		}
		if n, err := strconv.Atoi(status); err == nil && n >= 400 {
			c.words(where, KindMedia, []string{jsonType}, b.produces)
			if b.schema != nil {
				c.schema(where, failureFor(o.Path, n), b.schema, false)
			}
		}
	}
}

// schema lays two schemas side by side: theirs at a place of the contract,
// and ours.
func (c *comparison) schema(where string, theirs, ours *Schema, request bool) {
	resolved, name := c.facts.resolve(theirs)
	if name != "" {
		where = name
	}
	theirs = resolved
	inlined, err := c.ours.inline(ours)
	if err != nil {
		c.differ(where, KindAbsent, "schema", err.Error())
		return
	}
	ours = inlined
	if theirs == nil || c.seen[pair{theirs, ours, where, request}] {
		return
	}
	c.seen[pair{theirs, ours, where, request}] = true

	for _, keyword := range ours.unread {
		c.differ(where, keyword, "", keyword)
	}
	if ours.nullable {
		c.differ(where, KindNull, "", "null")
	}
	if a, b := typeOf(theirs), typeOf(ours); a != b {
		c.differ(where, KindType, a, b)
		return
	}
	for _, k := range keywords {
		a, b := k.of(theirs), k.of(ours)
		if a == b || !request && (a == "" || k.kind == KindDefault) {
			continue
		}
		c.differ(where, k.kind, a, b)
	}
	c.properties(where, theirs, ours, request)
	if theirs.Items != nil && ours.Items != nil {
		c.schema(where+"[]", theirs.Items, ours.Items, request)
	}
	if theirs.AdditionalProperties != nil {
		if ours.AdditionalProperties == nil {
			c.differ(where+".*", KindAbsent, "properties of any name", "")
		} else {
			c.schema(where+".*", theirs.AdditionalProperties, ours.AdditionalProperties, request)
		}
	}
}

func (c *comparison) properties(where string, theirs, ours *Schema, request bool) {
	for name, p := range theirs.Properties {
		place := where + "." + name
		q := ours.Properties[name]
		if q == nil {
			// What only the server sets need not be taken from a client.
			if !request || !p.ReadOnly {
				c.differ(place, KindAbsent, "property", "")
			}
			continue
		}
		a, b := slices.Contains(theirs.Required, name), slices.Contains(ours.Required, name)
		if a != b && (request || a) {
			c.differ(place, KindRequired, strconv.FormatBool(a), strconv.FormatBool(b))
		}
		c.schema(place, p, q, request)
	}
	if theirs.Properties == nil {
		return
	}
	for name := range ours.Properties {
		if theirs.Properties[name] == nil {
			c.differ(where+"."+name, KindAdded, "", "property")
		}
	}
}

func typeOf(s *Schema) string {
	if s.Type == "" && s.Properties != nil {
		return "object"
	}
	return s.Type
}

// keywords are compared as text; "" is a keyword that is not there.
var keywords = []struct {
	kind string
	of   func(*Schema) string
}{
	{KindFormat, func(s *Schema) string {
		// How wide a number is kept is no promise that a client could miss.
		if s.Type == "integer" || s.Type == "number" {
			return ""
		}
		return s.Format
	}},
	{KindEnum, func(s *Schema) string {
		var words []string
		for _, v := range s.Enum {
			words = append(words, fmt.Sprint(v))
		}
		return wordList(words)
	}},
	{KindDefault, func(s *Schema) string {
		if s.Default == nil {
			return ""
		}
		return fmt.Sprint(s.Default)
	}},
	{KindPattern, func(s *Schema) string { return s.Pattern }},
	{KindMinLength, func(s *Schema) string { return show(s.MinLength) }},
	{KindMaxLength, func(s *Schema) string { return show(s.MaxLength) }},
	{KindMinimum, func(s *Schema) string { return show(s.Minimum) }},
	{KindMaximum, func(s *Schema) string { return show(s.Maximum) }},
	{KindMinItems, func(s *Schema) string { return show(s.MinItems) }},
	{KindMaxItems, func(s *Schema) string { return show(s.MaxItems) }},
}

func show[N int | float64](n *N) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}
