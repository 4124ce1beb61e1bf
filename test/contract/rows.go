package contract

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Kinds of problems, differences and rows. A keyword of JSON Schema stands
// for itself.
const (
	// KindUnbuilt is an operation of the contract that answers 501.
	KindUnbuilt = "unbuilt"
	// KindAbsent is what the contract has and Kith has not, KindAdded the
	// reverse: an operation, a parameter, a status, a property.
	KindAbsent = "absent"
	KindAdded  = "added"
	// KindBehaviour is a departure that no document shows; its row names the
	// test that does.
	KindBehaviour = "behaviour"

	KindScope     = "scope"
	KindPrivilege = "privilege"
	KindMedia     = "media"
	KindHeader    = "header"
	KindBody      = "body"
	KindNull      = "null"
	KindLink      = "link"
	KindOrder     = "order"
	KindInclude   = "include"

	KindType      = "type"
	KindFormat    = "format"
	KindEnum      = "enum"
	KindDefault   = "default"
	KindRequired  = "required"
	KindPattern   = "pattern"
	KindMinLength = "minLength"
	KindMaxLength = "maxLength"
	KindMinimum   = "minimum"
	KindMaximum   = "maximum"
	KindMinItems  = "minItems"
	KindMaxItems  = "maxItems"
)

// Row is one departure from the contract, as docs/divergences.md lists it.
type Row struct {
	ID string
	// Where is an operation ("GET /contacts"), a part of one ("GET /contacts
	// query limit", "GET /contacts 429"), or a property ("Contacts.status").
	// An asterisk stands for any text.
	Where string
	Kind  string
	// Contract and Kith are what the two say, where a difference has such
	// values; either may be left out.
	Contract, Kith string
	// Test names the test that shows a behaviour.
	Test string
	Why  string
	// Line of the file.
	Line int
}

func (r Row) String() string {
	return fmt.Sprintf("docs/divergences.md:%d: %s (%s, %s)", r.Line, r.ID, r.Where, r.Kind)
}

func (r Row) covers(where, kind string) bool {
	return r.Kind == kind && glob(r.Where, where)
}

// glob matches text with a pattern in which an asterisk is any text.
func glob(pattern, text string) bool {
	first, rest, more := strings.Cut(pattern, "*")
	if !more {
		return pattern == text
	}
	text, ok := strings.CutPrefix(text, first)
	if !ok {
		return false
	}
	for i := 0; i <= len(text); i++ {
		if glob(rest, text[i:]) {
			return true
		}
	}
	return false
}

// Rows are the departures of docs/divergences.md.
type Rows []Row

// Allow says whether a row covers what is wrong there.
func (r Rows) Allow(where, kind string) bool {
	return slices.ContainsFunc(r, func(row Row) bool { return row.covers(where, kind) })
}

// operation finds the operation of Kith's own that a request calls, if a row
// adds one.
func (r Rows) operation(method, path string) *Operation {
	var own Facts
	for _, row := range r {
		if m, template, ok := strings.Cut(row.Where, " "); ok && row.Kind == KindAdded && !strings.Contains(template, " ") {
			own.Operations = append(own.Operations, &Operation{Method: m, Path: template})
		}
	}
	o, _ := own.Operation(method, path)
	return o
}

// ReadRows reads docs/divergences.md of the checkout that the test runs in.
func ReadRows() (Rows, error) {
	root, err := Checkout()
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(filepath.Join(root, "docs", "divergences.md"))
	if err != nil {
		return nil, err
	}
	return ParseRows(string(data), "v3")
}

// Checkout is the folder of go.mod above the running test.
func Checkout() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the test")
		}
		dir = parent
	}
}

// ParseRows takes the rows of one API out of Markdown: under the second-level
// heading of its name, those of every table that has the columns id, where,
// kind and why, in any order, and perhaps contract, kith and test. Code marks
// around a cell are dropped.
func ParseRows(markdown, api string) (Rows, error) {
	var rows Rows
	var columns []string // of the table being read; nil outside of one that counts
	inTable, ours := false, false
	ids := map[string]int{}
	for i, line := range strings.Split(markdown, "\n") {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			ours = strings.TrimSpace(title) == api
		}
		cells, isRow := tableCells(line)
		switch {
		case !isRow || !ours:
			inTable, columns = false, nil
		case !inTable:
			inTable = true
			if heading(cells) {
				columns = cells
			}
		case columns == nil || rule(cells):
		default:
			row, err := newRow(columns, cells, i+1)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", i+1, err)
			}
			if line, twice := ids[row.ID]; twice {
				return nil, fmt.Errorf("line %d: id %s stands at line %d too", i+1, row.ID, line)
			}
			ids[row.ID] = i + 1
			rows = append(rows, row)
		}
	}
	return rows, nil
}

func heading(cells []string) bool {
	for _, column := range []string{"id", "where", "kind", "why"} {
		if !slices.Contains(cells, column) {
			return false
		}
	}
	return true
}

// rule is the line of dashes under a heading.
func rule(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.Trim(c, ":-") != "" })
}

// tableCells splits a line of a table. A bar inside a cell is written \|.
func tableCells(line string) ([]string, bool) {
	line = strings.TrimSpace(line)
	if len(line) < 2 || line[0] != '|' || line[len(line)-1] != '|' {
		return nil, false
	}
	line = strings.ReplaceAll(line[1:len(line)-1], `\|`, "\x00")
	cells := strings.Split(line, "|")
	for i, c := range cells {
		c = strings.TrimSpace(strings.ReplaceAll(c, "\x00", "|"))
		if len(c) > 1 && c[0] == '`' && strings.IndexByte(c[1:], '`') == len(c)-2 {
			c = c[1 : len(c)-1]
		}
		cells[i] = c
	}
	return cells, true
}

func newRow(columns, cells []string, line int) (Row, error) {
	if len(cells) != len(columns) {
		return Row{}, fmt.Errorf("%d cells under %d headings", len(cells), len(columns))
	}
	row := Row{Line: line}
	fields := map[string]*string{
		"id": &row.ID, "where": &row.Where, "kind": &row.Kind, "contract": &row.Contract,
		"kith": &row.Kith, "test": &row.Test, "why": &row.Why,
	}
	for i, column := range columns {
		field, known := fields[column]
		if !known {
			return Row{}, fmt.Errorf("unknown column %q", column)
		}
		*field = cells[i]
	}
	if row.ID == "" || row.Where == "" || row.Kind == "" || row.Why == "" {
		return Row{}, errors.New("id, where, kind and why are needed")
	}
	if (row.Kind == KindBehaviour) != (row.Test != "") {
		return Row{}, errors.New("a behaviour names its test, and nothing else does")
	}
	return row, nil
}
