package apikith_test

import "testing"

func TestListsOnOffer(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		gold := s.list(t, "Gold")
		path := "/kith/v1/lists/" + gold.UID.String() + "/offer"
		s.show(t, owner, "PUT", path, `{"offered": true}`).is(t, 204, "")
		s.show(t, owner, get, "/kith/v1/lists?search=gold", "").is(t, 200, "")
		s.show(t, owner, "PUT", path, `{}`).is(t, 400, "request.invalid")
		s.show(t, owner, "PUT", path, `{"offered": "perhaps"}`).is(t, 400, "request.invalid")
		if on, err := s.contacts.Offers(t.Context(), s.ines.actor); err != nil || len(on) != 1 || on[0] != gold.ID {
			t.Errorf("offered are %v, %v", on, err)
		}
		s.show(t, owner, "PUT", path, `{"offered": false}`).is(t, 204, "")
		s.show(t, owner, get, "/kith/v1/lists?search=gold", "").is(t, 200, "")
		s.show(t, owner, "PUT", "/kith/v1/lists/"+uid()+"/offer", `{"offered": true}`).is(t, 404, "resource.not_found")
		s.golden(t, "offer")
	})
}
