package oauthweb

import (
	"net"
	"net/http"
	"net/url"

	"kith/internal/domain/oauth"
)

// Document is an API's description that the reference page shows.
type Document struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// referenceName and referencePath are those of the reference page as a client:
// it signs in by code with PKCE, as any page would.
const (
	referenceName = "API reference"
	referencePath = "/reference/oauth2-redirect.html"
)

// reference tells the reference page which client it is and what to show.
func (web *Web) reference(w http.ResponseWriter, r *http.Request) error {
	a, err := web.o.OAuth.EnsureBuiltin(r.Context(), oauth.Builtin{Name: referenceName, RedirectURIs: referenceURIs(web.o.PublicURL)})
	if err != nil {
		return err
	}
	config := struct {
		ClientID  string        `json:"client_id"`
		Documents []Document    `json:"documents"`
		Scopes    []oauth.Scope `json:"scopes"`
	}{a.UID.String(), web.o.Documents, nil}
	for _, s := range oauth.AllScopes() {
		if s != oauth.BillingData {
			config.Scopes = append(config.Scopes, s)
		}
	}
	web.send(w, http.StatusOK, config)
	return nil
}

// referenceURIs are where the page may be: below the public URL, and, on one's
// own machine, below each of its names.
func referenceURIs(publicURL string) []string {
	all := []string{publicURL + referencePath}
	u, err := url.Parse(publicURL)
	if err != nil || u.Hostname() != "localhost" {
		return all
	}
	for _, name := range []string{"127.0.0.1", "::1"} {
		host := *u
		if host.Host = name; u.Port() != "" {
			host.Host = net.JoinHostPort(name, u.Port())
		} else if name == "::1" {
			host.Host = "[::1]"
		}
		all = append(all, host.String()+referencePath)
	}
	return all
}
