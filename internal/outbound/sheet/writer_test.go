package sheet_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"kith/internal/outbound/sheet"
)

func TestAppendRow(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		cells []string
		want  string
	}{
		"plain cells stand bare":             {[]string{"a", "b c", "é"}, "a,b c,é\r\n"},
		"empty cells":                        {[]string{"", "", ""}, ",,\r\n"},
		"a row of one empty cell":            {[]string{""}, "\"\"\r\n"},
		"a comma asks for quotes":            {[]string{"Moor, Ann"}, "\"Moor, Ann\"\r\n"},
		"quotes are doubled":                 {[]string{`the "best"`}, "\"the \"\"best\"\"\"\r\n"},
		"a line break asks for quotes":       {[]string{"a\nb", "c\r\nd"}, "\"a\nb\",\"c\r\nd\"\r\n"},
		"a formula becomes a text":           {[]string{"=1+1", "@SUM(A1)", "\tx", "\rx"}, "'=1+1,'@SUM(A1),'\tx,\"'\rx\"\r\n"},
		"a formula in quotes":                {[]string{`=HYPERLINK("x","y")`}, "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"\r\n"},
		"a sign before letters":              {[]string{"-cmd|' /C calc'!A0", "+A1"}, "'-cmd|' /C calc'!A0,'+A1\r\n"},
		"numbers and telephone numbers stay": {[]string{"-12.50", "+1 (202) 555-0100", "-"}, "-12.50,+1 (202) 555-0100,-\r\n"},
		"a sign elsewhere":                   {[]string{"a=b", "1-2"}, "a=b,1-2\r\n"},
	} {
		if got := string(sheet.AppendRow([]byte("before|"), test.cells)); got != "before|"+test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

// FuzzAppendRow: what is written reads back as what was meant, and no cell
// begins a formula.
func FuzzAppendRow(f *testing.F) {
	f.Add("a", "b,\"c\"")
	f.Add("", "=1")
	f.Add("+1", "\r\n")
	f.Fuzz(func(t *testing.T, a, b string) {
		// The reader of the standard library joins CR LF into LF.
		if strings.Contains(a+b, "\r") {
			t.Skip()
		}
		r := csv.NewReader(bytes.NewReader(sheet.AppendRow(nil, []string{a, b})))
		got, err := r.Read()
		if want := []string{sheet.Inert(a), sheet.Inert(b)}; err != nil || !slices.Equal(got, want) {
			t.Fatalf("%q, %q: read %q, %v", a, b, got, err)
		}
		for _, cell := range got {
			if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "@") || strings.HasPrefix(cell, "\t") {
				t.Errorf("%q begins a formula", cell)
			}
		}
	})
}
