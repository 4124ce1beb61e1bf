package oauth_test

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/opt"
	"kith/internal/base/secret"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/store/storetest"
)

// world is a server with one account, its owner, and a key shared by every
// process over its database.
type world struct {
	*storetest.World
	*oauth.Service
	secret secret.Key
	ann    account.Actor
	home   account.Account
}

const publicURL = "http://localhost:8080"

// process returns the service of one process over the database.
func (w *world) process(s oauth.Store, change ...func(*oauth.Options)) *oauth.Service {
	o := oauth.Options{
		Store: s, Clock: w.Clock, Log: slog.New(slog.DiscardHandler), Secret: w.secret, PublicURL: publicURL,
		RefreshGrace: time.Minute,
	}
	for _, c := range change {
		c(&o)
	}
	return oauth.NewService(o)
}

func newWorld(t testing.TB, sw *storetest.World, change ...func(*oauth.Options)) *world {
	t.Helper()
	w := &world{World: sw, secret: secret.New()}
	w.Service = w.process(sw.OAuth(), change...)
	w.home = sw.Account(t, "Moor Books")
	w.ann, _ = sw.User(t, w.home, "ann@moor.example", account.Owner)
	return w
}

// each runs a test on both databases.
func each(t *testing.T, test func(t *testing.T, w *world), change ...func(*oauth.Options)) {
	t.Helper()
	t.Parallel()
	storetest.EachWorld(t, func(t *testing.T, sw *storetest.World) { test(t, newWorld(t, sw, change...)) })
}

// other returns the service of a second process.
func (w *world) other(t testing.TB) *oauth.Service {
	t.Helper()
	return w.process(w.Again(t).OAuth())
}

type set func(*oauth.ApplicationChange)

func flow(f oauth.Flow) set {
	return func(c *oauth.ApplicationChange) { c.Flow = opt.Some(f) }
}

func refreshKind(r oauth.Refresh) set {
	return func(c *oauth.ApplicationChange) { c.Refresh = opt.Some(r) }
}

func rate(text string) set {
	return func(c *oauth.ApplicationChange) { c.Rate = opt.Some(text) }
}

const callback = "https://app.example/cb"

// app registers an application of Ann's; one of the code flow gets a secret.
func (w *world) app(t testing.TB, sets ...set) (a oauth.Application, clientSecret string) {
	t.Helper()
	c := oauth.ApplicationChange{Name: opt.Some("Shop sync"), RedirectURIs: opt.Some([]string{callback})}
	for _, s := range sets {
		s(&c)
	}
	a, err := w.CreateApplication(t.Context(), w.ann, c, nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.Flow == oauth.FlowCode {
		if clientSecret, a, err = w.NewSecret(t.Context(), w.ann, a.UID, false); err != nil {
			t.Fatal(err)
		}
	}
	return a, clientSecret
}

// code lets an actor allow an application.
func (w *world) code(t testing.TB, who account.Actor, a oauth.Application, scopes string) string {
	t.Helper()
	known, _ := oauth.ParseScopes(scopes)
	code, err := w.Allow(t.Context(), who, oauth.Consent{Application: a, Scopes: known, RedirectURI: callback, AuthAt: w.Clock.Now()})
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// tokens lets Ann allow an application and exchanges the code.
func (w *world) tokens(t testing.TB, a oauth.Application, scopes string) oauth.Tokens {
	t.Helper()
	tk, err := w.Exchange(t.Context(), a, w.code(t, w.ann, a, scopes), callback, "")
	if err != nil {
		t.Fatal(err)
	}
	return tk
}

// verify fails the test unless a credential is refused with want, or accepted
// where want is nil.
func verify(t testing.TB, s *oauth.Service, credential string, want error) oauth.Principal {
	t.Helper()
	p, err := s.Verify(t.Context(), credential)
	if want == nil && err != nil || want != nil && !errors.Is(err, want) {
		t.Errorf("verify: %v, want %v", err, want)
	}
	return p
}

// refused fails the test unless err is the very fault wanted, sentence
// included: codes of the protocol are shared by several.
func refused(t testing.TB, what string, err error, want *fault.Error) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Code != want.Code || f.Message != want.Message {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}
