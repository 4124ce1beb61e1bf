package app

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"kith/internal/base/clock"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/edge/oauthweb"
	"kith/internal/edge/page"
	"kith/internal/edge/webapp"
	"kith/internal/jobs"
)

// newOAuth returns the service of applications, grants and keys.
func newOAuth(b *Base, public string, log *slog.Logger) *oauth.Service {
	c := b.Config
	return oauth.NewService(oauth.Options{
		Store: b.Store.OAuth(), Clock: clock.System{}, Log: log, Secret: b.Key, PublicURL: public,
		AccessTTL: c.AccessTokenTTL, ImplicitTTL: c.ImplicitTokenTTL, RefreshGrace: c.RefreshGrace,
		Rate: c.APIRate,
	})
}

// workOAuth has the service's own work done: in every process what it
// remembers, in one of them what is old.
func workOAuth(r *jobs.Runner, s *oauth.Service) {
	r.Sweep(jobs.Sweeper{Name: "oauth", Every: time.Minute, Sweep: s.Sweep})
	r.Every(jobs.Timer{Name: "oauth.tidy", Period: time.Hour, Do: func(ctx context.Context) error {
		for {
			if dropped, err := s.Tidy(ctx); err != nil || dropped == 0 {
				return err
			}
		}
	}})
}

// newOAuthWeb returns the endpoints and pages of OAuth 2.
func newOAuthWeb(b *Base, s *oauth.Service, accounts *account.Service, sessions *webapp.Sessions, pages *page.Set, public string) (*oauthweb.Web, error) {
	return oauthweb.New(oauthweb.Options{
		OAuth: s, Accounts: accounts, Sessions: signedIn{sessions}, Pages: pages, PublicURL: public,
		Limiter:   account.NewLimiter(b.Store.Accounts(), clock.System{}, b.Config.AbuseLimits),
		Documents: []oauthweb.Document{{Name: "v3", URL: "/v3/openapi.json"}, {Name: "Kith's own", URL: "/kith/v1/openapi.json"}},
	})
}

// signedIn lets the pages of OAuth know who is signed in on those of the web
// app.
type signedIn struct{ *webapp.Sessions }

func (s signedIn) Current(r *http.Request) (oauthweb.Signed, error) {
	who, err := s.Sessions.Current(r)
	return oauthweb.Signed(who), err
}
