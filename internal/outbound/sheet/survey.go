package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"kith/internal/base/fault"
)

// errTooLarge is the sentinel of a file beyond Options.
var errTooLarge = fault.New(fault.Invalid, fault.CodeImportTooLarge, "The file is too large.")

// delimiters that are known, the likelier first.
const delimiters = ",;\t|"

// Survey reads a file to its end, counts its rows and decides how it is
// written. It refuses, with kind Invalid and a sentence that says what to do,
// a file that is empty, has only a heading, is no text, mixes encodings, has a
// line or a heading row that is too long, or is beyond the options. src is
// read once, so it may be what is coming in and is being kept elsewhere at the
// same time.
func Survey(src io.Reader, o Options) (Summary, error) {
	counted := &meter{src: src, max: o.MaxBytes}
	s, err := survey(counted, o)
	s.Bytes = counted.n
	return s, err
}

func survey(src io.Reader, o Options) (sum Summary, err error) {
	head := make([]byte, 8)
	n, err := io.ReadFull(src, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return sum, err
	}
	head = head[:n]
	if err := sniffKind(head); err != nil {
		return sum, err
	}
	encoding, mark := byteOrderMark(head)
	s := newSplitter(io.MultiReader(bytes.NewReader(head[mark:]), src), encoding, ',', Position{Offset: int64(mark)})
	heading, err := surveyHeading(s)
	if err != nil {
		return sum, err
	}
	sum.Start = Position{Offset: s.offset, Line: s.next}
	var found evidence
	for err = nil; ; err = s.row() {
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !isRowError(err) {
			return sum, err
		}
		switch {
		case encoding == "":
			found.add(s.taken, s.line)
		case encoding == utf8Name || s.wide:
			if !utf8.Valid(s.taken) {
				return sum, mixed(s.line, encoding)
			}
		}
		sum.Rows++
	}
	sum.Rows-- // the heading row, with which the loop began
	if sum.Rows == 0 {
		return sum, refuse("The file has a heading row and nothing after it.")
	}
	if o.MaxRows > 0 && sum.Rows > o.MaxRows {
		return sum, errTooLarge.Saying(fmt.Sprintf("The file has %d rows; at most %d are taken at a time.", sum.Rows, o.MaxRows)).
			Noting("rows", strconv.FormatInt(sum.Rows, 10)).Noting("max_rows", strconv.FormatInt(o.MaxRows, 10))
	}
	if encoding == "" {
		if encoding, err = found.encoding(); err != nil {
			return sum, err
		}
	}
	sum.Dialect = Dialect{Encoding: encoding, Delimiter: s.delim, Columns: len(heading)}
	dec, ok := decoderOf(encoding)
	if !ok {
		return sum, refuse("The encoding %q is not supported. Save the file as CSV in UTF-8.", encoding)
	}
	if _, several := dec.(multibyte); several && s.delim == '|' {
		return sum, refuse("Cells in the encoding %s cannot be told apart by a pipe (|). Save the file as CSV in UTF-8.", encoding)
	}
	for _, cell := range heading {
		text, ok := dec.decode(cell)
		if !ok {
			return sum, mixed(sum.Start.Line, encoding)
		}
		sum.Heading = append(sum.Heading, strings.TrimSpace(text))
	}
	return sum, nil
}

// surveyHeading finds the delimiter and takes the heading row, the first that
// is not blank.
func surveyHeading(s *splitter) (cells [][]byte, err error) {
	if err := s.fill(); err != nil {
		return nil, err
	}
	if delim, ok := separatorLine(s.buf[:s.w]); ok {
		// A first line that spreadsheet programs leave for each other.
		if err := s.advance(); err != nil {
			return nil, err
		}
		s.delim = delim
	} else {
		s.delim = likeliest(s.buf[:s.w])
	}
	err = s.row()
	switch {
	case errors.Is(err, io.EOF):
		return nil, refuse("The file is empty.")
	case isRowError(err):
		return nil, refuseLine(s.line, "is the heading row and cannot be read: %s.", err.(*RowError).Reason) //nolint:errorlint // row returns it bare
	case err != nil:
		return nil, err
	case len(s.spans) > MaxColumns:
		return nil, refuseLine(s.line, "is the heading row and has %d columns; at most %d are taken.", len(s.spans), MaxColumns)
	}
	for _, c := range s.spans {
		cell := bytes.Clone(s.raw[c.start:c.end])
		if c.doubled {
			cell = bytes.ReplaceAll(cell, []byte(`""`), []byte(`"`))
		}
		cells = append(cells, cell)
	}
	return cells, nil
}

// separatorLine reads a first line such as sep=; which names the delimiter.
func separatorLine(b []byte) (delim byte, ok bool) {
	const before = "sep="
	if len(b) < len(before)+2 || !strings.EqualFold(string(b[:len(before)]), before) {
		return 0, false
	}
	delim, brk := b[len(before)], b[len(before)+1]
	return delim, strings.IndexByte(delimiters, delim) >= 0 && (brk == '\n' || brk == '\r')
}

// likeliest returns the delimiter that the first line with anything in it has
// most of outside quotes; a comma where it has none.
func likeliest(b []byte) byte {
	var count [len(delimiters)]int
	quoted, text := false, false
	for _, c := range b {
		if c == '"' {
			quoted = !quoted
		} else if quoted {
			continue
		}
		if i := strings.IndexByte(delimiters, c); i >= 0 {
			count[i]++
		} else if c == '\n' || c == '\r' {
			if text {
				break
			}
			clear(count[:])
		} else if c != ' ' {
			text = true
		}
	}
	best := 0
	for i, n := range count {
		if n > count[best] {
			best = i
		}
	}
	return delimiters[best]
}

// byteOrderMark returns the encoding that a mark at the start of a file names,
// and the mark's length.
func byteOrderMark(head []byte) (encoding string, length int) {
	for _, m := range []struct{ mark, encoding string }{
		{"\xef\xbb\xbf", utf8Name}, {"\xff\xfe", utf16leName}, {"\xfe\xff", utf16beName},
	} {
		if bytes.HasPrefix(head, []byte(m.mark)) {
			return m.encoding, len(m.mark)
		}
	}
	return "", 0
}

// sniffKind refuses files of other kinds, which people give a name that ends
// in .csv, by how they begin.
func sniffKind(head []byte) error {
	for _, k := range []struct{ magic, kind string }{
		{"PK\x03\x04", "a ZIP or Excel (.xlsx) file"},
		{"PK\x05\x06", "an empty ZIP file"},
		{"PK\x07\x08", "a ZIP file in parts"},
		{"\x1f\x8b", "a gzip file"},
		{"\xd0\xcf\x11\xe0", "an old Excel (.xls) file"},
		{"BZh91AY&", "a bzip2 file"},
		{"\xfd7zXZ", "an xz file"},
		{"7z\xbc\xaf", "a 7-Zip file"},
		{"Rar!", "a RAR file"},
		{"\x28\xb5\x2f\xfd", "a Zstandard file"},
		{"%PDF", "a PDF file"},
		{"{\\rtf", "an RTF file"},
		{"\xff\xfe\x00\x00", "UTF-32 text"},
		{"\x00\x00\xfe\xff", "UTF-32 text"},
	} {
		if bytes.HasPrefix(head, []byte(k.magic)) {
			return refuse("This is %s, whatever its name says. Save it as CSV in UTF-8 and send that.", k.kind)
		}
	}
	return nil
}

// meter counts what is read and ends it beyond max.
type meter struct {
	src    io.Reader
	n, max int64
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.src.Read(p)
	m.n += int64(n)
	if m.max > 0 && m.n > m.max {
		return 0, errTooLarge.Saying(fmt.Sprintf("The file has more than %d bytes, the most that are taken at a time.", m.max)).
			Noting("bytes", strconv.FormatInt(m.n, 10)).Noting("max_bytes", strconv.FormatInt(m.max, 10))
	}
	return n, err
}
