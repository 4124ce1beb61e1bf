package apikith_test

import "testing"

func TestOptInSettings(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		const path = "/kith/v1/settings/opt-in"
		s.show(t, owner, get, path, "").is(t, 200, "")
		s.show(t, owner, "PUT", path, `{"confirm": true, "welcome": false, "remind_after_hours": 0, "expire_after_hours": 48, "language": "nl"}`).is(t, 200, "")
		s.show(t, owner, get, path, "").is(t, 200, "")
		s.show(t, owner, "PUT", path, `{"remind_after_hours": 48, "expire_after_hours": 48}`).is(t, 400, "request.invalid")
		s.show(t, owner, "PUT", path, `{"expire_after_hours": 0, "remind_after_hours": -1, "language": "xx", "confirm": 1}`).is(t, 400, "request.invalid")
		s.call(t, owner, get, path, "").is(t, 200, "") // as it was

		list := "/kith/v1/lists/" + s.list(t, "Gold").UID.String() + "/opt-in"
		s.show(t, owner, get, list, "").is(t, 200, "")
		s.show(t, owner, "PUT", list, `{"confirm": false}`).is(t, 200, "")
		s.show(t, owner, "PUT", list, `{"confirm": null, "welcome": true}`).is(t, 200, "")
		s.show(t, owner, get, list, "").is(t, 200, "")
		s.show(t, owner, "PUT", list, `{"confirm": "maybe"}`).is(t, 400, "request.invalid")
		s.show(t, owner, "PUT", path, `{}`).is(t, 200, "")
		s.golden(t, "opt-in")
	})
}
