package activity

import (
	"context"
	"errors"
	"io"
	"strconv"
	"time"

	"kith/internal/base/id"
)

// Dialect is how a file is written. A survey finds it out; it is kept beside
// the upload, so that every later reading agrees.
type Dialect struct {
	// Encoding is the name of the WHATWG Encoding Standard: utf-8, utf-16le,
	// windows-1252 and so on.
	Encoding string
	// Delimiter stands between the cells: a comma, semicolon, tab or pipe.
	Delimiter byte
	// Columns is the number of cells in the heading row, and so in every Row.
	Columns int
}

// Position is how far bulk work has come: a place between two rows of a file, or
// between two contacts. The zero value is the start; of a file, only a survey
// begins there.
type Position struct {
	// Offset counts bytes of the upload as it came in.
	Offset int64
	// Line is how many lines lie before; a row in quotes may have several.
	Line int64
	// Row is how many rows lie before, the heading row not counted.
	Row int64
	// Contact is the number of the last contact that was dealt with.
	Contact id.Contact
	// Thing is how many of the lists, tags or fields that are deleted one
	// after the other are done with.
	Thing int
}

// Row is one row of a file.
type Row struct {
	// Line is the line on which the row begins; the file's first is 1.
	Line int64
	// Cells has as many cells as the heading row. The slice is used again for
	// the next row; the texts in it stay good.
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

// Survey is what is known of a whole file.
type Survey struct {
	Dialect
	// Heading has the texts of the heading row, white space around them
	// removed.
	Heading []string
	// Start is the place after the heading row.
	Start Position
	// Rows is how many rows follow, those that cannot be taken included and
	// blank ones not.
	Rows int64
	// Bytes is the length of the file.
	Bytes int64
}

// Sheets reads files of rows; outbound/sheet meets it.
type Sheets interface {
	// Text makes of an Excel workbook the text that is surveyed and kept. What
	// cannot be taken is refused when it is read.
	Text(src io.Reader) io.ReadCloser
	// Survey reads a file to its end and decides how it is written. It refuses
	// what cannot be taken, with kind Invalid and a sentence that says what to
	// do.
	Survey(src io.Reader) (Survey, error)
	// Rows reads the rows after a position, at whose byte src begins.
	Rows(src io.Reader, d Dialect, at Position) (Rows, error)
	// AppendRow appends a row of CSV, in which no cell is taken for a formula.
	AppendRow(dst []byte, cells []string) []byte
}

// Rows is a file being read.
type Rows interface {
	// Next returns the next row, and io.EOF at the end. After a *RowError it
	// may be called again; any other error is the end: a refusal of the file
	// (kind Invalid), or what the source said.
	Next() (Row, error)
	// Position is the place after the last row.
	Position() Position
}

// ErrGap is an append behind the end of what is there: the last writes of a
// machine that lost power, or of a process that did not know what another had
// cut off.
var ErrGap = errors.New("written behind the end of a file")

// Files keeps uploads and what exports write; outbound/blob meets it.
type Files interface {
	// Put keeps everything that r yields; when it fails, nothing is kept.
	Put(ctx context.Context, account id.Account, blob id.Blob, r io.Reader) (int64, error)
	// Append writes p at an offset, in place of everything from there on. It
	// fails with ErrGap where that is behind the end.
	Append(ctx context.Context, account id.Account, blob id.Blob, at int64, p []byte) error
	// Open reads from an offset on. It fails with NotFound.
	Open(ctx context.Context, account id.Account, blob id.Blob, offset int64) (io.ReadCloser, error)
	// Delete forgets a blob, if it is there.
	Delete(ctx context.Context, account id.Account, blob id.Blob) error
	// Sweep forgets what was last written before a time and is known to
	// nobody.
	Sweep(ctx context.Context, before time.Time, known func(context.Context, id.Account, id.Blob) (bool, error)) (int, error)
}

// Upload is a file that was surveyed and is kept until its import has ended.
type Upload struct {
	ID        id.Blob
	UID       id.UID
	Name      string
	Survey    Survey
	CreatedAt time.Time
}

// Ref returns both names of the upload.
func (u Upload) Ref() id.Ref[id.Blob] { return id.Ref[id.Blob]{Number: u.ID, UID: u.UID} }
