package operation

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/oauth"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
)

// Faults of calls that reach no operation.
var (
	errRoute    = fault.New(fault.NotFound, fault.CodeRoute, "There is nothing at this address.")
	errMethod   = fault.New(fault.Unsupported, fault.CodeMethod, "This address does not take this method.")
	errNotBuilt = fault.New(fault.Unsupported, fault.CodeNotBuilt, "This server does not do this yet.")
	errSession  = fault.New(fault.Forbidden, fault.CodeSession, "Only a browser that is signed in may do this.")
)

// API is a face of Kith that is served from a table.
type API struct {
	// Prefix begins every path; without a slash at its end.
	Prefix     string
	Operations []Operation
	// IDs says of what kind the names in paths are; any other is text.
	IDs map[string]Kind
	// Documents are served to everybody, by path below the prefix.
	Documents map[string]http.HandlerFunc
	// Form is how strictly the API reads calls; the zero value is version 3's.
	Form Form
	// Enter looks at who calls before anything else about the call is looked
	// at; nil lets everybody pass whom the credentials let in.
	Enter func(*Call) error

	Credentials request.Credentials
	Cursors     request.Cursors
	// Refuse answers with an error in the API's own form.
	Refuse func(http.ResponseWriter, *http.Request, error)

	routes request.Routes[*Operation]
}

// Form is how an API reads what it is sent.
type Form struct {
	// Cursor is the parameter that says where a list goes on; empty means
	// cursor. Its kind is fixed by Page.
	Cursor string
	// Strict refuses parameters of the query that an operation does not know,
	// and members of bodies that their types lack.
	Strict bool
	// Beside are parameters that may stand beside any other.
	Beside []string
	// Query goes before the name of a parameter in the path of a problem, so
	// that it is told from a member of the body.
	Query string
}

func (f Form) cursor() string {
	if f.Cursor == "" {
		return cursorName
	}
	return f.Cursor
}

// Ready makes the routes. It is called once, before the API serves.
func (a *API) Ready() *API {
	for i := range a.Operations {
		o := &a.Operations[i]
		a.routes.Add(o.Method, o.Path, o)
	}
	return a
}

// ServeHTTP serves what stands below the prefix.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodOptions {
		respond.Preflight(w)
		return
	}
	respond.CORS(w.Header())
	path := strings.TrimPrefix(r.URL.Path, a.Prefix)
	if document, ok := a.Documents[path]; ok && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		request.Of(r.Context()).Route = a.Prefix + path
		document(w, r)
		return
	}
	if err := a.serve(w, r, path); err != nil && !gone(r.Context(), err) {
		a.Refuse(w, r, err)
	}
}

// gone reports whether an error only says that the client went away.
func gone(ctx context.Context, err error) bool {
	return ctx.Err() != nil && errors.Is(err, context.Canceled)
}

// serve lets a call in, or says why not. The order of refusal is fixed: route,
// token, application and account, scope, privilege, form, and only then that
// an operation is not built.
func (a *API) serve(w http.ResponseWriter, r *http.Request, path string) error {
	match, found, allow := a.routes.Find(r.Method, path)
	if !found {
		_, _ = a.Credentials.Recognise(r) // for the request log; the answer is the same for all
		if allow == nil {
			return errRoute
		}
		w.Header().Set("Allow", strings.Join(allow, ", "))
		return errMethod
	}
	o := match.Value
	request.Of(r.Context()).Route = a.Prefix + o.Path
	c := &Call{W: w, R: r, api: a, op: o, params: match.Params}
	if err := c.enter(); err != nil {
		return err
	}
	if err := c.form(); err != nil {
		return err
	}
	if !o.Built() {
		return errNotBuilt
	}
	return o.Serve(c)
}

// enter finds out who calls and whether they may.
func (c *Call) enter() (err error) {
	if c.Principal, err = c.api.Credentials.Principal(c.R); err != nil {
		return err
	}
	c.Actor = c.Principal.Actor
	c.Actor.Operation = c.op.Name(c.api.Prefix)
	session := c.Principal.Kind == oauth.KindSession
	if session {
		respond.NoCORS(c.W.Header())
	} else if c.op.Session {
		return errSession
	}
	if c.api.Enter != nil {
		if err := c.api.Enter(c); err != nil {
			return err
		}
	}
	if err := c.Principal.Allows(c.op.Scope); err != nil {
		return err
	}
	for _, p := range c.op.Privileges {
		if err := c.Actor.May(p); err != nil {
			return err
		}
	}
	return nil
}

// form looks at the call's form: ids, query, body. Problems that can be told
// together with those of the domain are kept.
func (c *Call) form() error {
	for name, text := range c.params {
		if !c.api.wellFormed(name, text) {
			return fault.ErrNotFound.Saying(name + " is in an invalid format.")
		}
	}
	if c.op.Loose {
		return nil
	}
	if err := c.readQuery(request.ParseQuery(c.R.URL.RawQuery)); err != nil {
		return err
	}
	if c.op.takesBody() || !c.op.Built() && c.op.Form == nil && writes(c.op.Method) && c.R.ContentLength != 0 {
		return c.readBody()
	}
	return c.Problems.Err()
}

func (a *API) wellFormed(name, text string) bool {
	switch a.IDs[name] {
	case UID:
		_, err := id.ParseUID(text)
		return err == nil
	case Whole:
		n, err := strconv.ParseInt(text, 10, 64)
		return err == nil && n >= 0
	}
	return true
}

// readQuery reads every parameter of the operation. Beside a cursor, which
// carries them all, one that is given must be the same.
func (c *Call) readQuery(q request.Query) error {
	c.query = map[string]string{}
	form := c.api.Form
	c.refuseUnknown(q)
	_, goesOn := q.Text(form.cursor())
	for _, p := range c.op.Query {
		p.Required = p.Required && !goesOn
		value, given, code, message := p.read(q)
		switch {
		case code != "":
			c.Problems.Add(form.Query+p.Name, code, message)
		case given:
			c.query[p.Name] = value
		}
		if p.Name == limitName {
			c.limit = p.Default
		}
	}
	if c.query[limitName] != "" {
		c.limit, _ = strconv.Atoi(c.query[limitName]) // it was read as a number
	}
	if c.query[form.cursor()] == "" {
		return nil
	}
	if err := c.Problems.Err(); err != nil {
		return err
	}
	cur, err := c.api.Cursors.Read(c.query[form.cursor()], c.op.Name(c.api.Prefix), c.Actor.Account)
	if err != nil {
		return c.cursorProblem(err)
	}
	given := c.query
	c.query = map[string]string{}
	for name, values := range request.ParseQuery(cur.Filter) {
		c.query[name] = values[0]
	}
	c.query[limitName] = strconv.Itoa(cur.Limit)
	for _, p := range c.op.Query {
		value, also := given[p.Name]
		if also && p.Name != form.cursor() && value != c.query[p.Name] {
			c.Problems.Add(form.Query+p.Name, "cursor", "is not what the cursor was given out for; leave it out")
		}
	}
	c.limit, c.after = cur.Limit, cur.After
	return c.cursorProblem(c.Problems.Err())
}

// refuseUnknown notes parameters that the operation does not know, where the
// API is strict.
func (c *Call) refuseUnknown(q request.Query) {
	if !c.api.Form.Strict {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(q)) {
		if _, known := c.op.query(name); !known && !slices.Contains(c.api.Form.Beside, name) {
			c.Problems.Add(c.api.Form.Query+name, "unknown", "is not a parameter of this call")
		}
	}
}

// cursorProblem says of a fault that it is the cursor's.
func (c *Call) cursorProblem(err error) error {
	if err == nil {
		return nil
	}
	f := fault.Of(err)
	if len(f.Problems) > 0 {
		return fault.ErrCursor.With(f.Problems...)
	}
	return f.With(fault.Problem{Path: c.api.Form.Query + c.api.Form.cursor(), Code: "cursor", Message: invalid})
}

// readBody reads a JSON body. What an operation that is not built is sent is
// read as well: a broken body is a broken body.
func (c *Call) readBody() (err error) {
	if c.op.BodyOptional && c.R.ContentLength == 0 {
		return c.Problems.Err()
	}
	if c.body, err = request.JSON(c.R); err != nil {
		return err
	}
	if !c.op.Built() {
		return c.Problems.Err()
	}
	return nil
}
