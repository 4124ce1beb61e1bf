package apikith_test

import (
	"io"
	"strings"
	"testing"

	"kith/internal/base/id"
)

const exportsPath = "/kith/v1/exports"

// What a page of contacts shows, a file holds: all that match, or some.
func TestExport(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		gold := s.list(t, "Gold").UID.String()
		s.field(t, "Boat")
		ann, anja, bob := s.contact(t, "ann@example.org"), s.contact(t, "anja@example.org"), s.contact(t, "bob@example.org")
		s.call(t, owner, post, activitiesPath, `{"action": "add_to_lists", "contact_ids": ["`+bob.UID.String()+`"], "list_ids": ["`+gold+`"]}`).is(t, 201, "")
		s.work(t)

		s.show(t, owner, get, exportsPath+"/fields", "").is(t, 200, "")
		show := true // for the golden file
		for _, test := range []struct{ body, want string }{
			{`{"filter": {"search": "an"}, "exclude_contact_ids": ["` + ann.UID.String() + `"], "fields": ["email_address", "first_name"]}`, "anja@example.org,Lu"},
			{`{"filter": {"list": "` + gold + `", "status": ["active"]}, "fields": ["first_name", "cf:boat", "email_address"]}`, "Lu,,bob@example.org"},
			{`{"contact_ids": ["` + anja.UID.String() + `"], "fields": ["contact_id"]}`, anja.UID.String()},
			{`{"filter": {"segment_id": 99}, "fields": ["email_address"]}`, ""}, // nobody, as where a list is gone
			{`{"fields": ["email_address"]}`, "ines@example.org ann@example.org anja@example.org bob@example.org"},
		} {
			call := s.call
			if show {
				call = s.show
			}
			show = false
			results := call(t, owner, post, exportsPath, test.body).is(t, 201, "").text(t, "_links.results.href")
			s.work(t)
			uid, err := id.ParseUID(strings.TrimPrefix(results, "/v3/contact_exports/"))
			if err != nil {
				t.Fatal(err)
			}
			file, err := s.bulk.OpenExport(t.Context(), s.ines.actor, id.Ref[id.Activity]{UID: uid})
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(file)
			if err != nil {
				t.Fatal(err)
			}
			_ = file.Close() // it was read
			_, rows, _ := strings.Cut(string(body), "\r\n")
			if got := strings.Join(strings.Fields(rows), " "); got != test.want {
				t.Errorf("%s: got %q, want %q", test.body, got, test.want)
			}
		}
		for _, bad := range []string{
			`{"fields": ["shoe_size"]}`,
			`{"filter": {"status": ["sleeping"]}, "fields": ["email_optin_date"]}`,
			`{"filter": {}, "contact_ids": ["` + ann.UID.String() + `"]}`,
			`{"contact_ids": ["` + ann.UID.String() + `"], "exclude_contact_ids": ["` + ann.UID.String() + `"]}`,
		} {
			s.show(t, owner, post, exportsPath, bad).is(t, 400, "request.invalid")
		}
		s.golden(t, "export")
	})
}
