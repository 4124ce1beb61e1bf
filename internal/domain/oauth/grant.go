package oauth

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
)

// End says why a grant ended. It is stored.
type End string

// The ends of a grant.
const (
	EndReplaced End = "replaced" // by a newer consent: its access tokens live on until they expire
	EndReused   End = "reused"   // a spent code or refresh token came again
	EndRevoked  End = "revoked"  // by its user, or by the application
	EndRemoved  End = "removed"  // with its application
)

// RefreshIdle is how long a refresh token may lie unused (v3 contract, refresh
// rules).
const RefreshIdle = 180 * 24 * time.Hour

// Grant is one user's consent to one application in one account.
type Grant struct {
	ID          id.Grant
	UID         id.UID
	Application id.Application
	User        id.User
	Account     id.Account
	Scopes      Scopes
	// Refresh is the kind of its refresh tokens; a grant without
	// offline_access has none.
	Refresh Refresh
	// AuthAt is when the user had signed in.
	AuthAt time.Time
	// Version stands in access tokens: when it grows they are revoked.
	Version   int64
	CreatedAt time.Time
	EndedAt   time.Time
	EndedWhy  End
}

// RefreshToken is a refresh token as it is kept.
type RefreshToken struct {
	Grant     id.Grant
	CreatedAt time.Time
	// UsedAt is the last use of a long-lived one.
	UsedAt time.Time
	// SpentAt is when a rotating one was first exchanged; zero until then.
	SpentAt time.Time
}

// dies is when the token will have lain unused for too long.
func (t RefreshToken) dies() time.Time {
	last := t.CreatedAt
	if t.UsedAt.After(last) {
		last = t.UsedAt
	}
	return last.Add(RefreshIdle)
}

func (t RefreshToken) idle(now time.Time) bool { return now.After(t.dies()) }

// Tokens is what a client gets.
type Tokens struct {
	Access    string
	ExpiresIn time.Duration
	Scopes    Scopes
	// Refresh is empty without offline_access.
	Refresh string
}

// derive makes a refresh token that follows from a text: 43 characters, which
// only this server can foretell.
func (s *Service) derive(what, text string) string {
	mac := hmac.New(sha256.New, s.successors)
	mac.Write([]byte(what + "\x00" + text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// successor returns what a rotating refresh token is exchanged for. It can be
// made again from the used one, so that an answer that was lost can be given
// again though only hashes are kept.
func (s *Service) successor(token string) string { return s.derive("successor", token) }

// longLived returns the refresh token of a long-lived grant, which is the same
// with every consent (v3 contract, refresh rules).
func (s *Service) longLived(grant id.UID) string { return s.derive("long-lived", grant.String()) }

// consented is a consent that tokens are to be made of.
type consented struct {
	application Application
	member      Member
	scopes      Scopes
	authAt      time.Time
	number      id.Grant // for a new grant
}

// settle turns a consent into a grant and its refresh token, if it has one. A
// consent with offline_access replaces the former ones; a long-lived grant is
// carried on and keeps its token; what asks for no refresh token shares one
// grant.
func (s *Service) settle(ctx context.Context, tx Tx, c consented) (g Grant, refresh string, err error) {
	kind := noRefresh
	if c.scopes.Has(OfflineAccess) {
		kind = c.application.Refresh
	}
	former, err := tx.LiveGrants(ctx, c.member.Account, c.member.User, c.application.ID)
	if err != nil {
		return Grant{}, "", err
	}
	for _, f := range former {
		switch {
		case f.Refresh == kind && kind != Rotating && g.ID == 0:
			g = f
		case f.Refresh != noRefresh && kind != noRefresh:
			if err := tx.EndGrant(ctx, f.ID, EndReplaced); err != nil {
				return Grant{}, "", err
			}
		}
	}
	if g.ID != 0 {
		g.Scopes, g.AuthAt = c.scopes, c.authAt
		err = tx.UpdateGrant(ctx, g)
	} else {
		g = Grant{
			ID: c.number, UID: tx.UID(), Application: c.application.ID, User: c.member.User, Account: c.member.Account,
			Scopes: c.scopes, Refresh: kind, AuthAt: c.authAt, Version: 1, CreatedAt: tx.Now(),
		}
		err = tx.InsertGrant(ctx, g)
	}
	if err != nil || kind == noRefresh {
		return g, "", err
	}
	if refresh = random(32); kind == LongLived {
		refresh = s.longLived(g.UID)
	}
	return g, refresh, tx.PutRefreshToken(ctx, hash(refresh), g.ID)
}

// RefreshTokens exchanges a refresh token of the client for fresh tokens. A
// rotating one is spent: within the grace it may come again while its
// successor is unspent, and gets the same successor; later it fails and ends
// the grant, since somebody may have stolen it. scope narrows the access
// token; empty for all that was granted.
func (s *Service) RefreshTokens(ctx context.Context, client Application, token string, scope Scopes) (Tokens, error) {
	if err := s.admitToken(ctx, client); err != nil {
		return Tokens{}, err
	}
	var (
		g      Grant
		m      Member
		next   string
		reused bool
	)
	err := s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		reused = false
		kept, err := tx.RefreshTokenByHash(ctx, hash(token))
		if err != nil {
			return gone(err, ErrRefreshToken)
		}
		if g, err = tx.GrantByID(ctx, kept.Grant); err != nil {
			return err
		}
		switch {
		case g.Application != client.ID:
			return ErrRefreshToken.Because(fmt.Errorf("it belongs to application %d", g.Application))
		case !g.EndedAt.IsZero():
			return ErrRefreshToken.Because(fmt.Errorf("its grant %d has ended: %s", g.ID, g.EndedWhy))
		case kept.idle(tx.Now()):
			return ErrRefreshToken.Because(fmt.Errorf("it was not used since %s", kept.CreatedAt))
		}
		if m, err = s.acting(ctx, tx, g.Account, g.User, ErrRefreshToken); err != nil {
			return err
		}
		if !scope.Within(g.Scopes) {
			return ErrScopeBeyond
		}
		if g.Refresh == LongLived {
			next = token
			return tx.UseRefreshToken(ctx, hash(token))
		}
		next = s.successor(token)
		fresh, err := tx.SpendRefreshToken(ctx, hash(token))
		if err != nil {
			return err
		}
		if fresh {
			return tx.PutRefreshToken(ctx, hash(next), g.ID)
		}
		if again, err := s.graced(ctx, tx, token, next); again || err != nil {
			return err
		}
		reused = true
		return endGrant(ctx, tx, g.ID, EndReused)
	})
	switch {
	case err != nil:
		return Tokens{}, err
	case reused:
		s.o.Log.WarnContext(ctx, "a spent refresh token came again; its grant is ended", "grant", g.ID, "application", g.Application, "account", g.Account)
		return Tokens{}, ErrRefreshToken.Because(fmt.Errorf("it was spent before; grant %d is ended", g.ID))
	}
	if len(scope) == 0 {
		scope = g.Scopes
	} else if !scope.Has(OfflineAccess) {
		scope = append(slices.Clip(scope), OfflineAccess)
	}
	return s.issue(ctx, client, m, g, scope, s.o.AccessTTL, next)
}

// graced reports whether a spent refresh token may still be used: it was spent
// a moment ago, and what it was spent for was not used yet.
func (s *Service) graced(ctx context.Context, tx Tx, token, next string) (bool, error) {
	// Read again: another process may have spent it since.
	spent, err := tx.RefreshTokenByHash(ctx, hash(token))
	if err != nil || tx.Now().Sub(spent.SpentAt) > s.o.RefreshGrace {
		return false, err
	}
	follower, err := tx.RefreshTokenByHash(ctx, hash(next))
	if fault.Is(err, fault.NotFound) {
		return false, nil // made under another server key
	}
	return err == nil && follower.SpentAt.IsZero(), err
}

// acting reads the user for whom tokens are to be issued. Who no longer
// belongs to the account gets otherwise.
func (s *Service) acting(ctx context.Context, tx Tx, account id.Account, user id.User, otherwise *fault.Error) (Member, error) {
	m, err := tx.MemberStanding(ctx, account, user)
	if err != nil {
		return Member{}, gone(err, otherwise)
	}
	if err := m.check(); err != nil {
		if fault.Is(err, fault.Unauthenticated) {
			return Member{}, otherwise.Because(err)
		}
		return Member{}, err
	}
	return m, nil
}

// endGrant ends a grant and makes every process forget its tokens.
func endGrant(ctx context.Context, tx Tx, grant id.Grant, why End) error {
	if err := tx.BumpCredentials(ctx); err != nil {
		return err
	}
	return tx.EndGrant(ctx, grant, why)
}

// gone says of what is not found the fault that its seeker is to hear.
func gone(err error, otherwise *fault.Error) error {
	if fault.Is(err, fault.NotFound) {
		return otherwise.Because(err)
	}
	return err
}

// issue signs an access token.
func (s *Service) issue(ctx context.Context, client Application, m Member, g Grant, scopes Scopes, ttl time.Duration, refresh string) (Tokens, error) {
	key, err := s.signer(ctx)
	if err != nil {
		return Tokens{}, err
	}
	access, err := key.Sign(s.claims(client, m, g, scopes, ttl))
	if err != nil {
		return Tokens{}, fmt.Errorf("sign a token of grant %d: %w", g.ID, err)
	}
	return Tokens{Access: access, ExpiresIn: ttl, Scopes: scopes, Refresh: refresh}, nil
}

// Connection is a grant as its user sees it.
type Connection struct {
	Grant
	Name     string // of the application
	ClientID id.UID
}

// Connections returns which applications the actor has let into its account.
func (s *Service) Connections(ctx context.Context, actor account.Actor) (all []Connection, err error) {
	err = s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		all = nil
		grants, err := tx.LiveGrants(ctx, actor.Account, actor.User, 0)
		if err != nil {
			return err
		}
		for _, g := range grants {
			a, err := tx.ApplicationByID(ctx, g.Application)
			if err != nil {
				return err
			}
			all = append(all, Connection{Grant: g, Name: a.Name, ClientID: a.UID})
		}
		return nil
	})
	return all, err
}

// Disconnect ends what the actor granted; its tokens are refused at once in
// this process and within a second in every other.
func (s *Service) Disconnect(ctx context.Context, actor account.Actor, grant id.UID) error {
	return s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		g, err := tx.GrantByUID(ctx, grant)
		if err != nil {
			return err
		}
		if g.User != actor.User || g.Account != actor.Account || !g.EndedAt.IsZero() {
			return fault.ErrNotFound
		}
		return endGrant(ctx, tx, g.ID, EndRevoked)
	})
}

// Revoke ends what a token of the client came from (RFC 7009): with a refresh
// token the grant, with an access token every access token of the grant. A
// token that means nothing here is no fault; one of another client is
// ErrOtherClient.
func (s *Service) Revoke(ctx context.Context, client Application, token string) error {
	if strings.Count(token, ".") == 2 {
		return s.revokeAccess(ctx, client, token)
	}
	return s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		kept, err := tx.RefreshTokenByHash(ctx, hash(token))
		if err != nil {
			return unless(err, fault.NotFound)
		}
		g, err := tx.GrantByID(ctx, kept.Grant)
		switch {
		case err != nil:
			return err
		case g.Application != client.ID:
			return ErrOtherClient
		case !g.EndedAt.IsZero():
			return nil
		}
		return endGrant(ctx, tx, g.ID, EndRevoked)
	})
}

func (s *Service) revokeAccess(ctx context.Context, client Application, token string) error {
	c, err := s.readToken(ctx, token)
	if err != nil {
		return unless(err, fault.Unauthenticated)
	}
	return s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		g, err := tx.GrantByUID(ctx, c.grant)
		switch {
		case err != nil:
			return unless(err, fault.NotFound)
		case g.Application != client.ID:
			return ErrOtherClient
		case g.Version != c.version:
			return nil
		}
		g.Version++
		if err := tx.BumpCredentials(ctx); err != nil {
			return err
		}
		return tx.UpdateGrant(ctx, g)
	})
}

// unless passes over faults of a kind.
func unless(err error, kind fault.Kind) error {
	if fault.Is(err, kind) {
		return nil
	}
	return err
}
