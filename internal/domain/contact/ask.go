package contact

import (
	"context"
	"time"

	"kith/internal/base/email"
	"kith/internal/base/id"
)

// AskKind says what a contact is asked. The values are stored.
type AskKind string

// The kinds.
const (
	// AskConfirm asks whether they want mail: AskToConfirm, Reminder.
	AskConfirm AskKind = "confirm"
	// AskReturn asks who opted out, or is known already, what they want:
	// AskToReturn.
	AskReturn AskKind = "return"
	// AskNewAddress asks whether a new address is theirs: AskAddress.
	AskNewAddress AskKind = "address"
)

// Ask is a question that a letter puts to a contact, and what becomes of the
// answer. Of each kind a contact has one that lives, which is neither answered
// nor over; the letter's link names it by its number.
type Ask struct {
	ID      id.Ask
	Contact id.Contact
	Kind    AskKind
	// Lists are those for which the contact was asked. An answer to AskReturn
	// puts them there; who is asked to confirm is on them already.
	Lists []id.List
	// To is the address of the letter.
	To email.Address
	// Welcome says that a welcome mail follows the confirmation.
	Welcome bool
	// Form is the form that asked, or 0, Shown the text that it showed about
	// what the contact agrees to, Language that of its letters.
	Form     id.Form
	Shown    string
	Language string

	AskedAt time.Time
	// RemindAt is when a reminder is due; zero for none, or none any more.
	RemindAt   time.Time
	EndsAt     time.Time
	AnsweredAt time.Time // zero: not yet
	// AgainAt is when somebody first came again and no mail was due because of
	// this one. The history tells it that once, however often they come.
	AgainAt time.Time
	OverAt  time.Time // zero: not over, though EndsAt may have passed
}

// Lives reports whether the ask waits for an answer.
func (a Ask) Lives() bool { return a.AnsweredAt.IsZero() && a.OverAt.IsZero() }

// Letter returns the kind of the letter that puts the question.
func (k AskKind) Letter() LetterKind {
	switch k {
	case AskConfirm:
		return AskToConfirm
	case AskReturn:
		return AskToReturn
	case AskNewAddress:
	}
	return AskAddress
}

// purpose is what the letter's button is for.
func (k AskKind) purpose() Purpose {
	switch k {
	case AskConfirm:
		return ToConfirm
	case AskReturn:
		return ToReturn
	case AskNewAddress:
	}
	return ToAddress
}

// Link returns what opens the page on which the ask is answered.
func (a Ask) Link(account id.Account) Link {
	return Link{Purpose: a.Kind.purpose(), Account: account, Contact: a.Contact, Ref: int64(a.ID), Ends: a.EndsAt}
}

// Limits of asking: whatever is posted to forms, an address gets no more mails
// of a kind that ask.
const (
	// AskRest is the least time between two.
	AskRest = 24 * time.Hour
	// MaxAsks is how many there may be in AskSpan, reminders apart.
	MaxAsks = 5
	AskSpan = 30 * 24 * time.Hour
)

// ForgetAt is when nothing needs the ask any more: its link is out of date, and
// it counts no longer.
func (a Ask) ForgetAt() time.Time {
	if counts := a.AskedAt.Add(AskSpan); counts.After(a.EndsAt) {
		return counts
	}
	return a.EndsAt
}

// AskTx is what asks ask of the store.
type AskTx interface {
	// OptIn returns an account's settings, with what the lists say otherwise.
	OptIn(ctx context.Context, account id.Account, lists []id.List) (OptIn, error)
	PutOptIn(ctx context.Context, account id.Account, o OptIn) error
	PutListOptIn(ctx context.Context, account id.Account, l ListOptIn) error
	// Asks returns those of a contact's asks that are kept, the newest first:
	// those of AskSpan at least.
	Asks(ctx context.Context, account id.Account, contact id.Contact) ([]Ask, error)
	// PutAsk keeps a new ask and returns its number. The contact is held, or
	// is new.
	PutAsk(ctx context.Context, account id.Account, a Ask) (id.Ask, error)
	// UpdateAsk keeps what may change of an ask: lists, Welcome, and times.
	UpdateAsk(ctx context.Context, account id.Account, a Ask) error
	// DueAsks returns asks of all accounts at which a sweep has to look, those
	// that wait longest first.
	DueAsks(ctx context.Context, limit int) ([]DueAsk, error)
	DropAsk(ctx context.Context, account id.Account, number id.Ask) error
	// ListChoices returns those of the lists that are there, in the order of
	// their names.
	ListChoices(ctx context.Context, account id.Account, lists []id.List) ([]ListChoice, error)
	// Welcomed reports whether the contact ever got a welcome mail.
	Welcomed(ctx context.Context, account id.Account, contact id.Contact) (bool, error)
}
