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
