package date

import (
	"errors"
	"strings"
	"time"
)

// ErrISO is text in none of the forms of ISO 8601 that ParseISO takes.
var ErrISO = errors.New("is not a date such as 2026-03-01, 2026-W09-7, 2026-060 or 2026-03-01T17:05:09.000Z")

// ParseISO reads the forms of version 2 (v2 contract, 4): a year; a year and a
// month; a day, by month, by week (2026-W09, 2026-W09-7) or by its number in
// the year (2026-060), each meaning its first moment in UTC; a time alone
// behind a T, on the first day of 1970; and all that ParseInstant reads. Forms
// without hyphens and colons are not taken. The result is UTC, cut to the
// millisecond. It fails with ErrISO or ErrNoSuchDay.
func ParseISO(s string) (time.Time, error) {
	if strings.HasPrefix(s, "T") {
		return isoError(ParseInstant("1970-01-01" + s))
	}
	year, rest, ok := fixed(s, 4)
	if !ok {
		return time.Time{}, ErrISO
	}
	if year == 0 {
		return time.Time{}, ErrNoSuchDay
	}
	if rest == "" {
		return time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC), nil
	}
	if rest[0] != '-' {
		return time.Time{}, ErrISO
	}
	switch rest = rest[1:]; {
	case strings.HasPrefix(rest, "W"):
		return isoWeek(year, rest[1:])
	case len(rest) == 2:
		month, _, ok := fixed(rest, 2)
		if !ok {
			return time.Time{}, ErrISO
		}
		if month < 1 || month > 12 {
			return time.Time{}, ErrNoSuchDay
		}
		return time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC), nil
	case len(rest) == 3:
		day, _, ok := fixed(rest, 3)
		if !ok {
			return time.Time{}, ErrISO
		}
		t := time.Date(year, time.January, day, 0, 0, 0, 0, time.UTC)
		if day == 0 || t.Year() != year {
			return time.Time{}, ErrNoSuchDay
		}
		return t, nil
	}
	return isoError(ParseInstant(s))
}

// isoWeek reads the week of a year and perhaps the day in it (ISO 8601: weeks
// begin on Monday, and the first is the one with the year's first Thursday).
func isoWeek(year int, s string) (time.Time, error) {
	week, rest, ok := fixed(s, 2)
	if !ok {
		return time.Time{}, ErrISO
	}
	day := 1
	if rest != "" {
		var end string
		if rest[0] != '-' {
			return time.Time{}, ErrISO
		}
		if day, end, ok = fixed(rest[1:], 1); !ok || end != "" {
			return time.Time{}, ErrISO
		}
	}
	// 4 January is always in the first week.
	fourth := time.Date(year, time.January, 4, 0, 0, 0, 0, time.UTC)
	monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7)
	t := monday.AddDate(0, 0, 7*(week-1)+day-1)
	if y, w := t.ISOWeek(); day < 1 || day > 7 || y != year || w != week {
		return time.Time{}, ErrNoSuchDay
	}
	return t, nil
}

// isoError says of text that is no instant that it is no such date.
func isoError(t time.Time, err error) (time.Time, error) {
	if errors.Is(err, ErrInstant) {
		err = ErrISO
	}
	return t, err
}
