// Package date reads the whole-day dates and the instants that people and
// programs write in files and filters. It knows their forms; which days make
// sense for a field is said by the functions that bear the field's name.
package date

import (
	"errors"
	"strconv"
	"time"
)

// Faults of a date. Their texts end a sentence that begins with the field.
var (
	// ErrForm is text in none of the accepted forms.
	ErrForm = errors.New("is not a date such as 2019-03-14 or 03/14/2019")
	// ErrNoSuchDay is a well-formed date that no calendar has.
	ErrNoSuchDay = errors.New("is a day that does not exist")
	// ErrRange is a year that is too long ago or too far ahead.
	ErrRange = errors.New("must lie after 1900 and at most 10 years ahead")
	// ErrBirthday is text in none of the accepted forms of a birthday.
	ErrBirthday = errors.New("is not a day such as 03/14, 14-March or 1990-03-14")
	// ErrInstant is text in none of the accepted forms of an instant.
	ErrInstant = errors.New("is not a time such as 2026-03-01 or 2026-03-01T17:05:09Z")
)

// Range of years of an anniversary (v2 contract, contact custom dates; the v3
// contract does not narrow it further).
const (
	minYear    = 1901
	yearsAhead = 10
)

// Day is a day of the Gregorian calendar, in no time zone. The zero value is
// no day. Days may be compared with ==.
type Day struct {
	Year  int
	Month time.Month
	Day   int
}

// Of returns the day of t in UTC.
func Of(t time.Time) Day {
	y, m, d := t.UTC().Date()
	return Day{y, m, d}
}

// ParseDay reads the eight forms of v3 contract, ContactResource.anniversary:
// MM/DD/YYYY, M/D/YYYY, MM-DD-YYYY, M-D-YYYY, YYYY/MM/DD, YYYY/M/D, YYYY-MM-DD
// and YYYY-M-D. Month and day may differ in length; both separators must be
// the same. Any year of four digits but 0000 is taken. It fails with ErrForm or
// ErrNoSuchDay.
func ParseDay(s string) (Day, error) {
	if len(s) < len("1/1/2000") || len(s) > len("01/01/2000") {
		return Day{}, ErrForm
	}
	a, rest, ok := number(s)
	if !ok || rest == "" || !separator(rest[0]) {
		return Day{}, ErrForm
	}
	first, sep := len(s)-len(rest), rest[0]
	b, rest, ok := number(rest[1:])
	if !ok || rest == "" || rest[0] != sep {
		return Day{}, ErrForm
	}
	second := len(s) - len(rest) - first - 1
	c, end, ok := number(rest[1:])
	if !ok || end != "" || second > 2 {
		return Day{}, ErrForm
	}
	third := len(rest) - 1
	var d Day
	switch {
	case first == 4 && third <= 2:
		d = Day{a, time.Month(b), c}
	case first <= 2 && third == 4:
		d = Day{c, time.Month(a), b}
	default:
		return Day{}, ErrForm
	}
	if !d.exists() {
		return Day{}, ErrNoSuchDay
	}
	return d, nil
}

// ParseAnniversary reads what ParseDay reads and holds it to the range of an
// anniversary, which ends ten years after thisYear. It fails with ErrRange
// beside the errors of ParseDay.
func ParseAnniversary(s string, thisYear int) (Day, error) {
	d, err := ParseDay(s)
	if err != nil {
		return Day{}, err
	}
	if d.Year < minYear || d.Year > thisYear+yearsAhead {
		return Day{}, ErrRange
	}
	return d, nil
}

// IsZero reports whether d is no day.
func (d Day) IsZero() bool { return d == Day{} }

// String returns YYYY-MM-DD, the form in which the v3 contract answers; empty
// for the zero value.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	b := make([]byte, 0, len("2006-01-02"))
	b = pad(b, d.Year, 4)
	b = append(b, '-')
	b = pad(b, int(d.Month), 2)
	b = append(b, '-')
	b = pad(b, d.Day, 2)
	return string(b)
}

// Time returns the start of the day in UTC.
func (d Day) Time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// exists reports whether the calendar has the day.
func (d Day) exists() bool {
	return d.Year >= 1 && d.Year <= 9999 && d.Month >= 1 && d.Month <= 12 && d.Day >= 1 && d.Day <= daysIn(d.Month, d.Year)
}

// daysIn returns the length of a month; year 0 stands for a leap year.
func daysIn(m time.Month, year int) int {
	switch m {
	case time.February:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case time.April, time.June, time.September, time.November:
		return 30
	}
	return 31
}

func separator(c byte) bool { return c == '/' || c == '-' }

// number reads the digits at the start of s, one to nine of them.
func number(s string) (n int, rest string, ok bool) {
	i := 0
	for i < len(s) && i < 10 && '0' <= s[i] && s[i] <= '9' {
		n = n*10 + int(s[i]-'0')
		i++
	}
	return n, s[i:], i > 0 && i < 10
}

// fixed reads exactly width digits at the start of s.
func fixed(s string, width int) (n int, rest string, ok bool) {
	if len(s) < width {
		return 0, s, false
	}
	for i := range width {
		c := s[i]
		if c < '0' || c > '9' {
			return 0, s, false
		}
		n = n*10 + int(c-'0')
	}
	return n, s[width:], true
}

// pad appends n with at least width digits.
func pad(b []byte, n, width int) []byte {
	for limit := 10; width > 1; width-- {
		if n < limit {
			for range width - 1 {
				b = append(b, '0')
			}
			break
		}
		limit *= 10
	}
	return strconv.AppendInt(b, int64(n), 10)
}
