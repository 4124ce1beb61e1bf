package change

import (
	"encoding/binary"
	"errors"
	"slices"
)

// MaxMembers bounds the numbers of one batch.
const MaxMembers = 1 << 20

// ErrPacked is a packed list of numbers that cannot be read.
var ErrPacked = errors.New("not a packed list of numbers")

// Pack writes positive numbers into few bytes. They are sorted and freed of
// doubles; then each step is one varint, the distance from the number before
// times two. An odd step is followed by a varint that says how many numbers
// come right after it, one by one. So a run of any length takes a few bytes and
// scattered numbers about one each. Empty input packs to nothing.
//
// No distance is 0, so a first byte below 2 is free to mark another form.
func Pack(numbers []int64) []byte {
	if !slices.IsSorted(numbers) {
		numbers = slices.Sorted(slices.Values(numbers))
	}
	var (
		out  []byte
		last int64
	)
	for i := 0; i < len(numbers); {
		n, next := numbers[i], i+1
		run := uint64(0)
		for next < len(numbers) && numbers[next] <= n+int64(run)+1 {
			if numbers[next] == n+int64(run)+1 {
				run++
			}
			next++
		}
		if step := uint64(n - last); run == 0 {
			out = binary.AppendUvarint(out, step<<1)
		} else {
			out = binary.AppendUvarint(out, step<<1|1)
			out = binary.AppendUvarint(out, run)
		}
		last, i = n+int64(run), next
	}
	return out
}

// Unpack reads what Pack wrote: the numbers, sorted, each once. It fails with
// ErrPacked, also on more than MaxMembers.
func Unpack(packed []byte) ([]int64, error) {
	var (
		out  []int64
		last int64
	)
	for len(packed) > 0 {
		step, n := binary.Uvarint(packed)
		if n <= 0 || step < 2 {
			return nil, ErrPacked
		}
		packed = packed[n:]
		run := uint64(0)
		if step&1 == 1 {
			if run, n = binary.Uvarint(packed); n <= 0 || run == 0 {
				return nil, ErrPacked
			}
			packed = packed[n:]
		}
		if run >= MaxMembers || len(out)+int(run)+1 > MaxMembers {
			return nil, ErrPacked
		}
		last += int64(step >> 1)
		for k := range int64(run) + 1 {
			if last+k <= 0 {
				return nil, ErrPacked
			}
			out = append(out, last+k)
		}
		last += int64(run)
	}
	return out, nil
}
