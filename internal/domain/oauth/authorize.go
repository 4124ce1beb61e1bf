package oauth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth/jwt"
)

// CodeLife is how long an authorization code is good for.
const CodeLife = 5 * time.Minute

// Code is an authorization code as it is kept.
type Code struct {
	Application id.Application
	User        id.User
	Account     id.Account
	Scopes      Scopes
	// RedirectURI is where the code was sent.
	RedirectURI string
	// Challenge is that of PKCE, by S256; empty where none was sent.
	Challenge string
	AuthAt    time.Time
	ExpiresAt time.Time
	UsedAt    time.Time
	// Grant is what it was spent for.
	Grant id.Grant
}

// Consent is what a user said yes to.
type Consent struct {
	Application Application
	Scopes      Scopes
	// RedirectURI and Challenge are those of the request for a code.
	RedirectURI string
	Challenge   string
	// AuthAt is when the user had signed in.
	AuthAt time.Time
}

// Client returns the application of a client id. ErrNotFound is what is no
// application, or a deleted one.
func (s *Service) Client(ctx context.Context, clientID string) (a Application, err error) {
	uid, err := id.ParseUID(clientID)
	if err != nil {
		return Application{}, fault.ErrNotFound.Because(err)
	}
	err = s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		if a, err = tx.ApplicationByUID(ctx, uid); err == nil && !a.DeletedAt.IsZero() {
			err = fault.ErrNotFound
		}
		return err
	})
	return a, err
}

// Authenticate returns the application that a client says it is. One that
// keeps a secret must prove it; a public one sends none, or an empty one. It
// fails with ErrClient, or with ErrClientInactive where the application is
// deactivated; with either the application is returned where there is one.
func (s *Service) Authenticate(ctx context.Context, clientID, secret string) (Application, error) {
	a, err := s.Client(ctx, clientID)
	switch {
	case fault.Is(err, fault.NotFound):
		return Application{}, ErrClient.Because(errors.New("no application has the client id"))
	case err != nil:
		return Application{}, err
	case a.Flow == FlowCode && secret == "":
		return a, ErrClient.Because(errors.New("no client secret was sent"))
	case a.Flow == FlowCode && !a.HasSecret():
		return a, ErrClient.Because(errors.New("the application has no client secret yet"))
	case secret != "" && !a.IsSecret(secret):
		return a, ErrClient.Because(errors.New("the client secret is another one"))
	case !a.Active:
		return a, ErrClientInactive
	}
	return a, nil
}

// Confidential reports whether the application keeps a secret.
func (a Application) Confidential() bool { return a.Flow == FlowCode }

// Allow keeps a consent of the actor and returns the code for it, which is
// good once and for five minutes.
func (s *Service) Allow(ctx context.Context, actor account.Actor, c Consent) (code string, err error) {
	if c.Application.Flow != FlowCode && c.Application.Flow != FlowPKCE {
		return "", ErrFlow
	}
	code = random(32)
	err = s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		m, err := tx.MemberStanding(ctx, actor.Account, actor.User)
		if err != nil {
			return err
		}
		if err := m.check(); err != nil {
			return err
		}
		return tx.InsertCode(ctx, hash(code), Code{
			Application: c.Application.ID, User: actor.User, Account: actor.Account, Scopes: c.Scopes,
			RedirectURI: c.RedirectURI, Challenge: c.Challenge, AuthAt: c.AuthAt, ExpiresAt: tx.Now().Add(CodeLife),
		})
	})
	return code, err
}

// AllowImplicit turns a consent of the actor into an access token at once, by
// the implicit flow, which never brings a refresh token.
func (s *Service) AllowImplicit(ctx context.Context, actor account.Actor, c Consent) (Tokens, error) {
	if c.Application.Flow != FlowCode {
		return Tokens{}, ErrFlow
	}
	var scopes Scopes
	for _, sc := range c.Scopes {
		if sc != OfflineAccess {
			scopes = append(scopes, sc)
		}
	}
	number, err := s.store.NextGrant(ctx)
	if err != nil {
		return Tokens{}, err
	}
	var (
		g Grant
		m Member
	)
	err = s.store.Within(ctx, func(ctx context.Context, tx Tx) (err error) {
		if m, err = tx.MemberStanding(ctx, actor.Account, actor.User); err != nil {
			return err
		}
		if err := m.check(); err != nil {
			return err
		}
		g, _, err = s.settle(ctx, tx, consented{application: c.Application, member: m, scopes: scopes, authAt: c.AuthAt, number: number})
		return err
	})
	if err != nil {
		return Tokens{}, err
	}
	return s.issue(ctx, c.Application, m, g, scopes, s.o.ImplicitTTL, "")
}

// Exchange turns a code of the client into tokens. A code that comes again
// fails and ends what it was spent for. It fails with ErrCode, ErrCodeRedirect
// or ErrVerifier, in this order.
func (s *Service) Exchange(ctx context.Context, client Application, code, redirectURI, verifier string) (Tokens, error) {
	if err := s.admitToken(ctx, client); err != nil {
		return Tokens{}, err
	}
	number, err := s.store.NextGrant(ctx)
	if err != nil {
		return Tokens{}, err
	}
	var (
		g       Grant
		m       Member
		refresh string
		reused  bool
	)
	err = s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		reused = false
		kept, err := tx.CodeByHash(ctx, hash(code))
		if err != nil {
			return gone(err, ErrCode)
		}
		switch {
		case kept.Application != client.ID:
			return ErrCode.Because(fmt.Errorf("it belongs to application %d", kept.Application))
		case !kept.UsedAt.IsZero():
			reused = true
			return endGrant(ctx, tx, kept.Grant, EndReused)
		case !tx.Now().Before(kept.ExpiresAt):
			return ErrCode.Because(fmt.Errorf("it expired at %s", kept.ExpiresAt))
		case kept.RedirectURI != redirectURI:
			return ErrCodeRedirect
		case !proves(verifier, kept.Challenge):
			return ErrVerifier
		}
		if m, err = s.acting(ctx, tx, kept.Account, kept.User, ErrCode); err != nil {
			return err
		}
		g, refresh, err = s.settle(ctx, tx, consented{
			application: client, member: m, scopes: kept.Scopes, authAt: kept.AuthAt, number: number,
		})
		if err != nil {
			return err
		}
		fresh, err := tx.SpendCode(ctx, hash(code), g.ID)
		if err == nil && !fresh {
			return errSpent
		}
		return err
	})
	if errors.Is(err, errSpent) {
		// Another process spent it in this moment; now its grant is known.
		return s.Exchange(ctx, client, code, redirectURI, verifier)
	}
	switch {
	case err != nil:
		return Tokens{}, err
	case reused:
		s.o.Log.WarnContext(ctx, "a spent authorization code came again; its grant is ended", "application", client.ID)
		return Tokens{}, ErrCode.Because(errors.New("it was spent before; what it was spent for is ended"))
	}
	return s.issue(ctx, client, m, g, g.Scopes, s.o.AccessTTL, refresh)
}

// errSpent is a code that somebody else spent while it was looked at.
var errSpent = errors.New("the code was spent meanwhile")

// proves reports whether a code verifier is that of a challenge (RFC 7636
// §4.6). A verifier without a challenge proves nothing: the request for the
// code was not the client's own (RFC 9700 §4.8.2).
func proves(verifier, challenge string) bool {
	if challenge == "" {
		return verifier == ""
	}
	if !isVerifier(verifier) {
		return false
	}
	sum := sha256.Sum256([]byte(verifier))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) == 1
}

// isVerifier reports whether text has the form of a code verifier (RFC 7636
// §4.1).
func isVerifier(text string) bool {
	if len(text) < 43 || len(text) > 128 {
		return false
	}
	for i := range len(text) {
		switch c := text[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '.', c == '_', c == '~':
		default:
			return false
		}
	}
	return true
}

// IsChallenge reports whether text has the form of an S256 code challenge.
func IsChallenge(text string) bool {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return err == nil && len(raw) == sha256.Size
}

// claims says what an access token is to say.
func (s *Service) claims(client Application, m Member, g Grant, scopes Scopes, ttl time.Duration) jwt.Claims {
	now := s.clock.Now()
	c := jwt.Claims{
		ID: tokenID(g.UID, g.Version), Issuer: s.Issuer(), Audience: s.Audience(),
		IssuedAt: now, ExpiresAt: now.Add(ttl), AuthTime: g.AuthAt,
		ClientID: client.UID.String(), UserID: strconv.FormatInt(int64(m.User), 10), Username: m.Username, UserUID: m.UserUID.String(),
	}
	for _, sc := range scopes {
		c.Scopes = append(c.Scopes, string(sc))
	}
	return c
}
