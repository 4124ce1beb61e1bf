package oauth_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"kith/internal/base/fault"
	"kith/internal/base/secret"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

func TestHowACredentialMayBeSent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		token := w.tokens(t, a, "contact_data").Access
		key, _, err := w.CreateAccessKey(t.Context(), w.ann, oauth.NewAccessKey{Name: "Form", Scopes: oauth.Scopes{oauth.ContactData}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []string{token, key} {
			for _, form := range []string{"Bearer " + c, "bearer " + c, "BEARER   " + c, c, " " + c + " "} {
				verify(t, w.Service, form, nil)
			}
		}
		for form, want := range map[string]error{
			"": oauth.ErrTokenMissing, "  ": oauth.ErrTokenMissing, "Bearer": oauth.ErrTokenMissing, "Bearer ": oauth.ErrTokenMissing,
			"Basic " + token: oauth.ErrTokenMalformed, "Bearer x": oauth.ErrTokenMalformed, "x.y.z": oauth.ErrTokenMalformed,
			token + "x": oauth.ErrTokenMalformed, token[:len(token)-9]: oauth.ErrTokenMalformed,
			"kith_": oauth.ErrTokenForeign, key + "x": oauth.ErrTokenForeign, strings.ToUpper(key): oauth.ErrTokenMalformed,
		} {
			verify(t, w.Service, form, want)
		}
	})
}

func TestATokenOfAnotherServerIsForeign(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		token := w.tokens(t, a, "contact_data").Access
		elsewhere := newWorld(t, storetest.SQLite(t))
		verify(t, elsewhere.Service, token, oauth.ErrTokenForeign)
		// A token of ours whose key is gone has expired, and says so.
		w.Clock.Move(48 * time.Hour)
		w.Do(t, func(ctx context.Context, tx *store.Tx) error {
			keys, err := tx.SigningKeys(ctx)
			if err != nil {
				return err
			}
			return tx.DropSigningKey(ctx, keys[0].KID)
		})
		verify(t, w.other(t), token, oauth.ErrTokenExpired)
	})
}

// What is done to a credential is felt at once where it was done, and within a
// second in another process.
func TestChangesAreFelt(t *testing.T) {
	suspend := func(s account.Status) func(*testing.T, *world, oauth.Application) {
		return func(t *testing.T, w *world, _ oauth.Application) { w.status(t, s) }
	}
	for _, c := range []struct {
		name string
		do   func(*testing.T, *world, oauth.Application)
		want *fault.Error
	}{
		{"application deactivated", func(t *testing.T, w *world, a oauth.Application) {
			if _, err := w.SetActive(t.Context(), w.ann, a.UID, false); err != nil {
				t.Fatal(err)
			}
		}, oauth.ErrInactive},
		{"application deleted", func(t *testing.T, w *world, a oauth.Application) {
			if err := w.DeleteApplication(t.Context(), w.ann, a.UID); err != nil {
				t.Fatal(err)
			}
		}, oauth.ErrTokenRevoked},
		{"account suspended", suspend(account.Suspended), account.ErrSuspended},
		{"account closed", suspend(account.Closed), account.ErrClosed},
		{"user left the account", func(t *testing.T, w *world, _ oauth.Application) {
			w.Do(t, func(ctx context.Context, tx *store.Tx) error {
				return errors.Join(tx.DeleteMember(ctx, w.home.ID, w.ann.User), tx.BumpCredentials(ctx))
			})
		}, account.ErrRevoked},
		{"user removed", func(t *testing.T, w *world, _ oauth.Application) {
			w.Do(t, func(ctx context.Context, tx *store.Tx) error {
				u, err := tx.UserByID(ctx, w.ann.User)
				if err != nil {
					return err
				}
				u.RemovedAt = tx.Now()
				return errors.Join(tx.UpdateUser(ctx, u), tx.BumpCredentials(ctx))
			})
		}, account.ErrRevoked},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				a, _ := w.app(t)
				token := w.tokens(t, a, "contact_data").Access
				other := w.other(t)
				verify(t, w.Service, token, nil)
				verify(t, other, token, nil)
				c.do(t, w, a)
				verify(t, w.Service, token, c.want)
				verify(t, other, token, nil) // it has asked a moment ago
				w.Clock.Move(time.Second)
				verify(t, other, token, c.want)
			})
		})
	}
}

func TestARoleIsThatOfTheMoment(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		token := w.tokens(t, a, "contact_data").Access
		verify(t, w.Service, token, nil)
		w.Do(t, func(ctx context.Context, tx *store.Tx) error {
			return errors.Join(tx.PutMember(ctx, w.home.ID, w.ann.User, account.CampaignCreator), tx.BumpCredentials(ctx))
		})
		if p := verify(t, w.Service, token, nil); p.Actor.Role != account.CampaignCreator {
			t.Errorf("the role is %s", p.Actor.Role)
		}
	})
}

// Who is refused for the state of application or account is still known, so
// that the refusal can be shown to whom it concerns.
func TestTheRefusedAreKnown(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		token := w.tokens(t, a, "contact_data").Access
		if _, err := w.SetActive(t.Context(), w.ann, a.UID, false); err != nil {
			t.Fatal(err)
		}
		if p := verify(t, w.Service, token, oauth.ErrInactive); p.Actor.Account != w.home.ID || p.Client.ClientID != a.UID {
			t.Errorf("principal %+v", p)
		}
		if _, err := w.SetActive(t.Context(), w.ann, a.UID, true); err != nil {
			t.Fatal(err)
		}
		verify(t, w.Service, token, nil)
	})
}

func TestAccessKeys(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		bob, _ := w.User(t, w.home, "bob@moor.example", account.Manager)
		var problems fault.Problems
		_, _, err := w.CreateAccessKey(t.Context(), w.ann, oauth.NewAccessKey{Expires: w.Clock.Now()}, problems)
		if f := fault.Of(err); !fault.Is(err, fault.Invalid) || len(f.Problems) != 3 {
			t.Errorf("nothing given: %v", err)
		}
		_, _, err = w.CreateAccessKey(t.Context(), w.ann, oauth.NewAccessKey{Name: "x", Scopes: oauth.AllScopes()}, nil)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("offline_access: %v", err)
		}
		key, k, err := w.CreateAccessKey(t.Context(), w.ann, oauth.NewAccessKey{
			Name: "Form", Scopes: oauth.Scopes{oauth.ContactData}, Expires: w.Clock.Now().Add(time.Hour),
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		forever, other, err := w.CreateAccessKey(t.Context(), w.ann, oauth.NewAccessKey{Name: "Cron", Scopes: oauth.Scopes{oauth.AccountRead}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(key, "kith_") || !strings.HasPrefix(key, k.Hint) || len(k.Hint) != 9 || len(key) < 30 {
			t.Errorf("key %q, hint %q", key, k.Hint)
		}
		p := verify(t, w.Service, key, nil)
		if p.Kind != oauth.KindKey || p.Client != nil || p.Scopes.String() != "contact_data" || p.Actor.Via != account.ViaKey ||
			p.Actor.Account != w.home.ID || p.Actor.User != w.ann.User || p.Actor.Role != account.Owner {
			t.Errorf("principal %+v", p)
		}
		if _, err := w.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := w.AccessKeys(t.Context(), w.ann)
		if err != nil || len(all) != 2 || all[0].UID != k.UID || !all[0].UsedAt.Equal(w.Clock.Now()) || !all[1].UsedAt.IsZero() ||
			!all[0].ExpiresAt.Equal(k.ExpiresAt) || all[1].Scopes.String() != "account_read" {
			t.Errorf("got %+v, %v", all, err)
		}
		if all, err := w.AccessKeys(t.Context(), bob); err != nil || len(all) != 0 {
			t.Errorf("another user sees %+v, %v", all, err)
		}
		if err := w.RevokeAccessKey(t.Context(), bob, other.UID); !fault.Is(err, fault.NotFound) {
			t.Errorf("revoked by another user: %v", err)
		}
		verify(t, w.Service, forever, nil)
		if err := w.RevokeAccessKey(t.Context(), w.ann, other.UID); err != nil {
			t.Fatal(err)
		}
		verify(t, w.Service, forever, oauth.ErrTokenRevoked)
		w.Clock.Move(time.Hour)
		verify(t, w.Service, key, oauth.ErrTokenExpired)
	})
}

func TestSigningKeysTurn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		other := w.other(t)
		a, _ := w.app(t)
		day := 24 * time.Hour
		kids := func(s *oauth.Service) (all []string) {
			t.Helper()
			set, err := s.PublicKeys(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range set.Keys {
				all = append(all, k.KeyID)
			}
			return all
		}
		sweep := func() {
			t.Helper()
			if _, err := w.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		first := kids(w.Service)
		if len(first) != 1 || strings.Join(kids(other), "") != first[0] {
			t.Fatalf("keys are %v and %v", first, kids(other))
		}
		w.Clock.Move(89*day + time.Hour)
		sweep()
		w.Clock.Move(time.Minute)
		if got := kids(other); len(got) != 2 || got[0] != first[0] {
			t.Fatalf("after 89 days: %v, want a second one that waits", got)
		}
		before := w.tokens(t, a, "contact_data").Access
		if got := keyOf(t, before); got != first[0] {
			t.Errorf("the new key signs at once")
		}
		w.Clock.Move(day)
		sweep()
		after, err := other.Exchange(t.Context(), a, w.code(t, w.ann, a, "contact_data"), callback, "")
		if err != nil || keyOf(t, after.Access) == first[0] {
			t.Errorf("a day later the old key signs, %v", err)
		}
		verify(t, other, after.Access, nil)
		w.Clock.Move(day / 2)
		sweep()
		if got := kids(other); len(got) != 2 {
			t.Errorf("the old key is gone while its tokens live: %v", got)
		}
		w.Clock.Move(day)
		sweep()
		if got := kids(other); len(got) != 1 || got[0] == first[0] {
			t.Errorf("when its tokens have died the old key stays: %v", got)
		}
	})
}

// keyOf returns the id of the key that signed a token.
func keyOf(t testing.TB, token string) string {
	t.Helper()
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		t.Fatal(err)
	}
	return signed.Signatures[0].Header.KeyID
}

// A server that is given another secret loses its keys, not its life.
func TestAnotherSecret(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		tk := w.tokens(t, a, "contact_data offline_access")
		w.secret = secret.New()
		moved := w.other(t)
		verify(t, moved, tk.Access, oauth.ErrTokenForeign)
		next, err := moved.RefreshTokens(t.Context(), a, tk.Refresh, nil)
		if err != nil {
			t.Fatal(err)
		}
		verify(t, moved, next.Access, nil)
	})
}

func BenchmarkVerify(b *testing.B) {
	w := newWorld(b, storetest.SQLite(b))
	a, _ := w.app(b)
	token := "Bearer " + w.tokens(b, a, "contact_data").Access
	key, _, err := w.CreateAccessKey(b.Context(), w.ann, oauth.NewAccessKey{Name: "Form", Scopes: oauth.Scopes{oauth.ContactData}}, nil)
	if err != nil {
		b.Fatal(err)
	}
	for name, credential := range map[string]string{"token seen before": token, "access key seen before": key} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := w.Verify(b.Context(), credential); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	// Each consent makes a grant of its own, so that nothing is known of any.
	var fresh [256]string
	for i := range fresh {
		fresh[i] = w.tokens(b, a, "contact_data offline_access").Access
	}
	b.Run("new token of a new grant", func(b *testing.B) {
		s, i := w.Service, len(fresh)
		for b.Loop() {
			if i == len(fresh) {
				b.StopTimer()
				s, i = w.process(w.OAuth()), 0
				verify(b, s, token, nil) // the epoch and the keys are read for all
				b.StartTimer()
			}
			if _, err := s.Verify(b.Context(), fresh[i]); err != nil {
				b.Fatal(err)
			}
			i++
		}
	})
}
