package sheet

import (
	"io"
	"strconv"
	"strings"

	"kith/internal/base/fault"
)

// Reader reads the rows of a file whose dialect is known. It is not safe for
// concurrent use.
type Reader struct {
	s      *splitter
	d      Dialect
	dec    decoder
	at     Position
	cells  []string
	closed error
}

// NewReader returns a reader of the rows after at, a position that Survey or
// another Reader of the same file and dialect gave. src must begin there, at
// the byte at.Offset.
func NewReader(src io.Reader, d Dialect, at Position) (*Reader, error) {
	dec, ok := decoderOf(d.Encoding)
	if !ok {
		return nil, refuse("The encoding %q is not supported.", d.Encoding)
	}
	if d.Columns < 1 || d.Columns > MaxColumns || !strings.ContainsRune(delimiters, rune(d.Delimiter)) {
		return nil, refuse("The form of the file is not known: %d columns, delimiter %q.", d.Columns, d.Delimiter)
	}
	s := newSplitter(src, d.Encoding, d.Delimiter, at)
	return &Reader{s: s, d: d, dec: dec, at: at, cells: make([]string, d.Columns)}, nil
}

// Position returns the place after the row that Next returned last.
func (r *Reader) Position() Position { return r.at }

// Next returns the next row that is not blank; a row with fewer cells than the
// heading has empty ones at its end. It returns io.EOF at the end. A *RowError
// concerns one row, and Next may be called again; every other error is the
// end: a refusal of the file (kind Invalid), or what the source said.
func (r *Reader) Next() (Row, error) {
	if r.closed != nil {
		return Row{}, r.closed
	}
	row, err := r.next()
	if err != nil && !isRowError(err) {
		r.closed = err
	}
	return row, err
}

func (r *Reader) next() (Row, error) {
	err := r.s.row()
	if err != nil && !isRowError(err) {
		return Row{}, err
	}
	r.at = Position{Offset: r.s.offset, Line: r.s.next, Row: r.at.Row + 1}
	if err != nil {
		return Row{}, err
	}
	return r.row()
}

// row makes texts of the cells at hand.
func (r *Reader) row() (Row, error) {
	line, raw, spans := r.s.line, r.s.raw, r.s.spans
	if len(spans) > r.d.Columns {
		for _, c := range spans[r.d.Columns:] {
			if !empty(raw[c.start:c.end]) {
				return Row{}, &RowError{Line: line, Reason: tooMany(len(spans), r.d.Columns)}
			}
		}
		spans = spans[:r.d.Columns]
	}
	// One text for the whole row; its cells are parts of it.
	if ascii(raw) {
		cut(r.cells, spans, string(raw))
	} else if _, plain := r.dec.(unicoded); plain {
		text, ok := r.dec.decode(raw)
		if !ok {
			return Row{}, r.mixed(line)
		}
		cut(r.cells, spans, text)
	} else {
		for i, c := range spans {
			text, ok := r.dec.decode(raw[c.start:c.end])
			if !ok {
				return Row{}, r.mixed(line)
			}
			r.cells[i] = text
		}
	}
	for i, c := range spans {
		if c.doubled {
			r.cells[i] = strings.ReplaceAll(r.cells[i], `""`, `"`)
		}
	}
	clear(r.cells[len(spans):])
	return Row{Line: line, Cells: r.cells}, nil
}

func cut(cells []string, spans []span, text string) {
	for i, c := range spans {
		cells[i] = text[c.start:c.end]
	}
}

func tooMany(have, want int) string {
	return "the row has " + strconv.Itoa(have) + " cells, the heading row " + strconv.Itoa(want)
}

func (r *Reader) mixed(line int64) error { return mixed(line, r.d.Encoding) }

// mixed refuses a file for a line in another encoding than the rest.
func mixed(line int64, encoding string) error {
	f := fault.Of(refuseLine(line, "is not %s, as the other lines are: the file mixes encodings. Save it as CSV in UTF-8.", label(encoding)))
	return f.Noting("encoding", encoding)
}
