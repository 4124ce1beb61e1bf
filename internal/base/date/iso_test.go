package date_test

import (
	"errors"
	"testing"
	"time"

	"kith/internal/base/date"
)

func TestParseISO(t *testing.T) {
	for in, want := range map[string]string{
		"2024":                           "2024-01-01T00:00:00.000Z",
		"2024-02":                        "2024-02-01T00:00:00.000Z",
		"2024-02-29":                     "2024-02-29T00:00:00.000Z",
		"2024-W01":                       "2024-01-01T00:00:00.000Z",
		"2024-W05-3":                     "2024-01-31T00:00:00.000Z",
		"2020-W53-7":                     "2021-01-03T00:00:00.000Z",
		"2021-W01":                       "2021-01-04T00:00:00.000Z",
		"2024-031":                       "2024-01-31T00:00:00.000Z",
		"2024-366":                       "2024-12-31T00:00:00.000Z",
		"T08:15:00.250":                  "1970-01-01T08:15:00.250Z",
		"2024-01-31T08:15:00.2Z":         "2024-01-31T08:15:00.200Z",
		"2024-01-31T08:15:00.123456789Z": "2024-01-31T08:15:00.123Z",
		"2024-01-31T08:15:00+02:00":      "2024-01-31T06:15:00.000Z",
		"2024-01-31T23:15:00.000+0000":   "2024-01-31T23:15:00.000Z",
		"2024-01-31T23:15:00-01:30":      "2024-02-01T00:45:00.000Z",
	} {
		got, err := date.ParseISO(in)
		if err != nil || got.Format("2006-01-02T15:04:05.000Z") != want || got.Location() != time.UTC {
			t.Errorf("%s: got %v, %v; want %s", in, got, err, want)
		}
	}
	for in, want := range map[string]error{
		"": date.ErrISO, "20240131": date.ErrISO, "202401": date.ErrISO, "2024W05": date.ErrISO, "2024W053": date.ErrISO,
		"2024031": date.ErrISO, "08:15:00.250": date.ErrISO, "T081500.250": date.ErrISO, "T25:00:00": date.ErrISO,
		"2024-1-1": date.ErrISO, "2024-W5": date.ErrISO, "2024-W051": date.ErrISO, "2024-01-31 am": date.ErrISO,
		"2024-01-31T24:00:00Z": date.ErrISO, "2024-01-31T08:15:00.Z": date.ErrISO,
		"2024-13": date.ErrNoSuchDay, "2024-02-30": date.ErrNoSuchDay, "2023-366": date.ErrNoSuchDay, "2024-000": date.ErrNoSuchDay,
		"2021-W53": date.ErrNoSuchDay, "2024-W05-8": date.ErrNoSuchDay, "2024-W00": date.ErrNoSuchDay, "2024-W05-0": date.ErrNoSuchDay,
	} {
		if got, err := date.ParseISO(in); !errors.Is(err, want) {
			t.Errorf("%q: got %v, %v; want %v", in, got, err, want)
		}
	}
}

func FuzzParseISO(f *testing.F) {
	f.Add("2024-W05-3")
	f.Add("T08:15:00.250")
	f.Add("2024-01-31T08:15:00.2+02:00")
	f.Fuzz(func(t *testing.T, s string) {
		at, err := date.ParseISO(s)
		if err != nil {
			if !at.IsZero() {
				t.Errorf("%q: %v beside %v", s, at, err)
			}
			return
		}
		text := at.Format("2006-01-02T15:04:05.000Z")
		if again, err := date.ParseISO(text); err != nil || !again.Equal(at) {
			t.Errorf("%q is %s, and read again %v, %v", s, text, again, err)
		}
	})
}
