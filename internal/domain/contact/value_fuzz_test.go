package contact_test

import (
	"errors"
	"testing"

	"kith/internal/domain/contact"
)

// Whatever is kept can be written again as it was read, and stays the same.
func FuzzParseValue(f *testing.F) {
	types := []contact.FieldType{
		contact.TypeString, contact.TypeTextArea, contact.TypeNumber, contact.TypeCurrency, contact.TypeDate,
		contact.TypeDateTime, contact.TypeBoolean,
	}
	for i := range types {
		f.Add(uint8(i), " -12.50 ")
		f.Add(uint8(i), "3/14/2019")
		f.Add(uint8(i), "2026-03-01T12:05:09.25-05:00")
		f.Add(uint8(i), "Yes")
	}
	f.Fuzz(func(t *testing.T, kind uint8, s string) {
		field := contact.Field{Type: types[int(kind)%len(types)], Version: 2}
		field.Metadata.AllowNegative = true
		kept, err := field.ParseValue(s)
		if err != nil {
			if v, ok := errors.AsType[contact.ValueError](err); !ok || v == "" {
				t.Fatalf("%q: %v is no ValueError", s, err)
			}
			return
		}
		if again, err := field.ParseValue(kept); err != nil || again != kept {
			t.Errorf("%s: %q is kept as %q, which is read as %q, %v", field.Type, s, kept, again, err)
		}
	})
}
