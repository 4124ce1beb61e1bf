package change_test

import (
	"errors"
	"slices"
	"testing"

	"kith/internal/base/change"
)

func TestPack(t *testing.T) {
	run := func(from, n int64) (out []int64) {
		for i := range n {
			out = append(out, from+i)
		}
		return out
	}
	for _, c := range []struct {
		name    string
		numbers []int64
		want    []int64
		bytes   int
	}{
		{"nothing", nil, nil, 0},
		{"one", []int64{1}, []int64{1}, 1},
		{"scattered numbers take a byte each", []int64{3, 9, 20, 61}, []int64{3, 9, 20, 61}, 4},
		{"a run takes a few bytes", run(5_000_000, 2000), run(5_000_000, 2000), 6},
		{"order and doubles do not matter", []int64{9, 3, 9, 4, 4, 3}, []int64{3, 4, 9}, 3},
		{"a double inside a run", []int64{7, 7, 8, 8, 9}, []int64{7, 8, 9}, 2},
		{"the largest number", []int64{1<<62 - 1}, []int64{1<<62 - 1}, 9},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := slices.Clone(c.numbers)
			packed := change.Pack(c.numbers)
			if len(packed) != c.bytes {
				t.Errorf("%d bytes, want %d", len(packed), c.bytes)
			}
			if !slices.Equal(before, c.numbers) {
				t.Errorf("the caller's numbers were moved: %v", c.numbers)
			}
			got, err := change.Unpack(packed)
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("got %v, %v; want %v", got, err, c.want)
			}
		})
	}
}

func TestUnpackRefuses(t *testing.T) {
	for name, packed := range map[string][]byte{
		"a first byte that Pack never writes": {1},
		"a run of nothing":                    {3, 0},
		"a run cut short":                     {3},
		"a varint cut short":                  {0x80},
		"more than a batch may hold":          {3, 0xff, 0xff, 0xff, 0xff, 0x7f},
	} {
		if got, err := change.Unpack(packed); !errors.Is(err, change.ErrPacked) {
			t.Errorf("%s: got %v, %v; want ErrPacked", name, got, err)
		}
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add([]byte{2, 4, 7, 3})
	f.Add([]byte{0x80})
	f.Add(change.Pack([]int64{1, 2, 3, 1000}))
	f.Fuzz(func(t *testing.T, packed []byte) {
		numbers, err := change.Unpack(packed)
		if err != nil {
			return
		}
		again, err := change.Unpack(change.Pack(numbers))
		if err != nil || !slices.Equal(again, numbers) {
			t.Errorf("%v came back as %v, %v", numbers, again, err)
		}
		if !slices.IsSorted(numbers) || len(slices.Compact(slices.Clone(numbers))) != len(numbers) {
			t.Errorf("%v is not sorted, each number once", numbers)
		}
	})
}
