package delivery

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"

	"kith/internal/domain/message"
)

// Algorithm is how a mail is signed for its sender's domain (RFC 6376).
type Algorithm string

// The algorithms. Not every receiver knows Ed25519 (RFC 8463), and all know
// RSA; a signature by each is the safe choice, at RSA's price: signing takes
// more than ten times as long.
const (
	Ed25519 Algorithm = "ed25519"
	RSA     Algorithm = "rsa"
)

// rsaBits is what receivers must be able to check and what one DNS answer
// holds (RFC 8301 §3.2).
const rsaBits = 2048

// SigningKey is a key that mail of one domain is signed with.
type SigningKey message.SigningKey

// NewSigningKey makes a key.
func NewSigningKey(domain, selector string, a Algorithm) (k SigningKey, err error) {
	k.Domain, k.Selector = domain, selector
	switch a {
	case Ed25519:
		_, k.Signer, err = ed25519.GenerateKey(rand.Reader)
	case RSA:
		k.Signer, err = rsa.GenerateKey(rand.Reader, rsaBits)
	default:
		err = fmt.Errorf("unknown algorithm %q", a)
	}
	return k, err
}

// OpenSigningKey reads a key that Private wrote.
func OpenSigningKey(domain, selector string, private []byte) (SigningKey, error) {
	key, err := x509.ParsePKCS8PrivateKey(private)
	if err != nil {
		return SigningKey{}, fmt.Errorf("signing key %s of %s: %w", selector, domain, err)
	}
	switch key := key.(type) {
	case ed25519.PrivateKey:
		return SigningKey{domain, selector, key}, nil
	case *rsa.PrivateKey:
		return SigningKey{domain, selector, key}, nil
	}
	return SigningKey{}, errors.New("signing key " + selector + " of " + domain + ": neither Ed25519 nor RSA")
}

// Private returns the key as it is kept (PKCS #8), to be sealed.
func (k SigningKey) Private() ([]byte, error) { return x509.MarshalPKCS8PrivateKey(k.Signer) }

// Algorithm returns the key's algorithm.
func (k SigningKey) Algorithm() Algorithm {
	if _, ok := k.Signer.Public().(ed25519.PublicKey); ok {
		return Ed25519
	}
	return RSA
}

// RecordName is the name in the DNS where the public key is to be published.
func (k SigningKey) RecordName() string { return recordName(k.Selector, k.Domain) }

func recordName(selector, domain string) string { return selector + "._domainkey." + domain }

// Record is the text to publish there, in one piece (RFC 6376 §3.6.1); a
// record's strings hold 255 bytes each, and the tools of DNS split it so.
func (k SigningKey) Record() (string, error) {
	var public []byte
	switch p := k.Signer.Public().(type) {
	case ed25519.PublicKey: // as it is, without a wrapping (RFC 8463 §4)
		public = p
	default:
		der, err := x509.MarshalPKIXPublicKey(p)
		if err != nil {
			return "", err
		}
		public = der
	}
	return "v=DKIM1; k=" + string(k.Algorithm()) + "; p=" + base64.StdEncoding.EncodeToString(public), nil
}
