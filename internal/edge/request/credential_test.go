package request_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/edge/request"
)

// gate knows one token, and counts what it admits.
type gate struct {
	err      error
	admitted int
}

func (g *gate) Verify(_ context.Context, authorization string) (oauth.Principal, error) {
	p := oauth.Principal{Actor: account.Actor{Account: 3, User: 4, Application: "app"}, Kind: oauth.KindToken}
	if authorization != "Bearer good" {
		return oauth.Principal{}, oauth.ErrTokenMalformed
	}
	return p, g.err
}

func (g *gate) Admit(context.Context, oauth.Principal) error {
	g.admitted++
	return nil
}

// browser is signed in, or its session has ended.
type browser struct{ err error }

func (browser) Presented(r *http.Request) bool { return r.Header.Get("Cookie") != "" }

func (b browser) Actor(*http.Request) (account.Actor, error) {
	return account.Actor{Account: 3, User: 5}, b.err
}

func TestWhoAsks(t *testing.T) {
	ended := errors.New("ended")
	for _, c := range []struct {
		name          string
		authorization string
		cookie        bool
		gate          gate
		browser       browser
		user          int64
		kind          oauth.Kind
		err           error
		admitted      int
	}{
		{name: "a token", authorization: "Bearer good", user: 4, kind: oauth.KindToken, admitted: 1},
		{name: "a session", cookie: true, user: 5, kind: oauth.KindSession, admitted: 1},
		{name: "a token before a session", authorization: "Bearer good", cookie: true, user: 4, kind: oauth.KindToken, admitted: 1},
		{name: "a bad token is not made up for by a session", authorization: "Bearer bad", cookie: true, err: oauth.ErrTokenMalformed},
		{name: "nothing", err: oauth.ErrTokenMalformed}, // the verifier says what is missing
		{name: "an ended session", cookie: true, browser: browser{ended}, err: ended},
		{name: "an inactive application is named", authorization: "Bearer good", gate: gate{err: oauth.ErrInactive}, user: 4, kind: oauth.KindToken, err: oauth.ErrInactive},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got oauth.Principal
			var entry request.Entry
			var err error
			h := request.Begin(request.Options{Ended: func(_ *http.Request, e *request.Entry) { entry = *e }},
				http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
					got, err = request.Credentials{Verifier: &c.gate, Sessions: c.browser}.Principal(r)
				}))
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
			r.RemoteAddr = "192.0.2.7:1"
			if c.authorization != "" {
				r.Header.Set("Authorization", c.authorization)
			}
			if c.cookie {
				r.Header.Set("Cookie", "session=1")
			}
			h.ServeHTTP(httptest.NewRecorder(), r)
			if !errors.Is(err, c.err) || int64(got.Actor.User) != c.user || got.Kind != c.kind || c.gate.admitted != c.admitted {
				t.Errorf("got %+v, admitted %d, %v", got, c.gate.admitted, err)
			}
			if int64(entry.User) != c.user {
				t.Errorf("the entry names user %d", entry.User)
			}
			if c.err == nil && (got.Actor.Request != entry.ID || got.Actor.Address != netip.MustParseAddr("192.0.2.7").String()) {
				t.Errorf("the actor comes from %q as %q", got.Actor.Address, got.Actor.Request)
			}
		})
	}
}
