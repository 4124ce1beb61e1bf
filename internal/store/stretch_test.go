package store

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kith/internal/base/id"
)

// However contacts lie, the pieces are all of them, in their order, each is
// what it says it is, and none is larger than a statement may be.
func TestPiecesAreTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var contacts []id.Contact
		next := id.Contact(1)
		for _, part := range rapid.SliceOfN(rapid.Custom(func(t *rapid.T) [2]int {
			return [2]int{rapid.IntRange(0, 3).Draw(t, "gap"), rapid.IntRange(1, 2*leastStretch).Draw(t, "run")}
		}), 0, 100).Draw(t, "parts") {
			next += id.Contact(part[0])
			for range part[1] {
				contacts = append(contacts, next)
				next++
			}
		}
		var again []id.Contact
		for rest := contacts; len(rest) > 0; {
			n, unbroken := piece(rest)
			switch gapless := int64(rest[n-1]-rest[0]) == int64(n-1); {
			case n < 1:
				t.Fatalf("a piece of %d", n)
			case unbroken && (!gapless || n < leastStretch):
				t.Fatalf("%d from %d to %d are called a stretch", n, rest[0], rest[n-1])
			case !unbroken && n > mostApart:
				t.Fatalf("%d are looked for at once", n)
			}
			again, rest = append(again, rest[:n]...), rest[n:]
		}
		if !slices.Equal(again, contacts) {
			t.Fatalf("%v became %v", contacts, again)
		}
	})
}
