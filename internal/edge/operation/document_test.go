package operation

import (
	"encoding/json"
	"reflect"
	"testing"

	"go.yaml.in/yaml/v4"

	"kith/internal/edge/request"
)

type child struct {
	_    struct{} `schema:"Child" doc:"Somebody's child."`
	Name string   `json:"name" max:"5" doc:"The name."`
}

type shared struct {
	On bool `json:"on,omitempty" default:"false" doc:"A name that YAML would take for true."`
}

type parent struct {
	_ struct{} `schema:"Parent" doc:"Somebody."`
	shared
	Child    child   `json:"child" doc:"One."`
	Children []child `json:"children,omitempty" max:"3" doc:"Some."`
	Count    *int64  `json:"count,omitempty" min:"1" doc:"How many: \"some\", at least."`
	hidden   int     //nolint:unused // shows that what has no name is left out
}

type asked struct {
	_    struct{}              `schema:"Asked" doc:"What is asked."`
	Name request.Opt[string]   `json:"name" required:"true" enum:"a,b" doc:"The name."`
	List request.Opt[[]string] `json:"list" enum:"x,y" doc:"Some words."`
	More request.Opt[child]    `json:"more" doc:"More."`
}

func document() (inJSON, inYAML []byte) {
	a := &API{Prefix: "/x", IDs: map[string]Kind{"id": UID}, Operations: []Operation{
		{
			Method: "GET", Path: "/things", ID: "things", Group: "Things", Summary: "Things",
			Query:   append(Page(10, 20), Parameter{Name: "ids", Kind: UIDs, Most: 3, Doc: "Ids."}),
			Answers: []Answer{{Status: 200, Doc: "Things.", Type: reflect.TypeFor[parent](), Headers: map[string]string{"B": "b", "A": "a"}}},
			Serve:   func(*Call) error { return nil },
		},
		{
			Method: "PUT", Path: "/things/{id}", ID: "put", Group: "Things", Summary: "Put", Body: reflect.TypeFor[asked](),
			Answers: []Answer{{Status: 204, Doc: "Done."}}, Serve: func(*Call) error { return nil },
		},
		{
			Method: "POST", Path: "/files", ID: "file", Group: "Things", Summary: "Send",
			Form:    []Part{{Name: "file", File: true, Required: true, Doc: "A file."}, {Name: "lists", List: true, Most: 2, Doc: "Lists."}},
			Answers: []Answer{{Status: 200, Doc: "A table.", Media: "text/csv"}}, Serve: func(*Call) error { return nil },
		},
		{Method: "POST", Path: "/later", ID: "later", Group: "Things", Summary: "Later"},
	}}
	return Document(a, About{
		Title: "T", Version: "1", Description: "Lines:\n- one\n", PublicURL: "http://x.test",
		Groups: []Group{{"Things", "All things."}}, Scopes: []Scope{{"s", "Something."}},
		Failure: reflect.TypeFor[child](), Bare: func(_ Operation, status int) bool { return status == 401 },
	})
}

func TestJSONAndYAMLSayTheSame(t *testing.T) {
	inJSON, inYAML := document()
	var a, b any
	if err := json.Unmarshal(inJSON, &a); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(inYAML, &b); err != nil {
		t.Fatalf("%v\n%s", err, inYAML)
	}
	again, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	var c any
	if err := json.Unmarshal(again, &c); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a, c) {
		t.Errorf("they differ:\n%s\n%s", inJSON, inYAML)
	}
}

func TestWhatADocumentSays(t *testing.T) {
	inJSON, _ := document()
	var d any
	if err := json.Unmarshal(inJSON, &d); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at   []string
		want any
	}{
		{[]string{"components", "schemas", "Parent", "required"}, []any{"child"}},
		{[]string{"components", "schemas", "Parent", "properties", "on", "default"}, false},
		{[]string{"components", "schemas", "Parent", "properties", "child"}, map[string]any{"$ref": "#/components/schemas/Child"}},
		{[]string{"components", "schemas", "Parent", "properties", "children", "maxItems"}, 3.0},
		{[]string{"components", "schemas", "Parent", "properties", "count", "minimum"}, 1.0},
		{[]string{"components", "schemas", "Parent", "properties", "hidden"}, nil},
		{[]string{"components", "schemas", "Child", "properties", "name", "maxLength"}, 5.0},
		{[]string{"components", "schemas", "Asked", "required"}, []any{"name"}},
		{[]string{"components", "schemas", "Asked", "properties", "list", "items", "enum"}, []any{"x", "y"}},
		{[]string{"paths", "/things/{id}", "put", "responses", "404", "$ref"}, "#/components/responses/Refused404"},
		{[]string{"paths", "/things/{id}", "put", "responses", "401", "$ref"}, "#/components/responses/Refused401Bare"},
		{[]string{"paths", "/things/{id}", "put", "responses", "501"}, nil},
		{[]string{"paths", "/later", "post", "x-kith-built"}, false},
		{[]string{"paths", "/later", "post", "responses", "501", "$ref"}, "#/components/responses/Refused501"},
		{[]string{"paths", "/files", "post", "responses", "200", "content", "text/csv", "schema", "type"}, "string"},
		{[]string{"paths", "/files", "post", "requestBody", "content", "multipart/form-data", "schema", "properties", "file", "format"}, "binary"},
	} {
		at := d
		for _, name := range c.at {
			m, _ := at.(map[string]any)
			at = m[name]
		}
		if !reflect.DeepEqual(at, c.want) {
			t.Errorf("%v: got %v, want %v", c.at, at, c.want)
		}
	}
}

func TestAFieldWithoutADescriptionIsAMistake(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("it was let pass")
		}
	}()
	(&schemas{types: map[string]reflect.Type{}}).of(reflect.TypeFor[struct {
		Name string `json:"name"`
	}]())
}
