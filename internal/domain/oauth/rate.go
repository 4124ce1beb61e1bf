package oauth

import (
	"errors"
	"strconv"
	"strings"
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
