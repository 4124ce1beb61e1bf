package message

import "crypto"

// SigningKey is what a mail is signed with for its sender's domain (RFC 6376).
// Which keys a domain has is decided by domain/delivery.
type SigningKey struct {
	// Domain is in ASCII; Selector names the key among those of the domain.
	Domain, Selector string
	// Signer holds an ed25519.PrivateKey or an *rsa.PrivateKey.
	Signer crypto.Signer
}
