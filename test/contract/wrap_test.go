package contract

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// failing is a test that keeps what is reported to it.
type failing struct {
	testing.TB
	mu   sync.Mutex
	said []string
}

func (f *failing) Helper() {}

func (f *failing) Errorf(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.said = append(f.said, fmt.Sprintf(format, args...))
}

func (f *failing) take() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	said := strings.Join(f.said, "\n")
	f.said = nil
	return said
}

// tiny is a served document of one operation, which says less than the
// contract does.
const tiny = `{"openapi":"3.1.0","info":{"title":"v3","version":"1"},"servers":[{"url":"http://kith.example/v3"}],
"paths":{"/contact_lists":{"get":{"responses":{
 "200":{"description":"lists","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Lists"}}}}}}}},
"components":{"schemas":{
 "Lists":{"type":"object","required":["lists"],"properties":{"lists":{"type":"array","items":{"$ref":"#/components/schemas/List"}}}},
 "List":{"type":"object","properties":{"list_id":{"type":"string"},"name":{"type":"string"}}}}}}`

const list = `{"list_id":"` + listID + `","name":"General Interest"}`

func TestDocument(t *testing.T) {
	t.Parallel()
	d, err := NewDocument([]byte(tiny))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rule, method, path string
		status             int
		body               string
		want               string // a part of what is said; "" is nothing
	}{
		{"as documented", "GET", "/v3/contact_lists?limit=1", 200, `{"lists":[` + list + `]}`, ""},
		{"undocumented property", "GET", "/v3/contact_lists", 200, `{"lists":[],"lists_count":0}`, "lists_count"},
		{"missing property", "GET", "/v3/contact_lists", 200, `{}`, "lists"},
		{"wrong type", "GET", "/v3/contact_lists", 200, `{"lists":null}`, "null"},
		{"undocumented status", "GET", "/v3/contact_lists", 404, `[]`, "404"},
		{"undocumented operation", "POST", "/v3/contact_lists", 201, list, "POST"},
		{"undocumented path", "GET", "/v3/segments", 200, `{}`, "not found"},
	} {
		got := strings.Join(d.CheckAnswer(c.method, c.path, c.status, jsonHeader(), []byte(c.body)), "\n")
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q in it", c.rule, got, c.want)
		}
	}
	if _, err := NewDocument([]byte(`{"openapi":"3.1.0"}`)); err == nil {
		t.Error("a document without info is taken")
	}
}

func TestWrapAndTransport(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if _, err := zip.Write([]byte(`{"lists":null}`)); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Query().Get("name") {
		case "good":
			fmt.Fprint(w, `{"lists":[`+list+`]}`)
		case "count": // in the contract, not in the document
			fmt.Fprint(w, `{"lists":[],"lists_count":0}`)
		case "nameless": // in the document, not in the contract
			fmt.Fprint(w, `{"lists":[{"list_id":"`+listID+`"}]}`)
		case "packed":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed.Bytes()) // the answer is looked at
		case "gone":
			w.WriteHeader(http.StatusNotFound)
		}
	})
	for _, c := range []struct {
		rule, method, path string
		want               []string // parts of what is said
	}{
		{"good", "GET", "/v3/contact_lists?name=good", nil},
		{"against the document", "GET", "/v3/contact_lists?name=count", []string{"served document"}},
		{"against the contract", "GET", "/v3/contact_lists?name=nameless", []string{"ContactList.name (required)"}},
		{"against both", "GET", "/v3/contact_lists?name=packed", []string{"(null)", "got null"}},
		{"an empty refusal", "GET", "/v3/contact_lists?name=gone", []string{"the body is empty", "served document"}},
		{"no operation", "GET", "/v3/nothing?name=gone", []string{"the body is empty"}},
		{"a document", "GET", "/v3/openapi.json?name=gone", nil},
		{"another API", "GET", "/v2/lists?name=gone", nil},
		{"OPTIONS", "OPTIONS", "/v3/contact_lists?name=gone", nil},
		{"HEAD", "HEAD", "/v3/contact_lists?name=gone", nil},
	} {
		tb := &failing{TB: t}
		checker := Load(tb, []byte(tiny))
		request := func() *http.Request { return httptest.NewRequest(c.method, c.path, nil) }

		response := httptest.NewRecorder()
		checker.Wrap(tb, handler).ServeHTTP(response, request())
		wantSaid(t, c.rule+", wrapped", tb.take(), c.want)

		r, err := checker.Transport(tb, inMemory{handler}).RoundTrip(request())
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		wantSaid(t, c.rule+", carried", tb.take(), c.want)
		if !bytes.Equal(body, response.Body.Bytes()) {
			t.Errorf("%s: the two checks pass on different bodies", c.rule)
		}
	}
}

func wantSaid(t *testing.T, rule, got string, want []string) {
	t.Helper()
	if len(want) == 0 && got != "" {
		t.Errorf("%s: %s", rule, got)
	}
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%s: got %q, want %q in it", rule, got, w)
		}
	}
}

// inMemory carries a request to a handler.
type inMemory struct{ handler http.Handler }

func (m inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	m.handler.ServeHTTP(w, r)
	return w.Result(), nil
}
