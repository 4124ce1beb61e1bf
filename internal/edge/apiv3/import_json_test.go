package apiv3_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

const jsonImportPath = "/v3/activities/contacts_json_import"

func TestImportOfJSON(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.client()
		list := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Gold"}).status(201).text("list_id")
		// The contacts may come before the lists that they are for.
		begun := c.call(http.MethodPost, jsonImportPath, `{"import_data": [
			{"email": "ines@example.org", "first_name": "Ines\nMaria", "birthday_month": 2, "birthday_day": 29, "anniversary": "3/14/2019",
			 "phone": "1", "home_phone": "2", "zip": 12345, "home country": "Peru", "work_street": "1 Long Row", "work_street2": "Flat 2",
			 "other_city": "Lima", "last_name": null},
			{"email": "nobody"},
			{"first_name": "Nobody"},
			{"email": "jo@example.org", "birthday_month": 13, "birthday_day": 1},
			{"email": "lu@example.org", "last_name": "Lu, \"the\" one"}
		], "sms_permission_to_send": "not_set", "more": [1], "list_ids": ["`+list+`"]}`).status(201)
		if got := begun.text("status.items_total_count"); got != "5" {
			t.Errorf("%s items", got)
		}
		w.Clock.Move(time.Minute)
		w.work()
		done := c.call(http.MethodGet, begun.text("_links.self.href"), nil).status(200)
		if done.text("state") != "completed" || done.text("status.person_count") != "2" || !strings.HasPrefix(done.text("activity_errors.0"), "Line 2: ") {
			t.Errorf("got %s", done.Body)
		}
		c.call(http.MethodGet, "/v3/contacts?include=list_memberships,phone_numbers,street_addresses", nil).status(200)
		c.golden("import_json")
	})
}

func TestImportOfJSONThatIsRefused(t *testing.T) {
	w := alone(t)
	c := w.client()
	list := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Gold"}).status(201).text("list_id")
	one := `[{"email": "a@example.org"}]`
	body := func(data, lists string) string { return `{"import_data": ` + data + `, "list_ids": ` + lists + `}` }
	for _, bad := range []string{
		`{}`,
		body(`[]`, `["`+list+`"]`),
		body(`{"email": "a@example.org"}`, `["`+list+`"]`),
		body(one, `[]`),
		body(one, `["x", "019f0000-0000-7000-8000-000000000001"]`),
		body(one, `["`+strings.Repeat(list+`","`, 50)+list+`"]`),
		body(`[7, {}, {"email": true}, {"email": "a@example.org", "cf:shoe_size": "40"}]`, `["`+list+`"]`),
		`{"import_data": ` + one + `, "list_ids": ["` + list + `"], "sms_permission_to_send": "sure"}`,
	} {
		c.call(http.MethodPost, jsonImportPath, bad).code(400, "request.invalid")
	}
	c.call(http.MethodPost, jsonImportPath, "{\"import_data\": [\n{\"email\": \"a@example.org\",}]}").code(400, "request.malformed")
	c.call(http.MethodPost, jsonImportPath, "a=1", "Content-Type", "text/plain").code(415, "request.media_type")
	c.golden("import_json_refused")
	many := `[` + strings.Repeat(`{"email": "a@example.org"},`, maxFile/20) + `{"email": "a@example.org"}]`
	w.client().call(http.MethodPost, jsonImportPath, body(many, `["`+list+`"]`)).code(400, "import.too_large")
	w.Clock.Move(48 * time.Hour)
	if got := w.client().call(http.MethodGet, "/v3/activities", nil).status(200).Body.String(); strings.Contains(got, "_id") {
		t.Errorf("begun: %s", got)
	}
	if n := w.uploads(); n != 0 {
		t.Errorf("%d uploads are still kept", n)
	}
}
