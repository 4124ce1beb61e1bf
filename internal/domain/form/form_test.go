package form_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/form"
	"kith/internal/domain/list"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

var owner = storetest.Owner(7)

func newService(s *store.Store) *form.Service {
	return form.New(form.Options{
		Store: s.Forms(), Contacts: contact.New(s.Contacts(), contact.Options{}), Key: []byte("0123456789abcdef0123456789abcdef"),
	})
}

func newList(t *testing.T, s *store.Store, who account.Actor, name string) list.List {
	t.Helper()
	l, err := list.New(s.Lists()).Create(t.Context(), who, list.Input{Name: name}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func newField(t *testing.T, s *store.Store, label string, kind contact.FieldType, choices ...string) contact.Field {
	t.Helper()
	f, err := contact.New(s.Contacts(), contact.Options{}).CreateField(t.Context(), owner, contact.NewField{Label: label, Type: kind, Version: 2, Choices: choices}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func on(lists ...list.List) (all []form.List) {
	for _, l := range lists {
		all = append(all, form.List{Ref: id.Ref[id.List]{UID: l.UID}})
	}
	return all
}

func TestAFormIsKeptAsItIsWritten(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, c *clock.Settable) {
		forms := newService(s)
		gold, silver := newList(t, s, owner, "Gold"), newList(t, s, owner, "Silver")
		size := newField(t, s, "Shoe size", contact.TypeNumber)
		in := form.Written{
			Name: " Fair ", Language: "de", Proof: true, Redirect: "https://boats.example/", Colors: form.Colors{Accent: "#FFCC00"},
			Lists:  append(on(gold), form.List{Ref: id.Ref[id.List]{UID: silver.UID}, Offered: true}),
			Fields: []form.Field{{Kind: form.FirstName, Required: true}, {Kind: form.Custom, Custom: contact.Field{UID: size.UID}, Label: "Shoes"}},
			Texts:  form.Texts{Title: "Ahoy", Consent: "Mail me."},
		}
		made, err := forms.Create(t.Context(), owner, in, nil)
		if err != nil {
			t.Fatal(err)
		}
		if made.Name != "Fair" || made.Colors.Accent != "#ffcc00" || made.Fields[0].Kind != form.Email || !made.Fields[0].Required {
			t.Errorf("made %+v", made)
		}
		got, err := forms.Get(t.Context(), owner, made.UID)
		if err != nil || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", made) {
			t.Errorf("read %+v, %v; want %+v", got, err, made)
		}
		c.Move(1)
		again, err := forms.Update(t.Context(), owner, made.UID, got.Written, nil)
		if err != nil || !again.UpdatedAt.Equal(made.UpdatedAt) {
			t.Errorf("the same again: %+v, %v; want it untouched", again, err)
		}

		// What is deleted elsewhere is no longer there.
		newList(t, s, owner, "Last")
		err = s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := list.MarkDeleted(ctx, tx, owner.Account, silver.Ref(), owner.Origin())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		of, err := forms.List(t.Context(), owner, page.Request{Limit: 10})
		if err != nil || len(of.Items) != 1 || len(of.Items[0].Lists) != 1 || of.Items[0].Lists[0].Name != "Gold" {
			t.Errorf("with a list deleted: %+v, %v", of.Items, err)
		}
		if _, err := forms.Update(t.Context(), owner, made.UID, in, nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("written with a list that is gone: %v, want invalid", err)
		}
		if err := forms.Delete(t.Context(), owner, made.UID); err != nil {
			t.Fatal(err)
		}
		if _, err := forms.Get(t.Context(), owner, made.UID); !fault.Is(err, fault.NotFound) {
			t.Errorf("deleted: %v, want not found", err)
		}
	})
}

func TestWhatIsWrongWithAForm(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		forms := newService(s)
		gold, theirs := newList(t, s, owner, "Gold"), newList(t, s, storetest.Owner(8), "Theirs")
		custom := func(uid id.UID) form.Field {
			return form.Field{Kind: form.Custom, Custom: contact.Field{UID: uid}}
		}
		for _, c := range []struct {
			name   string
			change func(*form.Written)
			want   []string
		}{
			{"nothing", func(*form.Written) {}, nil},
			{"no name", func(w *form.Written) { w.Name = "\t" }, []string{"name required"}},
			{"no list", func(w *form.Written) { w.Lists = nil }, []string{"lists required"}},
			{"another account's list", func(w *form.Written) { w.Lists = on(theirs) }, []string{"lists[0].list_id unknown"}},
			{"a list twice", func(w *form.Written) { w.Lists = on(gold, gold) }, []string{"lists[1].list_id twice"}},
			{"51 lists", func(w *form.Written) { w.Lists = make([]form.List, 51) }, []string{"lists too_many"}},
			{"33 fields", func(w *form.Written) { w.Fields = make([]form.Field, 33) }, []string{"fields too_many"}},
			{"a field twice", func(w *form.Written) { w.Fields = []form.Field{{Kind: form.Phone}, {Kind: form.Phone}} }, []string{"fields[1] twice"}},
			{"an unknown kind", func(w *form.Written) { w.Fields = []form.Field{{Kind: "shoe"}} }, []string{"fields[0].kind invalid"}},
			{"an unknown custom field", func(w *form.Written) { w.Fields = []form.Field{custom(gold.UID)} }, []string{"fields[0].custom_field_id unknown"}},
			{"a redirect that is a script", func(w *form.Written) { w.Redirect = "javascript:alert(1)" }, []string{"redirect_url invalid"}},
			{"a redirect with a password", func(w *form.Written) { w.Redirect = "https://a:b@c.example/" }, []string{"redirect_url invalid"}},
			{"a redirect without a host", func(w *form.Written) { w.Redirect = "https:///thanks" }, []string{"redirect_url invalid"}},
			{"an unknown language", func(w *form.Written) { w.Language = "eo" }, []string{"language invalid"}},
			{"no colour", func(w *form.Written) { w.Colors.Accent = "teal; }" }, []string{"colors.accent invalid"}},
			{"pale text", func(w *form.Written) { w.Colors = form.Colors{Text: "#bbbbbb"} }, []string{"colors.text contrast"}},
			{"text that can be read", func(w *form.Written) { w.Colors = form.Colors{Text: "#000000", Background: "#ffcc00"} }, nil},
			{"a hidden character", func(w *form.Written) { w.Texts.Consent = "a\x00b" }, []string{"texts.consent control"}},
		} {
			in := form.Written{Name: "Fair", Lists: on(gold)}
			c.change(&in)
			_, err := forms.Create(t.Context(), owner, in, nil)
			var got []string
			if err != nil {
				for _, p := range fault.Of(err).Problems {
					got = append(got, p.Path+" "+p.Code)
				}
			}
			if !slices.Equal(got, c.want) || (err == nil) != (c.want == nil) {
				t.Errorf("%s: %v, %v; want %v", c.name, got, err, c.want)
			}
		}
	})
}

func TestWhoMayAndHowMany(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		forms := newService(s)
		gold := newList(t, s, owner, "Gold")
		made, err := forms.Create(t.Context(), owner, form.Written{Name: "Fair", Lists: on(gold)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		creator, stranger := owner, storetest.Owner(8)
		creator.Role = account.CampaignCreator
		if _, err := forms.Get(t.Context(), creator, made.UID); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a campaign creator reads: %v, want forbidden", err)
		}
		if _, err := forms.Get(t.Context(), stranger, made.UID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another account reads: %v, want not found", err)
		}
		if err := forms.Delete(t.Context(), stranger, made.UID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another account deletes: %v, want not found", err)
		}
		if of, err := forms.List(t.Context(), stranger, page.Request{Limit: 10}); err != nil || len(of.Items) != 0 {
			t.Errorf("another account lists %v, %v", of.Items, err)
		}
		err = s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for i := range form.MaxForms - 1 {
				if err := tx.InsertForm(ctx, owner.Account, form.Form{ID: id.Form(1000 + i), UID: tx.UID(), Written: made.Written}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := forms.Create(t.Context(), owner, form.Written{Name: "One more", Lists: on(gold)}, nil); !errors.Is(err, form.ErrLimit) {
			t.Errorf("one too many: %v, want ErrLimit", err)
		}
	})
}

func TestWhatStandsOnTheAccentCanBeRead(t *testing.T) {
	for accent, want := range map[string]string{"#ffffff": "#000000", "#000000": "#ffffff", "#ffcc00": "#000000", "#1f5f5b": "#ffffff", "": "#ffffff"} {
		if got := (form.Colors{Accent: accent}).OnAccent(); got != want {
			t.Errorf("on %s stands %s, want %s", accent, got, want)
		}
	}
}
