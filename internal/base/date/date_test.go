package date

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestParseDay(t *testing.T) {
	t.Parallel()
	march := Day{2019, time.March, 4}
	for _, tt := range []struct {
		in   string
		want Day
		err  error
	}{
		{"03/04/2019", march, nil},
		{"3/4/2019", march, nil},
		{"03-04-2019", march, nil},
		{"3-4-2019", march, nil},
		{"2019/03/04", march, nil},
		{"2019/3/4", march, nil},
		{"2019-03-04", march, nil},
		{"2019-3-4", march, nil},
		{"03/4/2019", march, nil},
		{"02/29/2020", Day{2020, time.February, 29}, nil},
		{"12/31/9999", Day{9999, time.December, 31}, nil},
		{"02/29/2019", Day{}, ErrNoSuchDay},
		{"02/29/1900", Day{}, ErrNoSuchDay},
		{"13/04/2019", Day{}, ErrNoSuchDay},
		{"04/31/2019", Day{}, ErrNoSuchDay},
		{"2019-00-04", Day{}, ErrNoSuchDay},
		{"2019-01-00", Day{}, ErrNoSuchDay},
		{"0000-01-01", Day{}, ErrNoSuchDay},
		{"", Day{}, ErrForm},
		{"03/04", Day{}, ErrForm},
		{"03/04/19", Day{}, ErrForm},
		{"03/04-2019", Day{}, ErrForm},
		{"03.04.2019", Day{}, ErrForm},
		{"003/4/2019", Day{}, ErrForm},
		{"3/004/2019", Day{}, ErrForm},
		{"2019-03-04Z", Day{}, ErrForm},
		{" 3/4/2019", Day{}, ErrForm},
		{"+3/4/2019", Day{}, ErrForm},
		{"2019--3-4", Day{}, ErrForm},
		{"٣/٤/2019", Day{}, ErrForm},
	} {
		got, err := ParseDay(tt.in)
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("ParseDay(%q) = %v, %v; want %v, %v", tt.in, got, err, tt.want, tt.err)
		}
	}
}

func TestParseAnniversaryRange(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in  string
		err error
	}{
		{"1901-01-01", nil},
		{"2036-12-31", nil},
		{"1900-12-31", ErrRange},
		{"2037-01-01", ErrRange},
		{"2037-13-01", ErrNoSuchDay},
		{"soon", ErrForm},
	} {
		if _, err := ParseAnniversary(tt.in, 2026); !errors.Is(err, tt.err) {
			t.Errorf("ParseAnniversary(%q, 2026) fails with %v, want %v", tt.in, err, tt.err)
		}
	}
}

// Every day of some years, in every form.
func TestParseDayAgainstTime(t *testing.T) {
	t.Parallel()
	for at := time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2005; at = at.AddDate(0, 0, 1) {
		for _, layout := range []string{
			"01/02/2006", "1/2/2006", "2006/01/02", "2006/1/2", "2006-01-02", "2006-1-2", "01-02-2006", "1-2-2006",
		} {
			got, err := ParseDay(at.Format(layout))
			if err != nil || got != Of(at) || !got.Time().Equal(at) || got.String() != at.Format(time.DateOnly) {
				t.Fatalf("ParseDay(%q) = %v, %v", at.Format(layout), got, err)
			}
		}
	}
	if s := (Day{7, time.March, 4}).String(); s != "0007-03-04" {
		t.Errorf("year 7 prints as %q", s)
	}
}

func TestParseBirthday(t *testing.T) {
	t.Parallel()
	march := Birthday{time.March, 14}
	for _, tt := range []struct {
		in   string
		want Birthday
		err  error
	}{
		{"03/14/1990", march, nil},
		{"3-14-1990", march, nil},
		{"1990-03-14", march, nil},
		{"1604-03-14", march, nil},
		{"14-March", march, nil},
		{"14-march-90", march, nil},
		{"14-MAR-1990", march, nil},
		{"14 March 1990", march, nil},
		{"4-March", Birthday{time.March, 4}, nil},
		{"04-May", Birthday{time.May, 4}, nil},
		{"03/14", march, nil},
		{"3/14", march, nil},
		{"3-14", march, nil},
		{"--03-14", march, nil},
		{"02/29", Birthday{time.February, 29}, nil},
		{"29-Feb-91", Birthday{time.February, 29}, nil},
		{"02/29/1991", Birthday{}, ErrNoSuchDay},
		{"02/30", Birthday{}, ErrNoSuchDay},
		{"14/03", Birthday{}, ErrNoSuchDay},
		{"31-April", Birthday{}, ErrNoSuchDay},
		{"0/0", Birthday{}, ErrNoSuchDay},
		{"", Birthday{}, ErrBirthday},
		{"March", Birthday{}, ErrBirthday},
		{"14", Birthday{}, ErrBirthday},
		{"14-", Birthday{}, ErrBirthday},
		{"14-Mars", Birthday{}, ErrBirthday},
		{"14-March-", Birthday{}, ErrBirthday},
		{"14-March-190", Birthday{}, ErrBirthday},
		{"3/14/90", Birthday{}, ErrBirthday},
		{"3/014", Birthday{}, ErrBirthday},
		{"3 14", Birthday{}, ErrBirthday},
	} {
		got, err := ParseBirthday(tt.in)
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("ParseBirthday(%q) = %v, %v; want %v, %v", tt.in, got, err, tt.want, tt.err)
		}
	}
}

func TestParseInstant(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.March, 1, 17, 5, 9, 0, time.UTC)
	for _, tt := range []struct {
		in   string
		want time.Time
		err  error
	}{
		{"2026-03-01", time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC), nil},
		{"2026-03-01T17:05:09Z", at, nil},
		{"2026-03-01t17:05:09z", at, nil},
		{"2026-03-01T17:05:09", at, nil},
		{"2026-03-01 17:05:09", at, nil},
		{"2026-03-01T17:05:09.000Z", at, nil},
		{"2026-03-01T17:05:09.123456789Z", at.Add(123 * time.Millisecond), nil},
		{"2026-03-01T17:05:09,5Z", at.Add(500 * time.Millisecond), nil},
		{"2026-03-01T17:05:09.1234567891234Z", at.Add(123 * time.Millisecond), nil},
		{"2026-03-01T17:05Z", at.Add(-9 * time.Second), nil},
		{"2026-03-01T12:05:09-05:00", at, nil},
		{"2026-03-01T12:05:09-0500", at, nil},
		{"2026-03-01T19:05:09+02:00", at, nil},
		{"2026-03-01T19:05:09+0200", at, nil},
		{"2026-03-01T19:05:09 02:00", at, nil},
		{"2026-03-01T19:05:09 0200", at, nil},
		{"2026-03-01T19:05:09.000+02", at, nil},
		{"2026-03-02T00:05:09+07:00", at, nil},
		{"2026-02-29", time.Time{}, ErrNoSuchDay},
		{"2026-13-01T00:00:00Z", time.Time{}, ErrNoSuchDay},
		{"", time.Time{}, ErrInstant},
		{"yesterday", time.Time{}, ErrInstant},
		{"2026-3-1", time.Time{}, ErrInstant},
		{"2026-03-01T", time.Time{}, ErrInstant},
		{"2026-03-01T24:00:00Z", time.Time{}, ErrInstant},
		{"2026-03-01T17:60:00Z", time.Time{}, ErrInstant},
		{"2026-03-01T17:05:60Z", time.Time{}, ErrInstant},
		{"2026-03-01T17:05:09.Z", time.Time{}, ErrInstant},
		{"2026-03-01T17:05:09+5", time.Time{}, ErrInstant},
		{"2026-03-01T17:05:09+05:0", time.Time{}, ErrInstant},
		{"2026-03-01T17:05:09+05:00x", time.Time{}, ErrInstant},
		{"2026-03-01T17:05:09Zulu", time.Time{}, ErrInstant},
		{"2026-03-01+02:00", time.Time{}, ErrInstant},
		{"0001-01-01T00:00:00+23:59", time.Date(0, time.December, 31, 0, 1, 0, 0, time.UTC), nil},
		{"9999-12-31T23:59:59-01:00", time.Time{}, ErrInstant},
	} {
		got, err := ParseInstant(tt.in)
		if !got.Equal(tt.want) || !errors.Is(err, tt.err) {
			t.Errorf("ParseInstant(%q) = %v, %v; want %v, %v", tt.in, got, err, tt.want, tt.err)
		}
	}
}

func FuzzParseDay(f *testing.F) {
	for _, s := range []string{"03/04/2019", "2019-3-4", "14-March-90", "--03-14", "02/29/2019"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDay(s)
		if err == nil {
			again, err := ParseDay(d.String())
			if err != nil || again != d {
				t.Fatalf("ParseDay(%q) = %v, which parses to %v, %v", s, d, again, err)
			}
			if Of(d.Time()) != d {
				t.Fatalf("ParseDay(%q) = %v, which is no day", s, d)
			}
		}
		b, berr := ParseBirthday(s)
		if err == nil && (berr != nil || b != Birthday{d.Month, d.Day}) {
			t.Fatalf("ParseBirthday(%q) = %v, %v; the day is %v", s, b, berr, d)
		}
		if berr == nil {
			again, err := ParseBirthday(fmt.Sprintf("%02d/%02d", b.Month, b.Day))
			if err != nil || again != b {
				t.Fatalf("ParseBirthday(%q) = %v, which parses to %v, %v", s, b, again, err)
			}
		}
	})
}

func FuzzParseInstant(f *testing.F) {
	for _, s := range []string{"2026-03-01", "2026-03-01T17:05:09.123Z", "2026-03-01T12:05:09-0500", "2026-03-01T19:05:09 02:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseInstant(s)
		if err != nil {
			return
		}
		again, err := ParseInstant(got.Format("2006-01-02T15:04:05.000Z"))
		if got.Year() > 0 && (err != nil || !again.Equal(got)) {
			t.Fatalf("ParseInstant(%q) = %v, which parses to %v, %v", s, got, again, err)
		}
		if want, err := time.Parse(time.RFC3339Nano, s); err == nil && !want.Truncate(time.Millisecond).Equal(got) {
			t.Fatalf("ParseInstant(%q) = %v, package time says %v", s, got, want)
		}
	})
}

func BenchmarkParseDay(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = ParseDay("03/14/2019")
	}
}

func BenchmarkParseInstant(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = ParseInstant("2026-03-01T12:05:09.123-05:00")
	}
}
