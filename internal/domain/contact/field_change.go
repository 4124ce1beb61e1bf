package contact

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"kith/internal/base/change"
	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/account"
)

// FieldChange is what can be changed of a custom field: not its type.
type FieldChange struct {
	Label string
	// Choices take the place of those there were, in the order in which they
	// are shown. One with an id is kept, perhaps under another label; one
	// without is new.
	Choices []Choice
}

// UpdateField replaces a custom field's label and choices (v3 contract, PUT
// /contact_custom_fields/{custom_field_id}); its name follows the label. What
// contacts have picked of choices that are gone is not told any more. It fails
// with ErrLabelTaken.
func (s *Service) UpdateField(ctx context.Context, who account.Actor, ref id.Ref[id.Field], in FieldChange, found fault.Problems) (Field, error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Field{}, err
	}
	in.Label = strings.TrimSpace(in.Label)
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
		was := f
		if err := in.check(f, slices.Clone(found)); err != nil {
			return err
		}
		others := slices.DeleteFunc(all, func(o Field) bool { return o.ID == f.ID })
		f.change(in, others)
		var fields []string
		if f.Label != was.Label {
			fields = append(fields, "label")
		}
		if !slices.Equal(f.Choices, was.Choices) {
			fields = append(fields, "choices")
		}
		if len(fields) == 0 {
			return nil
		}
		f.UpdatedAt = tx.Now()
		if err := tx.UpdateField(ctx, who.Account, f); err != nil {
			return err
		}
		return tx.RecordChange(ctx, who.Account, who.Origin(),
			change.Row{Kind: change.FieldUpdated, Ref: int64(f.ID), Detail: change.Detail{Fields: fields}})
	})
	return f, err
}

// check holds a change to the rules of a new field of the same type.
func (in FieldChange) check(f Field, found fault.Problems) error {
	again := NewField{Label: in.Label, Type: f.Type, Metadata: f.Metadata}
	for _, c := range in.Choices {
		again.Choices = append(again.Choices, c.Label)
	}
	for i, c := range in.Choices {
		if c.ID != 0 && !f.Offers(c.ID) {
			found.Add(choicePath(i)+".choice_id", codeUnknown, "names a choice that the field does not have")
		}
		if c.ID != 0 && slices.ContainsFunc(in.Choices[:i], func(o Choice) bool { return o.ID == c.ID }) {
			found.Add(choicePath(i)+".choice_id", codeTwice, "stands for another choice already")
		}
	}
	return again.check(found)
}

// change puts a checked change in place.
func (f *Field) change(in FieldChange, others []Field) {
	if f.Label != in.Label {
		f.Label, f.Name = in.Label, fieldName(in.Label, others)
	}
	last := f.LastChoice
	for _, c := range f.Choices {
		last = max(last, c.ID)
	}
	f.Choices = nil
	for i, c := range in.Choices {
		c.Label, c.Order = strings.TrimSpace(c.Label), i+1
		if c.ID == 0 {
			last++
			c.ID = last
		}
		f.Choices = append(f.Choices, c)
	}
	f.LastChoice = last
}

// Field returns one custom field.
func (s *Service) Field(ctx context.Context, who account.Actor, ref id.Ref[id.Field]) (Field, error) {
	all, err := s.Fields(ctx, who)
	if err != nil {
		return Field{}, err
	}
	return oneField(all, ref)
}

// FieldPage returns a page of custom fields, the one changed last first.
func (s *Service) FieldPage(ctx context.Context, who account.Actor, r page.Request) (page.Of[Field], error) {
	of := page.Of[Field]{Total: -1}
	all, err := s.Fields(ctx, who) // few: see MaxCustomFields
	if err != nil {
		return of, err
	}
	place := func(f Field) page.Position {
		return page.Position{Time: clock.Millis(f.UpdatedAt), Number: int64(f.ID)}
	}
	latest := func(a, b page.Position) int {
		return cmp.Or(cmp.Compare(b.Time, a.Time), cmp.Compare(b.Number, a.Number))
	}
	slices.SortFunc(all, func(a, b Field) int { return latest(place(a), place(b)) })
	if !r.After.IsZero() {
		all = slices.DeleteFunc(all, func(f Field) bool { return latest(place(f), r.After) <= 0 })
	}
	of.Items = all
	if len(all) > r.Limit {
		of.Items, of.Next = all[:r.Limit], place(all[r.Limit-1])
	}
	return of, nil
}

func oneField(all []Field, ref id.Ref[id.Field]) (Field, error) {
	if f := find(all, func(f Field) bool { return f.UID == ref.UID || ref.UID.IsZero() && f.ID == ref.Number }); f != nil {
		return *f, nil
	}
	return Field{}, fault.ErrNotFound.Saying("There is no such custom field.")
}
