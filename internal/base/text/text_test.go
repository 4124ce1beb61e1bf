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
