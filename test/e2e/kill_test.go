package e2e

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // read beside the server, by its own driver
	_ "modernc.org/sqlite"             // likewise

	"kith/internal/base/change"
	"kith/internal/testdb"
	"kith/test/server"
)

// TestBulkWorkSurvivesKills kills the server while every kind of bulk work is
// under way, each on people of its own, and starts it again until all has
// ended. Whatever the moments were, nothing is left out and nothing is done or
// told twice.
func TestBulkWorkSurvivesKills(t *testing.T) {
	t.Parallel()
	each, kills, rounds := 2000, 2, 1
	if testdb.Scale() > 1 {
		each, kills, rounds = 20_000, 25, 4
	}
	onBoth(t, func(t *testing.T, p server.Place) {
		for n := range rounds {
			at := server.Place{Data: fmt.Sprint(p.Data, n), DatabaseURL: p.DatabaseURL}
			if n > 0 && p.DatabaseURL != "" {
				at.DatabaseURL = testdb.Postgres(t)
			}
			k := &killing{Place: at, each: each, lists: map[string]string{}, tags: map[string]string{}, begun: map[string]string{}, caught: map[string]bool{}}
			k.run(t, kills)
		}
	})
}

// killing is a server that dies and comes back, and the work that it does.
type killing struct {
	server.Place
	*server.Server
	c      server.Client
	each   int               // people of each kind
	lists  map[string]string // ids, by the kind whose people they hold
	tags   map[string]string // ids, by the kind whose people wear them
	field  string            // that the people of field_delete have a value in
	begun  map[string]string // ids of activities by kind
	caught map[string]bool   // kinds that a kill has met at work
}

func (k *killing) run(t *testing.T, kills int) {
	k.Server = server.Start(t, k.Place)
	k.c = server.Client{URL: k.URL, Token: k.Account(t, "ines@example.org", "contact_data")}
	k.prepare(t)
	for _, i := range rand.Perm(len(bulkKinds)) {
		b := bulkKinds[i]
		k.begun[b.kind] = b.begin(t, k, k.lists[b.kind])
	}
	for n := 0; n < kills && k.catch(t); n++ {
		k.Kill()
		k.Server = server.Start(t, k.Place)
		k.c.URL = k.URL
	}
	t.Logf("killed at work: %s", strings.Join(slices.Sorted(maps.Keys(k.caught)), ", "))
	for _, b := range bulkKinds {
		k.ended(t, b)
	}
	people := 1 // the owner
	for _, b := range bulkKinds {
		list := k.lists[b.kind]
		if b.stay != nil {
			k.members(t, b.kind, b.stay(k.each))
		}
		if b.look != nil {
			b.look(t, k, list)
		}
		switch b.kind {
		case "file_import":
			people += readable(k.each)
		case "contact_delete":
		default:
			people += k.each
		}
	}
	k.count(t, url.Values{}, people)
	var counts struct {
		Total int `json:"total"`
	}
	k.c.Get(t, "/v3/contacts/counts", &counts)
	if counts.Total != people {
		t.Errorf("%d contacts are counted, want %d", counts.Total, people)
	}
	if n := countPages(t, k.c, "/v3/contacts?limit=500"); n != people {
		t.Errorf("%d contacts on all pages, want %d", n, people)
	}
	k.Stop(t)
	k.told(t)
}

// prepare makes the lists and the people on them.
func (k *killing) prepare(t *testing.T) {
	t.Helper()
	k.list(t, targetList)
	var field struct {
		ID string `json:"custom_field_id"`
	}
	k.c.Want(t, http.StatusCreated, http.MethodPost, "/v3/contact_custom_fields", map[string]any{"label": "Shelf", "type": "string"}, &field)
	k.field = field.ID
	var imports []string
	for _, b := range bulkKinds {
		k.list(t, b.kind)
		if !b.empty {
			imports = append(imports, k.importPeople(t, b.kind))
		}
	}
	for _, id := range imports {
		if a := finish(t, k.c, id); a.Status.Persons != k.each {
			t.Fatalf("the people were not imported: %+v", a)
		}
	}
	for _, kind := range []string{"tag_add", "tag_remove", "tag_delete"} {
		k.tags[kind] = k.makeTag(t, kind)
		if kind != "tag_add" {
			finish(t, k.c, k.post(t, "contacts_taggings_add", map[string]any{"source": from(k.lists[kind]), "tag_ids": []string{k.tags[kind]}}))
		}
	}
}

// makeTag makes a tag and returns its id.
func (k *killing) makeTag(t *testing.T, name string) string {
	t.Helper()
	var tag struct {
		ID string `json:"tag_id"`
	}
	k.c.Want(t, http.StatusCreated, http.MethodPost, "/v3/contact_tags", map[string]any{"name": name}, &tag)
	return tag.ID
}

// list makes a list.
func (k *killing) list(t *testing.T, name string) {
	t.Helper()
	var l struct {
		ID string `json:"list_id"`
	}
	k.c.Want(t, http.StatusCreated, http.MethodPost, "/v3/contact_lists", map[string]any{"name": name}, &l)
	k.lists[name] = l.ID
}

// importPeople begins to import people onto a list, whose name is in their
// addresses.
func (k *killing) importPeople(t *testing.T, list string) string {
	t.Helper()
	var file bytes.Buffer
	file.WriteString("email,last_name\n")
	for i := range k.each {
		fmt.Fprintf(&file, "%s,No %d\n", member(list, i), i)
	}
	return importFile(t, k.c, list+".csv", &file, k.lists[list])
}

// post begins an activity and returns its id.
func (k *killing) post(t *testing.T, path string, body any) string {
	t.Helper()
	var a activity
	k.c.Want(t, http.StatusCreated, http.MethodPost, "/v3/activities/"+path, body, &a)
	return a.ID
}

// catch waits until a kind that no kill has met is being worked on, and then
// for a random moment more. It returns false when there is none any more.
func (k *killing) catch(t *testing.T) bool {
	t.Helper()
	for {
		var page struct {
			Activities []struct {
				ID    string `json:"activity_id"`
				State string `json:"state"`
			} `json:"activities"`
		}
		k.c.Get(t, "/v3/activities?limit=500", &page)
		open := false
		var at []string
		for _, a := range page.Activities {
			for kind, id := range k.begun {
				if id != a.ID || k.caught[kind] {
					continue
				}
				open = open || a.State == "initialized"
				if a.State == "processing" {
					at = append(at, kind)
				}
			}
		}
		if len(at) > 0 {
			for _, kind := range at {
				k.caught[kind] = true
			}
			time.Sleep(time.Duration(rand.IntN(100)) * time.Millisecond)
			return true
		}
		if !open {
			return false
		}
		time.Sleep(5 * time.Millisecond) // a client polls; there is nothing else to wait on
	}
}

// ended waits for an activity and holds what it says to what there was to do.
func (k *killing) ended(t *testing.T, b killed) {
	t.Helper()
	a := finish(t, k.c, k.begun[b.kind])
	want := k.each
	if b.kind == "file_import" {
		want = readable(k.each)
	}
	if a.State != "completed" || a.PercentDone != 100 || len(a.Errors) > 0 && b.kind != "file_import" {
		t.Errorf("%s ended as %+v", b.kind, a)
	}
	if a.Status.Persons > 0 && a.Status.Persons != want || a.Status.Total > 0 && a.Status.Completed != a.Status.Total {
		t.Errorf("%s: of %d people, the activity tells %+v", b.kind, want, a.Status)
	}
}

// members holds the count that is kept of a list to who is found on it, and
// both to a number.
func (k *killing) members(t *testing.T, list string, want int) {
	t.Helper()
	var l struct {
		Members int `json:"membership_count"`
	}
	k.c.Get(t, "/v3/contact_lists/"+k.lists[list]+"?include_membership_count=all", &l)
	if l.Members != want {
		t.Errorf("the list %s counts %d members, want %d", list, l.Members, want)
	}
	k.count(t, url.Values{"lists": {k.lists[list]}}, want)
}

// count counts whom a filter finds.
func (k *killing) count(t *testing.T, query url.Values, want int) {
	t.Helper()
	query.Set("include_count", "true")
	query.Set("limit", "1")
	var page struct {
		Count int `json:"contacts_count"`
	}
	k.c.Get(t, "/v3/contacts?"+query.Encode(), &page)
	if page.Count != want {
		t.Errorf("%s: %d contacts, want %d", query.Encode(), page.Count, want)
	}
}

// exported reads the file of the export: everybody once, whole rows.
func (k *killing) exported(t *testing.T) {
	t.Helper()
	var a struct {
		Links struct {
			Results struct {
				Href string `json:"href"`
			} `json:"results"`
		} `json:"_links"`
	}
	k.c.Get(t, "/v3/activities/"+k.begun["contact_export"], &a)
	status, _, file := k.c.Call(t, http.MethodGet, a.Links.Results.Href, nil)
	if status != http.StatusOK {
		t.Errorf("the export's file: %d %s", status, file)
		return
	}
	rows, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil {
		t.Errorf("the export's file: %v", err)
		return
	}
	seen := map[string]bool{}
	for _, row := range rows[1:] {
		if seen[row[0]] {
			t.Errorf("%s stands in the export twice", row[0])
		}
		seen[row[0]] = true
	}
	for i := range k.each {
		if !seen[member("contact_export", i)] {
			t.Errorf("%s is not in the export", member("contact_export", i))
		}
	}
	if len(seen) != k.each {
		t.Errorf("%d contacts in the export, want %d", len(seen), k.each)
	}
}

// told reads the rows of changes that the activities left, behind the server's
// back: each tells of each of its people once.
func (k *killing) told(t *testing.T) {
	t.Helper()
	driver, source, uid := "sqlite", "file:"+k.Data+"/kith.db", "lower(hex(a.uid))"
	if k.DatabaseURL != "" {
		driver, source, uid = "pgx", k.DatabaseURL, "replace(a.uid::text, '-', '')"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var left int
	if err := db.QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM field_value) +
		(SELECT count(*) FROM tagging) - $1`, k.each).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d taggings and values of fields too many, %v", left, err) // those of tag_add stay
	}
	rows, err := db.QueryContext(t.Context(), "SELECT "+uid+`, c.kind, c.ref, c.members FROM change c
		JOIN activity a ON a.account_id = c.account_id AND a.number = c.activity ORDER BY c.id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	told := map[string]map[int64]int{} // by activity and kind of change: how often of whom
	for rows.Next() {
		var (
			activity, kind string
			ref            int64
			packed         []byte
		)
		if err := rows.Scan(&activity, &kind, &ref, &packed); err != nil {
			t.Fatal(err)
		}
		whom, err := change.Unpack(packed)
		if err != nil {
			t.Fatal(err)
		}
		if ref != 0 {
			whom = []int64{ref}
		}
		key := activity + " " + kind
		if told[key] == nil {
			told[key] = map[int64]int{}
		}
		for _, one := range whom {
			if told[key][one]++; told[key][one] == 2 {
				t.Errorf("%s of contact %d is told twice", key, one)
			}
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, b := range bulkKinds {
		if b.tells == "" {
			continue
		}
		want := k.each
		if b.kind == "file_import" {
			want = readable(k.each)
		}
		key := strings.ReplaceAll(k.begun[b.kind], "-", "") + " " + string(b.tells)
		if got := len(told[key]); got != want {
			t.Errorf("%s: %s is told of %d contacts, want %d", b.kind, b.tells, got, want)
		}
	}
}
