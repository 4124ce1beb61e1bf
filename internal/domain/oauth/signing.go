package oauth

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"

	"kith/internal/base/secret"
	"kith/internal/domain/oauth/jwt"
)

// The life of a signing key: it is published a day before it signs, so that
// who keeps a copy of the key set knows it in time; it signs until the next
// one does; and it stays published while tokens that it signed live.
//
//	made ──a day──▶ signs ──some 90 days──▶ retired ──life of a token──▶ dropped
const (
	keyAhead = 24 * time.Hour
	keyLife  = 90 * 24 * time.Hour
	// ringAge is how old the keys that a process remembers may be.
	ringAge = 5 * time.Minute
	// ringPause keeps tokens with made-up key ids from asking the database
	// again and again.
	ringPause = time.Second
)

// SigningKey is a key as it is kept.
type SigningKey struct {
	KID string
	// Sealed is the private part in a box that opens for the KID.
	Sealed    []byte
	CreatedAt time.Time
	// RetiredAt is when the key ceased to sign; zero until then.
	RetiredAt time.Time
}

// ring is the keys that a process remembers, the oldest first.
type ring struct {
	keys []ringKey
	read time.Time
}

type ringKey struct {
	jwt.Key
	SigningKey
}

// find returns the key of an id.
func (r *ring) find(kid string) (jwt.Key, bool) {
	for _, k := range r.keys {
		if k.ID == kid {
			return k.Key, true
		}
	}
	return jwt.Key{}, false
}

// signer returns the newest key that was published long enough, or the oldest
// one while there is none such.
func (r *ring) signer(now time.Time) (ringKey, bool) {
	if len(r.keys) == 0 {
		return ringKey{}, false
	}
	for _, k := range slices.Backward(r.keys) {
		if !k.CreatedAt.After(now.Add(-keyAhead)) {
			return k, true
		}
	}
	return r.keys[0], true
}

// ringWithin returns keys that were read no longer than age ago.
func (s *Service) ringWithin(ctx context.Context, age time.Duration) (*ring, error) {
	now := s.clock.Now()
	if r := s.ring.Load(); r != nil && now.Sub(r.read) <= age && now.Sub(r.read) >= 0 {
		return r, nil
	}
	var kept []SigningKey
	if err := s.store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		kept, err = tx.SigningKeys(ctx)
		return err
	}); err != nil {
		return nil, err
	}
	old := s.ring.Load()
	if old == nil {
		old = &ring{}
	}
	r := &ring{read: now}
	box := s.o.Secret.Box(secret.SigningKeys)
	for _, k := range kept {
		if known, ok := old.find(k.KID); ok {
			r.keys = append(r.keys, ringKey{known, k})
			continue
		}
		key, err := open(box, k)
		if err != nil {
			// Sealed under another server's secret: tokens that it signed are
			// lost, the server is not.
			s.o.Log.ErrorContext(ctx, "a signing key cannot be used", "kid", k.KID, "error", err)
			continue
		}
		r.keys = append(r.keys, ringKey{key, k})
	}
	s.ring.Store(r)
	return r, nil
}

func open(box secret.Box, k SigningKey) (jwt.Key, error) {
	private, err := box.Open(k.Sealed, k.KID)
	if err != nil {
		return jwt.Key{}, err
	}
	key, err := jwt.ParseKey(private)
	if err == nil && key.ID != k.KID {
		err = fmt.Errorf("it is kept under the name of another: %s", key.ID)
	}
	return key, err
}

// signer returns the key to sign with, making the first one where there is
// none. It is called outside of units of work.
func (s *Service) signer(ctx context.Context) (jwt.Key, error) {
	r, err := s.ringWithin(ctx, ringAge)
	if err != nil {
		return jwt.Key{}, err
	}
	if len(r.keys) == 0 {
		if err := s.makeKey(ctx, func(kept []SigningKey) bool { return len(kept) == 0 || s.unreadable(kept) }); err != nil {
			return jwt.Key{}, err
		}
		if r, err = s.ringWithin(ctx, -1); err != nil {
			return jwt.Key{}, err
		}
	}
	k, ok := r.signer(s.clock.Now())
	if !ok {
		return jwt.Key{}, errors.New("no signing key can be used")
	}
	return k.Key, nil
}

// unreadable reports whether none of the keys opens.
func (s *Service) unreadable(kept []SigningKey) bool {
	box := s.o.Secret.Box(secret.SigningKeys)
	return !slices.ContainsFunc(kept, func(k SigningKey) bool {
		_, err := open(box, k)
		return err == nil
	})
}

// makeKey adds a key where needed still says so when no other process can add
// one.
func (s *Service) makeKey(ctx context.Context, needed func(kept []SigningKey) bool) error {
	key, err := jwt.NewKey()
	if err != nil {
		return err
	}
	sealed := s.o.Secret.Box(secret.SigningKeys).Seal(key.Private(), key.ID)
	return s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		// It holds back others who add a key.
		if err := tx.BumpCredentials(ctx); err != nil {
			return err
		}
		kept, err := tx.SigningKeys(ctx)
		if err != nil || !needed(kept) {
			return err
		}
		return tx.InsertSigningKey(ctx, SigningKey{KID: key.ID, Sealed: sealed, CreatedAt: tx.Now()})
	})
}

// PublicKeys returns the key set: every key whose tokens may still live, and
// the one that will sign next.
func (s *Service) PublicKeys(ctx context.Context) (jose.JSONWebKeySet, error) {
	if _, err := s.signer(ctx); err != nil {
		return jose.JSONWebKeySet{}, err
	}
	r, err := s.ringWithin(ctx, ringPause)
	if err != nil {
		return jose.JSONWebKeySet{}, err
	}
	set := jose.JSONWebKeySet{}
	for _, k := range r.keys {
		set.Keys = append(set.Keys, k.Public())
	}
	return set, nil
}

// turnKeys adds a key where the newest has grown old, retires what is
// superseded, and drops what no living token was signed with.
func (s *Service) turnKeys(ctx context.Context) error {
	r, err := s.ringWithin(ctx, ringAge)
	if err != nil || len(r.keys) == 0 {
		return err // the first token makes the first key
	}
	now := s.clock.Now()
	old := func(kept []SigningKey) bool {
		return len(kept) > 0 && !kept[len(kept)-1].CreatedAt.After(now.Add(keyAhead-keyLife))
	}
	if old([]SigningKey{r.keys[len(r.keys)-1].SigningKey}) {
		if err := s.makeKey(ctx, old); err != nil {
			return err
		}
	}
	current, _ := r.signer(now)
	var retire, drop []string
	for _, k := range r.keys {
		switch {
		case k.KID == current.KID || k.CreatedAt.After(current.CreatedAt):
		case k.RetiredAt.IsZero():
			retire = append(retire, k.KID)
		case k.RetiredAt.Add(max(s.o.AccessTTL, s.o.ImplicitTTL) + time.Hour).Before(now):
			drop = append(drop, k.KID)
		}
	}
	if retire == nil && drop == nil {
		return nil
	}
	return s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		for _, kid := range retire {
			if err := tx.RetireSigningKey(ctx, kid); err != nil {
				return err
			}
		}
		for _, kid := range drop {
			if err := tx.DropSigningKey(ctx, kid); err != nil {
				return err
			}
		}
		return nil
	})
}
