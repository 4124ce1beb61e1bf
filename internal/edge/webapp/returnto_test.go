package webapp_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"kith/internal/edge/webapp"
)

func TestReturnTo(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", "/"},
		{"/", "/"},
		{"/contacts?list=1&q=%20a#top", "/contacts?list=1&q=%20a#top"},
		{"/contacts//x", "/contacts//x"},
		{"/oauth2/default/v1/authorize?redirect_uri=https://a.example//b", "/oauth2/default/v1/authorize?redirect_uri=https://a.example//b"},
		{"contacts", "/"},
		{"?x", "/"},
		{"//evil.example", "/"},
		{"///evil.example", "/"},
		{"/\\evil.example", "/"},
		{"\\/evil.example", "/"},
		{"/%2fevil.example/..//x", "/"}, // whose path, decoded, begins with two slashes
		{"https://evil.example", "/"},
		{"HTTPS:evil.example", "/"},
		{"/\n/evil.example", "/"},
		{"/\u2028/x", "/"},
		{" /contacts", "/"},
		{"/%zz", "/"},
		{"/" + strings.Repeat("a", 9000), "/"},
	} {
		if got := webapp.ReturnTo(c.in); got != c.want {
			t.Errorf("ReturnTo(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	if got := webapp.LoginURL("/a?b=c&d"); got != "/login?return_to=%2Fa%3Fb%3Dc%26d" {
		t.Errorf("LoginURL %q", got)
	}
	if got := webapp.LoginURL("//evil.example"); got != "/login" {
		t.Errorf("LoginURL %q", got)
	}
}

// Whatever is asked for, a browser stays on the server: resolved as browsers
// resolve it, after they have left out tabs and line breaks and taken
// backslashes for slashes.
func FuzzReturnTo(f *testing.F) {
	for _, s := range []string{"/contacts", "//evil.example", "/\\evil.example", "/\t/evil.example", "/.//evil.example", "/%2f/evil.example", "/@evil.example", "/:80/x", "/..//evil.example"} {
		f.Add(s)
	}
	base, err := url.Parse("http://kith.test/login")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := webapp.ReturnTo(s)
		if got != s && got != "/" {
			t.Fatalf("ReturnTo(%q) = %q, neither it nor the start", s, got)
		}
		w := httptest.NewRecorder()
		http.Redirect(w, httptest.NewRequest("POST", "/login", nil), got, http.StatusSeeOther)
		for _, to := range []string{got, w.Header().Get("Location")} {
			seen := strings.NewReplacer("\t", "", "\n", "", "\r", "", "\\", "/").Replace(strings.TrimSpace(to))
			if strings.HasPrefix(seen, "//") {
				t.Fatalf("ReturnTo(%q) = %q leads to another host", s, to)
			}
			u, err := base.Parse(seen)
			if err != nil {
				t.Fatalf("ReturnTo(%q) = %q: %v", s, to, err)
			}
			if u.Host != "kith.test" || u.Scheme != "http" {
				t.Fatalf("ReturnTo(%q) = %q leads to %s", s, to, u)
			}
		}
	})
}
