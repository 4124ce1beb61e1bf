package apiv3_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"kith/internal/domain/account"
	"kith/internal/store"
)

func TestAccountSummary(t *testing.T) {
	w := alone(t)
	c := w.client()
	c.call(http.MethodGet, "/v3/account/summary", nil).status(200)
	w.Do(t, func(ctx context.Context, tx *store.Tx) error {
		a := w.home
		a.OrganizationPhone, a.Website, a.LogoURL = "+33 1 23", "https://moor.example", "https://moor.example/logo.png"
		a.ContactPhone, a.FirstName, a.LastName, a.Country, a.TimeZone = "+33 6 45", "Ann", "Moor", "FR", "Europe/Paris"
		a.Physical = account.PhysicalAddress{Line1: "1 quai des Brumes", City: "Paris", Country: "FR", PostalCode: "75001"}
		return tx.UpdateAccount(ctx, a)
	})
	c.call(http.MethodGet, "/v3/account/summary", nil).status(200)
	c.call(http.MethodGet, "/v3/account/summary?extra_fields=physical_address,company_logo", nil).status(200)
	c.call(http.MethodGet, "/v3/account/summary?extra_fields=everything", nil).code(400, "request.invalid")
	c.golden("account")
}

func TestAccountSummaryThatIsChanged(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.client()
		const path = "/v3/account/summary"
		c.call(http.MethodPut, path, object{
			"encoded_account_id": "mine", "organization_name": "Fen Books", "contact_email": "ann@moor.example", "country_code": "us",
			"state_code": "ma", "time_zone_id": "US/Eastern", "physical_address": object{"city": "passed over"},
		}).status(200)
		// What is left out stays, what is null goes.
		c.call(http.MethodPut, path, object{"website": "fen.example", "organization_phone": "1"}).status(200)
		c.call(http.MethodPut, path, object{"organization_phone": nil}).status(200)
		c.call(http.MethodPut, path, object{}).status(200)
		c.call(http.MethodGet, path+"?extra_fields=physical_address", nil).status(200)
		c.call(http.MethodPut, path, object{
			"contact_email": "nobody", "contact_phone": strings.Repeat("1", 26), "country_code": "ZZ", "time_zone_id": "Mars/Base", "first_name": 7,
		}).code(400, "request.invalid")
		c.call(http.MethodPut, path, object{"state_code": "ZZ"}).code(400, "request.invalid")
		c.call(http.MethodPut, path, object{"state_code": ""}).code(400, "request.invalid")
		c.call(http.MethodPut, path, "{").code(400, "request.malformed")
		c.call(http.MethodPut, path, "a=b", "Content-Type", "text/plain").code(415, "request.media_type")
		c.golden("account_put")
	})
}

func TestPhysicalAddress(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.client()
		const path = "/v3/account/summary/physical_address"
		c.call(http.MethodGet, path, nil).code(404, "resource.not_found")
		c.call(http.MethodPost, path, object{"address_line1": "1 Elm Street", "city": "Boston", "country_code": "US", "state_name": "Maine"}).code(400, "request.invalid")
		c.call(http.MethodPost, path, object{"address_line1": "1 Elm Street", "city": "Boston", "country_code": "US", "state_code": "ON", "postal_code": "02110"}).code(400, "request.invalid")
		c.call(http.MethodPost, path, object{"address_line2": strings.Repeat("x", 81), "country_code": "FR", "state_code": "RH"}).code(400, "request.invalid")
		c.call(http.MethodPost, path, object{
			"address_line1": "1 Elm Street", "address_line2": "Unit 1", "city": "Boston", "country_code": "us", "state_code": "ma", "postal_code": "02110",
		}).status(201)
		c.call(http.MethodPost, path, object{"address_line1": "2 quai des Brumes", "city": "Lyon", "country_code": "FR"}).code(409, "account.physical_address.present")
		c.call(http.MethodGet, path, nil).status(200)
		// What is left out is emptied.
		c.call(http.MethodPut, path, object{"address_line1": "2 quai des Brumes", "city": "Lyon", "country_code": "FR", "state_name": "Rh\u00f4ne"}).status(200)
		c.call(http.MethodGet, path, nil).status(200)
		c.call(http.MethodPut, path, object{}).code(400, "request.invalid")
		c.call(http.MethodPut, path, "{").code(400, "request.malformed")
		c.call(http.MethodPut, path, "a=b", "Content-Type", "text/plain").code(415, "request.media_type")
		c.call(http.MethodPost, path, "a=b", "Content-Type", "text/plain").code(415, "request.media_type")
		c.golden("physical_address")
	})
}

// Where an account has no address, it can be given one by replacing nothing.
func TestPhysicalAddressThatReplacesNothing(t *testing.T) {
	c := alone(t).client()
	c.call(http.MethodPut, "/v3/account/summary/physical_address", object{"address_line1": "x", "city": "y", "country_code": "FR"}).status(200)
}

func TestUserPrivileges(t *testing.T) {
	w := alone(t)
	c := w.client()
	c.call(http.MethodGet, "/v3/account/user/privileges", nil).status(200)
	maker, _ := w.User(t, w.home, "maker@moor.example", account.CampaignCreator)
	c.token = w.token(maker, w.app)
	c.call(http.MethodGet, "/v3/account/user/privileges", nil).status(200)
	c.golden("privileges")
}
