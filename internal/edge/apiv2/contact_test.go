package apiv2_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/domain/oauth"
	"kith/internal/store"
)

func TestLists(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.show(t, post, "/v2/lists", `{"name": "Members", "status": "ACTIVE", "id": null, "contact_count": 3}`).is(t, 201, "")
		s.show(t, post, "/v2/lists", `{"name": "members", "status": "HIDDEN"}`).is(t, 409, "http.status.conflict")
		s.show(t, post, "/v2/lists", `{"name": 3, "status": "GONE", "colour": "red"}`).is(t, 400, "json.type.invalid")
		s.show(t, get, "/v2/lists?include_list_id=true", "").is(t, 200, "")
		s.show(t, get, "/v2/lists?colour=red&limit=2", "").is(t, 400, "query.param.invalid")
		s.show(t, put, "/v2/lists/1", `{"name": "Old members", "status": "HIDDEN"}`).is(t, 200, "")
		s.show(t, get, "/v2/lists/1", "").is(t, 200, "")
		s.show(t, get, "/v2/lists/99", "").is(t, 404, "http.status.not_found")
		s.show(t, get, "/v2/lists/x", "").is(t, 404, "http.status.not_found")
		s.show(t, remove, "/v2/lists/1", "").is(t, 409, "http.status.conflict") // the last one
		s.show(t, post, "/v2/lists", `{"name": "Others", "status": "ACTIVE"}`).is(t, 201, "")
		s.show(t, remove, "/v2/lists/1", "").is(t, 204, "")
		s.show(t, get, "/v2/lists?modified_since=2026-W01", "").is(t, 200, "")
		s.show(t, get, "/v2/lists?modified_since=2226", "").is(t, 200, "")
		s.show(t, get, "/v2/lists?modified_since=20260101", "").is(t, 400, "query.param.invalid")
		s.golden(t, "lists")
	})
}

const ana = `{"email_addresses": [{"email_address": "ana.ruiz@example.org", "id": null, "status": "ACTIVE"}],
 "lists": [{"id": "1", "name": null}], "id": null, "status": null, "confirmed": false, "source": "x",
 "prefix_name": "Dr", "first_name": "Ana", "middle_name": "M", "last_name": "Ruiz", "job_title": "Captain", "company_name": "Boats",
 "home_phone": "111", "work_phone": "222", "cell_phone": "333", "fax": "444",
 "addresses": [{"address_type": "PERSONAL", "line1": "1 Quay", "line2": "Pier 3", "city": "Boston", "state_code": "ma", "country_code": "us", "postal_code": "02110", "sub_postal_code": "1234"},
  {"address_type": "BUSINESS", "line1": "2 Dock", "city": "Lyon", "state": "Rhône", "country_code": "FR"}],
 "notes": [{"note": "Likes the sea"}],
 "custom_fields": [{"name": "CustomField3", "label": "CustomField3", "value": "north"}, {"name": "custom_field_1", "value": "blue"}]}`

func TestContacts(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.call(t, post, "/v2/lists", `{"name": "Members", "status": "ACTIVE"}`)
		s.call(t, post, "/v2/lists", `{"name": "Secret", "status": "HIDDEN"}`)
		s.show(t, post, "/v2/contacts", ana).is(t, 201, "")
		s.show(t, post, "/v2/contacts?action_by=ACTION_BY_VISITOR", ana).is(t, 409, "http.status.email_address.conflict")
		s.show(t, get, "/v2/contacts/1?include_contact_id=true", "").is(t, 200, "")
		s.show(t, get, "/v2/contacts?email=ANA.ruiz@example.org&status=ACTIVE", "").is(t, 200, "")
		s.show(t, get, "/v2/contacts?email=nobody@example.org", "").is(t, 200, "")
		s.show(t, post, "/v2/contacts", `{"email_addresses": [{"email_address": "ana@"}, {"email_address": ""}], "lists": [{"id": 1}, {"id": "99"}],
 "addresses": [{"address_type": "HOME"}], "custom_fields": [{"name": "Colour", "value": "red"}], "notes": [{"note": ""}], "first_name": null, "age": 3}`).
			is(t, 400, "json.field.invalid")
		s.show(t, post, "/v2/contacts", `{"email_addresses": [{"email_address": "bob at example.org"}], "lists": [{"id": "99"}], "first_name": "`+strings.Repeat("x", 51)+`"}`).
			is(t, 400, "json.email.invalid").is(t, 400, "json.field.lists.value.invalid").is(t, 400, "json.max.length.violation")
		s.show(t, post, "/v2/contacts", `{"email_addresses": [{"email_address": "bob@example.org"}]`).is(t, 400, "json.malformed")
		s.show(t, put, "/v2/contacts/1", `{"email_addresses": [{"email_address": "ana.ruiz@example.org"}], "lists": [{"id": "2"}], "first_name": "Anna"}`).is(t, 200, "")
		s.show(t, put, "/v2/contacts/9", `{"email_addresses": [{"email_address": "x@example.org"}]}`).is(t, 404, "http.status.not_found")
		s.show(t, get, "/v2/lists/2/contacts", "").is(t, 200, "")
		s.show(t, get, "/v2/lists/9/contacts", "").is(t, 404, "http.status.not_found")
		s.show(t, remove, "/v2/contacts/1/lists/1", "").is(t, 404, "http.status.not_found")
		s.show(t, remove, "/v2/contacts/1/lists/2", "").is(t, 204, "")
		s.show(t, get, "/v2/contacts?status=REMOVED", "").is(t, 200, "")
		s.show(t, remove, "/v2/contacts/1/lists", "").is(t, 204, "")
		s.show(t, remove, "/v2/contacts/1", "").is(t, 204, "")
		s.show(t, get, "/v2/contacts?status=OPTOUT", "").is(t, 200, "")
		s.show(t, get, "/v2/contacts?status=VISITOR", "").is(t, 200, "")
		s.show(t, get, "/v2/contacts?status=GONE&limit=501", "").is(t, 400, "query.param.invalid")
		s.golden(t, "contacts")
	})
}

// Version 2 replaces what it knows of a contact, and leaves the rest alone.
func TestWhatVersion2DoesNotKnowStays(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.call(t, post, "/v2/lists", `{"name": "Members", "status": "ACTIVE"}`)
		size, err := s.contacts.CreateField(t.Context(), s.owner, contact.NewField{Label: "Size", Type: contact.TypeNumber}, nil)
		if err != nil {
			t.Fatal(err)
		}
		made, err := s.contacts.Create(t.Context(), s.owner, contact.Change{
			Source: opt.Some(contact.SourceAccount), Email: opt.Some(contact.EmailInput{Address: "lu@example.org"}),
			Phones:    opt.Some([]contact.PhoneInput{{Number: "1", Kind: contact.Home}, {Number: "9", Kind: contact.Other}}),
			Addresses: opt.Some([]contact.AddressInput{{Kind: contact.Other, City: "Oslo"}, {Kind: contact.Home, City: "Rome"}}),
			Fields:    opt.Some([]contact.FieldInput{{Field: size.Ref(), Value: "38"}}),
			Notes: opt.Some([]contact.NoteInput{
				{Content: "old", CreatedAt: s.Clock.Now().Add(-time.Hour)}, {Content: "new"},
			}),
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		newest := made.Notes[0].Content
		s.call(t, put, "/v2/contacts/1", `{"email_addresses": [{"email_address": "lu@example.org"}], "lists": [{"id": "1"}],
			"work_phone": "2", "custom_fields": [{"name": "CustomField1", "value": "x"}], "notes": [{"note": "`+newest+`"}]}`).is(t, 200, "")
		is, err := s.contacts.Get(t.Context(), s.owner, made.Ref(), contact.IncludeAll)
		if err != nil {
			t.Fatal(err)
		}
		if len(is.Phones) != 2 || len(is.Addresses) != 1 || is.Addresses[0].City != "Oslo" || len(is.Fields) != 2 || len(is.Notes) != 2 ||
			is.Notes[0].UID != made.Notes[0].UID {
			t.Errorf("afterwards: %+v", is)
		}
	})
}

// Who opted out themselves is not brought back by an owner; who was removed by
// the owner is (docs/decisions/0005).
func TestTheWayBack(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.call(t, post, "/v2/lists", `{"name": "Members", "status": "ACTIVE"}`)
		add := func(address string) string {
			return s.call(t, post, "/v2/contacts", `{"email_addresses": [{"email_address": "`+address+`"}], "lists": [{"id": "1"}]}`).is(t, 201, "").text(t, "id")
		}
		with := func(address, lists string) string {
			return `{"email_addresses": [{"email_address": "` + address + `"}], "lists": [` + lists + `]}`
		}
		const one = `{"id": "1"}`
		removed := add("removed@example.org")
		s.call(t, remove, "/v2/contacts/"+removed, "").is(t, 204, "")
		if got := s.call(t, put, "/v2/contacts/"+removed, with("removed@example.org", "")).is(t, 200, "").text(t, "status"); got != "OPTOUT" {
			t.Errorf("changed without a list: %s", got)
		}
		if got := s.call(t, put, "/v2/contacts/"+removed, with("removed@example.org", one)).is(t, 200, "").text(t, "status"); got != "ACTIVE" {
			t.Errorf("put on a list by who removed them: %s", got)
		}

		gone := add("gone@example.org")
		s.optOut(t, "gone@example.org")
		s.call(t, remove, "/v2/contacts/"+gone+"/lists", "").is(t, 204, "")
		s.call(t, put, "/v2/contacts/"+gone, with("gone@example.org", one)).is(t, 400, "")
		a := s.call(t, put, "/v2/contacts/"+gone+"?action_by=ACTION_BY_VISITOR", with("gone@example.org", one)).is(t, 200, "")
		if got := a.text(t, "status") + " " + a.text(t, "email_addresses[0].opt_out_source"); got != "OPTOUT ACTION_BY_VISITOR" {
			t.Errorf("by somebody who says that they are the contact: %s", got)
		}
	})
}

// optOut is the contact's own word.
func (s *site) optOut(t *testing.T, address string) {
	t.Helper()
	of, err := s.contacts.List(t.Context(), s.owner, contact.Filter{Email: address}, 0, onePage)
	if err != nil || len(of.Items) != 1 {
		t.Fatal(of, err)
	}
	err = s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		is, err := tx.HoldContact(ctx, s.home.ID, id.Ref[id.Contact]{Number: of.Items[0].ID})
		if err != nil {
			return err
		}
		if is.Email.Consent, err = is.Email.After(contact.Event{Kind: contact.OptsOut}, tx.Now()); err != nil {
			return err
		}
		return tx.WriteContact(ctx, s.home.ID, s.owner.Origin(), contact.Write{Contact: is})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPagesGoOnByNextAlone(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.call(t, post, "/v2/lists", `{"name": "Members", "status": "ACTIVE"}`)
		for _, name := range []string{"a", "b", "c", "d", "e"} {
			s.call(t, post, "/v2/contacts", `{"email_addresses": [{"email_address": "`+name+`@example.org"}], "lists": [{"id": "1"}]}`).is(t, 201, "")
		}
		var seen []string
		for next := "/v2/contacts?limit=2&status=ACTIVE"; next != ""; {
			a := s.call(t, get, next, "").is(t, 200, "")
			for _, at := range []string{"results[0]", "results[1]"} {
				if id := a.text(t, at+".id"); id != "" {
					seen = append(seen, id)
				}
			}
			if next = a.text(t, "meta.pagination.next_link"); next == "" {
				if !bytes.Contains(a.body, []byte(`"meta":{"pagination":{}}`)) {
					t.Errorf("the last page: %s", a.body)
				}
				break
			}
			if !strings.HasPrefix(next, "/v2/contacts?next=") || strings.Contains(next, "&") {
				t.Errorf("the next page is %s", next)
			}
			next += "&api_key=x"
		}
		if got := strings.Join(seen, " "); got != "1 2 3 4 5" {
			t.Errorf("went through %s", got)
		}
		s.call(t, get, "/v2/contacts?next=abc", "").is(t, 400, "query.param.invalid")
	})
}

func TestWhoIsLetIn(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		token, app := s.token(t)
		with := func(query string, header ...string) answer {
			h := map[string]string{}
			for i := 0; i < len(header); i += 2 {
				h[header[i]] = header[i+1]
			}
			return s.send(t, get, "/v2/contacts?"+query, "", h)
		}
		key := url.Values{"api_key": {app.UID.String()}}.Encode()
		with(key, "Authorization", "Bearer "+token).is(t, 200, "")
		with(key+"&access_token="+token).is(t, 200, "")
		with("access_token="+s.key).is(t, 200, "")
		with("", "Authorization", "Bearer "+token).is(t, 403, "mashery.not.authorized.inactive")
		with("api_key=x", "Authorization", "Bearer "+token).is(t, 403, "mashery.not.authorized.inactive")
		with(key).is(t, 401, "http.status.authentication.invalid_token")
		with(key, "Authorization", "Bearer x").is(t, 401, "http.status.authentication.invalid_token")
		with(key, "Authorization", "Bearer "+token, "Accept", "text/html").is(t, 406, "http.status.not_acceptable")
		with(key, "Authorization", "Bearer "+token, "Accept", "application/json;q=0.9, */*").is(t, 200, "")
		s.send(t, post, "/v2/lists", "name=x", map[string]string{"Authorization": "Bearer " + s.key, "Content-Type": "text/html"}).is(t, 415, "http.status.unsupported_media_type")
		s.call(t, http.MethodPatch, "/v2/lists", "{}").is(t, 405, "http.status.method_not_allowed")
		s.call(t, get, "/v2/nothing", "").is(t, 404, "http.status.not_found")
		s.call(t, get, "/v2/emailmarketing/campaigns?limit=3&whatever=4", "").is(t, 501, "http.status.not_implemented")

		other, err := s.oauth.CreateApplication(t.Context(), s.owner, applicationNamed("Other"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.oauth.SetActive(t.Context(), s.owner, other.UID, false); err != nil {
			t.Fatal(err)
		}
		with("api_key="+other.UID.String(), "Authorization", "Bearer "+token).is(t, 403, "mashery.not.authorized.inactive")
	})
}

func TestBodiesMayBeCompressed(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		if _, err := z.Write([]byte(`{"name": "Members", "status": "ACTIVE"}`)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		h := map[string]string{"Authorization": "Bearer " + s.key, "Content-Encoding": "gzip"}
		s.send(t, post, "/v2/lists", packed.String(), h).is(t, 201, "")
		s.send(t, post, "/v2/lists", "plain", h).is(t, 400, "json.malformed")
		s.send(t, post, "/v2/lists", packed.String()[:20], h).is(t, 400, "json.malformed")
	})
}

// TestStandings holds where contacts stand to docs/decisions/0005, one row each.
func TestStandings(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.call(t, post, "/v2/lists", `{"name": "Members", "status": "ACTIVE"}`)
		lists, err := s.lists.List(t.Context(), s.owner, list.Filter{}, onePage)
		if err != nil {
			t.Fatal(err)
		}
		on := opt.Some([]id.Ref[id.List]{lists.Items[0].Ref()})
		var off opt.Value[[]id.Ref[id.List]]
		for i, c := range []struct {
			permission contact.Permission
			lists      opt.Value[[]id.Ref[id.List]]
			want       string
		}{
			{contact.Implicit, on, "ACTIVE"},
			{contact.Explicit, on, "ACTIVE"},
			{contact.Explicit, off, "REMOVED"},
			{contact.NotSet, on, "UNCONFIRMED"},
			{contact.NotSet, off, "REMOVED"},
			{contact.Pending, on, "UNCONFIRMED"},
			{contact.Pending, off, "UNCONFIRMED"},
			{contact.Unsubscribed, on, "OPTOUT"},
			{contact.Unsubscribed, off, "OPTOUT"},
		} {
			address := string(rune('a'+i)) + "@example.org"
			made, err := s.contacts.Create(t.Context(), s.owner, contact.Change{
				Source: opt.Some(contact.SourceAccount), Lists: c.lists,
				Email: opt.Some(contact.EmailInput{Address: address, Permission: opt.Some(c.permission)}),
			}, nil)
			if err != nil {
				t.Fatal(err)
			}
			number := strconv.FormatInt(int64(made.ID), 10)
			if got := s.call(t, get, "/v2/contacts/"+number, "").is(t, 200, "").text(t, "status"); got != c.want {
				t.Errorf("%s, on a list %t: %s, want %s", c.permission, c.lists.Given(), got, c.want)
			}
			for _, status := range []string{"ACTIVE", "UNCONFIRMED", "OPTOUT", "REMOVED"} {
				found := s.call(t, get, "/v2/contacts?status="+status+"&email="+address, "").text(t, "results[0].id") == number
				if status == "UNCONFIRMED" && c.permission == contact.NotSet {
					continue // asked for, UNCONFIRMED means those who were asked
				}
				if found != (status == c.want) {
					t.Errorf("%s, on a list %t: found as %s: %t", c.permission, c.lists.Given(), status, found)
				}
			}
		}
		nobody, err := s.contacts.Create(t.Context(), s.owner, contact.Change{Source: opt.Some(contact.SourceAccount), FirstName: opt.Some("Lu")}, nil)
		if err != nil {
			t.Fatal(err)
		}
		s.call(t, get, "/v2/contacts/"+strconv.FormatInt(int64(nobody.ID), 10), "").is(t, 404, "")
		if page := s.call(t, get, "/v2/contacts?limit=500", ""); bytes.Contains(page.body, []byte(`"first_name":"Lu"`)) {
			t.Errorf("somebody without an address is there: %s", page.body)
		}
	})
}

func TestRoles(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.call(t, post, "/v2/lists", `{"name": "Members", "status": "ACTIVE"}`)
		creator, _ := s.User(t, s.home, "cc@example.org", account.CampaignCreator)
		s.key = s.accessKey(t, creator, oauth.ContactData)
		s.call(t, get, "/v2/lists", "").is(t, 200, "")
		s.call(t, get, "/v2/lists/1/contacts", "").is(t, 403, "http.status.forbidden")
		s.call(t, get, "/v2/contacts", "").is(t, 403, "http.status.forbidden")
		s.call(t, post, "/v2/lists", `{"name": "Others", "status": "ACTIVE"}`).is(t, 403, "http.status.forbidden")
		s.key = s.accessKey(t, s.owner, oauth.AccountRead)
		s.call(t, get, "/v2/contacts", "").is(t, 403, "http.status.forbidden")
	})
}
