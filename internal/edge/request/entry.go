// Package request is what every edge does with a request before it is its
// own: a name, who the client is behind trusted proxies, whether it came by
// https, and what is to be said of it when it has ended. What a request means
// is left to the edges.
package request

import (
	"context"
	"net/netip"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/trace"
)

// Entry is what is known of a request. An edge fills in what it learns; when
// the request has ended, the entry becomes its log line and its metrics. It
// belongs to the request's goroutine.
type Entry struct {
	// UID names the request; the client sees it in Kith-Request-Id, as ID is.
	UID id.UID
	ID  string
	// Method, Host and Secure are those that the client used, also when a
	// trusted proxy stands between.
	Method string
	Host   string
	Secure bool
	// Peer is the client's address. It is for limits and the consent ledger,
	// never for logs.
	Peer netip.Addr

	// API is the face of Kith that was spoken to: v1, v2, v3, kith, oauth …
	API string
	// Route is the pattern that matched, without method; empty for none.
	Route string
	// Path is what logs tell in place of a path that holds a secret; empty for
	// any other.
	Path string
	// Account, User and Application are who asked, where that is known.
	Account     id.Account
	User        id.User
	Application string
	// Via says by what the caller was let in; empty where nobody was. Named are
	// whom the request names without a proof, Unproven says that Account and
	// Application are such names too. Session is a request of the web app.
	Via      account.Via
	Named    trace.Named
	Unproven bool
	Session  bool
	// Kept says that the request is one whose bodies are kept (Options.Keep).
	Kept bool
	// Code is the stable code of the fault that was answered, Fault the fault.
	Code  string
	Fault *fault.Error
	// Cause is the error behind an answer of 500 and more, for the log;
	// Broken says that it was a panic.
	Cause  error
	Broken bool

	// Status, Bytes and Took are set when the request has ended. Status 499
	// is a client that went away before any answer.
	Status int
	Bytes  int64
	Took   time.Duration
	// Read is how much of the request's body was read, in bytes. Body and
	// Answer are the beginnings of both bodies where they are kept.
	Read         int64
	Body, Answer []byte
	AnswerMedia  string
}

type key struct{}

// Of returns the entry of the request that ctx belongs to. Outside of one, in
// tests of an inner handler, it returns an entry that nobody reads.
func Of(ctx context.Context) *Entry {
	if e, ok := ctx.Value(key{}).(*Entry); ok {
		return e
	}
	return &Entry{}
}

func with(ctx context.Context, e *Entry) context.Context {
	return context.WithValue(ctx, key{}, e)
}
