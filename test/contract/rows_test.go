package contract

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseRows(t *testing.T) {
	t.Parallel()
	got, err := ParseRows(`
# Heading

| id | where | kind | why |
|---|---|---|---|
| lost | before any API | added | read by none |

## v3

| other | table |
|---|---|
| not | read |

| id | where | kind | contract | kith | why |
|:--|---|---|---|---|---|
| score | `+"`ContactResource.score`"+` | added | | property | a \| b |
| unbuilt-segments | * /segments* | unbuilt | | | later |

Text, then | bars | that are no table.

| kind | why | test | where | id |
|---|---|---|---|---|
| behaviour | kind to slashes | TestSlash | /v3 | slash |

## v2

| id | where | kind | why |
|---|---|---|---|
| other | of another API | added | read by its own test |
`, "v3")
	if err != nil {
		t.Fatal(err)
	}
	want := Rows{
		{ID: "score", Where: "ContactResource.score", Kind: "added", Kith: "property", Why: "a | b", Line: 16},
		{ID: "unbuilt-segments", Where: "* /segments*", Kind: "unbuilt", Why: "later", Line: 17},
		{ID: "slash", Where: "/v3", Kind: "behaviour", Test: "TestSlash", Why: "kind to slashes", Line: 23},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestParseRowsRefuses(t *testing.T) {
	t.Parallel()
	head := "## v3\n| id | where | kind | why |\n|---|---|---|---|\n"
	for rule, text := range map[string]string{
		"a cell too few":                 head + "| a | b | added |",
		"an empty cell":                  head + "| a | b | | d |",
		"an id twice":                    head + "| a | b | added | d |\n| a | c | added | d |",
		"a behaviour without a test":     head + "| a | b | behaviour | d |",
		"a test of what is no behaviour": "## v3\n| id | where | kind | test | why |\n|---|---|---|---|---|\n| a | b | added | TestX | d |",
		"a column unknown":               "## v3\n| id | where | kind | why | more |\n|---|---|---|---|---|\n| a | b | added | d | e |",
	} {
		if _, err := ParseRows(text, "v3"); err == nil {
			t.Errorf("%s is taken", rule)
		}
	}
}

func TestGlob(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"GET /contacts", "GET /contacts", true},
		{"GET /contacts", "GET /contacts/counts", false},
		{"GET /contacts*", "GET /contacts/counts", true},
		{"* /segments*", "PATCH /segments/{segment_id}/name", true},
		{"* 429", "GET /contacts 429", true},
		{"* 429", "GET /contacts 4291", false},
		{"*.deleted_at", "ContactResource.deleted_at", true},
		{"a*b*c", "abbc", true},
		{"a*b*c", "ac", false},
	} {
		if got := glob(c.pattern, c.text); got != c.want {
			t.Errorf("%q on %q: got %v", c.pattern, c.text, got)
		}
	}
}

func TestReadRows(t *testing.T) {
	t.Parallel()
	if _, err := ReadRows(); err != nil {
		t.Errorf("docs/divergences.md: %v", err)
	}
}

func TestSettle(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	test := "package x\n\nfunc TestSlash(t *testing.T) {}\n"
	if err := os.WriteFile(filepath.Join(root, "x_test.go"), []byte(test), 0o600); err != nil {
		t.Fatal(err)
	}
	differences := []Difference{
		{Where: "Contact.score", Kind: KindAdded, Kith: "property"},
		{Where: "GET /a", Kind: KindUnbuilt},
		{Where: "Contact.name", Kind: KindMaxLength, Contract: "50", Kith: "80"},
	}
	facts := &Facts{Operations: []*Operation{{Method: "GET", Path: "/a"}, {Method: "PUT", Path: "/a"}}}
	good := Rows{
		{ID: "score", Where: "Contact.score", Kind: KindAdded},
		{ID: "a", Where: "GET /a", Kind: KindUnbuilt},
		{ID: "name", Where: "Contact.name", Kind: KindMaxLength, Contract: "50", Kith: "80"},
		{ID: "slash", Where: "/v3", Kind: KindBehaviour, Test: "TestSlash"},
	}
	for _, c := range []struct {
		rule string
		rows Rows
		want []string // a part of each complaint
	}{
		{"even", good, nil},
		{"a difference that no row declares", good[1:], []string{"Contact.score (added)"}},
		{
			"a difference of another kind", replace(good, 0, Row{ID: "score", Where: "Contact.score", Kind: KindAbsent}),
			[]string{"Contact.score (added)", "score (Contact.score, absent): nothing departs"},
		},
		{
			"a difference that has grown", replace(good, 2, Row{ID: "name", Where: "Contact.name", Kind: KindMaxLength, Contract: "50", Kith: "60"}),
			[]string{"Contact.name (maxLength)", "name (Contact.name, maxLength): nothing departs"},
		},
		{
			"a row that nothing uses", append(Rows{{ID: "old", Where: "Contact.old", Kind: KindAdded}}, good...),
			[]string{"old (Contact.old, added): nothing departs"},
		},
		{
			"a group of which one is built", replace(good, 1, Row{ID: "a", Where: "* /a", Kind: KindUnbuilt}),
			[]string{"a (* /a, unbuilt): PUT /a is built"},
		},
		{
			"a behaviour without its test", replace(good, 3, Row{ID: "slash", Where: "/v3", Kind: KindBehaviour, Test: "TestGone"}),
			[]string{"slash (/v3, behaviour): no test is called TestGone"},
		},
	} {
		got, err := c.rows.Settle(facts, differences, root)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: got %q, want %d", c.rule, got, len(c.want))
		}
		for _, w := range c.want {
			if !slices.ContainsFunc(got, func(g string) bool { return strings.Contains(g, w) }) {
				t.Errorf("%s: nothing says %q in %q", c.rule, w, got)
			}
		}
	}
}

func replace(rows Rows, i int, row Row) Rows {
	rows = slices.Clone(rows)
	rows[i] = row
	return rows
}
