package oauthweb_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"golang.org/x/oauth2"

	"kith/internal/domain/oauth"
)

// A client that we did not write goes through each flow that it knows.

func (s *site) config(a oauth.Application, secret string) oauth2.Config {
	at := s.url + "/oauth2/default/v1"
	return oauth2.Config{
		ClientID: a.UID.String(), ClientSecret: secret, RedirectURL: callback, Scopes: []string{"contact_data", "offline_access"},
		Endpoint: oauth2.Endpoint{AuthURL: at + "/authorize", TokenURL: at + "/token", DeviceAuthURL: at + "/device/authorize"},
	}
}

// allow follows the client's own authorize address and lets Ann allow it.
func (s *site) allow(t *testing.T, address, state string) (code string) {
	t.Helper()
	to := s.consent(t, strings.TrimPrefix(address, s.url), "allow", s.as(s.ann)).location(t)
	if to.Query().Get("state") != state {
		t.Errorf("state is %q, want %q", to.Query().Get("state"), state)
	}
	return to.Query().Get("code")
}

// good fails the test unless a token lets its client in.
func (s *site) good(t *testing.T, tk *oauth2.Token) {
	t.Helper()
	if tk.RefreshToken == "" || tk.Type() != "Bearer" {
		t.Errorf("got %+v", tk)
	}
	if _, err := s.oauth.Verify(t.Context(), tk.Type()+" "+tk.AccessToken); err != nil {
		t.Error(err)
	}
}

func TestForeignClientWithASecret(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		a, secret := s.app(t)
		for name, style := range map[string]oauth2.AuthStyle{"header": oauth2.AuthStyleInHeader, "form": oauth2.AuthStyleInParams, "finds out": oauth2.AuthStyleAutoDetect} {
			c := s.config(a, secret)
			c.Endpoint.AuthStyle = style
			tk, err := c.Exchange(t.Context(), s.allow(t, c.AuthCodeURL("x y", oauth2.AccessTypeOffline), "x y"))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			s.good(t, tk)
			tk.AccessToken = "" // as if it had expired
			next, err := c.TokenSource(t.Context(), tk).Token()
			if err != nil {
				t.Fatalf("%s: refresh: %v", name, err)
			}
			s.good(t, next)
			if next.RefreshToken == tk.RefreshToken {
				t.Errorf("%s: the refresh token did not rotate", name)
			}
		}
	})
}

func TestForeignClientWithPKCE(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		public, _ := s.app(t, flow(oauth.FlowPKCE))
		server, secret := s.app(t)
		for name, c := range map[string]oauth2.Config{"public": s.config(public, ""), "with a secret": s.config(server, secret)} {
			verifier := oauth2.GenerateVerifier()
			tk, err := c.Exchange(t.Context(), s.allow(t, c.AuthCodeURL("x", oauth2.S256ChallengeOption(verifier)), "x"), oauth2.VerifierOption(verifier))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			s.good(t, tk)
			_, err = c.Exchange(t.Context(), s.allow(t, c.AuthCodeURL("x", oauth2.S256ChallengeOption(verifier)), "x"), oauth2.VerifierOption("x"+verifier))
			if e, ok := errors.AsType[*oauth2.RetrieveError](err); !ok || e.ErrorCode != "invalid_grant" || e.ErrorDescription != "PKCE verification failed." {
				t.Errorf("%s, wrong verifier: %v", name, err)
			}
		}
	})
}

func TestForeignClientOnADevice(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		a, _ := s.app(t, flow(oauth.FlowDevice))
		c := s.config(a, "")
		d, err := c.DeviceAuth(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(d.VerificationURIComplete)
		if err != nil {
			t.Fatal(err)
		}
		shown := s.do(t, "GET", u.RequestURI(), nil, s.as(s.ann))
		got := s.do(t, "POST", "/activate", form("for", hidden.FindStringSubmatch(shown.body)[1], "user_code", d.UserCode, "decision", "allow"), s.as(s.ann), header("Origin", s.url))
		if got.StatusCode != http.StatusOK {
			t.Fatalf("%d %s", got.StatusCode, got.body)
		}
		d.Interval = 1 // the client waits before it asks the first time
		tk, err := c.DeviceAccessToken(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		s.good(t, tk)
	})
}

// Two workers hold the same refresh token and use it at the same time: both go
// on, with the same successor.
func TestTwoWorkersOfAForeignClient(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		a, secret := s.app(t)
		c := s.config(a, secret)
		tk, err := c.Exchange(t.Context(), s.allow(t, c.AuthCodeURL("x"), "x"))
		if err != nil {
			t.Fatal(err)
		}
		var (
			wg   sync.WaitGroup
			next [2]*oauth2.Token
			errs [2]error
		)
		for i := range next {
			wg.Go(func() {
				next[i], errs[i] = c.TokenSource(context.WithoutCancel(t.Context()), &oauth2.Token{RefreshToken: tk.RefreshToken}).Token()
			})
		}
		wg.Wait()
		if err := errors.Join(errs[:]...); err != nil {
			t.Fatal(err)
		}
		if next[0].RefreshToken != next[1].RefreshToken {
			t.Error("the successors differ")
		}
		for _, tk := range next {
			s.good(t, tk)
		}
	})
}
