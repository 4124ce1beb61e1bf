package source

import (
	"encoding/json"
	"testing"
)

// Whatever another server says, reading it ends, and what is taken for an
// address is one.
func FuzzContacts(f *testing.F) {
	for _, seed := range []string{
		`{"contacts":[{"contact_id":"019f0000-0000-7000-8000-000000000001","email_address":{"address":"a@b.example"}}],"_links":{"next":{"href":"/v3/contacts?cursor=x"}}}`,
		`{"contacts":[{"birthday_month":2,"birthday_day":30,"anniversary":"02/29/2019","custom_fields":[{"choice_ids":[1,"2",null]}]}],"_links":null}`,
		`{"contacts":[{"deleted_at":7,"email_address":{"address":" ","opt_in_date":"9999-99-99"}}],"_links":{"next":{"href":"http://[::1"}}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var page contactPage
		if json.Unmarshal(body, &page) != nil {
			return
		}
		page.Links.path()
		for _, w := range page.Contacts {
			if c, err := w.contact(); err == nil && c.Email.Address.IsZero() && w.Email != nil && len(w.Email.Address) > 0 && w.Email.Address[0] > ' ' && w.Email.Address[0] < 0x7f {
				t.Errorf("%q was read as no address", w.Email.Address)
			}
		}
	})
}
