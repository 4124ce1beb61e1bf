package activity

import (
	"context"
	"slices"
	"testing"

	"kith/internal/base/id"
	"kith/internal/domain/contact"
)

// An import that waits has the columns that it was begun with, whatever became
// of the custom fields that they mean.
func TestColumnsOutliveTheirFields(t *testing.T) {
	shelf := contact.Field{ID: 7, Name: "shelf"}
	team := contact.Field{ID: 8, Name: "team"}
	renamed := contact.Field{ID: 7, Name: "rack"}
	usurper := contact.Field{ID: 9, Name: "shelf"}
	names := []string{"email", "cf:shelf", "", "first_name", "cf:team"}
	in := Input{Columns: names, Fields: fieldsOf(names, []contact.Field{team, shelf})}
	for _, c := range []struct {
		name   string
		fields []contact.Field
		want   []string
	}{
		{"as they were", []contact.Field{shelf, team}, names},
		{"one was renamed", []contact.Field{renamed, team}, []string{"email", "cf:rack", "", "first_name", "cf:team"}},
		{"another has its name", []contact.Field{renamed, team, usurper}, []string{"email", "cf:rack", "", "first_name", "cf:team"}},
		{"one was deleted", []contact.Field{team}, []string{"email", "", "", "first_name", "cf:team"}},
		{"deleted and made anew", []contact.Field{team, usurper}, []string{"email", "", "", "first_name", "cf:team"}},
		{"all were deleted", nil, []string{"email", "", "", "first_name", ""}},
	} {
		if got := namesNow(in, c.fields); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if in.Columns[1] != "cf:shelf" {
		t.Error("what was asked for has changed")
	}
}

// fieldsThere is a unit of work in which nothing but these fields can be found.
type fieldsThere struct {
	Tx
	fields []contact.Field
}

func (f fieldsThere) FieldsByRef(context.Context, id.Account, []id.Ref[id.Field]) ([]contact.Field, error) {
	return f.fields, nil
}

// A field may be deleted between two batches of an import; what the later ones
// have in it must not come after its values were cleared up.
func TestValuesOfDeletedFieldsAreNotKept(t *testing.T) {
	shelf, team := contact.Field{ID: 7}, contact.Field{ID: 8}
	rows := func() []contact.Incoming {
		return []contact.Incoming{
			{Fields: []contact.StoredValue{{Field: 7, Text: "A"}, {Field: 8, Text: "red"}}},
			{Fields: []contact.StoredValue{{Field: 7, Text: "B"}}},
			{},
		}
	}
	for _, c := range []struct {
		name  string
		there []contact.Field
		want  []int // how many values each row keeps
	}{
		{"all are there", []contact.Field{shelf, team}, []int{2, 1, 0}},
		{"one is gone", []contact.Field{team}, []int{1, 0, 0}},
		{"all are gone", nil, []int{0, 0, 0}},
	} {
		a := Activity{Input: Input{Fields: []id.Ref[id.Field]{shelf.Ref(), team.Ref()}}}
		i := importer{work: &work{a: a}}
		got := rows()
		if err := i.dropGone(t.Context(), fieldsThere{fields: c.there}, got); err != nil {
			t.Fatal(err)
		}
		for n := range got {
			if len(got[n].Fields) != c.want[n] {
				t.Errorf("%s: row %d keeps %v", c.name, n, got[n].Fields)
			}
		}
	}
}
