package email

import "strconv"

// Reason says which rule an address breaks.
type Reason uint8

// The reasons, in the order in which the rules are tried.
const (
	_            Reason = iota
	Empty               // nothing but white space
	TooLong             // more than MaxLen characters
	NoAt                // no @
	NoLocal             // nothing before the @
	LongLocal           // more than 64 octets before the @
	Quoted              // a quoted string before the @
	LocalDot            // a dot first, last, or twice running before the @
	BadLocal            // another character that may not stand before the @
	ManyAt              // more than one @
	NoDomain            // nothing after the @
	Literal             // an IP address in brackets
	DomainDot           // a dot first, last, or twice running after the @
	LongLabel           // more than 63 octets between two dots of the domain
	Hyphen              // a hyphen first or last between two dots of the domain
	OneLabel            // no dot in the domain
	NumberDomain        // the domain ends in a number, as IP addresses do
	BadDomain           // another character that may not stand after the @
	Space               // white space inside
	Control             // a character that cannot be seen
	Encoding            // not UTF-8
	reasonCount
)

// Code returns the reason's stable name, for machines.
func (r Reason) Code() string {
	if r == 0 || r >= reasonCount {
		return "email.invalid"
	}
	return reasons[r].code
}

// String returns what is wrong as the end of a sentence: "has no @ sign".
func (r Reason) String() string {
	if r == 0 || r >= reasonCount {
		return "is not an email address"
	}
	return reasons[r].text
}

var reasons = [reasonCount]struct{ code, text string }{
	Empty:        {"email.empty", "is empty"},
	TooLong:      {"email.too_long", "is longer than " + strconv.Itoa(MaxLen) + " characters"},
	NoAt:         {"email.no_at", "has no @ sign"},
	NoLocal:      {"email.no_local", "has nothing before the @ sign"},
	LongLocal:    {"email.long_local", "has more than 64 bytes before the @ sign"},
	Quoted:       {"email.quoted", "has a quoted part before the @ sign, which is not supported"},
	LocalDot:     {"email.local_dot", "has a misplaced dot before the @ sign"},
	BadLocal:     {"email.local", "has a character that may not stand before the @ sign"},
	ManyAt:       {"email.many_at", "has more than one @ sign"},
	NoDomain:     {"email.no_domain", "has nothing after the @ sign"},
	Literal:      {"email.literal", "has an IP address instead of a domain"},
	DomainDot:    {"email.domain_dot", "has a misplaced dot after the @ sign"},
	LongLabel:    {"email.long_label", "has more than 63 bytes between two dots of the domain"},
	Hyphen:       {"email.hyphen", "has a misplaced hyphen in the domain"},
	OneLabel:     {"email.one_label", "has a domain without a dot"},
	NumberDomain: {"email.number_domain", "has a domain that ends in a number"},
	BadDomain:    {"email.domain", "has a character that may not stand in a domain"},
	Space:        {"email.space", "has a space inside"},
	Control:      {"email.control", "has an invisible character inside"},
	Encoding:     {"email.encoding", "is not valid UTF-8"},
}

// ParseError says why a text is not an address. It never holds the address.
type ParseError struct {
	Reason Reason
	// Char is the character that may not stand where it does, for BadLocal,
	// BadDomain and Control; otherwise zero.
	Char rune
}

// Error returns what is wrong as the end of a sentence, so that a field's path
// can stand before it.
func (e *ParseError) Error() string {
	if e.Char == 0 {
		return e.Reason.String()
	}
	return e.Reason.String() + ": " + strconv.QuoteRuneToGraphic(e.Char)
}

// Is reports whether target is a ParseError with the same reason.
func (e *ParseError) Is(target error) bool {
	t, ok := target.(*ParseError)
	return ok && t.Reason == e.Reason
}
