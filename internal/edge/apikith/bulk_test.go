package apikith_test

import (
	"strings"
	"testing"
)

const activitiesPath = "/kith/v1/activities"

// What a page of contacts shows, many calls change: all that match, or some.
func TestWorkOnAllThatMatch(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		gold := s.list(t, "Gold").UID.String()
		ann, anja := s.contact(t, "ann@example.org"), s.contact(t, "anja@example.org")
		s.contact(t, "bob@example.org")
		onGold := func() string {
			t.Helper()
			found := s.call(t, owner, get, "/kith/v1/contacts?include_count=true&list="+gold, "").is(t, 200, "")
			return found.text(t, "contacts_count")
		}
		s.show(t, owner, post, activitiesPath, `{"action": "add_to_lists", "filter": {"search": "an"}, "list_ids": ["`+gold+`"]}`).is(t, 201, "")
		s.work(t)
		if got := onGold(); got != "2" {
			t.Errorf("%s are on the list, want 2", got)
		}
		s.show(t, owner, post, activitiesPath,
			`{"action": "remove_from_lists", "filter": {"list": "`+gold+`"}, "exclude_contact_ids": ["`+ann.UID.String()+`"], "list_ids": ["`+gold+`"]}`).is(t, 201, "")
		s.work(t)
		if got := onGold(); got != "1" {
			t.Errorf("%s are on the list, want 1", got)
		}
		s.call(t, owner, post, activitiesPath, `{"action": "add_to_lists", "contact_ids": ["`+anja.UID.String()+`"], "list_ids": ["`+gold+`"]}`).is(t, 201, "")
		s.work(t)
		if got := onGold(); got != "2" {
			t.Errorf("%s are on the list, want 2", got)
		}
		s.call(t, owner, post, activitiesPath, `{"action": "delete", "filter": {"list": "`+gold+`", "status": ["active"]}}`).is(t, 201, "")
		s.work(t)
		if got := onGold(); got != "0" {
			t.Errorf("%s are on the list, want 0", got)
		}
		first := s.show(t, owner, get, activitiesPath+"?limit=3", "").is(t, 200, "")
		s.show(t, owner, get, first.text(t, "_links.next.href"), "").is(t, 200, "")
		if none := s.show(t, owner, get, activitiesPath+"?state=failed", "").is(t, 200, ""); !strings.Contains(string(none.body), `"activities":[]`) {
			t.Errorf("nothing has failed, but %s", none.body)
		}
		last := s.show(t, owner, get, activitiesPath+"?state=completed&limit=1", "").is(t, 200, "").text(t, "activities[0].activity_id")
		if one := s.show(t, owner, get, activitiesPath+"/"+last, "").is(t, 200, ""); one.text(t, "kind") != "contact_delete" {
			t.Errorf("the last was a deletion, not %s", one.body)
		}
		s.show(t, owner, get, activitiesPath+"/"+uid(), "").is(t, 404, "resource.not_found")
		s.show(t, owner, get, activitiesPath+"?limit=0", "").is(t, 400, "request.invalid")
		for _, bad := range []string{
			`{}`,
			`{"action": "forget", "filter": {}}`,
			`{"action": "add_tags", "filter": {}, "tag_ids": ["` + uid() + `"]}`,
			`{"action": "delete", "filter": {"segment_id": 0, "status": ["sleeping"], "search": "` + strings.Repeat("x", 101) + `"}}`,
			`{"action": "delete", "filter": {}, "contact_ids": ["` + ann.UID.String() + `"]}`,
		} {
			s.show(t, owner, post, activitiesPath, bad).is(t, 400, "request.invalid")
		}
		s.golden(t, "bulk")
	})
}
