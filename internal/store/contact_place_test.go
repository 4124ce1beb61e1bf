package store

import (
	"bytes"
	"hash/fnv"
	"strings"
	"testing"

	"kith/internal/domain/contact"
	"kith/internal/domain/segment"
)

// Marks are kept, so how they are made must never change.
func TestPlacesAreMarkedWithoutRegardToCase(t *testing.T) {
	t.Parallel()
	for _, v := range []string{"Rome", "ROME", "Łódź", "łÓDŹ", "Springfield on the Water", "x", "\x80"} {
		h := fnv.New64a()
		h.Write([]byte("city\x00" + strings.ToLower(v)))
		if got := appendPlace(nil, segment.City, v); !bytes.Equal(got, h.Sum(nil)) {
			t.Errorf("%q: %x, want %x", v, got, h.Sum(nil))
		}
	}
	if bytes.Equal(appendPlace(nil, segment.City, "Rome"), appendPlace(nil, segment.State, "Rome")) {
		t.Error("a city is taken for a state")
	}
}

func TestPlacesHoldEveryPartThatIsThere(t *testing.T) {
	t.Parallel()
	got := placesOf([]contact.Address{{City: "Rome", Country: "Italy", Street: "no mark"}, {State: "Lazio", PostalCode: "00118"}})
	var want []byte
	want = appendPlace(want, segment.City, "rome")
	want = appendPlace(want, segment.Country, "italy")
	want = appendPlace(want, segment.State, "lazio")
	want = appendPlace(want, segment.PostalCode, "00118")
	if !bytes.Equal(got, want) || len(got) != 32 {
		t.Errorf("%x, want %x", got, want)
	}
	if got := placesOf(nil); got == nil || len(got) != 0 {
		t.Errorf("without addresses: %v", got)
	}
}

func BenchmarkPlaces(b *testing.B) {
	in := []contact.Address{{City: "Springfield on the Water", State: "Massachusetts", PostalCode: "01101", Country: "United States"}}
	for b.Loop() {
		placesOf(in)
	}
}
