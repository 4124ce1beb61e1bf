package request

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"unicode/utf8"

	"kith/internal/base/fault"
)

// MaxStreamed bounds one value of a body that is read value by value, in
// bytes.
const MaxStreamed = 1 << 20

// Stream reads a JSON object that may be too large to be held: its members one
// after the other, and of an array one element after the other. What is wrong
// is told as of any other body, by line and column.
type Stream struct {
	r *bufio.Reader
	// line and column are the place of the next character, from 0.
	line, column int
	text         []byte // of the value at hand
}

// ReadStream begins to read a JSON body. It fails with ErrMediaType.
func ReadStream(r *http.Request) (*Stream, error) {
	if err := checkJSONType(r); err != nil {
		return nil, err
	}
	s := &Stream{r: bufio.NewReaderSize(r.Body, 64<<10)}
	if mark, err := s.r.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = s.r.Discard(3) // they are in the buffer
	}
	return s, nil
}

// Object calls member for each member of the object that the body is. It must
// read the member's value, by Value or Array.
func (s *Stream) Object(member func(name string) error) error {
	c, err := s.next()
	if errors.Is(err, io.EOF) {
		return fault.ErrMalformed.Saying("The body is empty; it must be a JSON object.")
	}
	if err != nil {
		return err
	}
	if c != '{' {
		v, err := s.Value()
		if err != nil {
			return err
		}
		return fault.ErrMalformed.Saying("The body must be a JSON object; it is " + kindOf(v) + ".")
	}
	err = s.items('}', func(int) error {
		if c, err := s.next(); err != nil {
			return s.cut(err)
		} else if c != '"' {
			return s.wrong("a name in quotes is looked for")
		}
		name, err := s.Value()
		if err != nil {
			return err
		}
		if c, err := s.next(); err != nil {
			return s.cut(err)
		} else if c != ':' {
			return s.wrong("a colon is looked for after a name")
		}
		s.take()
		text, _ := name.(string) // it begins with a quote
		return member(text)
	})
	if err != nil {
		return err
	}
	if _, err := s.next(); errors.Is(err, io.EOF) {
		return nil
	} else if err != nil {
		return err
	}
	return s.wrong("there is more after the end of the JSON value")
}

// Array calls element for each element of the array that comes next, which
// must read it by Value. Another value than an array is read and returned as
// what it is: other names its kind.
func (s *Stream) Array(element func(i int) error) (other string, err error) {
	c, err := s.next()
	if err != nil {
		return "", s.cut(err)
	}
	if c != '[' {
		v, err := s.Value()
		return kindOf(v), err
	}
	return "", s.items(']', element)
}

// items reads what stands between brackets, with commas between.
func (s *Stream) items(end byte, item func(i int) error) error {
	s.take()
	for i := 0; ; i++ {
		c, err := s.next()
		if err != nil {
			return s.cut(err)
		}
		if c == end && i == 0 {
			s.take()
			return nil
		}
		if err := item(i); err != nil {
			return err
		}
		switch c, err := s.next(); {
		case err != nil:
			return s.cut(err)
		case c == end:
			s.take()
			return nil
		case c != ',':
			return s.wrong(fmt.Sprintf("a comma or %c is looked for", end))
		}
		s.take()
	}
}

// Value reads the next value, with numbers as json.Number.
func (s *Stream) Value() (any, error) {
	if _, err := s.next(); err != nil {
		return nil, s.cut(err)
	}
	line, column := s.line, s.column
	if err := s.whole(); err != nil {
		return nil, err
	}
	if at, why := survey(s.text); why != "" {
		return nil, malformedFrom(line, column, s.text, at, why)
	}
	d := json.NewDecoder(bytes.NewReader(s.text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		if at, ok := errors.AsType[*json.SyntaxError](err); ok {
			return nil, malformedFrom(line, column, s.text, int(at.Offset)-1, at.Error())
		}
		return nil, malformedFrom(line, column, s.text, len(s.text), "the body ends before it is complete")
	}
	if n := int(d.InputOffset()); n < len(s.text) {
		return nil, malformedFrom(line, column, s.text, n, "a comma is looked for")
	}
	return v, nil
}

// whole takes the text of the next value, which goes as far as its brackets or
// quotes do; whether it is JSON is not looked at.
func (s *Stream) whole() error {
	s.text = s.text[:0]
	depth, quoted, escaped := 0, false, false
	for {
		c, err := s.peek()
		if errors.Is(err, io.EOF) {
			return nil // what is missing is told when the text is read
		}
		if err != nil {
			return err
		}
		if !quoted && depth == 0 && len(s.text) > 0 && bytes.IndexByte([]byte(",]}: \t\r\n"), c) >= 0 {
			return nil
		}
		s.text = append(s.text, c)
		s.take()
		if len(s.text) > MaxStreamed {
			return fault.New(fault.Invalid, fault.CodeTooLarge,
				fmt.Sprintf("line %d, column %d: a value is longer than %d bytes.", s.line+1, s.column+1, MaxStreamed))
		}
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
		if depth <= 0 && !quoted && (c == '"' || c == '}' || c == ']') {
			return nil
		}
	}
}

// next passes over white space and returns the byte after it, which is not
// taken.
func (s *Stream) next() (byte, error) {
	for {
		c, err := s.peek()
		if err != nil || c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return c, err
		}
		s.take()
	}
}

func (s *Stream) peek() (byte, error) {
	b, err := s.r.Peek(1)
	if err != nil {
		if errors.Is(err, io.EOF) {
			return 0, io.EOF
		}
		return 0, fault.ErrMalformed.Saying("The body ended before it was complete.").Because(err)
	}
	return b[0], nil
}

// take moves over the byte that peek has shown.
func (s *Stream) take() {
	c, _ := s.r.ReadByte() // peek has seen it
	switch {
	case c == '\n':
		s.line, s.column = s.line+1, 0
	case utf8.RuneStart(c):
		s.column++
	}
}

func (s *Stream) cut(err error) error {
	if errors.Is(err, io.EOF) {
		return s.wrong("the body ends before it is complete")
	}
	return err
}

func (s *Stream) wrong(why string) error { return malformedFrom(s.line, s.column, nil, 0, why) }
