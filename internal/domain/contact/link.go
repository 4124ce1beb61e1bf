package contact

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strings"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// Purpose says what the bearer of a link may do. The values stand in mails
// that people keep: never change one.
type Purpose uint8

// The purposes. What a link is for it can do again and again until it is out
// of date; that something is done once only is the business of what it names.
const (
	// ToPreferences opens everything that is the contact's own to decide. It
	// stands in every mail to them, and does not end.
	ToPreferences Purpose = iota + 1
	// ToUnsubscribe takes the contact off, by one click (RFC 8058). It does
	// not end either.
	ToUnsubscribe
	// ToConfirm answers an Ask: yes, mail me.
	ToConfirm
	// ToReturn answers an Ask of somebody who opted out: what do you want?
	ToReturn
	// ToAddress answers an Ask: yes, this new address is mine.
	ToAddress
)

// Link is what the address of a public page in a mail says: for whom it is and
// what it allows. It is signed and not sealed: it holds nothing but numbers.
type Link struct {
	Purpose Purpose
	Account id.Account
	Contact id.Contact
	// Ref is the Ask that is answered, or the list that the mail was about;
	// 0 where there is none.
	Ref int64
	// Ends is when the link is out of date, to the minute; zero for never.
	Ends time.Time
}

// Faults of links.
var (
	// ErrLink is a link that was altered or cut off, or that is of another
	// server.
	ErrLink = fault.New(fault.NotFound, fault.CodeLink, "This link is not whole. Please open it once more from the mail.")
	// ErrLinkEnded is a link that is out of date.
	ErrLinkEnded = fault.New(fault.Gone, fault.CodeLink, "This link is out of date.")
)

// Links signs and reads links. It is safe for concurrent use.
type Links struct{ key []byte }

// NewLinks returns what signs under a key of 32 bytes: that of secret.Links.
func NewLinks(key []byte) Links { return Links{key} }

// linkText is letters and digits of one case: what mail programs and people
// do to addresses leaves it readable.
var linkText = base32.StdEncoding.WithPadding(base32.NoPadding)

const (
	linkVersion = 1
	linkMark    = "contact link"
	// linkMAC is how many bytes of the HMAC stand in a link: 128 bits.
	linkMAC = 16
	// longestLink bounds what is read, in characters.
	longestLink = 120
)

// Text returns a link as it stands in an address: some sixty small letters and
// digits.
func (s Links) Text(l Link) string {
	b := []byte{linkVersion, byte(l.Purpose)}
	b = binary.AppendUvarint(b, uint64(l.Account))
	b = binary.AppendUvarint(b, uint64(l.Contact))
	b = binary.AppendUvarint(b, uint64(l.Ref))
	ends := int64(0)
	if !l.Ends.IsZero() {
		ends = l.Ends.Unix() / 60
	}
	b = binary.AppendUvarint(b, uint64(ends))
	return strings.ToLower(linkText.EncodeToString(s.sign(linkMark, b)))
}

// sign adds to what it is given a code that only the server's key makes. The
// mark keeps things of different kinds apart.
func (s Links) sign(mark string, b []byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(mark + "\x00"))
	mac.Write(b)
	return append(b, mac.Sum(nil)[:linkMAC]...)
}

// signed returns what was signed under a mark, where a text is whole; it begins
// with the version and has one byte more at least.
func (s Links) signed(mark, text string) (b []byte, ok bool) {
	raw, err := linkText.DecodeString(strings.ToUpper(text))
	if err != nil || len(raw) < linkMAC+2 {
		return nil, false
	}
	b = raw[: len(raw)-linkMAC : len(raw)-linkMAC]
	return b, hmac.Equal(s.sign(mark, b), raw) && b[0] == linkVersion
}

// Read returns the link of a text. It fails with ErrLink, and with
// ErrLinkEnded, and then returns the link all the same.
func (s Links) Read(text string, now time.Time) (Link, error) {
	if len(text) > longestLink {
		return Link{}, ErrLink
	}
	b, ok := s.signed(linkMark, text)
	if !ok {
		return Link{}, ErrLink
	}
	l := Link{Purpose: Purpose(b[1])}
	b = b[2:]
	var numbers [4]int64
	for i := range numbers {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > 1<<62 {
			return Link{}, ErrLink
		}
		numbers[i], b = int64(n), b[size:]
	}
	if len(b) > 0 {
		return Link{}, ErrLink
	}
	l.Account, l.Contact, l.Ref = id.Account(numbers[0]), id.Contact(numbers[1]), numbers[2]
	if numbers[3] > 0 {
		l.Ends = time.Unix(numbers[3]*60, 0).UTC()
		if !now.Before(l.Ends) {
			return l, ErrLinkEnded
		}
	}
	return l, nil
}
