package apiv3

import (
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/contact"
	"kith/internal/edge/request"
)

// contactFields are what POST and PUT of a contact share.
type contactFields struct {
	FirstName     request.Opt[string]         `json:"first_name" max:"50" doc:"The first name."`
	LastName      request.Opt[string]         `json:"last_name" max:"50" doc:"The last name."`
	JobTitle      request.Opt[string]         `json:"job_title" max:"50" doc:"What the contact does."`
	CompanyName   request.Opt[string]         `json:"company_name" max:"50" doc:"Where they do it."`
	BirthdayMonth request.Opt[int]            `json:"birthday_month" min:"1" max:"12" doc:"The month of birth; only together with the day."`
	BirthdayDay   request.Opt[int]            `json:"birthday_day" min:"1" max:"31" doc:"The day of birth; only together with the month."`
	Anniversary   request.Opt[string]         `json:"anniversary" max:"10" doc:"A day to remember: YYYY-MM-DD, MM/DD/YYYY, or either with the other's separator, with or without leading zeros."`
	CustomFields  request.Opt[[]fieldInput]   `json:"custom_fields" max:"25" doc:"Values of custom fields."`
	Phones        request.Opt[[]phoneInput]   `json:"phone_numbers" max:"3" doc:"Telephone numbers, at most one of each kind."`
	Addresses     request.Opt[[]addressInput] `json:"street_addresses" max:"3" doc:"Addresses, at most one of each kind."`
	Lists         request.Opt[[]id.UID]       `json:"list_memberships" max:"50" doc:"The lists that the contact is on."`
	Tags          request.Opt[[]id.UID]       `json:"taggings" max:"50" doc:"The tags that the contact has."`
	Notes         request.Opt[[]noteInput]    `json:"notes" max:"150" doc:"What was written down about the contact."`
	SMS           request.Opt[smsInput]       `json:"sms_channel" doc:"A number for short messages, and what the contact agreed to. One that is left out stays."`
}

// contactPost is a new contact (v3 contract, ContactPostRequest).
type contactPost struct {
	_     struct{}               `schema:"ContactPostRequest" doc:"A contact to be added."`
	Email request.Opt[emailPost] `json:"email_address" doc:"The address, and whether it may be mailed."`
	contactFields
	Source request.Opt[string] `json:"create_source" enum:"Account,Contact" doc:"Who adds the contact: the account, or the contact themselves."`
}

// contactPut is a contact to be replaced (v3 contract, ContactPutRequest).
type contactPut struct {
	_     struct{}              `schema:"ContactPutRequest" doc:"A contact to be replaced."`
	Email request.Opt[emailPut] `json:"email_address" doc:"The address, and whether it may be mailed."`
	contactFields
	Source request.Opt[string] `json:"update_source" required:"true" enum:"Account,Contact" doc:"Who changes the contact: the account, or the contact themselves."`
}

type emailPost struct {
	_          struct{}            `schema:"EmailAddressPost" doc:"An address of a new contact."`
	Address    request.Opt[string] `json:"address" required:"true" max:"80" doc:"The address."`
	Permission request.Opt[string] `json:"permission_to_send" enum:"explicit,implicit,not_set,pending_confirmation,temp_hold,unsubscribed" doc:"Whether the contact agreed to be mailed; implicit where it is left out."`
}

type emailPut struct {
	_          struct{}            `schema:"EmailAddressPut" doc:"An address of a contact."`
	Address    request.Opt[string] `json:"address" required:"true" max:"80" doc:"The address."`
	Permission request.Opt[string] `json:"permission_to_send" enum:"explicit,implicit,not_set,pending_confirmation,temp_hold,unsubscribed" doc:"Whether the contact agreed to be mailed; where it is left out, that stays as it is."`
	Reason     request.Opt[string] `json:"opt_out_reason" max:"255" doc:"Why the contact is unsubscribed; only with that permission."`
}

type phoneInput struct {
	_      struct{}            `schema:"PhoneNumberPut" doc:"A telephone number."`
	Number request.Opt[string] `json:"phone_number" max:"25" doc:"The number."`
	Kind   request.Opt[string] `json:"kind" enum:"home,work,mobile,other" doc:"Where it rings."`
}

type addressInput struct {
	_          struct{}            `schema:"StreetAddressPut" doc:"An address."`
	Kind       request.Opt[string] `json:"kind" required:"true" enum:"home,work,other" doc:"What is there."`
	Street     request.Opt[string] `json:"street" max:"255" doc:"Street and number."`
	City       request.Opt[string] `json:"city" max:"50" doc:"The city."`
	State      request.Opt[string] `json:"state" max:"50" doc:"The state or province."`
	PostalCode request.Opt[string] `json:"postal_code" max:"50" doc:"The postal code."`
	Country    request.Opt[string] `json:"country" max:"50" doc:"The country."`
}

type fieldInput struct {
	_       struct{}                    `schema:"ContactCustomFieldInput" doc:"A value of a custom field. Without a value, the field is emptied."`
	Field   request.Opt[id.UID]         `json:"custom_field_id" required:"true" doc:"The field."`
	Value   request.Opt[string]         `json:"value" doc:"The value, of a field that is not picked from choices."`
	Choices request.Opt[[]request.Word] `json:"choice_ids" doc:"What was picked, of a field with choices."`
}

type noteInput struct {
	_         struct{}               `schema:"NoteInput" doc:"Something written down."`
	ID        request.Opt[id.UID]    `json:"note_id" doc:"The note that this one stands for, of those that the contact has."`
	CreatedAt request.Opt[time.Time] `json:"created_at" doc:"When it was written."`
	Content   request.Opt[string]    `json:"content" max:"2000" doc:"The text."`
}

// change is a new contact as the domain takes it.
func (in contactPost) change(problems *fault.Problems) contact.Change {
	ch := in.contactFields.change(problems)
	ch.Source = sourceOf("create_source", in.Source, problems)
	if e, ok := in.Email.Value.Value(); ok {
		ch.Email = opt.Some(contact.EmailInput{Address: e.Address.Or(""), Permission: permissionOf(e.Permission, problems)})
	}
	return ch
}

// change is a replaced contact as the domain takes it: plain fields that were
// left out are to be emptied (v3 contract, PUT /contacts/{contact_id}).
func (in contactPut) change(problems *fault.Problems) contact.Change {
	ch := in.contactFields.change(problems)
	ch.Source = sourceOf("update_source", in.Source, problems)
	if e, ok := in.Email.Value.Value(); ok {
		ch.Email = opt.Some(contact.EmailInput{
			Address: e.Address.Or(""), Permission: permissionOf(e.Permission, problems), OptOutReason: e.Reason.Value,
		})
	}
	ch.FirstName, ch.LastName = emptied(ch.FirstName), emptied(ch.LastName)
	ch.JobTitle, ch.CompanyName = emptied(ch.JobTitle), emptied(ch.CompanyName)
	ch.BirthdayMonth, ch.BirthdayDay = emptied(ch.BirthdayMonth), emptied(ch.BirthdayDay)
	ch.Anniversary = emptied(ch.Anniversary)
	return ch
}

func emptied[T any](v opt.Value[T]) opt.Value[T] {
	if v.Given() {
		return v
	}
	return opt.Null[T]()
}

func (in contactFields) change(problems *fault.Problems) contact.Change {
	return contact.Change{
		SMS:           smsOfOwner(in.SMS, problems),
		FirstName:     in.FirstName.Value,
		LastName:      in.LastName.Value,
		JobTitle:      in.JobTitle.Value,
		CompanyName:   in.CompanyName.Value,
		BirthdayMonth: in.BirthdayMonth.Value,
		BirthdayDay:   in.BirthdayDay.Value,
		Anniversary:   in.Anniversary.Value,
		Phones: each(in.Phones, func(p phoneInput) contact.PhoneInput {
			return contact.PhoneInput{Number: p.Number.Or(""), Kind: contact.Kind(p.Kind.Or(""))}
		}),
		Addresses: each(in.Addresses, func(a addressInput) contact.AddressInput {
			return contact.AddressInput{
				Kind: contact.Kind(a.Kind.Or("")), Street: a.Street.Or(""), City: a.City.Or(""), State: a.State.Or(""),
				PostalCode: a.PostalCode.Or(""), Country: a.Country.Or(""),
			}
		}),
		Lists: each(in.Lists, ref[id.List]),
		Tags:  each(in.Tags, ref[id.Tag]),
		Fields: each(in.CustomFields, func(f fieldInput) contact.FieldInput {
			return contact.FieldInput{Field: ref[id.Field](f.Field.Or(id.UID{})), Value: f.Value.Or(""), Choices: words(f.Choices.Or(nil))}
		}),
		Notes: each(in.Notes, func(n noteInput) contact.NoteInput {
			return contact.NoteInput{UID: n.ID.Or(id.UID{}), CreatedAt: n.CreatedAt.Or(time.Time{}), Content: n.Content.Or("")}
		}),
	}
}

// each brings the elements of an array into another form. An array that is
// null counts as left out: clients write null for what they know nothing of,
// and that must take nobody off their lists.
func each[A, B any](in request.Opt[[]A], form func(A) B) opt.Value[[]B] {
	all, ok := in.Value.Value()
	if !ok {
		return opt.Value[[]B]{}
	}
	out := make([]B, len(all))
	for i, one := range all {
		out[i] = form(one)
	}
	return opt.Some(out)
}

func words(all []request.Word) []string {
	out := make([]string, len(all))
	for i, w := range all {
		out[i] = string(w)
	}
	return out
}

func ref[N ~int64](uid id.UID) id.Ref[N] { return id.Ref[N]{UID: uid} }

func refs[N ~int64](uids []id.UID) []id.Ref[N] {
	var all []id.Ref[N]
	for _, uid := range uids {
		all = append(all, ref[N](uid))
	}
	return all
}

// invalid is what is said of a word that is none of those known.
const invalid = "does not have a valid value"

func sourceOf(path string, in request.Opt[string], problems *fault.Problems) opt.Value[contact.Source] {
	word, ok := in.Value.Value()
	if !ok || word == "" {
		return opt.Value[contact.Source]{}
	}
	s, known := contact.ParseSource(word)
	if !known {
		problems.Add(path, "value", invalid+"; it takes one of Account, Contact")
		return opt.Value[contact.Source]{}
	}
	return opt.Some(s)
}

func permissionOf(in request.Opt[string], problems *fault.Problems) opt.Value[contact.Permission] {
	word, ok := in.Value.Value()
	if !ok || word == "" {
		return opt.Value[contact.Permission]{}
	}
	p, known := contact.ParsePermission(word)
	if !known {
		problems.Add("email_address.permission_to_send", "value",
			invalid+"; it takes one of implicit, explicit, not_set, pending_confirmation, unsubscribed")
		return opt.Value[contact.Permission]{}
	}
	return opt.Some(p)
}
