package activity

import (
	"slices"
	"testing"

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
