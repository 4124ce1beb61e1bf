package contract

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// New gives the check that tests of /v3 put before their server or their
// client: with the rows of the checkout's docs/divergences.md, and against
// the served /v3/openapi.json too where one is given. Reading that document
// takes about half a second, so a test package does it once and shares the
// Checker.
func New(document []byte) (*Checker, error) {
	rows, err := ReadRows()
	if err != nil {
		return nil, fmt.Errorf("read the divergences: %w", err)
	}
	c, err := NewChecker(rows)
	if err != nil {
		return nil, fmt.Errorf("read the contract: %w", err)
	}
	if document != nil {
		if c.document, err = NewDocument(document); err != nil {
			return nil, fmt.Errorf("read the served document: %w", err)
		}
	}
	return c, nil
}

// Load is New for a single test.
func Load(tb testing.TB, document []byte) *Checker {
	tb.Helper()
	c, err := New(document)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// unchecked are the paths under /v3 that are no operations of the contract:
// the documents themselves.
var unchecked = map[string]bool{
	"/v3/openapi.json": true, "/v3/openapi.yaml": true, "/v3/swagger.yaml": true, "/v3/segments/schema.json": true,
}

// Check reports to tb what is wrong with one answer. Answers from elsewhere
// than /v3, and those to OPTIONS and HEAD, pass.
func (c *Checker) Check(tb testing.TB, method, path string, status int, header http.Header, body []byte) {
	tb.Helper()
	bare, _, _ := strings.Cut(path, "?")
	if !strings.HasPrefix(bare, "/v3/") || unchecked[bare] || method == http.MethodOptions || method == http.MethodHead {
		return
	}
	if err := Explained(status, header); err != nil {
		tb.Errorf("%s %s: %d: %v", method, path, status, err)
	}
	if header.Get("Content-Encoding") == "gzip" {
		plain, err := gunzip(body)
		if err != nil {
			tb.Errorf("%s %s: %d: %v", method, path, status, err)
			return
		}
		body = plain
	}
	for _, p := range c.CheckAnswer(method, path, status, header, body) {
		tb.Errorf("%s %s: %d: not as in the contract: %s\n%s", method, path, status, p, excerpt(body))
	}
	// The refusal of what is no operation has no place in the document either.
	if _, known := c.facts.Operation(method, bare); c.document == nil || !known && status >= 400 {
		return
	}
	for _, p := range c.document.CheckAnswer(method, strings.TrimSuffix(bare, "/"), status, header, body) {
		tb.Errorf("%s %s: %d: not as in the served document: %s\n%s", method, path, status, p, excerpt(body))
	}
}

func gunzip(body []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func excerpt(body []byte) string {
	const most = 2000
	if len(body) > most {
		return string(body[:most]) + " …"
	}
	return string(body)
}

// Wrap gives a handler that answers as h does and has each answer checked.
func (c *Checker) Wrap(tb testing.TB, h http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		path := r.URL.RequestURI() // h may change the request
		recorder := &recorder{ResponseWriter: rw, status: http.StatusOK}
		h.ServeHTTP(recorder, r)
		c.Check(tb, r.Method, path, recorder.status, rw.Header(), recorder.body.Bytes())
	})
}

// recorder keeps a copy of what passes.
type recorder struct {
	http.ResponseWriter
	status int
	wrote  bool
	body   bytes.Buffer
}

// Unwrap lets http.ResponseController reach what is underneath.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *recorder) WriteHeader(status int) {
	if !r.wrote && status >= 200 {
		r.status, r.wrote = status, true
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	r.wrote = true
	n, err := r.ResponseWriter.Write(p)
	r.body.Write(p[:n])
	return n, err
}

// Transport gives a round tripper that has each answer checked which base
// brings back; nil is http.DefaultTransport.
func (c *Checker) Transport(tb testing.TB, base http.RoundTripper) http.RoundTripper {
	if base == nil {
		base = http.DefaultTransport
	}
	return transport{checker: c, tb: tb, base: base}
}

type transport struct {
	checker *Checker
	tb      testing.TB
	base    http.RoundTripper
}

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := t.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	t.checker.Check(t.tb, r.Method, r.URL.RequestURI(), response.StatusCode, response.Header, body)
	return response, nil
}
