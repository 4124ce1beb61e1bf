// Package jwt is the form of an access token: a signed JWT with the claims of
// the v3 contract. What is claimed, and whether it still holds, is the
// business of package oauth.
package jwt

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Errors of Verify.
var (
	// ErrMalformed is text that is no signed token, or whose signature is
	// not that of the key it names.
	ErrMalformed = errors.New("jwt: not a signed token")
	// ErrUnknownKey is a token that names a key we do not have.
	ErrUnknownKey = errors.New("jwt: signed with an unknown key")
)

// bits is the size of a key (v3 contract, access token: RS256 of 2048 bits).
const bits = 2048

// MaxLength bounds what Verify looks at; a token of ours has some 1,100 bytes.
const MaxLength = 4096

// version is the claim ver.
const version = 1

// Claims is what an access token says (v3 contract, access token).
type Claims struct {
	ID        string // jti
	Issuer    string
	Audience  string
	IssuedAt  time.Time
	ExpiresAt time.Time
	AuthTime  time.Time // when the user signed in
	ClientID  string    // cid
	UserID    string    // uid
	Username  string    // sub
	UserUID   string    // platform_user_id
	Scopes    []string
}

// wire is the claims as they are sent.
type wire struct {
	Version        int      `json:"ver"`
	ID             string   `json:"jti"`
	Issuer         string   `json:"iss"`
	Audience       string   `json:"aud"`
	IssuedAt       int64    `json:"iat"`
	ExpiresAt      int64    `json:"exp"`
	ClientID       string   `json:"cid"`
	UserID         string   `json:"uid"`
	Scopes         []string `json:"scp"`
	AuthTime       int64    `json:"auth_time"`
	Subject        string   `json:"sub"`
	PlatformUserID string   `json:"platform_user_id"`
}

// Key signs tokens.
type Key struct {
	// ID is the thumbprint of the public part (RFC 7638), and the claim kid.
	ID      string
	private *rsa.PrivateKey
	signer  jose.Signer
}

// NewKey makes a key; it takes some tenths of a second.
func NewKey() (Key, error) {
	private, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		return Key{}, fmt.Errorf("make a signing key: %w", err)
	}
	return newKey(private)
}

func newKey(private *rsa.PrivateKey) (Key, error) {
	thumb, err := (&jose.JSONWebKey{Key: &private.PublicKey}).Thumbprint(crypto.SHA256)
	if err != nil {
		return Key{}, fmt.Errorf("name a signing key: %w", err)
	}
	k := Key{ID: base64.RawURLEncoding.EncodeToString(thumb), private: private}
	k.signer, err = jose.NewSigner(jose.SigningKey{
		Algorithm: jose.RS256,
		Key:       jose.JSONWebKey{Key: private, KeyID: k.ID},
	}, nil)
	if err != nil {
		return Key{}, fmt.Errorf("use a signing key: %w", err)
	}
	return k, nil
}

// Private returns the private part, for ParseKey; it is kept sealed.
func (k Key) Private() []byte { return x509.MarshalPKCS1PrivateKey(k.private) }

// ParseKey reads what Private returned.
func ParseKey(private []byte) (Key, error) {
	p, err := x509.ParsePKCS1PrivateKey(private)
	if err != nil {
		return Key{}, fmt.Errorf("read a signing key: %w", err)
	}
	return newKey(p)
}

// Public returns the part that checks signatures, as a key set shows it.
func (k Key) Public() jose.JSONWebKey {
	return jose.JSONWebKey{Key: &k.private.PublicKey, KeyID: k.ID, Algorithm: string(jose.RS256), Use: "sig"}
}

// Sign returns the claims as a token.
func (k Key) Sign(c Claims) (string, error) {
	return jwt.Signed(k.signer).Claims(wire{
		Version: version, ID: c.ID, Issuer: c.Issuer, Audience: c.Audience,
		IssuedAt: c.IssuedAt.Unix(), ExpiresAt: c.ExpiresAt.Unix(), AuthTime: c.AuthTime.Unix(),
		ClientID: c.ClientID, UserID: c.UserID, Subject: c.Username, PlatformUserID: c.UserUID, Scopes: c.Scopes,
	}).Serialize()
}

// Verify returns what a token says when a key of ours signed it; find returns
// the key of an id. With ErrUnknownKey the claims are what the token says, and
// proved by nothing. Times are not looked at.
func Verify(token string, find func(kid string) (Key, bool)) (Claims, error) {
	if len(token) > MaxLength {
		return Claims{}, ErrMalformed
	}
	parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil || len(parsed.Headers) != 1 {
		return Claims{}, ErrMalformed
	}
	var w wire
	key, ok := find(parsed.Headers[0].KeyID)
	if !ok {
		if parsed.UnsafeClaimsWithoutVerification(&w) != nil {
			return Claims{}, ErrMalformed
		}
		return w.claims(), ErrUnknownKey
	}
	if parsed.Claims(&key.private.PublicKey, &w) != nil {
		return Claims{}, ErrMalformed
	}
	return w.claims(), nil
}

// Unproven returns what a token says, whoever made it and whatever its
// signature is.
func Unproven(token string) (Claims, bool) {
	if len(token) > MaxLength {
		return Claims{}, false
	}
	part := strings.Split(token, ".")
	if len(part) != 3 {
		return Claims{}, false
	}
	body, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(part[1], "="))
	var w wire
	if err != nil || json.Unmarshal(body, &w) != nil {
		return Claims{}, false
	}
	return w.claims(), true
}

func (w wire) claims() Claims {
	return Claims{
		ID: w.ID, Issuer: w.Issuer, Audience: w.Audience,
		IssuedAt: time.Unix(w.IssuedAt, 0).UTC(), ExpiresAt: time.Unix(w.ExpiresAt, 0).UTC(), AuthTime: time.Unix(w.AuthTime, 0).UTC(),
		ClientID: w.ClientID, UserID: w.UserID, Username: w.Subject, UserUID: w.PlatformUserID, Scopes: w.Scopes,
	}
}
