package store

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"kith/internal/domain/contact"
	"kith/internal/domain/segment"
)

// A contact's places are a mark of eight bytes for each city, state, postal
// code and country of its addresses. Rules that compare one of them as a whole
// find it there, and read neither the addresses nor, on PostgreSQL, the
// contact's row. Two texts with the same mark are met by chance once in 10^19.

// placesOf are the marks of addresses; never nil.
func placesOf(in []contact.Address) []byte {
	marks := make([]byte, 0, 32*len(in))
	for i := range in {
		a := &in[i]
		marks = appendPlace(marks, segment.City, a.City)
		marks = appendPlace(marks, segment.State, a.State)
		marks = appendPlace(marks, segment.PostalCode, a.PostalCode)
		marks = appendPlace(marks, segment.Country, a.Country)
	}
	return marks
}

// appendPlace appends the mark of a part of an address, which is the same
// however its letters are written. An empty part has none. An import makes four
// for each row, so it is FNV-1a (64 bits) by hand, which allocates nothing.
func appendPlace(to []byte, field segment.Field, value string) []byte {
	if value == "" {
		return to
	}
	for _, c := range []byte(value) {
		if c >= utf8.RuneSelf {
			value = strings.ToLower(value)
			break
		}
	}
	const start, prime = 14695981039346656037, 1099511628211
	h := uint64(start)
	for i := range len(field) {
		h = (h ^ uint64(field[i])) * prime
	}
	h *= prime // a zero byte between
	for i := range len(value) {
		c := value[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		h = (h ^ uint64(c)) * prime
	}
	return binary.BigEndian.AppendUint64(to, h)
}

// placed reports whether a rule can be answered by places.
func placed(r segment.Rule) bool {
	switch r.Field {
	case segment.City, segment.State, segment.PostalCode, segment.Country:
	default:
		return false
	}
	switch r.Op {
	case segment.Equals, segment.NotEquals, segment.In, segment.NotIn:
		return true
	}
	return false
}

// place is the condition of a rule that is placed.
func (q *contactQuery) place(r segment.Rule) string {
	either := make([]string, len(r.Texts))
	for i, v := range r.Texts {
		either[i] = q.tx.d.HasBytes("c.places", q.bind(appendPlace(nil, r.Field, v)))
	}
	return negatedText(r.Op, joined(either, true))
}
