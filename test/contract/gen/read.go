package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi2"

	"kith/test/contract"
)

// read takes the facts out of a Swagger 2 document, JSON or YAML.
func read(data []byte) (*contract.Facts, error) {
	var doc openapi2.T
	if err := openapi2.UnmarshalFromData(data, &doc); err != nil {
		return nil, err
	}
	if doc.Swagger != "2.0" || len(doc.Paths) == 0 {
		return nil, fmt.Errorf("not a Swagger 2.0 document with paths")
	}
	facts := &contract.Facts{Version: doc.Info.Version, Schemas: map[string]*contract.Schema{}}
	for name, schema := range doc.Definitions {
		s := &contract.Schema{}
		if err := keep(schema, s); err != nil {
			return nil, fmt.Errorf("definition %s: %w", name, err)
		}
		facts.Schemas[name] = s
	}
	for path, item := range doc.Paths {
		for method, op := range item.Operations() {
			o, err := operation(op)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			o.Method, o.Path = method, path
			facts.Operations = append(facts.Operations, o)
		}
	}
	slices.SortFunc(facts.Operations, func(a, b *contract.Operation) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	return facts, nil
}

func operation(op *openapi2.Operation) (*contract.Operation, error) {
	o := &contract.Operation{Answers: map[string]*contract.Answer{}}
	if op.Security != nil {
		for _, alternative := range *op.Security {
			for scheme, scopes := range alternative {
				o.Schemes = append(o.Schemes, scheme)
				o.Scopes = append(o.Scopes, scopes...)
			}
		}
	}
	o.Schemes, o.Scopes = set(o.Schemes), set(o.Scopes)
	if err := keep(op.Extensions["x-authorization-privileges"], &o.Privileges); err != nil {
		return nil, err
	}
	o.Privileges = set(o.Privileges)
	o.Consumes, o.Produces = unlessJSON(op.Consumes), unlessJSON(op.Produces)

	for _, p := range op.Parameters {
		if p.In == "body" {
			o.Body = &contract.Body{Required: p.Required}
			if err := keep(p.Schema, &o.Body.Schema); err != nil {
				return nil, err
			}
			continue
		}
		q := &contract.Parameter{}
		if err := keep(p, q); err != nil {
			return nil, fmt.Errorf("parameter %s: %w", p.Name, err)
		}
		o.Parameters = append(o.Parameters, q)
	}
	slices.SortFunc(o.Parameters, func(a, b *contract.Parameter) int {
		return cmp.Or(cmp.Compare(a.In, b.In), cmp.Compare(a.Name, b.Name))
	})

	for status, response := range op.Responses.Map() {
		if !strings.HasPrefix(status, "2") {
			o.Failures = append(o.Failures, status)
			continue
		}
		a := &contract.Answer{}
		if err := keep(response.Schema, &a.Schema); err != nil {
			return nil, fmt.Errorf("answer %s: %w", status, err)
		}
		if err := keep(response.Headers, &a.Headers); err != nil {
			return nil, fmt.Errorf("answer %s: %w", status, err)
		}
		o.Answers[status] = a
	}
	slices.Sort(o.Failures)
	return o, nil
}

// keep copies into to what to has a place for. That is how the prose stays
// behind: the types of package contract have no field for a description, a
// title or an example.
func keep(from, to any) error {
	data, err := json.Marshal(from)
	if err != nil {
		return err
	}
	data = []byte(strings.ReplaceAll(string(data), `"#/definitions/`, `"#/schemas/`))
	return json.Unmarshal(data, to)
}

func set(s []string) []string {
	return slices.Sorted(maps.Keys(keys(s)))
}

func keys(s []string) map[string]bool {
	m := map[string]bool{}
	for _, v := range s {
		m[v] = true
	}
	return m
}

// unlessJSON leaves out what goes without saying.
func unlessJSON(types []string) []string {
	if len(types) == 1 && types[0] == "application/json" {
		return nil
	}
	return types
}
