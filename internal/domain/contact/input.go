package contact

import (
	"time"

	"kith/internal/base/id"
	"kith/internal/base/opt"
)

// Change is what a caller writes of a contact. Absent fields stay as they
// are, null ones are emptied. A version whose PUT empties what it leaves out
// (v3 contract, PUT /contacts/{contact_id}: scalars, not sub-resources) says
// null for it.
//
// Values are as the caller gave them; the service checks them and names
// problems by path. Where an edge could not read an element of an array and
// has noted its own problem, it leaves the zero element in its place, so that
// later ones keep their index.
type Change struct {
	// Source is who made the change: create_source of a new contact,
	// update_source of a known one. It is required.
	Source opt.Value[Source]

	// Email is kept when absent or null: an address is never emptied.
	Email       opt.Value[EmailInput]
	FirstName   opt.Value[string]
	LastName    opt.Value[string]
	JobTitle    opt.Value[string]
	CompanyName opt.Value[string]
	// BirthdayMonth and BirthdayDay stand together or not at all.
	BirthdayMonth opt.Value[int]
	BirthdayDay   opt.Value[int]
	// Anniversary is a date in any form of date.ParseDay.
	Anniversary opt.Value[string]

	Phones    opt.Value[[]PhoneInput]
	Addresses opt.Value[[]AddressInput]
	Lists     opt.Value[[]id.Ref[id.List]]
	Tags      opt.Value[[]id.Ref[id.Tag]]
	Fields    opt.Value[[]FieldInput]
	Notes     opt.Value[[]NoteInput]
	// Aside is what versions 1 and 2 know beside all this, as a whole.
	Aside opt.Value[Aside]
	// View is what the caller's version knows of the arrays; nil for
	// everything. It counts for contacts that are there.
	View *View
	// SMS is kept when absent or null: a number is never taken away.
	SMS opt.Value[SMSInput]
}

// EmailInput is an address as a caller writes it.
type EmailInput struct {
	Address string
	// KeepAddress says that the contact keeps the address that they have;
	// Address is not looked at.
	KeepAddress bool
	// Permission is kept when absent or null; Implicit for a new address.
	Permission opt.Value[Permission]
	// OptOutReason counts only with the permission Unsubscribed.
	OptOutReason opt.Value[string]
}

// PhoneInput is a phone as a caller writes it. One without a number is passed
// over.
type PhoneInput struct {
	Number string
	Kind   Kind
}

// AddressInput is an address as a caller writes it. One that holds no more
// than its kind is passed over.
type AddressInput struct {
	Kind                                     Kind
	Street, City, State, PostalCode, Country string
}

// FieldInput is a custom field's value as a caller writes it. One without
// value and choices empties the field.
type FieldInput struct {
	Field id.Ref[id.Field]
	Value string
	// Choices are ids of choices as text, for select fields.
	Choices []string
}

// NoteInput is a note as a caller writes it. With the UID of a note that the
// contact has it stands for that note.
type NoteInput struct {
	UID       id.UID
	CreatedAt time.Time
	Content   string
}
