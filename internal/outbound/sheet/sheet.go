// Package sheet reads the contact files that people upload: CSV as every
// program writes it, in whatever encoding and with whatever delimiter, and as
// hostile as a file can be. Survey reads a file once from end to end, decides
// how it is written and refuses what cannot be taken; a Reader then reads the
// rows, from the start or from any row boundary it was at before.
//
// Memory is bounded by MaxRowBytes whatever the file. What a heading or a cell
// means is left to the domain.
package sheet

import (
	"fmt"
	"strconv"

	"kith/internal/base/fault"
)

// Limits of what is read. They keep memory bounded and are far above what a
// contact file has.
const (
	// MaxRowBytes is the longest row, line breaks inside quotes included.
	MaxRowBytes = 1 << 20
	// MaxColumns is the widest heading row.
	MaxColumns = 1000
)

// Dialect is how a file is written. Survey finds it out; it is kept beside
// the upload, so that every later Reader agrees.
type Dialect struct {
	// Encoding is the name of the WHATWG Encoding Standard: utf-8, utf-16le,
	// windows-1252 and so on.
	Encoding string
	// Delimiter stands between the cells: a comma, semicolon, tab or pipe.
	Delimiter byte
	// Columns is the number of cells in the heading row, and so in every Row.
	Columns int
}

// Position is a place between two rows. The zero value is the start of the
// file, where only Survey begins.
type Position struct {
	// Offset counts bytes of the upload as it came in.
	Offset int64
	// Line is how many lines lie before; a row in quotes may have several.
	Line int64
	// Row is how many rows lie before, the heading row not counted.
	Row int64
}

// Row is one row of a file.
type Row struct {
	// Line is the line on which the row begins; the file's first is 1.
	Line int64
	// Cells has as many cells as the heading row. The slice is used again by
	// the next call of Next; the texts in it stay good.
	Cells []string
}

// RowError is a row that cannot be taken. The rows after it can.
type RowError struct {
	Line int64
	// Reason is a sentence without its full stop, begun in lower case.
	Reason string
}

// Error returns the line and the reason.
func (e *RowError) Error() string {
	return "line " + strconv.FormatInt(e.Line, 10) + ": " + e.Reason
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
