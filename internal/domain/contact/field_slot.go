package contact

import (
	"context"
	"fmt"
	"slices"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
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
