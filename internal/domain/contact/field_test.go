package contact_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/contact"
)

func TestValuesByType(t *testing.T) {
	choices := []contact.Choice{{ID: 1, Label: "Red"}, {ID: 2, Label: "Blue, dark"}, {ID: 3, Label: "Green"}}
	field := func(k contact.FieldType) contact.Field { return contact.Field{Type: k, Version: 1, Choices: choices} }
	whole, cents := field(contact.TypeNumber), field(contact.TypeCurrency)
	whole.Metadata.Integer = true
	cents.Metadata = contact.Metadata{AllowNegative: true, DecimalPlaces: 2}
	realDate := field(contact.TypeDate)
	realDate.Version = 2
	for _, c := range []struct {
		name  string
		field contact.Field
		in    string
		want  string // "!": refused
	}{
		{"text is trimmed", field(contact.TypeString), " teal ", "teal"},
		{"empty is none", field(contact.TypeNumber), "  ", ""},
		{"text has a length", field(contact.TypeString), strings.Repeat("x", 256), "!"},
		{"a text area has more", field(contact.TypeTextArea), strings.Repeat("x", 256), strings.Repeat("x", 256)},
		{"and an end", field(contact.TypeTextArea), strings.Repeat("x", 2001), "!"},
		{"a number", field(contact.TypeNumber), "12.50", "12.50"},
		{"a sign is not asked for", field(contact.TypeNumber), "-1", "!"},
		{"words are no number", field(contact.TypeNumber), "twelve", "!"},
		{"nor is an exponent", field(contact.TypeNumber), "1e9", "!"},
		{"nor half a number", field(contact.TypeNumber), "1.", "!"},
		{"whole numbers only", whole, "1.5", "!"},
		{"currency", cents, "-3.25", "-3.25"},
		{"currency has cents", cents, "3.255", "!"},
		{"an old date is text", field(contact.TypeDate), "in spring", "in spring"},
		{"a real date", realDate, "3/14/2019", "2019-03-14"},
		{"that exists", realDate, "2/30/2019", "!"},
		{"a time", field(contact.TypeDateTime), "2026-03-01T12:05:09-05:00", "2026-03-01T17:05:09Z"},
		{"a day is a time", field(contact.TypeDateTime), "03/01/2026", "2026-03-01T00:00:00Z"},
		{"within the calendar", field(contact.TypeDateTime), "0001-01-01 00:00 01", "!"},
		{"true", field(contact.TypeBoolean), "Yes", "true"},
		{"false", field(contact.TypeBoolean), "0", "false"},
		{"neither", field(contact.TypeBoolean), "perhaps", "!"},
		{"one choice", field(contact.TypeSingleSelect), "red", "1"},
		{"one choice only", field(contact.TypeSingleSelect), "red, green", "!"},
		{"a label may hold a comma", field(contact.TypeSingleSelect), "blue, dark", "2"},
		{"several, sorted, each once", field(contact.TypeMultiSelect), "green,red,Green", "1,3"},
		{"an unknown choice", field(contact.TypeMultiSelect), "red,pink", "!"},
	} {
		got, err := c.field.ParseValue(c.in)
		if err != nil {
			if _, ok := errors.AsType[contact.ValueError](err); !ok {
				t.Errorf("%s: %v is no ValueError", c.name, err)
			}
			got = "!"
		}
		if got != c.want {
			t.Errorf("%s: %q gives %q (%v), want %q", c.name, c.in, got, err, c.want)
		}
	}
	if got, err := field(contact.TypeMultiSelect).ParseChoices([]string{"3", "1", "3"}); got != "1,3" || err != nil {
		t.Errorf("choices by id: %q, %v", got, err)
	}
	if _, err := field(contact.TypeMultiSelect).ParseChoices([]string{"000004"}); err == nil {
		t.Error("an unknown choice is taken")
	}
}

// field makes a custom field and remembers it by its label.
func (w *world) field(in contact.NewField) contact.Field {
	w.t.Helper()
	f, err := w.contacts.CreateField(w.t.Context(), w.who, in, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.fields[f.Label] = f
	return f
}

func (w *world) tag(name string) contact.Tag {
	w.t.Helper()
	tag, err := w.contacts.CreateTag(w.t.Context(), w.who, name, "test", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.tags[name] = tag
	return tag
}

func TestFieldsAreNamedAndNumbered(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i, c := range []struct {
			label, name string
			kind        contact.FieldType
			slot        int
		}{
			{"Favourite Colour", "favourite_colour", contact.TypeString, 1},
			{"favourite-colour!", "favourite_colour_2", contact.TypeNumber, 0},
			{"Größe", "größe", contact.TypeString, 2},
			{"???", "field", contact.TypeString, 3},
		} {
			f := w.field(contact.NewField{Label: c.label, Type: c.kind})
			if f.Name != c.name || f.Slot != c.slot || f.ID != id.Field(i+1) {
				t.Errorf("%q: name %q, slot %d, number %d; want %q, %d, %d", c.label, f.Name, f.Slot, f.ID, c.name, c.slot, i+1)
			}
		}
		_, err := w.contacts.CreateField(t.Context(), w.who, contact.NewField{Label: "FAVOURITE COLOUR", Type: contact.TypeString}, nil)
		if !errors.Is(err, contact.ErrLabelTaken) {
			t.Errorf("a label again: %v, want ErrLabelTaken", err)
		}
		_, err = w.contacts.CreateField(t.Context(), w.who, contact.NewField{Type: "colour"}, nil)
		wantProblems(t, "nothing right", err, "label required", "type invalid")
		_, err = w.contacts.CreateField(t.Context(), w.who,
			contact.NewField{Label: "x", Type: contact.TypeSingleSelect, Choices: []string{"a", " A"}}, nil)
		wantProblems(t, "a choice twice", err, "choices[1].choice_label twice")
		all, err := w.contacts.Fields(t.Context(), w.who)
		if err != nil || len(all) != 4 || all[2].Label != "Größe" {
			t.Errorf("%d fields, %v", len(all), err)
		}
		for places, want := range map[int][]string{0: nil, 4: nil, 5: {"metadata.decimal_places invalid"}, -1: {"metadata.decimal_places invalid"}} {
			_, err = w.contacts.CreateField(t.Context(), w.who, contact.NewField{
				Label: fmt.Sprint("Price ", places), Type: contact.TypeNumber, Metadata: contact.Metadata{DecimalPlaces: places},
			}, nil)
			wantProblems(t, fmt.Sprint(places, " places"), err, want...)
		}
	})
}

func TestFieldAndTagLimits(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range contact.MaxCustomFields {
			w.field(contact.NewField{Label: fmt.Sprint(i), Type: contact.TypeString})
		}
		_, err := w.contacts.CreateField(t.Context(), w.who, contact.NewField{Label: "x", Type: contact.TypeString}, nil)
		if !errors.Is(err, contact.ErrFieldLimit) {
			t.Errorf("one field too many: %v", err)
		}
		w.tag("Gold")
		if _, err := w.contacts.CreateTag(t.Context(), w.who, "gold ", "", nil); !errors.Is(err, contact.ErrTagTaken) {
			t.Errorf("a tag again: %v, want ErrTagTaken", err)
		}
		if _, err := w.contacts.CreateTag(t.Context(), w.who, " ", "", nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("a blank tag: %v, want invalid", err)
		}
	})
}

func TestFieldsAndTagsOfAContact(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		colour := w.field(contact.NewField{Label: "Colour", Type: contact.TypeMultiSelect, Choices: []string{"Red", "Green"}})
		size := w.field(contact.NewField{Label: "Size", Type: contact.TypeNumber})
		red, blue := w.tag("red"), w.tag("blue")
		ch := person("ana@example.org")
		ch.Tags = opt.Some([]id.Ref[id.Tag]{blue.Ref(), red.Ref(), {Number: red.ID}})
		ch.Fields = opt.Some([]contact.FieldInput{
			{Field: id.Ref[id.Field]{UID: size.UID}, Value: "42"},
			{Field: id.Ref[id.Field]{Number: colour.ID}, Choices: []string{"2", "1"}},
		})
		c := w.create(ch)
		want := []contact.FieldValue{
			{Field: colour.Ref(), Type: contact.TypeMultiSelect, Choices: []int64{1, 2}},
			{Field: size.Ref(), Type: contact.TypeNumber, Value: "42"},
		}
		check := func(name string, got contact.Contact, want []contact.FieldValue, tags ...contact.Tag) {
			t.Helper()
			for _, c := range []contact.Contact{got, w.stored(got)} {
				if !slices.EqualFunc(c.Fields, want, func(a, b contact.FieldValue) bool {
					return a.Field == b.Field && a.Type == b.Type && a.Value == b.Value && slices.Equal(a.Choices, b.Choices)
				}) {
					t.Errorf("%s: fields %+v, want %+v", name, c.Fields, want)
				}
				var refs []id.Ref[id.Tag]
				for _, tag := range tags {
					refs = append(refs, tag.Ref())
				}
				if !slices.Equal(c.Tags, refs) {
					t.Errorf("%s: tags %v, want %v", name, c.Tags, refs)
				}
			}
		}
		check("created", c, want, red, blue)

		w.clock.Move(time.Minute)
		c = w.update(c, contact.Change{
			Source: opt.Some(contact.SourceAccount), Tags: opt.Some([]id.Ref[id.Tag]{blue.Ref()}),
			Fields: opt.Some([]contact.FieldInput{{Field: size.Ref(), Value: "43"}}),
		})
		check("replaced", c, []contact.FieldValue{{Field: size.Ref(), Type: contact.TypeNumber, Value: "43"}}, blue)
		c = w.update(c, contact.Change{
			Source: opt.Some(contact.SourceAccount), Tags: opt.Some([]id.Ref[id.Tag](nil)),
			Fields: opt.Some([]contact.FieldInput{{Field: size.Ref()}}),
		})
		check("emptied", c, nil)

		_, err := w.contacts.Update(t.Context(), w.who, c.Ref(), contact.Change{
			Source: opt.Some(contact.SourceAccount),
			Fields: opt.Some([]contact.FieldInput{
				{Field: size.Ref(), Value: "big"}, {Field: colour.Ref(), Choices: []string{"9"}}, {Field: colour.Ref(), Choices: []string{"8"}},
			}),
		}, nil)
		wantProblems(t, "values that do not fit", err, "custom_fields[0].value invalid", "custom_fields[2].choice_ids invalid")
	})
}
