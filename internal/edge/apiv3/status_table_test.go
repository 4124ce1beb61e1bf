package apiv3_test

// statusTries are the calls that TestEveryStatus makes beside those by rule, in
// their order: of each operation at least one that succeeds.
func statusTries() map[string][]try {
	const (
		home     = `{"address_line1": "1 quai des Brumes", "city": "Paris", "country_code": "FR"}`
		romans   = `"segment_criteria": "{\"version\":\"1.0.0\",\"criteria\":{\"type\":\"and\",\"group\":[{\"source\":\"contact\",\"field\":\"city\",\"op\":\"equals\",\"value\":\"rome\"}]}}"}`
		listing  = `{"source": {"contact_ids": ["$contact"]}, "list_ids": ["$list1"]}`
		tagging  = `{"source": {"contact_ids": ["$contact"]}, "tag_ids": ["$tag1"]}`
		address  = "/account/summary/physical_address"
		contact1 = "/contacts/$contact"
		list1    = "/contact_lists/$list1"
		segment1 = "/segments/$segment1"
		tag1     = "/contact_tags/$tag1"
		field1   = "/contact_custom_fields/$field1"
	)
	return map[string][]try{
		"GET /account/emails":                      {{status: 200}, {status: 400, path: "?confirm_status=maybe"}},
		"POST /account/emails":                     {{status: 201, body: `{"email_address": "news@moor.example"}`}, {status: 409, body: `{"email_address": "news@moor.example"}`}},
		"GET /account/summary":                     {{status: 200}, {status: 400, path: "?extra_fields=everything"}},
		"PUT /account/summary":                     {{status: 200, body: `{"website": "moor.example"}`}},
		"GET " + address:                           {{status: 200}, {status: 404, stranger: true}},
		"POST " + address:                          {{status: 201, body: home, stranger: true}, {status: 409, body: home}},
		"PUT " + address:                           {{status: 200, body: home}},
		"GET /account/user/privileges":             {{status: 200}},
		"GET /activities":                          {{status: 200}, {status: 400, path: "?limit=0"}},
		"GET /activities/{activity_id}":            {{status: 200, path: "/activities/$activity"}},
		"POST /activities/add_list_memberships":    {{status: 201, body: listing}},
		"POST /activities/remove_list_memberships": {{status: 201, body: listing}},
		"POST /activities/contacts_taggings_add":   {{status: 201, body: tagging}},
		"POST /activities/contacts_taggings_remove": {
			{status: 201, body: tagging},
		},
		"POST /activities/contact_delete":  {{status: 201, body: `{"contact_ids": ["$nothing"]}`}},
		"POST /activities/contact_exports": {{status: 201, body: `{"list_ids": ["$list1"]}`}},
		"POST /activities/contacts_file_import": {
			{status: 201, form: []part{{"file", "people.csv", "email\nines@example.org\n"}, {"list_ids", "", "$list1"}}},
			{status: 400, form: []part{{"file", "people.csv", "email\nines@example.org\n"}}},
		},
		"POST /activities/contacts_json_import": {{status: 201, body: `{"import_data": [{"email": "ines@example.org"}], "list_ids": ["$list1"]}`}},
		"GET /contact_exports/{file_export_id}": {{status: 200, path: "/contact_exports/$export"}},

		"GET /contacts": {{status: 200}, {status: 400, path: "?status=well"}, {status: 404, path: "?segment_id=999999"}},
		"POST /contacts": {
			{status: 201, body: `{"email_address": {"address": "jo@example.org"}, "create_source": "Account"}`},
			{status: 409, body: `{"email_address": {"address": "jo@example.org"}, "create_source": "Account"}`},
		},
		"GET /contacts/{contact_id}": {{status: 200, path: contact1}, {status: 400, path: contact1 + "?include=everything"}},
		"PUT /contacts/{contact_id}": {
			{status: 200, path: contact1, body: `{"update_source": "Account"}`},
			{status: 409, path: contact1, body: `{"email_address": {"address": "bob@example.org"}, "update_source": "Account"}`},
		},
		"DELETE /contacts/{contact_id}": {{status: 204, path: "/contacts/$doomed"}},
		"POST /contacts/sign_up_form": {
			{status: 201, body: `{"email_address": "lu@example.org", "list_memberships": ["$list1"]}`},
			{status: 200, body: `{"email_address": "lu@example.org", "list_memberships": ["$list2"]}`},
		},
		"PUT /contacts/resubscribe/{contact_id}": {
			{status: 200, path: "/contacts/resubscribe/$left", body: `{"list_ids": ["$list1"]}`},
			{status: 409, path: "/contacts/resubscribe/$left", body: `{"list_ids": ["$list1"]}`},
		},
		"GET /contacts/counts":                              {{status: 200}, {status: 400, path: "?include=all"}},
		"GET /contacts/contact_id_xrefs":                    {{status: 200, path: "?sequence_ids=1"}, {status: 400}},
		"GET /contacts/sms_engagement_history/{contact_id}": {{status: 200, path: "/contacts/sms_engagement_history/$contact"}},

		"GET /contact_lists":           {{status: 200}, {status: 400, path: "?limit=0"}},
		"POST /contact_lists":          {{status: 201, body: `{"name": "Bronze"}`}, {status: 409, body: `{"name": "bronze"}`}},
		"GET /contact_lists/{list_id}": {{status: 200, path: list1}, {status: 400, path: list1 + "?include_membership_count=some"}},
		"PUT /contact_lists/{list_id}": {
			{status: 200, path: list1, body: `{"name": "Golden"}`}, {status: 409, path: list1, body: `{"name": "Silver"}`},
		},
		"DELETE /contact_lists/{list_id}":  {{status: 202, path: "/contact_lists/$list3"}, {status: 409, path: "/contact_lists/$only", stranger: true}},
		"GET /contact_lists/list_id_xrefs": {{status: 200, path: "?sequence_ids=1"}, {status: 400}},

		"GET /segments":              {{status: 200}, {status: 400, path: "?limit=0"}},
		"POST /segments":             {{status: 201, body: `{"name": "New", ` + romans}, {status: 409, body: `{"name": "new", ` + romans}},
		"GET /segments/{segment_id}": {{status: 200, path: segment1}},
		"PUT /segments/{segment_id}": {
			{status: 200, path: segment1, body: `{"name": "Romans", ` + romans}, {status: 409, path: segment1, body: `{"name": "Others", ` + romans},
		},
		"PATCH /segments/{segment_id}/name": {
			{status: 200, path: segment1 + "/name", body: `{"name": "Romans"}`}, {status: 409, path: segment1 + "/name", body: `{"name": "Others"}`},
		},
		"DELETE /segments/{segment_id}": {{status: 204, path: "/segments/$segment3"}},

		"GET /contact_tags":             {{status: 200}, {status: 400, path: "?limit=0"}},
		"POST /contact_tags":            {{status: 201, body: `{"name": "New"}`}, {status: 409, body: `{"name": "new"}`}},
		"GET /contact_tags/{tag_id}":    {{status: 200, path: tag1}, {status: 400, path: tag1 + "?include_count=some"}},
		"PUT /contact_tags/{tag_id}":    {{status: 200, path: tag1, body: `{"name": "VIP"}`}, {status: 409, path: tag1, body: `{"name": "old"}`}},
		"DELETE /contact_tags/{tag_id}": {{status: 202, path: "/contact_tags/$tag3"}},

		"GET /contact_custom_fields":                   {{status: 200}, {status: 400, path: "?limit=0"}},
		"POST /contact_custom_fields":                  {{status: 201, body: `{"label": "New", "type": "string"}`}, {status: 409, body: `{"label": "new", "type": "string"}`}},
		"GET /contact_custom_fields/{custom_field_id}": {{status: 200, path: field1}},
		"PUT /contact_custom_fields/{custom_field_id}": {
			{status: 200, path: field1, body: `{"label": "Size", "type": "string"}`}, {status: 409, path: field1, body: `{"label": "Colour", "type": "string"}`},
		},
		"DELETE /contact_custom_fields/{custom_field_id}": {{status: 204, path: "/contact_custom_fields/$field3"}},

		"POST /activities/list_delete":          {{status: 201, body: `{"list_ids": ["$list4"]}`}},
		"POST /activities/contacts_tags_delete": {{status: 201, body: `{"tag_ids": ["$tag4"]}`}},
		"POST /activities/custom_fields_delete": {{status: 201, body: `{"custom_field_ids": ["$field4"]}`}},
	}
}
