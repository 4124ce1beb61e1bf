package source

import (
	"strconv"

	"kith/internal/base/id"
	"kith/internal/base/phone"
	"kith/internal/domain/contact"
)

// smsWire is a number for short messages (v3 contract,
// ContactResource.sms_channel).
type smsWire struct {
	ID           id.UID       `json:"sms_channel_id"`
	Address      word         `json:"sms_address"`
	DialCode     word         `json:"dial_code"`
	CreateSource string       `json:"create_source"`
	UpdateSource string       `json:"update_source"`
	Consents     []smsConsent `json:"sms_channel_consents"`
}

type smsConsent struct {
	Permission string `json:"sms_consent_permission"`
	Type       string `json:"consent_type"`
	OptInDate  moment `json:"opt_in_date"`
	OptOutDate moment `json:"opt_out_date"`
	Frequency  word   `json:"advertised_frequency"`
	Interval   string `json:"advertised_interval"`
	CreatedAt  moment `json:"created_at"`
	UpdatedAt  moment `json:"updated_at"`
}

// read reads a number with its consent. One that is no number here is zero, for
// the copy to count.
func (w *smsWire) read() *contact.SMS {
	if w == nil || w.Address == "" {
		return nil
	}
	is := &contact.SMS{UID: w.ID, CreateSource: sourceOf(w.CreateSource), UpdateSource: sourceOf(w.UpdateSource)}
	is.Number, _ = phone.Parse(string(w.DialCode) + string(w.Address))
	is.Permission = contact.NotSet
	for _, c := range w.Consents {
		if c.Type == contact.ConsentType {
			c.into(is)
		}
	}
	return is
}

func (c smsConsent) into(is *contact.SMS) {
	is.CreatedAt, is.UpdatedAt = c.CreatedAt.at, c.UpdatedAt.at
	is.Times, _ = strconv.Atoi(string(c.Frequency)) // what is no number was not said
	is.Interval = c.Interval
	switch p, _ := contact.ParsePermission(c.Permission); p {
	case contact.Explicit:
		is.Permission, is.OptInSource, is.OptInAt = p, is.UpdateSource, c.OptInDate.at
	case contact.Unsubscribed:
		// Whose word it was is not told. It was the account's where that was the
		// last change; else it counts as the contact's own, which nobody undoes.
		is.Permission, is.OptOutSource, is.OptOutAt = p, contact.SourceContact, c.OptOutDate.at
		if is.UpdateSource == contact.SourceAccount && c.OptOutDate.at.Equal(c.UpdatedAt.at) {
			is.OptOutSource = contact.SourceAccount
		}
	case contact.Pending:
		is.Permission = p
	case contact.NoPermission, contact.Implicit, contact.NotSet, contact.TempHold:
	}
}
