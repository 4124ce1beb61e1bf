package phone_test

import (
	"testing"

	"kith/internal/base/phone"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, full, national string }{
		{"12025550134", "12025550134", "12025550134"},
		{"+1 (202) 555-0134", "12025550134", "12025550134"},
		{" 1.202.555.0134 ", "12025550134", "12025550134"},
		{"2025550134", "", "12025550134"},
		{"202-555-0134", "", "12025550134"},
		{"1231231234", "", "11231231234"}, // the contract's own example
		{"5081231235", "", "15081231235"},
		{"+2025550134", "", ""},
		{"+442071838750", "", ""},
		{"442071838750", "", ""},
		{"33123456789", "", ""},
		{"0123456789", "", ""},
		{"10123456789", "", ""},
		{"1202555013", "", "11202555013"},
		{"202555013", "", ""},
		{"2025550134 x5", "", ""},
		{"1+2025550134", "", ""},
		{"++12025550134", "", ""},
		{"٢٠٢٥٥٥٠١٣٤", "", ""},
		{"", "", ""},
		{"+", "", ""},
	} {
		n, err := phone.Parse(c.text)
		if n.Full() != c.full || (err == nil) != (c.full != "") {
			t.Errorf("Parse(%q): %q %v, want %q", c.text, n.Full(), err, c.full)
		}
		n, err = phone.ParseNational(c.text)
		if n.Full() != c.national || (err == nil) != (c.national != "") {
			t.Errorf("ParseNational(%q): %q %v, want %q", c.text, n.Full(), err, c.national)
		}
	}
}

// What is read is read again from what is written.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"12025550134", "+1 (202) 555-0134", "2025550134", "", "+"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := phone.ParseNational(s)
		if n.IsZero() != (err != nil) {
			t.Fatalf("%q: %v and %v", s, n, err)
		}
		if full, err := phone.Parse(s); err == nil && full != n {
			t.Fatalf("%q: %v with its dial code, %v within the country", s, full, n)
		}
		if err != nil {
			return
		}
		again, err := phone.Parse(n.Full())
		if err != nil || again != n || phone.Stored(n.Full()) != n {
			t.Fatalf("%q: %v, again %v, %v", s, n, again, err)
		}
	})
}
