package apiv3_test

import (
	"compress/gzip"
	"encoding/csv"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"kith/internal/domain/contact"
)

const exportPath = "/v3/activities/contact_exports"

// An export from its call to its file.
func TestExport(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.client()
		gold := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Gold, old"}).status(201).text("list_id")
		silver := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Silver"}).status(201).text("list_id")
		tag := w.newTag("vip")
		stranger := w.stranger()
		add := func(address, first, permission string, lists ...string) string {
			return c.call(http.MethodPost, "/v3/contacts", object{
				"email_address": object{"address": address, "permission_to_send": permission}, "first_name": first,
				"phone_numbers":    []object{{"phone_number": "+1 202 555 0100", "kind": "work"}},
				"list_memberships": lists, "create_source": "Account",
			}).status(201).text("contact_id")
		}
		ann := add("ann@example.org", `=HYPERLINK("x")`, "implicit", gold, silver)
		jo := add("jo@example.org", "Jo", "unsubscribed")
		c.call(http.MethodPost, tagPath, object{"source": object{"contact_ids": []string{ann}}, "tag_ids": []string{tag}}).status(201)
		w.work()
		sought, err := strconv.Atoi(c.call(http.MethodPost, "/v3/segments", object{"name": "Jos", "segment_criteria": rules(
			object{"source": "contact", "field": "first_name", "op": "equals", "value": "jo"},
		)}).status(201).text("segment_id"))
		if err != nil {
			t.Fatal(err)
		}

		file := func(body object) [][]string {
			t.Helper()
			begun := c.call(http.MethodPost, exportPath, body).status(201)
			results := begun.text("_links.results.href")
			c.call(http.MethodGet, results, nil).code(404, "export.pending")
			w.work()
			if done := c.call(http.MethodGet, begun.text("_links.self.href"), nil).status(200); done.text("state") != "completed" ||
				done.text("_links.results.href") != results {
				t.Fatalf("got %s", done.Body)
			}
			got := c.call(http.MethodGet, results, nil).status(200)
			h := got.Header()
			if h.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment; filename=contacts-") {
				t.Errorf("headers %v", h)
			}
			rows, err := csv.NewReader(got.Body).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			packed := c.call(http.MethodGet, results, nil, "Accept-Encoding", "gzip").status(200)
			z, err := gzip.NewReader(packed.Body)
			if err != nil {
				t.Fatal(err)
			}
			again, err := io.ReadAll(z)
			if err != nil || strings.Count(string(again), "\r\n") != len(rows) {
				t.Errorf("compressed: %q, %v", again, err)
			}
			// Of another account it is nothing.
			stranger.call(http.MethodGet, results, nil).code(404, "resource.not_found")
			return rows
		}
		columns := []string{"email_address", "first_name", "work_phone", "list_memberships", "taggings", "permission_to_send"}
		want := "Email address|First name|Phone - work|Email Lists|Tags|Email permission status\n"
		annRow := `ann@example.org|'=HYPERLINK("x")|+1 202 555 0100|Gold, old, Silver|vip|implicit` + "\n"
		joRow := "jo@example.org|Jo|+1 202 555 0100|||unsubscribed\n"
		for name, test := range map[string]struct {
			body object
			want string
		}{
			"everybody":            {object{}, annRow + joRow},
			"contacts":             {object{"contact_ids": []string{jo}}, joRow},
			"a list":               {object{"list_ids": []string{gold}}, annRow},
			"a list less somebody": {object{"list_ids": []string{gold}, "exclude": object{"contact_ids": []string{ann}}}, ""},
			"a tag":                {object{"tag_ids": []string{tag}}, annRow},
			"a status":             {object{"status": "unsubscribed"}, joRow},
			"a status of contacts": {object{"contact_ids": []string{ann, jo}, "status": "active"}, annRow},
			"a segment":            {object{"segment_id": sought}, joRow},
			"new subscribers":      {object{"new_subscriber": true}, annRow},
		} {
			test.body["fields"] = columns
			var got strings.Builder
			for _, row := range file(test.body) {
				got.WriteString(strings.Join(row, "|") + "\n")
			}
			if got.String() != want+test.want {
				t.Errorf("%s: got\n%s\nwant\n%s", name, got.String(), want+test.want)
			}
		}
		all := file(object{})
		if len(all) != 3 || len(all[0]) != 36 || all[0][0] != "Email address" || all[0][len(all[0])-1] != "Updated At" {
			t.Errorf("everything: %d columns: %v", len(all[0]), all)
		}
	})
}

// Columns of custom fields are asked for by id, by name, or all together; a
// choice is written as its label, as an import takes it.
func TestExportOfCustomFields(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.client()
		field := func(in contact.NewField) contact.Field {
			f, err := w.contacts.CreateField(t.Context(), w.ann, in, nil)
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		boat := field(contact.NewField{Label: "Boat, \"first\"", Type: contact.TypeString})
		days := field(contact.NewField{Label: "Days", Type: contact.TypeMultiSelect, Choices: []string{"Monday", "Tuesday", "Friday"}})
		born := field(contact.NewField{Label: "Launched", Type: contact.TypeDate, Version: 2})
		c.call(http.MethodPost, "/v3/contacts", object{
			"email_address": object{"address": "ann@example.org"}, "create_source": "Account", "custom_fields": []object{
				{"custom_field_id": boat.UID.String(), "value": "Ondine\nII"},
				{"custom_field_id": days.UID.String(), "choice_ids": []int64{days.Choices[2].ID, days.Choices[0].ID}},
				{"custom_field_id": born.UID.String(), "value": "2020-02-29"},
			},
		}).status(201)
		c.call(http.MethodPost, "/v3/contacts", object{"email_address": object{"address": "bob@example.org"}, "create_source": "Account"}).status(201)
		all := `"Boat, ""first""",Days,Launched`
		for _, test := range []struct {
			fields []string
			want   string
		}{
			{
				[]string{"custom_fields", "email_address"},
				all + ",Email address\r\n\"Ondine\nII\",\"Monday, Friday\",2020-02-29,ann@example.org\r\n,,,bob@example.org\r\n",
			},
			{
				[]string{"cf:" + days.Name, "email_address", boat.UID.String(), "custom_fields"},
				`Days,Email address,"Boat, ""first""",Launched` + "\r\n\"Monday, Friday\",ann@example.org,\"Ondine\nII\",2020-02-29\r\n,bob@example.org,,\r\n",
			},
		} {
			results := c.call(http.MethodPost, exportPath, object{"fields": test.fields}).status(201).text("_links.results.href")
			w.work()
			if got := c.call(http.MethodGet, results, nil).status(200).Body.String(); got != test.want {
				t.Errorf("%q: got\n%s\nwant\n%s", test.fields, got, test.want)
			}
		}
		whole := c.call(http.MethodPost, exportPath, object{}).status(201).text("_links.results.href")
		w.work()
		if got := c.call(http.MethodGet, whole, nil).status(200).Body.String(); !strings.Contains(got, ","+all+",Email Lists,") {
			t.Errorf("an export of everything begins %.900s", got)
		}
	})
}

func TestExportThatIsRefused(t *testing.T) {
	w := alone(t)
	c := w.client()
	const nothing = "019f0000-0000-7000-8000-000000000001"
	one := []string{nothing}
	many := make([]string, 501)
	for i := range many {
		many[i] = nothing
	}
	for name, body := range map[string]object{
		"two sources":                  {"contact_ids": one, "list_ids": one},
		"a list that is not there":     {"list_ids": one},
		"a tag that is not there":      {"tag_ids": one},
		"a segment that is not there":  {"segment_id": 7},
		"too many contacts":            {"contact_ids": many},
		"too many lists":               {"list_ids": many[:51]},
		"too many excluded":            {"exclude": object{"contact_ids": many[:51]}},
		"exclude beside contacts":      {"contact_ids": one, "exclude": object{"contact_ids": one}},
		"a status beside new ones":     {"new_subscriber": true, "status": "active"},
		"no such status":               {"status": "sleeping"},
		"no such field":                {"fields": []string{"shoe_size"}},
		"opt-in without the address":   {"fields": []string{"first_name", "email_optin_date"}},
		"an id that is none":           {"contact_ids": []string{"x"}},
		"a field's name as it is kept": {"fields": []string{"custom_field:1"}},
	} {
		if got := c.call(http.MethodPost, exportPath, body); got.Code != 400 || got.Header().Get("Kith-Error-Code") != "request.invalid" {
			t.Errorf("%s: %d %s", name, got.Code, got.Body)
		}
	}
	c.call(http.MethodPost, exportPath, "{").code(400, "request.malformed")
	c.call(http.MethodGet, "/v3/contact_exports/"+nothing, nil).code(404, "resource.not_found")
	c.call(http.MethodGet, "/v3/contact_exports/1", nil).code(404, "resource.not_found")
	w.fillQueue(1000)
	c.call(http.MethodPost, exportPath, object{}).code(429, "activity.queue_full")
}

func TestAnExportsFileIsKeptForTwoWeeks(t *testing.T) {
	w := alone(t)
	c := w.client()
	results := c.call(http.MethodPost, exportPath, object{}).status(201).text("_links.results.href")
	w.work()
	// The test's clock is not the one by which files are written.
	files, err := filepath.Glob(filepath.Join(w.files, "*", "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files %v, %v", files, err)
	}
	if err := os.Chtimes(files[0], w.Clock.Now(), w.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		days int
		want int
	}{{10, 200}, {5, 404}} {
		w.Clock.Move(time.Duration(step.days) * 24 * time.Hour)
		if err := w.bulk.Expire(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := w.client().call(http.MethodGet, results, nil); got.Code != step.want {
			t.Errorf("%d days later: %d, want %d", step.days, got.Code, step.want)
		}
	}
}
