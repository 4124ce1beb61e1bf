package apiv3_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"kith/internal/domain/contact"
)

func TestSignUpForm(t *testing.T) {
	w := alone(t)
	c := w.client()
	gold := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Gold"}).status(201).text("list_id")
	silver := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Silver"}).status(201).text("list_id")
	made := func(label string) string {
		t.Helper()
		f, err := w.contacts.CreateField(t.Context(), w.ann, contact.NewField{Label: label, Type: contact.TypeString}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return f.UID.String()
	}
	field, colour := made("Shoe size"), made("Colour")

	id := c.call(http.MethodPost, "/v3/contacts/sign_up_form", object{
		"email_address": "Ines@Example.org", "first_name": "Ines", "job_title": "Baker", "phone_number": "+33 1 23",
		"list_memberships": []string{gold}, "custom_fields": []object{{"custom_field_id": field, "value": "38"}},
		"street_address": object{"kind": "home", "street": "1 quai des Brumes", "city": "Paris"},
		"anniversary":    "3/14/2019", "birthday_month": 2, "birthday_day": 29,
		"permission_to_send": "implicit", "create_source": "Account",
	}).status(201).text("contact_id")
	// What is left empty stays; what is given is set beside the rest.
	w.Clock.Move(time.Hour)
	c.call(http.MethodPost, "/v3/contacts/sign_up_form", object{
		"email_address": "ines@example.org", "first_name": "", "last_name": "Roy", "phone_number": "+33 9", "anniversary": nil,
		"list_memberships": []string{silver, silver}, "custom_fields": []object{{"custom_field_id": colour, "value": "teal"}, {"custom_field_id": field, "value": ""}},
		"street_address": object{"kind": "home", "city": "Lyon"},
	}).status(200)
	c.call(http.MethodGet, "/v3/contacts/"+id+"?include=list_memberships,phone_numbers,street_addresses,custom_fields", nil).status(200)
	c.call(http.MethodGet, "/v3/contacts/contact_id_xrefs?sequence_ids=1,2,99", nil).status(200)
	c.call(http.MethodGet, "/v3/contacts/counts?include=new_subscriber", nil).status(200)
	c.call(http.MethodGet, "/v3/contacts/counts", nil).status(200)

	// Both ways back are theirs.
	c.call(http.MethodPut, "/v3/contacts/"+id, object{
		"email_address": object{"address": "ines@example.org", "permission_to_send": "unsubscribed"}, "update_source": "Contact",
	}).status(200)
	again := object{"email_address": "ines@example.org", "list_memberships": []string{gold}}
	c.call(http.MethodPost, "/v3/contacts/sign_up_form", again).status(200)
	if got := c.call(http.MethodGet, "/v3/contacts/"+id, nil).status(200).text("email_address.permission_to_send"); got != "explicit" {
		t.Errorf("after unsubscribing and signing up: %s", got)
	}
	c.call(http.MethodDelete, "/v3/contacts/"+id, nil).status(204)
	c.call(http.MethodPost, "/v3/contacts/sign_up_form", again).status(200)
	c.call(http.MethodGet, "/v3/contacts/"+id+"?include=list_memberships,custom_fields", nil).status(200)
	c.golden("sign_up")
}

func TestSignUpFormThatIsRefused(t *testing.T) {
	w := alone(t)
	c := w.client()
	c.call(http.MethodPost, "/v3/contacts/sign_up_form", object{}).code(400, "request.invalid")
	c.call(http.MethodPost, "/v3/contacts/sign_up_form", object{
		"email_address": "no address", "phone_number": "12345678901234567890123456", "list_memberships": []string{"019f0000-0000-7000-8000-000000000009"},
		"street_address": object{"city": "Paris"}, "birthday_day": 5, "sms_channel": object{"sms_address": "2025550134"},
		"custom_fields": []object{{"custom_field_id": "019f0000-0000-7000-8000-000000000009", "value": "x"}},
	}).code(400, "request.invalid")
	var lists []string
	many := w.client() // whose calls are too long to be kept
	for i := range 51 {
		lists = append(lists, many.call(http.MethodPost, "/v3/contact_lists", object{"name": fmt.Sprint("List ", i)}).status(201).text("list_id"))
	}
	many.call(http.MethodPost, "/v3/contacts/sign_up_form", object{"email_address": "a@example.org", "list_memberships": lists}).code(400, "request.invalid")
	many.call(http.MethodPost, "/v3/contacts/sign_up_form", object{"email_address": "a@example.org", "list_memberships": lists[:50]}).status(201)
	many.call(http.MethodPost, "/v3/contacts/sign_up_form", object{"email_address": "a@example.org", "list_memberships": lists[50:]}).code(400, "request.invalid")
	c.call(http.MethodGet, "/v3/contacts/contact_id_xrefs", nil).code(400, "request.invalid")
	c.call(http.MethodGet, "/v3/contacts/counts?include=all", nil).code(400, "request.invalid")
	c.golden("sign_up_refused")
}
