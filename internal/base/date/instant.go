package date

import (
	"strings"
	"time"
)

// ParseInstant reads the forms that filters take (v3 contract, GET /contacts,
// updated_after and its like): a date alone, which means its first moment in
// UTC, or a date and a time, with seconds and their fractions or without,
// followed by Z, by an offset with or without its colon, or by nothing, which
// means UTC. A blank before the offset's digits stands for the plus that a
// client forgot to escape. The result is UTC, cut to the millisecond, as all
// times in Kith are. It fails with ErrInstant or ErrNoSuchDay.
func ParseInstant(s string) (time.Time, error) {
	d, rest, err := isoDay(s)
	if err != nil {
		return time.Time{}, err
	}
	if rest == "" {
		return d.Time(), nil
	}
	if c := rest[0]; c != 'T' && c != 't' && c != ' ' {
		return time.Time{}, ErrInstant
	}
	hour, rest, ok := fixed(rest[1:], 2)
	if !ok || hour > 23 || rest == "" || rest[0] != ':' {
		return time.Time{}, ErrInstant
	}
	minute, rest, ok := fixed(rest[1:], 2)
	if !ok || minute > 59 {
		return time.Time{}, ErrInstant
	}
	second, nanos := 0, 0
	if strings.HasPrefix(rest, ":") {
		second, rest, ok = fixed(rest[1:], 2)
		if !ok || second > 59 {
			return time.Time{}, ErrInstant
		}
		if nanos, rest, ok = fraction(rest); !ok {
			return time.Time{}, ErrInstant
		}
	}
	east, ok := offset(rest)
	if !ok {
		return time.Time{}, ErrInstant
	}
	t := time.Date(d.Year, d.Month, d.Day, hour, minute, second, nanos, time.UTC).Add(-east)
	if y := t.Year(); y < 0 || y > 9999 {
		return time.Time{}, ErrInstant
	}
	return t.Truncate(time.Millisecond), nil
}

// isoDay reads YYYY-MM-DD at the start of s.
func isoDay(s string) (Day, string, error) {
	y, rest, ok := fixed(s, 4)
	if !ok || rest == "" || rest[0] != '-' {
		return Day{}, s, ErrInstant
	}
	m, rest, ok := fixed(rest[1:], 2)
	if !ok || rest == "" || rest[0] != '-' {
		return Day{}, s, ErrInstant
	}
	n, rest, ok := fixed(rest[1:], 2)
	if !ok {
		return Day{}, s, ErrInstant
	}
	d := Day{y, time.Month(m), n}
	if !d.exists() {
		return Day{}, s, ErrNoSuchDay
	}
	return d, rest, nil
}

// fraction reads a point (or, as ISO 8601 has it, a comma) and one to nine
// digits; what is beyond nanoseconds is dropped.
func fraction(s string) (nanos int, rest string, ok bool) {
	if s == "" || s[0] != '.' && s[0] != ',' {
		return 0, s, true
	}
	s = s[1:]
	scale, digits := int(time.Second), 0
	for len(s) > 0 && '0' <= s[0] && s[0] <= '9' {
		scale /= 10
		nanos += int(s[0]-'0') * scale
		s = s[1:]
		digits++
	}
	return nanos, s, digits > 0
}

// offset reads the whole of s as a distance from UTC.
func offset(s string) (time.Duration, bool) {
	if s == "" || s == "Z" || s == "z" {
		return 0, true
	}
	sign := time.Duration(1)
	switch s[0] {
	case '+', ' ':
	case '-':
		sign = -1
	default:
		return 0, false
	}
	h, rest, ok := fixed(s[1:], 2)
	if !ok || h > 23 {
		return 0, false
	}
	m := 0
	if rest != "" {
		rest = strings.TrimPrefix(rest, ":")
		if m, rest, ok = fixed(rest, 2); !ok || rest != "" || m > 59 {
			return 0, false
		}
	}
	return sign * (time.Duration(h)*time.Hour + time.Duration(m)*time.Minute), true //nolint:durationcheck // the sign is 1 or -1
}
