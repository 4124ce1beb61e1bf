package store_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kith/internal/base/id"
	"kith/internal/domain/activity"
	"kith/internal/domain/contact"
	"kith/internal/store"
)

// What an activity was asked for comes back as it was kept; contacts by their
// numbers only.
func TestActivityInputIsKept(t *testing.T) {
	at := time.UnixMilli(1_700_000_000_123).UTC()
	lists := []id.Ref[id.List]{{Number: 1, UID: id.UID{1}}, {Number: 2, UID: id.UID{2}}}
	tags := []id.Ref[id.Tag]{{Number: 3, UID: id.UID{3}}}
	contacts := []id.Ref[id.Contact]{{Number: 4}, {Number: 5}}
	inputs := []activity.Input{
		{},
		{Columns: []string{"email", "first_name"}, Lists: lists, Tags: tags, Fields: []id.Ref[id.Field]{{Number: 6, UID: id.UID{6}}}},
		{Selection: contact.Selection{Contacts: contacts, Statuses: contact.StatusAll, At: at}},
		{Selection: contact.Selection{Lists: lists, Except: contacts}},
		{Selection: contact.Selection{Tags: tags}},
		{Selection: contact.Selection{AllActive: true}},
		{Selection: contact.Selection{NewSubscribers: true}},
		{Selection: contact.Selection{Engagement: "high"}},
		{Selection: contact.Selection{Segment: 9}},
		{Selection: contact.Selection{Filter: &contact.Filter{
			Statuses: contact.StatusActive, Email: "a@b.example", Lists: lists, Tags: tags, SMS: 1 << contact.Explicit, Search: "ann", Segment: 8,
			Belonging: contact.OnNone, Addressed: true,
			UpdatedAfter: at, UpdatedBefore: at.Add(1e9), CreatedAfter: at.Add(2e9), CreatedBefore: at.Add(3e9),
			OptOutAfter: at.Add(4e9), OptOutBefore: at.Add(5e9),
		}}},
	}
	// A part that is not kept would make work on some work on many.
	filter := reflect.ValueOf(*inputs[len(inputs)-1].Selection.Filter)
	for i := range filter.NumField() {
		if name := filter.Type().Field(i).Name; filter.Field(i).IsZero() && name != "Order" {
			t.Errorf("%s of a filter is not tried", name)
		}
	}
	each(t, func(t *testing.T, open func() *store.Store) {
		err := open().Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for i, in := range inputs {
				want := activity.Activity{
					ID: id.Activity(i + 1), UID: tx.UID(), Kind: activity.ListAdd, State: activity.Processing, Input: in,
					Position: activity.Position{Offset: 1, Line: 2, Row: 3, Contact: 4, Thing: 5},
				}
				if err := tx.InsertActivity(ctx, 7, want); err != nil {
					return err
				}
				got, err := tx.ActivityByRef(ctx, 7, id.Ref[id.Activity]{Number: want.ID})
				if err != nil {
					return err
				}
				if diff := cmp.Diff(want.Input, got.Input); diff != "" {
					t.Errorf("input %d: (-kept +read)\n%s", i, diff)
				}
				if got.Position != want.Position {
					t.Errorf("position: got %v, want %v", got.Position, want.Position)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
