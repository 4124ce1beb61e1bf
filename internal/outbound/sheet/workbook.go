package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"kith/internal/base/fault"
)

// Bounds of workbooks. A workbook is packed, and read from its end, so it is
// held whole; what it unpacks to is not, but for one row.
const (
	// MaxWorkbook is its size in bytes.
	MaxWorkbook = 32 << 20
	// maxUnpacked is the size of all of its parts in bytes, and maxHeld of a part
	// with cells that is unpacked in memory; a larger one goes through a temporary
	// file.
	maxUnpacked = 512 << 20
	maxHeld     = 1 << 20
)

// Text returns the first sheet of an Excel workbook (.xlsx) as CSV, with dates
// and numbers as the workbook shows them. A row keeps its line: breaks within a
// cell become spaces. The result must be closed. Reading it fails with a refusal
// of the file (kind Invalid), or what src said.
func (Sheets) Text(src io.Reader) io.ReadCloser {
	r, w := io.Pipe()
	c := converting{r, make(chan struct{})}
	go func() {
		defer close(c.done)
		_ = w.CloseWithError(convert(w, src)) // documented to return nil
	}()
	return c
}

// converting is a workbook on its way.
type converting struct {
	*io.PipeReader
	done chan struct{}
}

// Close returns when src is no longer read.
func (c converting) Close() error {
	err := c.PipeReader.Close()
	<-c.done
	return err
}

// convert writes the first sheet of a workbook.
func convert(w io.Writer, src io.Reader) (err error) {
	packed, err := io.ReadAll(io.LimitReader(src, MaxWorkbook+1))
	switch {
	case err != nil:
		return err
	case len(packed) > MaxWorkbook:
		return errTooLarge.Saying(fmt.Sprintf("The Excel file has more than %d bytes. Save it as CSV in UTF-8, which may be larger.", MaxWorkbook))
	case !bytes.HasPrefix(packed, []byte("PK\x03\x04")):
		return errWorkbook
	}
	defer func() {
		// The library trusts what a workbook says of itself.
		if p := recover(); p != nil {
			err = errWorkbook.Because(fmt.Errorf("panic: %v", p))
		}
	}()
	parts, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return errWorkbook.Because(err)
	}
	if err := intact(parts); err != nil {
		return err
	}
	book, err := excelize.OpenReader(bytes.NewReader(packed), excelize.Options{
		UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxHeld,
		// How a workbook shows its short dates is up to the reader's country.
		ShortDatePattern: "yyyy-mm-dd",
	})
	if err != nil {
		return errWorkbook.Because(err)
	}
	defer func() { _ = book.Close() }() // it only removes temporary files
	names := book.GetSheetList()
	if len(names) == 0 {
		return errWorkbook
	}
	rows, err := book.Rows(names[0])
	if err != nil {
		return errWorkbook.Because(err)
	}
	defer func() { _ = rows.Close() }() // as above
	return writeRows(w, rows)
}

// errWorkbook is a file that is no workbook.
var errWorkbook = fault.New(fault.Invalid, fault.CodeImportFile,
	"The file is no Excel workbook (.xlsx) that can be read, or its first sheet is none. Save it as CSV in UTF-8 and send that.")

// writeRows writes rows as CSV whose every cell is in quotes, so that no text in
// the heading row is taken for a delimiter.
func writeRows(to io.Writer, rows *excelize.Rows) error {
	w := bufio.NewWriterSize(to, 64<<10)
	_, _ = w.WriteString("\ufeff") // a failure stays with w
	for rows.Next() {
		cells, err := rows.Columns()
		if err != nil {
			return errWorkbook.Because(err)
		}
		for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
			cells = cells[:len(cells)-1]
		}
		for i, cell := range cells {
			if i > 0 {
				_ = w.WriteByte(',')
			}
			_ = w.WriteByte('"')
			_, _ = quoting.WriteString(w, strings.ToValidUTF8(cell, "\ufffd"))
			_ = w.WriteByte('"')
		}
		if err := w.WriteByte('\n'); err != nil {
			return err
		}
	}
	if err := rows.Error(); err != nil {
		return errWorkbook.Because(err)
	}
	return w.Flush()
}

var quoting = strings.NewReplacer(`"`, `""`, "\r\n", " ", "\n", " ", "\r", " ", "\x00", " ")
