package contact_test

import (
	"errors"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/domain/contact"
)

var (
	before = time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)
	later  = time.Date(2026, 3, 1, 17, 5, 9, 0, time.UTC)
)

// states are the columns of the table at Consent.
var states = map[string]contact.Consent{
	"new":      {},
	"implicit": {Permission: contact.Implicit, OptInSource: contact.SourceAccount, OptInAt: before},
	"explicit": {Permission: contact.Explicit, OptInSource: contact.SourceAccount, OptInAt: before},
	"not_set":  {Permission: contact.NotSet},
	"pending":  {Permission: contact.Pending, Confirm: contact.ConfirmPending, OptInSource: contact.SourceContact, OptInAt: before},
	"P/C": {
		Permission: contact.Pending, Confirm: contact.ConfirmPending,
		OptOutSource: contact.SourceContact, OptOutAt: before, OptOutReason: "enough",
	},
	"hold": {Permission: contact.TempHold},
	"U/A":  {Permission: contact.Unsubscribed, OptOutSource: contact.SourceAccount, OptOutAt: before},
	"U/C":  {Permission: contact.Unsubscribed, OptOutSource: contact.SourceContact, OptOutAt: before, OptOutReason: "enough"},
}

// short names a state as the table does.
func short(c contact.Consent) string {
	by := map[contact.Source]string{contact.SourceAccount: "/A", contact.SourceContact: "/C"}[c.OptOutSource]
	return map[contact.Permission]string{
		contact.Implicit: "I", contact.Explicit: "E", contact.NotSet: "N", contact.Pending: "P",
		contact.TempHold: "H", contact.Unsubscribed: "U", contact.NoPermission: "0",
	}[c.Permission] + by
}

func TestEveryTransition(t *testing.T) {
	sets := func(to contact.Permission, by contact.Source) contact.Event {
		return contact.Event{Kind: contact.OwnerSets, To: to, Source: by, Reason: "told us"}
	}
	account, person := contact.SourceAccount, contact.SourceContact
	columns := []string{"new", "implicit", "explicit", "not_set", "pending", "P/C", "hold", "U/A", "U/C"}
	for _, row := range []struct {
		name  string
		event contact.Event
		want  [9]string // "=": as it was; "x": ErrUnsubscribed; "!": Invalid
	}{
		{"owner: implicit", sets(contact.Implicit, account), [9]string{"I", "=", "I", "I", "I", "x", "I", "I", "x"}},
		{"owner: explicit", sets(contact.Explicit, account), [9]string{"E", "E", "=", "E", "E", "x", "E", "E", "x"}},
		{"owner: not_set", sets(contact.NotSet, account), [9]string{"N", "N", "N", "=", "N", "x", "N", "N", "x"}},
		{"owner: pending", sets(contact.Pending, account), [9]string{"P", "P", "P", "P", "=", "=", "P", "P", "x"}},
		{"owner: temp_hold", sets(contact.TempHold, account), [9]string{"!", "!", "!", "!", "!", "!", "=", "!", "!"}},
		{"owner: unsubscribed", sets(contact.Unsubscribed, account), [9]string{"U/A", "U/A", "U/A", "U/A", "U/A", "U/C", "U/A", "U/A", "U/C"}},
		{
			"owner: unsubscribed, by the contact", sets(contact.Unsubscribed, person),
			[9]string{"U/C", "U/C", "U/C", "U/C", "U/C", "U/C", "U/C", "U/A", "U/C"},
		},
		{"owner removes", contact.Event{Kind: contact.OwnerRemoves}, [9]string{"", "U/A", "U/A", "U/A", "U/A", "U/C", "U/A", "=", "="}},
		{"opts out", contact.Event{Kind: contact.OptsOut, Reason: "told us"}, [9]string{"", "U/C", "U/C", "U/C", "U/C", "U/C", "U/C", "U/C", "="}},
		{"signs up", contact.Event{Kind: contact.SignsUp}, [9]string{"E", "E", "E", "E", "E", "E", "E", "E", "E"}},
		{"signs up, confirmed", contact.Event{Kind: contact.SignsUp, Confirmed: true}, [9]string{"P", "E", "E", "P", "P", "P/C", "P", "P", "P/C"}},
		{"made, confirmed", contact.Event{Kind: contact.OwnerSets, To: contact.Implicit, Source: person, Confirmed: true}, [9]string{"P"}},
		{"visitor adds", contact.Event{Kind: contact.VisitorAdds}, [9]string{"E", "E", "E", "E", "E", "=", "E", "E", "="}},
		{"visitor adds, confirmed", contact.Event{Kind: contact.VisitorAdds, Confirmed: true}, [9]string{"P", "E", "E", "P", "P", "=", "P", "P", "="}},
		{"asks again", contact.Event{Kind: contact.AsksAgain}, [9]string{"", "=", "=", "=", "=", "=", "=", "P", "P/C"}},
		{"confirms", contact.Event{Kind: contact.Confirms}, [9]string{"", "E", "E", "E", "E", "E", "E", "=", "="}},
		{"returns", contact.Event{Kind: contact.Returns}, [9]string{"", "E", "E", "E", "E", "E", "E", "E", "E"}},
		{"gives no answer", contact.Event{Kind: contact.GivesNoAnswer}, [9]string{"", "=", "=", "=", "=", "U/C", "=", "=", "="}},
	} {
		for i, want := range row.want {
			if want == "" {
				continue // does not happen
			}
			was := states[columns[i]]
			got, err := was.After(row.event, later)
			name := row.name + " on " + columns[i]
			switch want {
			case "x":
				if !errors.Is(err, contact.ErrUnsubscribed) {
					t.Errorf("%s: %s, %v; want ErrUnsubscribed", name, short(got), err)
				}
			case "!":
				if !fault.Is(err, fault.Invalid) || errors.Is(err, contact.ErrUnsubscribed) {
					t.Errorf("%s: %s, %v; want an invalid permission", name, short(got), err)
				}
			case "=":
				if err != nil || got != was {
					t.Errorf("%s: %+v, %v; want it as it was", name, got, err)
				}
			default:
				if err != nil || short(got) != want {
					t.Errorf("%s: %s, %v; want %s", name, short(got), err, want)
				}
			}
			if err == nil && got.Permission.Active() && (got.OptOutSource != 0 || got.OptInAt.IsZero() || got.Confirm == contact.ConfirmPending) {
				t.Errorf("%s: %+v may be mailed and carries what contradicts it", name, got)
			}
		}
	}
}

func TestWhatATransitionRecords(t *testing.T) {
	for _, c := range []struct {
		name  string
		was   contact.Consent
		event contact.Event
		want  contact.Consent
	}{
		{
			"a new contact opts in by its source",
			states["new"],
			contact.Event{Kind: contact.OwnerSets, To: contact.Implicit, Source: contact.SourceContact},
			contact.Consent{Permission: contact.Implicit, OptInSource: contact.SourceContact, OptInAt: later},
		},
		{
			"consent that is now recorded begins now",
			states["implicit"],
			contact.Event{Kind: contact.OwnerSets, To: contact.Explicit, Source: contact.SourceContact},
			contact.Consent{Permission: contact.Explicit, OptInSource: contact.SourceAccount, OptInAt: later},
		},
		{
			"less consent leaves when it began",
			states["explicit"],
			contact.Event{Kind: contact.OwnerSets, To: contact.Implicit, Source: contact.SourceAccount},
			contact.Consent{Permission: contact.Implicit, OptInSource: contact.SourceAccount, OptInAt: before},
		},
		{
			"an opt-out keeps the opt-in and says why",
			states["explicit"],
			contact.Event{Kind: contact.OptsOut, Reason: "too many"},
			contact.Consent{
				Permission: contact.Unsubscribed, OptInSource: contact.SourceAccount, OptInAt: before,
				OptOutSource: contact.SourceContact, OptOutAt: later, OptOutReason: "too many",
			},
		},
		{
			"an owner's word does not weaken the contact's own",
			states["P/C"],
			contact.Event{Kind: contact.OwnerRemoves},
			contact.Consent{Permission: contact.Unsubscribed, OptOutSource: contact.SourceContact, OptOutAt: later},
		},
		{
			"a sign-up is the contact's own act",
			states["U/C"],
			contact.Event{Kind: contact.SignsUp},
			contact.Consent{Permission: contact.Explicit, OptInSource: contact.SourceContact, OptInAt: later},
		},
		{
			"confirming confirms",
			states["P/C"],
			contact.Event{Kind: contact.Confirms},
			contact.Consent{Permission: contact.Explicit, Confirm: contact.Confirmed, OptInSource: contact.SourceContact, OptInAt: later},
		},
		{
			"returning confirms too",
			states["U/C"],
			contact.Event{Kind: contact.Returns},
			contact.Consent{Permission: contact.Explicit, Confirm: contact.Confirmed, OptInSource: contact.SourceContact, OptInAt: later},
		},
		{
			"without an answer the opt-out stands as it was",
			states["P/C"],
			contact.Event{Kind: contact.GivesNoAnswer},
			states["U/C"],
		},
		{
			"a reason may come later",
			states["U/A"],
			contact.Event{Kind: contact.OwnerSets, To: contact.Unsubscribed, Source: contact.SourceAccount, Reason: "moved away"},
			contact.Consent{
				Permission: contact.Unsubscribed, OptOutSource: contact.SourceAccount, OptOutAt: before, OptOutReason: "moved away",
			},
		},
	} {
		if got, err := c.was.After(c.event, later); err != nil || got != c.want {
			t.Errorf("%s:\n got %+v, %v\nwant %+v", c.name, got, err, c.want)
		}
	}
}

func TestPermissionWords(t *testing.T) {
	for p := contact.Implicit; p <= contact.Unsubscribed; p++ {
		if got, ok := contact.ParsePermission(p.String()); !ok || got != p {
			t.Errorf("%v reads back as %v, %v", p, got, ok)
		}
		if want := p == contact.Implicit || p == contact.Explicit; p.Active() != want {
			t.Errorf("%v active: %v", p, p.Active())
		}
	}
	for _, word := range []string{"", "Implicit", "nonsense"} {
		if p, ok := contact.ParsePermission(word); ok {
			t.Errorf("%q is read as %v", word, p)
		}
	}
}
