package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"kith/internal/testdb"
	"kith/test/server"
)

// TestEverythingAtOnce lets bulk work of all kinds and writes of single
// contacts have the same people, from many callers at a time, and kills the
// server in the middle. Who ends where is left to chance; but no call fails,
// all work ends, and what is counted is what is found.
func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	people, callers, calls, rounds := 1000, 4, 40, 1
	if testdb.Scale() > 1 {
		people, callers, calls, rounds = 10_000, 8, 1000, 3
	}
	onBoth(t, func(t *testing.T, p server.Place) {
		k := &killing{Place: p, each: people, lists: map[string]string{}, begun: map[string]string{}}
		k.Server = server.Start(t, k.Place)
		k.c = server.Client{URL: k.URL, Token: k.Account(t, "ines@example.org", "contact_data")}
		for _, name := range []string{"a", "b", "c"} {
			k.list(t, name)
		}
		finish(t, k.c, k.importPeople(t, "a"))
		for range rounds {
			var callersDone sync.WaitGroup
			for n := range callers {
				callersDone.Go(func() {
					if err := k.write(t.Context(), n, calls); err != nil {
						t.Error(err)
					}
				})
			}
			work := k.beginAll(t)
			callersDone.Wait()
			time.Sleep(time.Duration(rand.IntN(100)) * time.Millisecond)
			k.Kill()
			k.Server = server.Start(t, k.Place)
			k.c.URL = k.URL
			for _, id := range work {
				if a := finish(t, k.c, id); a.State != "completed" {
					t.Errorf("an activity ended as %+v", a)
				}
			}
			k.agree(t)
		}
	})
}

// beginAll begins every kind of work on whoever is on the lists, and returns
// the ids of the activities.
func (k *killing) beginAll(t *testing.T) (ids []string) {
	t.Helper()
	a, b, c := k.lists["a"], k.lists["b"], k.lists["c"]
	begin := []func() string{
		func() string {
			return k.post(t, "add_list_memberships", map[string]any{"source": from(a), "list_ids": []string{b, c}})
		},
		func() string {
			return k.post(t, "remove_list_memberships", map[string]any{"source": from(b), "list_ids": []string{b}})
		},
		func() string {
			return k.post(t, "add_list_memberships", map[string]any{"source": map[string]any{"all_active_contacts": true}, "list_ids": []string{a}})
		},
		func() string { return k.importPeople(t, "a") },
		func() string { return k.post(t, "contact_exports", map[string]any{"list_ids": []string{a, c}}) },
		func() string {
			return k.post(t, "contact_delete", map[string]any{"list_ids": []string{c}})
		},
	}
	rand.Shuffle(len(begin), func(i, j int) { begin[i], begin[j] = begin[j], begin[i] })
	for _, one := range begin {
		ids = append(ids, one())
	}
	return ids
}

// write makes random calls about single contacts. None of them may fail for
// another reason than the state that the contact is in.
func (k *killing) write(ctx context.Context, caller, calls int) error {
	all := []string{k.lists["a"], k.lists["b"], k.lists["c"]}
	random := rand.New(rand.NewPCG(uint64(caller), 7))
	permissions := []string{"implicit", "explicit", "unsubscribed", "unsubscribed"}
	for range calls {
		address := member("a", random.IntN(k.each))
		lists := all[:1+random.IntN(len(all))]
		var page struct {
			Contacts []struct {
				ID string `json:"contact_id"`
			} `json:"contacts"`
		}
		text, err := k.ask(ctx, http.MethodGet, "/v3/contacts?status=all&email="+address, nil)
		if err := errors.Join(err, json.Unmarshal(text, &page)); err != nil {
			return err
		}
		if len(page.Contacts) != 1 {
			return fmt.Errorf("%d contacts have the address %s", len(page.Contacts), address)
		}
		at := "/v3/contacts/" + page.Contacts[0].ID
		switch random.IntN(4) {
		case 0:
			_, err = k.ask(ctx, http.MethodDelete, at, nil)
		case 1:
			_, err = k.ask(ctx, http.MethodPost, "/v3/contacts/sign_up_form", map[string]any{"email_address": address, "list_memberships": lists})
		case 2:
			_, err = k.ask(ctx, http.MethodPost, at+"/list_memberships", map[string]any{"list_ids": lists})
		case 3:
			_, err = k.ask(ctx, http.MethodPut, at, map[string]any{
				"email_address":    map[string]any{"address": address, "permission_to_send": permissions[random.IntN(len(permissions))]},
				"list_memberships": lists, "update_source": "Account", "first_name": fmt.Sprint("By ", caller),
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ask calls the server, beside the test's own goroutine, and returns the body.
func (k *killing) ask(ctx context.Context, method, path string, body map[string]any) ([]byte, error) {
	var in io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		in = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, method, k.c.URL+path, in)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+k.c.Token)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err == nil && (a.StatusCode >= 500 || a.StatusCode == http.StatusTooManyRequests) {
		err = fmt.Errorf("%s %s: %d %s", method, path, a.StatusCode, text)
	}
	return text, err
}

// agree holds the counts that are kept to what is found.
func (k *killing) agree(t *testing.T) {
	t.Helper()
	for name, id := range k.lists {
		for kind, status := range map[string]string{"all": "", "active": "active"} {
			var l struct {
				Members int `json:"membership_count"`
			}
			k.c.Get(t, "/v3/contact_lists/"+id+"?include_membership_count="+kind, &l)
			query := url.Values{"lists": {id}, "limit": {"500"}}
			if status != "" {
				query.Set("status", status)
			}
			if n := countPages(t, k.c, "/v3/contacts?"+query.Encode()); n != l.Members {
				t.Errorf("list %s counts %d members (%s), found are %d", name, l.Members, kind, n)
			}
			k.count(t, query, l.Members)
		}
	}
	var counts struct{ Total, Explicit, Implicit, Unsubscribed, Pending int }
	k.c.Get(t, "/v3/contacts/counts", &counts)
	for status, want := range map[string]int{
		"": counts.Total, "explicit": counts.Explicit, "implicit": counts.Implicit,
		"unsubscribed": counts.Unsubscribed, "pending_confirmation": counts.Pending,
	} {
		query := url.Values{"limit": {"500"}}
		if status != "" {
			query.Set("status", status)
		}
		if n := countPages(t, k.c, "/v3/contacts?"+query.Encode()); n != want {
			t.Errorf("%d contacts are counted as %q, found are %d", want, status, n)
		}
	}
	if n := countPages(t, k.c, "/v3/contacts?status=all&limit=500"); n != k.each+1 {
		t.Errorf("%d contacts and the owner, want %d", n, k.each+1)
	}
}
