package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Problem is one thing wrong with an answer.
type Problem struct {
	// Where and Kind name it as a row of docs/divergences.md would.
	Where, Kind string
	// At is the place in the body, as in contacts[0].email_address; empty
	// where the answer as a whole is meant.
	At   string
	Text string
}

func (p Problem) String() string {
	at := ""
	if p.At != "" {
		at = " at " + p.At
	}
	return fmt.Sprintf("%s (%s)%s: %s", p.Where, p.Kind, at, p.Text)
}

// Checker checks answers against the contract, save where a row of
// docs/divergences.md says that Kith departs from it. It may be used by
// several goroutines.
type Checker struct {
	facts    *Facts
	rows     Rows
	document *Document // nil: answers are held to the contract alone
}

// NewChecker checks against the corrected facts, save where a row allows.
func NewChecker(rows Rows) (*Checker, error) {
	facts, err := Corrected()
	if err != nil {
		return nil, err
	}
	return &Checker{facts: facts, rows: rows}, nil
}

// CheckAnswer says what is wrong with an answer of the v3 API. The path is as
// sent, query included: what was asked for decides what must be there.
func (c *Checker) CheckAnswer(method, path string, status int, header http.Header, body []byte) []Problem {
	path, query, _ := strings.Cut(path, "?")
	a := &answer{
		facts: c.facts, method: method, path: path, status: status, header: header, body: body,
	}
	a.query, _ = url.ParseQuery(query)
	var known bool
	if a.op, known = c.facts.Operation(method, path); !known {
		a.op = c.rows.operation(method, path)
		a.own = a.op != nil
	}
	a.check()
	return slices.DeleteFunc(a.problems, func(p Problem) bool { return c.rows.Allow(p.Where, p.Kind) })
}

// answer is one answer under check.
type answer struct {
	facts    *Facts
	op       *Operation // nil where there is no such operation
	own      bool       // the operation is Kith's, not the contract's
	method   string
	path     string
	query    url.Values
	status   int
	header   http.Header
	body     []byte
	problems []Problem
}

func (a *answer) report(where, kind, at, format string, args ...any) {
	a.problems = append(a.problems, Problem{where, kind, at, fmt.Sprintf(format, args...)})
}

// name is the operation with the status: "GET /contacts 200".
func (a *answer) name() string {
	path := a.path
	if a.op != nil {
		path = a.op.Path
	}
	return a.method + " " + path + " " + strconv.Itoa(a.status)
}

func (a *answer) check() {
	switch {
	case a.status == http.StatusNoContent && len(a.body) > 0:
		a.report(a.name(), KindBody, "", "204 with a body of %d bytes", len(a.body))
		return
	case a.op == nil && a.status < 300:
		a.report(a.method+" "+strings.TrimPrefix(a.path, "/v3"), KindAdded, "", "the contract has no such operation")
		return
	case a.status >= 400:
		a.failure()
		return
	case a.own:
		if root, ok := a.json(); ok {
			links(a, "", root)
		}
		return
	}
	want, stated := a.op.Answers[strconv.Itoa(a.status)]
	if !stated {
		a.report(a.name(), KindAdded, "", "the contract has no such status")
		return
	}
	a.success(want)
}

func (a *answer) success(want *Answer) {
	if len(a.op.Produces) > 0 {
		if got := mediaType(a.header); !slices.Contains(a.op.Produces, got) {
			a.report(a.name(), KindMedia, "", "Content-Type %q, not %s", got, strings.Join(a.op.Produces, " or "))
		}
		return
	}
	if want.Schema == nil && len(a.body) == 0 {
		return
	}
	root, ok := a.json()
	if !ok {
		return
	}
	if want.Schema != nil {
		a.value(want.Schema, a.name(), "", root)
	}
	links(a, "", root)
	order(a, root)
	asked(a, root)
	started(a, root)
}

// json reads the body and reports what makes it no proper JSON answer: no
// body, another type, null anywhere (guide 11.21: the official Ruby client
// raises on one; design: a property without a value is absent).
func (a *answer) json() (any, bool) {
	if len(bytes.TrimSpace(a.body)) == 0 {
		a.report(a.name(), KindBody, "", "the body is empty")
		return nil, false
	}
	if got := mediaType(a.header); got != "application/json" {
		a.report(a.name(), KindMedia, "", "Content-Type %q, not application/json", got)
	}
	root, err := parse(a.body)
	if err != nil {
		a.report(a.name(), KindBody, "", "no JSON: %v", err)
		return nil, false
	}
	a.nulls("", root)
	return root, true
}

func mediaType(h http.Header) string {
	t, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return h.Get("Content-Type")
	}
	return t
}

func (a *answer) nulls(at string, v any) {
	each(at, v, func(at string, v any) {
		if v == nil {
			a.report(a.name(), KindNull, at, "null; a property without a value is left out")
		}
	})
}

// each visits a value and everything inside it, in order.
func each(at string, v any, visit func(at string, v any)) {
	visit(at, v)
	switch v := v.(type) {
	case []any:
		for i, item := range v {
			each(index(at, i), item, visit)
		}
	case *object:
		for _, key := range v.keys {
			each(member(at, key), v.values[key], visit)
		}
	}
}

func member(at, key string) string {
	if at == "" {
		return key
	}
	return at + "." + key
}

func index(at string, i int) string { return at + "[" + strconv.Itoa(i) + "]" }

// text is a JSON value as it would be written, for messages.
func text(v any) string {
	if o, ok := v.(*object); ok {
		return "an object of " + strings.Join(o.keys, ", ")
	}
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(data)
}
