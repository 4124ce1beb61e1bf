package id_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"kith/internal/base/id"
)

func TestUIDsGrow(t *testing.T) {
	s := id.NewSource()
	now := time.UnixMilli(1_790_000_000_000)
	last := s.UID(now)
	for i := range 10_000 {
		// The clock stands, then steps back; order must hold all the same.
		u := s.UID(now.Add(-time.Duration(i/5000) * time.Hour))
		if bytes.Compare(u[:8], last[:8]) <= 0 {
			t.Fatalf("UID %d %s is not after %s", i, u, last)
		}
		last = u
	}
}

func TestTimeOfAUID(t *testing.T) {
	at := time.UnixMilli(1_790_000_000_123)
	u := id.NewSource().UID(at)
	if got := u.Time(); !got.Equal(at) {
		t.Errorf("made at %s, it says %s", at, got)
	}
	if u.Compare(id.LeastUID(at)) <= 0 || u.Compare(id.LeastUID(at.Add(time.Millisecond))) >= 0 {
		t.Errorf("%s does not lie within its millisecond", u)
	}
}

func TestUIDForm(t *testing.T) {
	now := time.UnixMilli(0x0123456789ab)
	got := id.NewSource().UID(now).String()
	if !strings.HasPrefix(got, "01234567-89ab-7000-") {
		t.Errorf("got %s, want the time and version 7 (RFC 9562 §5.7)", got)
	}
	if c := got[19]; c != '8' && c != '9' && c != 'a' && c != 'b' {
		t.Errorf("variant digit %q in %s", c, got)
	}
	u, err := id.ParseUID(strings.ToUpper(got))
	if err != nil || u.String() != got {
		t.Errorf("ParseUID of the upper-case form = %s, %v", u, err)
	}
}

func FuzzParseUID(f *testing.F) {
	f.Add("0190a0b0-c0d0-7000-8000-000000000000")
	f.Add("0190a0b0c0d070008000000000000000")
	f.Add("00000000-0000-0000-0000-000000-00000")
	f.Add("00000000-0000-0000-0000-0000000000--")
	f.Fuzz(func(t *testing.T, s string) {
		u, err := id.ParseUID(s)
		if err != nil {
			if !errors.Is(err, id.ErrUID) {
				t.Fatalf("unexpected error %v", err)
			}
			return
		}
		if got := u.String(); got != strings.ToLower(s) {
			t.Errorf("%q parses to %q", s, got)
		}
	})
}

func BenchmarkUID(b *testing.B) {
	s, now := id.NewSource(), time.Now()
	for b.Loop() {
		s.UID(now)
	}
}
