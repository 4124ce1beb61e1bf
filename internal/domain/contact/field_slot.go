package contact

import (
	"context"
	"fmt"
	"slices"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/text"
	"kith/internal/domain/account"
)

// ErrSlotTaken is a place that another custom field has. Its detail names that
// field.
var ErrSlotTaken = fault.New(fault.Conflict, fault.CodeSlotTaken, "Another custom field has this place.")

// SetSlot gives a custom field one of the fifteen places under which v1 and v2
// know custom fields, or none where slot is 0. Only text has a place there.
// Nothing of the field changes for v3. It fails with ErrSlotTaken.
func (s *Service) SetSlot(ctx context.Context, who account.Actor, ref id.Ref[id.Field], slot int, found fault.Problems) (Field, error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Field{}, err
	}
	if slot < 0 || slot > MaxSlots {
		found.Add("slot", "range", fmt.Sprintf("must be a number from 1 to %d", MaxSlots))
	}
	var f Field
	err := s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := tx.LockFields(ctx, who.Account); err != nil {
			return err
		}
		all, err := tx.AllFields(ctx, who.Account)
		if err != nil {
			return err
		}
		if f, err = oneField(all, ref); err != nil {
			return err
		}
		problems := slices.Clone(found)
		if slot > 0 && f.Type != TypeString {
			problems.Add("slot", codeNotSettable, "cannot be set: v1 and v2 know text fields only")
		}
		if err := problems.Err(); err != nil || f.Slot == slot {
			return err
		}
		if has := find(all, func(o Field) bool { return slot > 0 && o.Slot == slot }); has != nil {
			return ErrSlotTaken.Saying(fmt.Sprintf("The custom field %q has place %d.", has.Label, slot)).
				Noting("custom_field_id", has.UID.String())
		}
		f.Slot, f.UpdatedAt = slot, tx.Now()
		if err := tx.UpdateField(ctx, who.Account, f); err != nil {
			return err
		}
		return tx.RecordChange(ctx, who.Account, who.Origin(),
			change.Row{Kind: change.FieldUpdated, Ref: int64(f.ID), Detail: change.Detail{Fields: []string{"slot"}}})
	})
	return f, err
}

// SlotFields returns the fields that have a place in versions 1 and 2, by their
// places. Those clients take all fifteen to be there: a place that is asked for
// and that no field has gets a new field of text, if there is room for one.
func (s *Service) SlotFields(ctx context.Context, who account.Actor, slots []int) (map[int]Field, error) {
	all, err := s.Fields(ctx, who)
	if err != nil {
		return nil, err
	}
	if by := bySlot(all); hasAll(by, slots) {
		return by, nil
	}
	if err := who.May(account.ContactsWrite); err != nil {
		return nil, err
	}
	var by map[int]Field
	err = s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		n, err := tx.LockFields(ctx, who.Account)
		if err != nil {
			return err
		}
		all, err := tx.AllFields(ctx, who.Account)
		if err != nil {
			return err
		}
		by = bySlot(all)
		for _, slot := range slots {
			if _, has := by[slot]; has {
				continue
			}
			if n++; n > MaxCustomFields {
				return ErrFieldLimit
			}
			f := Field{
				UID: tx.UID(), Label: slotLabel(slot, all), Type: TypeString, Version: 1, Slot: slot, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
			}
			f.Name = fieldName(f.Label, all)
			f.Metadata.complete(f.Type, f.Version)
			if f.ID, err = tx.TakeFieldNumber(ctx, who.Account); err != nil {
				return err
			}
			if err := tx.InsertField(ctx, who.Account, f); err != nil {
				return err
			}
			if err := tx.RecordChange(ctx, who.Account, who.Origin(), change.Row{Kind: change.FieldCreated, Ref: int64(f.ID)}); err != nil {
				return err
			}
			all, by[slot] = append(all, f), f
		}
		return nil
	})
	return by, err
}

func bySlot(all []Field) map[int]Field {
	by := map[int]Field{}
	for _, f := range all {
		if f.Slot > 0 {
			by[f.Slot] = f
		}
	}
	return by
}

func hasAll(by map[int]Field, slots []int) bool {
	for _, s := range slots {
		if _, has := by[s]; !has {
			return false
		}
	}
	return true
}

// slotLabel is how versions 1 and 2 call the field of a place, or the next
// label like it that is free.
func slotLabel(slot int, all []Field) string {
	for n := 1; ; n++ {
		label := fmt.Sprintf("Custom Field %d", slot)
		if n > 1 {
			label = fmt.Sprintf("%s (%d)", label, n)
		}
		if find(all, func(f Field) bool { return text.Fold(f.Label) == text.Fold(label) }) == nil {
			return label
		}
	}
}
