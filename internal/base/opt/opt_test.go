package opt_test

import (
	"testing"

	"kith/internal/base/opt"
)

func TestThreeStates(t *testing.T) {
	var absent opt.Value[string]
	for _, c := range []struct {
		name  string
		field opt.Value[string]
		given bool
		want  string
	}{
		{"absent keeps", absent, false, "old"},
		{"null empties", opt.Null[string](), true, ""},
		{"a value replaces", opt.Some("new"), true, "new"},
		{"an empty value replaces", opt.Some(""), true, ""},
	} {
		if got := c.field.Or("old"); got != c.want || c.field.Given() != c.given {
			t.Errorf("%s: got %q given=%v, want %q given=%v", c.name, got, c.field.Given(), c.want, c.given)
		}
	}
}
