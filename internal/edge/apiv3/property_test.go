package apiv3_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/testdb"

	"pgregory.net/rapid"
)

// TestMain says how many sequences are tried, of some thirty calls each, unless
// the command line does.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", strconv.Itoa(30*min(testdb.Scale(), 50))); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// Random calls leave contacts, lists and counts as the contract says they do:
// the server is compared with the model after each. A failure prints the
// shortest sequence that was found for it.
func TestAnySequenceOfCalls(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		rapid.Check(t, func(t *rapid.T) {
			p := newPair(t, w)
			t.Repeat(map[string]func(*rapid.T){
				"":                  p.compare,
				"POST contact":      p.post,
				"PUT contact":       p.put,
				"PATCH contact":     p.patch,
				"DELETE contact":    p.remove,
				"sign up":           p.signUp,
				"resubscribe":       p.resubscribe,
				"one joins lists":   p.join,
				"one leaves lists":  p.leave,
				"import":            p.importJSON,
				"make list":         p.makeList,
				"DELETE list":       p.dropList,
				"make tag":          p.makeTag,
				"DELETE tag":        p.dropTag,
				"many join lists":   p.addToLists,
				"many leave lists":  p.removeFromLists,
				"put tags on many":  func(t *rapid.T) { p.retag(t, tagPath, p.m.tag) },
				"take tags of many": func(t *rapid.T) { p.retag(t, untagPath, p.m.untag) },
				"delete many":       p.removeMany,
				"GET contacts":      p.find,
			})
		})
	})
}

// pair is an account of the server and the model of it.
type pair struct {
	t     *rapid.T
	w     *world
	who   account.Actor
	token string
	m     model
	names int
}

func newPair(t *rapid.T, w *world) *pair {
	home := w.Account(w.t, "Moor Books")
	p := &pair{t: t, w: w}
	p.who, _ = w.User(w.t, home, fmt.Sprintf("u%d@moor.example", home.ID), account.Owner)
	p.token = w.token(p.who, w.app, oauth.AllScopes()...)
	p.makeList(t)
	return p
}

// call sends a request and reads the answer into out, unless that is nil. The
// status must be one of those that are wanted.
func (p *pair) call(method, path string, body, out any, want ...int) int {
	p.w.Clock.Move(time.Second)
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			p.t.Fatal(err)
		}
	}
	r := httptest.NewRequestWithContext(p.w.t.Context(), method, "/v3"+path, strings.NewReader(string(text)))
	r.Header.Set("Authorization", "Bearer "+p.token)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
		p.t.Logf("%s %s %s", method, path, text)
	}
	a := httptest.NewRecorder()
	p.w.handler.ServeHTTP(a, r)
	if !slices.Contains(want, a.Code) {
		p.t.Fatalf("%s %s %s: status %d, want %v: %s", method, path, text, a.Code, want, a.Body)
	}
	if out != nil && a.Code < 300 {
		if err := json.Unmarshal(a.Body.Bytes(), out); err != nil {
			p.t.Fatalf("%s %s: %v: %s", method, path, err, a.Body)
		}
	}
	return a.Code
}

// shownContact is what is compared of a contact.
type shownContact struct {
	ID    string `json:"contact_id"`
	Email struct {
		Address    string `json:"address"`
		Permission string `json:"permission_to_send"`
		OptOut     string `json:"opt_out_source"`
	} `json:"email_address"`
	First   string   `json:"first_name"`
	Deleted string   `json:"deleted_at"`
	Lists   []string `json:"list_memberships"`
	Tags    []string `json:"taggings"`
}

// all reads a filter's pages to the end.
func (p *pair) all(query url.Values) (out []shownContact) {
	path := "/contacts?" + query.Encode()
	for path != "" {
		var page struct {
			Contacts []shownContact `json:"contacts"`
			Count    *int           `json:"contacts_count"`
			Links    struct {
				Next struct {
					Href string `json:"href"`
				} `json:"next"`
			} `json:"_links"`
		}
		p.call(http.MethodGet, path, nil, &page, 200)
		out = append(out, page.Contacts...)
		path = strings.TrimPrefix(page.Links.Next.Href, "/v3")
		if path == "" && page.Count != nil && *page.Count != len(out) {
			p.t.Fatalf("%s: %d contacts are counted, %d shown", query.Encode(), *page.Count, len(out))
		}
	}
	return out
}

// compare holds everything that the server tells to the model. It also learns
// the ids of contacts that an import has made, by their addresses.
func (p *pair) compare(t *rapid.T) {
	p.t = t
	shown := p.all(url.Values{"status": {"all"}, "limit": {"500"}, "include": {"list_memberships,taggings"}})
	if len(shown) != len(p.m.people) {
		t.Fatalf("%d contacts, want %d", len(shown), len(p.m.people))
	}
	for i, want := range p.m.people {
		c := shown[i]
		if want.id == "" {
			want.id = c.ID
		}
		permission := want.permission
		if want.address == "" { // then nothing is told of it
			permission = ""
		}
		got := fmt.Sprintf("%s %s %q %s %s deleted=%t lists=%s tags=%s", c.ID, strings.ToLower(c.Email.Address), c.First, c.Email.Permission,
			c.Email.OptOut, c.Deleted != "", setOf(c.Lists...), setOf(c.Tags...))
		is := fmt.Sprintf("%s %s %q %s %s deleted=%t lists=%s tags=%s", want.id, strings.ToLower(want.address), want.first, permission,
			want.optOut, want.deleted, want.lists, want.tags)
		if got != is || len(c.Lists) != len(want.lists) || len(c.Tags) != len(want.tags) {
			t.Fatalf("contact %d\n got %s\nwant %s", i, got, is)
		}
	}
	counts := map[string]int{}
	p.call(http.MethodGet, "/contacts/counts", nil, &counts, 200)
	if want := p.m.counts(); fmt.Sprint(counts) != fmt.Sprint(want) {
		t.Fatalf("counts are %v, want %v", counts, want)
	}
	for _, who := range []string{"all", "active"} {
		var page struct {
			Lists []struct {
				ID      string `json:"list_id"`
				Members int    `json:"membership_count"`
			} `json:"lists"`
		}
		p.call(http.MethodGet, "/contact_lists?include_membership_count="+who, nil, &page, 200)
		want := present(p.m.lists)
		if len(page.Lists) != len(want) {
			t.Fatalf("%d lists, want %d", len(page.Lists), len(want))
		}
		for i, l := range page.Lists {
			if n := p.m.members(want[i].id, who == "active"); l.ID != want[i].id || l.Members != n {
				t.Fatalf("list %s has %d members (%s), want %s with %d", l.ID, l.Members, who, want[i].id, n)
			}
		}
	}
	var page struct {
		Tags []struct {
			ID       string `json:"tag_id"`
			Contacts int    `json:"contacts_count"`
		} `json:"tags"`
	}
	p.call(http.MethodGet, "/contact_tags?include_count=true", nil, &page, 200)
	want := present(p.m.tags)
	if len(page.Tags) != len(want) {
		t.Fatalf("%d tags, want %d", len(page.Tags), len(want))
	}
	for i, tag := range page.Tags {
		if n := p.m.worn(want[i].id); tag.ID != want[i].id || tag.Contacts != n {
			t.Fatalf("tag %s counts %d contacts, want %s with %d", tag.ID, tag.Contacts, want[i].id, n)
		}
	}
}

// find asks for some contacts, in small pages.
func (p *pair) find(t *rapid.T) {
	query := url.Values{"limit": {fmt.Sprint(rapid.IntRange(1, 3).Draw(t, "limit"))}, "include_count": {"true"}}
	status := rapid.SampledFrom([]string{"", "all", "active", "deleted", implicit, explicit, unsubscribed, notSet, pending}).Draw(t, "status")
	if status != "" {
		query.Set("status", status)
	}
	var at string
	if rapid.IntRange(0, 3).Draw(t, "by address") == 0 {
		at = address(t)
		query.Set("email", at)
	}
	lists, tags := some(t, "lists", p.m.lists, 0, true), some(t, "tags", p.m.tags, 0, false)
	if len(lists) > 0 {
		query.Set("lists", strings.Join(lists, ","))
	}
	if len(tags) > 0 {
		query.Set("tags", strings.Join(tags, ","))
	}
	want := p.m.found(status, at, lists, tags)
	got := p.all(query)
	if len(got) != len(want) {
		t.Fatalf("%s: %d contacts, want %d", query.Encode(), len(got), len(want))
	}
	for i, c := range got {
		if c.ID != want[i].id {
			t.Fatalf("%s: contact %d is %s, want %s", query.Encode(), i, c.ID, want[i].id)
		}
	}
}
