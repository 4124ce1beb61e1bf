package apiv3

import (
	"net/http"
	"slices"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/contact"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
)

// contactSignUp is a contact who signed up (v3 contract,
// ContactCreateOrUpdateInput). Permission and source are not the caller's to
// say.
type contactSignUp struct {
	_             struct{}                   `schema:"ContactCreateOrUpdateInput" doc:"A contact who signed up."`
	Email         request.Opt[string]        `json:"email_address" max:"80" doc:"The address; it decides whether a contact is added or updated."`
	FirstName     request.Opt[string]        `json:"first_name" max:"50" doc:"The first name."`
	LastName      request.Opt[string]        `json:"last_name" max:"50" doc:"The last name."`
	JobTitle      request.Opt[string]        `json:"job_title" max:"50" doc:"What the contact does."`
	CompanyName   request.Opt[string]        `json:"company_name" max:"50" doc:"Where they do it."`
	Phone         request.Opt[string]        `json:"phone_number" max:"25" doc:"A telephone number. It is kept as the one of kind other."`
	Lists         request.Opt[[]id.UID]      `json:"list_memberships" required:"true" min:"1" max:"50" doc:"Lists that the contact joins beside those they are on."`
	CustomFields  request.Opt[[]signUpField] `json:"custom_fields" max:"50" doc:"Values of custom fields, beside those that the contact has."`
	Anniversary   request.Opt[string]        `json:"anniversary" doc:"A day to remember, in any form that other calls take."`
	BirthdayMonth request.Opt[int]           `json:"birthday_month" min:"1" max:"12" doc:"The month of birth; only together with the day."`
	BirthdayDay   request.Opt[int]           `json:"birthday_day" min:"1" max:"31" doc:"The day of birth; only together with the month."`
	Address       request.Opt[signUpStreet]  `json:"street_address" doc:"An address; it is kept as the one of its kind."`
	SMS           request.Opt[signUpSMS]     `json:"sms_channel" doc:"A number for short messages, and what the contact agreed to. Without an address, it decides whether a contact is added or updated."`
}

type signUpField struct {
	_       struct{}                    `schema:"CreateOrUpdateContactCustomField" doc:"A value of a custom field. One without a value is passed over."`
	Field   request.Opt[id.UID]         `json:"custom_field_id" doc:"The field."`
	Value   request.Opt[string]         `json:"value" doc:"The value, of a field that is not picked from choices."`
	Choices request.Opt[[]request.Word] `json:"choice_ids" doc:"What was picked, of a field with choices."`
}

type signUpStreet struct {
	_          struct{}            `schema:"ContactCreateOrUpdateStreetAddress" doc:"An address."`
	Kind       request.Opt[string] `json:"kind" required:"true" doc:"What is there: home, work or other."`
	Street     request.Opt[string] `json:"street" max:"255" doc:"Street and number."`
	City       request.Opt[string] `json:"city" max:"50" doc:"The city."`
	State      request.Opt[string] `json:"state" max:"50" doc:"The state or province."`
	PostalCode request.Opt[string] `json:"postal_code" max:"50" doc:"The postal code."`
	Country    request.Opt[string] `json:"country" max:"50" doc:"The country."`
}

// signedUp tells what became of a sign-up, in these two members and no others:
// clients count on it (v3 contract, ContactCreateOrUpdateResponse).
type signedUp struct {
	_      struct{} `schema:"ContactCreateOrUpdateResponse" doc:"What became of a sign-up."`
	ID     id.UID   `json:"contact_id" doc:"The contact's id."`
	Action string   `json:"action" enum:"created,updated" doc:"Whether the contact was added or updated."`
}

func (a *API) signUp(c *operation.Call) error {
	ch := operation.Body[contactSignUp](c).change(&c.Problems)
	up, err := a.o.Contacts.SignUp(c.Context(), c.Actor, ch, c.Problems)
	if err != nil {
		return renamed(err)
	}
	if up.Made {
		return c.JSON(http.StatusCreated, signedUp{ID: up.Contact.UID, Action: "created"})
	}
	return c.JSON(http.StatusOK, signedUp{ID: up.Contact.UID, Action: "updated"})
}

// change is a sign-up as the domain takes it. What is null or empty counts as
// not given: a form sends what its visitor left empty, and that takes nothing
// away.
func (in contactSignUp) change(problems *fault.Problems) contact.Change {
	all := contactFields{Lists: in.Lists}.change(problems)
	all.SMS = smsOfContact(in.SMS, problems)
	all.FirstName, all.LastName = filled(in.FirstName), filled(in.LastName)
	all.JobTitle, all.CompanyName = filled(in.JobTitle), filled(in.CompanyName)
	all.Anniversary = filled(in.Anniversary)
	if in.BirthdayMonth.Or(0) != 0 || in.BirthdayDay.Or(0) != 0 {
		all.BirthdayMonth, all.BirthdayDay = in.BirthdayMonth.Value, in.BirthdayDay.Value
	}
	all.Fields = each(in.CustomFields, func(f signUpField) contact.FieldInput {
		return contact.FieldInput{Field: ref[id.Field](f.Field.Or(id.UID{})), Value: f.Value.Or(""), Choices: words(f.Choices.Or(nil))}
	})
	if fields, ok := all.Fields.Value(); ok {
		all.Fields = opt.Some(slices.DeleteFunc(fields, func(f contact.FieldInput) bool {
			return !f.Field.IsZero() && f.Value == "" && len(f.Choices) == 0
		}))
	}
	if address := in.Email.Or(""); address != "" {
		all.Email = opt.Some(contact.EmailInput{Address: address})
	}
	if number := in.Phone.Or(""); strings.TrimSpace(number) != "" {
		all.Phones = opt.Some([]contact.PhoneInput{{Number: number, Kind: contact.Other}})
	}
	if s, ok := in.Address.Value.Value(); ok {
		all.Addresses = opt.Some([]contact.AddressInput{{
			Kind: contact.Kind(s.Kind.Or("")), Street: s.Street.Or(""), City: s.City.Or(""), State: s.State.Or(""),
			PostalCode: s.PostalCode.Or(""), Country: s.Country.Or(""),
		}})
	}
	return all
}

func filled(in request.Opt[string]) opt.Value[string] {
	if strings.TrimSpace(in.Or("")) == "" {
		return opt.Value[string]{}
	}
	return in.Value
}

// renamed tells problems by the names that fields have in a sign-up.
func renamed(err error) error {
	f := fault.Of(err)
	if len(f.Problems) == 0 {
		return err
	}
	is := *f
	is.Problems = slices.Clone(f.Problems)
	for i := range is.Problems {
		p := &is.Problems[i].Path
		switch {
		case *p == "email_address.address":
			*p = "email_address"
		case strings.HasPrefix(*p, "phone_numbers"):
			*p = "phone_number"
		case strings.HasPrefix(*p, "street_addresses[0]"):
			*p = "street_address" + strings.TrimPrefix(*p, "street_addresses[0]")
		}
	}
	return &is
}
