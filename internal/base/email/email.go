// Package email holds the checked email address. It decides what an address
// looks like; whether it may be mailed is the business of contacts and
// delivery.
package email

import (
	"log/slog"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxLen is the longest address, in characters (v3 contract,
// ContactResource.email_address.address). RFC 5321 would allow 254 octets; a
// longer address could not be handed out through the API, so none is taken.
const MaxLen = 80

// Limits of RFC 5321 §4.5.3.1 and RFC 1035 §2.3.4, in octets.
const (
	maxLocal = 64
	maxLabel = 63
)

// Address is an email address that passed Parse, in its stored form. The zero
// value is no address. Addresses may be compared with == and used as map keys.
type Address struct {
	s string
}

// Parse checks s and returns it in its stored form: surrounding white space
// removed, lower-cased. It fails with a *ParseError.
//
// The rules are those of the addresses people have, which are a part of those
// RFC 5322 §3.4.1 and RFC 6531 §3.3 allow:
//
//   - the part before the @ is a dot-atom. Letters outside ASCII are taken
//     (RFC 6531), quoted strings and comments are not;
//   - the part after it is a host name of at least two labels whose last is not
//     a number. Internationalised names are kept as given, in Unicode or as
//     "xn--…": the two spellings of one name are two addresses to Kith, since
//     telling them apart takes tables that change from year to year;
//   - a bare host name and an address literal ([192.0.2.1]) are refused.
//
// A lower-case ASCII address without surrounding space costs no allocation.
func Parse(s string) (Address, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Address{}, &ParseError{Reason: Empty}
	}
	if len(s) > MaxLen*utf8.UTFMax || utf8.RuneCountInString(s) > MaxLen {
		return Address{}, &ParseError{Reason: TooLong}
	}
	if !utf8.ValidString(s) {
		return Address{}, &ParseError{Reason: Encoding}
	}
	s = fold(s)
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return Address{}, &ParseError{Reason: NoAt}
	}
	if err := checkLocal(s[:at]); err != nil {
		return Address{}, err
	}
	if err := checkDomain(s[at+1:]); err != nil {
		return Address{}, err
	}
	return Address{s}, nil
}

// Stored returns the address that String wrote, without checking it again. It
// is for the store, which keeps parsed addresses only.
func Stored(s string) Address { return Address{s} }

// fold lower-cases s. ASCII is the common case and worth its own way: what is
// lower-case already is returned as it is.
func fold(s string) string {
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return strings.ToLower(s)
		}
	}
	return s
}

// Classes of ASCII characters.
const (
	inLocal  = 1 << iota // atext of RFC 5322 §3.2.3
	inDomain             // letters and digits of RFC 1123 §2.1
	isDigit
)

// class holds the classes of each ASCII character.
var class = func() (t [utf8.RuneSelf]uint8) {
	for c := byte('a'); c <= 'z'; c++ {
		t[c] = inLocal | inDomain
	}
	for c := byte('0'); c <= '9'; c++ {
		t[c] = inLocal | inDomain | isDigit
	}
	for _, c := range []byte("!#$%&'*+-/=?^_`{|}~") {
		t[c] = inLocal
	}
	return t
}()

// checkLocal checks the part before the @ (RFC 5322 §3.4.1, dot-atom).
func checkLocal(s string) error {
	switch {
	case s == "":
		return &ParseError{Reason: NoLocal}
	case len(s) > maxLocal:
		return &ParseError{Reason: LongLocal}
	case s[0] == '"':
		return &ParseError{Reason: Quoted}
	}
	dot := true // whether a dot may not stand here
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(s[i:])
			if err := checkRune(r); err != nil {
				return err
			}
			i += n - 1
			dot = false
		case class[c]&inLocal != 0:
			dot = false
		case c == '.':
			if dot {
				return &ParseError{Reason: LocalDot}
			}
			dot = true
		default:
			return refused(rune(c), BadLocal)
		}
	}
	if dot {
		return &ParseError{Reason: LocalDot}
	}
	return nil
}

// checkDomain checks the part after the @.
func checkDomain(s string) error {
	switch {
	case s == "":
		return &ParseError{Reason: NoDomain}
	case s[0] == '[':
		return &ParseError{Reason: Literal}
	}
	labels, start, number := 1, 0, true
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(s[i:])
			if err := checkRune(r); err != nil {
				return err
			}
			// What a label may hold beyond this is for the registries
			// to say (RFC 5892); signs and separators never are.
			if !unicode.In(r, unicode.L, unicode.M, unicode.Nd) {
				return &ParseError{Reason: BadDomain, Char: r}
			}
			i += n - 1
			number = false
		case class[c]&inDomain != 0:
			number = number && class[c]&isDigit != 0
		case c == '-':
			number = false
		case c == '.':
			if err := checkLabel(s[start:i]); err != nil {
				return err
			}
			labels, start, number = labels+1, i+1, true
		default:
			return refused(rune(c), BadDomain)
		}
	}
	if err := checkLabel(s[start:]); err != nil {
		return err
	}
	if labels < 2 {
		return &ParseError{Reason: OneLabel}
	}
	if number {
		return &ParseError{Reason: NumberDomain}
	}
	return nil
}

// checkLabel checks one label of a domain whose characters are known good.
func checkLabel(s string) error {
	switch {
	case s == "":
		return &ParseError{Reason: DomainDot}
	case len(s) > maxLabel:
		return &ParseError{Reason: LongLabel}
	case s[0] == '-' || s[len(s)-1] == '-':
		return &ParseError{Reason: Hyphen}
	}
	return nil
}

// checkRune refuses what nobody can see or type: controls, spaces, marks of
// direction and zero width, and the sign that stands for a lost character.
func checkRune(r rune) error {
	switch {
	case r == utf8.RuneError:
		return &ParseError{Reason: Encoding}
	case unicode.IsSpace(r):
		return &ParseError{Reason: Space}
	case !unicode.IsPrint(r):
		return &ParseError{Reason: Control, Char: r}
	}
	return nil
}

// refused names the fault of an ASCII character that may not stand where it
// does.
func refused(c rune, otherwise Reason) error {
	switch {
	case c == '@':
		return &ParseError{Reason: ManyAt}
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		return &ParseError{Reason: Space}
	case c < ' ' || c == 0x7f:
		return &ParseError{Reason: Control, Char: c}
	}
	return &ParseError{Reason: otherwise, Char: c}
}

// IsZero reports whether a is no address.
func (a Address) IsZero() bool { return a.s == "" }

// String returns the stored form, lower-cased: what is kept, shown and mailed.
func (a Address) String() string { return a.s }

// Key returns the form under which an address is unique in an account. It is
// the stored form today; callers that mean uniqueness say Key nonetheless.
func (a Address) Key() string { return a.s }

// Domain returns the part after the @; empty for the zero value.
func (a Address) Domain() string { return a.s[strings.LastIndexByte(a.s, '@')+1:] }

// Local returns the part before the @; empty for the zero value.
func (a Address) Local() string { return a.s[:max(strings.LastIndexByte(a.s, '@'), 0)] }

// LogValue hides the address: logs name contacts by id.
func (a Address) LogValue() slog.Value {
	if a.s == "" {
		return slog.StringValue("")
	}
	return slog.StringValue("***")
}
