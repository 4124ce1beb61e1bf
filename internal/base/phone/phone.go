// Package phone reads the numbers of telephones that take short messages. They
// are numbers of the United States: the contract knows no others (v3-guide
// 4.12). Whether a number is in service is not looked at.
package phone

import "errors"

// The country of every number, and the code that is dialled for it.
const (
	Country = "US"
	Dial    = "1"
)

// Faults of numbers, as ends of sentences that begin with the number.
var (
	// ErrFull is a text that is no number with its dial code.
	ErrFull = errors.New("is not a US phone number with its dial code, such as 12025550134")
	// ErrNational is a text that is no number, with a dial code or without.
	ErrNational = errors.New("is not a US phone number, such as 2025550134")
)

// nationalLength is how many digits a number has without its dial code.
const nationalLength = 10

// Number is a number of a telephone. It is compared with ==; the zero value is
// none.
type Number struct{ national string }

// IsZero reports whether there is no number.
func (n Number) IsZero() bool { return n.national == "" }

// National returns the digits without the dial code; empty for none.
func (n Number) National() string { return n.national }

// Full returns the digits with the dial code, the form that is stored; empty
// for none.
func (n Number) Full() string {
	if n.IsZero() {
		return ""
	}
	return Dial + n.national
}

// Stored returns the number that Full wrote.
func Stored(full string) Number {
	if full == "" {
		return Number{}
	}
	return Number{full[len(Dial):]}
}

// Parse reads a number with its dial code (v3 contract,
// ContactSmsChannel.full_sms_address): digits, which may be parted by the signs
// that people write between them and follow a plus sign. It fails with ErrFull.
func Parse(s string) (Number, error) {
	digits, _, ok := read(s)
	if !ok || len(digits) != nationalLength+1 {
		return Number{}, ErrFull
	}
	return national(digits[len(Dial):], digits[:len(Dial)] == Dial, ErrFull)
}

// ParseNational reads a number as it is written within the country (v3
// contract, JsonImportContact.sms_number). One with its dial code is taken too:
// it is one digit longer. It fails with ErrNational.
func ParseNational(s string) (Number, error) {
	digits, plus, ok := read(s)
	switch {
	case !ok || plus && len(digits) == nationalLength:
		return Number{}, ErrNational
	case len(digits) == nationalLength+1:
		return national(digits[len(Dial):], digits[:len(Dial)] == Dial, ErrNational)
	}
	return national(digits, len(digits) == nationalLength, ErrNational)
}

// national takes any ten digits that do not begin with a nought: the contract's
// own examples are no numbers that a plan of numbers would give.
func national(digits string, ok bool, err error) (Number, error) {
	if !ok || digits[0] == '0' {
		return Number{}, err
	}
	return Number{digits}, nil
}

// read returns the digits of a text that holds nothing else but what people
// write between them.
func read(s string) (digits string, plus, ok bool) {
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			b = append(b, c)
		case c == '+' && len(b) == 0 && !plus:
			plus = true
		case c == ' ' || c == '-' || c == '.' || c == '(' || c == ')':
		default:
			return "", plus, false
		}
	}
	return string(b), plus, true
}
