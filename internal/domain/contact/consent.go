package contact

import (
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// Permission says whether a contact agreed to be mailed. The values are
// stored; those up to Explicit, and no others, may be mailed.
type Permission uint8

// The permissions. The zero value stands before a contact's first one, in the
// ledger only.
const (
	NoPermission Permission = 0
	Implicit     Permission = 1 // a relationship, no recorded consent
	Explicit     Permission = 2 // recorded consent
	NotSet       Permission = 3 // nothing is known, or there is no address
	Pending      Permission = 4 // asked by mail, not answered yet
	TempHold     Permission = 5 // the same, in an older form that only the system sets
	Unsubscribed Permission = 6 // opted out
)

var permissionWords = [...]string{"", "implicit", "explicit", "not_set", "pending_confirmation", "temp_hold", "unsubscribed"}

// String returns the contract's word (v3 contract, permission_to_send).
func (p Permission) String() string {
	if int(p) >= len(permissionWords) {
		return ""
	}
	return permissionWords[p]
}

// ParsePermission reads the contract's word.
func ParsePermission(word string) (Permission, bool) {
	for p, w := range permissionWords {
		if w == word && w != "" {
			return Permission(p), true
		}
	}
	return NoPermission, false
}

// Active reports whether the permission lets mail be sent.
func (p Permission) Active() bool { return p == Implicit || p == Explicit }

// ConfirmStatus says whether a contact confirmed their address. The values
// are stored.
type ConfirmStatus uint8

// The states of confirmation.
const (
	ConfirmOff     ConfirmStatus = 0 // nobody asked
	ConfirmPending ConfirmStatus = 1
	Confirmed      ConfirmStatus = 2
)

// String returns the contract's word (v3 contract, confirm_status).
func (c ConfirmStatus) String() string {
	switch c {
	case ConfirmPending:
		return "pending"
	case Confirmed:
		return "confirmed"
	case ConfirmOff:
	}
	return "off"
}

// Consent is the latest state of what a contact agreed to; how it came about
// stands in the ledger.
//
//	                 ┌────────────── owner writes, confirms ──────────────┐
//	                 ▼                                                    │
//	(new) ──► implicit, explicit ──► unsubscribed ──► pending_confirmation
//	   │             ▲     ▲             │   ▲ │ asks again        │
//	   └──► not_set ─┘     │             │   └─┼── opts out ───────┘
//	                       └── account ──┘     └── contact: signs up only
//
// Every version of the API goes through After. What each event makes of each
// state (— leaves it as it is, ✗ is refused with ErrUnsubscribed; U/A and U/C
// are unsubscribed by the account and by the contact; P/C is pending after
// U/C, which keeps the opt-out until the contact confirms):
//
//	                     new  implicit explicit not_set pending P/C  hold  U/A  U/C
//	owner: implicit       I      —       I        I       I      ✗    I     I    ✗
//	owner: explicit       E      E       —        E       E      ✗    E     E    ✗
//	owner: not_set        N      N       N        —       N      ✗    N     N    ✗
//	owner: pending        P      P       P        P       —      —    P     P    ✗
//	owner: unsubscribed  U/s    U/s     U/s      U/s     U/s    U/C  U/s    —    —
//	made, confirmed       P      .       .        .       .      .    .     .    .
//	owner removes         .     U/A     U/A      U/A     U/A    U/C  U/A    —    —
//	opts out              .     U/C     U/C      U/C     U/C    U/C  U/C   U/C   —
//	signs up              E      E       E        E       E      E    E     E    E
//	signs up, confirmed   P      E       E        P       P      P    P     P   P/C
//	visitor adds          E      E       E        E       E      —    E     E    —
//	visitor adds, conf.   P      E       E        P       P      —    P     P    —
//	asks again            .      —       —        —       —      —    —     P   P/C
//	confirms              .      E       E        E       E      E    E     —    —
//	returns               .      E       E        E       E      E    E     E    E
//	gives no answer       .      —       —        —       —     U/C   —     —    —
//
// Who was deleted and signs up is asked, where that is to be confirmed, also if
// they were implicit or explicit before. "Made, confirmed" is a contact whom a
// write in their own name makes as implicit or explicit. U/s: by whoever the
// write says made it. The owner never sets temp_hold; a write that repeats the
// permission a contact has changes nothing.
type Consent struct {
	Permission  Permission
	Confirm     ConfirmStatus
	OptInSource Source
	OptInAt     time.Time
	// The opt-out is told while the contact is unsubscribed or deleted; after
	// an opt-out of the contact's own also while they are asked again.
	OptOutSource Source
	OptOutAt     time.Time
	OptOutReason string
}

// EventKind is what may happen to a consent.
type EventKind uint8

// The events.
const (
	// OwnerSets is a write by the account's users, or by a program that
	// speaks for them, that names a permission: v3 POST and PUT of contacts.
	OwnerSets EventKind = iota + 1
	// OwnerRemoves is DELETE of v1 and v2.
	OwnerRemoves
	// OptsOut is the contact's own word: the link in a mail, a page.
	OptsOut
	// SignsUp is a caller's word that it was the contact's own act: v3
	// sign_up_form.
	SignsUp
	// AsksAgain is the owner's wish that the contact be asked by mail: v3
	// resubscribe.
	AsksAgain
	// Confirms is the button in that mail.
	Confirms
	// VisitorAdds is somebody who may be anybody and gives the contact's
	// address: our own forms, ACTION_BY_VISITOR of v2 and ACTION_BY_CONTACT of
	// v1. It brings back nobody who opted out themselves.
	VisitorAdds
	// Returns is the button in the mail that such a contact gets.
	Returns
	// GivesNoAnswer is the end of the time in which a contact could confirm.
	GivesNoAnswer
)

// Event is what happens to a consent.
type Event struct {
	Kind EventKind
	// To is the permission that OwnerSets names.
	To Permission
	// Source is who made the write, with OwnerSets.
	Source Source
	// Reason is why a contact opted out, where it is known.
	Reason string
	// Confirmed is the account's wish that a contact's own act be confirmed by
	// mail: that of SignsUp and VisitorAdds, and OwnerSets of a new contact.
	Confirmed bool
	// Away says that the contact was deleted and comes back: what they agreed
	// to before does not take the place of their confirming.
	Away bool
}

// New reports whether the consent is that of a contact that has none yet.
func (c Consent) New() bool { return c.Permission == NoPermission }

// OptedOut reports whether the contact opted out themselves and has not taken
// it back.
func (c Consent) OptedOut() bool { return c.OptOutSource == SourceContact }

// After returns the consent after an event. It fails with ErrUnsubscribed
// where an owner's write would bring back somebody who opted out themselves,
// and with an Invalid fault where the permission cannot be set.
func (c Consent) After(e Event, at time.Time) (Consent, error) {
	switch e.Kind {
	case OwnerSets:
		return c.ownerSets(e, at)
	case OwnerRemoves:
		if c.Permission != Unsubscribed {
			c.optOut(SourceAccount, e.Reason, at)
		}
	case OptsOut:
		if c.Permission != Unsubscribed || !c.OptedOut() {
			c.optOut(SourceContact, e.Reason, at)
		}
	case VisitorAdds:
		if !c.OptedOut() {
			e.Kind = SignsUp
			return c.After(e, at)
		}
	case SignsUp:
		if e.Confirmed && (e.Away || !c.Permission.Active()) {
			c.ask()
			if c.OptInSource == NoSource {
				c.OptInSource, c.OptInAt = SourceContact, at
			}
			break
		}
		c.optIn(Explicit, SourceContact, at)
	case AsksAgain:
		if c.Permission == Unsubscribed {
			c.ask()
		}
	case Confirms:
		if c.Permission != Unsubscribed {
			c.optIn(Explicit, SourceContact, at)
			c.Confirm = Confirmed
		}
	case Returns:
		c.optIn(Explicit, SourceContact, at)
		c.Confirm = Confirmed
	case GivesNoAnswer:
		if c.Permission == Pending && c.OptedOut() {
			c.Permission, c.Confirm = Unsubscribed, ConfirmOff
		}
	}
	return c, nil
}

func (c Consent) ownerSets(e Event, at time.Time) (Consent, error) {
	switch {
	case e.To == c.Permission:
		if e.To == Unsubscribed && e.Reason != "" {
			c.OptOutReason = e.Reason
		}
		return c, nil
	case e.To == TempHold || e.To == NoPermission:
		return c, errNotSettable
	case e.To == Unsubscribed:
		c.optOut(e.Source, e.Reason, at)
		return c, nil
	case c.OptedOut():
		return c, ErrUnsubscribed
	case e.To == Pending || e.Confirmed && c.New() && e.To.Active():
		if c.OptInSource == NoSource {
			c.OptInSource, c.OptInAt = e.Source, at
		}
		c.ask()
		c.clearOptOut()
		return c, nil
	}
	source := c.OptInSource
	if source == NoSource {
		source = e.Source
	}
	c.optIn(e.To, source, at)
	return c, nil
}

var errNotSettable = fault.New(fault.Invalid, fault.CodeInvalid, "Only the system sets this permission.")

// optIn gives permission, or says that nothing is known of it. When it began is
// told anew only where it was not given before, or where it is now recorded and
// was not.
func (c *Consent) optIn(to Permission, source Source, at time.Time) {
	given := to.Active() && (!c.Permission.Active() || to == Explicit && c.Permission != Explicit)
	if given || c.OptInSource == NoSource {
		c.OptInSource, c.OptInAt = source, at
	}
	if c.Confirm == ConfirmPending {
		c.Confirm = ConfirmOff
	}
	c.Permission = to
	c.clearOptOut()
}

// optOut takes permission away. That a contact did so themselves is never
// forgotten for an owner's doing the same.
func (c *Consent) optOut(source Source, reason string, at time.Time) {
	if c.OptedOut() {
		source = SourceContact
	}
	if c.Confirm == ConfirmPending {
		c.Confirm = ConfirmOff
	}
	c.Permission = Unsubscribed
	c.OptOutSource, c.OptOutAt, c.OptOutReason = source, at, reason
}

// ask waits for the contact's own word. An opt-out of theirs stays on record
// until then; one of the owner's does not.
func (c *Consent) ask() {
	c.Permission, c.Confirm = Pending, ConfirmPending
	if !c.OptedOut() {
		c.clearOptOut()
	}
}

func (c *Consent) clearOptOut() {
	c.OptOutSource, c.OptOutAt, c.OptOutReason = NoSource, time.Time{}, ""
}

// Entry is a row of the consent ledger: one change of permission of one
// contact, or of each of a batch.
type Entry struct {
	Contact id.Contact // 0 for a batch
	// Members are the contacts of a batch, in any order; they are stored
	// packed.
	Members []id.Contact
	// Was is NoPermission for a new contact.
	Was, Becomes Permission
	Source       Source
	// Shown is the text that the contact saw when they agreed, or the reason
	// they gave when they opted out.
	Shown string
}
