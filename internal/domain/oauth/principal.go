package oauth

import (
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
)

// Kind says by what a caller was let in.
type Kind string

// The kinds of credential.
const (
	KindToken   Kind = "token"   // an access token of an application
	KindKey     Kind = "key"     // an access key
	KindSession Kind = "session" // a browser that is signed in
)

// Principal is a caller who was let in: who it is, and what the credential
// allows, which is never more than what the user may do.
type Principal struct {
	Actor  account.Actor
	Kind   Kind
	Scopes Scopes
	// Client is the application that calls; nil unless Kind is KindToken.
	Client *Client
	// Expires is when the credential ends; zero for one that does not.
	Expires time.Time
}

// Client is what a call needs to know of its application.
type Client struct {
	ID       id.Application
	ClientID id.UID
	Name     string
	// Rate is the limit that holds for it: its own, or the server's.
	Rate Rate
}

// OfSession returns the principal of a browser that is signed in: the web app
// may do all that its user may.
func OfSession(a account.Actor) Principal {
	a.Via = account.ViaWeb
	return Principal{Actor: a, Kind: KindSession, Scopes: AllScopes()}
}

// Allows returns nil when the credential carries the scope, else a Forbidden
// fault that names it. The empty scope asks for nothing.
func (p Principal) Allows(s Scope) error {
	if s == "" || p.Scopes.Has(s) {
		return nil
	}
	return fault.ErrScope.Saying("The token lacks the scope "+string(s)+".").Noting("scope", string(s))
}
