package e2e

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"kith/internal/testdb"
	"kith/test/server"
)

// TestImportSurvivesKills kills the server at random moments of an import and
// starts it again: the import goes on by itself, every row is counted once.
func TestImportSurvivesKills(t *testing.T) {
	t.Parallel()
	rows, kills := 20_000, 2
	if testdb.Scale() > 1 {
		rows, kills = 200_000, 10
	}
	onBoth(t, func(t *testing.T, p server.Place) {
		s := server.Start(t, p)
		key := p.Account(t, "ines@example.org", "contact_data")
		c := server.Client{URL: s.URL, Token: key}
		list := lists(t, c)["General Interest"]
		id := importFile(t, c, "people.csv", people(rows), list)
		for range kills {
			// A random moment of the work, in steps of its own progress.
			var a activity
			c.Get(t, "/v3/activities/"+id, &a)
			stop := time.Duration(rand.IntN(150)) * time.Millisecond
			time.Sleep(stop)
			s.Kill()
			s = server.Start(t, p)
			c.URL = s.URL
		}
		a := finish(t, c, id)
		bad := rows / 100
		if a.State != "completed" || a.PercentDone != 100 || a.CompletedAt == "" {
			t.Errorf("the import ended as %+v", a)
		}
		if a.Status.Persons != rows-bad || a.Status.Errors+a.Status.Correctable != bad {
			t.Errorf("%d imported and %d rejected, want %d and %d: %+v", a.Status.Persons, a.Status.Errors+a.Status.Correctable, rows-bad, bad, a.Status)
		}
		// The owner is on the list as well.
		want := rows - bad + 1
		var counted struct {
			Count int `json:"contacts_count"`
		}
		c.Get(t, "/v3/contacts?include_count=true&limit=1", &counted)
		if counted.Count != want {
			t.Errorf("%d contacts are counted, want %d", counted.Count, want)
		}
		if n := countPages(t, c, "/v3/contacts?limit=500"); n != want {
			t.Errorf("%d contacts on all pages, want %d", n, want)
		}
		var l struct {
			Members int `json:"membership_count"`
		}
		c.Get(t, "/v3/contact_lists/"+list+"?include_membership_count=all", &l)
		if l.Members != want {
			t.Errorf("the list counts %d members, want %d", l.Members, want)
		}
	})
}

// countPages follows next links to the end and counts contacts, each once.
func countPages(t *testing.T, c server.Client, path string) int {
	t.Helper()
	seen := map[string]bool{}
	for path != "" {
		var page struct {
			Contacts []struct {
				ID string `json:"contact_id"`
			} `json:"contacts"`
			Links *struct {
				Next struct {
					Href string `json:"href"`
				} `json:"next"`
			} `json:"_links"`
		}
		c.Get(t, path, &page)
		for _, one := range page.Contacts {
			if seen[one.ID] {
				t.Fatalf("contact %s stands on two pages", one.ID)
			}
			seen[one.ID] = true
		}
		path = ""
		if page.Links != nil {
			path = page.Links.Next.Href
		}
	}
	return len(seen)
}

// TestProcessesShareWork runs two servers over one database: what one signs
// the other reads, what one takes the other may work on, and either may die.
func TestProcessesShareWork(t *testing.T) {
	t.Parallel()
	url := testdb.Postgres(t)
	// Nothing that the other needs lies in a folder: each has its own.
	one, two := server.NewPlace(t, url), server.NewPlace(t, url)
	a := server.Start(t, one)
	b := server.Start(t, two)
	key := one.Account(t, "ines@example.org", "contact_data")
	ca, cb := server.Client{URL: a.URL, Token: key}, server.Client{URL: b.URL, Token: key}

	list := lists(t, cb)["General Interest"]
	if list == "" {
		t.Fatal("an account made through one place is not seen by the other server")
	}
	signedInEverywhere(t, a, b)
	for i := range 3 {
		ca.Want(t, 201, "POST", "/v3/contacts", map[string]any{
			"email_address": map[string]any{"address": fmt.Sprintf("p%d@example.org", i)}, "create_source": "Account",
		}, nil)
	}
	var page struct {
		Links struct {
			Next struct {
				Href string `json:"href"`
			} `json:"next"`
		} `json:"_links"`
	}
	ca.Get(t, "/v3/contacts?limit=2", &page)
	var rest struct {
		Contacts []struct{} `json:"contacts"`
	}
	cb.Get(t, page.Links.Next.Href, &rest)
	if len(rest.Contacts) != 2 {
		t.Errorf("the second page, by the other server, has %d contacts, want 2", len(rest.Contacts))
	}

	rows := 20_000 * min(testdb.Scale(), 10)
	id := importFile(t, ca, "people.csv", people(rows), list)
	// Whichever works on it: kill the one that took the upload, let the other
	// finish, and see the same of the other way round.
	a.Kill()
	done := finish(t, cb, id)
	if want := rows - rows/100; done.State != "completed" || done.Status.Persons != want {
		t.Errorf("after a kill of the server that took the file: %+v, want %d persons", done, want)
	}
	a = server.Start(t, one)
	ca.URL = a.URL
	id = importFile(t, cb, "again.csv", people(rows), list)
	time.Sleep(time.Duration(rand.IntN(200)) * time.Millisecond)
	b.Kill()
	done = finish(t, ca, id)
	if want := rows - rows/100; done.State != "completed" || done.Status.Persons != want {
		t.Errorf("the same file again: %+v, want %d persons", done, want)
	}
	var counted struct {
		Count int `json:"contacts_count"`
	}
	ca.Get(t, "/v3/contacts?include_count=true&limit=1", &counted)
	if want := rows - rows/100 + 4; counted.Count != want {
		t.Errorf("%d contacts, want %d", counted.Count, want)
	}
}

// signedInEverywhere signs in on one server, as a browser does, and calls the
// other with the same cookie.
func signedInEverywhere(t *testing.T, a, b *server.Server) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar} // cookies do not tell ports apart
	form := url.Values{"email": {"ines@example.org"}, "password": {server.Password}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.URL+"/login", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	send(t, browser, req, http.StatusOK)
	req, err = http.NewRequestWithContext(t.Context(), http.MethodGet, b.URL+"/kith/v1/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	if body := send(t, browser, req, http.StatusOK); !strings.Contains(body, `"username":"ines@example.org"`) {
		t.Errorf("the other server does not know who is signed in: %s", body)
	}
}

func send(t *testing.T, c *http.Client, req *http.Request, want int) string {
	t.Helper()
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != want {
		t.Fatalf("%s %s: status %d, want %d, %v: %s", req.Method, req.URL.Path, res.StatusCode, want, err, body)
	}
	return string(body)
}
