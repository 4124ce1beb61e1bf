// Package fault holds the kinds of error that every room of Kith may speak
// of. A fault says what went wrong in terms of the product; it knows nothing
// of HTTP, SQL or a wire form. Each edge maps kinds and codes to its own
// answers in one place.
package fault

import (
	"errors"
	"maps"
	"strings"
	"time"
)

// Kind is the class of a fault: what a caller can do about it. The zero value
// is Internal, so an error that nobody classified is never shown to a client.
type Kind uint8

const (
	// Internal is a fault of the server. Its detail is logged, never sent.
	Internal Kind = iota
	// Invalid is input that cannot be taken as it is.
	Invalid
	// Unauthenticated is a caller that could not be identified.
	Unauthenticated
	// Forbidden is a known caller that may not do this.
	Forbidden
	// NotFound is a thing that does not exist in the caller's account.
	NotFound
	// Conflict is a change that contradicts what is there.
	Conflict
	// Gone is a thing that existed and will not come back.
	Gone
	// TooMany is a caller that must wait.
	TooMany
	// Unavailable is a server that must be asked again later.
	Unavailable
	// Unsupported is a form of input, or an operation, that is not taken here.
	Unsupported
)

// String returns the kind's name as it appears in logs.
func (k Kind) String() string {
	switch k {
	case Internal:
		return "internal"
	case Invalid:
		return "invalid"
	case Unauthenticated:
		return "unauthenticated"
	case Forbidden:
		return "forbidden"
	case NotFound:
		return "not_found"
	case Conflict:
		return "conflict"
	case Gone:
		return "gone"
	case TooMany:
		return "too_many"
	case Unavailable:
		return "unavailable"
	case Unsupported:
		return "unsupported"
	}
	return "internal"
}

// Problem is one fault of one field. Path is the domain's path of the field
// (`email_address.address`, `list_memberships[2]`); an edge may rename it.
type Problem struct {
	Path    string
	Code    string
	Message string
}

// String returns the problem as a sentence that begins with its path.
func (p Problem) String() string {
	if p.Path == "" || strings.HasPrefix(p.Message, p.Path) {
		return p.Message
	}
	return p.Path + " " + p.Message
}

// Error is a classified fault. Compare with errors.Is against a sentinel made
// by New: two faults are the same when their codes are.
type Error struct {
	Kind Kind
	// Code is stable and dotted, from the registry in codes.go.
	Code string
	// Message is one sentence for people, without internal detail.
	Message string
	// Problems names every faulty field; only with kind Invalid or Conflict.
	Problems []Problem
	// Detail carries facts a client may want beside the message, such as
	// the id of the thing in the way. Keys are snake_case.
	Detail map[string]string
	// Retry is how long to wait before trying again; zero when unknown.
	Retry time.Duration
	// Cause is for the log and is never sent.
	Cause error
}

// New returns a fault. Sentinels of a capability are made with it.
func New(kind Kind, code Code, message string) *Error {
	return &Error{Kind: kind, Code: string(code), Message: message}
}

// Error returns the message, its problems and its cause, for logs.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	b.WriteString(": ")
	b.WriteString(e.Message)
	for i, p := range e.Problems {
		if i == 0 {
			b.WriteString(" [")
		} else {
			b.WriteString("; ")
		}
		b.WriteString(p.String())
		if i == len(e.Problems)-1 {
			b.WriteString("]")
		}
	}
	if e.Cause != nil {
		b.WriteString(": ")
		b.WriteString(e.Cause.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Is reports whether target is a fault with the same code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// With returns a copy that names the given problems.
func (e *Error) With(problems ...Problem) *Error {
	c := *e
	c.Problems = append(append([]Problem(nil), e.Problems...), problems...)
	return &c
}

// Because returns a copy with a cause for the log.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// Saying returns a copy with another sentence for people.
func (e *Error) Saying(message string) *Error {
	c := *e
	c.Message = message
	return &c
}

// Noting returns a copy that carries one more detail for the client.
func (e *Error) Noting(key, value string) *Error {
	c := *e
	c.Detail = make(map[string]string, len(e.Detail)+1)
	maps.Copy(c.Detail, e.Detail)
	c.Detail[key] = value
	return &c
}

// After returns a copy that says how long to wait.
func (e *Error) After(d time.Duration) *Error {
	c := *e
	c.Retry = d
	return &c
}

// Of returns the fault in err's chain, or an Internal one that wraps err. It
// returns nil for a nil error.
func Of(err error) *Error {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*Error](err); ok {
		return f
	}
	return &Error{Kind: Internal, Code: string(CodeInternal), Message: "The server failed to do this.", Cause: err}
}

// Is reports whether err carries a fault of the given kind.
func Is(err error, kind Kind) bool {
	f, ok := errors.AsType[*Error](err)
	return ok && f.Kind == kind
}

// Problems gathers the faults of several fields, so that a caller hears of
// all of them at once. The zero value is ready.
type Problems []Problem

// Add notes one problem.
func (p *Problems) Add(path, code, message string) {
	*p = append(*p, Problem{Path: path, Code: code, Message: message})
}

// Has reports whether the field has a problem already, so that a second rule
// need not complain of what the first one found unreadable.
func (p Problems) Has(path string) bool {
	for _, known := range p {
		if known.Path == path {
			return true
		}
	}
	return false
}

// Err returns nil when there is no problem, else an Invalid fault with all.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return ErrInvalid.With(p...)
}
