package contract

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// node is a piece of a JSON document.
type node = map[string]any

// same writes the contract itself as an OpenAPI 3.1 document, so that a test
// can change one thing in it and see one difference.
func same(t *testing.T, f *Facts) node {
	t.Helper()
	paths := node{}
	for _, o := range f.Operations {
		item, ok := paths["/v3"+o.Path].(node)
		if !ok {
			item = node{}
			paths["/v3"+o.Path] = item
		}
		item[strings.ToLower(o.Method)] = sameOperation(t, o)
	}
	schemas := node{}
	for name, s := range f.Schemas {
		schemas[name] = sameSchema(t, s)
	}
	return node{
		"openapi": "3.1.0", "info": node{"title": "v3", "version": "1"},
		"paths": paths, "components": node{"schemas": schemas},
	}
}

func sameOperation(t *testing.T, o *Operation) node {
	t.Helper()
	op := node{"security": []any{node{"oauth2": nonNil(o.Scopes)}}, "x-kith-privileges": nonNil(o.Privileges)}
	var parameters []any
	form := node{}
	var required []string
	for _, p := range o.Parameters {
		s := sameSchema(t, &p.Schema)
		switch {
		case p.Type == "file":
			s = node{"type": "string", "format": "binary"}
		case p.Type == "string" && p.Format == "csv": // the other way to write it
			items := node{"type": "string"}
			if p.Enum != nil {
				items["enum"] = p.Enum
			} else if p.Items != nil && p.Items.Enum != nil {
				items["enum"] = p.Items.Enum
			}
			delete(s, "enum")
			delete(s, "format")
			s["type"], s["items"] = "array", items
		}
		if p.In == "formData" {
			form[p.Name] = s
			if p.Required {
				required = append(required, p.Name)
			}
			continue
		}
		parameters = append(parameters, node{
			"name": p.Name, "in": p.In, "required": p.Required, "schema": s, "explode": p.CollectionFormat == "multi" && p.Type == "array",
		})
	}
	op["parameters"] = parameters
	if o.Body != nil {
		op["requestBody"] = node{"required": o.Body.Required, "content": content(sameSchema(t, o.Body.Schema))}
	}
	if len(form) > 0 {
		op["requestBody"] = node{"content": node{formType: node{"schema": node{"type": "object", "properties": form, "required": required}}}}
	}
	responses := node{}
	for status, a := range o.Answers {
		r := node{}
		switch {
		case o.Produces != nil:
			r["content"] = node{o.Produces[0]: node{}}
		case a.Schema != nil:
			r["content"] = content(sameSchema(t, a.Schema))
		}
		if a.Headers != nil {
			r["headers"] = a.Headers
		}
		responses[status] = r
	}
	for _, status := range o.Failures {
		n := 400
		if err := json.Unmarshal([]byte(status), &n); err != nil {
			t.Fatal(err)
		}
		responses[status] = node{"content": content(sameSchema(t, failureFor(o.Path, n)))}
	}
	op["responses"] = responses
	return op
}

func content(schema node) node { return node{jsonType: node{"schema": schema}} }

func nonNil(s []string) []string { return append([]string{}, s...) }

func sameSchema(t *testing.T, s *Schema) node {
	t.Helper()
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var n node
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(data), schemaPrefix, "#/components/schemas/")), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func compare(t *testing.T, f *Facts, doc node) []Difference {
	t.Helper()
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Compare(f, data)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestTheContractIsLikeItself(t *testing.T) {
	t.Parallel()
	f := corrected(t)
	for _, d := range compare(t, f, same(t, f)) {
		t.Error(d)
	}
}

// in goes down into a document.
func in(doc node, path ...string) node {
	for _, word := range path {
		doc = doc[word].(node)
	}
	return doc
}

func TestCompare(t *testing.T) {
	t.Parallel()
	f := corrected(t)
	const contact = "/v3/contacts/{contact_id}"
	schema := func(d node, name string) node { return in(d, "components", "schemas", name) }
	property := func(d node, name, p string) node { return in(schema(d, name), "properties", p) }
	query := func(d node, path, name string) node {
		for _, p := range in(d, "paths", path, "get")["parameters"].([]any) {
			if p.(node)["name"] == name {
				return p.(node)
			}
		}
		return nil
	}
	for _, c := range []struct {
		rule   string
		change func(d node)
		want   []Difference
	}{
		{
			"an operation less", func(d node) { delete(in(d, "paths", contact), "put") },
			[]Difference{{"PUT /contacts/{contact_id}", KindAbsent, "operation", ""}},
		},
		{
			"an operation more", func(d node) { in(d, "paths", contact)["patch"] = node{} },
			[]Difference{{"PATCH /contacts/{contact_id}", KindAdded, "", "operation"}},
		},
		{"another scope", func(d node) {
			in(d, "paths", contact, "get")["security"] = []any{node{"oauth2": []string{"account_read"}}}
		}, []Difference{{"GET /contacts/{contact_id}", KindScope, "contact_data", "account_read"}}},
		{
			"no privilege", func(d node) { delete(in(d, "paths", contact, "put"), "x-kith-privileges") },
			[]Difference{{"PUT /contacts/{contact_id}", KindPrivilege, "contacts:write", ""}},
		},
		{"not built", func(d node) {
			o := in(d, "paths", contact, "get")
			o["x-kith-built"], o["parameters"], o["responses"] = false, nil, node{"501": node{}}
		}, []Difference{{"GET /contacts/{contact_id}", KindUnbuilt, "operation", "501"}}},
		{"not built and not said", func(d node) {
			o := in(d, "paths", contact, "get")
			o["x-kith-built"], o["parameters"], o["responses"] = false, nil, node{}
		}, []Difference{
			{"GET /contacts/{contact_id}", KindUnbuilt, "operation", "501"},
			{"GET /contacts/{contact_id} 501", KindAbsent, "", ""},
		}},
		{
			"a parameter less", func(d node) { query(d, "/v3/contacts", "tags")["name"] = "tag" },
			[]Difference{{"GET /contacts query tag", KindAdded, "", "array"}, {"GET /contacts query tags", KindAbsent, "string", ""}},
		},
		{
			"another limit", func(d node) { in(query(d, "/v3/contacts", "limit"), "schema")["maximum"] = 1000 },
			[]Difference{{"GET /contacts query limit", KindMaximum, "500", "1000"}},
		},
		{
			"another default", func(d node) { in(query(d, "/v3/contacts", "limit"), "schema")["default"] = 20 },
			[]Difference{{"GET /contacts query limit", KindDefault, "50", "20"}},
		},
		{
			"a parameter of another type", func(d node) { in(query(d, "/v3/contacts", "limit"), "schema")["type"] = "string" },
			[]Difference{{"GET /contacts query limit", KindType, "integer", "string"}},
		},
		{
			"a parameter now required", func(d node) { query(d, "/v3/contacts", "email")["required"] = true },
			[]Difference{{"GET /contacts query email", KindRequired, "false", "true"}},
		},
		{"words less in a list", func(d node) {
			in(query(d, "/v3/contacts/{contact_id}", "include"), "schema", "items")["enum"] = []string{"notes"}
		}, []Difference{{"GET /contacts/{contact_id} query include[]", KindEnum, "custom_fields list_memberships notes phone_numbers sms_channel street_addresses taggings", "notes"}}},
		{"a form's field less", func(d node) {
			delete(in(d, "paths", "/v3/activities/contacts_file_import", "post", "requestBody", "content", formType, "schema", "properties"), "file")
		}, []Difference{{"POST /activities/contacts_file_import form file", KindAbsent, "file", ""}}},
		{"another type of body", func(d node) {
			body := in(d, "paths", "/v3/contact_lists", "post", "requestBody")
			body["content"] = node{"application/xml": node{}}
		}, []Difference{{"POST /contact_lists body", KindMedia, "application/json", "application/xml"}}},
		{
			"a body not required", func(d node) { in(d, "paths", "/v3/contact_lists", "post", "requestBody")["required"] = false },
			[]Difference{{"POST /contact_lists body", KindRequired, "true", "false"}},
		},
		{"another status", func(d node) {
			r := in(d, "paths", "/v3/contact_lists", "post", "responses")
			r["200"] = r["201"]
			delete(r, "201")
		}, []Difference{{"POST /contact_lists 200", KindAdded, "", "status"}, {"POST /contact_lists 201", KindAbsent, "status", ""}}},
		{
			"a failure less", func(d node) { delete(in(d, "paths", "/v3/contact_lists", "post", "responses"), "409") },
			[]Difference{{"POST /contact_lists 409", KindAbsent, "status", ""}},
		},
		{"a failure more", func(d node) {
			in(d, "paths", "/v3/contact_lists", "post", "responses")["418"] = node{"content": content(node{"type": "array", "items": node{"$ref": "#/components/schemas/Failure"}})}
		}, []Difference{{"POST /contact_lists 418", KindAdded, "", "status"}}},
		{
			"a failure with more in it", func(d node) { in(schema(d, failureName), "properties")["problems"] = node{"type": "array"} },
			[]Difference{{"Failure.problems", KindAdded, "", "property"}},
		},
		{"a failure of another form", func(d node) {
			in(d, "paths", "/v3/contact_lists", "post", "responses")["409"] = node{"content": content(node{"$ref": "#/components/schemas/Failure"})}
		}, []Difference{{"POST /contact_lists 409", KindType, "array", "object"}}},
		{
			"a header less", func(d node) {
				delete(in(d, "paths", "/v3/contact_lists/{list_id}", "delete", "responses", "202"), "headers")
			},
			[]Difference{{"DELETE /contact_lists/{list_id} 202 header Location", KindAbsent, "header", ""}},
		},
		{
			"a property less", func(d node) { delete(in(schema(d, "ContactResource"), "properties"), "first_name") },
			[]Difference{{"ContactResource.first_name", KindAbsent, "property", ""}},
		},
		{"a property more", func(d node) {
			in(schema(d, "ContactResource"), "properties")["score"] = node{"type": "integer"}
		}, []Difference{{"ContactResource.score", KindAdded, "", "property"}}},
		{"a read-only property that a write does not take", func(d node) { delete(in(schema(d, "EmailAddressPut"), "properties"), "opt_in_date") }, nil},
		{
			"a property of another type", func(d node) { property(d, "ContactResource", "birthday_day")["type"] = "string" },
			[]Difference{{"ContactResource.birthday_day", KindType, "integer", "string"}},
		},
		{"a property that may be null", func(d node) {
			property(d, "ContactResource", "first_name")["type"] = []string{"string", "null"}
		}, []Difference{{"ContactResource.first_name", KindNull, "", "null"}}},
		{
			"a longer text in a write", func(d node) { property(d, "ContactPostRequest", "first_name")["maxLength"] = 80 },
			[]Difference{{"ContactPostRequest.first_name", KindMaxLength, "50", "80"}},
		},
		{
			"a limit more in a write", func(d node) { property(d, "ListInput", "description")["maxLength"] = 80 },
			[]Difference{{"ListInput.description", KindMaxLength, "", "80"}},
		},
		{"a limit more in an answer", func(d node) { property(d, "ContactList", "description")["maxLength"] = 80 }, nil},
		{
			"a limit less in an answer", func(d node) { delete(property(d, "ContactResource", "first_name"), "maxLength") },
			[]Difference{{"ContactResource.first_name", KindMaxLength, "50", ""}},
		},
		{
			"a format less", func(d node) { delete(property(d, "ContactResource", "contact_id"), "format") },
			[]Difference{{"ContactResource.contact_id", KindFormat, "uuid", ""}},
		},
		{
			"a word less", func(d node) { property(d, "PhoneNumberPut", "kind")["enum"] = []string{"home"} },
			[]Difference{{"PhoneNumberPut.kind", KindEnum, "home mobile other work", "home"}},
		},
		{
			"a property no longer always there", func(d node) { schema(d, "ContactList")["required"] = []string{"list_id"} },
			[]Difference{{"ContactList.name", KindRequired, "true", "false"}},
		},
		{"a property always there", func(d node) { schema(d, "ContactListArray")["required"] = []string{"lists"} }, nil},
		{
			"a property a write must have", func(d node) { schema(d, "ContactPostRequest")["required"] = []string{"create_source"} },
			[]Difference{{"ContactPostRequest.create_source", KindRequired, "false", "true"}},
		},
		{
			"a keyword that is not read", func(d node) { schema(d, "ListInput")["oneOf"] = []any{} },
			[]Difference{{"ListInput", "oneOf", "", "oneOf"}},
		},
		{"prose", func(d node) { schema(d, "ListInput")["description"] = "a list" }, nil},
		{"a schema under another name", func(d node) {
			s := in(d, "components", "schemas")
			s["List"] = maps.Clone(s["ContactList"].(node))
			in(s, "List")["required"] = []string{"list_id", "name"}
			in(s, "ContactListArray", "properties", "lists")["items"] = node{"$ref": "#/components/schemas/List"}
		}, nil},
		{
			"a reference that leads nowhere", func(d node) { delete(in(d, "components", "schemas"), "Note") },
			[]Difference{{"Note", KindAbsent, "schema", "a reference leads nowhere"}},
		},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			doc := same(t, f)
			c.change(doc)
			if d := cmp.Diff(slices.Clip(c.want), compare(t, f, doc)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestCompareRefuses(t *testing.T) {
	t.Parallel()
	f := corrected(t)
	for rule, doc := range map[string]string{
		"no JSON":          `{`,
		"OpenAPI 3.0":      `{"openapi":"3.0.3"}`,
		"a schema true":    `{"openapi":"3.1.0","components":{"schemas":{"A":true}}}`,
		"a path's summary": `{"openapi":"3.1.0","paths":{"/a":{"trace":{}}}}`,
	} {
		if _, err := Compare(f, []byte(doc)); err == nil {
			t.Errorf("%s is taken", rule)
		}
	}
}
