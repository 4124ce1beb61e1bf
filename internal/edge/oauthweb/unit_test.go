package oauthweb

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"kith/internal/base/fault"
	"kith/internal/domain/oauth"
)

func TestWhereTwoURIsDiffer(t *testing.T) {
	for _, c := range []struct{ sent, registered, head, here, sentPart, tail, hint string }{
		{"https://a.example/cb/", "https://a.example/cb", "https://a.example/cb", "", "/", "", "a slash at its end"},
		{"https://a.example/cb", "https://a.example/cb/", "https://a.example/cb", "/", "", "", "slash at the end is missing"},
		{"http://localhost/cb", "https://localhost/cb", "http", "s", "", "://localhost/cb", "scheme"},
		{"https://a.example:8080/cb", "https://a.example/cb", "https://a.example", "", ":8080", "/cb", "port"},
		{"https://a.example/CB", "https://a.example/cb", "https://a.example/", "cb", "CB", "", "upper and lower case"},
		{"https://a.b.shop.example", "https://*.shop.example", "https://", "*", "a.b", ".shop.example", "one label"},
		{"https://a.example/cb?x=1", "https://b.example/cb", "https://", "b.example/cb", "a.example/cb?x=1", "", "host and query"},
		{"https://a.example/%63b", "https://a.example/cb", "https://a.example/", "c", "%63", "b", "path"},
		{"https://a.example", "https://a.example/cb", "https://a.example", "/cb", "", "", "path"},
	} {
		got := compare(c.sent, c.registered)
		if got.Head != c.head || got.Here != c.here || got.Sent != c.sentPart || got.Tail != c.tail || !strings.Contains(got.Hint, c.hint) {
			t.Errorf("%s against %s: %+v", c.sent, c.registered, got)
		}
	}
	all := compareAll("https://a.example/cb/", []string{"https://z.example/", "https://a.example/cb", "com.example:/x"})
	if len(all) != 3 || all[0].Registered != "https://a.example/cb" {
		t.Errorf("the most alike is not the first: %+v", all)
	}
}

func FuzzCompare(f *testing.F) {
	f.Add("https://a.example/cb/", "https://a.example/cb")
	f.Add("", "x")
	f.Add("aaa", "aa")
	f.Fuzz(func(t *testing.T, sent, registered string) {
		c := compare(sent, registered)
		if c.Head+c.Sent+c.Tail != sent || c.Head+c.Here+c.Tail != registered {
			t.Errorf("%q against %q: %+v", sent, registered, c)
		}
	})
}

func TestBasic(t *testing.T) {
	encode := base64.StdEncoding.EncodeToString
	for text, want := range map[string]struct {
		id, secret string
		ok         bool
	}{
		encode([]byte("id:secret")):                    {"id", "secret", true},
		encode([]byte("id:")):                          {"id", "", true},
		encode([]byte("id:a:b")):                       {"id", "a:b", true},
		strings.TrimRight(encode([]byte("id:s")), "="): {"id", "s", true},
		encode([]byte(":secret")):                      {},
		encode([]byte("id")):                           {},
		"":                                             {},
		"???":                                          {},
		"0195a3c0-0000-7000-8000-000000000001":         {},
		encode([]byte("id:secret")) + " " + encode(nil):   {"id", "secret", true},
		encode([]byte("id:secret")) + ", Basic something": {},
	} {
		id, secret, ok := parseBasic(strings.TrimSpace(text))
		if id != want.id || secret != want.secret || ok != want.ok {
			t.Errorf("%q: %q %q %v", text, id, secret, ok)
		}
	}
}

func FuzzBasic(f *testing.F) {
	f.Add("aWQ6c2VjcmV0")
	f.Add("YWJj")
	f.Add("???")
	f.Fuzz(func(t *testing.T, text string) {
		id, secret, ok := parseBasic(text)
		if !ok {
			if id+secret != "" {
				t.Errorf("%q is absent and yet %q, %q", text, id, secret)
			}
			return
		}
		if id == "" {
			t.Errorf("%q names no client", text)
		}
		again := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)
		again.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
		if id2, secret2, ok := readBasic(again); !ok || id2 != id || secret2 != secret {
			t.Errorf("%q: %q, %q do not come back", text, id, secret)
		}
	})
}

// Every fault has a word of the protocol and a status that is a refusal.
func TestEveryCodeHasAnAnswer(t *testing.T) {
	for _, code := range fault.All() {
		for _, kind := range []fault.Kind{fault.Internal, fault.Invalid, fault.Unauthenticated, fault.Forbidden, fault.NotFound, fault.TooMany, fault.Unavailable} {
			f := fault.New(kind, code, "x")
			if w, s := word(f), status(f); w == "" || strings.Contains(w, ".") || s < 400 || s > 599 {
				t.Errorf("%s (%s): %q with %d", code, kind, w, s)
			}
		}
	}
}

func TestWhereTheReferencePageMayBe(t *testing.T) {
	for public, want := range map[string][]string{
		"http://localhost:8080": {"http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"},
		"https://localhost":     {"https://localhost", "https://127.0.0.1", "https://[::1]"},
		"https://kith.example":  {"https://kith.example"},
	} {
		got := referenceURIs(public)
		for i := range got {
			if i >= len(want) || got[i] != want[i]+"/reference/oauth2-redirect.html" || oauth.CheckRedirectURI(got[i]) != "" {
				t.Errorf("%s: %v", public, got)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %v", public, got)
		}
	}
}
