package apikith_test

import (
	"fmt"
	"testing"

	"kith/internal/base/opt"
	"kith/internal/domain/contact"
	"kith/internal/domain/segment"
)

func TestPreviewOfASegment(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		browser := s.session(t, s.ines)
		for _, c := range []struct {
			address    string
			permission contact.Permission
		}{{"ana@boats.example", contact.Implicit}, {"bo@example.com", contact.Implicit}, {"cy@boats.example", contact.Unsubscribed}} {
			if _, err := s.contacts.Create(t.Context(), s.ines.actor, contact.Change{
				Source: opt.Some(contact.SourceAccount),
				Email:  opt.Some(contact.EmailInput{Address: c.address, Permission: opt.Some(c.permission)}),
			}, nil); err != nil {
				t.Fatal(err)
			}
		}
		criteria := func(group string) string {
			return `{"segment_criteria":{"version":"1.0.0","criteria":{"type":"and","group":[` + group + `]}},"sample":1}`
		}
		preview := func(body string) answer { return s.show(t, browser, post, "/kith/v1/segments/preview", body) }
		a := preview(criteria(`{"source":"contact","field":"email_domain","op":"equals","value":"boats.example"}`)).is(t, 200, "")
		if got := a.text(t, "count") + " " + a.text(t, "active_count") + " " + a.text(t, "contacts.0.email_address.address"); got != "2 1 ana@boats.example" {
			t.Errorf("count, active and the first: %s", got)
		}
		preview(criteria(`{"source":"contact","field":"email_domain","op":"equals","value":"example.net"}`)).is(t, 200, "")
		preview(criteria(`{"source":"contact","field":"email_domain","op":"is","value":"x"},{"source":"tags","field":"tag_id","op":"contains-any"}`)).is(t, 400, "request.invalid")
		preview(`{"segment_criteria":"{","sample":51}`).is(t, 400, "request.invalid")
		preview(`{}`).is(t, 400, "request.invalid")
		s.golden(t, "segment_preview")

		kept, err := segment.New(s.Segments()).Create(t.Context(), s.ines.actor, segment.Input{
			Name: "Boats", Text: "{}", Draft: segment.Draft{IsGroup: true, Type: "and", Group: []segment.Draft{
				{Source: "contact", Field: "email_domain", Op: "starts-with", Values: []string{"boats."}},
			}},
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		a = s.call(t, browser, get, fmt.Sprint("/kith/v1/contacts?include_count=true&segment_id=", kept.ID), "").is(t, 200, "")
		if got := a.text(t, "contacts_count") + " " + a.text(t, "contacts.1.email_address.address"); got != "2 cy@boats.example" {
			t.Errorf("in the segment: %s", got)
		}
		s.call(t, browser, get, "/kith/v1/contacts?segment_id=99", "").is(t, 404, "resource.not_found")
	})
}
