package bits_test

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kith/internal/base/bits"
)

// A set does what a map of numbers does.
func TestSetsAreSets(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Int64Range(0, 1<<40).Draw(t, "low")
		room := rapid.Int64Range(0, 300).Draw(t, "room")
		draw := func(name string) (bits.Set, map[int64]bool) {
			s, want := bits.New(low, low+room), map[int64]bool{}
			for _, i := range rapid.SliceOf(rapid.Int64Range(1, max(1, room))).Draw(t, name) {
				if i <= room {
					s.Add(low + i)
					want[low+i] = true
				}
			}
			return s, want
		}
		a, want := draw("a")
		b, other := draw("b")
		switch rapid.IntRange(0, 3).Draw(t, "do") {
		case 0:
			a.Join(b)
			maps.Copy(want, other)
		case 1:
			a.Keep(b)
			maps.DeleteFunc(want, func(n int64, _ bool) bool { return !other[n] })
		case 2:
			a.Drop(b)
			maps.DeleteFunc(want, func(n int64, _ bool) bool { return other[n] })
		case 3:
			a = bits.Full(low, low+room)
			for n := low + 1; n <= low+room; n++ {
				want[n] = true
			}
		}
		all := slices.Sorted(maps.Keys(want))
		if got := slices.Collect(a.Up); !slices.Equal(got, all) || a.Count() != int64(len(all)) {
			t.Fatalf("got %v, %d of them, want %v", got, a.Count(), all)
		}
		slices.Reverse(all)
		if got := slices.Collect(a.Down); !slices.Equal(got, all) {
			t.Fatalf("downward %v, want %v", got, all)
		}
		for n := low - 2; n <= low+room+70; n++ {
			if a.Has(n) != want[n] {
				t.Fatalf("has %d: %v", n, a.Has(n))
			}
		}
	})
}

func TestWhatThereIsNoRoomForIsLeft(t *testing.T) {
	t.Parallel()
	s := bits.New(10, 74)
	for _, n := range []int64{-1, 0, 10, 75, 1 << 62} {
		s.Add(n)
	}
	s.AddBytes([]byte{1, 0, 0, 0, 0, 0, 0, 0x80, 1})
	s.AddBytes([]byte{2})
	if got, want := slices.Collect(s.Up), []int64{11, 12, 74}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
