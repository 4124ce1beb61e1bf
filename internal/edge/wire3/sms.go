package wire3

import (
	"strconv"
	"time"

	"kith/internal/base/id"
	"kith/internal/base/phone"
	"kith/internal/domain/contact"
	"kith/internal/edge/respond"
)

// SMSChannel is a contact's number for short messages (v3 contract,
// ContactResource.sms_channel).
type SMSChannel struct {
	_            struct{}     `schema:"ContactResource.sms_channel" doc:"A number for short messages, and what the contact agreed to."`
	ID           id.UID       `json:"sms_channel_id" doc:"The id of the number."`
	Address      string       `json:"sms_address" doc:"The number without its dial code."`
	DialCode     string       `json:"dial_code" doc:"The dial code of the country."`
	CountryCode  string       `json:"country_code" doc:"The country, in two letters."`
	UpdateSource string       `json:"update_source,omitempty" enum:"Account,Contact" doc:"Who changed any of this last."`
	CreateSource string       `json:"create_source,omitempty" enum:"Account,Contact" doc:"Who added the number."`
	Consents     []SMSConsent `json:"sms_channel_consents" doc:"What the contact agreed to; one element."`
}

// SMSConsent is what a contact agreed to (v3 contract,
// SmsChannelConsentDetails).
type SMSConsent struct {
	_          struct{}     `schema:"SmsChannelConsentDetails" doc:"What the contact agreed to."`
	Permission string       `json:"sms_consent_permission" enum:"explicit,not_set,pending_confirmation,unsubscribed" doc:"Whether short messages may be sent."`
	Type       string       `json:"consent_type" enum:"promotional_sms" doc:"The type of consent."`
	OptInDate  respond.Time `json:"opt_in_date,omitzero" readonly:"true" doc:"When the contact agreed, of one who does."`
	OptOutDate respond.Time `json:"opt_out_date,omitzero" readonly:"true" doc:"When the contact opted out, of one who has."`
	Frequency  string       `json:"advertised_frequency,omitempty" doc:"How many messages the contact was told would come in an interval."`
	Interval   string       `json:"advertised_interval,omitempty" doc:"The interval, such as weekly."`
	CreatedAt  respond.Time `json:"created_at" readonly:"true" doc:"When the number was added."`
	UpdatedAt  respond.Time `json:"updated_at" readonly:"true" doc:"When any of this was last changed."`
}

func smsOf(s *contact.SMS) *SMSChannel {
	consent := SMSConsent{
		Permission: s.Permission.String(), Type: contact.ConsentType, Interval: s.Interval,
		CreatedAt: respond.Time(s.CreatedAt), UpdatedAt: respond.Time(s.UpdatedAt),
	}
	if s.Times > 0 {
		consent.Frequency = strconv.Itoa(s.Times)
	}
	switch s.Permission {
	case contact.Explicit:
		consent.OptInDate = respond.Time(s.OptInAt)
	case contact.Unsubscribed:
		consent.OptOutDate = respond.Time(s.OptOutAt)
	case contact.NoPermission, contact.Implicit, contact.NotSet, contact.Pending, contact.TempHold:
	}
	return &SMSChannel{
		ID: s.UID, Address: s.Number.National(), DialCode: phone.Dial, CountryCode: phone.Country,
		UpdateSource: s.UpdateSource.String(), CreateSource: s.CreateSource.String(), Consents: []SMSConsent{consent},
	}
}

func (s *SMSChannel) append(b []byte) []byte {
	o := writer{b}
	o.id(`{"sms_channel_id":`, s.ID)
	o.always(`,"sms_address":`, s.Address)
	o.always(`,"dial_code":`, s.DialCode)
	o.always(`,"country_code":`, s.CountryCode)
	o.text(`,"update_source":`, s.UpdateSource)
	o.text(`,"create_source":`, s.CreateSource)
	array(&o, `,"sms_channel_consents":[`, s.Consents, func(c SMSConsent) {
		o.always(`{"sms_consent_permission":`, c.Permission)
		o.always(`,"consent_type":`, c.Type)
		o.time(`,"opt_in_date":`, time.Time(c.OptInDate), false)
		o.time(`,"opt_out_date":`, time.Time(c.OptOutDate), false)
		o.text(`,"advertised_frequency":`, c.Frequency)
		o.text(`,"advertised_interval":`, c.Interval)
		o.time(`,"created_at":`, time.Time(c.CreatedAt), true)
		o.time(`,"updated_at":`, time.Time(c.UpdatedAt), true)
		o.b = append(o.b, '}')
	})
	return append(o.b, '}')
}

// SMSStatuses returns what the parameter sms_status may name.
func SMSStatuses() []string {
	return []string{"all", "explicit", "unsubscribed", "pending_confirmation", "not_set"}
}

// SMSStatus reads words of SMSStatuses; 0 stands for any.
func SMSStatus(words []string) (some contact.Statuses) {
	for _, word := range words {
		if word == "all" {
			return 0
		}
		s, _ := contact.ParseStatus(word) // it knows every word of SMSStatuses
		some |= s
	}
	return some
}
