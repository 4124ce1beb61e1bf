package apiv3

import (
	"fmt"
	"net/http"
	"reflect"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
)

// smsInput is a number for short messages in POST and PUT of a contact.
type smsInput struct {
	_        struct{}                         `schema:"ContactSmsChannel" doc:"A number for short messages. A contact has one, and no other contact has the same."`
	Address  request.Opt[string]              `json:"full_sms_address" required:"true" doc:"The number with its dial code: one of the United States."`
	Consents request.Opt[[]smsConsentOfOwner] `json:"sms_channel_consents" required:"true" doc:"What the contact agreed to: one element, or none, and then that stays as it is."`
}

type smsConsentOfOwner struct {
	_          struct{}            `schema:"ContactSmsChannelConsents" doc:"What the contact agreed to."`
	Permission request.Opt[string] `json:"sms_consent_permission" required:"true" doc:"explicit, pending_confirmation, unsubscribed or not_set."`
	Type       request.Opt[string] `json:"consent_type" required:"true" enum:"promotional_sms" doc:"promotional_sms."`
	Details    request.Opt[string] `json:"consent_medium_details" doc:"How the contact said so."`
}

// signUpSMS is a number for short messages in a sign-up.
type signUpSMS struct {
	_        struct{}                           `schema:"JmmlSmsChannel" doc:"A number for short messages."`
	Address  request.Opt[string]                `json:"sms_address" required:"true" doc:"The number without its dial code."`
	Dial     request.Opt[request.Word]          `json:"dial_code" required:"true" doc:"The dial code: 1."`
	Country  request.Opt[string]                `json:"country_code" required:"true" doc:"The country: US."`
	Consents request.Opt[[]smsConsentOfContact] `json:"sms_channel_consents" required:"true" doc:"What the contact agreed to, with how they did: one element."`
}

type smsConsentOfContact struct {
	_          struct{}            `schema:"JmmlSmsChannelConsents" doc:"What the contact agreed to, and how."`
	Permission request.Opt[string] `json:"sms_consent_permission" required:"true" doc:"explicit, pending_confirmation, unsubscribed or not_set."`
	Type       request.Opt[string] `json:"consent_type" required:"true" doc:"promotional_sms."`
	Medium     request.Opt[string] `json:"consent_medium_type" required:"true" doc:"A code of where they did: LF for a form."`
	URL        request.Opt[string] `json:"consent_medium_url" required:"true" doc:"The address of the page where they did."`
	Details    request.Opt[string] `json:"consent_medium_details" required:"true" doc:"How they did, such as the text that they saw."`
	Frequency  request.Opt[int]    `json:"advertised_frequency" doc:"How many messages they were told would come in an interval."`
	Interval   request.Opt[string] `json:"advertised_interval" doc:"The interval, such as weekly."`
}

const smsPath = "sms_channel"

// smsOfOwner is a number as the domain takes it. Null counts as left out.
func smsOfOwner(in request.Opt[smsInput], problems *fault.Problems) (none opt.Value[contact.SMSInput]) {
	s, ok := in.Value.Value()
	if !ok {
		return none
	}
	needed(smsPath+".full_sms_address", s.Address, problems)
	needed(smsPath+".sms_channel_consents", s.Consents, problems)
	is := contact.SMSInput{Full: s.Address.Or("")}
	for i, c := range s.Consents.Or(nil) {
		is.Consents = append(is.Consents, smsConsent(i, c.Permission, c.Type, problems))
		is.Consents[i].Details = c.Details.Or("")
	}
	return opt.Some(is)
}

// smsOfContact is the same in a sign-up.
func smsOfContact(in request.Opt[signUpSMS], problems *fault.Problems) (none opt.Value[contact.SMSInput]) {
	s, ok := in.Value.Value()
	if !ok {
		return none
	}
	needed(smsPath+".sms_address", s.Address, problems)
	needed(smsPath+".dial_code", s.Dial, problems)
	needed(smsPath+".country_code", s.Country, problems)
	needed(smsPath+".sms_channel_consents", s.Consents, problems)
	is := contact.SMSInput{Domestic: true, National: s.Address.Or(""), Dial: string(s.Dial.Or("")), Country: s.Country.Or("")}
	for i, c := range s.Consents.Or(nil) {
		consent := smsConsent(i, c.Permission, c.Type, problems)
		at := smsConsentPath(i)
		needed(at+"consent_medium_type", c.Medium, problems)
		needed(at+"consent_medium_url", c.URL, problems)
		needed(at+"consent_medium_details", c.Details, problems)
		consent.Evidence = contact.Evidence{Medium: c.Medium.Or(""), URL: c.URL.Or(""), Details: c.Details.Or("")}
		consent.Frequency = contact.Frequency{Times: c.Frequency.Or(0), Interval: c.Interval.Or("")}
		is.Consents = append(is.Consents, consent)
	}
	return opt.Some(is)
}

func smsConsentPath(i int) string { return fmt.Sprintf("%s.sms_channel_consents[%d].", smsPath, i) }

func smsConsent(i int, permission, kind request.Opt[string], problems *fault.Problems) contact.SMSConsent {
	at := smsConsentPath(i)
	needed(at+"sms_consent_permission", permission, problems)
	needed(at+"consent_type", kind, problems)
	p, known := contact.ParsePermission(permission.Or(""))
	if path := at + "sms_consent_permission"; !known && !problems.Has(path) {
		problems.Add(path, "value", invalid)
	}
	return contact.SMSConsent{Type: kind.Or(""), Permission: p}
}

// needed adds a problem where a member is not there.
func needed[T any](path string, in request.Opt[T], problems *fault.Problems) {
	if _, ok := in.Value.Value(); !ok && !problems.Has(path) {
		problems.Add(path, "required", "is missing")
	}
}

// smsHistory is one element of the history of a number (v3 contract,
// SmsEngagementHistory).
type smsHistory struct {
	_         struct{}          `schema:"SmsEngagement" doc:"One change of a number for short messages, or of what the contact agreed to."`
	ContactID id.UID            `json:"contact_id" doc:"The contact."`
	ChannelID id.UID            `json:"sms_channel_id" doc:"The number's id."`
	ID        id.UID            `json:"sms_channel_history_id" doc:"The id of this change."`
	At        respond.Time      `json:"insert_time" doc:"When it was noted down."`
	Details   smsHistoryDetails `json:"history_details" doc:"What changed."`
}

type smsHistoryDetails struct {
	_         struct{}     `schema:"HistoryDetails" doc:"What changed."`
	State     string       `json:"state" doc:"Where the contact stands since: E explicit, P pending, O unsubscribed, N not set."`
	Source    string       `json:"source,omitempty" doc:"Who said so: A the account, C the contact."`
	Type      string       `json:"consent_type" doc:"promotional_sms."`
	At        respond.Time `json:"consent_action_time" doc:"When it was changed."`
	Action    string       `json:"consent_action_type" doc:"What was done: opt_in, opt_out, or the permission that was set."`
	Medium    string       `json:"consent_medium_type,omitempty" doc:"By which medium: LF a form, FI a file, MD a device, CD the carrier, SY the system."`
	SaidAt    respond.Time `json:"source_consent_timestamp,omitzero" doc:"When the contact agreed or opted out, as far as that is known."`
	Number    string       `json:"source_sms_number" doc:"The number, without its dial code."`
	Frequency int          `json:"advertised_frequency,omitempty" doc:"How many messages the contact was told would come in an interval."`
	Interval  string       `json:"advertised_interval,omitempty" doc:"The interval."`
}

func (a *API) smsHistoryOperation() operation.Operation {
	return operation.Operation{
		Method: http.MethodGet, Path: "/contacts/sms_engagement_history/{contact_id}", ID: "getSmsEngagementHistory", Group: groupContacts,
		Summary: "What a contact agreed to about short messages, and when",
		Description: fmt.Sprintf("The newest change first, %d at most; an empty array for a contact who never had a number. Also of one who was deleted.",
			contact.MaxSMSHistory),
		Scope: oauth.ContactData, Privileges: may(account.ContactsRead),
		Answers:  []operation.Answer{{Status: http.StatusOK, Doc: "The changes.", Type: reflect.TypeFor[[]smsHistory]()}},
		Failures: []int{http.StatusNotFound},
		Serve:    a.smsHistory,
	}
}

func (a *API) smsHistory(c *operation.Call) error {
	is, all, err := a.o.Contacts.SMSHistory(c.Context(), c.Actor, contactRef(c))
	if err != nil {
		return err
	}
	answer := make([]smsHistory, len(all))
	for i, e := range all {
		answer[i] = smsHistory{ContactID: is.UID, ChannelID: e.Channel, ID: e.UID, At: respond.Time(e.At), Details: smsDetails(e)}
	}
	return c.JSON(http.StatusOK, answer)
}

func smsDetails(e contact.SMSEntry) smsHistoryDetails {
	d := smsHistoryDetails{
		State: "N", Type: contact.ConsentType, At: respond.Time(e.At), Action: e.Becomes.String(), Medium: e.Medium,
		SaidAt: respond.Time(e.ConsentAt), Number: e.Number.National(), Frequency: e.Times, Interval: e.Interval,
	}
	switch e.Becomes {
	case contact.Explicit:
		d.State, d.Action = "E", "opt_in"
	case contact.Pending:
		d.State = "P"
	case contact.Unsubscribed:
		d.State, d.Action = "O", "opt_out"
	case contact.NoPermission, contact.Implicit, contact.NotSet, contact.TempHold:
	}
	switch e.Source {
	case contact.SourceAccount:
		d.Source = "A"
	case contact.SourceContact:
		d.Source = "C"
	case contact.NoSource:
	}
	return d
}
