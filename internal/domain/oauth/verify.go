package oauth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth/jwt"
)

// Member is a user in an account, as far as a credential of theirs depends on
// it.
type Member struct {
	Account  id.Account
	Status   account.Status
	User     id.User
	UserUID  id.UID
	Username string
	// Role is empty where the user was removed or does not belong to the
	// account.
	Role account.Role
}

// check returns nil when the member may be acted for.
func (m Member) check() error {
	switch {
	case m.Role == "":
		return account.ErrRevoked
	case m.Status == account.Suspended:
		return account.ErrSuspended
	case m.Status != account.Active:
		return account.ErrClosed
	}
	return nil
}

func (m Member) actor() account.Actor {
	return account.Actor{Account: m.Account, User: m.User, Role: m.Role}
}

// Standing is what a credential stands on: a token's grant or an access key,
// with the application, the user and the account behind it. Processes remember
// it until the credential epoch grows.
type Standing struct {
	Member
	// Version is the grant's: access tokens carry the one they were issued
	// under. Ended is empty while the grant lives.
	Version int64
	Ended   End
	// Client is nil for an access key. Inactive and Deleted are its state,
	// Rate is its own limit as text.
	Client            *Client
	Inactive, Deleted bool
	Rate              string
	// Scopes, ExpiresAt and Revoked are those of an access key.
	Scopes    Scopes
	ExpiresAt time.Time
	Revoked   bool

	key id.AccessKey
}

// WithKey returns the standing of the access key of that number.
func (st Standing) WithKey(key id.AccessKey) Standing {
	st.key = key
	return st
}

// Sizes of what a process remembers: tokens, whose entries are small, and
// standings. Each holds up to twice as many.
const (
	rememberTokens    = 20_000
	rememberStandings = 10_000
)

// epochAge is how long a process may not notice what another one did.
const epochAge = time.Second

// seen is what makes the check of a token cheap. A token's signature proves
// its claims for good; what they stand on is forgotten when the credential
// epoch grows.
type seen struct {
	tokens *recent[[sha256.Size]byte, claimed]
	grants *recent[id.UID, *Standing]
	keys   *recent[[sha256.Size]byte, *Standing]

	reading chan struct{}                // holds a token; taken by who reads the epoch
	epoch   atomic.Pointer[epochReading] // nil until the first reading

	mu   sync.Mutex
	used map[id.AccessKey]time.Time // uses of access keys that are not yet kept
}

type epochReading struct {
	epoch, own int64
	read       time.Time
}

func newSeen() *seen {
	s := &seen{
		tokens:  newRecent[[sha256.Size]byte, claimed](rememberTokens),
		grants:  newRecent[id.UID, *Standing](rememberStandings),
		keys:    newRecent[[sha256.Size]byte, *Standing](rememberStandings),
		reading: make(chan struct{}, 1),
		used:    map[id.AccessKey]time.Time{},
	}
	s.reading <- struct{}{}
	return s
}

// claimed is what a verified token says, as far as a call needs it.
type claimed struct {
	grant   id.UID
	version int64
	scopes  Scopes
	expires time.Time
}

// Verify returns who is behind a credential, which is the value of an
// Authorization header: an access token or an access key, with or without
// "Bearer" before it, in whatever case (v3 contract, access token: partners
// send it bare).
//
// Its faults are ErrTokenMissing, ErrTokenMalformed, ErrTokenForeign,
// ErrTokenExpired, ErrTokenRevoked, ErrInactive, account.ErrSuspended and
// account.ErrClosed. Where the credential was one of this server the principal
// is returned as well, so that the call can be told to whom it concerns. What
// was done to a credential is felt at once in this process and within a second
// in every other.
func (s *Service) Verify(ctx context.Context, authorization string) (Principal, error) {
	text := bare(authorization)
	if text == "" {
		return Principal{}, ErrTokenMissing
	}
	if err := s.freshen(ctx); err != nil {
		return Principal{}, err
	}
	if strings.HasPrefix(text, KeyPrefix) {
		return s.verifyKey(ctx, text)
	}
	return s.verifyToken(ctx, text)
}

// bare returns the credential in the value of an Authorization header.
func bare(authorization string) string {
	text := strings.TrimSpace(authorization)
	if strings.EqualFold(text, "Bearer") {
		return ""
	}
	if scheme, rest, ok := strings.Cut(text, " "); ok && strings.EqualFold(scheme, "Bearer") {
		text = strings.TrimSpace(rest)
	}
	return text
}

// Claims returns what the token in an Authorization header says of itself.
// Nothing of it is proved: it is for telling somebody of a refusal, and for
// nothing else.
func Claims(authorization string) (jwt.Claims, bool) { return jwt.Unproven(bare(authorization)) }

// freshen sees to it that what is remembered is at most a second old.
func (s *Service) freshen(ctx context.Context) error {
	fresh := func() bool {
		e := s.seen.epoch.Load()
		if e == nil || e.own != s.store.Credentials() {
			return false
		}
		age := s.clock.Now().Sub(e.read)
		return age >= 0 && age < epochAge
	}
	if fresh() {
		return nil
	}
	select {
	case <-s.seen.reading:
		defer func() { s.seen.reading <- struct{}{} }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if fresh() { // somebody else has read it meanwhile
		return nil
	}
	next := epochReading{own: s.store.Credentials(), read: s.clock.Now()}
	if err := s.store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		next.epoch, err = tx.CredentialEpoch(ctx)
		return err
	}); err != nil {
		return err
	}
	if e := s.seen.epoch.Load(); e == nil || e.epoch != next.epoch {
		s.seen.grants.forget()
		s.seen.keys.forget()
	}
	s.seen.epoch.Store(&next)
	return nil
}

func (s *Service) verifyToken(ctx context.Context, token string) (Principal, error) {
	sum := sha256.Sum256([]byte(token))
	c, known := s.seen.tokens.get(sum)
	if !known {
		var err error
		if c, err = s.readToken(ctx, token); err != nil {
			return Principal{}, err
		}
		s.seen.tokens.put(sum, c, s.seen.tokens.age())
	}
	expired := !s.clock.Now().Before(c.expires)
	st, err := remembered(ctx, s, s.seen.grants, c.grant, func(ctx context.Context, tx Tx) (Standing, error) {
		return tx.GrantStanding(ctx, c.grant)
	})
	switch {
	case fault.Is(err, fault.NotFound) && expired:
		return Principal{}, ErrTokenExpired
	case fault.Is(err, fault.NotFound):
		return Principal{}, ErrTokenRevoked
	case err != nil:
		return Principal{}, err
	}
	p := Principal{Actor: st.actor(), Kind: KindToken, Scopes: c.scopes, Client: st.Client, Expires: c.expires}
	p.Actor.Via, p.Actor.Application = account.ViaAPI, st.Client.ClientID.String()
	switch {
	case expired:
		return p, ErrTokenExpired.Because(fmt.Errorf("it ended at %s", c.expires.UTC().Format(time.DateTime)))
	case st.Ended != "" && st.Ended != EndReplaced, st.Version != c.version, st.Deleted:
		return p, ErrTokenRevoked
	case st.Role == "":
		return p, account.ErrRevoked
	case st.Inactive:
		return p, ErrInactive
	}
	return p, st.check()
}

// readToken checks a token's signature and reads what a call needs of it.
func (s *Service) readToken(ctx context.Context, token string) (claimed, error) {
	said, err := s.said(ctx, token)
	if err != nil {
		return claimed{}, err
	}
	grant, version, ok := parseTokenID(said.ID)
	if !ok {
		return claimed{}, ErrTokenMalformed
	}
	c := claimed{grant: grant, version: version, expires: said.ExpiresAt}
	c.scopes, _ = ParseScopes(strings.Join(said.Scopes, " "))
	return c, nil
}

// said returns what a token says that a key of ours signed, expired or not.
func (s *Service) said(ctx context.Context, token string) (jwt.Claims, error) {
	r, err := s.ringWithin(ctx, ringAge)
	if err != nil {
		return jwt.Claims{}, err
	}
	said, err := jwt.Verify(token, r.find)
	if errors.Is(err, jwt.ErrUnknownKey) {
		// Another process may have made a key since.
		if r, err = s.ringWithin(ctx, ringPause); err != nil {
			return jwt.Claims{}, err
		}
		said, err = jwt.Verify(token, r.find)
	}
	switch {
	case errors.Is(err, jwt.ErrUnknownKey) && said.Issuer == s.Issuer() && !s.clock.Now().Before(said.ExpiresAt):
		return jwt.Claims{}, ErrTokenExpired.Because(err) // so long ago that its key is gone
	case errors.Is(err, jwt.ErrUnknownKey):
		return jwt.Claims{}, ErrTokenForeign.Because(err)
	case err != nil:
		return jwt.Claims{}, ErrTokenMalformed.Because(err)
	}
	return said, nil
}

// tokenID names an access token: a random part, the grant it comes from, and
// the grant's version. The random part is as long as makes a token reach the
// 1,000 characters that the contract gives it.
func tokenID(grant id.UID, version int64) string {
	return "AT." + random(64) + "." + base64.RawURLEncoding.EncodeToString(grant[:]) + "." + strconv.FormatInt(version, 10)
}

func parseTokenID(text string) (grant id.UID, version int64, ok bool) {
	part := strings.Split(text, ".")
	if len(part) != 4 {
		return grant, 0, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(part[2])
	if err != nil || len(raw) != len(grant) {
		return grant, 0, false
	}
	copy(grant[:], raw)
	version, err = strconv.ParseInt(part[3], 10, 64)
	return grant, version, err == nil
}

func (s *Service) verifyKey(ctx context.Context, key string) (Principal, error) {
	sum := sha256.Sum256([]byte(key))
	st, err := remembered(ctx, s, s.seen.keys, sum, func(ctx context.Context, tx Tx) (Standing, error) {
		return tx.KeyStanding(ctx, sum[:])
	})
	switch {
	case fault.Is(err, fault.NotFound):
		return Principal{}, ErrTokenForeign.Saying("This server knows no such access key.").Because(err)
	case err != nil:
		return Principal{}, err
	}
	now := s.clock.Now()
	p := Principal{Actor: st.actor(), Kind: KindKey, Scopes: st.Scopes, Expires: st.ExpiresAt}
	p.Actor.Via = account.ViaKey
	switch {
	case st.Revoked:
		return p, ErrTokenRevoked.Saying("The access key was revoked.")
	case !st.ExpiresAt.IsZero() && !now.Before(st.ExpiresAt):
		return p, ErrTokenExpired.Saying("The access key has expired.")
	case st.Role == "":
		return p, account.ErrRevoked
	}
	if err := st.check(); err != nil {
		return p, err
	}
	s.seen.use(st.key, now)
	return p, nil
}

// use notes when an access key was used; Sweep keeps it.
func (s *seen) use(key id.AccessKey, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used[key] = at
}

// remembered returns what is remembered under k, or reads it.
func remembered[K comparable](ctx context.Context, s *Service, in *recent[K, *Standing], k K, read func(context.Context, Tx) (Standing, error)) (*Standing, error) {
	if st, ok := in.get(k); ok {
		return st, nil
	}
	age := in.age()
	var st Standing
	if err := s.store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		st, err = read(ctx, tx)
		return err
	}); err != nil {
		return nil, err
	}
	if st.Client != nil {
		st.Client.Rate = s.rateOf(st.Rate)
	}
	in.put(k, &st, age)
	return &st, nil
}

// recent remembers the values used last, about as many as twice its size, and
// never those that were read before the last forget.
type recent[K comparable, V any] struct {
	mu        sync.RWMutex
	size      int
	now, past map[K]V
	forgets   int64
}

func newRecent[K comparable, V any](size int) *recent[K, V] {
	return &recent[K, V]{size: size, now: map[K]V{}}
}

func (r *recent[K, V]) get(k K) (V, bool) {
	r.mu.RLock()
	v, ok := r.now[k]
	if ok {
		r.mu.RUnlock()
		return v, true
	}
	v, ok = r.past[k]
	age := r.forgets
	r.mu.RUnlock()
	if ok {
		r.put(k, v, age)
	}
	return v, ok
}

// age is handed to put by who read a value after asking for it.
func (r *recent[K, V]) age() int64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.forgets
}

// put remembers a value, unless everything was forgotten since age.
func (r *recent[K, V]) put(k K, v V, age int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if age != r.forgets {
		return
	}
	if len(r.now) >= r.size {
		r.now, r.past = map[K]V{}, r.now
	}
	r.now[k] = v
}

func (r *recent[K, V]) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now, r.past = map[K]V{}, nil
	r.forgets++
}
