package contact

import (
	"cmp"

	"kith/internal/base/phone"
)

// sms notes the number for short messages of a contact that is taken over. Its
// history begins here, since the other server's cannot be taken at its word.
func (t *adopting) sms(c *Contact, shown string) {
	is := c.SMS
	if is == nil {
		return
	}
	if is.UID.IsZero() {
		is.UID = t.maker.UID()
	}
	e := SMSEntry{
		UID: t.maker.UID(), Contact: c.ID, Channel: is.UID, Number: is.Number, At: t.maker.Now(), Becomes: is.Permission,
		Source: is.OptInSource, ConsentAt: cmp.Or(is.OptInAt, is.CreatedAt),
		Evidence: Evidence{Medium: MediumSystem, Details: shown}, Frequency: is.Frequency,
	}
	if is.Permission == Unsubscribed {
		e.Source, e.ConsentAt = is.OptOutSource, cmp.Or(is.OptOutAt, is.CreatedAt)
	}
	t.numbers = append(t.numbers, BulkSMS{c.ID, is})
	t.smsEntries = append(t.smsEntries, e)
}

// freeNumber leaves out a number that somebody here has, or one that is not a
// number here; it is then among what was left. It reports whether the contact
// is known by that alone, and so is here already.
func freeNumber(c *Contact, taken map[phone.Number]bool, left *int) (present bool) {
	if c.SMS == nil {
		return false
	}
	n := c.SMS.Number
	switch {
	case n.IsZero():
		*left++
		c.SMS = nil
	case taken[n] && c.Email.Address.IsZero():
		return true
	case taken[n]:
		*left++
		c.SMS = nil
	default:
		taken[n] = true
	}
	return false
}
