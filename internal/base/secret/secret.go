// Package secret holds the server's one secret key and what is made of it: a
// key for each purpose, and boxes that seal what must be read back. Where the
// key itself is kept is left to others.
package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"log/slog"
)

// Purpose names what a derived key is for. A purpose is never renamed: what
// was sealed or signed under the old name could not be read any more.
type Purpose string

// The purposes of Kith.
const (
	Cursors     Purpose = "cursors"      // signs positions in lists
	Links       Purpose = "links"        // signs links in mails
	Refresh     Purpose = "refresh"      // derives the successor of a refresh token
	SigningKeys Purpose = "signing-keys" // seals the private keys of access tokens
	Erased      Purpose = "erased"       // hashes addresses of erased contacts
	Sessions    Purpose = "sessions"     // binds forms to a browser
	Mail        Purpose = "mail"         // seals mails that carry a way in
	Setup       Purpose = "setup"        // makes the code that the first sign-up asks for
	Suppressed  Purpose = "suppressed"   // hashes addresses that are not mailed
	ReturnPaths Purpose = "return-paths" // signs the addresses that bounces come back to
	NoticeKeys  Purpose = "notice-keys"  // seals what notices of providers are verified with
	Domains     Purpose = "domains"      // seals the keys that mail is signed with
)

// minText is the fewest bytes of a key's text.
const minText = 32

// ErrSealed is a box that this key did not seal, or that was changed.
var ErrSealed = errors.New("secret: not sealed with this key")

// Key is the server's secret key. It prints as dots. The zero value is no
// key; deriving from it panics.
type Key struct{ text string }

// New makes a key of 256 random bits.
func New() Key {
	raw := make([]byte, 32)
	rand.Read(raw) // never fails
	return Key{base64.StdEncoding.EncodeToString(raw)}
}

// Parse takes a key's text, which may be anything of 32 bytes or more.
func Parse(text string) (Key, error) {
	if len(text) < minText {
		return Key{}, errors.New("secret: the key is too short")
	}
	return Key{text}, nil
}

// Text returns what Parse takes, for keeping the key.
func (k Key) Text() string { return k.text }

// Equal reports whether two keys are the same, in constant time.
func (k Key) Equal(other Key) bool {
	return subtle.ConstantTimeCompare([]byte(k.text), []byte(other.text)) == 1
}

// String returns dots.
func (k Key) String() string { return "••••••" }

// GoString returns dots.
func (k Key) GoString() string { return "secret.Key(••••••)" }

// LogValue keeps the key out of logs.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

// Derive returns 32 bytes for one purpose (RFC 5869 with SHA-256). Those of
// one purpose tell nothing of another's.
func (k Key) Derive(p Purpose) []byte {
	if k.text == "" {
		panic("secret: derived from no key")
	}
	out, err := hkdf.Key(sha256.New, []byte(k.text), nil, "kith "+string(p), 32)
	if err != nil {
		panic(err) // 32 bytes are always to be had
	}
	return out
}

// Box returns what seals things of one purpose.
func (k Key) Box(p Purpose) Box {
	block, err := aes.NewCipher(k.Derive(p))
	if err != nil {
		panic(err) // the key has the right length
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // so has the block
	}
	return Box{aead}
}

// Box seals with AES-256-GCM. Random nonces bound it to four thousand million
// things sealed, which Kith's few keys never come near.
type Box struct{ aead cipher.AEAD }

// Seal returns plain, sealed. It opens only together with the same about: a
// name of the thing, so that a sealed value moved to another row is noticed.
func (b Box) Seal(plain []byte, about string) []byte {
	return b.aead.Seal(nil, nil, plain, []byte(about)) //nolint:gosec // G407: the nonce is made inside, see NewGCMWithRandomNonce
}

// Open returns what was sealed, or ErrSealed.
func (b Box) Open(sealed []byte, about string) ([]byte, error) {
	plain, err := b.aead.Open(nil, nil, sealed, []byte(about))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}
