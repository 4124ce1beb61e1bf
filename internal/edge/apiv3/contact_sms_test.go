package apiv3_test

import (
	"net/http"
	"testing"
	"time"
)

// consents is what a write says of a number: one element.
func consents(permission string) []object {
	return []object{{"consent_type": "promotional_sms", "sms_consent_permission": permission}}
}

// formConsents is the same in a sign-up.
func formConsents(permission string) []object {
	return []object{{
		"consent_type": "promotional_sms", "sms_consent_permission": permission, "consent_medium_type": "LF",
		"consent_medium_url": "https://shop.example/join", "consent_medium_details": "Text me about bread.",
		"advertised_frequency": 2, "advertised_interval": "weekly",
	}}
}

func TestNumberForShortMessages(t *testing.T) {
	w := alone(t)
	c := w.client()
	list := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Gold"}).status(201).text("list_id")
	// A contact may have a number and nothing else.
	only := c.call(http.MethodPost, "/v3/contacts", object{
		"create_source": "Account", "sms_channel": object{"full_sms_address": "+1 (202) 555-0134", "sms_channel_consents": consents("explicit")},
	}).status(201).text("contact_id")
	c.call(http.MethodGet, "/v3/contacts/"+only, nil).status(200)
	c.call(http.MethodGet, "/v3/contacts?include=sms_channel&sms_status=explicit", nil).status(200)
	w.Clock.Move(time.Hour)
	// What a PUT leaves out stays; another number has no consent but what is said.
	c.call(http.MethodPut, "/v3/contacts/"+only, object{"first_name": "Ines", "update_source": "Account"}).status(200)
	c.call(http.MethodPut, "/v3/contacts/"+only, object{
		"update_source": "Account", "sms_channel": object{"full_sms_address": "12025550135", "sms_channel_consents": []object{}},
	}).status(200)
	w.Clock.Move(time.Hour)
	c.call(http.MethodPut, "/v3/contacts/"+only, object{
		"update_source": "Contact", "sms_channel": object{"full_sms_address": "12025550135", "sms_channel_consents": consents("unsubscribed")},
	}).status(200)
	c.call(http.MethodPut, "/v3/contacts/"+only, object{
		"update_source": "Account", "sms_channel": object{"full_sms_address": "12025550135", "sms_channel_consents": consents("explicit")},
	}).code(400, "contact.unsubscribed")
	c.call(http.MethodPut, "/v3/contacts/"+only, object{
		"update_source": "Account", "sms_channel": object{"full_sms_address": "12025550199", "sms_channel_consents": consents("not_set")},
	}).code(400, "contact.unsubscribed")
	// The contact themselves come back, and are known by the number.
	w.Clock.Move(time.Hour)
	c.call(http.MethodPost, "/v3/contacts/sign_up_form", object{
		"list_memberships": []string{list}, "email_address": "ines@example.org",
		"sms_channel": object{"sms_address": "202-555-0135", "dial_code": "1", "country_code": "US", "sms_channel_consents": formConsents("explicit")},
	}).status(200)
	c.call(http.MethodGet, "/v3/contacts/"+only+"?include=sms_channel,list_memberships", nil).status(200)
	c.call(http.MethodGet, "/v3/contacts/sms_engagement_history/"+only, nil).status(200)
	c.call(http.MethodGet, "/v3/contact_lists?channel_type=sms&include_sms_membership_count=true&include_count=true", nil).status(200)
	c.call(http.MethodGet, "/v3/contact_lists?channel_type=email&include_sms_membership_count=true", nil).status(200)
	c.golden("sms")
}

func TestNumberForShortMessagesThatIsRefused(t *testing.T) {
	w := alone(t)
	c := w.client()
	list := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Gold"}).status(201).text("list_id")
	c.call(http.MethodPost, "/v3/contacts", object{
		"create_source": "Account", "sms_channel": object{"full_sms_address": "12025550134", "sms_channel_consents": consents("not_set")},
	}).status(201)
	for _, s := range []any{
		object{},
		object{"full_sms_address": "+44 20 7183 8750", "sms_channel_consents": consents("sure")},
		object{"full_sms_address": "2025550134", "sms_channel_consents": []object{{}}},
		object{"full_sms_address": 12025550134, "sms_channel_consents": consents("implicit")},
		object{"full_sms_address": "12025550135", "sms_channel_consents": []object{
			{"consent_type": "other", "sms_consent_permission": "explicit"}, consents("explicit")[0],
		}},
	} {
		c.call(http.MethodPost, "/v3/contacts", object{"create_source": "Account", "sms_channel": s}).code(400, "request.invalid")
	}
	c.call(http.MethodPost, "/v3/contacts", object{
		"create_source": "Account", "sms_channel": object{"full_sms_address": "12025550134", "sms_channel_consents": consents("explicit")},
	}).code(409, "contact.sms.taken")
	other := c.call(http.MethodPost, "/v3/contacts", object{"create_source": "Account", "email_address": object{"address": "b@example.org"}}).text("contact_id")
	c.call(http.MethodPut, "/v3/contacts/"+other, object{
		"update_source": "Account", "sms_channel": object{"full_sms_address": "12025550134", "sms_channel_consents": consents("explicit")},
	}).code(409, "contact.sms.taken")
	c.call(http.MethodPost, "/v3/contacts/sign_up_form", object{
		"list_memberships": []string{list},
		"sms_channel":      object{"sms_address": "020 7183 8750", "dial_code": "44", "country_code": "GB", "sms_channel_consents": consents("explicit")},
	}).code(400, "request.invalid")
	c.call(http.MethodPost, "/v3/contacts/sign_up_form", object{"list_memberships": []string{list}, "sms_channel": nil}).code(400, "request.invalid")
	c.call(http.MethodPost, "/v3/contacts/sign_up_form", object{
		"list_memberships": []string{list}, "email_address": "b@example.org",
		"sms_channel": object{"sms_address": "2025550134", "dial_code": 1, "country_code": "US", "sms_channel_consents": formConsents("explicit")},
	}).code(409, "contact.sms.taken")
	c.call(http.MethodGet, "/v3/contacts/sms_engagement_history/"+other, nil).status(200)
	c.call(http.MethodGet, "/v3/contacts/sms_engagement_history/019f0000-0000-7000-8000-000000000001", nil).code(404, "resource.not_found")
	c.call(http.MethodGet, "/v3/contacts/sms_engagement_history/1", nil).code(404, "resource.not_found")
	c.golden("sms_refused")
}

// Numbers and consents come with files and with JSON (v3-guide 4.12, 5.1).
func TestImportOfNumbers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.client()
		list := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Gold"}).status(201).text("list_id")
		w.Clock.Move(time.Minute)
		done := func(begun answer) {
			t.Helper()
			w.Clock.Move(time.Minute)
			w.work()
			c.call(http.MethodGet, begun.status(201).text("_links.self.href"), nil).status(200)
		}
		done(c.upload(importPath, part{"list_ids", "", list}, part{"sms_permission_to_send", "", "explicit"}, part{
			"file", "people.csv",
			"email,sms_number,sms_consent_date,first_name\n" +
				"ines@example.org,202-555-0134,02/03/2026,Ines\n" + // with a date, and so with consent
				",2025550135,2026-02-04,Jo\n" + // known by the number alone
				"lu@example.org,2025550136,,Lu\n" + // no date, no consent
				",2025550134,,Ines Maria\n" + // whose the number is
				"mo@example.org,2025550135,,Mo\n" + // somebody else's
				",,,Nobody\n" +
				"pa@example.org,12,,Pa\n" +
				"qi@example.org,2025550137,2030-01-01,Qi\n",
		}))
		done(c.call(http.MethodPost, jsonImportPath, object{
			"list_ids": []string{list}, "sms_permission_to_send": "not_set",
			"import_data": []object{
				{"sms_number": "2025550135", "first_name": "Joan", "sms_consent_date": "2026-02-05"},
				{"email": "mo@example.org", "sms_number": "2025550138"},
			},
		}))
		c.call(http.MethodGet, "/v3/contacts?include=sms_channel,list_memberships&include_count=true", nil).status(200)
		c.golden("sms_import")
		// What is exported is imported again.
		begun := c.call(http.MethodPost, exportPath, object{"fields": []string{"email_address", "sms_channel"}}).status(201)
		w.work()
		got := c.call(http.MethodGet, begun.text("_links.results.href"), nil).status(200).Body.String()
		want := "Email address,SMS number,SMS permission status,SMS consent date,SMS opt-out source,SMS opt-out date\r\n" +
			"ines@example.org,2025550134,explicit,2026-02-03,,\r\n,2025550135,explicit,2026-02-04,,\r\n" +
			"lu@example.org,2025550136,not_set,,,\r\nmo@example.org,2025550138,not_set,,,\r\n"
		if got != want {
			t.Errorf("exported\n%s\nwant\n%s", got, want)
		}
	})
}
