package oauth_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"kith/internal/base/fault"
	"kith/internal/base/opt"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
)

func TestANameIsEnoughForAnApplication(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, err := w.CreateApplication(t.Context(), w.ann, oauth.ApplicationChange{Name: opt.Some(" Shop sync ")}, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := w.Application(t.Context(), w.ann, a.UID)
		if err != nil {
			t.Fatal(err)
		}
		if got.Name != "Shop sync" || got.Flow != oauth.FlowCode || got.Refresh != oauth.Rotating || !got.Active || got.HasSecret() ||
			!slices.Equal(got.RedirectURIs, []string{"https://localhost"}) || got.User != w.ann.User || got.Account != w.home.ID {
			t.Errorf("got %+v", got)
		}
		device, err := w.CreateApplication(t.Context(), w.ann, oauth.ApplicationChange{Name: opt.Some("Kiosk"), Flow: opt.Some(oauth.FlowDevice)}, nil)
		if err != nil || device.RedirectURIs != nil {
			t.Errorf("a device has the redirect URIs %v, %v", device.RedirectURIs, err)
		}
	})
}

func TestEveryFaultOfAnApplicationIsNamed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var problems fault.Problems
		problems.Add("extra", "type", "is not text")
		_, err := w.CreateApplication(t.Context(), w.ann, oauth.ApplicationChange{
			Name:         opt.Some("The Constant  Contact\x00 plugin constant contact"),
			Description:  opt.Some(strings.Repeat("x", 1001)),
			LogoURL:      opt.Some("javascript:alert(1)"),
			Website:      opt.Some("shop.example"),
			Flow:         opt.Some(oauth.Flow("implicit")),
			Refresh:      opt.Some(oauth.Refresh("sometimes")),
			RedirectURIs: opt.Some([]string{"https://ok.example/", "http://shop.example/", "https://a/#b"}),
			Rate:         opt.Some("fast"),
		}, problems)
		var got []string
		for _, p := range fault.Of(err).Problems {
			got = append(got, p.Path)
		}
		want := []string{"extra", "name", "description", "logo_url", "website", "flow", "refresh_kind", "rate", "redirect_uris", "redirect_uris"}
		if !fault.Is(err, fault.Invalid) || !slices.Equal(got, want) {
			t.Errorf("problems with %v, want %v", got, want)
		}
		if _, err := w.CreateApplication(t.Context(), w.ann, oauth.ApplicationChange{Name: opt.Some("My CONSTANT Contact form")}, nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("the hosted service's name: %v", err)
		}
	})
}

func TestAUserHasFiftyApplications(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var last oauth.Application
		create := func() error {
			a, err := w.CreateApplication(t.Context(), w.ann, oauth.ApplicationChange{Name: opt.Some("App")}, nil)
			if err == nil {
				last = a
			}
			return err
		}
		for range oauth.MaxApplications {
			if err := create(); err != nil {
				t.Fatal(err)
			}
		}
		if err := create(); !errors.Is(err, oauth.ErrApplicationLimit) {
			t.Errorf("the 51st: %v", err)
		}
		if _, err := w.SetActive(t.Context(), w.ann, last.UID, false); err != nil {
			t.Fatal(err)
		}
		if err := create(); !errors.Is(err, oauth.ErrApplicationLimit) {
			t.Errorf("with one deactivated: %v", err)
		}
		if err := w.DeleteApplication(t.Context(), w.ann, last.UID); err != nil {
			t.Fatal(err)
		}
		if err := create(); err != nil {
			t.Errorf("with one deleted: %v", err)
		}
	})
}

func TestApplicationsAreTheirUsersOwn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		bob, _ := w.User(t, w.home, "bob@moor.example", account.Owner)
		a, _ := w.app(t)
		for name, err := range map[string]error{
			"read":   second(w.Application(t.Context(), bob, a.UID)),
			"update": second(w.UpdateApplication(t.Context(), bob, a.UID, oauth.ApplicationChange{Name: opt.Some("Mine")}, nil)),
			"active": second(w.SetActive(t.Context(), bob, a.UID, false)),
			"delete": w.DeleteApplication(t.Context(), bob, a.UID),
		} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s by another user: %v, want not found", name, err)
			}
		}
		if all, err := w.Applications(t.Context(), bob); err != nil || len(all) != 0 {
			t.Errorf("another user sees %v, %v", all, err)
		}
		if err := w.DeleteApplication(t.Context(), w.ann, a.UID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Application(t.Context(), w.ann, a.UID); !fault.Is(err, fault.NotFound) {
			t.Errorf("after deleting: %v", err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestAClientSecretIsShownOnceAndReplacedOnPurpose(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, first := w.app(t)
		if len(first) != 22 {
			t.Errorf("the secret has %d characters, want 22", len(first))
		}
		if _, err := w.Authenticate(t.Context(), a.UID.String(), first); err != nil {
			t.Errorf("with the secret: %v", err)
		}
		if _, _, err := w.NewSecret(t.Context(), w.ann, a.UID, false); !errors.Is(err, oauth.ErrSecretExists) {
			t.Errorf("a second one without confirmation: %v", err)
		}
		tk := w.tokens(t, a, "contact_data")
		second, _, err := w.NewSecret(t.Context(), w.ann, a.UID, true)
		if err != nil || second == first {
			t.Fatalf("a second one: %v", err)
		}
		if _, err := w.Authenticate(t.Context(), a.UID.String(), second); err != nil {
			t.Errorf("with the second secret: %v", err)
		}
		_, err = w.Authenticate(t.Context(), a.UID.String(), first)
		refused(t, "with the first secret", err, oauth.ErrClient)
		verify(t, w.Service, tk.Access, nil) // what it brought lives on

		public, _ := w.app(t, flow(oauth.FlowPKCE))
		if _, _, err := w.NewSecret(t.Context(), w.ann, public.UID, false); !errors.Is(err, oauth.ErrSecretFlow) {
			t.Errorf("a secret for a public client: %v", err)
		}
	})
}

func TestAuthenticate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		server, secret := w.app(t)
		without, err := w.CreateApplication(t.Context(), w.ann, oauth.ApplicationChange{Name: opt.Some("No secret yet")}, nil)
		if err != nil {
			t.Fatal(err)
		}
		public, _ := w.app(t, flow(oauth.FlowPKCE))
		device, _ := w.app(t, flow(oauth.FlowDevice))
		off, offSecret := w.app(t)
		if _, err := w.SetActive(t.Context(), w.ann, off.UID, false); err != nil {
			t.Fatal(err)
		}
		deleted, _ := w.app(t, flow(oauth.FlowPKCE))
		if err := w.DeleteApplication(t.Context(), w.ann, deleted.UID); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name, id, secret string
			want             *fault.Error
		}{
			{"server with its secret", server.UID.String(), secret, nil},
			{"client id in upper case", strings.ToUpper(server.UID.String()), secret, nil},
			{"server without", server.UID.String(), "", oauth.ErrClient},
			{"server with a wrong one", server.UID.String(), secret + "x", oauth.ErrClient},
			{"server that has none yet", without.UID.String(), "x", oauth.ErrClient},
			{"public without", public.UID.String(), "", nil},
			{"public with one", public.UID.String(), "x", oauth.ErrClient},
			{"device without", device.UID.String(), "", nil},
			{"deactivated", off.UID.String(), offSecret, oauth.ErrClientInactive},
			{"deactivated with a wrong secret", off.UID.String(), "x", oauth.ErrClient},
			{"deleted", deleted.UID.String(), "", oauth.ErrClient},
			{"unknown", "0195a3c0-0000-7000-8000-000000000001", "", oauth.ErrClient},
			{"no id", "nonsense", "", oauth.ErrClient},
			{"empty", "", "", oauth.ErrClient},
		} {
			_, err := w.Authenticate(t.Context(), c.id, c.secret)
			if c.want == nil {
				if err != nil {
					t.Errorf("%s: %v", c.name, err)
				}
				continue
			}
			refused(t, c.name, err, c.want)
		}
	})
}

func TestTheServersOwnApplicationIsRegisteredOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := oauth.Builtin{Name: "API reference", RedirectURIs: []string{publicURL + "/reference/oauth2-redirect.html"}}
		services := []*oauth.Service{w.Service, w.other(t)}
		var (
			wg  sync.WaitGroup
			got [8]oauth.Application
		)
		for i := range got {
			wg.Go(func() {
				var err error
				if got[i], err = services[i%2].EnsureBuiltin(t.Context(), b); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, a := range got[1:] {
			if a.UID != got[0].UID {
				t.Fatalf("registered more than once: %s and %s", got[0].UID, a.UID)
			}
		}
		b.RedirectURIs = []string{"https://kith.example/reference/oauth2-redirect.html"}
		again, err := w.EnsureBuiltin(t.Context(), b)
		if err != nil || again.UID != got[0].UID || !again.Redirects(b.RedirectURIs[0]) {
			t.Errorf("with another address: %+v, %v", again, err)
		}
		if all, err := w.Applications(t.Context(), w.ann); err != nil || len(all) != 0 {
			t.Errorf("it shows among a user's: %v, %v", all, err)
		}
		for _, err := range []error{
			second(w.Application(t.Context(), w.ann, again.UID)), second(w.Application(t.Context(), account.Actor{}, again.UID)),
		} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("it can be managed: %v", err)
			}
		}
	})
}

func TestUpdatingLeavesWhatIsNotGiven(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.app(t)
		got, err := w.UpdateApplication(t.Context(), w.ann, a.UID, oauth.ApplicationChange{
			RedirectURIs: opt.Some([]string{" https://b.example/ ", "", "https://b.example/", "https://a.example/"}),
			Description:  opt.Some("Keeps the shop in step"),
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got.Name != a.Name || got.Flow != a.Flow || !got.HasSecret() || got.Description != "Keeps the shop in step" ||
			fmt.Sprint(got.RedirectURIs) != "[https://b.example/ https://a.example/]" {
			t.Errorf("got %+v", got)
		}
		if read, err := w.Application(t.Context(), w.ann, a.UID); err != nil || !slices.Equal(read.RedirectURIs, got.RedirectURIs) {
			t.Errorf("read back %v, %v", read.RedirectURIs, err)
		}
	})
}
