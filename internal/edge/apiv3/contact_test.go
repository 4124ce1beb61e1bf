package apiv3_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kith/internal/domain/contact"
)

type object = map[string]any

func TestContactFromCradleToGrave(t *testing.T) {
	w := alone(t)
	c := w.client()
	gold := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Gold"}).status(201).text("list_id")
	silver := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Silver"}).status(201).text("list_id")

	made := c.call(http.MethodPost, "/v3/contacts", object{
		"email_address": object{"address": "Ines@Example.org", "permission_to_send": "explicit"},
		"first_name":    "Ines", "last_name": "Roy", "job_title": "Baker", "company_name": "Crust & Sons",
		"birthday_month": 2, "birthday_day": 29, "anniversary": "3/14/2019", "create_source": "Account",
		"phone_numbers":    []object{{"phone_number": "+33 1 23", "kind": "work"}},
		"street_addresses": []object{{"kind": "home", "street": "1 quai des Brumes", "city": "Paris", "country": "France"}},
		"list_memberships": []string{gold, silver},
		"notes":            []object{{"content": "Met at the <fair>"}},
		"unknown":          object{"is": "passed over"},
	}).status(201)
	id := made.text("contact_id")

	w.Clock.Move(time.Hour)
	c.call(http.MethodGet, "/v3/contacts/"+id, nil).status(200)
	c.call(http.MethodGet, "/v3/contacts/"+strings.ToUpper(id)+"/?include=list_memberships,phone_numbers&include=sms_channel", nil).status(200)
	// A contact as it was read may be written back; what is left out is emptied.
	c.call(http.MethodPut, "/v3/contacts/"+id, object{
		"contact_id": id, "created_at": "2026-03-01T17:05:09Z",
		"email_address": object{"address": "ines@example.org", "permission_to_send": "explicit", "created_at": "x"},
		"last_name":     "Roy-Hart", "job_title": nil, "update_source": "Account", "list_memberships": []string{gold},
	}).status(200)
	c.call(http.MethodPut, "/v3/contacts/"+id, object{
		"email_address": object{"address": "ines@example.org", "permission_to_send": "unsubscribed", "opt_out_reason": "too many"},
		"update_source": "Contact",
	}).status(200)
	c.call(http.MethodPut, "/v3/contacts/"+id, object{
		"email_address": object{"address": "ines@example.org", "permission_to_send": "implicit"}, "update_source": "Account",
	}).code(400, "contact.unsubscribed")
	c.call(http.MethodPost, "/v3/contacts", object{"email_address": object{"address": "ines@example.org"}, "create_source": "Account"}).
		code(409, "contact.address.taken")
	c.call(http.MethodDelete, "/v3/contacts/"+id, nil).status(204)
	c.call(http.MethodDelete, "/v3/contacts/"+id, nil).code(404, "resource.not_found")
	c.call(http.MethodGet, "/v3/contacts/"+id, nil).status(200)
	c.call(http.MethodPost, "/v3/contacts", object{"email_address": object{"address": "ines@example.org"}, "create_source": "Account"}).
		code(409, "contact.address.taken")
	c.golden("contact")
}

func TestFieldsAndTagsOfAContact(t *testing.T) {
	w := alone(t)
	field := func(label string, kind contact.FieldType, choices ...string) string {
		t.Helper()
		f, err := w.contacts.CreateField(t.Context(), w.ann, contact.NewField{Label: label, Type: kind, Choices: choices}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return f.UID.String()
	}
	colour, size := field("Colour", contact.TypeString), field("Size", contact.TypeMultiSelect, "S", "M", "L")
	tag, err := w.contacts.CreateTag(t.Context(), w.ann, "Regular", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	c := w.client()
	id := c.call(http.MethodPost, "/v3/contacts", object{
		"first_name": "Ines", "create_source": "Account", "taggings": []string{tag.UID.String(), tag.UID.String()},
		// Clients write ids of choices as numbers too.
		"custom_fields": []object{{"custom_field_id": colour, "value": "teal"}, {"custom_field_id": size, "choice_ids": []any{"1", 3}}},
	}).status(201).text("contact_id")
	c.call(http.MethodGet, "/v3/contacts?include=custom_fields,taggings,notes,street_addresses&tags="+tag.UID.String(), nil).status(200)
	// An array replaces what was there; one that is left out, or null, stays.
	c.call(http.MethodPut, "/v3/contacts/"+id, object{
		"first_name": "Ines", "update_source": "Account", "taggings": nil, "custom_fields": []object{{"custom_field_id": colour, "value": "red"}},
	}).status(200)
	c.call(http.MethodPut, "/v3/contacts/"+id, object{"first_name": "Ines", "update_source": "Account", "taggings": []string{}}).status(200)
	c.golden("contact_fields")
}

func TestContactThatIsRefused(t *testing.T) {
	w := alone(t)
	c := w.client()
	post := func(body any) answer { return c.call(http.MethodPost, "/v3/contacts", body) }
	post("{\n  \"first_name\": \"Jo\",\n}").code(400, "request.malformed")
	post("null").code(400, "request.malformed")
	post("").code(400, "request.malformed")
	post(object{}).code(400, "request.invalid")
	post(object{"create_source": "account", "first_name": "Jo"}).code(400, "request.invalid")
	// Every fault at once, those of form and those of meaning.
	post(object{
		"email_address": object{"address": "no address", "permission_to_send": "sure"},
		"first_name":    strings.Repeat("x", 51), "last_name": 5, "birthday_month": 13, "birthday_day": "x", "anniversary": "31/31/2019",
		"create_source":    "Nobody",
		"list_memberships": []any{"019f0000-0000-7000-8000-000000000001", "nonsense", 7},
		"phone_numbers":    []object{{"phone_number": "1", "kind": "car"}},
		"custom_fields":    []object{{"custom_field_id": "019f0000-0000-7000-8000-000000000002", "value": "teal"}},
		"sms_channel":      object{"full_sms_address": "+1 202 555 0134", "sms_channel_consents": []object{}},
	}).code(400, "request.invalid")
	c.call(http.MethodPost, "/v3/contacts", "first_name=Jo", "Content-Type", "application/x-www-form-urlencoded").code(415, "request.media_type")
	c.call(http.MethodPut, "/v3/contacts/019f0000-0000-7000-8000-000000000001", object{"update_source": "Account"}).code(404, "resource.not_found")
	c.call(http.MethodPut, "/v3/contacts/1", object{"update_source": "Account"}).code(404, "resource.not_found")
	c.call(http.MethodPut, "/v3/contacts/019f0000-0000-7000-8000-000000000001", "null").code(400, "request.malformed")
	c.call(http.MethodGet, "/v3/contacts/%7Bcontact_id%7D", nil).code(404, "resource.not_found")
	c.golden("contact_refused")
}

func TestAddressOfAnotherContact(t *testing.T) {
	w := alone(t)
	c := w.client()
	first := c.call(http.MethodPost, "/v3/contacts", object{"email_address": object{"address": "a@example.org"}, "create_source": "Account"}).text("contact_id")
	second := c.call(http.MethodPost, "/v3/contacts", object{"email_address": object{"address": "b@example.org"}, "create_source": "Account"}).text("contact_id")
	got := c.call(http.MethodPut, "/v3/contacts/"+second, object{"email_address": object{"address": "A@example.org"}, "update_source": "Account"}).
		code(409, "contact.address.taken")
	if message := got.text("0.error_message"); !strings.Contains(message, "already exists for contact "+first) {
		t.Errorf("clients cut the id out of: %s", message)
	}
	if got.text("0.contact_id") != first || got.text("0.status") != "implicit" {
		t.Errorf("got %s", got.Body)
	}
}

func TestContactsByPageAndFilter(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.client()
		list := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Gold"}).status(201).text("list_id")
		for _, name := range []string{"a", "b", "c", "d", "e"} {
			w.Clock.Move(time.Minute)
			body := object{"email_address": object{"address": name + "+tag@example.org"}, "create_source": "Account"}
			if name < "d" {
				body["list_memberships"] = []string{list}
			}
			c.call(http.MethodPost, "/v3/contacts", body).status(201)
		}
		var seen []string
		path := "/v3/contacts?limit=2&include_count=true&lists=" + list
		for path != "" {
			page := c.call(http.MethodGet, path, nil).status(200)
			if n := page.text("contacts_count"); n != "3" {
				t.Errorf("contacts_count %s", n)
			}
			for _, at := range []string{"0", "1", "2"} {
				if a := page.text("contacts." + at + ".email_address.address"); a != "" {
					seen = append(seen, a[:1])
				}
			}
			path = page.text("_links.next.href")
			if path != "" && !strings.HasPrefix(path, "/v3/contacts?cursor=") {
				t.Errorf("next is %s", path)
			}
			if strings.Contains(page.Body.String(), "_links") != (path != "") {
				t.Errorf("_links without next: %s", page.Body)
			}
		}
		if got := strings.Join(seen, ""); got != "abc" {
			t.Errorf("saw %s", got)
		}

		for _, f := range []struct{ query, want string }{
			{"email=b%2Btag%40example.org", "b"},
			{"email=b+tag@example.org", "b"},
			{"email=B%20tag@EXAMPLE.org", "b"},
			{"status=unsubscribed", ""},
			{"status=ACTIVE,unsubscribed", "abcde"},
			{"status=all&lists=" + list + "&lists=019f0000-0000-7000-8000-000000000001", "abc"},
			{"created_after=2026-03-01T17:08:09Z", "de"},
			{"created_before=2026-03-01T18:07:09%2B0100", "a"},
			{"created_before=2026-03-01T18:07:09+01:00&created_after=2026-03-01", "a"},
			{"sms_status=explicit", ""},
			{"sms_status=all", "abcde"},
			{"include_count=&limit=", "abcde"},
			{"unknown=1", "abcde"},
		} {
			page := c.call(http.MethodGet, "/v3/contacts?"+f.query, nil).status(200)
			got := ""
			for _, at := range []string{"0", "1", "2", "3", "4", "5"} {
				if a := page.text("contacts." + at + ".email_address.address"); a != "" {
					got += a[:1]
				}
			}
			if got != f.want {
				t.Errorf("%s: got %q, want %q", f.query, got, f.want)
			}
		}
	})
}

func TestContactsThatCannotBeAsked(t *testing.T) {
	w := alone(t)
	c := w.client()
	get := func(query string) answer { return c.call(http.MethodGet, "/v3/contacts?"+query, nil) }
	get("limit=0&status=gone&lists=x&created_after=soon&include=everything&include_count=perhaps").code(400, "request.invalid")
	get("limit=501").code(400, "request.invalid")
	get("segment_id=3").code(404, "resource.not_found")
	get("lists="+strings.Repeat("019f0000-0000-7000-8000-000000000001,", 26)).code(400, "request.invalid")
	get("cursor=nonsense").code(400, "request.cursor")
	for range 2 {
		c.call(http.MethodPost, "/v3/contacts", object{"first_name": "Jo", "create_source": "Account"}).status(201)
	}
	next := get("limit=1&status=active,not_set").status(200).text("_links.next.href")
	// Beside a cursor, another parameter must be absent or the same.
	c.call(http.MethodGet, next+"&limit=1&status=active,not_set", nil).status(200)
	c.call(http.MethodGet, next+"&limit=2&status=all&email=x@example.org", nil).code(400, "request.cursor")
	c.call(http.MethodGet, strings.Replace(next, "/contacts?", "/contact_lists?", 1), nil).code(400, "request.cursor")
	c.golden("contacts_refused")
}

func TestCursorOfAnotherAccount(t *testing.T) {
	w := alone(t)
	c := w.client()
	for range 2 {
		c.call(http.MethodPost, "/v3/contacts", object{"first_name": "Jo", "create_source": "Account"}).status(201)
	}
	next := c.call(http.MethodGet, "/v3/contacts?limit=1", nil).status(200).text("_links.next.href")
	bob := w.stranger()
	bob.call(http.MethodGet, next, nil).code(400, "request.cursor")
	if n := bob.call(http.MethodGet, "/v3/contacts", nil).status(200).text("contacts.0.contact_id"); n != "" {
		t.Errorf("another account's contact: %s", n)
	}
}

func TestGzipAndHead(t *testing.T) {
	w := alone(t)
	c := w.client()
	for range 8 {
		c.call(http.MethodPost, "/v3/contacts", object{"first_name": "Jo", "create_source": "Account", "email_address": nil}).status(201)
	}
	packed := c.call(http.MethodGet, "/v3/contacts", nil, "Accept-Encoding", "gzip").status(200)
	if packed.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("headers: %v", packed.Header())
	}
	plain := c.call(http.MethodGet, "/v3/contacts", nil).status(200)
	if plain.Header().Get("Content-Encoding") != "" || packed.Body.Len() >= plain.Body.Len() {
		t.Errorf("%d bytes packed, %d plain", packed.Body.Len(), plain.Body.Len())
	}
	c.call(http.MethodHead, "/v3/contacts", nil).status(200)
}
