// Package clock is the one place that reads the time. Every time in Kith is
// UTC and cut to the millisecond, so that what is stored equals what is read.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time.
type Clock interface {
	// Now returns the present in UTC, cut to the millisecond.
	Now() time.Time
}

// System is the machine's clock.
type System struct{}

// Now returns the machine's time.
func (System) Now() time.Time { return Cut(time.Now()) }

// Cut brings t into the form in which Kith keeps times.
func Cut(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// Millis returns t as whole milliseconds since 1970; zero for the zero time.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// FromMillis is the inverse of Millis.
func FromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// Settable is a clock for tests; it stands still until moved.
type Settable struct {
	mu  sync.Mutex
	now time.Time
}

// NewSettable returns a clock that stands at t.
func NewSettable(t time.Time) *Settable { return &Settable{now: Cut(t)} }

// Now returns the time at which the clock stands.
func (c *Settable) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Move sets the clock forward (or back) by d.
func (c *Settable) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = Cut(c.now.Add(d))
}

// Stopwatch measures how long something takes, whatever the clock does
// meanwhile. The zero value has not been started.
type Stopwatch struct{ start time.Time }

// Start starts a stopwatch.
func Start() Stopwatch { return Stopwatch{time.Now()} }

// Elapsed returns the time since the start.
func (s Stopwatch) Elapsed() time.Duration { return time.Since(s.start) }
