package request

import (
	"context"
	"net/http"

	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/domain/trace"
)

// Verifier says who is behind the value of an Authorization header, and counts
// the calls of applications that have a limit.
type Verifier interface {
	// Verify returns the principal also with the fault of an application or
	// account that may not be used.
	Verify(ctx context.Context, authorization string) (oauth.Principal, error)
	Admit(ctx context.Context, p oauth.Principal) error
}

// Sessions says who is signed in by the browser that sent a request.
type Sessions interface {
	// Presented reports whether the request brings a session, good or not.
	Presented(r *http.Request) bool
	// Actor returns whose it is. It refuses requests that another site caused.
	Actor(r *http.Request) (account.Actor, error)
}

// Credentials tell who asks.
type Credentials struct {
	Verifier Verifier
	// Sessions may be nil: then only tokens and keys are taken.
	Sessions Sessions
}

// Principal returns who asks and notes it in the request's entry. What stands
// in the Authorization header counts before a session.
func (c Credentials) Principal(r *http.Request) (oauth.Principal, error) {
	p, err := c.Recognise(r)
	if err != nil {
		return p, err
	}
	e := Of(r.Context())
	p.Actor.Request = e.ID
	if e.Peer.IsValid() {
		p.Actor.Address = e.Peer.String()
	}
	return p, c.Verifier.Admit(r.Context(), p)
}

// Recognise is Principal for a request that is refused whoever it comes from:
// it notes who asks and counts nothing.
func (c Credentials) Recognise(r *http.Request) (oauth.Principal, error) {
	p, err := c.find(r)
	e := Of(r.Context())
	e.Account, e.User, e.Application, e.Via = p.Actor.Account, p.Actor.User, p.Actor.Application, p.Actor.Via
	if err != nil && e.Account == 0 {
		e.Named = claimed(r)
	}
	return p, err
}

// claimed returns whom a token names that was not taken.
func claimed(r *http.Request) (n trace.Named) {
	claims, ok := oauth.Claims(r.Header.Get("Authorization"))
	if !ok {
		return n
	}
	n = trace.Named{ClientID: claims.ClientID, Username: claims.Username, Issuer: claims.Issuer}
	if claims.ExpiresAt.Unix() > 0 {
		n.Expires = claims.ExpiresAt
	}
	return n
}

func (c Credentials) find(r *http.Request) (oauth.Principal, error) {
	authorization := r.Header.Get("Authorization")
	if authorization == "" && c.Sessions != nil && c.Sessions.Presented(r) {
		Of(r.Context()).Session = true
		actor, err := c.Sessions.Actor(r)
		if err != nil {
			return oauth.Principal{}, err
		}
		return oauth.OfSession(actor), nil
	}
	return c.Verifier.Verify(r.Context(), authorization)
}
