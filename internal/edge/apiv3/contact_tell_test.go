package apiv3_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestContactCountsAndXrefs(t *testing.T) {
	w := alone(t)
	c := w.client()
	before := c.call(http.MethodGet, "/v3/contacts/counts", nil).status(200)
	if before.text("new_subscriber") != "" {
		t.Errorf("new subscribers that nobody asked for: %s", before.Body)
	}
	c.call(http.MethodPost, "/v3/contacts", object{
		"email_address": object{"address": "a@example.org", "permission_to_send": "explicit"}, "create_source": "Account",
	}).status(201)
	after := c.call(http.MethodGet, "/v3/contacts/counts?include=new_subscriber", nil).status(200)
	if after.text("explicit") != "1" || after.text("new_subscriber") == "" || after.text("total") == before.text("total") {
		t.Errorf("before %s after %s", before.Body, after.Body)
	}
	c.call(http.MethodGet, "/v3/contacts/counts?include=everything", nil).code(400, "request.invalid")

	if got := c.call(http.MethodGet, "/v3/contacts/contact_id_xrefs?sequence_ids=999999999", nil).status(200); !strings.Contains(got.Body.String(), `"xrefs":[]`) {
		t.Errorf("an unknown number: %s", got.Body)
	}
	c.call(http.MethodGet, "/v3/contacts/contact_id_xrefs", nil).code(400, "request.invalid")
	c.call(http.MethodGet, "/v3/contacts/contact_id_xrefs?sequence_ids=1"+strings.Repeat(",1", 500), nil).code(400, "request.invalid")
}
