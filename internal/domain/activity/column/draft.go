package column

import (
	"kith/internal/base/date"
	"kith/internal/base/email"
	"kith/internal/base/id"
)

// Limits of values (v3 contract, ContactResource and JsonImportContact), in
// characters.
const (
	MaxName     = 50 // names, job title, company
	MaxPhone    = 25
	MaxStreet   = 255 // all its lines together
	MaxPlace    = 50  // city, state, postal code, country
	MaxCustom   = 255
	MaxPhones   = 3  // of a contact
	MaxCustoms  = 25 // of a contact
	streetJoint = ", "
)

// PhoneKind is a kind of phone number.
type PhoneKind uint8

// The kinds, in the order in which three of four are kept.
const (
	MobilePhone PhoneKind = iota
	HomePhone
	WorkPhone
	OtherPhone
	phoneKinds
)

// AddressKind is a kind of street address.
type AddressKind uint8

// The kinds.
const (
	HomeAddress AddressKind = iota
	WorkAddress
	OtherAddress
	addressKinds
)

// Address is a street address.
type Address struct {
	Street, City, State, PostalCode, Country string
}

// IsZero reports whether nothing of the address is known.
func (a Address) IsZero() bool { return a == Address{} }

// CustomValue is the value of a custom field, in its stored form.
type CustomValue struct {
	Field id.Field
	Value string
}

// Draft is what a row says about a contact, checked. A value that the row does
// not give is zero and is to leave what is known as it is; only the values
// given count.
type Draft struct {
	Line      int64
	Email     email.Address // zero only where SMS is there
	FirstName string
	LastName  string
	JobTitle  string
	Company   string
	Phones    [phoneKinds]string
	Addresses [addressKinds]Address
	Birthday  date.Birthday
	// Anniversary is no day where the row gives none.
	Anniversary date.Day
	// SMS is a number in the form +12025550134.
	SMS        string
	SMSConsent date.Day
	Custom     []CustomValue
}
