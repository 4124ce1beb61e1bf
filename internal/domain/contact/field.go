package contact

import (
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// Limits of custom fields (v3 contract, CustomField; v3-guide 4.9).
const (
	MaxCustomFields = 100
	MaxLabel        = 50
	MaxChoiceLabel  = 255
	// MaxSlots is how many fields v1 and v2 can see.
	MaxSlots = 15
)

// FieldType says what a custom field holds.
type FieldType string

// The types.
const (
	TypeString       FieldType = "string"
	TypeTextArea     FieldType = "text_area"
	TypeNumber       FieldType = "number"
	TypeCurrency     FieldType = "currency"
	TypeDate         FieldType = "date"
	TypeDateTime     FieldType = "datetime"
	TypeBoolean      FieldType = "boolean"
	TypeSingleSelect FieldType = "single_select"
	TypeMultiSelect  FieldType = "multi_select"
)

// Known reports whether there is such a type.
func (t FieldType) Known() bool {
	switch t {
	case TypeString, TypeTextArea, TypeNumber, TypeCurrency, TypeDate, TypeDateTime, TypeBoolean,
		TypeSingleSelect, TypeMultiSelect:
		return true
	}
	return false
}

// Select reports whether values are picked from choices.
func (t FieldType) Select() bool { return t == TypeSingleSelect || t == TypeMultiSelect }

// Field is a field that an account adds to its contacts.
type Field struct {
	ID    id.Field
	UID   id.UID
	Label string
	// Name is made from the label; it heads columns of files ("cf:…").
	Name string
	Type FieldType
	// Version is 2 for a date that is kept as a date and 1 for one that is
	// kept as any text; 1 for other types.
	Version  int
	Metadata Metadata
	Choices  []Choice
	// Slot is the place under which v1 and v2 know the field, or 0.
	Slot      int
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Ref returns both names of the field.
func (f Field) Ref() id.Ref[id.Field] { return id.Ref[id.Field]{Number: f.ID, UID: f.UID} }

// Metadata narrows and shows a field's values; which parts count depends on
// its type.
type Metadata struct {
	DisplayType   string
	DisplayFormat string
	CurrencyCode  string
	AllowNegative bool
	// Integer allows whole numbers only; else DecimalPlaces (1 to 4) bounds
	// what stands behind the point. Zero means that nothing bounds it.
	Integer       bool
	DecimalPlaces int
}

// Choice is one that a select field offers.
type Choice struct {
	ID    int64
	Label string
	Order int
}

// FieldValue is what a custom field holds for a contact.
type FieldValue struct {
	Field id.Ref[id.Field]
	Type  FieldType
	// Value is the value of a field that is not picked from choices.
	Value string
	// Choices are the ids of what was picked.
	Choices []int64
}

// Faults of custom fields.
var (
	// ErrLabelTaken is a label, or a name made from it, that another field has.
	ErrLabelTaken = fault.New(fault.Conflict, fault.CodeFieldTaken, "Another custom field has this label.")
	// ErrFieldLimit is one field too many.
	ErrFieldLimit = fault.New(fault.Conflict, fault.CodeLimit, "An account may have 100 custom fields.")
)
