package contact

import (
	"context"

	"kith/internal/base/email"
	"kith/internal/base/id"
)

// LetterKind says what a mail to a contact is for. Which call asks for which
// mail is decided in this package; what the mail says is written in package
// message.
type LetterKind string

// The kinds.
const (
	// Welcome greets a contact who came by their own act; once ever.
	Welcome LetterKind = "welcome"
	// AskToConfirm asks a contact to confirm that they want mail.
	AskToConfirm LetterKind = "confirm_optin"
	// Reminder asks once more.
	Reminder LetterKind = "confirm_reminder"
	// AskToReturn asks a contact who opted out what they want, since somebody
	// tried to add them again.
	AskToReturn LetterKind = "update_profile"
	// AskAddress asks whether a new address is the contact's.
	AskAddress LetterKind = "confirm_address"
)

// Letter is a mail that something asks for that happened to a contact.
type Letter struct {
	Kind LetterKind
	// Contact is the contact as they are from now on, with their lists.
	Contact Contact
	// To is the contact's address, but for AskAddress: the new one.
	To email.Address
	// List is the list whose texts and brand the letter has; 0 for the
	// account's own.
	List id.List
	// Language is a code of two letters; empty for the account's.
	Language string
	// Link is what the letter's button opens; zero for Welcome. The links to
	// preferences and to unsubscribing are the writer's own to add.
	Link Link
}

// Post takes letters: they leave once the unit of work is kept, or not at all.
// Package message meets it.
type Post interface {
	Queue(ctx context.Context, tx Tx, account id.Account, l Letter) error
}
