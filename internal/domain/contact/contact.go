// Package contact holds the people an account keeps: who they are, on which
// lists, and whether they agreed to be mailed. The rules of consent stand in
// consent.go and are the same for every version of the API. Lists themselves
// are left to package list.
package contact

import (
	"time"

	"kith/internal/base/date"
	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// Limits (v3 contract, ContactResource; v3-guide 4.1). Lengths are characters.
const (
	MaxName         = 50 // first and last name, job title, company
	MaxPhone        = 25
	MaxPhones       = 3
	MaxStreet       = 255
	MaxPlace        = 50 // city, state, postal code, country
	MaxAddresses    = 3
	MaxLists        = 50
	MaxTags         = 50
	MaxFields       = 25
	MaxNotes        = 150
	MaxNote         = 2000
	MaxOptOutReason = 255
	MaxValue        = 255
	// MaxLongValue bounds a field of the type text area. The contract says
	// only that it is larger.
	MaxLongValue = 2000
)

// Faults of contacts.
var (
	// ErrAddressTaken is an address that another contact has, also one that
	// was deleted. Detail names it: contact_id, and status as Status says.
	ErrAddressTaken = fault.New(fault.Conflict, fault.CodeAddressTaken, "The address already exists for another contact.")
	// ErrUnsubscribed is an attempt to mail somebody again who opted out
	// themselves. Only they can take that back.
	ErrUnsubscribed = fault.New(fault.Invalid, fault.CodeUnsubscribed,
		"The contact has unsubscribed; only the contact can subscribe again.")
)

// Contact is a person in an account.
type Contact struct {
	ID  id.Contact
	UID id.UID

	Email       Email
	FirstName   string
	LastName    string
	JobTitle    string
	CompanyName string
	Birthday    date.Birthday
	Anniversary date.Day

	CreateSource Source
	UpdateSource Source
	CreatedAt    time.Time
	UpdatedAt    time.Time
	// DeletedAt is zero while the contact is there. A deleted contact keeps
	// its address, so that an opt-out is honoured, and is on no list.
	DeletedAt time.Time

	// Included says which of the following were read.
	Included  Include
	Phones    []Phone
	Addresses []Address
	SMS       *SMS              // nil without a number
	Lists     []id.Ref[id.List] // in the order of their numbers
	Tags      []id.Ref[id.Tag]  // in the order of their numbers
	Fields    []FieldValue      // in the order of their fields' numbers
	Notes     []Note            // newest first
	Aside     Aside             // where IncludeAside asks for it
}

// Ref returns both names of the contact.
func (c Contact) Ref() id.Ref[id.Contact] { return id.Ref[id.Contact]{Number: c.ID, UID: c.UID} }

// Deleted reports whether the contact was deleted.
func (c Contact) Deleted() bool { return !c.DeletedAt.IsZero() }

// Active reports whether the contact may be mailed.
func (c Contact) Active() bool {
	return !c.Deleted() && !c.Email.Address.IsZero() && c.Email.Permission.Active()
}

// Status returns the word for where the contact stands: deleted, or its
// permission.
func (c Contact) Status() string {
	if c.Deleted() {
		return "deleted"
	}
	return c.Email.Permission.String()
}

// Email is a contact's address and what they agreed to. A contact without an
// address has the zero value but for its permission, which is NotSet.
type Email struct {
	Address email.Address
	Consent
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Source says who did something: the account's users, or the contact.
type Source uint8

// The sources. Their values are stored.
const (
	NoSource      Source = 0
	SourceAccount Source = 1
	SourceContact Source = 2
)

// String returns the contract's word; empty for none.
func (s Source) String() string {
	switch s {
	case SourceAccount:
		return "Account"
	case SourceContact:
		return "Contact"
	case NoSource:
	}
	return ""
}

// ParseSource reads the contract's word.
func ParseSource(s string) (Source, bool) {
	switch s {
	case "Account":
		return SourceAccount, true
	case "Contact":
		return SourceContact, true
	}
	return NoSource, false
}

// Kind tells a contact's phones and addresses apart: each kind stands once.
type Kind string

// The kinds. An address is never of the kind Mobile.
const (
	Home   Kind = "home"
	Work   Kind = "work"
	Mobile Kind = "mobile"
	Other  Kind = "other"
)

// Phone is a number under which a contact is reached.
type Phone struct {
	UID          id.UID
	Number       string
	Kind         Kind
	CreatedAt    time.Time
	UpdatedAt    time.Time
	CreateSource Source
	UpdateSource Source
}

// Address is a place where a contact is found.
type Address struct {
	UID        id.UID
	Kind       Kind
	Street     string
	City       string
	State      string
	PostalCode string
	Country    string
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// Note is what a user wrote down about a contact.
type Note struct {
	UID       id.UID
	CreatedAt time.Time
	Content   string
}

// Include says which sub-resources are read with a contact. Each costs one
// query a page, but phones and addresses, which cost none.
type Include uint8

// The sub-resources.
const (
	IncludePhones Include = 1 << iota
	IncludeAddresses
	IncludeLists
	IncludeTags
	IncludeFields
	IncludeNotes
	IncludeSMS
	// IncludeAside is not in IncludeAll: version 3 never needs it.
	IncludeAside

	IncludeNothing Include = 0
	IncludeAll             = IncludePhones | IncludeAddresses | IncludeLists | IncludeTags | IncludeFields | IncludeNotes | IncludeSMS
)

// Has reports whether all of the given are included.
func (i Include) Has(all Include) bool { return i&all == all }
