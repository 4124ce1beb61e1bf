// Package trace is the request log: what was asked of the APIs, and why it was
// refused, for those whose applications and users asked. It says what is kept
// of a request and who may see it. Telling it of requests is left to the
// edges, who must never wait for it.
//
// # How it is kept
//
// Requests are written in batches: the requests of one account that ended
// within a moment, newest last, are one row. What they succeeded in, what
// failed, and what only claims to be the account's are batched apart, since
// each is kept up to a bound of its own. A row costs as much for five hundred
// requests as for one, so the log is cheap where it is busy. It is read from
// its newest end, whole batches at a time, and filters are applied as it is
// read. Why: docs/decisions/0012-request-log.md.
package trace

import (
	"strconv"
	"strings"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// Request is a request that has ended, as the log shows it.
type Request struct {
	// UID names the request and says when it began; the client saw it in
	// Kith-Request-Id.
	UID  id.UID
	Took time.Duration
	// API is the face that was spoken to: v1, v2, v3, kith, oauth.
	API    string
	Method string
	// Route is the pattern that matched, Path what was asked for; Query is
	// what stood behind the question mark.
	Route, Path, Query string
	Status             int
	// Code is the fault that was answered, Cause says in words why; both are
	// empty for a request that was granted.
	Code, Cause string
	// Application is the API key (client id) that the request names, and its
	// name; Username is the user for whom it asked. All may be empty.
	Application, ApplicationName string
	User                         id.User
	Username                     string
	// Via says by what the caller was let in: account.ViaAPI or ViaKey.
	Via string
	// Claimed says that nothing proves that the request came from the
	// application or user that it names.
	Claimed bool
	// Address is the client's network address, Agent what it calls itself.
	Address, Agent string
	// In and Out are the sizes of the bodies in bytes, of the request's as far
	// as it was read.
	In, Out int64

	// Detail is kept of requests that failed; nil in lists.
	Detail *Detail
}

// Failed reports whether the request was refused. A refusal may travel in a
// redirect, and so have another status than one of failure.
func (r Request) Failed() bool { return r.Status >= 400 || r.Code != "" }

// At is when the request began.
func (r Request) At() time.Time { return r.UID.Time() }

// Detail is what is kept of a failed request beside what lists show.
type Detail struct {
	Body, Answer Text
	Problems     []fault.Problem
	// Line and Column are where the body could not be read, from 1; zero
	// where it could.
	Line, Column int
}

// Text is a body, without secrets and addresses.
type Text struct {
	// Media is its media type, as it was sent.
	Media string
	Text  string
	// Cut says that this is its beginning only.
	Cut bool
}

// Record is what an edge tells of a request that has ended. Nothing in it is
// masked yet.
type Record struct {
	Request
	// Account is the one in which a caller acted who was let in, or who proved
	// to be known; zero otherwise.
	Account id.Account
	// Named are whom the request names without a proof.
	Named Named
	// Fault is what was answered; nil for none.
	Fault *fault.Error
	// Body and Answer are the beginnings of the bodies of a failed request.
	Body, Answer Kept
}

// Kept is the beginning of a body.
type Kept struct {
	Media string
	Data  []byte
	Cut   bool
}

// Named are claims that nothing proves: of a token that this server cannot
// check, of a client that did not identify itself, of a name in an address.
type Named struct {
	ClientID string
	Username string
	// Issuer and Expires are those that a token claims.
	Issuer  string
	Expires time.Time
}

// IsZero reports whether nobody is named.
func (n Named) IsZero() bool { return n == Named{} }

// Class is a kind of request that has a bound of its own.
type Class uint8

// The classes. What is claimed cannot push out what is proved.
const (
	Granted Class = iota // succeeded
	Refused              // failed
	Claimed              // names the account without a proof
)

func classes() []Class { return []Class{Granted, Refused, Claimed} }

// class returns the class that a request is kept in.
func (r Request) class() Class {
	switch {
	case r.Claimed:
		return Claimed
	case r.Failed():
		return Refused
	}
	return Granted
}

// Bounds of what is kept of one request, in bytes.
const (
	// MaxBody and MaxAnswer are what an edge keeps of the bodies.
	MaxBody   = 16 << 10
	MaxAnswer = 8 << 10

	maxPath  = 500
	maxQuery = 1000
	maxCause = 2000
	maxAgent = 200
	maxWord  = 100
	// maxTable is what is kept of a body that is a table: its head.
	maxTable = 2 << 10
)

// finish makes of a record what is kept. Names are filled in by who can look
// them up.
func finish(r Record) Request {
	q := r.Request
	q.Method, q.API, q.Route = clip(q.Method, maxWord), clip(q.API, maxWord), clip(q.Route, maxPath)
	q.Path = clip(maskWords(q.Path), maxPath)
	q.Query = clip(maskForm(q.Query), maxQuery)
	q.Agent = clip(maskWords(q.Agent), maxAgent)
	q.Address = clip(q.Address, maxWord)
	q.Application = clip(q.Application, maxWord)
	if !q.Failed() {
		return q
	}
	q.Cause = clip(maskWords(cause(r)), maxCause)
	d := &Detail{Body: kept(r.Body, r.API), Answer: kept(r.Answer, r.API)}
	if r.Fault != nil {
		for _, p := range r.Fault.Problems {
			p.Message = maskWords(p.Message)
			d.Problems = append(d.Problems, p)
		}
		d.Line, d.Column = number(r.Fault.Detail["line"]), number(r.Fault.Detail["column"])
	}
	q.Detail = d
	return q
}

func kept(k Kept, api string) Text {
	if len(k.Data) == 0 {
		return Text{}
	}
	text, cut := mask(k.Media, api == "oauth", k.Data)
	return Text{Media: clip(k.Media, maxWord), Text: text, Cut: cut || k.Cut}
}

// cause says in words why a request was refused.
func cause(r Record) string {
	var b strings.Builder
	if f := r.Fault; f != nil {
		if len(f.Problems) == 0 || f.Code != string(fault.CodeInvalid) {
			b.WriteString(f.Message + " ")
		}
		for i, p := range f.Problems {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(p.String())
		}
		if tells(f) {
			b.WriteString("Precisely: " + strings.TrimPrefix(f.Cause.Error(), "jwt: ") + ".")
		}
	}
	n := r.Named
	if n.Issuer != "" {
		b.WriteString(" The token says that it was issued by " + n.Issuer)
		if n.Username != "" {
			b.WriteString(" for " + n.Username)
		}
		if !n.Expires.IsZero() {
			b.WriteString(", to end at " + n.Expires.UTC().Format("2006-01-02 15:04:05") + " UTC")
		}
		b.WriteString(".")
	}
	return strings.TrimSpace(b.String())
}

// tells reports whether the cause behind a fault is for who made the
// application: of credentials it says what the answer must not tell.
func tells(f *fault.Error) bool {
	if f.Cause == nil || f.Kind == fault.Internal || f.Kind == fault.Unavailable {
		return false
	}
	return strings.HasPrefix(f.Code, "oauth.") || strings.HasPrefix(f.Code, "token.")
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}

// clip cuts a text to so many bytes, and makes it one that can be shown.
func clip(s string, most int) string {
	if len(s) > most {
		s = s[:most]
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
