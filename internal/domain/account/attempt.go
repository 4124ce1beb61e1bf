package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"kith/internal/base/clock"
)

// How many tries a minute are allowed (docs: the setting abuse-limits).
const (
	TriesPerSubject = 10  // failures of one user, code, client …
	TriesPerAddress = 100 // failures from one network address
	PostsPerAddress = 60  // sign-ups and other forms from one network address
)

// Limiter counts tries over all processes, by the minute, and refuses what
// comes too often. Who gets in costs nothing: only failures are counted.
type Limiter struct {
	store Store
	clock clock.Clock
	on    bool
}

// NewLimiter returns a limiter; where on is false it allows everything.
func NewLimiter(store Store, c clock.Clock, on bool) *Limiter {
	return &Limiter{store: store, clock: c, on: on}
}

// Try is something that may be tried only so often: a sign-in, a token, a
// device code. Kind keeps the counts of different pages apart. Subject is what
// was tried (a username, a client id), Address where from; an empty one is not
// counted.
type Try struct {
	Kind    string
	Subject string
	Address string
}

// Allow returns ErrAttempts, saying how long to wait, when too many tries like
// this one have failed in this minute.
func (l *Limiter) Allow(ctx context.Context, t Try) error {
	return l.allow(ctx, t.counters())
}

// Failed counts a try that failed.
func (l *Limiter) Failed(ctx context.Context, t Try) error {
	if !l.on {
		return nil
	}
	minute, _ := l.minute()
	return l.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		return count(ctx, tx, t.counters(), minute)
	})
}

// Post counts one form sent from a network address and returns ErrAttempts
// when there were too many in this minute.
func (l *Limiter) Post(ctx context.Context, address string) error {
	if !l.on || address == "" {
		return nil
	}
	c := []counter{{bucket("post", "address", address), PostsPerAddress}}
	if err := l.allow(ctx, c); err != nil {
		return err
	}
	minute, _ := l.minute()
	return l.store.Within(ctx, func(ctx context.Context, tx Tx) error { return count(ctx, tx, c, minute) })
}

// counter is a bucket of tries and how many it takes.
type counter struct {
	bucket string
	most   int
}

func (t Try) counters() []counter {
	var all []counter
	if t.Subject != "" {
		all = append(all, counter{bucket(t.Kind, "subject", t.Subject), TriesPerSubject})
	}
	if t.Address != "" {
		all = append(all, counter{bucket(t.Kind, "address", t.Address), TriesPerAddress})
	}
	return all
}

// bucket names what is counted without keeping it: people type passwords where
// their name belongs.
func bucket(kind, what, value string) string {
	sum := sha256.Sum256([]byte(value))
	return kind + ":" + what + ":" + hex.EncodeToString(sum[:16])
}

func (l *Limiter) allow(ctx context.Context, counters []counter) error {
	if !l.on || len(counters) == 0 {
		return nil
	}
	minute, rest := l.minute()
	return l.store.View(ctx, func(ctx context.Context, tx Tx) error {
		for _, c := range counters {
			n, err := tx.Tries(ctx, c.bucket, minute)
			if err != nil {
				return err
			}
			if n >= c.most {
				return ErrAttempts.After(rest)
			}
		}
		return nil
	})
}

func count(ctx context.Context, tx Tx, counters []counter, minute int64) error {
	for _, c := range counters {
		if err := tx.CountTry(ctx, c.bucket, minute); err != nil {
			return err
		}
	}
	return nil
}

// minute returns the minute that is counted in, and how much of it is left.
func (l *Limiter) minute() (minute int64, rest time.Duration) {
	now := l.clock.Now()
	start := now.Truncate(time.Minute)
	return start.Unix() / 60, start.Add(time.Minute).Sub(now)
}
