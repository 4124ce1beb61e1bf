package store

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"kith/internal/base/id"
)

// The stored forms of phones and addresses are JSON. Bulk work writes and reads
// them by the hundred thousand, so what they usually look like is written and
// read by hand here; anything else goes the usual way. A test holds the two
// ways together.

// appendPhones writes what encoding/json makes of the rows.
func appendPhones(b []byte, rows []phoneRow) []byte {
	for i := range rows {
		r := &rows[i]
		b = appendOpening(b, i, r.UID)
		b = appendText(append(b, `,"n":`...), r.Number)
		b = appendText(append(b, `,"k":`...), r.Kind)
		b = appendNumber(append(b, `,"c":`...), r.CreatedAt)
		b = appendNumber(append(b, `,"u":`...), r.UpdatedAt)
		b = appendNumber(append(b, `,"cs":`...), int64(r.CreateSource))
		b = appendNumber(append(b, `,"us":`...), int64(r.UpdateSource))
		b = append(b, '}')
	}
	return append(b, ']')
}

// appendAddresses writes what encoding/json makes of the rows.
func appendAddresses(b []byte, rows []addressRow) []byte {
	for i := range rows {
		r := &rows[i]
		b = appendOpening(b, i, r.UID)
		b = appendText(append(b, `,"k":`...), r.Kind)
		for _, part := range [...]struct{ name, value string }{
			{`,"s":`, r.Street}, {`,"ci":`, r.City}, {`,"st":`, r.State}, {`,"p":`, r.PostalCode}, {`,"co":`, r.Country},
		} {
			if part.value != "" {
				b = appendText(append(b, part.name...), part.value)
			}
		}
		b = appendNumber(append(b, `,"c":`...), r.CreatedAt)
		b = appendNumber(append(b, `,"u":`...), r.UpdatedAt)
		b = append(b, '}')
	}
	return append(b, ']')
}

func appendOpening(b []byte, i int, name id.UID) []byte {
	if i == 0 {
		b = append(b, '[')
	} else {
		b = append(b, ',')
	}
	b = append(b, `{"id":"`...)
	b, _ = name.AppendText(b) // documented never to fail
	return append(b, '"')
}

func appendNumber(b []byte, n int64) []byte { return strconv.AppendInt(b, n, 10) }

// appendText writes a text that needs no escapes; others as encoding/json does.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			escaped, err := json.Marshal(s)
			if err != nil {
				panic(err) // a text always is JSON
			}
			return append(b, escaped...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// textReader takes apart what appendPhones and appendAddresses write. Once
// something is not as it was expected, odd is true and what was read is void.
type textReader struct {
	rest string
	odd  bool
}

// literal takes a fixed text.
func (r *textReader) literal(s string) {
	if !r.took(s) {
		r.odd = true
	}
}

// took takes a fixed text, if it is there.
func (r *textReader) took(s string) bool {
	rest, ok := strings.CutPrefix(r.rest, s)
	if ok {
		r.rest = rest
	}
	return ok
}

// text takes a text up to its closing quote.
func (r *textReader) text() string {
	i := strings.IndexByte(r.rest, '"')
	if i < 0 || strings.IndexByte(r.rest[:i], '\\') >= 0 || !utf8.ValidString(r.rest[:i]) {
		r.odd = true
		return ""
	}
	s := r.rest[:i]
	r.rest = r.rest[i+1:]
	return s
}

// optional takes a member with a text, if it is there.
func (r *textReader) optional(name string) string {
	if r.took(name) {
		return r.text()
	}
	return ""
}

func (r *textReader) uid() id.UID {
	u, err := id.ParseUID(r.text())
	r.odd = r.odd || err != nil
	return u
}

func (r *textReader) number() int64 {
	i := 0
	for i < len(r.rest) && (r.rest[i] == '-' || '0' <= r.rest[i] && r.rest[i] <= '9') {
		i++
	}
	n, err := strconv.ParseInt(r.rest[:i], 10, 64)
	r.odd = r.odd || err != nil
	r.rest = r.rest[i:]
	return n
}

// next says whether another element follows, and takes what stands before it.
func (r *textReader) next(i int) bool {
	switch {
	case r.odd:
		return false
	case i == 0:
		r.literal(`[{"id":"`)
		return !r.odd
	case r.took(`,{"id":"`):
		return true
	}
	r.literal("]")
	r.odd = r.odd || r.rest != ""
	return false
}

// readPhones reads phones; false where they are not written as expected.
func readPhones(text string) (rows []phoneRow, ok bool) {
	r := textReader{rest: text}
	for i := 0; r.next(i); i++ {
		var p phoneRow
		p.UID = r.uid()
		r.literal(`,"n":"`)
		p.Number = r.text()
		r.literal(`,"k":"`)
		p.Kind = r.text()
		r.literal(`,"c":`)
		p.CreatedAt = r.number()
		r.literal(`,"u":`)
		p.UpdatedAt = r.number()
		r.literal(`,"cs":`)
		p.CreateSource = int(r.number())
		r.literal(`,"us":`)
		p.UpdateSource = int(r.number())
		r.literal("}")
		rows = append(rows, p)
	}
	return rows, !r.odd
}

// readAddresses reads addresses; false where they are not written as expected.
func readAddresses(text string) (rows []addressRow, ok bool) {
	r := textReader{rest: text}
	for i := 0; r.next(i); i++ {
		var a addressRow
		a.UID = r.uid()
		r.literal(`,"k":"`)
		a.Kind = r.text()
		a.Street = r.optional(`,"s":"`)
		a.City = r.optional(`,"ci":"`)
		a.State = r.optional(`,"st":"`)
		a.PostalCode = r.optional(`,"p":"`)
		a.Country = r.optional(`,"co":"`)
		r.literal(`,"c":`)
		a.CreatedAt = r.number()
		r.literal(`,"u":`)
		a.UpdatedAt = r.number()
		r.literal("}")
		rows = append(rows, a)
	}
	return rows, !r.odd
}
