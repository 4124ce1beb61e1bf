package column

import (
	"kith/internal/base/date"
	phonenumber "kith/internal/base/phone"
)

// smsNumber takes a number for short messages (v3 contract,
// JsonImportContact.sms_number).
func (r *reading) smsNumber(s *step, v string) {
	r.smsCell = v
	n, err := phonenumber.ParseNational(v)
	if err != nil {
		r.problem(s, err.Error())
	}
	r.d.SMS.Number = n
}

// smsConsentDate takes the day on which the contact agreed, where the import
// says that such days state consent.
func (r *reading) smsConsentDate(s *step, v string) {
	if !r.p.o.SMSConsent {
		return
	}
	day, err := date.ParseDay(v)
	switch {
	case err != nil:
		r.problem(s, err.Error())
	case day.Time().After(r.p.o.Today.Time().AddDate(0, 0, 1)):
		r.problem(s, "lies in the future")
	default:
		r.smsDate = day
	}
}

// sms joins the number and the day. A day without a number says nothing.
func (r *reading) sms() {
	if !r.d.SMS.Number.IsZero() && r.smsDate != (date.Day{}) {
		r.d.SMS.ConsentAt = r.smsDate.Time()
	}
}
