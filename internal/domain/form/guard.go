package form

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math/bits"
	"strconv"
	"time"
)

// How long what guards a form holds.
const (
	// Soonest is how old a page must be whose form is sent: nobody is faster.
	Soonest = 2 * time.Second
	// Latest is how old it may be.
	Latest = 24 * time.Hour
	// StepSoonest and StepLatest are the same of the second step.
	StepSoonest = 3 * time.Second
	StepLatest  = time.Hour
	// ProofBits is how many bits of a proof's hash are zero: some 130,000
	// tries, well under a second in a browser.
	ProofBits = 17
)

// What a sign-up may lack.
var (
	// ErrUnproven is a sign-up without what shows that a person stands behind
	// it: its token is missing, altered, out of date or too young, or its
	// proof is. It may be made good by the second step, or by another try with
	// a new token.
	ErrUnproven = errors.New("form: nothing shows that a person sent this")
	// ErrSoon is a second step that was taken faster than people do.
	ErrSoon = errors.New("form: the second step was taken too soon")
)

// Pass is what a sign-up brings to show that a person stands behind it.
type Pass struct {
	// Token is what stood in the page.
	Token string
	// Nonce is the proof of work: the number that a browser found.
	Nonce string
}

// tokenKind says where a token stood. The values are in pages that are open.
type tokenKind byte

const (
	tokenPage tokenKind = 1 // in the form
	tokenStep tokenKind = 2 // in the second step, for one address alone
)

const tokenMAC = 16 // bytes

// Token returns what stands in a form that is shown now.
func (s *Service) Token(o *Open) string { return s.token(tokenPage, o, "", s.o.Store.Now()) }

// StepToken returns what stands in the second step, which asks once more
// whether an address is to be signed up.
func (s *Service) StepToken(o *Open, address string) string {
	return s.token(tokenStep, o, address, s.o.Store.Now())
}

func (s *Service) token(kind tokenKind, o *Open, address string, at time.Time) string {
	b := binary.BigEndian.AppendUint64([]byte{byte(kind)}, uint64(at.UnixMilli()))
	mac := hmac.New(sha256.New, s.o.Key)
	mac.Write([]byte("form token\x00"))
	mac.Write(o.UID[:])
	mac.Write(b)
	mac.Write([]byte(address))
	return base64.RawURLEncoding.EncodeToString(append(b, mac.Sum(nil)[:tokenMAC]...))
}

// Check looks at what a sign-up of an address brings. It fails with
// ErrUnproven or ErrSoon.
func (s *Service) Check(o *Open, p Pass, address string) error {
	if len(p.Token) > 64 {
		return ErrUnproven
	}
	raw, err := base64.RawURLEncoding.DecodeString(p.Token)
	if err != nil || len(raw) != 9+tokenMAC {
		return ErrUnproven
	}
	kind, at := tokenKind(raw[0]), time.UnixMilli(int64(binary.BigEndian.Uint64(raw[1:9])))
	bound := ""
	if kind == tokenStep {
		bound = address
	}
	if !hmac.Equal([]byte(s.token(kind, o, bound, at)), []byte(p.Token)) {
		return ErrUnproven
	}
	age := s.o.Store.Now().Sub(at)
	if kind == tokenStep {
		switch {
		case age < StepSoonest:
			return ErrSoon
		case age > StepLatest:
			return ErrUnproven
		}
		return nil
	}
	if age < Soonest || age > Latest || o.Proof && !proves(p, address) {
		return ErrUnproven
	}
	return nil
}

// proves reports whether a nonce is the proof of work of a token and an
// address: the SHA-256 of the three begins with ProofBits zeros. So each
// address costs anew.
func proves(p Pass, address string) bool {
	if n, err := strconv.ParseUint(p.Nonce, 10, 53); err != nil || strconv.FormatUint(n, 10) != p.Nonce {
		return false
	}
	sum := sha256.Sum256([]byte(p.Token + "\n" + address + "\n" + p.Nonce))
	return bits.LeadingZeros32(binary.BigEndian.Uint32(sum[:4])) >= ProofBits
}
