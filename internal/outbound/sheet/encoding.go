package sheet

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
)

// Names of the encodings that are not looked up in a table.
const (
	utf8Name    = "utf-8"
	utf16leName = "utf-16le"
	utf16beName = "utf-16be"
)

// decoder turns the bytes of a cell into text, and says when they are none.
type decoder interface {
	decode(b []byte) (string, bool)
}

// decoderOf returns the decoder of a name; false for an encoding that cannot be
// cut into cells before it is decoded, and for one nobody knows. UTF-16 has been
// turned into UTF-8 before a decoder sees it.
func decoderOf(name string) (decoder, bool) {
	switch name {
	case utf8Name, utf16leName, utf16beName:
		return unicoded{}, true
	case "iso-2022-jp", "replacement", "x-user-defined":
		return nil, false
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		return nil, false
	}
	if m, ok := e.(*charmap.Charmap); ok {
		return newTable(m), true
	}
	return multibyte{e}, true
}

// unicoded is UTF-8.
type unicoded struct{}

func (unicoded) decode(b []byte) (string, bool) { return string(b), utf8.Valid(b) }

// table is an encoding of one byte a character.
type table [256]rune

func newTable(m *charmap.Charmap) *table {
	var t table
	for i := range t {
		t[i] = m.DecodeByte(byte(i))
		// The standard maps what an encoding leaves open to the control
		// characters of the same number; no contact file means them.
		if t[i] >= 0x80 && t[i] < 0xa0 {
			t[i] = utf8.RuneError
		}
	}
	return &t
}

func (t *table) decode(b []byte) (string, bool) {
	out := make([]byte, 0, len(b)+len(b)/2)
	for _, c := range b {
		r := t[c]
		if r == utf8.RuneError {
			return "", false
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out), true
}

// multibyte is an encoding of one or more bytes a character, none of which
// is a comma, semicolon, tab, quote or line break but as itself.
type multibyte struct{ e encoding.Encoding }

func (m multibyte) decode(b []byte) (string, bool) {
	out, err := m.e.NewDecoder().Bytes(b)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return "", false
	}
	return string(out), true
}

// ascii reports whether b has no byte above 0x7f.
func ascii(b []byte) bool {
	for len(b) >= 8 {
		if (b[0]|b[1]|b[2]|b[3]|b[4]|b[5]|b[6]|b[7])&0x80 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
