package apiv2_test

import (
	"testing"

	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
)

func TestAccount(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.show(t, get, "/v2/account/info", "").is(t, 200, "")
		s.show(t, put, "/v2/account/info", `{"website": "https://boats.example", "time_zone": "Europe/Paris", "company_logo": "x", "phone": "1",
 "organization_addresses": [{"line1": "1 Quay", "city": "Boston", "state_code": "MA", "postal_code": "02110", "country_code": "US"}]}`).is(t, 200, "")
		s.show(t, put, "/v2/account/info", `{"email": "x", "time_zone": "Mars", "colour": "red", "organization_addresses": [{"country_code": "XX"}]}`).is(t, 400, "json.field.invalid")
		s.show(t, post, "/v2/account/verifiedemailaddresses", `[{"email_address": "news@example.org"}]`).is(t, 201, "")
		s.show(t, post, "/v2/account/verifiedemailaddresses", `{"email_address": "News@example.org", "status": null}`).is(t, 200, "")
		s.show(t, post, "/v2/account/verifiedemailaddresses", `[]`).is(t, 400, "json.malformed")
		s.show(t, post, "/v2/account/verifiedemailaddresses", `[{"email_address": "news@"}]`).is(t, 400, "json.email.invalid")
		s.show(t, get, "/v2/account/verifiedemailaddresses?status=UNCONFIRMED", "").is(t, 200, "")
		s.show(t, get, "/v2/account/verifiedemailaddresses?status=GONE", "").is(t, 400, "query.param.invalid")
		s.show(t, get, "/v2/account/user/privileges", "").is(t, 200, "")
		creator, _ := s.User(t, s.home, "cc@example.org", account.CampaignCreator)
		s.key = s.accessKey(t, creator, oauth.AccountRead, oauth.AccountUpdate)
		s.show(t, get, "/v2/account/user/privileges", "").is(t, 200, "")
		s.show(t, put, "/v2/account/info", `{}`).is(t, 403, "http.status.forbidden")
		s.golden(t, "account")
	})
}
