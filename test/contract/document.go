package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// served is an OpenAPI 3.1 document read into the same form as the contract's
// facts, so that the two can be laid side by side.
type served struct {
	operations map[string]*servedOperation // by "METHOD /path"
	schemas    map[string]*Schema
}

type servedOperation struct {
	unbuilt    bool
	scopes     []string
	privileges []string
	parameters []*Parameter
	body       *Body    // nil for forms, whose fields are parameters
	consumes   []string // content types of the request
	answers    map[string]*servedAnswer
}

type servedAnswer struct {
	schema   *Schema // of the JSON content
	produces []string
	headers  []string
}

// The document as it is written. Whatever is left out here is prose, or is
// not compared.
type (
	openAPI struct {
		OpenAPI    string                                `json:"openapi"`
		Paths      map[string]map[string]json.RawMessage `json:"paths"`
		Security   []map[string][]string                 `json:"security"`
		Components struct {
			Schemas       map[string]json.RawMessage  `json:"schemas"`
			Parameters    map[string]openAPIParameter `json:"parameters"`
			Responses     map[string]openAPIResponse  `json:"responses"`
			RequestBodies map[string]openAPIBody      `json:"requestBodies"`
		} `json:"components"`
	}
	openAPIOperation struct {
		Parameters  []openAPIParameter         `json:"parameters"`
		RequestBody *openAPIBody               `json:"requestBody"`
		Responses   map[string]openAPIResponse `json:"responses"`
		Security    []map[string][]string      `json:"security"`
		Privileges  []string                   `json:"x-kith-privileges"`
		Built       *bool                      `json:"x-kith-built"`
	}
	openAPIParameter struct {
		Ref      string          `json:"$ref"`
		Name     string          `json:"name"`
		In       string          `json:"in"`
		Required bool            `json:"required"`
		Explode  *bool           `json:"explode"`
		Schema   json.RawMessage `json:"schema"`
	}
	openAPIBody struct {
		Ref      string                  `json:"$ref"`
		Required bool                    `json:"required"`
		Content  map[string]openAPIMedia `json:"content"`
	}
	openAPIResponse struct {
		Ref     string                     `json:"$ref"`
		Content map[string]openAPIMedia    `json:"content"`
		Headers map[string]json.RawMessage `json:"headers"`
	}
	openAPIMedia struct {
		Schema json.RawMessage `json:"schema"`
	}
)

const (
	jsonType = "application/json"
	formType = "multipart/form-data"
)

var methods = []string{"get", "put", "post", "delete", "patch", "options", "head"}

// readDocument reads an OpenAPI 3.1 document. Its paths may or may not begin
// with /v3.
func readDocument(data []byte) (*served, error) {
	var doc openAPI
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		return nil, fmt.Errorf("OpenAPI %q, not 3.1", doc.OpenAPI)
	}
	s := &served{operations: map[string]*servedOperation{}, schemas: map[string]*Schema{}}
	for name, raw := range doc.Components.Schemas {
		schema, err := readSchema(raw)
		if err != nil {
			return nil, fmt.Errorf("schema %s: %w", name, err)
		}
		s.schemas[name] = schema
	}
	for path, item := range doc.Paths {
		for method, raw := range item {
			if !slices.Contains(methods, method) {
				return nil, fmt.Errorf("path %s: %q is not read", path, method)
			}
			name := strings.ToUpper(method) + " " + strings.TrimPrefix(path, "/v3")
			o, err := s.operation(&doc, raw)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			s.operations[name] = o
		}
	}
	return s, nil
}

func (s *served) operation(doc *openAPI, raw json.RawMessage) (*servedOperation, error) {
	var from openAPIOperation
	if err := json.Unmarshal(raw, &from); err != nil {
		return nil, err
	}
	o := &servedOperation{
		unbuilt: from.Built != nil && !*from.Built, privileges: from.Privileges,
		answers: map[string]*servedAnswer{},
	}
	security := from.Security
	if security == nil {
		security = doc.Security
	}
	for _, alternative := range security {
		for _, scopes := range alternative {
			o.scopes = append(o.scopes, scopes...)
		}
	}
	for _, p := range from.Parameters {
		if p.Ref != "" {
			p = doc.Components.Parameters[lastWord(p.Ref)]
		}
		schema, err := readSchema(p.Schema)
		if err != nil {
			return nil, fmt.Errorf("parameter %s: %w", p.Name, err)
		}
		if schema, err = s.inline(schema); err != nil {
			return nil, fmt.Errorf("parameter %s: %w", p.Name, err)
		}
		q := &Parameter{Name: p.Name, In: p.In, Required: p.Required, Schema: *schema}
		// In the query a key is repeated for each value unless it says otherwise.
		if q.Type == "array" && p.In == "query" && (p.Explode == nil || *p.Explode) {
			q.CollectionFormat = "multi"
		}
		o.parameters = append(o.parameters, q)
	}
	if from.RequestBody != nil {
		if err := s.body(doc, *from.RequestBody, o); err != nil {
			return nil, fmt.Errorf("body: %w", err)
		}
	}
	for status, response := range from.Responses {
		if response.Ref != "" {
			response = doc.Components.Responses[lastWord(response.Ref)]
		}
		a := &servedAnswer{
			produces: slices.Sorted(maps.Keys(response.Content)),
			headers:  slices.Sorted(maps.Keys(response.Headers)),
		}
		if media, there := response.Content[jsonType]; there {
			var err error
			if a.schema, err = readSchema(media.Schema); err != nil {
				return nil, fmt.Errorf("answer %s: %w", status, err)
			}
		}
		o.answers[status] = a
	}
	return o, nil
}

// body reads what a request carries; the fields of a form become parameters,
// as they are in the contract.
func (s *served) body(doc *openAPI, from openAPIBody, o *servedOperation) error {
	if from.Ref != "" {
		from = doc.Components.RequestBodies[lastWord(from.Ref)]
	}
	o.consumes = slices.Sorted(maps.Keys(from.Content))
	if media, there := from.Content[jsonType]; there {
		schema, err := readSchema(media.Schema)
		if err != nil {
			return err
		}
		o.body = &Body{Required: from.Required, Schema: schema}
	}
	media, there := from.Content[formType]
	if !there {
		return nil
	}
	form, err := readSchema(media.Schema)
	if err != nil {
		return err
	}
	if form, err = s.inline(form); err != nil {
		return err
	}
	for name, field := range form.Properties {
		p := &Parameter{Name: name, In: "formData", Required: slices.Contains(form.Required, name), Schema: *field}
		// OpenAPI 3.1 has no type for a file: it is a string that says how it
		// is written, or nothing at all.
		if p.Format == "binary" || p.Type == "" && p.Ref == "" {
			p.Type, p.Format = "file", ""
		}
		o.parameters = append(o.parameters, p)
	}
	return nil
}

func (s *served) inline(schema *Schema) (*Schema, error) {
	for schema != nil && schema.Ref != "" {
		schema = s.schemas[lastWord(schema.Ref)]
	}
	if schema == nil {
		return nil, errors.New("a reference leads nowhere")
	}
	return schema, nil
}

func lastWord(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

// Keywords that are read, and those that promise a client nothing.
var (
	readKeywords = []string{
		"$ref", "type", "format", "enum", "default", "pattern", "minLength", "maxLength", "minimum",
		"maximum", "minItems", "maxItems", "readOnly", "required", "properties", "additionalProperties", "items",
	}
	proseKeywords = []string{
		"title", "description", "example", "examples", "deprecated", "contentMediaType", "contentEncoding", "$comment", "$schema",
	}
)

// readSchema reads a schema of OpenAPI 3.1. A keyword that Schema cannot hold
// is kept by name.
func readSchema(raw json.RawMessage) (*Schema, error) {
	if len(raw) == 0 {
		return &Schema{}, nil
	}
	var keywords map[string]json.RawMessage
	if err := json.Unmarshal(raw, &keywords); err != nil {
		return nil, err // true and false are schemas too, but not ours
	}
	s := &Schema{}
	for keyword := range keywords {
		if !slices.Contains(readKeywords, keyword) && !slices.Contains(proseKeywords, keyword) && !strings.HasPrefix(keyword, "x-") {
			s.unread = append(s.unread, keyword)
		}
	}
	slices.Sort(s.unread)

	var nested struct {
		Properties           map[string]json.RawMessage `json:"properties"`
		Items                json.RawMessage            `json:"items"`
		AdditionalProperties json.RawMessage            `json:"additionalProperties"`
		Type                 json.RawMessage            `json:"type"`
	}
	if err := json.Unmarshal(raw, &nested); err != nil {
		return nil, err
	}
	for keyword := range keywords {
		switch keyword {
		case "properties", "items", "additionalProperties", "type":
			delete(keywords, keyword)
		}
	}
	plain, err := json.Marshal(keywords)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(plain, s); err != nil {
		return nil, err
	}
	if err := s.readType(nested.Type); err != nil {
		return nil, err
	}
	for name, raw := range nested.Properties {
		p, err := readSchema(raw)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if s.Properties == nil {
			s.Properties = map[string]*Schema{}
		}
		s.Properties[name] = p
	}
	if nested.Items != nil {
		if s.Items, err = readSchema(nested.Items); err != nil {
			return nil, fmt.Errorf("items: %w", err)
		}
	}
	// Whether other keys are let in says nothing of the keys that there are.
	if more := nested.AdditionalProperties; more != nil && more[0] == '{' {
		if s.AdditionalProperties, err = readSchema(more); err != nil {
			return nil, fmt.Errorf("additionalProperties: %w", err)
		}
	}
	return s, nil
}

// readType takes the one type besides null.
func (s *Schema) readType(raw json.RawMessage) error {
	if len(raw) == 0 {
		return nil
	}
	if raw[0] == '"' {
		return json.Unmarshal(raw, &s.Type)
	}
	var types []string
	if err := json.Unmarshal(raw, &types); err != nil {
		return err
	}
	if i := slices.Index(types, "null"); i >= 0 {
		s.nullable = true
		types = slices.Delete(types, i, i+1)
	}
	if len(types) != 1 {
		s.unread = append(s.unread, "type")
		return nil
	}
	s.Type = types[0]
	return nil
}
