package apikith_test

import (
	"strings"
	"testing"

	"kith/internal/domain/account"
)

const confirmEnglish = "/kith/v1/templates/confirm_optin?language=en"

func TestTemplates(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		s.field(t, "Favourite colour")
		all := s.call(t, owner, get, "/kith/v1/templates", "").is(t, 200, "")
		if n := strings.Count(string(all.body), `"kind"`); n != 54 {
			t.Errorf("%d templates, want nine kinds in six languages", n)
		}
		built := s.show(t, owner, get, confirmEnglish, "").is(t, 200, "")
		s.call(t, owner, put, confirmEnglish, `{
  "subject": "Well, [[FirstName OR \"friend\"]]?", "preheader": "A word", "html": "<p>[[custom.favourite_colour]]</p>\n{{ Link | button: \"Yes\" }}"
}`).is(t, 200, "")
		s.call(t, owner, get, confirmEnglish, "").is(t, 200, "")
		s.show(t, owner, put, confirmEnglish, `{
  "subject": "[[Nobody]]", "html": "<div>\n<p>{% if City %}</p>\n<script></script>", "text": "a {{ City | nope }}"
}`).is(t, 400, "request.invalid")
		s.show(t, owner, put, confirmEnglish, `{"subject": "", "html": "<p>No link</p>"}`).is(t, 400, "request.invalid")
		s.show(t, owner, get, "/kith/v1/templates/nothing?language=en", "").is(t, 404, "resource.not_found")
		s.call(t, owner, get, "/kith/v1/templates/welcome?language=xx", "").is(t, 400, "request.invalid")
		const other = `{"subject": "x", "html": "x"}`
		s.call(t, owner, put, "/kith/v1/templates/nothing", other).is(t, 404, "resource.not_found")
		s.call(t, owner, del, "/kith/v1/templates/nothing", "").is(t, 404, "resource.not_found")
		s.call(t, owner, post, "/kith/v1/templates/nothing/preview", other).is(t, 404, "resource.not_found")
		s.call(t, owner, post, "/kith/v1/templates/nothing/test", other).is(t, 404, "resource.not_found")

		preview := "/kith/v1/templates/confirm_optin/preview?language=en"
		saved := s.call(t, owner, post, preview, "").is(t, 200, "")
		if html := saved.text(t, "html"); saved.text(t, "subject") != "Well, Ada?" || !strings.Contains(html, "favourite colour") || !strings.Contains(html, "/p/confirm/hidden") {
			t.Errorf("the preview: %s", saved.body)
		}
		given := s.call(t, owner, post, preview, `{"subject": "Given", "html": "<p>[[Link]]</p>"}`).is(t, 200, "")
		if given.text(t, "subject") != "Given" || !strings.HasPrefix(given.text(t, "text"), "http://kith.test/p/confirm/hidden\n") {
			t.Errorf("the preview: %s", given.body)
		}
		s.call(t, owner, post, preview, `{"subject": "Given", "html": "[["}`).is(t, 400, "request.invalid")

		test := "/kith/v1/templates/confirm_optin/test?language=en"
		s.show(t, owner, post, test, "").is(t, 200, "")
		mail := s.call(t, owner, get, "/kith/v1/outbox?limit=1", "").is(t, 200, "")
		if mail.text(t, "mails[0].subject") != "[Test] Well, Ada?" || mail.text(t, "mails[0].to") != "ines@example.org" {
			t.Errorf("the test: %s", mail.body)
		}
		s.show(t, owner, del, confirmEnglish, "").is(t, 204, "")
		if again := s.call(t, owner, get, confirmEnglish, "").is(t, 200, ""); string(again.body) != string(built.body) {
			t.Errorf("not as it was built in: %s", again.body)
		}
		s.show(t, owner, del, "/kith/v1/templates/confirm_optin?language=xx", "").is(t, 400, "request.invalid")

		// Another account's are its own.
		bob, _ := s.signUp(t, "bob@example.org", "Others")
		s.call(t, s.session(t, bob), put, confirmEnglish, `{"subject": "Bob's", "html": "[[Link]]"}`).is(t, 200, "")
		if mine := s.call(t, owner, get, confirmEnglish, "").is(t, 200, ""); string(mine.body) != string(built.body) {
			t.Errorf("another account wrote %s", mine.body)
		}
		// A manager looks, and changes nothing.
		manager := s.session(t, s.join(t, "mm@example.org", account.Manager))
		s.call(t, manager, post, preview, "").is(t, 200, "")
		s.call(t, manager, post, test, "").is(t, 403, "access.privilege")
		s.golden(t, "templates")
	})
}

func TestBrands(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		list := "/kith/v1/lists/" + s.list(t, "Gold").UID.String() + "/brand"
		for path, language := range map[string]string{"/kith/v1/brand": "", list: "fr"} {
			s.call(t, owner, get, path, "").is(t, 200, "")
			s.call(t, owner, put, path, `{"sender_id": 1, "colour": "#aa3300", "language": "`+language+`"}`).is(t, 200, "")
		}
		for _, path := range []string{"/kith/v1/brand", list} {
			s.show(t, owner, put, path, `{
  "sender_id": 1, "from_name": "Paper Boats", "reply_to": "office@example.org", "logo_url": "https://boats.example/logo.png", "colour": "#AA3300"
}`).is(t, 200, "")
			s.show(t, owner, get, path, "").is(t, 200, "")
			s.show(t, owner, put, path, `{"sender_id": 77, "colour": "red", "language": "xx", "logo_url": "ftp://x", "reply_to": "x"}`).is(t, 400, "request.invalid")
			s.show(t, owner, put, path, `{}`).is(t, 200, "")
		}
		s.golden(t, "brand")
	})
}
