package oauth

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// Rate is how many calls an application may make. A part that is zero sets no
// limit (v3 contract, rate limits: counted by application, over all its users;
// a day ends at midnight UTC).
type Rate struct {
	PerSecond, PerDay int
}

// ErrRate is text that is neither off nor a rate.
var ErrRate = errors.New("is neither off nor a rate, as in 4/s,10000/d")

// IsZero reports whether the rate sets no limit at all.
func (r Rate) IsZero() bool { return r == Rate{} }

// String returns the rate in the form that ParseRate reads.
func (r Rate) String() string {
	var parts []string
	if r.PerSecond > 0 {
		parts = append(parts, strconv.Itoa(r.PerSecond)+"/s")
	}
	if r.PerDay > 0 {
		parts = append(parts, strconv.Itoa(r.PerDay)+"/d")
	}
	if parts == nil {
		return "off"
	}
	return strings.Join(parts, ",")
}

// ParseRate reads off, or calls a second and a day as in 4/s,10000/d, either
// of which may be left out.
func ParseRate(text string) (Rate, error) {
	if text == "off" {
		return Rate{}, nil
	}
	var r Rate
	for part := range strings.SplitSeq(text, ",") {
		number, unit, _ := strings.Cut(strings.TrimSpace(part), "/")
		n, err := strconv.ParseInt(number, 10, 32)
		if err != nil || n < 1 {
			return Rate{}, ErrRate
		}
		switch {
		case unit == "s" && r.PerSecond == 0:
			r.PerSecond = int(n)
		case unit == "d" && r.PerDay == 0:
			r.PerDay = int(n)
		default:
			return Rate{}, ErrRate
		}
	}
	return r, nil
}

// Counter is something that is counted for an application.
type Counter struct {
	// What is api or token.
	What string
	// Period is the length of the time that is counted in, in seconds.
	Period int64
}

// The counters. They are stored.
var (
	callsPerSecond  = Counter{"api", 1}
	callsPerDay     = Counter{"api", 86400}
	tokensPerSecond = Counter{"token", 1}
)

// tokenRate is how many token requests a second an application may make, where
// a limit is set for it (v3 contract, rate limits).
const tokenRate = 1

// RateOf returns the limit that holds for an application.
func (s *Service) RateOf(a Application) Rate { return s.rateOf(a.Rate) }

// rateOf returns the limit of an application: its own, or the server's where
// it has none.
func (s *Service) rateOf(own string) Rate {
	if own == "" {
		return s.o.Rate
	}
	r, err := ParseRate(own)
	if err != nil { // it was checked before it was kept
		return s.o.Rate
	}
	return r
}

// Admit counts a call of an application, over all processes, and returns
// ErrRateSecond or ErrRateDay, saying how long to wait, where it is one too
// many. A call that is refused does not count. Sessions, access keys and
// applications without a limit are not counted.
func (s *Service) Admit(ctx context.Context, p Principal) error {
	if p.Client == nil || p.Client.Rate.IsZero() {
		return nil
	}
	return s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		if err := count(ctx, tx, p.Client.ID, callsPerSecond, p.Client.Rate.PerSecond, ErrRateSecond.After); err != nil {
			return err
		}
		return count(ctx, tx, p.Client.ID, callsPerDay, p.Client.Rate.PerDay, ErrRateDay.After)
	})
}

// admitToken counts a token request of an application that has a limit.
func (s *Service) admitToken(ctx context.Context, a Application) error {
	if s.rateOf(a.Rate).IsZero() {
		return nil
	}
	return s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		return count(ctx, tx, a.ID, tokensPerSecond, tokenRate, ErrTokenRate.After)
	})
}

// count adds one call to a counter; where that is beyond the limit it says so,
// and how long until the next period begins. No limit counts nothing.
func count(ctx context.Context, tx Tx, application id.Application, c Counter, limit int, beyond func(time.Duration) *fault.Error) error {
	if limit == 0 {
		return nil
	}
	period := time.Duration(c.Period) * time.Second
	start := tx.Now().Truncate(period)
	ok, err := tx.CountCall(ctx, application, c, start.Unix(), limit)
	if err != nil || ok {
		return err
	}
	return beyond(start.Add(period).Sub(tx.Now()))
}
