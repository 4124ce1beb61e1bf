package oauth_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/store"
)

func TestACodeBringsTokensOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		code := w.code(t, w.ann, a, "contact_data offline_access")
		tk, err := w.Exchange(t.Context(), a, code, callback, "")
		if err != nil {
			t.Fatal(err)
		}
		if tk.ExpiresIn != 24*time.Hour || tk.Scopes.String() != "contact_data offline_access" || len(tk.Refresh) == 0 || len(tk.Refresh) > 50 {
			t.Errorf("got %+v", tk)
		}
		p := verify(t, w.Service, "Bearer "+tk.Access, nil)
		if p.Actor.Account != w.home.ID || p.Actor.User != w.ann.User || p.Actor.Role != account.Owner || p.Actor.Via != account.ViaAPI ||
			p.Client == nil || p.Client.ClientID != a.UID || p.Kind != oauth.KindToken || p.Scopes.String() != "contact_data offline_access" {
			t.Errorf("principal %+v", p)
		}
		_, err = w.Exchange(t.Context(), a, code, callback, "")
		refused(t, "the code again", err, oauth.ErrCode)
		verify(t, w.Service, tk.Access, oauth.ErrTokenRevoked)
		_, err = w.RefreshTokens(t.Context(), a, tk.Refresh, nil)
		refused(t, "the refresh token of a code that came again", err, oauth.ErrRefreshToken)
	})
}

func TestWithoutOfflineAccessThereIsNoRefreshToken(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		if tk := w.tokens(t, a, "contact_data"); tk.Refresh != "" {
			t.Errorf("got %q", tk.Refresh)
		}
	})
}

const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func TestWhatACodeIsRefusedFor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		public, _ := w.app(t, flow(oauth.FlowPKCE))
		for _, c := range []struct {
			name                string
			client              oauth.Application
			challenge, verifier string
			redirect            string
			wait                time.Duration
			want                *fault.Error
		}{
			{"as it should be", a, "", "", callback, 0, nil},
			{"with PKCE and a secret", a, challenge(verifier), verifier, callback, 0, nil},
			{"with PKCE", public, challenge(verifier), verifier, callback, 0, nil},
			{"just in time", a, "", "", callback, 5*time.Minute - time.Millisecond, nil},
			{"too late", a, "", "", callback, 5 * time.Minute, oauth.ErrCode},
			{"another redirect URI", a, "", "", callback + "/", 0, oauth.ErrCodeRedirect},
			{"no redirect URI", a, "", "", "", 0, oauth.ErrCodeRedirect},
			{"no verifier", public, challenge(verifier), "", callback, 0, oauth.ErrVerifier},
			{"another verifier", public, challenge(verifier), strings.ToUpper(verifier), callback, 0, oauth.ErrVerifier},
			{"a short verifier", public, challenge("short"), "short", callback, 0, oauth.ErrVerifier},
			{"a long verifier", public, challenge(strings.Repeat("a", 129)), strings.Repeat("a", 129), callback, 0, oauth.ErrVerifier},
			{"the challenge itself", public, challenge(verifier), challenge(verifier), callback, 0, oauth.ErrVerifier},
			{"a verifier without a challenge", a, "", verifier, callback, 0, oauth.ErrVerifier},
		} {
			scopes, _ := oauth.ParseScopes("contact_data")
			code, err := w.Allow(t.Context(), w.ann, oauth.Consent{
				Application: c.client, Scopes: scopes, RedirectURI: callback, Challenge: c.challenge, AuthAt: w.Clock.Now(),
			})
			if err != nil {
				t.Fatal(err)
			}
			w.Clock.Move(c.wait)
			_, err = w.Exchange(t.Context(), c.client, code, c.redirect, c.verifier)
			if c.want == nil && err != nil {
				t.Errorf("%s: %v", c.name, err)
			} else if c.want != nil {
				refused(t, c.name, err, c.want)
			}
		}
		code := w.code(t, w.ann, a, "contact_data")
		_, err := w.Exchange(t.Context(), public, code, callback, "")
		refused(t, "by another client", err, oauth.ErrCode)
		if _, err := w.Exchange(t.Context(), a, code, callback, ""); err != nil {
			t.Errorf("another client's try spent the code: %v", err)
		}
		_, err = w.Exchange(t.Context(), a, "made up", callback, "")
		refused(t, "made up", err, oauth.ErrCode)
	})
}

func TestOfTwoExchangesOfOneCodeNoneIsLeft(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		code := w.code(t, w.ann, a, "contact_data offline_access")
		services := []*oauth.Service{w.Service, w.other(t)}
		var (
			wg  sync.WaitGroup
			tk  [2]oauth.Tokens
			err [2]error
		)
		for i, s := range services {
			wg.Go(func() { tk[i], err[i] = s.Exchange(t.Context(), a, code, callback, "") })
		}
		wg.Wait()
		got := 0
		for i := range tk {
			if err[i] == nil {
				got++
				w.Clock.Move(time.Second)
				verify(t, w.Service, tk[i].Access, oauth.ErrTokenRevoked)
				continue
			}
			refused(t, "the second", err[i], oauth.ErrCode)
		}
		if got != 1 {
			t.Errorf("%d exchanges succeeded, want 1", got)
		}
	})
}

func TestARotatingRefreshTokenIsReplaced(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		first := w.tokens(t, a, "contact_data offline_access")
		second, err := w.RefreshTokens(t.Context(), a, first.Refresh, nil)
		if err != nil {
			t.Fatal(err)
		}
		if second.Refresh == first.Refresh || len(second.Refresh) > 50 || second.Access == first.Access {
			t.Errorf("got %+v after %+v", second, first)
		}
		verify(t, w.Service, first.Access, nil)
		verify(t, w.Service, second.Access, nil)

		// An answer that was lost is given again, with a fresh access token.
		w.Clock.Move(time.Minute)
		again, err := w.RefreshTokens(t.Context(), a, first.Refresh, nil)
		if err != nil || again.Refresh != second.Refresh || again.Access == second.Access {
			t.Fatalf("within the grace: %+v, %v", again, err)
		}
		third, err := w.RefreshTokens(t.Context(), a, second.Refresh, nil)
		if err != nil {
			t.Fatal(err)
		}
		// Now the successor was used: the first one can only be a thief's.
		_, err = w.RefreshTokens(t.Context(), a, first.Refresh, nil)
		refused(t, "the first when its successor was used", err, oauth.ErrRefreshToken)
		_, err = w.RefreshTokens(t.Context(), a, third.Refresh, nil)
		refused(t, "the newest of an ended grant", err, oauth.ErrRefreshToken)
		verify(t, w.Service, third.Access, oauth.ErrTokenRevoked)
	})
}

func TestASpentRefreshTokenAfterTheGraceEndsTheGrant(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		first := w.tokens(t, a, "contact_data offline_access")
		second, err := w.RefreshTokens(t.Context(), a, first.Refresh, nil)
		if err != nil {
			t.Fatal(err)
		}
		w.Clock.Move(time.Minute + time.Millisecond)
		_, err = w.RefreshTokens(t.Context(), a, first.Refresh, nil)
		refused(t, "the spent one", err, oauth.ErrRefreshToken)
		_, err = w.RefreshTokens(t.Context(), a, second.Refresh, nil)
		refused(t, "its successor", err, oauth.ErrRefreshToken)
		verify(t, w.Service, second.Access, oauth.ErrTokenRevoked)
	})
}

// Two workers of one application refresh at the same time, in two processes.
func TestTwoWorkersRefreshAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		services := []*oauth.Service{w.Service, w.other(t)}
		token := w.tokens(t, a, "contact_data offline_access").Refresh
		for round := range 5 {
			var (
				wg  sync.WaitGroup
				got [6]oauth.Tokens
			)
			for i := range got {
				wg.Go(func() {
					var err error
					if got[i], err = services[i%2].RefreshTokens(t.Context(), a, token, nil); err != nil {
						t.Errorf("round %d, worker %d: %v", round, i, err)
					}
				})
			}
			wg.Wait()
			for _, tk := range got {
				if tk.Refresh != got[0].Refresh {
					t.Fatalf("round %d: successors differ", round)
				}
				verify(t, w.Service, tk.Access, nil)
			}
			token = got[0].Refresh
			w.Clock.Move(time.Hour)
		}
	})
}

func TestALongLivedRefreshTokenStaysTheSame(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t, refreshKind(oauth.LongLived))
		first := w.tokens(t, a, "contact_data offline_access")
		for range 3 {
			w.Clock.Move(oauth.RefreshIdle) // each use restarts the clock
			tk, err := w.RefreshTokens(t.Context(), a, first.Refresh, nil)
			if err != nil || tk.Refresh != first.Refresh {
				t.Fatalf("got %+v, %v", tk, err)
			}
		}
		again := w.tokens(t, a, "contact_data campaign_data offline_access")
		if again.Refresh != first.Refresh {
			t.Error("a second consent gave another token")
		}
		if tk, err := w.RefreshTokens(t.Context(), a, first.Refresh, nil); err != nil || !tk.Scopes.Has(oauth.CampaignData) {
			t.Errorf("after it: %+v, %v", tk, err)
		}
		w.Clock.Move(oauth.RefreshIdle + time.Millisecond)
		_, err := w.RefreshTokens(t.Context(), a, first.Refresh, nil)
		refused(t, "after 180 idle days", err, oauth.ErrRefreshToken)
	})
}

func TestARotatingTokenDiesAfter180IdleDays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		first := w.tokens(t, a, "contact_data offline_access")
		w.Clock.Move(oauth.RefreshIdle)
		second, err := w.RefreshTokens(t.Context(), a, first.Refresh, nil)
		if err != nil {
			t.Fatal(err)
		}
		w.Clock.Move(oauth.RefreshIdle + time.Millisecond)
		_, err = w.RefreshTokens(t.Context(), a, second.Refresh, nil)
		refused(t, "too late", err, oauth.ErrRefreshToken)
	})
}

func TestANewConsentReplacesTheFormerGrant(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		b, _ := w.app(t)
		first := w.tokens(t, a, "contact_data offline_access")
		elsewhere := w.tokens(t, b, "contact_data offline_access")
		w.tokens(t, a, "contact_data") // asks for no refresh token and replaces none
		if first, err := w.RefreshTokens(t.Context(), a, first.Refresh, nil); err != nil {
			t.Fatalf("after a consent without offline_access: %+v, %v", first, err)
		}
		second := w.tokens(t, a, "contact_data offline_access")
		_, err := w.RefreshTokens(t.Context(), a, first.Refresh, nil)
		refused(t, "the former refresh token", err, oauth.ErrRefreshToken)
		verify(t, w.Service, first.Access, nil) // a JWT lives until it expires
		if _, err := w.RefreshTokens(t.Context(), a, second.Refresh, nil); err != nil {
			t.Errorf("the new one: %v", err)
		}
		if _, err := w.RefreshTokens(t.Context(), b, elsewhere.Refresh, nil); err != nil {
			t.Errorf("another application's: %v", err)
		}
	})
}

func TestOtherRefusalsOfARefreshToken(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		b, _ := w.app(t)
		tk := w.tokens(t, a, "contact_data campaign_data offline_access")
		_, err := w.RefreshTokens(t.Context(), b, tk.Refresh, nil)
		refused(t, "another client's", err, oauth.ErrRefreshToken)
		_, err = w.RefreshTokens(t.Context(), a, "made up", nil)
		refused(t, "made up", err, oauth.ErrRefreshToken)
		_, err = w.RefreshTokens(t.Context(), a, tk.Refresh, oauth.Scopes{oauth.AccountRead})
		refused(t, "a scope that was not granted", err, oauth.ErrScopeBeyond)
		narrow, err := w.RefreshTokens(t.Context(), a, tk.Refresh, oauth.Scopes{oauth.ContactData})
		if err != nil || narrow.Scopes.String() != "contact_data offline_access" {
			t.Fatalf("narrowed: %+v, %v", narrow, err)
		}
		if p := verify(t, w.Service, narrow.Access, nil); p.Scopes.Has(oauth.CampaignData) {
			t.Error("the access token is not narrowed")
		}
		wide, err := w.RefreshTokens(t.Context(), a, narrow.Refresh, nil)
		if err != nil || !wide.Scopes.Has(oauth.CampaignData) {
			t.Errorf("widened again: %+v, %v", wide, err)
		}
	})
}

func TestTheImplicitFlowBringsAShortToken(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		server := w.tokens(t, a, "contact_data offline_access")
		tk, err := w.AllowImplicit(t.Context(), w.ann, oauth.Consent{Application: a, Scopes: oauth.AllScopes(), AuthAt: w.Clock.Now()})
		if err != nil {
			t.Fatal(err)
		}
		if tk.ExpiresIn != 8*time.Hour || tk.Refresh != "" || tk.Scopes.Has(oauth.OfflineAccess) {
			t.Errorf("got %+v", tk)
		}
		if _, err := w.RefreshTokens(t.Context(), a, server.Refresh, nil); err != nil {
			t.Errorf("it ended the server's grant: %v", err)
		}
		w.Clock.Move(8*time.Hour - time.Second)
		verify(t, w.Service, tk.Access, nil)
		w.Clock.Move(time.Second)
		verify(t, w.Service, tk.Access, oauth.ErrTokenExpired)
		public, _ := w.app(t, flow(oauth.FlowPKCE))
		_, err = w.AllowImplicit(t.Context(), w.ann, oauth.Consent{Application: public, Scopes: oauth.AllScopes()})
		refused(t, "for a PKCE application", err, oauth.ErrFlow)
	})
}

// The contract gives the length and names the claims.
func TestAnAccessTokenLooksAsTheContractSays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		for _, scopes := range []string{"contact_data", "contact_data offline_access", oauth.AllScopes().String()} {
			tk := w.tokens(t, a, scopes)
			if n := len(tk.Access); n < 1000 || n > 1200 {
				t.Errorf("%s: %d characters, want 1,000 to 1,200", scopes, n)
			}
			raw, err := base64.RawURLEncoding.DecodeString(strings.Split(tk.Access, ".")[1])
			if err != nil {
				t.Fatal(err)
			}
			var got map[string]any
			if err := json.Unmarshal(raw, &got); err != nil {
				t.Fatal(err)
			}
			for k, want := range map[string]any{
				"iss": "http://localhost:8080/oauth2/default", "aud": "http://localhost:8080/v3", "cid": a.UID.String(),
				"sub": "ann@moor.example", "iat": float64(w.Clock.Now().Unix()), "exp": float64(w.Clock.Now().Unix() + 86400),
				"auth_time": float64(w.Clock.Now().Unix()),
			} {
				if got[k] != want {
					t.Errorf("%s is %v, want %v", k, got[k], want)
				}
			}
		}
	})
}

func TestRevoke(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		b, _ := w.app(t)
		tk := w.tokens(t, a, "contact_data offline_access")
		for name, token := range map[string]string{"made up": "x", "access-like": "a.b.c", "empty": ""} {
			if err := w.Revoke(t.Context(), a, token); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		refused(t, "refresh token by another client", w.Revoke(t.Context(), b, tk.Refresh), oauth.ErrOtherClient)
		refused(t, "access token by another client", w.Revoke(t.Context(), b, tk.Access), oauth.ErrOtherClient)
		verify(t, w.Service, tk.Access, nil)

		if err := w.Revoke(t.Context(), a, tk.Access); err != nil {
			t.Fatal(err)
		}
		verify(t, w.Service, tk.Access, oauth.ErrTokenRevoked)
		next, err := w.RefreshTokens(t.Context(), a, tk.Refresh, nil)
		if err != nil {
			t.Fatalf("an access token took the grant with it: %v", err)
		}
		verify(t, w.Service, next.Access, nil)
		if err := errors.Join(w.Revoke(t.Context(), a, next.Refresh), w.Revoke(t.Context(), a, next.Refresh)); err != nil {
			t.Fatal(err)
		}
		verify(t, w.Service, next.Access, oauth.ErrTokenRevoked)
		_, err = w.RefreshTokens(t.Context(), a, next.Refresh, nil)
		refused(t, "after revoking", err, oauth.ErrRefreshToken)
	})
}

func TestIntrospect(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		b, _ := w.app(t)
		tk := w.tokens(t, a, "contact_data offline_access")
		i, active, err := w.Introspect(t.Context(), a, tk.Access)
		if err != nil || !active || i.Refresh || i.Username != "ann@moor.example" || i.Scopes.String() != "contact_data offline_access" ||
			!i.Expires.Equal(w.Clock.Now().Truncate(time.Second).Add(24*time.Hour)) {
			t.Errorf("access token: %+v, %v, %v", i, active, err)
		}
		if i, active, err := w.Introspect(t.Context(), a, tk.Refresh); err != nil || !active || !i.Refresh {
			t.Errorf("refresh token: %+v, %v, %v", i, active, err)
		}
		next, err := w.RefreshTokens(t.Context(), a, tk.Refresh, nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, try := range map[string]struct {
			client oauth.Application
			token  string
		}{
			"access by another client": {b, tk.Access}, "refresh by another client": {b, next.Refresh},
			"spent": {a, tk.Refresh}, "made up": {a, "x"}, "access-like": {a, "a.b.c"},
		} {
			if i, active, err := w.Introspect(t.Context(), try.client, try.token); err != nil || active {
				t.Errorf("%s: %+v, %v, %v", name, i, active, err)
			}
		}
	})
}

func TestConnectionsAreTheUsersToEnd(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		bob, _ := w.User(t, w.home, "bob@moor.example", account.Manager)
		a, _ := w.app(t)
		tk := w.tokens(t, a, "contact_data offline_access")
		all, err := w.Connections(t.Context(), w.ann)
		if err != nil || len(all) != 1 || all[0].ClientID != a.UID || all[0].Name != a.Name {
			t.Fatalf("got %+v, %v", all, err)
		}
		if others, err := w.Connections(t.Context(), bob); err != nil || len(others) != 0 {
			t.Errorf("another user sees %+v, %v", others, err)
		}
		if err := w.Disconnect(t.Context(), bob, all[0].UID); !fault.Is(err, fault.NotFound) {
			t.Errorf("by another user: %v", err)
		}
		if err := w.Disconnect(t.Context(), w.ann, all[0].UID); err != nil {
			t.Fatal(err)
		}
		verify(t, w.Service, tk.Access, oauth.ErrTokenRevoked)
		if err := w.Disconnect(t.Context(), w.ann, all[0].UID); !fault.Is(err, fault.NotFound) {
			t.Errorf("twice: %v", err)
		}
	})
}

func TestASuspendedAccountGetsNoTokens(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		tk := w.tokens(t, a, "contact_data offline_access")
		code := w.code(t, w.ann, a, "contact_data")
		w.status(t, account.Suspended)
		for name, err := range map[string]error{
			"code":     second(w.Exchange(t.Context(), a, code, callback, "")),
			"refresh":  second(w.RefreshTokens(t.Context(), a, tk.Refresh, nil)),
			"consent":  second(w.Allow(t.Context(), w.ann, oauth.Consent{Application: a, RedirectURI: callback})),
			"implicit": second(w.AllowImplicit(t.Context(), w.ann, oauth.Consent{Application: a})),
		} {
			if !errors.Is(err, account.ErrSuspended) {
				t.Errorf("%s: %v", name, err)
			}
		}
		w.status(t, account.Active)
		if _, err := w.RefreshTokens(t.Context(), a, tk.Refresh, nil); err != nil {
			t.Errorf("the suspension cost the refresh token: %v", err)
		}
	})
}

func (w *world) status(t testing.TB, s account.Status) {
	t.Helper()
	w.Do(t, func(ctx context.Context, tx *store.Tx) error {
		a, err := tx.AccountByID(ctx, w.home.ID)
		if err != nil {
			return err
		}
		a.Status = s
		if err := tx.UpdateAccount(ctx, a); err != nil {
			return err
		}
		return tx.BumpCredentials(ctx)
	})
}
