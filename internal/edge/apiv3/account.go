package apiv3

import (
	"net/http"
	"reflect"
	"slices"

	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
)

func (a *API) accountOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/account/summary", ID: "getAccountById", Group: groupAccount,
			Summary:     "The account's own data",
			Description: "Name, contact person, place and time zone of the account that the token belongs to.",
			Scope:       oauth.AccountRead, Privileges: may(account.AccountRead),
			Query: []operation.Parameter{{
				Name: "extra_fields", Kind: operation.Words, Words: []string{extraAddress, extraLogo},
				Doc: "What to add that is left out otherwise.",
			}},
			Answers: []operation.Answer{{Status: http.StatusOK, Doc: "The account.", Type: reflect.TypeFor[customer]()}},
			Serve:   a.summary,
		},
		{
			Method: http.MethodGet, Path: "/account/user/privileges", ID: "getUserPrivileges", Group: groupAccount,
			Summary:     "What the signed-in user may do",
			Description: "The rights that the user's role has in the account. What a token may do is bounded by its scopes too. Any token will do, whatever its scopes.",
			Answers:     []operation.Answer{{Status: http.StatusOK, Doc: "The privileges.", Type: reflect.TypeFor[[]privilege]()}},
			Serve:       a.privileges,
		},
	}
}

// What extra_fields may name.
const (
	extraAddress = "physical_address"
	extraLogo    = "company_logo"
)

func (a *API) summary(c *operation.Call) error {
	is, err := a.o.Accounts.Summary(c.Context(), c.Actor)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, customerOf(is, c.Words("extra_fields")))
}

func (a *API) privileges(c *operation.Call) error {
	all := []privilege{}
	for _, p := range a.o.Accounts.Privileges(c.Actor) {
		all = append(all, privilege{ID: p.Number, Name: string(p.Privilege)})
	}
	return c.JSON(http.StatusOK, all)
}

// customer is an account (v3 contract, Customer).
type customer struct {
	_                 struct{}         `schema:"Customer" doc:"An account."`
	EncodedAccountID  string           `json:"encoded_account_id" readonly:"true" doc:"The account's short name in the API."`
	OrganizationName  string           `json:"organization_name,omitempty" doc:"The organization that the account belongs to."`
	OrganizationPhone string           `json:"organization_phone,omitempty" doc:"The organization's telephone number."`
	Website           string           `json:"website,omitempty" doc:"The organization's web address."`
	ContactEmail      string           `json:"contact_email,omitempty" doc:"The address of the person to ask for."`
	ContactPhone      string           `json:"contact_phone,omitempty" max:"25" doc:"The telephone number of the person to ask for."`
	FirstName         string           `json:"first_name,omitempty" doc:"The first name of the person to ask for."`
	LastName          string           `json:"last_name,omitempty" doc:"The last name of the person to ask for."`
	CountryCode       string           `json:"country_code,omitempty" doc:"The country, as ISO 3166-1 has it: two letters in upper case."`
	StateCode         string           `json:"state_code,omitempty" doc:"The state or province, as ISO 3166-2 has it."`
	TimeZoneID        string           `json:"time_zone_id,omitempty" doc:"The time zone's name in the IANA database."`
	CompanyLogo       *companyLogo     `json:"company_logo,omitempty" doc:"The logo, where extra_fields asks for it."`
	PhysicalAddress   *physicalAddress `json:"physical_address,omitempty" doc:"Where the organization is, where extra_fields asks for it."`
}

type companyLogo struct {
	_           struct{} `schema:"CompanyLogo" doc:"An image that stands for the organization."`
	ExternalURL string   `json:"external_url,omitempty" doc:"Where the image lies on the web."`
}

type physicalAddress struct {
	_            struct{} `schema:"PhysicalAddress" doc:"Where an organization is. It stands at the foot of its mail."`
	AddressLine1 string   `json:"address_line1" min:"1" max:"80" doc:"Street and number, or a post office box."`
	AddressLine2 string   `json:"address_line2,omitempty" min:"1" max:"80" doc:"More of it."`
	AddressLine3 string   `json:"address_line3,omitempty" min:"1" max:"80" doc:"And more."`
	City         string   `json:"city" doc:"The city."`
	StateCode    string   `json:"state_code,omitempty" max:"2" doc:"The state or province, in the United States and Canada: two letters."`
	StateName    string   `json:"state_name,omitempty" doc:"The state, province or region, elsewhere."`
	PostalCode   string   `json:"postal_code,omitempty" doc:"The postal code."`
	CountryCode  string   `json:"country_code" doc:"The country: two letters in upper case."`
}

// privilege is a right of a user (v3 contract, UserPrivilegesResource).
type privilege struct {
	_    struct{} `schema:"Privilege" doc:"One thing that a user may do."`
	ID   int      `json:"privilege_id" doc:"The number of the privilege, the same for every user."`
	Name string   `json:"privilege_name" doc:"The name of the privilege, as operations ask for it."`
}

func customerOf(a account.Account, extra []string) customer {
	c := customer{
		EncodedAccountID:  a.EncodedID,
		OrganizationName:  a.Organization,
		OrganizationPhone: a.OrganizationPhone,
		Website:           a.Website,
		ContactEmail:      a.ContactEmail.String(),
		ContactPhone:      a.ContactPhone,
		FirstName:         a.FirstName,
		LastName:          a.LastName,
		CountryCode:       a.Country,
		StateCode:         a.State,
		TimeZoneID:        a.TimeZone,
	}
	if slices.Contains(extra, extraLogo) && a.LogoURL != "" {
		c.CompanyLogo = &companyLogo{ExternalURL: a.LogoURL}
	}
	if slices.Contains(extra, extraAddress) && !a.Physical.IsZero() {
		c.PhysicalAddress = &physicalAddress{
			AddressLine1: a.Physical.Line1, AddressLine2: a.Physical.Line2, AddressLine3: a.Physical.Line3,
			City: a.Physical.City, StateCode: a.Physical.StateCode, StateName: a.Physical.StateName,
			PostalCode: a.Physical.PostalCode, CountryCode: a.Physical.Country,
		}
	}
	return c
}
