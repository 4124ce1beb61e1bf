package delivery

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strings"

	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/domain/message"
)

// ReturnPaths makes the addresses to which a mail comes back when it cannot be
// delivered, one for each mail, and reads what mail it was from such an
// address. It is safe for concurrent use.
//
// What names the mail is signed, so that nobody can make up notices about mail
// that they never had; it stands in letters and digits of one case, since
// servers on the way change the case of addresses.
type ReturnPaths struct {
	key           []byte
	local, domain string // empty where no address is set
}

// NewReturnPaths returns what signs under a key, that of secret.ReturnPaths.
// base is the address that all return paths are made of; with a zero one
// there are none.
func NewReturnPaths(key []byte, base email.Address) ReturnPaths {
	return ReturnPaths{key, base.Local(), base.Domain()}
}

// pathText is how marks are written.
var pathText = base32.StdEncoding.WithPadding(base32.NoPadding)

const (
	// pathMAC is how many bytes of the HMAC stand in a mark: 80 bits, so that
	// the part before the @ stays within the 64 characters that RFC 5321
	// grants.
	pathMAC = 10
	// longestMark is the longest mark, in characters: two numbers of nine bytes
	// and the HMAC.
	longestMark = (9+9+pathMAC)*8/5 + 1
	// MaxBounceLocal is the longest part before the @ that a bounce address
	// may have: behind it comes a plus sign and a mark.
	MaxBounceLocal = 64 - 1 - longestMark
)

// Mark names a mail in small letters and digits, signed.
func (p ReturnPaths) Mark(a id.Account, mail id.Mail) string {
	b := binary.AppendUvarint(nil, uint64(a))
	b = binary.AppendUvarint(b, uint64(mail))
	return strings.ToLower(pathText.EncodeToString(append(b, p.sign(b)...)))
}

func (p ReturnPaths) sign(b []byte) []byte {
	mac := hmac.New(sha256.New, p.key)
	mac.Write(b)
	return mac.Sum(nil)[:pathMAC]
}

// ReadMark returns the mail that a mark names; ok is false for one that was
// altered, or that is another server's.
func (p ReturnPaths) ReadMark(mark string) (a id.Account, mail id.Mail, ok bool) {
	if len(mark) > longestMark {
		return 0, 0, false
	}
	b, err := pathText.DecodeString(strings.ToUpper(mark))
	if err != nil || len(b) <= pathMAC {
		return 0, 0, false
	}
	b, signed := b[:len(b)-pathMAC], b[len(b)-pathMAC:]
	if !hmac.Equal(signed, p.sign(b)) {
		return 0, 0, false
	}
	first, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, 0, false
	}
	second, m := binary.Uvarint(b[n:])
	return id.Account(first), id.Mail(second), m > 0 && n+m == len(b)
}

// Of returns the return path of a mail; empty where no address is set.
func (p ReturnPaths) Of(a id.Account, mail id.Mail) string {
	if p.domain == "" {
		return ""
	}
	return p.local + "+" + p.Mark(a, mail) + "@" + p.domain
}

// Headers are lines of the head in which a mail carries its mark through a
// relay that hands back nothing else of ours: Postmark gives a mail another
// Message-ID and return path, and tells in its notices what stands in a header of
// this name. relay is its host and port.
func (p ReturnPaths) Headers(relay string, a id.Account, mail id.Mail) []message.Header {
	host, _, _ := strings.Cut(relay, ":")
	if host != "postmarkapp.com" && !strings.HasSuffix(host, ".postmarkapp.com") {
		return nil
	}
	return []message.Header{{Name: "X-PM-Metadata-kith", Value: p.Mark(a, mail)}}
}

// Read returns the mail that a return path names; ok is false for any other
// address.
func (p ReturnPaths) Read(address string) (a id.Account, mail id.Mail, ok bool) {
	mark, ours := p.mark(address)
	if !ours || mark == "" {
		return 0, 0, false
	}
	return p.ReadMark(mark)
}

// Ours says whether mail to an address is for us: the bounce address itself,
// or a return path that was not altered.
func (p ReturnPaths) Ours(address string) bool {
	mark, ours := p.mark(address)
	if !ours || mark == "" {
		return ours
	}
	_, _, ok := p.ReadMark(mark)
	return ok
}

// mark returns what stands behind the plus sign of an address at ours.
func (p ReturnPaths) mark(address string) (mark string, ours bool) {
	at := strings.LastIndexByte(address, '@')
	if p.domain == "" || at < 0 || !strings.EqualFold(address[at+1:], p.domain) {
		return "", false
	}
	local := address[:at]
	if len(local) < len(p.local) || !strings.EqualFold(local[:len(p.local)], p.local) {
		return "", false
	}
	switch rest := local[len(p.local):]; {
	case rest == "":
		return "", true
	case rest[0] == '+' && len(rest) > 1:
		return rest[1:], true
	}
	return "", false
}
