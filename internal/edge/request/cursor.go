package request

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
)

// Cursor is where a list goes on: everything that the call for the next page
// needs, so that nothing of it is kept here.
type Cursor struct {
	// Operation is what the list was asked of; a cursor serves no other.
	Operation string
	Account   id.Account
	Limit     int
	// Filter is what was asked for, as the edge wrote it down.
	Filter string
	After  page.Position
}

// Cursors turns cursors into opaque text and back. The text is lower-case
// base32 without padding, since some clients lower-case addresses, and it is
// signed, so that a filter in it needs no second check.
type Cursors struct{ key []byte }

// NewCursors returns what signs with a key that all processes share.
func NewCursors(key []byte) Cursors { return Cursors{key} }

// Version of the form, and how many bytes of the signature are kept.
const (
	cursorVersion = 1
	macBytes      = 16
	// maxCursor bounds the text that is looked at.
	maxCursor = 16 << 10
)

var cursorText = base32.StdEncoding.WithPadding(base32.NoPadding)

// Text returns the cursor as it stands in an address.
func (c Cursors) Text(cur Cursor) string {
	b := make([]byte, 1, 64+len(cur.Filter))
	b[0] = cursorVersion
	b = binary.AppendVarint(b, int64(cur.Account))
	b = binary.AppendVarint(b, int64(cur.Limit))
	b = appendText(b, cur.Filter)
	b = binary.AppendVarint(b, cur.After.Time)
	b = binary.AppendVarint(b, cur.After.Number)
	b = appendText(b, cur.After.Text)
	b = append(b, c.sign(b, cur.Operation)...)
	return strings.ToLower(cursorText.EncodeToString(b))
}

// Read returns the cursor that Text wrote for an operation and account. It
// fails with fault.ErrCursor for any other text.
func (c Cursors) Read(text, operation string, account id.Account) (Cursor, error) {
	if len(text) > maxCursor {
		return Cursor{}, fault.ErrCursor
	}
	b, err := cursorText.DecodeString(strings.ToUpper(text))
	if err != nil || len(b) <= macBytes {
		return Cursor{}, fault.ErrCursor
	}
	body, mac := b[:len(b)-macBytes], b[len(b)-macBytes:]
	if !hmac.Equal(mac, c.sign(body, operation)) || body[0] != cursorVersion {
		return Cursor{}, fault.ErrCursor.Saying("The cursor was not given out for this call.")
	}
	r := reader{body[1:], true}
	cur := Cursor{
		Operation: operation, Account: id.Account(r.number()), Limit: int(r.number()), Filter: r.text(),
		After: page.Position{Time: r.number(), Number: r.number(), Text: r.text()},
	}
	if !r.ok || len(r.b) > 0 {
		return Cursor{}, fault.ErrCursor
	}
	if cur.Account != account {
		return Cursor{}, fault.ErrCursor.Saying("The cursor belongs to another account.")
	}
	return cur, nil
}

func (c Cursors) sign(body []byte, operation string) []byte {
	h := hmac.New(sha256.New, c.key)
	h.Write([]byte(operation))
	h.Write([]byte{0})
	h.Write(body)
	return h.Sum(nil)[:macBytes]
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// reader takes apart what Text put together.
type reader struct {
	b  []byte
	ok bool
}

func (r *reader) number() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.ok = false
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) text() string {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > uint64(len(r.b)-n) {
		r.ok = false
		return ""
	}
	s := string(r.b[n : n+int(v)])
	r.b = r.b[n+int(v):]
	return s
}
