package webapp

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/alexedwards/scs/v2"

	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/edge/request"
)

// CookieName is the cookie that holds a session's token.
const CookieName = "kith_session"

// lifetime is how long a session lasts, used or not.
const lifetime = 14 * 24 * time.Hour

// Faults of a session.
var (
	ErrSession     = fault.New(fault.Unauthenticated, fault.CodeSession, "You are not logged in.")
	ErrCrossOrigin = fault.New(fault.Forbidden, fault.CodeCrossOrigin, "A page of another site sent this request.")
)

// What a session holds.
const (
	keyUser    = "user"
	keyAccount = "account"
	keyVersion = "version" // of the user's credentials
	keyAt      = "at"      // when they signed in, in milliseconds
)

// SessionStore keeps sessions; it is the session library's own interface. The
// token it is given is a hash of what the browser holds.
type SessionStore interface {
	scs.CtxStore
}

// Sessions knows who is signed in in a browser. Every face that is spoken to
// from the web app asks it. It is safe for concurrent use.
type Sessions struct {
	accounts *account.Service
	clock    clock.Clock
	kept     *scs.SessionManager
	origin   string // of the public URL
}

// NewSessions returns the sessions kept in a store. publicURL decides whether
// browsers send the cookie by https only.
func NewSessions(accounts *account.Service, kept SessionStore, publicURL string, c clock.Clock) *Sessions {
	m := scs.New()
	m.Store = kept
	m.HashTokenInStore = true
	m.Lifetime = lifetime
	m.Cookie.Name = CookieName
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	s := &Sessions{accounts: accounts, clock: c, kept: m}
	if u, err := url.Parse(publicURL); err == nil {
		m.Cookie.Secure = u.Scheme == "https"
		s.origin = u.Scheme + "://" + u.Host
	}
	return s
}

// Signed is somebody who is signed in.
type Signed struct {
	User    account.User
	Account id.Account
	// At is when they gave their password.
	At time.Time
}

// Current returns who is signed in, for pages. It fails with ErrSession where
// nobody is, or not any more since their password changed. Whether the account
// may be used is not asked: see Actor.
func (s *Sessions) Current(r *http.Request) (Signed, error) {
	ctx, err := s.load(r.Context(), r)
	if err != nil {
		return Signed{}, err
	}
	number := id.User(s.kept.GetInt64(ctx, keyUser))
	if number == 0 {
		return Signed{}, ErrSession
	}
	u, err := s.accounts.User(r.Context(), number)
	if errors.Is(err, fault.ErrNotFound) {
		return Signed{}, ErrSession.Because(err)
	}
	if err != nil {
		return Signed{}, err
	}
	if u.Version != s.kept.GetInt64(ctx, keyVersion) {
		return Signed{}, ErrSession
	}
	return Signed{
		User:    u,
		Account: id.Account(s.kept.GetInt64(ctx, keyAccount)),
		At:      clock.FromMillis(s.kept.GetInt64(ctx, keyAt)),
	}, nil
}

// User is Current for a page that only needs to know whether somebody is
// signed in, and since when.
func (s *Sessions) User(r *http.Request) (u account.User, at time.Time, ok bool) {
	who, err := s.Current(r)
	return who.User, who.At, err == nil
}

// Presented reports whether a request brings a session, be it good or not.
func (s *Sessions) Presented(r *http.Request) bool {
	c, err := r.Cookie(CookieName)
	return err == nil && c.Value != ""
}

// Actor returns who asks, for a request of an API that brings a session and no
// token. Only requests of our own pages count. It fails with ErrCrossOrigin,
// ErrSession, account.ErrSuspended, account.ErrClosed.
func (s *Sessions) Actor(r *http.Request) (account.Actor, error) {
	if !s.sameOrigin(r) {
		return account.Actor{}, ErrCrossOrigin
	}
	who, err := s.Current(r)
	if err != nil {
		return account.Actor{}, err
	}
	return s.member(r, who)
}

// member returns who is signed in as a member of the session's account.
func (s *Sessions) member(r *http.Request, who Signed) (account.Actor, error) {
	actor, stamp, err := s.accounts.ActorFor(r.Context(), who.User.ID, who.Account)
	if errors.Is(err, account.ErrRevoked) || err == nil && stamp.User != who.User.Version {
		return account.Actor{}, ErrSession.Because(err)
	}
	if err != nil {
		return account.Actor{}, err
	}
	came(&actor, r)
	e := request.Of(r.Context())
	e.Account, e.User = actor.Account, actor.User
	return actor, nil
}

// came fills in how an actor of the web app came.
func came(actor *account.Actor, r *http.Request) {
	e := request.Of(r.Context())
	actor.Via, actor.Request = account.ViaWeb, e.ID
	if e.Peer.IsValid() {
		actor.Address = e.Peer.String()
	}
}

// SignIn begins a session of a user in an account, in place of any that the
// browser had. It is called before the answer's body.
func (s *Sessions) SignIn(w http.ResponseWriter, r *http.Request, u account.User, in id.Account) error {
	ctx, err := s.load(r.Context(), r)
	if err != nil {
		return err
	}
	if err := s.kept.Clear(ctx); err != nil {
		return err
	}
	// Another token, so that one planted before is worth nothing.
	if err := s.kept.RenewToken(ctx); err != nil {
		return err
	}
	s.kept.Put(ctx, keyUser, int64(u.ID))
	s.kept.Put(ctx, keyAccount, int64(in))
	s.kept.Put(ctx, keyVersion, u.Version)
	s.kept.Put(ctx, keyAt, clock.Millis(s.clock.Now()))
	return s.keep(ctx, w)
}

// SignOut ends the browser's session.
func (s *Sessions) SignOut(w http.ResponseWriter, r *http.Request) error {
	ctx, err := s.load(r.Context(), r)
	if err != nil {
		return err
	}
	if err := s.kept.Destroy(ctx); err != nil {
		return err
	}
	s.kept.WriteSessionCookie(ctx, w, "", time.Time{})
	return nil
}

// Switch makes the session one in another account of its user. It fails with
// NotFound for an account that is none of theirs, and where that may not be
// used.
func (s *Sessions) Switch(w http.ResponseWriter, r *http.Request, to id.UID) error {
	who, err := s.Current(r)
	if err != nil {
		return err
	}
	all, err := s.accounts.Accounts(r.Context(), who.User.ID)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.Account.UID == to {
			if err := m.Account.Usable(); err != nil {
				return err
			}
			return s.change(w, r, func(ctx context.Context) { s.kept.Put(ctx, keyAccount, int64(m.Account.ID)) })
		}
	}
	return fault.ErrNotFound.Saying("You belong to no such account.")
}

// Renew keeps the session after its own user changed the password, which ends
// all others.
func (s *Sessions) Renew(w http.ResponseWriter, r *http.Request, u account.User) error {
	return s.change(w, r, func(ctx context.Context) { s.kept.Put(ctx, keyVersion, u.Version) })
}

// change writes a session anew, under another token.
func (s *Sessions) change(w http.ResponseWriter, r *http.Request, put func(context.Context)) error {
	ctx, err := s.load(r.Context(), r)
	if err != nil {
		return err
	}
	if err := s.kept.RenewToken(ctx); err != nil {
		return err
	}
	put(ctx)
	return s.keep(ctx, w)
}

// load reads the session that a request brings; an empty one where it brings
// none.
func (s *Sessions) load(ctx context.Context, r *http.Request) (context.Context, error) {
	token := ""
	if c, err := r.Cookie(CookieName); err == nil {
		token = c.Value
	}
	return s.kept.Load(ctx, token)
}

// keep stores a session and hands its token to the browser.
func (s *Sessions) keep(ctx context.Context, w http.ResponseWriter) error {
	token, expires, err := s.kept.Commit(ctx)
	if err != nil {
		return err
	}
	s.kept.WriteSessionCookie(ctx, w, token, expires)
	return nil
}

// sameOrigin reports whether a request was sent by a page of ours, or by no
// page at all. Browsers say so in Sec-Fetch-Site; those that do not, or that
// speak plain http to another machine, send Origin with whatever changes
// something. Where neither is there, the cookie's SameSite has kept foreign
// pages out.
func (s *Sessions) sameOrigin(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return true
	case "":
	default:
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" || origin == s.origin {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		return false
	}
	host := request.Of(r.Context()).Host
	if host == "" {
		host = r.Host
	}
	return u.Host == host
}
