package contract

import (
	"net/http"
	"strings"
	"testing"
)

const (
	contactID = "0199a1b2-0000-7000-8000-000000000001"
	listID    = "0199a1b2-0000-7000-8000-000000000002"
)

func checker(t *testing.T, rows ...Row) *Checker {
	t.Helper()
	c, err := NewChecker(rows)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func jsonHeader(more ...string) http.Header {
	h := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	for i := 0; i < len(more); i += 2 {
		h.Set(more[i], more[i+1])
	}
	return h
}

// contacts is a page with one contact.
func contacts(contact string) string { return `{"contacts":[` + contact + `]}` }

var answers = []struct {
	rule   string
	method string
	path   string
	status int
	body   string
	// want are the problems as "where (kind)", none where the answer is good.
	want []string
}{
	{
		rule: "a page of contacts", method: "GET", path: "/v3/contacts?include=list_memberships&include_count=true", status: 200,
		body: `{"contacts":[{"contact_id":"` + contactID + `","email_address":{"address":"ines@example.org",
			"permission_to_send":"implicit","created_at":"2026-03-01T17:05:09Z","opt_in_source":"Account"},
			"first_name":"Ines","birthday_month":12,"list_memberships":["` + listID + `"],"created_at":"2026-03-01T17:05:09Z"}],
			"contacts_count":1,"_links":{"next":{"href":"/v3/contacts?cursor=abc"}}}`,
	},
	{
		rule: "links may stand first", method: "GET", path: "/v3/contact_lists", status: 200,
		body: `{"_links":{"next":{"href":"/v3/contact_lists?cursor=a"}},"lists":[],"lists_count":0}`,
	},
	{rule: "an empty page", method: "GET", path: "/v3/contacts", status: 200, body: `{"contacts":[]}`},
	{
		rule: "a deleted contact's date, or time", method: "GET", path: "/v3/contacts?status=all", status: 200,
		body: contacts(`{"deleted_at":"2026-03-01"},{"deleted_at":"2026-03-01T17:05:09Z"}`),
	},
	{
		rule: "an activity begun", method: "POST", path: "/v3/activities/contacts_file_import", status: 201,
		body: `{"activity_id":"` + listID + `","state":"initialized","created_at":"2026-03-01T17:05:09Z","updated_at":"2026-03-01T17:05:09.120Z",
			"percent_done":1,"activity_errors":[],"status":{},"_links":{"self":{"href":"/v3/activities/x"}}}`,
	},
	{rule: "204", method: "DELETE", path: "/v3/contacts/" + contactID, status: 204},
	{rule: "an answer without a schema may be empty", method: "PUT", path: "/v3/contacts/resubscribe/" + contactID, status: 200},
	{
		rule: "a plain array", method: "GET", path: "/v3/account/emails", status: 200,
		body: `[{"email_address":"a@example.org","email_id":1,"confirm_status":"CONFIRMED","roles":["CONTACT"]}]`,
	},
	{
		rule: "campaigns have milliseconds", method: "GET", path: "/v3/emails", status: 200,
		body: `{"campaigns":[{"name":"March","created_at":"2026-03-01T17:05:09.000Z"}]}`,
	},

	{
		rule: "null", method: "GET", path: "/v3/contacts", status: 200, body: contacts(`{"first_name":null}`),
		want: []string{"GET /contacts 200 (null)"},
	},
	{
		rule: "null links", method: "GET", path: "/v3/contacts", status: 200, body: `{"contacts":[],"_links":null}`,
		want: []string{"GET /contacts 200 (null)"},
	},
	{
		rule: "a property of our own", method: "GET", path: "/v3/contacts", status: 200, body: contacts(`{"score":1}`),
		want: []string{"ContactResource.score (added)"},
	},
	{
		rule: "one deep inside", method: "GET", path: "/v3/contacts", status: 200, body: contacts(`{"email_address":{"address":"a@b.example","folded":"x"}}`),
		want: []string{"EmailAddress.folded (added)"},
	},
	{
		rule: "text for a number", method: "GET", path: "/v3/contacts?include_count=1", status: 200, body: `{"contacts":[],"contacts_count":"1"}`,
		want: []string{"Contacts.contacts_count (type)"},
	},
	{
		rule: "a fraction for a whole number", method: "GET", path: "/v3/contacts", status: 200, body: `{"contacts":[],"contacts_count":1.5}`,
		want: []string{"Contacts.contacts_count (type)"},
	},
	{
		rule: "a number for text", method: "GET", path: "/v3/contacts", status: 200, body: contacts(`{"first_name":1}`),
		want: []string{"ContactResource.first_name (type)"},
	},
	{
		rule: "an object for an array", method: "GET", path: "/v3/contacts?include=notes", status: 200, body: contacts(`{"notes":{}}`),
		want: []string{"ContactResource.notes (type)"},
	},
	{
		rule: "true for text", method: "GET", path: "/v3/contacts", status: 200, body: contacts(`{"first_name":true}`),
		want: []string{"ContactResource.first_name (type)"},
	},
	{
		rule: "an array for an object", method: "GET", path: "/v3/contacts", status: 200, body: `[]`,
		want: []string{"Contacts (type)"},
	},
	{
		rule: "a missing property", method: "GET", path: "/v3/contact_lists/" + listID, status: 200, body: `{"list_id":"` + listID + `"}`,
		want: []string{"ContactList.name (required)"},
	},
	{
		rule: "an unknown word", method: "GET", path: "/v3/contacts", status: 200, body: contacts(`{"email_address":{"address":"a@b.example","permission_to_send":"maybe"}}`),
		want: []string{"EmailAddress.permission_to_send (enum)"},
	},
	{
		rule: "a number for a UUID", method: "GET", path: "/v3/contacts", status: 200, body: contacts(`{"contact_id":"17"}`),
		want: []string{"ContactResource.contact_id (format)"},
	},
	{
		rule: "a UUID in capitals", method: "GET", path: "/v3/contacts", status: 200, body: contacts(`{"contact_id":"` + strings.ToUpper(contactID) + `"}`),
		want: []string{"ContactResource.contact_id (format)"},
	},
	{
		rule: "a time with an offset", method: "GET", path: "/v3/contacts", status: 200, body: contacts(`{"created_at":"2026-03-01T17:05:09+00:00"}`),
		want: []string{"ContactResource.created_at (format)"},
	},
	{
		rule: "a contact's time with milliseconds", method: "GET", path: "/v3/contacts", status: 200, body: contacts(`{"created_at":"2026-03-01T17:05:09.000Z"}`),
		want: []string{"ContactResource.created_at (format)"},
	},
	{
		rule: "a campaign's time without", method: "GET", path: "/v3/emails", status: 200, body: `{"campaigns":[{"created_at":"2026-03-01T17:05:09Z"}]}`,
		want: []string{"EmailCampaigns.created_at (format)"},
	},
	{
		rule: "nanoseconds", method: "GET", path: "/v3/activities", status: 200, body: `{"activities":[{"created_at":"2026-03-01T17:05:09.123456Z"}]}`,
		want: []string{"Activities.activities[].created_at (format)"},
	},
	{
		rule: "a date for a time", method: "GET", path: "/v3/contacts", status: 200, body: contacts(`{"created_at":"2026-03-01"}`),
		want: []string{"ContactResource.created_at (format)"},
	},
	{
		rule: "a text too long", method: "GET", path: "/v3/contacts", status: 200, body: contacts(`{"first_name":"` + strings.Repeat("ü", 51) + `"}`),
		want: []string{"ContactResource.first_name (maxLength)"},
	},
	{
		rule: "a text too short", method: "GET", path: "/v3/account/summary/physical_address", status: 200, body: `{"address_line1":"","city":"Lyon","country_code":"FR"}`,
		want: []string{"AccountPhysicalAddress.address_line1 (minLength)"},
	},
	{
		rule: "too many items", method: "GET", path: "/v3/contacts?include=phone_numbers", status: 200, body: contacts(`{"phone_numbers":[{},{},{},{}]}`),
		want: []string{"ContactResource.phone_numbers (maxItems)"},
	},
	{
		rule: "a number too great", method: "GET", path: "/v3/contacts", status: 200, body: contacts(`{"birthday_month":13}`),
		want: []string{"ContactResource.birthday_month (maximum)"},
	},
	{
		rule: "a number too small", method: "GET", path: "/v3/account/emails", status: 200, body: `[{"email_id":0}]`,
		want: []string{"AccountEmails[].email_id (minimum)"},
	},
	{
		rule: "more than 32 bits", method: "GET", path: "/v3/segments", status: 200, body: `{"segments":[{"segment_id":2147483648}]}`,
		want: []string{"SegmentMaster.segment_id (type)"},
	},
	{
		rule: "a status of our own", method: "GET", path: "/v3/contacts", status: 206, body: `{"contacts":[]}`,
		want: []string{"GET /contacts 206 (added)"},
	},
	{
		rule: "an operation of our own", method: "PATCH", path: "/v3/contacts/" + contactID, status: 200, body: `{}`,
		want: []string{"PATCH /contacts/" + contactID + " (added)"},
	},
	{
		rule: "204 with a body", method: "DELETE", path: "/v3/contacts/" + contactID, status: 204, body: `{}`,
		want: []string{"DELETE /contacts/{contact_id} 204 (body)"},
	},
	{
		rule: "no body", method: "GET", path: "/v3/contacts", status: 200,
		want: []string{"GET /contacts 200 (body)"},
	},
	{
		rule: "no JSON", method: "GET", path: "/v3/contacts", status: 200, body: `{"contacts":[],}`,
		want: []string{"GET /contacts 200 (body)"},
	},
	{
		rule: "two values", method: "GET", path: "/v3/contacts", status: 200, body: `{"contacts":[]}{}`,
		want: []string{"GET /contacts 200 (body)"},
	},
	{
		rule: "a key twice", method: "GET", path: "/v3/contacts", status: 200, body: `{"contacts":[],"contacts":[]}`,
		want: []string{"GET /contacts 200 (body)"},
	},

	{
		rule: "the data stands first", method: "GET", path: "/v3/contacts", status: 200, body: `{"contacts_count":0,"contacts":[]}`,
		want: []string{"GET /contacts 200 (order)"},
	},
	{
		rule: "the data is there", method: "GET", path: "/v3/contacts", status: 200, body: `{}`,
		want: []string{"GET /contacts 200 (order)"},
	},
	{
		rule: "empty links", method: "GET", path: "/v3/contacts", status: 200, body: `{"contacts":[],"_links":{}}`,
		want: []string{"GET /contacts 200 (link)"},
	},
	{
		rule: "a next without href", method: "GET", path: "/v3/contacts", status: 200, body: `{"contacts":[],"_links":{"next":{}}}`,
		want: []string{"GET /contacts 200 (link)"},
	},
	{
		rule: "a link with its host", method: "GET", path: "/v3/contacts", status: 200, body: `{"contacts":[],"_links":{"next":{"href":"https://kith.example/v3/contacts?cursor=a"}}}`,
		want: []string{"GET /contacts 200 (link)"},
	},
	{
		rule: "included unasked", method: "GET", path: "/v3/contacts", status: 200, body: contacts(`{"taggings":[]}`),
		want: []string{"ContactResource.taggings (include)"},
	},
	{
		rule: "asked for and left out", method: "GET", path: "/v3/contacts/" + contactID + "?include=notes,taggings", status: 200, body: `{"notes":[]}`,
		want: []string{"ContactResource.taggings (include)"},
	},
	{
		rule: "a count asked for and left out", method: "GET", path: "/v3/contact_lists?include_count=true", status: 200, body: `{"lists":[]}`,
		want: []string{"GET /contact_lists 200 (required)"},
	},
	{
		rule: "an activity begun without an id", method: "POST", path: "/v3/activities/list_delete", status: 201,
		body: `{"state":"processing","created_at":"2026-03-01T17:05:09Z","updated_at":"2026-03-01T17:05:09Z",
			"percent_done":101,"activity_errors":[],"_links":{"self":{"href":"/v3/activities/x"}}}`,
		want: []string{"ActivityDeleteListsResponse.percent_done (maximum)", "POST /activities/list_delete 201 (enum)", "POST /activities/list_delete 201 (required)"},
	},
	{
		rule: "the sign-up form's two keys", method: "POST", path: "/v3/contacts/sign_up_form", status: 201, body: `{"contact_id":"` + contactID + `"}`,
		want: []string{"POST /contacts/sign_up_form 201 (required)"},
	},
}

func TestCheckAnswer(t *testing.T) {
	t.Parallel()
	c := checker(t)
	for _, a := range answers {
		t.Run(a.rule, func(t *testing.T) {
			t.Parallel()
			compareProblems(t, c.CheckAnswer(a.method, a.path, a.status, jsonHeader(), []byte(a.body)), a.want)
		})
	}
}

func compareProblems(t *testing.T, got []Problem, want []string) {
	t.Helper()
	left := map[string]int{}
	for _, w := range want {
		left[w]++
	}
	for _, p := range got {
		short := p.Where + " (" + p.Kind + ")"
		if left[short]--; left[short] < 0 {
			t.Errorf("unexpected: %s", p)
		}
	}
	for w, n := range left {
		if n > 0 {
			t.Errorf("not reported: %s; got %v", w, got)
		}
	}
}

func TestCheckAnswerOfOtherTypes(t *testing.T) {
	t.Parallel()
	c := checker(t)
	csv := http.Header{"Content-Type": {"text/csv; charset=utf-8"}}
	html := http.Header{"Content-Type": {"text/html"}}
	export := "/v3/contact_exports/" + contactID
	compareProblems(t, c.CheckAnswer("GET", export, 200, csv, []byte("Email address\n")), nil)
	compareProblems(t, c.CheckAnswer("GET", export, 200, jsonHeader(), []byte("{}")), []string{"GET /contact_exports/{file_export_id} 200 (media)"})
	compareProblems(t, c.CheckAnswer("GET", "/v3/contacts", 200, html, []byte(`{"contacts":[]}`)), []string{"GET /contacts 200 (media)"})
}

func TestRowsAllow(t *testing.T) {
	t.Parallel()
	row := Row{ID: "score", Where: "ContactResource.score", Kind: KindAdded}
	c := checker(t, row)
	body := []byte(contacts(`{"score":1,"rank":2}`))
	compareProblems(t, c.CheckAnswer("GET", "/v3/contacts", 200, jsonHeader(), body), []string{"ContactResource.rank (added)"})
}

func TestOwnOperation(t *testing.T) {
	t.Parallel()
	c := checker(t, Row{ID: "patch", Where: "PATCH /contacts/{contact_id}", Kind: KindAdded})
	path := "/v3/contacts/" + contactID
	compareProblems(t, c.CheckAnswer("PATCH", path, 200, jsonHeader(), []byte(`{"score":1}`)), nil)
	compareProblems(t, c.CheckAnswer("PATCH", path, 200, jsonHeader(), []byte(`{"first_name":null}`)),
		[]string{"PATCH /contacts/{contact_id} 200 (null)"})
	compareProblems(t, c.CheckAnswer("PATCH", path, 400, jsonHeader(), []byte(`{}`)),
		[]string{"Failure (type)", "Failure (body)"})
	compareProblems(t, c.CheckAnswer("PATCH", path, 404, jsonHeader(), nil), []string{"PATCH /contacts/{contact_id} 404 (body)"})
}

// failure is the body of most failures.
func failure(key, message string) string {
	return `[{"error_key":"` + key + `","error_message":"` + message + `"}]`
}

func TestCheckFailure(t *testing.T) {
	t.Parallel()
	const (
		validation = "contacts.api.validation.error"
		forbidden  = `{"error_key":"access_denied","error_message":"The scope contact_data is missing."}`
		contact    = "/v3/contacts/" + contactID
	)
	bearer := []string{"WWW-Authenticate", "Bearer realm=api.cc.email"}
	for _, c := range []struct {
		rule   string
		method string
		path   string
		status int
		header []string
		body   string
		want   []string
	}{
		{rule: "400", method: "GET", path: contact, status: 400, body: failure(validation, "limit: does not have a valid value")},
		{rule: "401", method: "GET", path: contact, status: 401, header: bearer, body: unauthorized},
		{rule: "403", method: "GET", path: contact, status: 403, body: forbidden},
		{rule: "404", method: "GET", path: contact, status: 404, body: failure("contacts.api.not_found", "contact_id is in an invalid format.")},
		{rule: "404 of another service", method: "GET", path: "/v3/segments/7", status: 404, body: failure("segments.api.not_found", "no such segment")},
		{
			rule: "404 of reporting", method: "GET", path: "/v3/reports/stats/email_campaigns/x", status: 404,
			body: `{"error_key":"reportingsvc.not_found.invalid_path_param.campaign_ids.","error_message":"none"}`,
		},
		{rule: "404 outside the contract", method: "GET", path: "/v3/nothing", status: 404, body: failure("kith.route.unknown", "no such path")},
		{rule: "409", method: "POST", path: "/v3/contacts", status: 409, body: failure("contacts.api.conflict", "Email already exists for contact "+contactID)},
		{rule: "409 of two writes at once", method: "PUT", path: contact, status: 409, body: failure("contacts.api.conflict", "changed meanwhile")},
		{rule: "429 by the second", method: "GET", path: contact, status: 429, body: `{"error_key":"throttled","error_message":"Too Many Requests"}`},
		{rule: "429 by the day", method: "GET", path: contact, status: 429, body: `{"error_key":"quota_exceeded","error_message":"Limit Exceeded"}`},
		{rule: "429 of the queue", method: "POST", path: "/v3/activities/list_delete", status: 429, body: failure("activities.api.queue", "1,000 are queued")},
		{rule: "501", method: "GET", path: "/v3/segments", status: 501, body: failure("segments.api.unbuilt", "not built yet")},
		{rule: "503", method: "GET", path: contact, status: 503, body: failure("contacts.api.unavailable", "try again")},

		{
			rule: "400 as an object", method: "GET", path: contact, status: 400, body: `{"error_key":"` + validation + `","error_message":"x"}`,
			want: []string{"Failure (type)"},
		},
		{
			rule: "400 of reporting as an array", method: "GET", path: "/v3/reports/stats/email_campaigns/x", status: 400, body: failure("a", "b"),
			want: []string{"Failure (type)"},
		},
		{
			rule: "400 as two elements", method: "GET", path: contact, status: 400,
			body: `[{"error_key":"` + validation + `","error_message":"a"},{"error_key":"` + validation + `","error_message":"b"}]`,
			want: []string{"Failure (body)"},
		},
		{rule: "400 as none", method: "GET", path: contact, status: 400, body: `[]`, want: []string{"Failure (body)"}},
		{
			rule: "400 with another key", method: "GET", path: contact, status: 400, body: failure("bad_request", "x"),
			want: []string{"Failure.error_key (enum)"},
		},
		{
			rule: "400 without words", method: "GET", path: contact, status: 400, body: failure(validation, ""),
			want: []string{"Failure (body)"},
		},
		{
			rule: "400 without a message", method: "GET", path: contact, status: 400, body: `[{"error_key":"` + validation + `"}]`,
			want: []string{"Failure.error_message (required)", "Failure (body)"},
		},
		{
			rule: "400 with null", method: "GET", path: contact, status: 400, body: `[{"error_key":"` + validation + `","error_message":"x","problems":null}]`,
			want: []string{"Failure.problems (added)", "GET /contacts/{contact_id} 400 (null)"},
		},
		{rule: "an empty 404", method: "GET", path: contact, status: 404, want: []string{"GET /contacts/{contact_id} 404 (body)"}},
		{
			rule: "a 404 in the form of v2", method: "GET", path: contact, status: 404, body: failure("http.status.not_found", "x"),
			want: []string{"Failure.error_key (enum)"},
		},
		{
			rule: "401 with more bytes", method: "GET", path: contact, status: 401, header: bearer, body: unauthorized + "\n",
			want: []string{"Failure (body)"},
		},
		{
			rule: "401 as an array", method: "GET", path: contact, status: 401, header: bearer, body: "[" + unauthorized + "]",
			want: []string{"Failure (type)", "Failure (body)"},
		},
		{
			rule: "401 without a challenge", method: "GET", path: contact, status: 401, body: unauthorized,
			want: []string{"GET /contacts/{contact_id} 401 (header)"},
		},
		{
			rule: "403 with another key", method: "GET", path: contact, status: 403, body: `{"error_key":"forbidden","error_message":"x"}`,
			want: []string{"Failure.error_key (enum)"},
		},
		{
			rule: "403 as an array", method: "GET", path: contact, status: 403, body: "[" + forbidden + "]",
			want: []string{"Failure (type)"},
		},
		{
			rule: "409 that names no contact", method: "POST", path: "/v3/contacts", status: 409, body: failure("contacts.api.conflict", "Email already exists"),
			want: []string{"Failure.error_message (pattern)"},
		},
		{
			rule: "429 in other words", method: "GET", path: contact, status: 429, body: `{"error_key":"throttled","error_message":"slow down"}`,
			want: []string{"Failure.error_key (enum)"},
		},
		{
			rule: "501 in another form", method: "GET", path: "/v3/segments", status: 501, body: `{"message":"not built yet"}`,
			want: []string{"Failure (type)", "Failure (body)"},
		},
		{
			rule: "a status that no failure has", method: "GET", path: contact, status: 418, body: failure(validation, "x"),
			want: []string{"GET /contacts/{contact_id} 418 (added)"},
		},
		{
			rule: "400 outside the contract", method: "GET", path: "/v3/nothing", status: 400, body: failure(validation, "x"),
			want: []string{"GET /v3/nothing 400 (added)"},
		},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			compareProblems(t, checker(t).CheckAnswer(c.method, c.path, c.status, jsonHeader(c.header...), []byte(c.body)), c.want)
		})
	}
	html := http.Header{"Content-Type": {"text/plain"}}
	compareProblems(t, checker(t).CheckAnswer("GET", contact, 404, html, []byte(failure("contacts.api.not_found", "x"))),
		[]string{"GET /contacts/{contact_id} 404 (media)"})
}
