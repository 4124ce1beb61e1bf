// Package id holds the names of things. A thing of an account has a whole
// number, unique in its account and kind, and a UID (UUIDv7), unique
// everywhere. The number is the key inside; edges show the one or the other.
package id

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strconv"
	"sync"
	"time"
)

// Account is an account's number; it begins every key of its data.
type Account int64

// User is a user's number, across all accounts.
type User int64

// Application, Grant, AccessKey and NoticeKey are numbers across all accounts: a
// client or a credential is known before its account is.
type (
	Application int64
	Grant       int64
	AccessKey   int64
	NoticeKey   int64
)

// Contact, List and so on are numbers within their account.
type (
	Contact  int64
	List     int64
	Field    int64
	Tag      int64
	Activity int64
	Note     int64
	Blob     int64
	Mail     int64
	Segment  int64
	Sender   int64
	Content  int64
	Form     int64
	Ask      int64
)

// Ref names one thing: by its number, by its UID, or by both, as everything
// that was read from the store is named. Who asks fills in the one it knows.
type Ref[N ~int64] struct {
	Number N
	UID    UID
}

// IsZero reports whether the reference names nothing.
func (r Ref[N]) IsZero() bool { return r.Number == 0 && r.UID.IsZero() }

// String returns the UID where it is known, else the number; for messages.
func (r Ref[N]) String() string {
	if r.UID.IsZero() {
		return strconv.FormatInt(int64(r.Number), 10)
	}
	return r.UID.String()
}

// UID is a UUIDv7 (RFC 9562 §5.7), the public name of a thing.
type UID [16]byte

// ErrUID is returned for text that is not a UUID.
var ErrUID = errors.New("not a UUID")

// IsZero reports whether the UID was never set.
func (u UID) IsZero() bool { return u == UID{} }

// String returns the usual lower-case form of 36 characters.
func (u UID) String() string {
	var b [36]byte
	u.append(b[:])
	return string(b[:])
}

func (u UID) append(b []byte) {
	hex.Encode(b[0:8], u[0:4])
	b[8] = '-'
	hex.Encode(b[9:13], u[4:6])
	b[13] = '-'
	hex.Encode(b[14:18], u[6:8])
	b[18] = '-'
	hex.Encode(b[19:23], u[8:10])
	b[23] = '-'
	hex.Encode(b[24:36], u[10:16])
}

// AppendText appends the usual form to b.
func (u UID) AppendText(b []byte) ([]byte, error) {
	n := len(b)
	b = append(b, "00000000-0000-0000-0000-000000000000"...)
	u.append(b[n:])
	return b, nil
}

// MarshalText returns the usual form.
func (u UID) MarshalText() ([]byte, error) { return u.AppendText(make([]byte, 0, 36)) }

// UnmarshalText reads the usual form.
func (u *UID) UnmarshalText(b []byte) error {
	v, err := ParseUID(string(b))
	if err != nil {
		return err
	}
	*u = v
	return nil
}

// ParseUID reads the form of 36 characters, in either case.
func ParseUID(s string) (UID, error) {
	var u UID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return u, ErrUID
	}
	at := 0
	for i := 0; i < 36; i += 2 {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			i++
		}
		hi, lo := nibble(s[i]), nibble(s[i+1])
		if hi > 15 || lo > 15 {
			return UID{}, ErrUID
		}
		u[at] = hi<<4 | lo
		at++
	}
	return u, nil
}

func nibble(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 0xff
}

// Source makes UIDs that grow with time within one process, so that an index
// over them is written at its right edge. It is safe for concurrent use.
type Source struct {
	mu   sync.Mutex
	last uint64 // 48 bits of milliseconds, 12 bits of sequence
	pool [4096]byte
	left int
}

// NewSource returns a source of UIDs.
func NewSource() *Source { return &Source{} }

// UID returns a new UID for the given time. Two UIDs of one source are
// ordered as they were made, also when the clock steps back.
func (s *Source) UID(now time.Time) UID {
	s.mu.Lock()
	defer s.mu.Unlock()
	ms := max(now.UnixMilli(), 0)
	next := uint64(ms) << 12
	if next <= s.last {
		next = s.last + 1
	}
	s.last = next
	if s.left < 8 {
		_, _ = rand.Read(s.pool[:]) // documented never to fail
		s.left = len(s.pool)
	}
	var u UID
	binary.BigEndian.PutUint64(u[0:8], next>>12<<16|0x7000|next&0xfff)
	copy(u[8:], s.pool[len(s.pool)-s.left:][:8])
	s.left -= 8
	u[8] = u[8]&0x3f | 0x80
	return u
}

// Time returns when the UID was made, to the millisecond: of a Source under
// load perhaps some milliseconds later than asked for.
func (u UID) Time() time.Time {
	ms := binary.BigEndian.Uint64(u[0:8]) >> 16
	return time.UnixMilli(int64(ms)).UTC()
}

// LeastUID returns what no UID made at t or later stands before, and every
// earlier one does.
func LeastUID(t time.Time) UID {
	var u UID
	binary.BigEndian.PutUint64(u[0:8], uint64(max(t.UnixMilli(), 0))<<16)
	return u
}

// Compare orders UIDs as databases do: by time, then by chance.
func (u UID) Compare(other UID) int { return bytes.Compare(u[:], other[:]) }
