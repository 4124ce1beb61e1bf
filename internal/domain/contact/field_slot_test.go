package contact_test

import (
	"errors"
	"testing"

	"kith/internal/domain/contact"
)

func TestSlotsOfFields(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		colour := w.field(contact.NewField{Label: "Colour", Type: contact.TypeString})
		bread := w.field(contact.NewField{Label: "Bread", Type: contact.TypeString})
		size := w.field(contact.NewField{Label: "Size", Type: contact.TypeNumber})
		set := func(f contact.Field, slot int) (contact.Field, error) {
			return w.contacts.SetSlot(t.Context(), w.who, f.Ref(), slot, nil)
		}
		if _, err := set(bread, 1); !errors.Is(err, contact.ErrSlotTaken) {
			t.Errorf("a place that another has: %v", err)
		}
		if f, err := set(bread, 15); err != nil || f.Slot != 15 {
			t.Errorf("another place: %+v, %v", f, err)
		}
		if f, err := set(colour, 0); err != nil || f.Slot != 0 {
			t.Errorf("no place: %+v, %v", f, err)
		}
		if f, err := set(bread, 1); err != nil || f.Slot != 1 {
			t.Errorf("the place that was freed: %+v, %v", f, err)
		}
		_, err := set(size, 3)
		wantProblems(t, "a number", err, "slot not_settable")
		_, err = set(bread, 16)
		wantProblems(t, "a sixteenth", err, "slot range")
		if f := w.field(contact.NewField{Label: "Tea", Type: contact.TypeString}); f.Slot != 2 {
			t.Errorf("a new field has place %d, want 2", f.Slot)
		}
		all, err := w.contacts.Fields(t.Context(), w.who)
		if err != nil || all[0].Slot != 0 || all[1].Slot != 1 || all[2].Slot != 0 {
			t.Errorf("in the end: %+v, %v", all, err)
		}
	})
}
