package oauth

import (
	"context"
	"crypto/rand"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
)

// KeyPrefix begins every access key, so that one is known at sight.
const KeyPrefix = "kith_"

// MaxKeyName is how many characters the name of an access key may have.
const MaxKeyName = 100

// hintLength is how many characters of a key are kept in the clear.
const hintLength = len(KeyPrefix) + 4

// AccessKey lets a program of the user's own in without OAuth: one header,
// until it expires or is revoked. It is accepted wherever an access token is.
type AccessKey struct {
	ID      id.AccessKey
	UID     id.UID
	User    id.User
	Account id.Account
	Name    string
	// Hint is the key's first characters, to tell keys apart.
	Hint      string
	Scopes    Scopes
	CreatedAt time.Time
	// ExpiresAt is zero for a key that lives until it is revoked.
	ExpiresAt time.Time
	// UsedAt is the last use, to the minute; zero until the first.
	UsedAt    time.Time
	RevokedAt time.Time
}

// NewAccessKey is what an access key is made of.
type NewAccessKey struct {
	Name string
	// Scopes are those of AllScopes but offline_access, at least one.
	Scopes Scopes
	// Expires is when the key ends; zero for never.
	Expires time.Time
}

// CreateAccessKey makes an access key of the actor in its account and returns
// it in the clear, this once.
func (s *Service) CreateAccessKey(ctx context.Context, actor account.Actor, n NewAccessKey, problems fault.Problems) (key string, k AccessKey, err error) {
	k = AccessKey{User: actor.User, Account: actor.Account, Name: strings.TrimSpace(n.Name), Scopes: n.Scopes, ExpiresAt: cut(n.Expires)}
	switch {
	case k.Name == "":
		problems.Add("name", "required", "is missing")
	case utf8.RuneCountInString(k.Name) > MaxKeyName:
		problems.Add("name", "length", "is longer than 100 characters")
	case strings.ContainsFunc(k.Name, unicode.IsControl):
		problems.Add("name", "format", "holds a control character")
	}
	switch {
	case len(k.Scopes) == 0:
		problems.Add("scopes", "required", "are missing; a key needs at least one")
	case k.Scopes.Has(OfflineAccess):
		problems.Add("scopes", "enum", "hold offline_access, which means nothing for a key")
	}
	if !k.ExpiresAt.IsZero() && !k.ExpiresAt.After(s.clock.Now()) {
		problems.Add("expires_at", "range", "is past")
	}
	if err := problems.Err(); err != nil {
		return "", AccessKey{}, err
	}
	if k.ID, err = s.store.NextAccessKey(ctx); err != nil {
		return "", AccessKey{}, err
	}
	key = KeyPrefix + strings.ToLower(rand.Text())
	k.Hint = key[:hintLength]
	err = s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		k.UID, k.CreatedAt = tx.UID(), tx.Now()
		return tx.InsertAccessKey(ctx, hash(key), k)
	})
	if err != nil {
		return "", AccessKey{}, err
	}
	return key, k, nil
}

// AccessKeys returns the actor's own in its account, in the order of their
// making.
func (s *Service) AccessKeys(ctx context.Context, actor account.Actor) (all []AccessKey, err error) {
	err = s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		all, err = tx.AccessKeys(ctx, actor.Account, actor.User)
		return err
	})
	return all, err
}

// RevokeAccessKey ends one of the actor's keys, at once in this process and
// within a second in every other.
func (s *Service) RevokeAccessKey(ctx context.Context, actor account.Actor, key id.UID) error {
	return s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.RevokeAccessKey(ctx, actor.Account, actor.User, key); err != nil {
			return err
		}
		return tx.BumpCredentials(ctx)
	})
}

// cut brings a time into the form in which times are kept; zero stays zero.
func cut(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return clock.Cut(t)
}
