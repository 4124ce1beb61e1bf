package sheet_test

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/domain/activity/column"
	"kith/internal/domain/contact"
	"kith/internal/outbound/sheet"
)

var update = flag.Bool("update", false, "write the golden files again")

// Files as mail programs export them, read to the end: what each column is
// taken for, what each row says, and what is wrong with it.
func TestContactFiles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../../test/files/contacts/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			got := told(t, file)
			golden := strings.TrimSuffix(file, ".csv") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("differs from %s; after a wanted change run with -update and read the difference\n%s", golden, got)
			}
		})
	}
}

// told reads a file as an import does and writes down what it finds.
func told(t *testing.T, file string) string {
	t.Helper()
	src, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	sum, err := sheet.Survey(src, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	fields := []column.Custom{column.CustomOf(contact.Field{
		ID: 1, Name: "favourite_colour", Label: "Favourite colour", Type: contact.TypeString,
	})}
	columns, err := column.Recognise(sum.Heading, fields)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := column.NewPlan(sum.Heading, column.Names(columns), fields, column.Options{ThisYear: 2026})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, delimiter %q, %d rows\n", sum.Encoding, sum.Delimiter, sum.Rows)
	for _, c := range columns {
		if c.Note != "" {
			fmt.Fprintf(&b, "  %s: %s\n", c.Heading, c.Note)
		} else {
			fmt.Fprintf(&b, "  %s = %s\n", c.Heading, c.Name)
		}
	}
	if _, err := src.Seek(sum.Start.Offset, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	r, err := sheet.NewReader(src, sum.Dialect, sum.Start)
	if err != nil {
		t.Fatal(err)
	}
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if bad, ok := errors.AsType[*sheet.RowError](err); ok {
			fmt.Fprintln(&b, column.Problem{Line: bad.Line, Name: column.WholeRow, Reason: bad.Reason})
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		var d contact.Incoming
		taken := true
		for _, p := range plan.Convert(row.Line, row.Cells, &d) {
			fmt.Fprintln(&b, p)
			taken = taken && p.Left
		}
		if taken {
			fmt.Fprintf(&b, "Line %d: %s\n", row.Line, said(d))
		}
	}
}

// said prints the values that a row gives.
func said(d contact.Incoming) string {
	var words []string
	say := func(name, value string) {
		if value != "" {
			words = append(words, fmt.Sprintf("%s=%q", name, value))
		}
	}
	say("email", d.Email.String())
	say("first", d.FirstName)
	say("last", d.LastName)
	say("job", d.JobTitle)
	say("company", d.CompanyName)
	for _, p := range d.Phones {
		say(string(p.Kind), p.Number)
	}
	for _, a := range d.Addresses {
		say("at "+string(a.Kind), strings.Join([]string{a.Street, a.City, a.State, a.PostalCode, a.Country}, "|"))
	}
	if !d.Birthday.IsZero() {
		say("born", fmt.Sprintf("%02d-%02d", int(d.Birthday.Month), d.Birthday.Day))
	}
	say("anniversary", d.Anniversary.String())
	for _, f := range d.Fields {
		say(fmt.Sprintf("cf %d", f.Field), f.Text)
	}
	return strings.Join(words, " ")
}
