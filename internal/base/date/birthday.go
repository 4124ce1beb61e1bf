package date

import (
	"strings"
	"time"
)

// Birthday is a day that returns each year. The zero value is none.
type Birthday struct {
	Month time.Month
	Day   int
}

// NewBirthday checks a month and a day; 29 February is a birthday. It fails
// with ErrNoSuchDay.
func NewBirthday(month, day int) (Birthday, error) {
	if month < 1 || month > 12 || day < 1 || day > daysIn(time.Month(month), 0) {
		return Birthday{}, ErrNoSuchDay
	}
	return Birthday{time.Month(month), day}, nil
}

// ParseBirthday reads a birthday as people keep them in address books: the
// forms of ParseDay; a day and a month's English name, whole or its first
// three letters, with or without a year of two or four digits (14-March,
// 4-Mar-90); a month and a day (03/14, 3-14, and the vCard form --03-14, which
// contact exports write when the year is not known). The year is dropped. It
// fails with ErrBirthday or ErrNoSuchDay.
func ParseBirthday(s string) (Birthday, error) {
	if d, err := ParseDay(s); err == nil {
		return Birthday{d.Month, d.Day}, nil
	} else if err == ErrNoSuchDay { //nolint:errorlint // ParseDay returns its sentinels bare
		return Birthday{}, err
	}
	s = strings.TrimPrefix(s, "--")
	a, rest, ok := number(s)
	if !ok || len(s)-len(rest) > 2 || rest == "" {
		return Birthday{}, ErrBirthday
	}
	sep := rest[0]
	if !separator(sep) && sep != ' ' {
		return Birthday{}, ErrBirthday
	}
	rest = rest[1:]
	if b, end, ok := number(rest); ok {
		if end != "" || len(rest) > 2 || sep == ' ' {
			return Birthday{}, ErrBirthday
		}
		return NewBirthday(a, b)
	}
	name, year, dated := strings.Cut(rest, string(sep))
	if dated && !shortYear(year) {
		return Birthday{}, ErrBirthday
	}
	m := monthNamed(name)
	if m == 0 {
		return Birthday{}, ErrBirthday
	}
	return NewBirthday(int(m), a)
}

// IsZero reports whether b is none.
func (b Birthday) IsZero() bool { return b == Birthday{} }

// monthNamed returns the month of an English name, or zero.
func monthNamed(s string) time.Month {
	for m := time.January; m <= time.December; m++ {
		name := m.String()
		if strings.EqualFold(s, name) || strings.EqualFold(s, name[:3]) {
			return m
		}
	}
	return 0
}

// shortYear reports whether s is a year of two or four digits.
func shortYear(s string) bool {
	_, end, ok := number(s)
	return ok && end == "" && (len(s) == 2 || len(s) == 4)
}
