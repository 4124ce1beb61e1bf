package email

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestParseAccepts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("l", 64) + "@" + strings.Repeat("d", 11) + ".org"
	for _, tt := range []struct{ name, in, want string }{
		{"plain", "ines@example.org", "ines@example.org"},
		{"upper case is folded", "Ines.Roy@Example.ORG", "ines.roy@example.org"},
		{"surrounding space goes", " \tines@example.org\r\n", "ines@example.org"},
		{"no-break space goes", "\u00a0ines@example.org\u00a0", "ines@example.org"},
		{"tag", "ines+news@example.org", "ines+news@example.org"},
		{"every atext sign", "!#$%&'*+-/=?^_`{|}~@example.org", "!#$%&'*+-/=?^_`{|}~@example.org"},
		{"digits", "2025@4u.example", "2025@4u.example"},
		{"sub-domains", "a@b.c.d.example", "a@b.c.d.example"},
		{"hyphens inside", "a@x--y-z.example", "a@x--y-z.example"},
		{"number label that is not last", "a@123.example", "a@123.example"},
		{"letters outside ASCII before the @", "JOSÉ@example.org", "josé@example.org"},
		{"letters outside ASCII after the @", "a@MÜNCHEN.example", "a@münchen.example"},
		{"combining marks after the @", "a@कंपनी.भारत", "a@कंपनी.भारत"},
		{"punycode is kept", "a@xn--mnchen-3ya.example", "a@xn--mnchen-3ya.example"},
		{"the longest", long, long},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Parse(tt.in)
			if err != nil || got.String() != tt.want || got.Key() != tt.want {
				t.Fatalf("Parse(%q) = %q, %v; want %q", tt.in, got, err, tt.want)
			}
			if got.Local()+"@"+got.Domain() != tt.want {
				t.Errorf("parts %q and %q do not make %q", got.Local(), got.Domain(), tt.want)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		want     Reason
	}{
		{"empty", "", Empty},
		{"spaces only", " \t ", Empty},
		{"81 characters", strings.Repeat("l", 60) + "@" + strings.Repeat("d", 16) + ".org", TooLong},
		{"a megabyte", strings.Repeat("x", 1<<20), TooLong},
		{"no at", "ines.example.org", NoAt},
		{"full-width at", "ines＠example.org", NoAt},
		{"nothing before", "@example.org", NoLocal},
		{"65 octets before", strings.Repeat("l", 65) + "@a.example", LongLocal},
		{"quoted", `"ines roy"@example.org`, Quoted},
		{"leading dot", ".ines@example.org", LocalDot},
		{"trailing dot", "ines.@example.org", LocalDot},
		{"double dot", "ines..roy@example.org", LocalDot},
		{"display name", "Ines<ines@example.org", BadLocal},
		{"two addresses", "a@example.org,b@example.org", ManyAt},
		{"two at", "ines@roy@example.org", ManyAt},
		{"space before", "ines roy@example.org", Space},
		{"space after", "ines@exa mple.org", Space},
		{"line break", "ines\n@example.org", Space},
		{"no-break space inside", "ines\u00a0roy@example.org", Space},
		{"NUL", "ines\x00@example.org", Control},
		{"zero width space", "ines\u200b@example.org", Control},
		{"byte order mark", "\ufeffines@example.org", Control},
		{"right-to-left mark in the domain", "ines@exa\u202emple.org", Control},
		{"Latin-1 bytes", "jos\xe9@example.org", Encoding},
		{"Latin-1 bytes in the domain", "a@m\xfcnchen.example", Encoding},
		{"nothing after", "ines@", NoDomain},
		{"literal", "ines@[192.0.2.1]", Literal},
		{"bare IP address", "ines@192.0.2.1", NumberDomain},
		{"one label", "ines@localhost", OneLabel},
		{"domain begins with a dot", "ines@.example.org", DomainDot},
		{"domain ends with a dot", "ines@example.org.", DomainDot},
		{"domain with two dots", "ines@example..org", DomainDot},
		{"long label", "i@" + strings.Repeat("d", 64) + ".org", LongLabel},
		{"label begins with a hyphen", "ines@-example.org", Hyphen},
		{"label ends with a hyphen", "ines@example-.org", Hyphen},
		{"underscore in the domain", "ines@exa_mple.org", BadDomain},
		{"semicolon behind", "ines@example.org;", BadDomain},
		{"ideographic stop", "ines@example。org", BadDomain},
		{"picture in the domain", "ines@\U0001F4A9.example", BadDomain},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Parse(tt.in)
			e, ok := errors.AsType[*ParseError](err)
			if !ok || e.Reason != tt.want {
				t.Fatalf("Parse(%.90q) = %q, %v; want reason %q", tt.in, got, err, tt.want)
			}
			if !got.IsZero() {
				t.Errorf("a refused address is %q, want none", got)
			}
			if !errors.Is(err, &ParseError{Reason: tt.want}) {
				t.Errorf("errors.Is does not know the reason of %v", err)
			}
		})
	}
}

func TestReasonsAreNamed(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for r := Empty; r < reasonCount; r++ {
		if r.String() == "" || r.Code() == "" || seen[r.Code()] {
			t.Errorf("reason %d: text %q, code %q; want both, each code once", r, r, r.Code())
		}
		seen[r.Code()] = true
	}
}

// Lower-casing what is lower-case must change nothing, whatever the letter:
// otherwise an address read back from the store would be another one.
func TestFoldIsStable(t *testing.T) {
	t.Parallel()
	for r := range rune(unicode.MaxRune + 1) {
		if !utf8.ValidRune(r) {
			continue
		}
		if once := fold(string(r)); fold(once) != once {
			t.Errorf("fold(%U) = %q, again %q", r, once, fold(once))
		}
	}
}

func TestLogHidesAddress(t *testing.T) {
	t.Parallel()
	a, err := Parse("ines@example.org")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "address", a)
	if strings.Contains(b.String(), "ines") || strings.Contains(b.String(), "example") {
		t.Errorf("log line %q shows the address", b.String())
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"ines@example.org", " A+b@X.Example ", "josé@münchen.example", "\"q\"@x.y", "a@b", "İ@İ.example", "a@[::1]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := Parse(s)
		if err != nil {
			if _, ok := errors.AsType[*ParseError](err); !ok || err.Error() == "" {
				t.Fatalf("Parse(%q) fails with %#v", s, err)
			}
			return
		}
		b, err := Parse(a.String())
		if err != nil || a != b {
			t.Fatalf("Parse(%q) = %q, which parses to %q, %v", s, a, b, err)
		}
		if !utf8.ValidString(a.String()) || strings.ContainsAny(a.String(), " \t\r\n\x00,;<>\"") {
			t.Fatalf("Parse(%q) = %q", s, a)
		}
		if utf8.RuneCountInString(a.String()) > MaxLen {
			t.Fatalf("Parse(%q) = %q is too long", s, a)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for _, bb := range []struct{ name, in string }{
		{"folded", "ines.roy.1234567@mail.example.org"},
		{"upper", "Ines.Roy.1234567@Mail.Example.org"},
		{"unicode", "josé.müller@münchen.example"},
		{"bad", "ines.roy.1234567.example.org"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = Parse(bb.in)
			}
		})
	}
}
