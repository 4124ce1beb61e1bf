package request_test

import (
	"maps"
	"strings"
	"testing"

	"kith/internal/edge/request"
)

func TestRoutes(t *testing.T) {
	var routes request.Routes[string]
	for _, r := range []string{
		"GET /contacts", "POST /contacts", "GET /contacts/{contact_id}", "DELETE /contacts/{contact_id}",
		"GET /contacts/counts", "POST /contacts/sign_up_form", "PUT /contacts/resubscribe/{contact_id}",
		"GET /emails/{campaign_id}", "GET /emails/activities/{campaign_activity_id}",
		"DELETE /emails/activities/{campaign_activity_id}/non_opener_resends/{resend_request_id}",
	} {
		method, path, _ := strings.Cut(r, " ")
		routes.Add(method, path, r)
	}
	for _, c := range []struct {
		asked, want string
		params      map[string]string
		allow       string
	}{
		{"GET /contacts", "GET /contacts", nil, ""},
		{"GET /contacts/", "GET /contacts", nil, ""},
		{"GET //contacts//1/", "GET /contacts/{contact_id}", map[string]string{"contact_id": "1"}, ""},
		{"HEAD /contacts/1", "GET /contacts/{contact_id}", map[string]string{"contact_id": "1"}, ""},
		{"GET /contacts/counts", "GET /contacts/counts", nil, ""},
		{"PUT /contacts/resubscribe/7", "PUT /contacts/resubscribe/{contact_id}", map[string]string{"contact_id": "7"}, ""},
		{"GET /emails/activities", "GET /emails/{campaign_id}", map[string]string{"campaign_id": "activities"}, ""},
		{"GET /emails/activities/5", "GET /emails/activities/{campaign_activity_id}", map[string]string{"campaign_activity_id": "5"}, ""},
		{
			"DELETE /emails/activities/5/non_opener_resends/6",
			"DELETE /emails/activities/{campaign_activity_id}/non_opener_resends/{resend_request_id}",
			map[string]string{"campaign_activity_id": "5", "resend_request_id": "6"},
			"",
		},
		{"PATCH /contacts", "", nil, "GET HEAD OPTIONS POST"},
		{"DELETE /contacts/counts", "", nil, "GET HEAD OPTIONS"},
		{"GET /contacts/1/2", "", nil, ""},
		{"GET /", "", nil, ""},
		{"GET /contacts/resubscribe", "GET /contacts/{contact_id}", map[string]string{"contact_id": "resubscribe"}, ""},
	} {
		method, path, _ := strings.Cut(c.asked, " ")
		m, found, allow := routes.Find(method, path)
		if m.Value != c.want || found != (c.want != "") || !maps.Equal(m.Params, c.params) || strings.Join(allow, " ") != c.allow {
			t.Errorf("%s: got %q %v, allow %v", c.asked, m.Value, m.Params, allow)
		}
	}
}
