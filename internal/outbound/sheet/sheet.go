// Package sheet reads the contact files that people upload: CSV as every
// program writes it, in whatever encoding and with whatever delimiter, and as
// hostile as a file can be. Survey reads a file once from end to end, decides
// how it is written and refuses what cannot be taken; a Reader then reads the
// rows, from the start or from any row boundary it was at before.
//
// Files that are made here are CSV by RFC 4180, in UTF-8; see AppendRow.
//
// Memory is bounded by MaxRowBytes whatever the file. What a heading or a cell
// means is left to the domain.
package sheet

import (
	"fmt"
	"io"
	"strconv"

	"kith/internal/base/fault"
	"kith/internal/domain/activity"
)

// Limits of what is read. They keep memory bounded and are far above what a
// contact file has.
const (
	// MaxRowBytes is the longest row, line breaks inside quotes included.
	MaxRowBytes = 1 << 20
	// MaxColumns is the widest heading row.
	MaxColumns = 1000
)

// The words are those of the domain, which asks for a Survey and for Rows.
type (
	Dialect  = activity.Dialect
	Position = activity.Position
	Row      = activity.Row
	RowError = activity.RowError
	Summary  = activity.Survey
)

// Options bound what Survey takes; zero means no bound.
type Options struct {
	MaxBytes, MaxRows int64
}

// Sheets reads files within bounds. It meets activity.Sheets.
type Sheets struct{ o Options }

// New returns what reads files within bounds.
func New(o Options) Sheets { return Sheets{o} }

// Survey is the function Survey, within the bounds.
func (s Sheets) Survey(src io.Reader) (activity.Survey, error) { return Survey(src, s.o) }

// AppendRow is the function AppendRow.
func (Sheets) AppendRow(dst []byte, cells []string) []byte { return AppendRow(dst, cells) }

// Rows is NewReader.
func (Sheets) Rows(src io.Reader, d activity.Dialect, at activity.Position) (activity.Rows, error) {
	r, err := NewReader(src, d, at)
	if err != nil {
		return nil, err
	}
	return r, nil
}

// errFile is the sentinel of every refusal of a whole file.
var errFile = fault.New(fault.Invalid, fault.CodeImportFile, "The file cannot be read.")

// refuse returns the refusal of a whole file.
func refuse(format string, args ...any) error {
	return errFile.Saying(fmt.Sprintf(format, args...))
}

// refuseLine is refuse for a fault that has a place.
func refuseLine(line int64, format string, args ...any) error {
	n := strconv.FormatInt(line, 10)
	return errFile.Saying("Line "+n+" "+fmt.Sprintf(format, args...)).Noting("line", n)
}
