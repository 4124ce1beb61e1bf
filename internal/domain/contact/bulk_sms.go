package contact

import (
	"time"

	"kith/internal/base/id"
	"kith/internal/base/phone"
)

// IncomingSMS is what a row of a file says of a number for short messages.
type IncomingSMS struct {
	Number phone.Number
	// ConsentAt is when the contact agreed; zero says nothing of consent.
	ConsentAt time.Time
}

// SMSResult tells what became of the number in a row.
type SMSResult uint8

// What may become of it.
const (
	SMSTaken     SMSResult = iota // the row had none, or it was taken
	SMSOfAnother                  // another contact has it; it was left out
	SMSKept                       // the contact opted out, so theirs was not replaced
)

// BulkSMS is the number of one of many contacts.
type BulkSMS struct {
	Contact id.Contact
	*SMS
}

// numbersOf are the numbers that rows give, each once.
func numbersOf(rows []Incoming) (numbers []phone.Number) {
	var seen map[phone.Number]bool
	for i := range rows {
		n := rows[i].SMS.Number
		if n.IsZero() || seen[n] {
			continue
		}
		if seen == nil {
			seen = map[phone.Number]bool{}
		}
		seen[n] = true
		numbers = append(numbers, n)
	}
	return numbers
}

// sms brings the number of a row into the contact. A file states consent only
// where it says when that was given; it takes none away, and brings nobody back
// who opted out (v3-guide 4.3, 4.12).
func (m *merging) sms(c *merged, in IncomingSMS) SMSResult {
	if in.Number.IsZero() {
		return SMSTaken
	}
	if holder := m.bySMS[in.Number]; holder != nil && holder != c {
		return SMSOfAnother
	}
	d := smsDraft{number: in.Number, consentAt: in.ConsentAt, evidence: Evidence{Medium: MediumFile}}
	was := c.is.SMS
	stays := was != nil && was.Permission == Unsubscribed
	if stays && was.Number != in.Number {
		return SMSKept
	}
	if !in.ConsentAt.IsZero() && !stays && (was == nil || was.Number != in.Number || was.Permission != Explicit) {
		d.permission = Explicit
	}
	next, entry, err := c.is.nextSMS(m, d, SourceAccount, false)
	if err != nil {
		return SMSKept // who opted out and was asked again keeps their number too
	}
	if entry.UID.IsZero() {
		return SMSTaken
	}
	if was != nil {
		delete(m.bySMS, was.Number)
	}
	m.bySMS[in.Number] = c
	c.is.SMS = &next
	c.smsEntries = append(c.smsEntries, entry)
	return SMSTaken
}

// bulkSMS gathers what the batch changes of numbers.
func (m *merging) bulkSMS(b *Bulk) {
	if m.bySMS == nil {
		return
	}
	for _, c := range m.order {
		if len(c.smsEntries) == 0 {
			continue
		}
		b.SMS = append(b.SMS, BulkSMS{c.is.ID, c.is.SMS})
		b.SMSEntries = append(b.SMSEntries, c.smsEntries...)
		if c.was != nil && c.was.SMS != nil {
			b.DropSMS = append(b.DropSMS, c.is.ID)
		}
	}
}
