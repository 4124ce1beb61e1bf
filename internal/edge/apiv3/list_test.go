package apiv3_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestList(t *testing.T) {
	w := alone(t)
	c := w.client()
	id := c.call(http.MethodPost, "/v3/contact_lists/", object{"name": "Gold", "description": "<Regulars>", "favorite": true, "status": "HIDDEN"}).
		status(201).text("list_id")
	c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Silver", "description": nil}).status(201)
	c.call(http.MethodPost, "/v3/contacts", object{"email_address": object{"address": "a@example.org"}, "create_source": "Account", "list_memberships": []string{id}}).status(201)
	c.call(http.MethodPost, "/v3/contacts", object{"first_name": "Jo", "create_source": "Account", "list_memberships": []string{id}}).status(201)
	c.call(http.MethodGet, "/v3/contact_lists/"+id, nil).status(200)
	c.call(http.MethodGet, "/v3/contact_lists/"+id+"?include_membership_count=active", nil).status(200)
	c.call(http.MethodGet, "/v3/contact_lists?include_membership_count=all&include_count=1", nil).status(200)
	c.call(http.MethodGet, "/v3/contact_lists?name=GOLD&status=all&include_sms_membership_count=true", nil).status(200)
	c.call(http.MethodGet, "/v3/contact_lists?channel_type=sms&include_count=true", nil).status(200)
	c.call(http.MethodPut, "/v3/contact_lists/"+id, object{"name": "Golden"}).status(200)
	c.call(http.MethodGet, "/v3/contact_lists/list_id_xrefs?sequence_ids=1,2,99", nil).status(200)
	c.golden("list")
}

func TestListThatIsRefused(t *testing.T) {
	w := alone(t)
	c := w.client()
	id := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Gold"}).status(201).text("list_id")
	c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Silver"}).status(201)
	c.call(http.MethodPost, "/v3/contact_lists", object{"name": " gold "}).code(409, "list.name.taken")
	c.call(http.MethodPut, "/v3/contact_lists/"+id, object{"name": "silver"}).code(409, "list.name.taken")
	c.call(http.MethodPost, "/v3/contact_lists", object{"name": strings.Repeat("x", 256), "favorite": "yes", "description": []string{}}).code(400, "request.invalid")
	c.call(http.MethodPut, "/v3/contact_lists/"+id, object{"description": "nameless"}).code(400, "request.invalid")
	c.call(http.MethodGet, "/v3/contact_lists/"+id+"?include_membership_count=some", nil).code(400, "request.invalid")
	c.call(http.MethodGet, "/v3/contact_lists?status=hidden&channel_type=post&limit=1001", nil).code(400, "request.invalid")
	c.call(http.MethodGet, "/v3/contact_lists/list_id_xrefs", nil).code(400, "request.invalid")
	c.call(http.MethodGet, "/v3/contact_lists/list_id_xrefs?sequence_ids=one", nil).code(400, "request.invalid")
	c.call(http.MethodGet, "/v3/contact_lists/nonsense", nil).code(404, "resource.not_found")
	c.call(http.MethodGet, "/v3/contact_lists/019f0000-0000-7000-8000-000000000001", nil).code(404, "resource.not_found")
	c.call(http.MethodPut, "/v3/contact_lists/019f0000-0000-7000-8000-000000000001", object{"name": "x"}).code(404, "resource.not_found")
	c.golden("list_refused")
}

func TestListsByPage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.client()
		for i := range 7 {
			c.call(http.MethodPost, "/v3/contact_lists", object{"name": fmt.Sprint("List ", i)}).status(201)
		}
		var seen strings.Builder
		path := "/v3/contact_lists?limit=3"
		for path != "" {
			page := c.call(http.MethodGet, path, nil).status(200)
			for i := range 3 {
				name := page.text(fmt.Sprintf("lists.%d.name", i))
				seen.WriteString(strings.TrimPrefix(name, "List "))
			}
			path = page.text("_links.next.href")
		}
		if seen.String() != "0123456" {
			t.Errorf("saw %s", seen.String())
		}
	})
}
