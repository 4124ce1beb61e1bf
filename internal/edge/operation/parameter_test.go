package operation

import (
	"strings"
	"testing"

	"kith/internal/edge/request"
)

func TestParameter(t *testing.T) {
	const uid = "019f0000-0000-7000-8000-000000000001"
	for _, c := range []struct {
		name  string
		p     Parameter
		raw   string
		want  string // the one form, whichever way it was written
		given bool
		code  string
	}{
		{"not given", Parameter{}, "", "", false, ""},
		{"empty is not given", Parameter{}, "k=", "", false, ""},
		{"required", Parameter{Required: true}, "k=", "", false, "required"},
		{"text", Parameter{}, "k=a%20b", "a b", true, ""},
		{"address with its plus", Parameter{Kind: Address}, "k=a+b@example.org", "a+b@example.org", true, ""},
		{"true", Parameter{Kind: Bool}, "k=TRUE", "true", true, ""},
		{"one", Parameter{Kind: Bool}, "k=1", "true", true, ""},
		{"zero", Parameter{Kind: Bool}, "k=0", "false", true, ""},
		{"empty means false", Parameter{Kind: Bool}, "k=", "false", true, ""},
		{"no boolean", Parameter{Kind: Bool}, "k=yes", "", true, "value"},
		{"whole", Parameter{Kind: Whole, Least: 1, Most: 5}, "k=05", "5", true, ""},
		{"too little", Parameter{Kind: Whole, Least: 1, Most: 5}, "k=0", "", true, "value"},
		{"too much", Parameter{Kind: Whole, Least: 1, Most: 5}, "k=6", "", true, "value"},
		{"no number", Parameter{Kind: Whole, Least: 1, Most: 5}, "k=five", "", true, "value"},
		{"word in any case", Parameter{Kind: Word, Words: []string{"all", "active"}}, "k=Active", "active", true, ""},
		{"no such word", Parameter{Kind: Word, Words: []string{"all"}}, "k=none", "", true, "value"},
		{"words", Parameter{Kind: Words, Words: []string{"a", "b"}}, "k=b,A&k[2]=a", "b,a,a", true, ""},
		{"one word wrong", Parameter{Kind: Words, Words: []string{"a", "b"}}, "k=b,c", "", true, "value"},
		{"only commas", Parameter{Kind: Words, Words: []string{"a"}}, "k=,,", "", false, ""},
		{"required, only commas", Parameter{Kind: Words, Words: []string{"a"}, Required: true}, "k=,", "", false, "required"},
		{"day", Parameter{Kind: Instant}, "k=2026-03-01", "2026-03-01T00:00:00Z", true, ""},
		{"offset whose plus was not escaped", Parameter{Kind: Instant}, "k=2026-03-01T18:05:09+01:00", "2026-03-01T17:05:09Z", true, ""},
		{"no time", Parameter{Kind: Instant}, "k=soon", "", true, "value"},
		{"id", Parameter{Kind: UID}, "k=" + strings.ToUpper(uid), uid, true, ""},
		{"no id", Parameter{Kind: UID}, "k=1", "", true, "value"},
		{"ids", Parameter{Kind: UIDs, Most: 2}, "k=" + uid + "," + uid, uid + "," + uid, true, ""},
		{"too many ids", Parameter{Kind: UIDs, Most: 1}, "k=" + uid + "," + uid, "", true, "too_many"},
		{"numbers", Parameter{Kind: Numbers, Most: 3}, "k=1,02", "1,2", true, ""},
		{"no number among them", Parameter{Kind: Numbers, Most: 3}, "k=1,-2", "", true, "value"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.p.Name = "k"
			got, given, code, message := c.p.read(request.ParseQuery(c.raw))
			if got != c.want || given != c.given || code != c.code {
				t.Errorf("got %q %v %q, want %q %v %q", got, given, code, c.want, c.given, c.code)
			}
			if (code == "") != (message == "") || code == "value" && !strings.HasPrefix(message, invalid) {
				t.Errorf("%s: says %q", code, message)
			}
		})
	}
}
