// Package oauth says what an application may do for whom and for how long:
// applications, the grants of their users, and the tokens that follow from
// them; and the access keys that need no application. How the protocol looks
// on the wire is left to the edge oauthweb, signing in to webapp.
//
// A grant is one user's consent to one application in one account. It lives
// until it is replaced by a new consent, revoked, or misused:
//
//	consent ──code, device code──▶ grant ──▶ access tokens (JWT, by themselves until they expire)
//	                                 │
//	                                 └─ refresh token: unspent ──use──▶ spent, with a successor
//	                                                     ▲                 │
//	                                                     └── again within ─┘
//	                                                         the grace, while the
//	                                                         successor is unspent
//
// Everything random is kept as a hash; keys that sign are kept sealed.
package oauth

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"log/slog"
	"sync/atomic"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/base/secret"
)

// Store is where applications, grants and keys are kept.
type Store interface {
	// Within runs a unit of work, View several reads that agree.
	Within(ctx context.Context, fn func(context.Context, Tx) error) error
	View(ctx context.Context, fn func(context.Context, Tx) error) error
	// NextApplication, NextGrant and NextAccessKey take a number that nobody
	// else has. They are called outside of a unit of work.
	NextApplication(ctx context.Context) (id.Application, error)
	NextGrant(ctx context.Context) (id.Grant, error)
	NextAccessKey(ctx context.Context) (id.AccessKey, error)
	// Credentials counts the units of work of this process that said
	// BumpCredentials. It is asked with every call, so it only reads memory.
	Credentials() int64
}

// Tx is what applications, grants and keys ask of a unit of work. What is not
// there is a NotFound fault.
type Tx interface {
	Now() time.Time
	UID() id.UID

	// BumpCredentials makes every process forget, within a second, what it
	// remembers of credentials; CredentialEpoch grows with each.
	BumpCredentials(ctx context.Context) error
	CredentialEpoch(ctx context.Context) (int64, error)

	InsertApplication(ctx context.Context, a Application) error
	UpdateApplication(ctx context.Context, a Application) error
	// ApplicationByUID and ApplicationByID find deleted ones too.
	ApplicationByUID(ctx context.Context, client id.UID) (Application, error)
	ApplicationByID(ctx context.Context, application id.Application) (Application, error)
	// ApplicationsOf and CountApplications leave out deleted ones.
	ApplicationsOf(ctx context.Context, user id.User) ([]Application, error)
	CountApplications(ctx context.Context, user id.User) (int, error)
	BuiltinByName(ctx context.Context, name string) (Application, error)

	InsertAccessKey(ctx context.Context, hash []byte, k AccessKey) error
	// AccessKeys returns the keys of a user in an account, revoked ones left
	// out, in the order of their making.
	AccessKeys(ctx context.Context, account id.Account, user id.User) ([]AccessKey, error)
	// RevokeAccessKey fails with NotFound where there is no such key unrevoked.
	RevokeAccessKey(ctx context.Context, account id.Account, user id.User, key id.UID) error

	// MemberStanding reads a user in an account, also where it is no member.
	MemberStanding(ctx context.Context, account id.Account, user id.User) (Member, error)
	// GrantStanding reads what the tokens of a grant stand on, ended or not.
	GrantStanding(ctx context.Context, grant id.UID) (Standing, error)
	// KeyStanding reads what an access key stands on, revoked or not.
	KeyStanding(ctx context.Context, hash []byte) (Standing, error)
	// UseAccessKey notes when a key was used.
	UseAccessKey(ctx context.Context, key id.AccessKey, at time.Time) error

	InsertGrant(ctx context.Context, g Grant) error
	// UpdateGrant writes scopes, the time of sign-in and the version.
	UpdateGrant(ctx context.Context, g Grant) error
	GrantByID(ctx context.Context, grant id.Grant) (Grant, error)
	GrantByUID(ctx context.Context, grant id.UID) (Grant, error)
	// LiveGrants returns what a user granted in an account and has not ended,
	// the oldest first; of one application where that is not 0.
	LiveGrants(ctx context.Context, account id.Account, user id.User, application id.Application) ([]Grant, error)
	EndGrant(ctx context.Context, grant id.Grant, why End) error
	// EndGrantsOf ends every grant of an application.
	EndGrantsOf(ctx context.Context, application id.Application, why End) error

	InsertCode(ctx context.Context, hash []byte, c Code) error
	CodeByHash(ctx context.Context, hash []byte) (Code, error)
	// SpendCode marks a code as spent for a grant and reports whether it was
	// not spent before. Of several units of work, one is told true.
	SpendCode(ctx context.Context, hash []byte, grant id.Grant) (bool, error)

	// PutRefreshToken keeps a refresh token; one that is kept already stays as
	// it is.
	PutRefreshToken(ctx context.Context, hash []byte, grant id.Grant) error
	RefreshTokenByHash(ctx context.Context, hash []byte) (RefreshToken, error)
	// SpendRefreshToken is SpendCode for refresh tokens.
	SpendRefreshToken(ctx context.Context, hash []byte) (bool, error)
	// UseRefreshToken restarts its idle clock.
	UseRefreshToken(ctx context.Context, hash []byte) error

	// InsertDevice fails with fault.ErrConflict where the user code is in use.
	InsertDevice(ctx context.Context, hash []byte, d Device) error
	DeviceByHash(ctx context.Context, hash []byte) (Device, error)
	DeviceByUserCode(ctx context.Context, userCode string) (Device, error)
	// UpdateDevice writes d where the state is still from, and reports whether
	// it was.
	UpdateDevice(ctx context.Context, hash []byte, d Device, from DeviceState) (bool, error)
	// DecideDevice is UpdateDevice for the user's decision, which knows the
	// user code only.
	DecideDevice(ctx context.Context, d Device, from DeviceState) (bool, error)

	// SigningKeys returns all keys, the oldest first.
	SigningKeys(ctx context.Context) ([]SigningKey, error)
	InsertSigningKey(ctx context.Context, k SigningKey) error
	RetireSigningKey(ctx context.Context, kid string) error
	DropSigningKey(ctx context.Context, kid string) error

	// CountCall counts one call of an application in a period, of which
	// period is the length and start the beginning in seconds, and reports
	// whether that was within the limit. A call beyond it is not counted.
	CountCall(ctx context.Context, application id.Application, c Counter, start int64, limit int) (bool, error)

	// DropOldOAuth forgets, at most limit of each kind, codes and refresh
	// tokens that nobody can use any more, grants without a living token, and
	// past counts of calls; it returns how many those were.
	DropOldOAuth(ctx context.Context, o Old, limit int) (dropped int64, err error)
}

// Options is what a Service needs. All are required but those with a default.
type Options struct {
	Store  Store
	Clock  clock.Clock
	Log    *slog.Logger
	Secret secret.Key
	// PublicURL begins the issuer and the audience of tokens; without a slash
	// at its end.
	PublicURL string
	// AccessTTL and ImplicitTTL are how long access tokens live; the defaults
	// are 24 hours and 8 hours.
	AccessTTL, ImplicitTTL time.Duration
	// RefreshGrace is how long a used rotating refresh token may be used
	// again, while its successor was not. Zero is a default of no grace.
	RefreshGrace time.Duration
	// Rate is the limit of applications that have none of their own.
	Rate Rate
}

// Service is what can be done with applications, grants, tokens and keys. It
// is safe for concurrent use.
type Service struct {
	store Store
	clock clock.Clock
	o     Options
	seen  *seen
	ring  atomic.Pointer[ring] // nil until the keys are needed
	// successors derives the refresh tokens that follow from others.
	successors []byte
}

// NewService returns a service.
func NewService(o Options) *Service {
	if o.AccessTTL == 0 {
		o.AccessTTL = 24 * time.Hour
	}
	if o.ImplicitTTL == 0 {
		o.ImplicitTTL = 8 * time.Hour
	}
	return &Service{
		store: o.Store, clock: o.Clock, o: o, seen: newSeen(),
		successors: o.Secret.Derive(secret.Refresh),
	}
}

// Issuer is the name under which tokens are issued; discovery stands below it.
func (s *Service) Issuer() string { return s.o.PublicURL + "/oauth2/default" }

// Audience is the API that tokens are for.
func (s *Service) Audience() string { return s.o.PublicURL + "/v3" }

// random returns n random bytes as URL-safe text.
func random(n int) string {
	b := make([]byte, n)
	rand.Read(b) // it never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// Lives returns how long access tokens live, and those of the implicit flow.
func (s *Service) Lives() (access, implicit time.Duration) { return s.o.AccessTTL, s.o.ImplicitTTL }

// Now is the time by which tokens are judged.
func (s *Service) Now() time.Time { return s.clock.Now() }
