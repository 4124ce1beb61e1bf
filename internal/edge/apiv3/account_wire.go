package apiv3

import (
	"slices"

	"kith/internal/domain/account"
	"kith/internal/edge/request"
)

// customer is an account (v3 contract, Customer).
type customer struct {
	_ struct{} `schema:"Customer" doc:"An account."`
	customerFields
	CompanyLogo     *companyLogo     `json:"company_logo,omitempty" doc:"The logo, where extra_fields asks for it."`
	PhysicalAddress *physicalAddress `json:"physical_address,omitempty" doc:"Where the organization is, where extra_fields asks for it."`
}

// customerPut is an account as the answer to its change has it (v3 contract,
// CustomerPut).
type customerPut struct {
	_ struct{} `schema:"CustomerPut" doc:"An account after a change."`
	customerFields
}

type customerFields struct {
	EncodedAccountID  string `json:"encoded_account_id" readonly:"true" doc:"The account's short name in the API."`
	OrganizationName  string `json:"organization_name,omitempty" doc:"The organization that the account belongs to."`
	OrganizationPhone string `json:"organization_phone,omitempty" doc:"The organization's telephone number."`
	Website           string `json:"website,omitempty" doc:"The organization's web address."`
	ContactEmail      string `json:"contact_email,omitempty" doc:"The address of the person to ask for."`
	ContactPhone      string `json:"contact_phone,omitempty" max:"25" doc:"The telephone number of the person to ask for."`
	FirstName         string `json:"first_name,omitempty" doc:"The first name of the person to ask for."`
	LastName          string `json:"last_name,omitempty" doc:"The last name of the person to ask for."`
	CountryCode       string `json:"country_code,omitempty" doc:"The country, as ISO 3166-1 has it: two letters in upper case."`
	StateCode         string `json:"state_code,omitempty" doc:"The state or province, as ISO 3166-2 has it."`
	TimeZoneID        string `json:"time_zone_id,omitempty" doc:"The time zone's name in the IANA database."`
}

// customerInput is a change of an account (v3 contract, CustomerPut).
type customerInput struct {
	_                 struct{}            `schema:"CustomerInput" doc:"What is to be changed of an account."`
	EncodedAccountID  request.Opt[string] `json:"encoded_account_id" readonly:"true" doc:"Passed over: an account keeps its name."`
	OrganizationName  request.Opt[string] `json:"organization_name" doc:"The organization that the account belongs to."`
	OrganizationPhone request.Opt[string] `json:"organization_phone" doc:"The organization's telephone number."`
	Website           request.Opt[string] `json:"website" doc:"The organization's web address."`
	ContactEmail      request.Opt[string] `json:"contact_email" doc:"The address of the person to ask for. It cannot be emptied."`
	ContactPhone      request.Opt[string] `json:"contact_phone" max:"25" doc:"The telephone number of the person to ask for."`
	FirstName         request.Opt[string] `json:"first_name" doc:"The first name of the person to ask for."`
	LastName          request.Opt[string] `json:"last_name" doc:"The last name of the person to ask for."`
	CountryCode       request.Opt[string] `json:"country_code" doc:"The country, as ISO 3166-1 has it: two letters."`
	StateCode         request.Opt[string] `json:"state_code" doc:"The state or province, as ISO 3166-2 has it; the country US needs one."`
	TimeZoneID        request.Opt[string] `json:"time_zone_id" doc:"The time zone's name in the IANA database."`
}

func (in customerInput) settings() account.Settings {
	return account.Settings{
		Organization: in.OrganizationName.Value, OrganizationPhone: in.OrganizationPhone.Value, Website: in.Website.Value,
		ContactEmail: in.ContactEmail.Value, ContactPhone: in.ContactPhone.Value, FirstName: in.FirstName.Value,
		LastName: in.LastName.Value, Country: in.CountryCode.Value, State: in.StateCode.Value, TimeZone: in.TimeZoneID.Value,
	}
}

type companyLogo struct {
	_           struct{} `schema:"CompanyLogo" doc:"An image that stands for the organization."`
	ExternalURL string   `json:"external_url,omitempty" doc:"Where the image lies on the web."`
}

// physicalAddress is a part of an account, accountPhysical the same by itself
// (v3 contract, AccountPhysicalAddress).
type physicalAddress struct {
	_ struct{} `schema:"PhysicalAddress" doc:"Where an organization is. It stands at the foot of its mail."`
	physicalFields
}

type accountPhysical struct {
	_ struct{} `schema:"AccountPhysicalAddress" doc:"Where an organization is. It stands at the foot of its mail."`
	physicalFields
}

type physicalFields struct {
	AddressLine1 string `json:"address_line1" min:"1" max:"80" doc:"Street and number, or a post office box."`
	AddressLine2 string `json:"address_line2,omitempty" min:"1" max:"80" doc:"More of it."`
	AddressLine3 string `json:"address_line3,omitempty" min:"1" max:"80" doc:"And more."`
	City         string `json:"city" doc:"The city."`
	StateCode    string `json:"state_code,omitempty" max:"2" doc:"The state or province, in the United States and Canada: two letters."`
	StateName    string `json:"state_name,omitempty" doc:"The state, province or region, elsewhere."`
	PostalCode   string `json:"postal_code,omitempty" doc:"The postal code."`
	CountryCode  string `json:"country_code" doc:"The country: two letters in upper case."`
}

// physicalInput is a physical address as a caller writes it.
type physicalInput struct {
	_            struct{}            `schema:"PhysicalAddressInput" doc:"Where an organization is."`
	AddressLine1 request.Opt[string] `json:"address_line1" required:"true" min:"1" max:"80" doc:"Street and number, or a post office box."`
	AddressLine2 request.Opt[string] `json:"address_line2" min:"1" max:"80" doc:"More of it."`
	AddressLine3 request.Opt[string] `json:"address_line3" min:"1" max:"80" doc:"And more."`
	City         request.Opt[string] `json:"city" required:"true" doc:"The city."`
	StateCode    request.Opt[string] `json:"state_code" max:"2" doc:"The state or province, in the United States and Canada: two letters."`
	StateName    request.Opt[string] `json:"state_name" doc:"The state, province or region, elsewhere."`
	PostalCode   request.Opt[string] `json:"postal_code" doc:"The postal code; the United States and Canada need one."`
	CountryCode  request.Opt[string] `json:"country_code" required:"true" doc:"The country: two letters (ISO 3166-1)."`
}

func (in physicalInput) address() account.PhysicalAddress {
	return account.PhysicalAddress{
		Line1: in.AddressLine1.Or(""), Line2: in.AddressLine2.Or(""), Line3: in.AddressLine3.Or(""), City: in.City.Or(""),
		StateCode: in.StateCode.Or(""), StateName: in.StateName.Or(""), PostalCode: in.PostalCode.Or(""), Country: in.CountryCode.Or(""),
	}
}

// privilege is a right of a user (v3 contract, UserPrivilegesResource).
type privilege struct {
	_    struct{} `schema:"Privilege" doc:"One thing that a user may do."`
	ID   int      `json:"privilege_id" doc:"The number of the privilege, the same for every user."`
	Name string   `json:"privilege_name" doc:"The name of the privilege, as operations ask for it."`
}

func customerFieldsOf(a account.Account) customerFields {
	return customerFields{
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
}

func customerOf(a account.Account, extra []string) customer {
	c := customer{customerFields: customerFieldsOf(a)}
	if slices.Contains(extra, extraLogo) && a.LogoURL != "" {
		c.CompanyLogo = &companyLogo{ExternalURL: a.LogoURL}
	}
	if slices.Contains(extra, extraAddress) && !a.Physical.IsZero() {
		c.PhysicalAddress = &physicalAddress{physicalFields: physicalFieldsOf(a.Physical)}
	}
	return c
}

func physicalFieldsOf(p account.PhysicalAddress) physicalFields {
	return physicalFields{
		AddressLine1: p.Line1, AddressLine2: p.Line2, AddressLine3: p.Line3, City: p.City,
		StateCode: p.StateCode, StateName: p.StateName, PostalCode: p.PostalCode, CountryCode: p.Country,
	}
}
