package apiv3_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kith/internal/domain/account"
	"kith/internal/domain/contact"
)

// newList makes a list and returns its id.
func (c *client) newList(name string) string {
	c.w.t.Helper()
	return c.call(http.MethodPost, "/v3/contact_lists", object{"name": name}).status(201).text("list_id")
}

func TestPatchContact(t *testing.T) {
	w := alone(t)
	c := w.client()
	gold, silver := c.newList("Gold"), c.newList("Silver")
	field, err := w.contacts.CreateField(t.Context(), w.ann, contact.NewField{Label: "Shoe size", Type: contact.TypeString}, nil)
	if err != nil {
		t.Fatal(err)
	}
	path := "/v3/contacts/" + c.call(http.MethodPost, "/v3/contacts", object{
		"email_address": object{"address": "ines@example.org"}, "create_source": "Contact",
		"first_name": "Ines", "last_name": "Roy", "job_title": "Baker", "company_name": "Moor", "birthday_month": 2, "birthday_day": 3,
		"anniversary": "2019-03-14", "list_memberships": []string{gold}, "taggings": []string{w.newTag("vip")},
		"custom_fields":    []object{{"custom_field_id": field.UID.String(), "value": "38"}},
		"phone_numbers":    []object{{"kind": "home", "phone_number": "+33 1"}},
		"street_addresses": []object{{"kind": "home", "city": "Paris"}},
		"notes":            []object{{"content": "Likes rye."}},
	}).status(201).text("contact_id")
	w.Clock.Move(time.Hour)

	// One name changes, one goes, nothing else.
	c.call(http.MethodPatch, path, object{"first_name": "Inès", "job_title": nil}).status(200)
	// Arrays replace, null empties them.
	c.call(http.MethodPatch, path, object{
		"list_memberships": []string{silver}, "notes": nil, "phone_numbers": nil, "custom_fields": nil, "taggings": nil, "street_addresses": nil,
		"birthday_month": nil, "birthday_day": nil, "anniversary": nil,
	}, "Content-Type", "application/merge-patch+json").status(200)
	// Of an address, one part.
	c.call(http.MethodPatch, path, object{"email_address": object{"permission_to_send": "explicit"}, "update_source": "Contact"}).status(200)
	c.call(http.MethodPatch, path, object{"email_address": object{"address": "roy@example.org"}}).status(200)
	c.call(http.MethodPatch, path, object{"email_address": object{"permission_to_send": "unsubscribed", "opt_out_reason": "Too much"}}).status(200)
	// Nothing is a change, too.
	c.call(http.MethodPatch, path, object{}).status(200)

	c.call(http.MethodPatch, path, object{"email_address": nil}).code(400, "request.invalid")
	c.call(http.MethodPatch, path, object{
		"email_address": object{"address": nil, "permission_to_send": nil}, "birthday_day": 3, "update_source": "Nobody", "list_memberships": []string{"x"},
		"sms_channel": nil,
	}).code(400, "request.invalid")
	c.call(http.MethodPatch, "/v3/contacts/019f0000-0000-7000-8000-000000000009", object{}).code(404, "resource.not_found")
	c.call(http.MethodPost, "/v3/contacts", object{"email_address": object{"address": "other@example.org"}, "create_source": "Account"}).status(201)
	c.call(http.MethodPatch, path, object{"email_address": object{"address": "other@example.org"}}).code(409, "contact.address.taken")

	// A deleted contact comes back as by PUT.
	c.call(http.MethodDelete, path, nil).status(204)
	c.call(http.MethodPatch, path, object{"first_name": "Ines"}).code(400, "request.invalid")
	c.call(http.MethodPatch, path, object{"first_name": "Ines", "list_memberships": []string{gold}}).status(200)
	c.golden("patch")
}

func TestPatchOfWhoHasNoAddress(t *testing.T) {
	w := alone(t)
	c := w.client()
	path := "/v3/contacts/" + c.call(http.MethodPost, "/v3/contacts", object{"first_name": "Jo", "create_source": "Account"}).status(201).text("contact_id")
	got := c.call(http.MethodPatch, path, object{"email_address": object{"permission_to_send": "explicit"}}).code(400, "request.invalid")
	if p := got.text("0.problems.0.path"); p != "email_address.address" {
		t.Errorf("problem at %q: %s", p, got.Body)
	}
	got = c.call(http.MethodPatch, path, object{"email_address": object{"address": "jo@example.org"}}).status(200)
	if p := got.text("email_address.permission_to_send"); p != "implicit" {
		t.Errorf("permission of a first address: %q", p)
	}
}

func TestListsOfOneContact(t *testing.T) {
	w := alone(t)
	c := w.client()
	gold, silver, bronze := c.newList("Gold"), c.newList("Silver"), c.newList("Bronze")
	contact := "/v3/contacts/" + c.call(http.MethodPost, "/v3/contacts", object{
		"email_address": object{"address": "ines@example.org"}, "first_name": "Ines", "list_memberships": []string{gold}, "create_source": "Account",
	}).status(201).text("contact_id")
	path := contact + "/list_memberships"
	on := func(a answer, want ...string) {
		t.Helper()
		for i, l := range append(want, "") {
			if got := a.status(200).text("list_memberships." + string(rune('0'+i))); got != l {
				t.Fatalf("list %d is %q, want %q: %s", i, got, l, a.Body)
			}
		}
	}
	on(c.call(http.MethodPost, path, object{"list_ids": []string{silver, gold, silver}}), gold, silver)
	on(c.call(http.MethodPost, path, object{"list_ids": []string{bronze}}), gold, silver, bronze)
	on(c.call(http.MethodDelete, path, object{"list_ids": []string{gold, bronze}}), silver)
	on(c.call(http.MethodDelete, path, object{"list_ids": []string{gold}}), silver)
	if got := c.call(http.MethodGet, contact, nil).text("first_name"); got != "Ines" {
		t.Errorf("first name: %q", got)
	}

	// Who has unsubscribed stays so; who was deleted comes back, or is not there.
	c.call(http.MethodPatch, contact, object{"email_address": object{"permission_to_send": "unsubscribed"}, "update_source": "Contact"}).status(200)
	if got := c.call(http.MethodPost, path, object{"list_ids": []string{gold}}).status(200).text("email_address.permission_to_send"); got != "unsubscribed" {
		t.Errorf("permission: %q", got)
	}
	c.call(http.MethodDelete, contact, nil).status(204)
	c.call(http.MethodDelete, path, object{"list_ids": []string{gold}}).code(404, "resource.not_found")
	on(c.call(http.MethodPost, path, object{"list_ids": []string{gold}}), gold)

	for _, body := range []any{
		object{},
		object{"list_ids": nil},
		object{"list_ids": []string{}},
		object{"list_ids": "x"},
		object{"list_ids": []string{"x"}},
		object{"list_ids": []string{"019f0000-0000-7000-8000-000000000009"}},
	} {
		c.call(http.MethodPost, path, body).code(400, "request.invalid")
		c.call(http.MethodDelete, path, body).code(400, "request.invalid")
	}
	var many []string
	for i := range 50 {
		many = append(many, c.newList("More "+strings.Repeat("i", i)))
	}
	c.call(http.MethodPost, path, object{"list_ids": many}).code(400, "request.invalid") // with that which is there, 51
	c.call(http.MethodPost, path, object{"list_ids": many[:49]}).status(200)
}

func TestResubscribe(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.client()
		gold, silver := c.newList("Gold"), c.newList("Silver")
		id := c.call(http.MethodPost, "/v3/contacts", object{
			"email_address": object{"address": "ines@example.org", "permission_to_send": "explicit"}, "list_memberships": []string{gold}, "create_source": "Account",
		}).status(201).text("contact_id")
		path := "/v3/contacts/resubscribe/" + id
		leave := func(source string) {
			t.Helper()
			c.call(http.MethodPut, "/v3/contacts/"+id, object{
				"email_address": object{"address": "ines@example.org", "permission_to_send": "unsubscribed"}, "update_source": source,
			}).status(200)
		}
		ask := object{"list_ids": []string{silver}}
		c.call(http.MethodPut, path, ask).code(400, "request.invalid")
		for _, source := range []string{"Account", "Contact"} {
			leave(source)
			w.Clock.Move(time.Minute)
			got := c.call(http.MethodPut, path, ask).status(200)
			if p, s := got.text("email_address.permission_to_send"), got.text("email_address.confirm_status"); p != "pending_confirmation" || s != "pending" {
				t.Errorf("%s: %s, %s", source, p, s)
			}
			if got.text("list_memberships.1") != silver {
				t.Errorf("%s: lists: %s", source, got.Body)
			}
			// Their own opt-out stays on record until they answer.
			if kept := got.text("email_address.opt_out_source"); (kept == "Contact") != (source == "Contact") {
				t.Errorf("%s: opt-out by %q", source, kept)
			}
			c.call(http.MethodPut, path, ask).code(409, "contact.asked")
		}
		leave("Account")
		c.call(http.MethodPut, path, object{}).code(400, "request.invalid")
		c.call(http.MethodPut, path, object{"list_ids": []string{"019f0000-0000-7000-8000-000000000009"}}).code(400, "request.invalid")
		c.call(http.MethodPut, "/v3/contacts/resubscribe/019f0000-0000-7000-8000-000000000009", ask).code(404, "resource.not_found")
		c.call(http.MethodDelete, "/v3/contacts/"+id, nil).status(204)
		c.call(http.MethodPut, path, ask).code(400, "request.invalid")

		maker, _ := w.User(t, w.home, "maker@moor.example", account.CampaignCreator)
		stranger := &client{w: w, token: w.token(maker, w.app, "contact_data")}
		stranger.call(http.MethodPut, path, ask).code(403, "access.privilege")
	})
}
