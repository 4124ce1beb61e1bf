// Package form holds sign-up forms: what an owner asks of people who want to
// be on lists, how the form looks and speaks, and how its answers are read and
// guarded. What a sign-up makes of a contact is the business of package
// contact.
package form

import (
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
)

// Limits; all are ours. Lengths are characters.
const (
	// MaxForms is how many forms an account may have.
	MaxForms = 500
	MaxName  = 100
	// MaxFields bounds the custom fields and all others together.
	MaxFields  = contact.MaxFields + len(kinds)
	MaxLabel   = 100
	MaxTitle   = 100
	MaxIntro   = 2000
	MaxButton  = 50
	MaxConsent = 500 // kept whole with every sign-up
	MaxThanks  = 1000
	MaxURL     = 2048
)

// Faults of forms.
var (
	// ErrLimit is one form too many.
	ErrLimit = fault.New(fault.Conflict, fault.CodeLimit, "An account may have 500 forms.")
	// ErrClosed is a sign-up by a form that takes none: its lists are gone, or
	// its account is not in use.
	ErrClosed = fault.New(fault.NotFound, fault.CodeFormClosed, "This form is closed.")
)

// Form is a sign-up form of an account.
type Form struct {
	ID  id.Form
	UID id.UID
	Written
	// SignUps is how often somebody signed up by it and something came of it:
	// a contact, a membership, a mail that asks.
	SignUps   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Written is what the owner says of a form, always whole.
type Written struct {
	Name string
	// Lists are those that a sign-up joins, at least one.
	Lists []List
	// Fields are asked for in this order. The address is always among them.
	Fields   []Field
	Texts    Texts
	Language Language
	Colors   Colors
	// Redirect is where people are sent who have signed up; empty: a page of
	// ours says so.
	Redirect string
	// Proof asks the browser for work before a sign-up is taken, so that a
	// program that fills in forms has to pay for each.
	Proof bool
	// MayUpdate lets the form change the data of a contact that is there. The
	// risk: who fills in a form has not shown that the address is theirs.
	MayUpdate bool
}

// List is a list of a form.
type List struct {
	Ref id.Ref[id.List]
	// Name is the list's, where the form was read.
	Name string
	// Offered leaves the choice to who signs up; Ticked makes it for them, to
	// be undone. A list that is not offered is joined by everybody.
	Offered, Ticked bool
}

// Kind says what a field of a form asks for. Its text is stored and shown.
type Kind string

// The kinds. Email stands in every form, each other one but Custom at most
// once, Custom once for each custom field.
const (
	Email     Kind = "email_address"
	FirstName Kind = "first_name"
	LastName  Kind = "last_name"
	Company   Kind = "company_name"
	Phone     Kind = "phone_number"
	Birthday  Kind = "birthday"
	Street    Kind = "street_address"
	Custom    Kind = "custom_field"
)

// kinds are those that stand at most once.
var kinds = [...]Kind{Email, FirstName, LastName, Company, Phone, Birthday, Street}

// Field is one question of a form.
type Field struct {
	Kind Kind
	// Custom is the custom field of the kind Custom; who writes a form names
	// it, and in a form that was read it is whole.
	Custom contact.Field
	// Label is what stands at the field; empty: the language's word for it, or
	// the custom field's own label.
	Label string
	// Required refuses a sign-up without it. The address is always required.
	Required bool
}

// Texts are what a form says. Empty ones stand for the language's own.
type Texts struct {
	Title string
	Intro string
	// Button is what the button says.
	Button string
	// Consent is what people agree to by pressing it. It is kept in the ledger
	// as it stood.
	Consent string
	// Thanks is said after a sign-up.
	Thanks string
}

// Colors are those of a form's page, as #rrggbb; where all are empty, the page
// has its usual ones, which follow the light or dark of the reader's device.
type Colors struct {
	Background string
	Text       string
	// Accent is the button's; what stands on it is black or white.
	Accent string
}

// IsZero reports whether the page has its usual colours.
func (c Colors) IsZero() bool { return c == Colors{} }

// Language is a code of two letters (ISO 639-1).
type Language string

// Languages are those that forms speak; the first is the usual one.
var Languages = [...]Language{"en", "de", "fr", "es", "it", "nl"}
