package contact

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
)

// Limits of custom fields (v3 contract, CustomField; v3-guide 4.9).
const (
	MaxCustomFields = 100
	MaxLabel        = 50
	MaxChoiceLabel  = 255
	MaxChoices      = 100
	// MaxShownChoices is how many choices may all be shown at once, as radio
	// buttons or boxes to tick.
	MaxShownChoices = 20
	// MaxDecimalPlaces bounds how many digits a field's numbers may have behind
	// the point (v3 contract, CustomFieldMetadata.integer).
	MaxDecimalPlaces = 4
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
	// LastChoice is the greatest id that a choice has had: none is given twice.
	LastChoice int64
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

// NewField is a custom field as its maker writes it.
type NewField struct {
	Label string
	Type  FieldType
	// Version is 2 for a real date; other values mean 1.
	Version  int
	Metadata Metadata
	// Choices are labels, in the order in which they are shown.
	Choices []string
}

// CreateField makes a custom field. It fails with ErrLabelTaken and
// ErrFieldLimit.
func (s *Service) CreateField(ctx context.Context, who account.Actor, in NewField, found fault.Problems) (Field, error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Field{}, err
	}
	in.Label = strings.TrimSpace(in.Label)
	if err := in.check(found); err != nil {
		return Field{}, err
	}
	var f Field
	err := s.store.Within(ctx, func(ctx context.Context, tx Tx) (err error) {
		f, err = insertField(ctx, tx, who, in)
		return err
	})
	return f, err
}

// Fields returns an account's custom fields in the order of their numbers.
func (s *Service) Fields(ctx context.Context, who account.Actor) (all []Field, err error) {
	if err := who.May(account.ContactsRead); err != nil {
		return nil, err
	}
	err = s.store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		all, err = tx.AllFields(ctx, who.Account)
		return err
	})
	return all, err
}

func insertField(ctx context.Context, tx Tx, who account.Actor, in NewField) (Field, error) {
	n, err := tx.LockFields(ctx, who.Account)
	if err != nil {
		return Field{}, err
	}
	if n >= MaxCustomFields {
		return Field{}, ErrFieldLimit
	}
	others, err := tx.AllFields(ctx, who.Account)
	if err != nil {
		return Field{}, err
	}
	f := Field{
		UID: tx.UID(), Label: in.Label, Name: fieldName(in.Label, others), Type: in.Type, Version: 1,
		Metadata: in.Metadata, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
	}
	if in.Type == TypeDate && in.Version == 2 {
		f.Version = 2
	}
	f.Metadata.complete(f.Type, f.Version)
	if in.Type == TypeString {
		f.Slot = freeSlot(others)
	}
	for i, label := range in.Choices {
		f.Choices = append(f.Choices, Choice{ID: int64(i + 1), Label: strings.TrimSpace(label), Order: i + 1})
	}
	f.LastChoice = int64(len(in.Choices))
	if f.ID, err = tx.TakeFieldNumber(ctx, who.Account); err != nil {
		return Field{}, err
	}
	if err := tx.InsertField(ctx, who.Account, f); err != nil {
		return Field{}, err
	}
	return f, tx.RecordChange(ctx, who.Account, who.Origin(), change.Row{Kind: change.FieldCreated, Ref: int64(f.ID)})
}

func (in NewField) check(found fault.Problems) error {
	c := &checker{found}
	if in.Label == "" && !c.found.Has("label") {
		c.found.Add("label", codeRequired, "is missing")
	}
	c.text("label", in.Label, MaxLabel)
	if !in.Type.Known() && !c.found.Has("type") {
		c.found.Add("type", codeInvalid, "is invalid")
	}
	in.Metadata.check(c)
	switch most := in.Metadata.mostChoices(); {
	case in.Type.Select() && len(in.Choices) == 0 && !c.found.Has("choices"):
		c.found.Add("choices", codeRequired, "is missing; a select field offers at least one")
	case in.Type.Known() && !in.Type.Select() && len(in.Choices) > 0:
		c.found.Add("choices", codeInvalid, "belongs to single_select and multi_select only")
	default:
		c.bound("choices", len(in.Choices), most)
	}
	for i, label := range in.Choices {
		path := choicePath(i) + ".choice_label"
		label = strings.TrimSpace(label)
		if label == "" {
			c.found.Add(path, codeRequired, "is missing")
		}
		c.text(path, label, MaxChoiceLabel)
		for _, before := range in.Choices[:i] {
			if strings.EqualFold(strings.TrimSpace(before), label) {
				c.found.Add(path, codeTwice, "stands for another choice already")
				break
			}
		}
	}
	return c.found.Err()
}

// check holds metadata to what the contract says of it (CustomFieldMetadata).
func (m Metadata) check(c *checker) {
	c.text("metadata.display_type", m.DisplayType, MaxLabel)
	c.text("metadata.display_format", m.DisplayFormat, MaxLabel)
	if m.CurrencyCode != "" && !isCurrency(m.CurrencyCode) {
		c.found.Add("metadata.currency_code", codeInvalid, "is not three letters")
	}
	if !m.Integer && (m.DecimalPlaces < 0 || m.DecimalPlaces > MaxDecimalPlaces) {
		c.found.Add("metadata.decimal_places", codeInvalid, fmt.Sprintf("must be from 1 to %d", MaxDecimalPlaces))
	}
}

func isCurrency(s string) bool {
	return len(s) == 3 && strings.IndexFunc(s, func(r rune) bool { return (r|' ') < 'a' || (r|' ') > 'z' }) < 0
}

// mostChoices is how many choices may be offered.
func (m Metadata) mostChoices() int {
	switch strings.ToLower(m.DisplayType) {
	case "radio", "checkbox":
		return MaxShownChoices
	}
	return MaxChoices
}

// complete fills in what is left out (v3-guide 4.9, metadata).
func (m *Metadata) complete(t FieldType, version int) {
	if m.Integer {
		m.DecimalPlaces = 0
	}
	if t == TypeDate && version == 2 && m.DisplayFormat == "" {
		m.DisplayFormat = "YYYY-MM-DD"
	}
	m.CurrencyCode = strings.ToUpper(m.CurrencyCode)
}

func choicePath(i int) string { return fmt.Sprintf("choices[%d]", i) }

// fieldName makes a name of a label, as files and templates use it: lower
// case, letters and digits, everything else one low line (v3-guide 4.9). Where
// another field has the name a number follows.
func fieldName(label string, others []Field) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(label) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte('_')
			gap = false
		}
		b.WriteRune(r)
	}
	stem := []rune(cmp.Or(b.String(), "field"))
	name := string(stem)
	for i := 2; find(others, func(f Field) bool { return f.Name == name }) != nil; i++ {
		tail := fmt.Sprintf("_%d", i)
		name = string(stem[:min(len(stem), MaxLabel-len(tail))]) + tail
	}
	return name
}

// freeSlot returns the lowest place that no field has, or 0.
func freeSlot(others []Field) int {
	for slot := 1; slot <= MaxSlots; slot++ {
		if find(others, func(f Field) bool { return f.Slot == slot }) == nil {
			return slot
		}
	}
	return 0
}
