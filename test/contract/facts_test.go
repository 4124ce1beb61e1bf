package contract

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func corrected(t *testing.T) *Facts {
	t.Helper()
	f, err := Corrected()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFactsAreWholeAndFree(t *testing.T) {
	t.Parallel()
	f, err := Raw()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(f.Operations), 128; got != want {
		t.Errorf("%d operations, want %d", got, want)
	}
	if got, most := len(v3), 1<<20; got >= most {
		t.Errorf("v3.json has %d bytes, at most %d", got, most)
	}
	for _, o := range f.Operations {
		if len(o.Answers) == 0 {
			t.Errorf("%s has no status of success", o)
		}
		for _, a := range o.Answers {
			if s, name := f.resolve(a.Schema); s == nil && a.Schema != nil {
				t.Errorf("%s: no schema %s", o, name)
			}
		}
	}
	// Names and words are facts; a sentence would be prose.
	var v any
	if err := json.Unmarshal(v3, &v); err != nil {
		t.Fatal(err)
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		case string:
			if len(strings.Fields(v)) > 2 {
				t.Errorf("prose in v3.json: %q", v)
			}
		}
	}
	walk(v)
}

func TestOperation(t *testing.T) {
	t.Parallel()
	f := corrected(t)
	for _, c := range []struct{ method, path, want string }{
		{"GET", "/v3/contacts", "GET /contacts"},
		{"GET", "/v3/contacts/", "GET /contacts"},
		{"GET", "/contacts/0199a1b2-0000-7000-8000-000000000001", "GET /contacts/{contact_id}"},
		{"GET", "/v3/contacts/counts", "GET /contacts/counts"},
		{"PUT", "/v3/contacts/counts", "PUT /contacts/{contact_id}"},
		{"GET", "/v3/reports/stats/email_campaigns/a,b", "GET /reports/stats/email_campaigns/{campaign_ids}"},
		{"PATCH", "/v3/contacts", ""},
		{"GET", "/v3/contacts//", ""},
		{"GET", "/v3", ""},
		{"GET", "/v3/nothing", ""},
	} {
		o, found := f.Operation(c.method, c.path)
		got := ""
		if found {
			got = o.String()
		}
		if got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.method, c.path, got, c.want)
		}
	}
}

func TestEachCorrectionChangesTheFacts(t *testing.T) {
	t.Parallel()
	f, err := Raw()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range corrections {
		before, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.apply(f); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		after, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		if reflect.DeepEqual(before, after) {
			t.Errorf("%s changes nothing: the Swagger document says so itself", c.name)
		}
	}
}
