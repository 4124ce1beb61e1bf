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

	// EndGrantsOf ends every grant of an application.
	EndGrantsOf(ctx context.Context, application id.Application, why End) error
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
}

// NewService returns a service.
func NewService(o Options) *Service {
	if o.AccessTTL == 0 {
		o.AccessTTL = 24 * time.Hour
	}
	if o.ImplicitTTL == 0 {
		o.ImplicitTTL = 8 * time.Hour
	}
	return &Service{store: o.Store, clock: o.Clock, o: o}
}

// Issuer is the name under which tokens are issued; discovery stands below it.
func (s *Service) Issuer() string { return s.o.PublicURL + "/oauth2/default" }

// random returns n random bytes as URL-safe text.
func random(n int) string {
	b := make([]byte, n)
	rand.Read(b) //nolint:errcheck // it never fails
	return base64.RawURLEncoding.EncodeToString(b)
}
