package contact

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/phone"
	"kith/internal/domain/account"
)

// ConsentType is the one type of consent that a number for short messages has
// (v3-guide 4.12).
const ConsentType = "promotional_sms"

// Limits of what is said about a consent, in characters. The contract sets
// none.
const (
	MaxMedium    = 10
	MaxMediumURL = 2000
	MaxEvidence  = 1000
	MaxInterval  = 25
	// MaxSMSHistory is how much of a history is answered: the newest.
	MaxSMSHistory = 1000
)

// Media by which a consent came that Kith itself names (v3 contract,
// HistoryDetails.consent_medium_type).
const (
	MediumFile   = "FI" // a file that was imported
	MediumSystem = "SY"
)

// ErrSMSTaken is a number that another contact has, also one that was deleted.
// Detail names it as that of ErrAddressTaken does.
var ErrSMSTaken = fault.New(fault.Conflict, fault.CodeSMSTaken, "The SMS number already exists for another contact.")

// SMS is a contact's number for short messages and what they agreed to there.
// Nothing here sends any: it is kept, and served.
type SMS struct {
	// UID is the contract's sms_channel_id.
	UID    id.UID
	Number phone.Number
	// Consent follows the rules of email (Consent.After). It is never Implicit,
	// nobody is asked to confirm, and an opt-out has no reason.
	Consent
	Frequency
	CreateSource Source
	UpdateSource Source
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// Frequency is how often the contact was told that messages would come.
type Frequency struct {
	Times    int    // in an interval; 0 where nobody said
	Interval string // such as weekly
}

// Evidence says how somebody came to agree.
type Evidence struct {
	// Medium is a code: LF for a form, FI for a file, and so on.
	Medium  string
	URL     string
	Details string
}

// SMSInput is a number for short messages as a caller writes it.
type SMSInput struct {
	// Full is the number with its dial code. One that is Domestic is given as
	// National, without it; Dial and Country say whose.
	Full                    string
	Domestic                bool
	National, Dial, Country string
	// Consents hold one at most. Without one, what the contact agreed to stays
	// as it is; a new number has NotSet.
	Consents []SMSConsent
}

// SMSConsent is what the contact agreed to, as a caller writes it.
type SMSConsent struct {
	Type string
	// Permission is NoPermission where the edge could not read it.
	Permission Permission
	Evidence
	Frequency
}

// SMSEntry is a row of the history of a number for short messages: one change
// of it, or of what was agreed to.
type SMSEntry struct {
	// UID is the contract's sms_channel_history_id.
	UID     id.UID
	Contact id.Contact
	Channel id.UID
	Number  phone.Number
	At      time.Time
	// Was is NoPermission for a new number.
	Was, Becomes Permission
	Source       Source
	// ConsentAt is when the contact said so, as far as it is known.
	ConsentAt time.Time
	Evidence
	Frequency
}

// smsDraft is an SMSInput whose form is right.
type smsDraft struct {
	number     phone.Number
	permission Permission // NoPermission: kept
	consentAt  time.Time  // zero: now
	evidence   Evidence
	frequency  Frequency
}

func (c *checker) sms(v opt.Value[SMSInput]) *smsDraft {
	in, ok := v.Value()
	if !ok {
		return nil
	}
	const path = "sms_channel"
	d := &smsDraft{number: c.smsNumber(path, in)}
	consents := path + ".sms_channel_consents"
	c.bound(consents, len(in.Consents), 1)
	for i, given := range in.Consents {
		at := fmt.Sprintf("%s[%d].", consents, i)
		if given.Type != ConsentType && !c.found.Has(at+"consent_type") {
			c.found.Add(at+"consent_type", codeInvalid, "must be "+ConsentType)
		}
		switch given.Permission {
		case Explicit, Pending, NotSet, Unsubscribed:
		case NoPermission:
			if !c.found.Has(at + "sms_consent_permission") {
				c.found.Add(at+"sms_consent_permission", codeRequired, "is missing")
			}
		case Implicit, TempHold:
			c.found.Add(at+"sms_consent_permission", codeNotSettable, "must be explicit, pending_confirmation, unsubscribed or not_set")
		}
		for _, s := range []struct {
			name  string
			value *string
			most  int
		}{
			{"consent_medium_type", &given.Medium, MaxMedium},
			{"consent_medium_url", &given.URL, MaxMediumURL},
			{"consent_medium_details", &given.Details, MaxEvidence},
			{"advertised_interval", &given.Interval, MaxInterval},
		} {
			*s.value = strings.TrimSpace(*s.value)
			c.text(at+s.name, *s.value, s.most)
		}
		if given.Times < 0 {
			c.found.Add(at+"advertised_frequency", codeInvalid, "must not be negative")
		}
		d.permission, d.evidence, d.frequency = given.Permission, given.Evidence, given.Frequency
	}
	return d
}

func (c *checker) smsNumber(path string, in SMSInput) (n phone.Number) {
	add := func(name, message string) {
		if !c.found.Has(path + name) {
			c.found.Add(path+name, codeInvalid, message)
		}
	}
	var err error
	if !in.Domestic {
		if n, err = phone.Parse(in.Full); err != nil {
			add(".full_sms_address", err.Error())
		}
		return n
	}
	if n, err = phone.ParseNational(in.National); err != nil {
		add(".sms_address", err.Error())
	}
	if strings.TrimPrefix(in.Dial, "+") != phone.Dial {
		add(".dial_code", "must be "+phone.Dial+", the dial code of the United States")
	}
	if !strings.EqualFold(in.Country, phone.Country) {
		add(".country_code", "must be "+phone.Country)
	}
	return n
}

// applySMS brings what was given of the number into the contact.
func (c *Contact) applySMS(m maker, d draft, w *Write) error {
	if d.sms == nil {
		return nil
	}
	next, entry, err := c.nextSMS(m, *d.sms, d.source, d.signsUp)
	if err != nil || entry.UID.IsZero() {
		return err
	}
	w.SMS, w.NewSMS, c.SMS = &next, c.SMS == nil, &next
	w.SMSEntries = append(w.SMSEntries, entry)
	return nil
}

// nextSMS is the number as it is after a write, and what the history tells of
// that; nothing where nothing changes. A number that takes the place of another
// has no more consent than the write states.
func (c *Contact) nextSMS(m maker, d smsDraft, source Source, signsUp bool) (SMS, SMSEntry, error) {
	now := m.Now()
	is := SMS{CreateSource: source, CreatedAt: now}
	if c.SMS != nil {
		is = *c.SMS
	} else {
		is.UID = m.UID()
	}
	was := is
	if d.number != is.Number && !is.Number.IsZero() {
		if is.OptedOut() && !signsUp {
			return is, SMSEntry{}, refusal("sms_channel.full_sms_address",
				"cannot change: the contact has unsubscribed, and the number is kept so that this is honoured")
		}
		if is.Permission != Unsubscribed {
			is.Consent = Consent{}
		}
	}
	is.Number = d.number
	var err error
	if is.Consent, err = smsAfter(is.Consent, d, source, signsUp, now); err != nil {
		return is, SMSEntry{}, err
	}
	if d.frequency != (Frequency{}) {
		is.Frequency = d.frequency
	}
	if is == was {
		return was, SMSEntry{}, nil
	}
	is.UpdatedAt, is.UpdateSource = now, source
	return is, SMSEntry{
		UID: m.UID(), Contact: c.ID, Channel: is.UID, Number: is.Number, At: now, Was: was.Permission, Becomes: is.Permission,
		Source: source, ConsentAt: cmp.Or(d.consentAt, now), Evidence: d.evidence, Frequency: is.Frequency,
	}, nil
}

// smsAfter is Consent.After for what is said of a number.
func smsAfter(c Consent, d smsDraft, source Source, signsUp bool, now time.Time) (Consent, error) {
	to := d.permission
	e := Event{Kind: OwnerSets, To: to, Source: source}
	switch {
	case to == NoPermission && !c.New():
		return c, nil
	case to == NoPermission || to == NotSet && c.New():
		return Consent{Permission: NotSet}, nil
	case to == NotSet && signsUp:
		return c, nil // it takes nothing away
	case signsUp && to == Unsubscribed:
		e = Event{Kind: OptsOut}
	case signsUp:
		e = Event{Kind: SignsUp, Confirmed: to == Pending}
	}
	next, err := c.After(e, cmp.Or(d.consentAt, now))
	if errors.Is(err, ErrUnsubscribed) {
		err = refusal("sms_channel.sms_channel_consents[0].sms_consent_permission",
			"cannot be set: the contact has unsubscribed, and only the contact can subscribe again")
	}
	next.Confirm = ConfirmOff // nobody is asked
	return next, err
}

// SMSHistory returns what happened to a contact's number for short messages,
// the newest first, MaxSMSHistory at most, and both names of the contact (v3
// contract, GET /contacts/sms_engagement_history/{contact_id}). Also a deleted
// contact has one.
func (s *Service) SMSHistory(ctx context.Context, who account.Actor, ref id.Ref[id.Contact]) (is id.Ref[id.Contact], all []SMSEntry, err error) {
	if err := who.May(account.ContactsRead); err != nil {
		return is, nil, err
	}
	err = s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		c, err := tx.ContactByRef(ctx, who.Account, ref, IncludeNothing)
		if err != nil {
			return err
		}
		is = c.Ref()
		all, err = tx.SMSHistory(ctx, who.Account, c.ID, MaxSMSHistory)
		return err
	})
	return is, all, err
}

// sameSMS compares all that is told of two numbers.
func sameSMS(a, b *SMS) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
