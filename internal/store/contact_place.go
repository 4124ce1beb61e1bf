package store

import (
	"encoding/binary"
	"hash/fnv"
	"strings"

	"kith/internal/domain/contact"
	"kith/internal/domain/segment"
)

// A contact's places are a mark of eight bytes for each city, state, postal
// code and country of its addresses. Rules that compare one of them as a whole
// find it there, and read neither the addresses nor, on PostgreSQL, the
// contact's row. Two texts with the same mark are met by chance once in 10^19.

// placeFields are the parts of an address that have marks.
func placeFields(a *contact.Address) [4]struct {
	field segment.Field
	value string
} {
	return [4]struct {
		field segment.Field
		value string
	}{
		{segment.City, a.City}, {segment.State, a.State}, {segment.PostalCode, a.PostalCode}, {segment.Country, a.Country},
	}
}

// placesOf are the marks of addresses; never nil.
func placesOf(in []contact.Address) []byte {
	marks := make([]byte, 0, 32*len(in))
	for i := range in {
		for _, p := range placeFields(&in[i]) {
			if p.value != "" {
				marks = append(marks, placeMark(p.field, p.value)...)
			}
		}
	}
	return marks
}

// placeMark is the mark of a part, which is the same however its letters are
// written.
func placeMark(field segment.Field, value string) []byte {
	h := fnv.New64a()
	_, _ = h.Write([]byte(field))
	_, _ = h.Write([]byte{0})
	_, _ = h.Write([]byte(strings.ToLower(value)))
	return binary.BigEndian.AppendUint64(nil, h.Sum64())
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
		either[i] = q.tx.d.HasBytes("c.places", q.bind(placeMark(r.Field, v)))
	}
	return negatedText(r.Op, joined(either, true))
}
