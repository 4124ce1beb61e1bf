// Package bits holds sets of whole numbers that lie close together, a bit each.
// Which numbers they are, and whose, is the business of others.
package bits

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// Set is a set of whole numbers among those above Low, as many as it has room
// for. The zero value has room for none. It is not safe for concurrent use.
type Set struct {
	low   int64
	words []uint64
}

// New returns an empty set with room for the numbers above low up to high.
func New(low, high int64) Set {
	return Set{low, make([]uint64, max(0, high-low+63)/64)}
}

// Full returns the set of all numbers above low up to high.
func Full(low, high int64) Set {
	s := New(low, high)
	for i := range s.words {
		s.words[i] = ^uint64(0)
	}
	if over := int64(len(s.words))*64 - max(0, high-low); over > 0 {
		s.words[len(s.words)-1] >>= over
	}
	return s
}

// Empty returns an empty set with room for the same numbers.
func (s Set) Empty() Set { return Set{s.low, make([]uint64, len(s.words))} }

// Low is the number above which the set has room.
func (s Set) Low() int64 { return s.low }

// Room is how many numbers the set has room for.
func (s Set) Room() int64 { return int64(len(s.words)) * 64 }

// Add puts a number into the set; without room for it, nothing happens.
func (s Set) Add(n int64) {
	if i := uint64(n - s.low - 1); i < uint64(len(s.words))*64 {
		s.words[i/64] |= 1 << (i % 64)
	}
}

// Has reports whether a number is in the set.
func (s Set) Has(n int64) bool {
	i := uint64(n - s.low - 1)
	return i < uint64(len(s.words))*64 && s.words[i/64]&(1<<(i%64)) != 0
}

// AddBytes puts the number low+1+i into the set for each bit i of b, which
// begins with the least of the first byte. What there is no room for is left.
func (s Set) AddBytes(b []byte) {
	for i := range s.words {
		if len(b) < 8 {
			var last [8]byte
			copy(last[:], b)
			s.words[i] |= binary.LittleEndian.Uint64(last[:])
			return
		}
		s.words[i] |= binary.LittleEndian.Uint64(b)
		b = b[8:]
	}
}

// Count is how many numbers are in the set.
func (s Set) Count() int64 {
	n := 0
	for _, w := range s.words {
		n += bits.OnesCount64(w)
	}
	return int64(n)
}

// The three that follow take a set with room for the same numbers.

// Join adds all that are in o.
func (s Set) Join(o Set) {
	for i, w := range o.words {
		s.words[i] |= w
	}
}

// Keep takes out all that are not in o.
func (s Set) Keep(o Set) {
	for i, w := range o.words {
		s.words[i] &= w
	}
}

// Drop takes out all that are in o.
func (s Set) Drop(o Set) {
	for i, w := range o.words {
		s.words[i] &^= w
	}
}

// Up calls yield for the numbers in the set, the least first.
func (s Set) Up(yield func(int64) bool) {
	for i, w := range s.words {
		for ; w != 0; w &= w - 1 {
			if !yield(s.low + 1 + int64(i)*64 + int64(bits.TrailingZeros64(w))) {
				return
			}
		}
	}
}

// Down calls yield for the numbers in the set, the greatest first.
func (s Set) Down(yield func(int64) bool) {
	for i, w := range slices.Backward(s.words) {
		for w != 0 {
			top := 63 - bits.LeadingZeros64(w)
			if !yield(s.low + 1 + int64(i)*64 + int64(top)) {
				return
			}
			w &^= 1 << top
		}
	}
}
