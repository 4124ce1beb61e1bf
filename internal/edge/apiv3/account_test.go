package apiv3_test

import (
	"context"
	"net/http"
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

func TestUserPrivileges(t *testing.T) {
	w := alone(t)
	c := w.client()
	c.call(http.MethodGet, "/v3/account/user/privileges", nil).status(200)
	maker, _ := w.User(t, w.home, "maker@moor.example", account.CampaignCreator)
	c.token = w.token(maker, w.app)
	c.call(http.MethodGet, "/v3/account/user/privileges", nil).status(200)
	c.golden("privileges")
}
