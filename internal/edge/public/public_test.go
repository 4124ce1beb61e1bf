package public_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kith/internal/edge/page"
	"kith/internal/edge/public"
	"kith/web"
)

func TestPagesOfNobody(t *testing.T) {
	t.Parallel()
	set, err := page.Load(web.Public())
	if err != nil {
		t.Fatal(err)
	}
	site := public.New(public.Options{Pages: set, PublicURL: "http://kith.test"})
	for _, c := range []struct {
		name, path, accept string
		status             int
		shows              []string
	}{
		{"what is not there", "/p/x", "", 404, []string{`lang="en"`, "There is nothing here", `href="/p/x?lang=de"`}},
		{"as the browser asks", "/u", "de-CH, fr;q=0.5", 404, []string{`lang="de"`, "Hier ist nichts"}},
		{"as the address asks", "/f/x/?lang=fr", "de", 404, []string{`lang="fr"`, "Il n’y a rien ici"}},
		{"a colour", "/p/colour/ff0000", "", 200, []string{"--accent: #"}},
		{"no colour", "/p/colour/red", "", 404, []string{"There is nothing here"}},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, c.path, nil)
		r.Header.Set("Accept-Language", c.accept)
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		if w.Code != c.status {
			t.Errorf("%s: %d, want %d", c.name, w.Code, c.status)
		}
		for _, text := range c.shows {
			if !strings.Contains(w.Body.String(), text) {
				t.Errorf("%s lacks %q in\n%s", c.name, text, w.Body)
			}
		}
		if w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: no nosniff", c.name)
		}
	}
}
