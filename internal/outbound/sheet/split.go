package sheet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// firstBuffer is how much is read at a time. The buffer grows only for a row
// that does not fit, up to MaxRowBytes and this.
const firstBuffer = 128 << 10

// span is one cell within the raw text of its row.
type span struct {
	start, end int
	doubled    bool // the cell holds quotes that are written twice
}

// splitter cuts a stream of bytes into rows and cells. It relies on nothing
// but the delimiter, the quote and the line breaks being single bytes that no
// other character contains, as in ASCII, UTF-8 and every encoding Survey
// settles for; what the bytes of a cell mean is for its caller to say.
type splitter struct {
	src    io.Reader
	delim  byte
	buf    []byte
	r, w   int // buf[r:w] is read and not yet cut
	srcErr error
	eof    bool
	// brk is the line break looked for first: the one seen last. A file of
	// the other kind would otherwise be searched to its end for each row.
	brk byte

	// Of the row that advance has found:
	raw   []byte // its text, without the line break
	taken []byte // its text with the line break: what was consumed
	spans []span
	line  int64 // the line it begins on

	offset int64 // bytes of the file consumed so far
	next   int64 // lines consumed so far
	wide   bool  // src is UTF-8 made from UTF-16
}

// newSplitter returns a splitter of what lies after at. encoding matters only
// where it is UTF-16.
func newSplitter(src io.Reader, encoding string, delim byte, at Position) *splitter {
	s := &splitter{src: src, delim: delim, brk: '\n', buf: make([]byte, firstBuffer), offset: at.Offset, next: at.Line}
	switch encoding {
	case utf16leName:
		s.src, s.wide = newUTF16(src, binary.LittleEndian), true
	case utf16beName:
		s.src, s.wide = newUTF16(src, binary.BigEndian), true
	}
	return s
}

// advance finds the next row, an empty one included. It returns io.EOF at the
// end, a *RowError for a row whose quotes do not match (its first line is
// consumed and nothing else, so that the lines after it are read as rows), and
// a refusal for a line that is too long.
func (s *splitter) advance() error {
	for {
		n, lines, err := s.cut(s.buf[s.r:s.w])
		if n > 0 {
			s.line = s.next + 1
			s.next += lines
			s.taken = s.buf[s.r : s.r+n]
			s.r += n
			if s.wide {
				s.offset += utf16Len(s.taken)
			} else {
				s.offset += int64(n)
			}
			return err
		}
		if err != nil {
			return err
		}
		if s.eof {
			return io.EOF
		}
		if err := s.fill(); err != nil {
			return err
		}
	}
}

// fill reads on until the buffer is full or the source has ended.
func (s *splitter) fill() error {
	if s.srcErr != nil {
		return s.srcErr
	}
	if s.r > 0 {
		s.w = copy(s.buf, s.buf[s.r:s.w])
		s.r = 0
	}
	if s.w == len(s.buf) {
		bigger := make([]byte, min(2*len(s.buf), MaxRowBytes+firstBuffer))
		copy(bigger, s.buf)
		s.buf = bigger
	}
	for empty := 0; s.w < len(s.buf); {
		n, err := s.src.Read(s.buf[s.w:])
		s.w += n
		switch {
		case err == io.EOF:
			s.eof = true
			return nil
		case err != nil:
			s.srcErr = err
			return err
		case n > 0:
			empty = 0
		default:
			if empty++; empty == 100 {
				return io.ErrNoProgress
			}
		}
	}
	return nil
}

// cut looks for a whole row at the start of data and returns how many bytes
// and lines it takes. Zero bytes and no error ask for more data.
func (s *splitter) cut(data []byte) (n int, lines int64, err error) {
	if len(data) == 0 {
		return 0, 0, nil
	}
	end, after := s.lineEnd(data)
	if end > MaxRowBytes || end < 0 && len(data) > MaxRowBytes {
		return 0, 0, refuseLine(s.next+1, "is longer than %d bytes, the most that is read as one row.", MaxRowBytes)
	}
	if end < 0 && !s.eof {
		return 0, 0, nil
	}
	if end < 0 {
		end, after = len(data), len(data)
	}
	if bytes.IndexByte(data[:end], '"') < 0 {
		s.raw = data[:end]
		s.spans = split(s.spans[:0], s.raw, s.delim)
		return after, 1, nil
	}
	n, end, reason := s.quoted(data)
	if n == 0 && reason == "" {
		if len(data) <= MaxRowBytes {
			return 0, 0, nil
		}
		reason = unclosed
	}
	if reason == "" && end > MaxRowBytes {
		reason = unclosed
	}
	if reason != "" {
		return after, 1, &RowError{Line: s.next + 1, Reason: reason}
	}
	s.raw = data[:end]
	return n, breaks(data[:n]), nil
}

// Reasons of a RowError.
const (
	unclosed = "a cell begins with a quote (\") that is not closed"
	trailing = "a cell has text after its closing quote (\"); quotes inside a quoted cell are written twice"
)

// lineEnd returns where the first line ends and where the next begins; -1 when
// the data at hand does not tell.
func (s *splitter) lineEnd(data []byte) (end, after int) {
	other := '\n' + '\r' - s.brk
	end = bytes.IndexByte(data, s.brk)
	if end < 0 {
		end = bytes.IndexByte(data, other)
	} else if i := bytes.IndexByte(data[:end], other); i >= 0 {
		end = i
	}
	if end < 0 {
		return -1, -1
	}
	if data[end] == '\n' {
		s.brk = '\n'
		return end, end + 1
	}
	if end+1 == len(data) {
		if !s.eof {
			return -1, -1 // perhaps the first half of CR LF
		}
		return end, end + 1
	}
	if data[end+1] == '\n' {
		return end, end + 2
	}
	s.brk = '\r'
	return end, end + 1
}

// split cuts a line without quotes into cells.
func split(spans []span, line []byte, delim byte) []span {
	for start := 0; ; {
		i := bytes.IndexByte(line[start:], delim)
		if i < 0 {
			return append(spans, span{start: start, end: len(line)})
		}
		spans = append(spans, span{start: start, end: start + i})
		start += i + 1
	}
}

// quoted cuts a row in which there are quotes. A cell is quoted when its first
// character that is not a blank is a quote; anywhere else a quote stands for
// itself. It returns the bytes taken and where the text of the row ends; zero
// bytes and no reason ask for more data.
//
// Text after a closing quote is an error and not taken as it stands: this way
// no two rows can each send the search for their closing quote over the same
// stretch, and reading stays linear.
func (s *splitter) quoted(data []byte) (n, end int, reason string) {
	s.spans = s.spans[:0]
	i := 0
	for {
		start := i
		for i < len(data) && data[i] == ' ' {
			i++
		}
		c := span{start: start}
		if i < len(data) && data[i] == '"' {
			c.start = i + 1
			for i++; ; i += 2 {
				j := bytes.IndexByte(data[i:], '"')
				if j < 0 || i+j+1 == len(data) && !s.eof {
					if s.eof {
						return 0, 0, unclosed
					}
					return 0, 0, ""
				}
				i += j
				if i+1 == len(data) || data[i+1] != '"' {
					break
				}
				c.doubled = true
			}
			c.end = i
			for i++; i < len(data) && data[i] == ' '; i++ {
			}
			if i < len(data) && data[i] != s.delim && data[i] != '\n' && data[i] != '\r' {
				return 0, 0, trailing
			}
		} else {
			for i < len(data) && data[i] != s.delim && data[i] != '\n' && data[i] != '\r' {
				i++
			}
			c.end = i
		}
		s.spans = append(s.spans, c)
		switch {
		case i == len(data):
			if !s.eof {
				return 0, 0, ""
			}
			return i, i, ""
		case data[i] == s.delim:
			i++
		case data[i] == '\n':
			return i + 1, i, ""
		case i+1 < len(data) && data[i+1] == '\n':
			return i + 2, i, ""
		case i+1 == len(data) && !s.eof:
			return 0, 0, "" // perhaps the first half of CR LF
		default:
			return i + 1, i, ""
		}
	}
}

// breaks counts the line breaks in a row that was taken; a last row without
// one is a line all the same.
func breaks(taken []byte) (n int64) {
	for i, c := range taken {
		if c == '\n' || c == '\r' && (i+1 == len(taken) || taken[i+1] != '\n') {
			n++
		}
	}
	if c := taken[len(taken)-1]; c != '\n' && c != '\r' {
		n++
	}
	return n
}

// blank reports whether no cell of the row has anything in it. Spreadsheet
// programs leave such rows behind; they are passed over.
func (s *splitter) blank() bool {
	for _, c := range s.spans {
		if !empty(s.raw[c.start:c.end]) {
			return false
		}
	}
	return true
}

// row is advance for rows that are not blank. It refuses what no text holds.
func (s *splitter) row() error {
	for {
		err := s.advance()
		if err != nil && !isRowError(err) {
			return err
		}
		if err == nil && s.blank() {
			continue
		}
		if bytes.IndexByte(s.taken, 0) >= 0 {
			return refuseLine(s.line, "has a NUL byte: this is not a text file, or it is UTF-16 without its byte order mark. Save it as CSV in UTF-8.")
		}
		return err
	}
}

// isRowError reports whether reading may go on after err.
func isRowError(err error) bool {
	_, ok := errors.AsType[*RowError](err)
	return ok
}

// empty reports whether b is nothing but ASCII white space.
func empty(b []byte) bool {
	for _, c := range b {
		if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			return false
		}
	}
	return true
}
