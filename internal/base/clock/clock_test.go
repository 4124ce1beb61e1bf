package clock_test

import (
	"testing"
	"time"

	"kith/internal/base/clock"
)

func TestMillisRoundTrip(t *testing.T) {
	for _, want := range []time.Time{{}, time.Date(2026, 3, 1, 17, 5, 9, 123e6, time.UTC)} {
		if got := clock.FromMillis(clock.Millis(want)); !got.Equal(want) || got.IsZero() != want.IsZero() {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

func TestSettableStands(t *testing.T) {
	c := clock.NewSettable(time.Date(2026, 3, 1, 0, 0, 0, 999, time.FixedZone("", 3600)))
	if got, want := c.Now(), time.Date(2026, 2, 28, 23, 0, 0, 0, time.UTC); !got.Equal(want) || got.Location() != time.UTC {
		t.Errorf("got %v, want %v", got, want)
	}
	before := c.Now()
	c.Move(time.Second)
	if got := c.Now().Sub(before); got != time.Second {
		t.Errorf("moved by %v", got)
	}
}
