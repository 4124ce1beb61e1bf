// Package operation serves an API from one table. A row says what a call is
// named, who may make it, what it takes and what it answers; from the rows
// come the routes, the order in which a call is refused, and the document that
// is served (OpenAPI 3.1). What a call does is left to the APIs, and so is the
// form of a refusal.
package operation

import (
	"net/http"
	"reflect"

	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
)

// Operation is one row of an API's table.
type Operation struct {
	Method string
	// Path stands below the API's prefix, with names in braces.
	Path string
	// ID is the operation's name in the document.
	ID          string
	Group       string
	Summary     string
	Description string

	// Scope is what a token or key must carry; empty where any will do.
	Scope oauth.Scope
	// Privileges are what the user's role must allow.
	Privileges []account.Privilege
	// Session keeps the operation to browsers that are signed in.
	Session bool

	Query []Parameter
	// Body is the type of the JSON object that the call carries; nil for none.
	Body reflect.Type
	// BodyOptional says that the call may carry nothing.
	BodyOptional bool
	// Streams says that Serve reads the body by itself: it may be large.
	Streams bool
	// Form are the parts of a multipart body, which Serve reads by itself.
	Form []Part
	// Answers are those of success, Failures the statuses of refusals beside
	// those that every operation has.
	Answers  []Answer
	Failures []int

	// Loose leaves the form of a call alone, of an operation that is not
	// built and whose parameters are not told.
	Loose bool

	// Serve does it; nil: the operation is not built, and answers so.
	Serve func(*Call) error
}

// Answer is what an operation answers when it has done its work.
type Answer struct {
	Status int
	Doc    string
	// Type is that of the JSON body; nil for none. Media is another form in
	// which the body comes, or may be asked for.
	Type  reflect.Type
	Media string
	// Headers are those that matter, by name, with a description.
	Headers map[string]string
}

// Part is a part of a multipart body.
type Part struct {
	Name     string
	File     bool
	Required bool
	// Words are what the part may say; empty for any text.
	Words []string
	// List marks comma separated values, at most Most of them.
	List bool
	Most int
	Doc  string
}

// Built reports whether the operation does what it says.
func (o Operation) Built() bool { return o.Serve != nil }

// Name is how the operation is called in history and in the document.
func (o Operation) Name(prefix string) string { return o.Method + " " + prefix + o.Path }

// query returns the parameter of a name.
func (o Operation) query(name string) (Parameter, bool) {
	for _, p := range o.Query {
		if p.Name == name {
			return p, true
		}
	}
	return Parameter{}, false
}

// takesBody reports whether the operation reads JSON.
func (o Operation) takesBody() bool { return o.Body != nil && !o.Streams }

// writes reports whether a method may carry a body.
func writes(method string) bool {
	return method == http.MethodPost || method == http.MethodPut || method == http.MethodPatch
}
