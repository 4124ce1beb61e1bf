package oauth

import (
	"context"
	"strings"
	"time"

	"kith/internal/base/fault"
)

// Introspection is what a token is good for (RFC 7662).
type Introspection struct {
	// Refresh is true for a refresh token; what follows below Username is
	// then zero but Expires.
	Refresh  bool
	Scopes   Scopes
	Username string
	TokenID  string
	Expires  time.Time
	Issued   time.Time
}

// Introspect tells a client of a token that was issued to it. It reports false
// for whatever cannot be used: expired, revoked, another client's, or no token
// at all.
func (s *Service) Introspect(ctx context.Context, client Application, token string) (Introspection, bool, error) {
	if strings.Count(token, ".") != 2 {
		return s.introspectRefresh(ctx, client, token)
	}
	p, err := s.Verify(ctx, token)
	if err != nil || p.Client == nil || p.Client.ID != client.ID {
		return Introspection{}, false, unless(unless(err, fault.Unauthenticated), fault.Forbidden)
	}
	said, err := s.said(ctx, token)
	if err != nil {
		return Introspection{}, false, err
	}
	return Introspection{
		Scopes: p.Scopes, Username: said.Username, TokenID: said.ID, Expires: said.ExpiresAt, Issued: said.IssuedAt,
	}, true, nil
}

func (s *Service) introspectRefresh(ctx context.Context, client Application, token string) (i Introspection, active bool, err error) {
	err = s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		kept, err := tx.RefreshTokenByHash(ctx, hash(token))
		if err != nil {
			return unless(err, fault.NotFound)
		}
		g, err := tx.GrantByID(ctx, kept.Grant)
		if err != nil {
			return err
		}
		if g.Application != client.ID || !g.EndedAt.IsZero() || !kept.SpentAt.IsZero() || kept.idle(tx.Now()) {
			return nil
		}
		m, err := tx.MemberStanding(ctx, g.Account, g.User)
		if err != nil || m.check() != nil {
			return unless(err, fault.NotFound)
		}
		active = true
		i = Introspection{Refresh: true, Scopes: g.Scopes, Username: m.Username, Issued: kept.CreatedAt, Expires: kept.dies()}
		return nil
	})
	return i, active, err
}
