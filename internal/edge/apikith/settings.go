package apikith

import (
	"net/http"
	"reflect"

	"kith/internal/base/opt"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
)

func (a *API) settingsOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/settings", ID: "getSettings", Group: groupSettings,
			Summary: "The account's own data",
			Scope:   oauth.AccountRead, Privileges: may(account.AccountRead),
			Answers: ok[settings]("The settings."),
			Serve:   a.settings,
		},
		{
			Method: http.MethodPut, Path: "/settings", ID: "putSettings", Group: groupSettings,
			Summary:     "Change the account's own data",
			Description: "What is left out stays; null or an empty text empties. The postal address is given whole.",
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Body:    reflect.TypeFor[settingsInput](),
			Answers: ok[settings]("The settings as they are now."),
			Serve:   a.updateSettings,
		},
	}
}

type settings struct {
	_                 struct{}         `schema:"Settings" doc:"The account's own data."`
	OrganizationName  string           `json:"organization_name,omitempty" doc:"The organization that the account belongs to."`
	OrganizationPhone string           `json:"organization_phone,omitempty" doc:"The organization's telephone number."`
	Website           string           `json:"website,omitempty" doc:"The organization's web address."`
	CompanyLogo       string           `json:"company_logo,omitempty" doc:"Where an image lies on the web that stands for the organization."`
	ContactEmail      string           `json:"contact_email,omitempty" doc:"The address of the person to ask for."`
	ContactPhone      string           `json:"contact_phone,omitempty" doc:"The telephone number of the person to ask for."`
	FirstName         string           `json:"first_name,omitempty" doc:"The first name of the person to ask for."`
	LastName          string           `json:"last_name,omitempty" doc:"The last name of the person to ask for."`
	CountryCode       string           `json:"country_code,omitempty" doc:"The country: two letters (ISO 3166-1)."`
	StateCode         string           `json:"state_code,omitempty" doc:"The state or province: two or three letters (ISO 3166-2)."`
	TimeZone          string           `json:"time_zone_id" doc:"The time zone's name in the IANA database."`
	Physical          *physicalAddress `json:"physical_address,omitempty" doc:"Where the organization is. It stands at the foot of its mail."`
}

type physicalAddress struct {
	_           struct{} `schema:"PhysicalAddress" doc:"Where an organization is."`
	Line1       string   `json:"address_line1,omitempty" doc:"Street and number, or a post office box."`
	Line2       string   `json:"address_line2,omitempty" doc:"More of it."`
	Line3       string   `json:"address_line3,omitempty" doc:"And more."`
	City        string   `json:"city,omitempty" doc:"The city."`
	StateCode   string   `json:"state_code,omitempty" doc:"The state or province, in the United States and Canada: two letters."`
	StateName   string   `json:"state_name,omitempty" doc:"The state, province or region, elsewhere."`
	PostalCode  string   `json:"postal_code,omitempty" doc:"The postal code."`
	CountryCode string   `json:"country_code,omitempty" doc:"The country: two letters."`
}

type settingsInput struct {
	_                 struct{}                     `schema:"SettingsInput" doc:"What is to be changed of the account's data."`
	OrganizationName  request.Opt[string]          `json:"organization_name" max:"250" doc:"The organization that the account belongs to."`
	OrganizationPhone request.Opt[string]          `json:"organization_phone" max:"25" doc:"The organization's telephone number."`
	Website           request.Opt[string]          `json:"website" max:"255" doc:"The organization's web address."`
	CompanyLogo       request.Opt[string]          `json:"company_logo" max:"255" doc:"Where an image lies on the web that stands for the organization."`
	ContactEmail      request.Opt[string]          `json:"contact_email" doc:"The address of the person to ask for. It cannot be emptied."`
	ContactPhone      request.Opt[string]          `json:"contact_phone" max:"25" doc:"The telephone number of the person to ask for."`
	FirstName         request.Opt[string]          `json:"first_name" max:"50" doc:"The first name of the person to ask for."`
	LastName          request.Opt[string]          `json:"last_name" max:"50" doc:"The last name of the person to ask for."`
	CountryCode       request.Opt[string]          `json:"country_code" max:"2" doc:"The country: two letters (ISO 3166-1)."`
	StateCode         request.Opt[string]          `json:"state_code" max:"3" doc:"The state or province: two or three letters (ISO 3166-2)."`
	TimeZone          request.Opt[string]          `json:"time_zone_id" doc:"The time zone's name in the IANA database; UTC where it is emptied."`
	Physical          request.Opt[physicalAddress] `json:"physical_address" doc:"Where the organization is."`
}

func settingsOf(is account.Account) settings {
	s := settings{
		OrganizationName: is.Organization, OrganizationPhone: is.OrganizationPhone, Website: is.Website, CompanyLogo: is.LogoURL,
		ContactEmail: is.ContactEmail.String(), ContactPhone: is.ContactPhone, FirstName: is.FirstName, LastName: is.LastName,
		CountryCode: is.Country, StateCode: is.State, TimeZone: is.TimeZone,
	}
	if p := is.Physical; !p.IsZero() {
		s.Physical = &physicalAddress{
			Line1: p.Line1, Line2: p.Line2, Line3: p.Line3, City: p.City, StateCode: p.StateCode, StateName: p.StateName,
			PostalCode: p.PostalCode, CountryCode: p.Country,
		}
	}
	return s
}

func (in settingsInput) change() account.Settings {
	ch := account.Settings{
		Organization: in.OrganizationName.Value, OrganizationPhone: in.OrganizationPhone.Value, Website: in.Website.Value,
		LogoURL: in.CompanyLogo.Value, ContactEmail: in.ContactEmail.Value, ContactPhone: in.ContactPhone.Value,
		FirstName: in.FirstName.Value, LastName: in.LastName.Value, Country: in.CountryCode.Value, State: in.StateCode.Value,
		TimeZone: in.TimeZone.Value,
	}
	if p, given := in.Physical.Value.Value(); given {
		ch.Physical = opt.Some(account.PhysicalAddress{
			Line1: p.Line1, Line2: p.Line2, Line3: p.Line3, City: p.City, StateCode: p.StateCode, StateName: p.StateName,
			PostalCode: p.PostalCode, Country: p.CountryCode,
		})
	} else if in.Physical.Given() {
		ch.Physical = opt.Null[account.PhysicalAddress]()
	}
	return ch
}

func (a *API) settings(c *operation.Call) error {
	is, err := a.o.Accounts.Summary(c.Context(), c.Actor)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, settingsOf(is))
}

func (a *API) updateSettings(c *operation.Call) error {
	in := operation.Body[settingsInput](c)
	is, err := a.o.Accounts.UpdateSettings(c.Context(), c.Actor, in.change(), c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, settingsOf(is))
}
