package text_test

import (
	"strings"
	"testing"

	"kith/internal/base/text"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct{ name, s, want string }{
		{"empty", "", ""},
		{"just fits", strings.Repeat("x", 10), ""},
		{"length is counted in characters, not bytes", strings.Repeat("ß", 10), ""},
		{"one too long", strings.Repeat("ß", 11), "too_long"},
		{"lines and tabs are text", "a\tb\r\nc", ""},
		{"a zero byte", "a\x00b", "control"},
		{"an escape", "\x1b[31m", "control"},
		{"half a character", "a\xc3", "encoding"},
	} {
		if code, message := text.Check(c.s, 10); code != c.want || (code == "") != (message == "") {
			t.Errorf("%s: got %q %q, want %q", c.name, code, message, c.want)
		}
	}
}

func TestLine(t *testing.T) {
	for s, want := range map[string]string{
		"":                               "",
		" a\r\nBcc:  b\tc ":              "a Bcc: b c",
		"550 \xff":                       "550 \uFFFD",
		"\u00e9\u00e8\u00e0\u00e7\u00f4": "\u00e9\u00e8\u00e0\u00e7\u00f4",
		strings.Repeat("\u00e9", 30):     strings.Repeat("\u00e9", 20),
	} {
		if got := text.Line(s, 20); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}
