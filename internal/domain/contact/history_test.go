package contact_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/page"
	"kith/internal/base/secret"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/domain/oauth"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

// told writes an entry down in one line.
func told(e contact.HistoryEntry) string {
	parts := []string{string(e.Kind)}
	for _, l := range e.Lists {
		parts = append(parts, "list "+l.Name)
	}
	for _, tag := range e.Tags {
		parts = append(parts, "tag "+tag.Name)
	}
	if len(e.Fields) > 0 {
		parts = append(parts, strings.Join(e.Fields, "+"))
	}
	if e.Kind == contact.PermissionChanged {
		parts = append(parts, fmt.Sprintf("%s>%s by %s", e.From, e.To, e.Source))
	}
	if e.Reason != "" {
		parts = append(parts, "because "+e.Reason)
	}
	return strings.Join(parts, " ")
}

func TestHistory(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, func(t *testing.T, w *storetest.World) {
		a := w.Account(t, "Paper Boats")
		who, _ := w.User(t, a, "ines@example.org", account.Owner)
		other := w.Account(t, "Others")
		stranger, _ := w.User(t, other, "jo@example.org", account.Owner)
		app, err := oauth.NewService(oauth.Options{Store: w.OAuth(), Clock: w.Clock, Secret: secret.New()}).CreateApplication(t.Context(), who,
			oauth.ApplicationChange{Name: opt.Some("Newsletter box")}, nil)
		if err != nil {
			t.Fatal(err)
		}
		lists, contacts := list.New(w.Lists()), contact.New(w.Contacts(), contact.Options{})
		gold, err := lists.Create(t.Context(), who, list.Input{Name: "Gold"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		tin, err := lists.Create(t.Context(), who, list.Input{Name: "Tin"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		create := func(address string) contact.Contact {
			t.Helper()
			c, err := contacts.Create(t.Context(), who, contact.Change{
				Source: opt.Some(contact.SourceAccount),
				Email:  opt.Some(contact.EmailInput{Address: address}),
				Lists:  opt.Some([]id.Ref[id.List]{gold.Ref()}),
			}, nil)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		first, second, third := create("a@example.org"), create("b@example.org"), create("c@example.org")

		w.Clock.Move(time.Minute)
		by := who
		by.Via, by.Application, by.Operation = account.ViaAPI, app.UID.String(), "PUT /v3/contacts/{contact_id}"
		if _, err := contacts.Update(t.Context(), by, second.Ref(), contact.Change{
			Source: opt.Some(contact.SourceContact), FirstName: opt.Some("Bo"),
			Email: opt.Some(contact.EmailInput{
				Address: "b@example.org", Permission: opt.Some(contact.Unsubscribed), OptOutReason: opt.Some("too many mails"),
			}),
			Lists: opt.Some([]id.Ref[id.List]{tin.Ref()}),
		}, nil); err != nil {
			t.Fatal(err)
		}

		// A batch that spans all three but is about the first and the third.
		w.Clock.Move(time.Minute)
		w.Do(t, func(ctx context.Context, tx *store.Tx) error {
			origin := who.Origin()
			origin.Via = string(account.ViaSystem)
			if err := tx.RecordConsent(ctx, a.ID, origin, contact.Entry{
				Members: []id.Contact{first.ID, third.ID}, Was: contact.Implicit, Becomes: contact.Explicit,
				Source: contact.SourceContact, Shown: "Yes, send me news",
			}); err != nil {
				return err
			}
			return tx.RecordChange(ctx, a.ID, origin,
				change.Row{
					Kind: change.MembershipRemoved, Members: []int64{int64(first.ID), int64(third.ID)},
					Detail: change.Detail{Lists: []id.List{gold.ID}},
				},
				// Another thing with the contact's number is another thing.
				change.Row{Kind: change.ListUpdated, Ref: int64(second.ID), Detail: change.Detail{Fields: []string{"name"}}})
		})

		read := func(ref id.Ref[id.Contact], limit int) (all []contact.HistoryEntry, pages int) {
			t.Helper()
			r := page.Request{Limit: limit}
			for {
				of, err := contacts.History(t.Context(), who, ref, r)
				if err != nil {
					t.Fatal(err)
				}
				all, pages = append(all, of.Items...), pages+1
				if r.After = of.Next; r.After.IsZero() {
					return all, pages
				}
			}
		}
		lines := func(ref id.Ref[id.Contact], limit int) (all []string, pages int) {
			t.Helper()
			entries, pages := read(ref, limit)
			for _, e := range entries {
				all = append(all, told(e))
			}
			return all, pages
		}
		ofSecond := []string{
			"permission.changed implicit>unsubscribed by Contact because too many mails",
			"membership.removed list Gold",
			"membership.added list Tin",
			"contact.updated permission_to_send+opt_out_reason+first_name",
			"permission.changed >implicit by Account",
			"contact.created list Gold",
		}
		for _, limit := range []int{1, 2, 3, 50} {
			got, pages := lines(second.Ref(), limit)
			if !slices.Equal(got, ofSecond) {
				t.Errorf("%d a page:\n%s\nwant\n%s", limit, strings.Join(got, "\n"), strings.Join(ofSecond, "\n"))
			}
			if want := (len(ofSecond) + limit - 1) / limit; pages != want {
				t.Errorf("%d a page: %d pages, want %d", limit, pages, want)
			}
		}
		batch := []string{
			"permission.changed implicit>explicit by Contact",
			"membership.removed list Gold",
			"permission.changed >implicit by Account",
			"contact.created list Gold",
		}
		for _, c := range []contact.Contact{first, third} {
			for _, limit := range []int{1, 50} {
				if got, _ := lines(c.Ref(), limit); !slices.Equal(got, batch) {
					t.Errorf("contact %d:\n%s\nwant\n%s", c.ID, strings.Join(got, "\n"), strings.Join(batch, "\n"))
				}
			}
		}

		all, _ := read(second.Ref(), 50)
		e := all[0]
		if e.User != "ines@example.org" || e.Application != "Newsletter box" || e.Via != "api" || e.Operation != by.Operation ||
			!e.At.Equal(storetest.Start.Add(time.Minute)) || !e.Activity.IsZero() {
			t.Errorf("who and when: %+v", e)
		}
		if all, _ := read(first.Ref(), 50); all[0].Shown != "Yes, send me news" {
			t.Errorf("the text that was shown: %+v", all[0])
		}
		if err := contacts.Delete(t.Context(), who, second.Ref()); err != nil {
			t.Fatal(err)
		}
		if got, _ := lines(second.Ref(), 1); len(got) != len(ofSecond)+1 || got[0] != "contact.deleted list Tin" {
			t.Errorf("a deleted contact: %q", got)
		}

		if _, err := contacts.History(t.Context(), stranger, first.Ref(), page.Request{Limit: 1}); !fault.Is(err, fault.NotFound) {
			t.Errorf("another account: %v, want not found", err)
		}
		who.Role = account.CampaignCreator
		if _, err := contacts.History(t.Context(), who, first.Ref(), page.Request{Limit: 1}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a campaign creator: %v, want forbidden", err)
		}
	})
}
