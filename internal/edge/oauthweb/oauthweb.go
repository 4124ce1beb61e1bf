// Package oauthweb is OAuth 2 on the wire, for v3 and Kith's own API: the
// endpoints of the protocol and the pages on which a user decides. What may be
// granted is decided by the domain package oauth; signing in is left to the
// edge webapp.
//
// It follows the v3 contract where that departs from the protocol's documents
// (docs/decisions/0006): parameters count wherever they stand, token answers
// hold the contract's keys and no others, and refusals have its sentences.
package oauthweb

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/edge/page"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
)

// Signed is who is signed in in a browser.
type Signed struct {
	User account.User
	// Account is the one in which they work at the moment.
	Account id.Account
	// At is when they gave their password.
	At time.Time
}

// Sessions knows who is signed in.
type Sessions interface {
	// Current fails with an Unauthenticated fault where nobody is.
	Current(r *http.Request) (Signed, error)
	// LoginURL returns the page to sign in at, or to choose another account,
	// which leads on to a path of this server.
	LoginURL(returnTo string) string
}

// Accounts knows which accounts a user belongs to.
type Accounts interface {
	Accounts(ctx context.Context, user id.User) ([]account.Membership, error)
}

// Limiter counts tries that failed, and posts that anybody may send
// (account.Limiter).
type Limiter interface {
	Allow(ctx context.Context, t account.Try) error
	Failed(ctx context.Context, t account.Try) error
	Post(ctx context.Context, address string) error
}

// Options is what the edge needs.
type Options struct {
	OAuth    *oauth.Service
	Accounts Accounts
	Sessions Sessions
	Limiter  Limiter
	Pages    *page.Set
	// PublicURL begins all addresses; without a slash at its end.
	PublicURL string
	// Documents are what the reference page shows.
	Documents []Document
}

// Where the endpoints are (v3 contract, transport facts: the alias is what
// some clients use).
const (
	base  = "/oauth2/default"
	alias = "/oauth2/aus1lm3ry9mF7x2Ja0h8"
)

// Web serves OAuth 2. It is safe for concurrent use.
type Web struct {
	o     Options
	mux   *http.ServeMux
	cross *http.CrossOriginProtection
}

// New returns the edge. It fails where the public URL is none.
func New(o Options) (*Web, error) {
	web := &Web{o: o, mux: http.NewServeMux(), cross: http.NewCrossOriginProtection()}
	u, err := url.Parse(o.PublicURL)
	if err != nil {
		return nil, err
	}
	// Behind a proxy the host of a request may be another one.
	if err := web.cross.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
		return nil, err
	}
	web.routes()
	return web, nil
}

// endpoint answers a request, or returns why not, having sent nothing.
type endpoint func(http.ResponseWriter, *http.Request) error

func (web *Web) routes() {
	web.page("GET "+base+"/v1/authorize", web.authorize)
	web.page("POST "+base+"/v1/authorize", web.decide)
	web.page("GET /activate", web.activate)
	web.page("POST /activate", web.decideDevice)

	web.open("POST "+base+"/v1/token", web.token)
	web.open("POST "+alias+"/v1/token", web.token)
	web.open("POST "+base+"/v1/device/authorize", web.deviceAuthorize)
	web.open("POST "+base+"/v1/revoke", web.revoke)
	web.closed("POST "+base+"/v1/introspect", web.introspect)
	for _, keys := range []string{base, alias} {
		web.open("GET "+keys+"/v1/keys", web.keys)
	}
	for _, discovery := range []string{base + "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server" + base} {
		web.open("GET "+discovery, web.discovery)
	}
	web.closed("GET /reference/config.json", web.reference)
	web.closed("/", func(http.ResponseWriter, *http.Request) error { return errRoute })
}

var (
	errRoute  = fault.New(fault.NotFound, fault.CodeRoute, "There is nothing at this address.")
	errMethod = fault.New(fault.Invalid, fault.CodeMethod, "The address takes another method.")
)

// ServeHTTP answers a request. A slash too many at the end is served.
func (web *Web) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p := r.URL.Path; len(p) > 1 && strings.HasSuffix(p, "/") {
		trimmed, copied := *r.URL, *r
		trimmed.Path, trimmed.RawPath = strings.TrimRight(p, "/"), strings.TrimRight(r.URL.RawPath, "/")
		copied.URL = &trimmed
		r = &copied
	}
	web.mux.ServeHTTP(w, r)
}

// page adds a page. What another site's page sends to it is refused.
func (web *Web) page(pattern string, serve endpoint) {
	web.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		begin(w, r)
		if err := web.cross.Check(r); err != nil {
			web.RefusePage(w, r, errCrossOrigin.Because(err))
			return
		}
		if err := serve(w, r); err != nil {
			web.RefusePage(w, r, err)
		}
	})
}

// open adds an endpoint that pages of every site may call.
func (web *Web) open(pattern string, serve endpoint) {
	method, path, _ := strings.Cut(pattern, " ")
	web.mux.HandleFunc("OPTIONS "+path, func(w http.ResponseWriter, r *http.Request) {
		begin(w, r)
		respond.Preflight(w)
	})
	web.add(method, path, func(w http.ResponseWriter, r *http.Request) error {
		respond.CORS(w.Header())
		return serve(w, r)
	})
}

// closed adds an endpoint that browsers have no business with.
func (web *Web) closed(pattern string, serve endpoint) {
	method, path, ok := strings.Cut(pattern, " ")
	if !ok {
		method, path = "", pattern
	}
	web.add(method, path, serve)
}

func (web *Web) add(method, path string, serve endpoint) {
	answer := func(serve endpoint) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			begin(w, r)
			if err := serve(w, r); err != nil {
				web.Refuse(w, r, err)
			}
		}
	}
	if method == "" {
		web.mux.Handle(path, answer(serve))
		return
	}
	web.mux.Handle(method+" "+path, answer(serve))
	web.mux.Handle(path, answer(func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Allow", method)
		return errMethod
	}))
}

// maxBody bounds a form, in bytes.
const maxBody = 64 << 10

func begin(w http.ResponseWriter, r *http.Request) {
	_, request.Of(r.Context()).Route, _ = strings.Cut(r.Pattern, " ")
	if request.Of(r.Context()).Route == "" {
		request.Of(r.Context()).Route = r.Pattern
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
}

// address is where a request came from, for limits and history.
func address(r *http.Request) string {
	if peer := request.Of(r.Context()).Peer; peer.IsValid() {
		return peer.String()
	}
	return ""
}

// current returns who is signed in and the accounts that are theirs; nil where
// nobody is.
func (web *Web) current(r *http.Request) (*viewer, error) {
	who, err := web.o.Sessions.Current(r)
	if fault.Is(err, fault.Unauthenticated) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v := &viewer{Signed: who}
	if v.all, err = web.o.Accounts.Accounts(r.Context(), who.User.ID); err != nil {
		return nil, err
	}
	e := request.Of(r.Context())
	e.Account, e.User = who.Account, who.User.ID
	return v, nil
}

// signIn leads to where the viewer signs in and comes back from.
func (web *Web) signIn(w http.ResponseWriter, r *http.Request, returnTo string) {
	w.Header().Set("Cache-Control", "no-store")
	page.Protect(w.Header())
	http.Redirect(w, r, web.o.Sessions.LoginURL(returnTo), http.StatusFound) //nolint:gosec // it is a path of this server
}

// viewer is a user who looks at a page.
type viewer struct {
	Signed
	all []account.Membership
}

// here returns the account in which the viewer works.
func (v *viewer) here() (account.Membership, error) {
	for _, m := range v.all {
		if m.Account.ID == v.Account {
			return m, m.Account.Usable()
		}
	}
	return account.Membership{}, account.ErrRevoked
}

// others returns the viewer's other accounts that may be used.
func (v *viewer) others() (all []account.Membership) {
	for _, m := range v.all {
		if m.Account.ID != v.Account && m.Account.Usable() == nil {
			all = append(all, m)
		}
	}
	return all
}

// actor returns the viewer as who asks in the account where they work.
func (v *viewer) actor(r *http.Request, operation string) account.Actor {
	m, _ := v.here()
	return account.Actor{
		Account: v.Account, User: v.User.ID, Role: m.Role, Via: account.ViaWeb, Request: request.Of(r.Context()).ID,
		Operation: operation, Address: address(r),
	}
}

// failed counts a failed try where the failure is one that guessing brings.
func (web *Web) failed(ctx context.Context, t account.Try, err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	switch fault.Code(f.Code) {
	case fault.CodeOAuthClient, fault.CodeOAuthGrant, fault.CodeNotFound:
		if counted := web.o.Limiter.Failed(ctx, t); counted != nil {
			return counted
		}
	}
	return err
}
