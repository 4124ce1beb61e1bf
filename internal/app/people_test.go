package app_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"

	"kith/internal/config"
	"kith/internal/testdb"
)

// The first account of a server that strangers reach: sign-up asks for the
// code that the server printed, and once there is an account it prints none.
func TestTheFirstAccount(t *testing.T) {
	t.Parallel()
	for name, flags := range map[string]func(t *testing.T) map[string]string{
		"sqlite": func(*testing.T) map[string]string { return map[string]string{"listen": "0.0.0.0:0"} },
		"postgres": func(t *testing.T) map[string]string {
			return map[string]string{"listen": "0.0.0.0:0", "database-url": testdb.Postgres(t)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := settings(t, flags(t))
			s := serve(t, c)
			form := url.Values{"email": {"ines@example.org"}, "password": {"correct horse"}, "first_name": {"Ines"}}
			browser := newBrowser(t)
			for _, step := range []struct {
				code   string
				status int
				to     string
			}{
				{"", http.StatusForbidden, ""},
				{s.Setup, http.StatusSeeOther, "/welcome"},
				{s.Setup, http.StatusForbidden, ""}, // one account is enough
			} {
				form.Set("setup_code", step.code)
				a := send(t, browser, s.URL+"/signup", form)
				if a.StatusCode != step.status || a.Header.Get("Location") != step.to {
					t.Errorf("code %q: %d to %q, want %d to %q", step.code, a.StatusCode, a.Header.Get("Location"), step.status, step.to)
				}
			}
			if a, body := get(t, browser, s.URL+"/welcome"); a.StatusCode != http.StatusOK {
				t.Errorf("welcome: %d %s", a.StatusCode, body)
			}
			if a, _ := get(t, browser, s.URL+"/contacts"); a.StatusCode != http.StatusOK {
				t.Errorf("the app: %d", a.StatusCode)
			}
			if err := s.stop(); err != nil {
				t.Fatal(err)
			}
			// Another process over the same data knows the session.
			c.Listen = config.At("localhost", 0)
			again := serve(t, c)
			if again.Setup != "" {
				t.Errorf("there is an account, yet the set-up code %q is printed", again.Setup)
			}
			from, to := mustURL(t, s.URL), mustURL(t, again.URL)
			browser.Jar.SetCookies(to, browser.Jar.Cookies(from))
			if a, _ := get(t, browser, again.URL+"/welcome"); a.StatusCode != http.StatusOK {
				t.Errorf("welcome, after a restart: %d", a.StatusCode)
			}
		})
	}
}

// newBrowser returns a client that keeps cookies and stays where it is.
func newBrowser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func send(t *testing.T, c *http.Client, to string, form url.Values) *http.Response {
	t.Helper()
	a, err := c.PostForm(to, form)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return a
}

func mustURL(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
