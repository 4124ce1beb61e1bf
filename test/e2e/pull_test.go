package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/testdb"
	"kith/test/server"
)

// TestPullSurvivesKills copies an account from one Kith to another, kills the
// command twice on the way, and compares what the two servers say.
func TestPullSurvivesKills(t *testing.T) {
	t.Parallel()
	rows := 4_000
	if testdb.Scale() > 1 {
		rows = 2_000 * testdb.Scale()
	}
	from := server.NewPlace(t, "")
	source := server.Start(t, from)
	there := server.Client{URL: source.URL, Token: from.Account(t, "ines@example.org", "contact_data")}
	list := lists(t, there)["General Interest"]
	if a := finish(t, there, importFile(t, there, "people.csv", people(rows), list)); a.State != "completed" {
		t.Fatalf("the import ended as %+v", a)
	}
	oddities(t, there, list)

	onBoth(t, func(t *testing.T, to server.Place) {
		target := server.Start(t, to)
		here := server.Client{URL: target.URL, Token: to.Account(t, "tom@example.org", "contact_data")}
		args := []string{"pull", "--server", source.URL, "--token", there.Token, "--account", "tom@example.org", "--json", "--data", to.Data}
		if to.DatabaseURL != "" {
			args = append(args, "--database-url", to.DatabaseURL)
		}
		for i := range 2 {
			// Slowly, so that it is killed on the way: when some pages more
			// are here than before.
			before := count(t, here)
			cmd := exec.CommandContext(t.Context(), server.Binary(t), append(args, "--rate", "20")...)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			for deadline := time.Now().Add(time.Minute); count(t, here) < before+1000; {
				if time.Now().After(deadline) {
					t.Fatalf("run %d copied %d contacts in a minute", i+1, count(t, here)-before)
				}
				time.Sleep(10 * time.Millisecond) // another process works; there is nothing else to wait on
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // it was killed
			if n := count(t, here); n > rows {
				t.Errorf("run %d was killed too late to show anything: %d contacts", i+1, n)
			}
		}
		summary := pull(t, append(args, "--rate", "0")...)
		want, got := everybody(t, there), everybody(t, here)
		delete(got, "tom@example.org")
		if len(got) != len(want) {
			t.Errorf("%d contacts here, %d there", len(got), len(want))
		}
		wrong := 0
		for address, contact := range want {
			if got[address] != contact && wrong < 3 {
				wrong++
				t.Errorf("%s\n here %s\nthere %s", address, got[address], contact)
			}
		}
		if summary.Copied != len(want) || summary.Present != 0 || !summary.Finished {
			t.Errorf("told %+v, want %d copied", summary, len(want))
		}
		var counts [2]int
		for i, c := range []server.Client{there, here} {
			var l struct {
				Members int `json:"membership_count"`
			}
			c.Get(t, "/v3/contact_lists/"+lists(t, c)["General Interest"]+"?include_membership_count=active", &l)
			counts[i] = l.Members
		}
		if counts[1] != counts[0]+1 { // and Tom
			t.Errorf("the list counts %d active members here, %d there", counts[1], counts[0])
		}
		for _, path := range []string{"/v3/contact_tags?include_count=true", "/v3/contact_custom_fields"} {
			if want, got := defined(t, there, path), defined(t, here, path); got != want {
				t.Errorf("%s\n here %s\nthere %s", path, got, want)
			}
		}
		// Once more finds everybody in place.
		if again := pull(t, append(args, "--rate", "0")...); again.Copied != 0 || again.Present != len(want) {
			t.Errorf("once more: %+v", again)
		}
		if dry := pull(t, append(args, "--dry-run")...); dry.Contacts != len(want) {
			t.Errorf("a dry run: %+v, want %d contacts", dry, len(want))
		}
	})
}

// pulled is what kith pull prints.
type pulled struct {
	Copied   int  `json:"copied"`
	Present  int  `json:"present"`
	Finished bool `json:"finished"`
	Contacts int  `json:"contacts"`
}

// pull runs the command to its end.
func pull(t *testing.T, args ...string) (p pulled) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, server.Binary(t), args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s%s", err, errs.String(), out.String())
	}
	decode(t, out.Bytes(), &p)
	return p
}

// oddities makes contacts of every state, with all that may belong to one.
func oddities(t *testing.T, c server.Client, list string) {
	t.Helper()
	type object = map[string]any
	var tag struct {
		ID string `json:"tag_id"`
	}
	c.Want(t, 201, "POST", "/v3/contact_tags", object{"name": "Odd one", "tag_source": "shop"}, &tag)
	var plain, picked struct {
		ID string `json:"custom_field_id"`
	}
	c.Want(t, 201, "POST", "/v3/contact_custom_fields", object{"label": "Shoe size", "type": "number", "metadata": object{"decimal_places": 1}}, &plain)
	c.Want(t, 201, "POST", "/v3/contact_custom_fields", object{
		"label": "Colours", "type": "multi_select", "metadata": object{"display_type": "checkbox"},
		"choices": []object{{"choice_label": "Red"}, {"choice_label": "Blue"}, {"choice_label": "None"}},
	}, &picked)
	for _, permission := range []string{"explicit", "not_set", "pending_confirmation", "unsubscribed"} {
		c.Want(t, 201, "POST", "/v3/contacts", object{
			"email_address": object{"address": permission + "@example.org", "permission_to_send": permission, "opt_out_reason": "too much"},
			"first_name":    "Odd", "create_source": "Contact", "birthday_month": 2, "birthday_day": 29, "anniversary": "2020-02-29",
			"phone_numbers":    []object{{"phone_number": "+1 23", "kind": "mobile"}, {"phone_number": "+1 24", "kind": "work"}},
			"street_addresses": []object{{"kind": "home", "street": "1 Quai", "city": "Lyon", "country": "FR"}},
			"notes":            []object{{"content": "a note\nof two lines"}},
			"taggings":         []string{tag.ID},
			"custom_fields":    []object{{"custom_field_id": plain.ID, "value": "44.5"}, {"custom_field_id": picked.ID, "choice_ids": []int{1, 3}}},
		}, nil)
	}
	var made struct {
		ID string `json:"contact_id"`
	}
	c.Want(t, 201, "POST", "/v3/contacts", object{
		"email_address": object{"address": "gone@example.org"}, "create_source": "Account", "list_memberships": []string{list},
	}, &made)
	c.Want(t, 204, "DELETE", "/v3/contacts/"+made.ID, nil, nil)
}

func count(t *testing.T, c server.Client) int {
	t.Helper()
	var p struct {
		Count int `json:"contacts_count"`
	}
	c.Get(t, "/v3/contacts?include_count=true&limit=1&status=all", &p)
	return p.Count
}

// defined returns a page of what contacts may be given, without the times at
// which it was made here and there.
func defined(t *testing.T, c server.Client, path string) string {
	t.Helper()
	var page map[string]any
	c.Get(t, path, &page)
	for _, all := range page {
		some := all.([]any)
		for _, one := range some {
			delete(one.(map[string]any), "created_at")
			delete(one.(map[string]any), "updated_at")
		}
		slices.SortFunc(some, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	}
	text, err := json.Marshal(page)
	if err != nil {
		t.Fatal(err)
	}
	if len(page) == 0 || strings.Contains(string(text), "[]") {
		t.Errorf("%s has nothing to compare: %s", path, text)
	}
	return string(text)
}

// everybody returns all contacts as the server tells of them, by address. Lists
// are told by their names, which are the same on both sides.
func everybody(t *testing.T, c server.Client) map[string]string {
	t.Helper()
	names := map[string]string{}
	for name, id := range lists(t, c) {
		names[id] = name
	}
	all := map[string]string{}
	path := "/v3/contacts?status=all&limit=500&include=custom_fields,list_memberships,taggings,notes,phone_numbers,street_addresses"
	for path != "" {
		var page struct {
			Contacts []map[string]any `json:"contacts"`
			Links    *struct {
				Next struct {
					Href string `json:"href"`
				} `json:"next"`
			} `json:"_links"`
		}
		c.Get(t, path, &page)
		for _, one := range page.Contacts {
			var on []string
			for _, id := range one["list_memberships"].([]any) {
				on = append(on, names[id.(string)])
			}
			slices.Sort(on)
			one["list_memberships"] = on
			// Fields have numbers of their own on each side, and values stand in
			// their order.
			slices.SortFunc(one["custom_fields"].([]any), func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
			text, err := json.Marshal(one)
			if err != nil {
				t.Fatal(err)
			}
			all[fmt.Sprint(one["email_address"].(map[string]any)["address"])] = string(text)
		}
		path = ""
		if page.Links != nil {
			path = page.Links.Next.Href
		}
	}
	return all
}
