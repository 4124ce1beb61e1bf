package operation

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
)

// Call is one call of an operation that was let in and whose form was looked
// at.
type Call struct {
	W         http.ResponseWriter
	R         *http.Request
	Principal oauth.Principal
	Actor     account.Actor
	// Problems are what is wrong with the query and, after Body, with the
	// body. Where an operation takes no body, a call with problems does not
	// get to Serve; else the domain adds its own to them.
	Problems fault.Problems

	api    *API
	op     *Operation
	params map[string]string
	query  map[string]string
	limit  int
	after  page.Position
	body   map[string]any
}

// Context returns the request's.
func (c *Call) Context() context.Context { return c.R.Context() }

// Param returns a text of the path.
func (c *Call) Param(name string) string { return c.params[name] }

// UID returns an id of the path, which was checked.
func (c *Call) UID(name string) id.UID {
	uid, err := id.ParseUID(c.params[name])
	if err != nil {
		panic("operation: " + name + " is no id of the path of " + c.op.Path)
	}
	return uid
}

// Given reports whether a parameter of the query was given.
func (c *Call) Given(name string) bool {
	_, ok := c.query[name]
	return ok
}

// Text returns a parameter of the query; empty where it was not given.
func (c *Call) Text(name string) string { return c.query[name] }

// Bool returns a parameter of the kind Bool.
func (c *Call) Bool(name string) bool { return c.query[name] == "true" }

// Words returns the values of a parameter that holds a list.
func (c *Call) Words(name string) []string {
	if c.query[name] == "" {
		return nil
	}
	return strings.Split(c.query[name], ",")
}

// Instant returns a parameter of the kind Instant; zero where it was not given.
func (c *Call) Instant(name string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, c.query[name])
	if err != nil {
		return time.Time{}
	}
	return t
}

// UIDs returns the values of a parameter of the kind UIDs.
func (c *Call) UIDs(name string) []id.UID {
	var all []id.UID
	for _, word := range c.Words(name) {
		if uid, err := id.ParseUID(word); err == nil {
			all = append(all, uid)
		}
	}
	return all
}

// Numbers returns the values of a parameter of the kind Numbers.
func (c *Call) Numbers(name string) []int64 {
	var all []int64
	for _, word := range c.Words(name) {
		if n, err := strconv.ParseInt(word, 10, 64); err == nil {
			all = append(all, n)
		}
	}
	return all
}

// Page returns which part of a list was asked for.
func (c *Call) Page() page.Request { return page.Request{Limit: c.limit, After: c.after} }

// Next returns the address of the next page, without scheme and host, since
// clients put their own before it; empty where the list has ended.
func (c *Call) Next(p page.Position) string {
	if p.IsZero() {
		return ""
	}
	return c.api.Prefix + c.path() + "?" + c.api.Form.cursor() + "=" + c.api.Cursors.Text(request.Cursor{
		Operation: c.op.Name(c.api.Prefix), Account: c.Actor.Account, Limit: c.limit, Filter: c.filter(), After: p,
	})
}

// path is the operation's with the call's own texts in it.
func (c *Call) path() string {
	p := c.op.Path
	for name, text := range c.params {
		p = strings.ReplaceAll(p, "{"+name+"}", url.PathEscape(text))
	}
	return p
}

// filter writes down what was asked for, as it goes into a cursor.
func (c *Call) filter() string {
	var b strings.Builder
	for _, p := range c.op.Query {
		value, given := c.query[p.Name]
		if !given || p.Name == limitName || p.Name == c.api.Form.cursor() {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(p.Name)
		b.WriteByte('=')
		b.WriteString(url.QueryEscape(value))
	}
	return b.String()
}

// Body decodes the call's body into a struct; what is wrong with it is added
// to the call's problems.
func Body[T any](c *Call) T {
	if c.api.Form.Strict {
		return request.DecodeStrict[T](c.body, &c.Problems)
	}
	return request.Decode[T](c.body, &c.Problems)
}

// JSON answers with a value.
func (c *Call) JSON(status int, v any) error {
	body, err := respond.Encode(v)
	if err != nil {
		return err
	}
	c.Raw(status, body)
	return nil
}

// Raw answers with a body that is JSON already.
func (c *Call) Raw(status int, body []byte) { respond.JSON(c.W, c.R, status, body) }

// NoContent answers that all is done.
func (c *Call) NoContent() error {
	c.W.WriteHeader(http.StatusNoContent)
	return nil
}
