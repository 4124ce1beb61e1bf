package oauth_test

import (
	"net/url"
	"strings"
	"testing"

	"kith/internal/domain/oauth"
)

func TestWhatMayBeRegisteredAsRedirectURI(t *testing.T) {
	for _, uri := range []string{
		"https://localhost", "https://app.example/cb", "https://app.example:8443/cb?x=1", "https://*.shop.example",
		"https://*.shop.example:8443/cb", "http://localhost:3000/cb", "http://127.0.0.1/cb", "http://[::1]:9/cb",
		"com.example.app:/callback", "com.example.app://callback",
	} {
		if wrong := oauth.CheckRedirectURI(uri); wrong != "" {
			t.Errorf("%s is refused: it %s", uri, wrong)
		}
	}
	for uri, reason := range map[string]string{
		"":                                       "empty",
		"/cb":                                    "absolute",
		"app.example/cb":                         "absolute",
		"https://app.example/cb#x":               "fragment",
		"https://app.example/#":                  "fragment",
		"http://app.example/cb":                  "http to another host",
		"http://localhost.evil.example/":         "http to another host",
		"https:///cb":                            "no host",
		"https:cb":                               "no host",
		"https://u:p@app.example/":               "user",
		"https://user@app.example/":              "user",
		"HTTPS://app.example/":                   "upper case",
		"https://app.example/a b":                "percent-encoded",
		"https://app.example/\n":                 "percent-encoded",
		"https://app.example\\@evil/":            "percent-encoded",
		"https://münchen.example/":               "percent-encoded",
		"javascript:alert(1)":                    "contains a dot",
		"data:text/html,x":                       "contains a dot",
		"urn:ietf:wg:oauth:2.0:oob":              "contains a dot",
		"https://*.example":                      "whole domains",
		"https://*":                              "elsewhere",
		"https://*/cb":                           "elsewhere",
		"https://*.127.0.0.1/":                   "whole domains",
		"https://a.*.shop.example/":              "elsewhere",
		"https://x*.shop.example/":               "elsewhere",
		"https://*.*.shop.example/":              "elsewhere",
		"https://shop.example/*":                 "elsewhere",
		"https://*.shop.example/cb?x=*":          "elsewhere",
		"http://*.localhost/":                    "http to another host",
		"com.example.app:/*":                     "elsewhere",
		"https://a/" + strings.Repeat("x", 2048): "longer",
	} {
		if wrong := oauth.CheckRedirectURI(uri); !strings.Contains(wrong, reason) {
			t.Errorf("%q: %q, want a refusal with %q", uri, wrong, reason)
		}
	}
}

func TestRedirectURIsMatchToTheCharacter(t *testing.T) {
	for _, c := range []struct {
		registered, sent string
		match            bool
	}{
		{"https://app.example/cb", "https://app.example/cb", true},
		{"https://app.example/cb", "https://app.example/cb/", false},
		{"https://app.example/cb", "https://app.example/CB", false},
		{"https://app.example/cb", "http://app.example/cb", false},
		{"https://app.example/cb", "https://app.example:443/cb", false},
		{"https://app.example/cb", "https://app.example/cb?x=1", false},
		{"https://app.example/cb", "https://APP.example/cb", false},
		{"https://*.shop.example", "https://a.shop.example", true},
		{"https://*.shop.example", "https://a-1.shop.example", true},
		{"https://*.shop.example", "https://a.b.shop.example", false},
		{"https://*.shop.example", "https://shop.example", false},
		{"https://*.shop.example", "https://.shop.example", false},
		{"https://*.shop.example", "https://*.shop.example", false},
		{"https://*.shop.example", "https://a.shop.example/", false},
		{"https://*.shop.example", "http://a.shop.example", false},
		{"https://*.shop.example", "https://-a.shop.example", false},
		{"https://*.shop.example", "https://a-.shop.example", false},
		{"https://*.shop.example", "https://evil.com/.shop.example", false},
		{"https://*.shop.example", "https://evil.com?.shop.example", false},
		{"https://*.shop.example", "https://evil%2ecom.shop.example", false},
		{"https://*.shop.example", "https://u@a.shop.example", false},
		{"https://*.shop.example", "https://" + strings.Repeat("a", 64) + ".shop.example", false},
		{"https://*.shop.example:8443/cb", "https://a.shop.example:8443/cb", true},
		{"https://*.shop.example:8443/cb", "https://a.shop.example/cb", false},
	} {
		if got := oauth.MatchRedirectURI(c.registered, c.sent); got != c.match {
			t.Errorf("%s against %s: %v, want %v", c.sent, c.registered, got, c.match)
		}
	}
}

// Whatever matches must lead to the registered host, or to a host one label
// below it, whoever reads the URI.
func FuzzMatchRedirectURI(f *testing.F) {
	f.Add("https://*.shop.example/cb", "https://a.shop.example/cb")
	f.Add("https://*.shop.example", "https://evil.example/.shop.example")
	f.Add("https://app.example/cb", "https://app.example/cb")
	f.Add("com.example.app:/cb", "com.example.app:/cb")
	f.Fuzz(func(t *testing.T, registered, sent string) {
		if oauth.CheckRedirectURI(registered) != "" || !oauth.MatchRedirectURI(registered, sent) {
			return
		}
		if wrong := oauth.CheckRedirectURI(sent); wrong != "" {
			t.Fatalf("%q matches %q and yet %s", sent, registered, wrong)
		}
		want, err := url.Parse(strings.Replace(registered, "*", "x", 1))
		if err != nil {
			t.Fatal(err)
		}
		got, err := url.Parse(sent)
		if err != nil {
			t.Fatalf("%q matches %q: %v", sent, registered, err)
		}
		if !strings.Contains(registered, "*") {
			if sent != registered {
				t.Errorf("%q matches %q", sent, registered)
			}
			return
		}
		_, below, _ := strings.Cut(got.Host, ".")
		_, parent, _ := strings.Cut(want.Host, ".")
		if got.Scheme != "https" || below != parent || got.EscapedPath() != want.EscapedPath() || got.RawQuery != want.RawQuery || got.User != nil {
			t.Errorf("%q matches %q", sent, registered)
		}
	})
}
