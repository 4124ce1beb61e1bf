package contract

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// v3 is made by gen from the contract's Swagger file, which the repository
// does not hold.
//
//go:generate go run ./gen
//go:embed v3.json
var v3 []byte

// Facts is what the v3 contract's Swagger document states, less its prose:
// what can be called, by whom, with what, and what comes back.
type Facts struct {
	// Version is that of the Swagger document.
	Version    string             `json:"version"`
	Operations []*Operation       `json:"operations"`
	Schemas    map[string]*Schema `json:"schemas"`
}

// Operation is one method on one path of the contract.
type Operation struct {
	Method string `json:"method"`
	// Path is the template without the base path: /contacts/{contact_id}.
	Path string `json:"path"`
	// Scopes that a token needs; none where any token will do.
	Scopes []string `json:"scopes,omitempty"`
	// Schemes are the ways to authenticate, by the Swagger document's names;
	// the partner operations have their own.
	Schemes    []string `json:"schemes,omitempty"`
	Privileges []string `json:"privileges,omitempty"`
	// Consumes and Produces are empty where they are application/json.
	Consumes   []string     `json:"consumes,omitempty"`
	Produces   []string     `json:"produces,omitempty"`
	Parameters []*Parameter `json:"parameters,omitempty"`
	Body       *Body        `json:"body,omitempty"`
	// Answers of success by status.
	Answers map[string]*Answer `json:"answers"`
	// Failures are the other statuses; the contract gives them no schema.
	Failures []string `json:"failures,omitempty"`
}

// String is the operation as problems and divergences name it:
// "GET /contacts/{contact_id}".
func (o *Operation) String() string { return o.Method + " " + o.Path }

// Body is what a request carries.
type Body struct {
	Required bool    `json:"required,omitempty"`
	Schema   *Schema `json:"schema"`
}

// Answer is what comes back with a status of success; the schema is nil where
// the contract states none.
type Answer struct {
	Schema  *Schema            `json:"schema,omitempty"`
	Headers map[string]*Schema `json:"headers,omitempty"`
}

// Parameter is a value in the query, the path or a form.
type Parameter struct {
	Name     string `json:"name"`
	In       string `json:"in"` // query, path, formData
	Required bool   `json:"required,omitempty"`
	// CollectionFormat is multi where several values repeat the key. A comma
	// separated list is either an array without it or a string of format csv.
	CollectionFormat string `json:"collectionFormat,omitempty"`
	Schema
}

// Schema is the part of JSON Schema that the contract uses.
type Schema struct {
	Ref        string             `json:"$ref,omitempty"` // #/schemas/NAME
	Type       string             `json:"type,omitempty"`
	Format     string             `json:"format,omitempty"`
	Enum       []any              `json:"enum,omitempty"`
	Default    any                `json:"default,omitempty"`
	Pattern    string             `json:"pattern,omitempty"`
	MinLength  *int               `json:"minLength,omitempty"`
	MaxLength  *int               `json:"maxLength,omitempty"`
	Minimum    *float64           `json:"minimum,omitempty"`
	Maximum    *float64           `json:"maximum,omitempty"`
	MinItems   *int               `json:"minItems,omitempty"`
	MaxItems   *int               `json:"maxItems,omitempty"`
	ReadOnly   bool               `json:"readOnly,omitempty"`
	Required   []string           `json:"required,omitempty"`
	Properties map[string]*Schema `json:"properties,omitempty"`
	// AdditionalProperties is the schema of the values of an object whose
	// keys are not fixed.
	AdditionalProperties *Schema `json:"additionalProperties,omitempty"`
	Items                *Schema `json:"items,omitempty"`

	// Set only on schemas read from an OpenAPI 3.1 document: whether null is
	// allowed, and the keywords for which there is no field here.
	nullable bool
	unread   []string
}

const schemaPrefix = "#/schemas/"

// Raw gives the facts just as the Swagger document has them, slips included.
// They are the caller's to change.
func Raw() (*Facts, error) {
	var f Facts
	if err := json.Unmarshal(v3, &f); err != nil {
		return nil, fmt.Errorf("v3.json: %w", err)
	}
	return &f, nil
}

// Corrected gives the facts with every correction made. They are shared: not
// to be changed.
var Corrected = sync.OnceValues(func() (*Facts, error) {
	f, err := Raw()
	if err != nil {
		return nil, err
	}
	for _, c := range corrections {
		if err := c.apply(f); err != nil {
			return nil, fmt.Errorf("correction %s: %w", c.name, err)
		}
	}
	return f, nil
})

// Operation finds what a request calls: by method and by the path as sent,
// with or without /v3 before it and a slash behind.
func (f *Facts) Operation(method, path string) (*Operation, bool) {
	path = strings.TrimSuffix(strings.TrimPrefix(path, "/v3"), "/")
	parts := strings.Split(path, "/")
	var found *Operation
	for _, o := range f.Operations {
		if o.Method != method || !match(strings.Split(o.Path, "/"), parts) {
			continue
		}
		// A fixed word wins over a placeholder: /contacts/counts is no contact.
		if found == nil || strings.Count(o.Path, "{") < strings.Count(found.Path, "{") {
			found = o
		}
	}
	return found, found != nil
}

func match(template, path []string) bool {
	if len(template) != len(path) {
		return false
	}
	for i, word := range template {
		if strings.HasPrefix(word, "{") && path[i] != "" {
			continue
		}
		if word != path[i] {
			return false
		}
	}
	return true
}

// resolve follows a reference. The name is that of the schema referred to,
// empty where s is not a reference.
func (f *Facts) resolve(s *Schema) (resolved *Schema, name string) {
	for s != nil && s.Ref != "" {
		name = strings.TrimPrefix(s.Ref, schemaPrefix)
		s = f.Schemas[name]
	}
	return s, name
}

// at finds a property by its place: "Schema.property", "[]" for the items of
// an array.
func (f *Facts) at(place string) (*Schema, error) {
	words := strings.Split(strings.ReplaceAll(place, "[]", ".[]"), ".")
	s := f.Schemas[words[0]]
	for _, word := range words[1:] {
		if s, _ = f.resolve(s); s == nil {
			break
		}
		if word == "[]" {
			s = s.Items
		} else {
			s = s.Properties[word]
		}
	}
	if s == nil {
		return nil, fmt.Errorf("no %s in the contract", place)
	}
	return s, nil
}
