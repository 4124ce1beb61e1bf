// Package text checks what people type into fields of plain text. What a field
// means is said by who asks.
package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Check reports what is wrong with s as the value of a field of at most most
// characters: a stable code and the end of a sentence that begins with the
// field. An empty code means nothing is. What neither database nor any reader
// could show is refused: bytes that are not UTF-8 and control characters
// other than tabs and the ends of lines.
func Check(s string, most int) (code, message string) {
	if len(s) > most && utf8.RuneCountInString(s) > most {
		return "too_long", fmt.Sprintf("is longer than %d characters", most)
	}
	if !utf8.ValidString(s) {
		return "encoding", "is not valid UTF-8"
	}
	for _, r := range s {
		if unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r' {
			return "control", "has an invisible character inside"
		}
	}
	return "", ""
}

// Fold returns the form in which names are compared and sorted: without case,
// and without space around them.
func Fold(s string) string { return strings.ToLower(strings.ToUpper(strings.TrimSpace(s))) }

// Line returns s as one line of at most so many characters: what is no UTF-8
// is replaced, control characters and runs of spaces become one space.
func Line(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most])
	}
	return s
}
