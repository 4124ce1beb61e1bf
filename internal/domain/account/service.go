package account

import (
	"context"
	"errors"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// Store is where accounts and users are kept.
type Store interface {
	// Within runs a unit of work, View several reads that agree.
	Within(ctx context.Context, fn func(context.Context, Tx) error) error
	View(ctx context.Context, fn func(context.Context, Tx) error) error
	// NextAccount and NextUser take a number that nobody else has. They are
	// called outside of a unit of work.
	NextAccount(ctx context.Context) (id.Account, error)
	NextUser(ctx context.Context) (id.User, error)
}

// Tx is what accounts ask of a unit of work. What is not there is a NotFound
// fault.
type Tx interface {
	Now() time.Time
	UID() id.UID

	// BumpCredentials makes every process forget, within a second, which
	// tokens it has verified. It also holds back every other unit of work
	// that bumps until this one ends, which the rules about last owners and
	// first accounts rely on.
	BumpCredentials(ctx context.Context) error

	AnyAccount(ctx context.Context) (bool, error)
	AccountByID(ctx context.Context, account id.Account) (Account, error)
	AllAccounts(ctx context.Context) ([]Account, error)
	InsertAccount(ctx context.Context, a Account) error
	UpdateAccount(ctx context.Context, a Account) error

	UserByID(ctx context.Context, user id.User) (User, error)
	// UserByName finds a user that was not removed.
	UserByName(ctx context.Context, usernameKey string) (User, error)
	AllUsers(ctx context.Context) ([]User, error)
	// InsertUser fails with ErrUserTaken.
	InsertUser(ctx context.Context, u User, passwordHash string) error
	// UpdateUser writes everything but the password. The name of a removed
	// user is free again.
	UpdateUser(ctx context.Context, u User) error
	PasswordHash(ctx context.Context, user id.User) (string, error)
	SetPasswordHash(ctx context.Context, user id.User, hash string) error

	// MemberRole fails with NotFound where the user is no member.
	MemberRole(ctx context.Context, account id.Account, user id.User) (Role, error)
	Members(ctx context.Context, account id.Account) ([]Member, error)
	Memberships(ctx context.Context, user id.User) ([]Membership, error)
	PutMember(ctx context.Context, account id.Account, user id.User, role Role) error
	DeleteMember(ctx context.Context, account id.Account, user id.User) error

	InsertLink(ctx context.Context, l Link) error
	LinkByHash(ctx context.Context, hash []byte) (Link, error)
	// UseLink marks a link as used and reports whether it was unused.
	UseLink(ctx context.Context, hash []byte) (bool, error)
	// DropLinks forgets the unused links of a kind that match those of
	// account, user and address that are not zero.
	DropLinks(ctx context.Context, kind LinkKind, account id.Account, user id.User, address email.Address) (dropped int64, err error)
	// OpenLinks returns the links of a kind and account that are neither used
	// nor expired, in the order of their making.
	OpenLinks(ctx context.Context, kind LinkKind, account id.Account) ([]Link, error)

	// Senders returns all sender addresses of an account, in the order of
	// their numbers.
	Senders(ctx context.Context, account id.Account) ([]Sender, error)
	// InsertSender gives an address its number. It fails with ErrSenderTaken.
	InsertSender(ctx context.Context, account id.Account, s Sender) (id.Sender, error)
	UpdateSender(ctx context.Context, account id.Account, s Sender) error
	DeleteSender(ctx context.Context, account id.Account, number id.Sender) error

	// Tries reads how often a bucket was counted in a minute (since 1970),
	// CountTry adds one.
	Tries(ctx context.Context, bucket string, minute int64) (int, error)
	CountTry(ctx context.Context, bucket string, minute int64) error

	// DropExpired forgets sessions, links and tries that nobody needs any
	// more, at most limit of each, and returns how many those were.
	DropExpired(ctx context.Context, limit int) (dropped int64, err error)
}

// Mail is a message to a user, ready to be sent.
type Mail struct {
	// Kind is confirm, reset, invite or sender.
	Kind    LinkKind
	Account id.Account
	To      email.Address
	ToName  string
	// For is the user who alone may read the body in the outbox, since it
	// holds a way in; 0 where the recipient is no user yet, and then nobody
	// may.
	For id.User

	// FirstName is the recipient's, where they are a user.
	FirstName string
	// Link is what the mail is about: the address that it opens, which works
	// once and is Good for so long.
	Link string
	Good time.Duration
	// Host is who invites, and Role what to.
	Host string
	Role Role
}

// Mailer takes mail that is to leave once the unit of work is kept.
type Mailer interface {
	Queue(ctx context.Context, tx Tx, m Mail) error
}

// Founder furnishes a new account with what every account begins with: its
// owner as the first contact, and a list.
type Founder interface {
	// Prepare is called before the unit of work, to take numbers. What it
	// returns runs inside of it, perhaps more than once.
	Prepare(ctx context.Context, account id.Account) (Found, error)
}

// Found furnishes a new account within the unit of work that makes it.
type Found func(ctx context.Context, tx Tx, a Account, owner User, by Actor) error

// Policy says who may sign up.
type Policy string

// The policies.
const (
	SignupFirst  Policy = "first" // only while no account exists
	SignupOpen   Policy = "open"
	SignupClosed Policy = "closed"
)

// Options is what a Service needs. All but SetupCode is required.
type Options struct {
	Store   Store
	Clock   clock.Clock
	Mailer  Mailer
	Founder Founder
	Limiter *Limiter
	// PublicURL begins the links in mail; without a slash at its end.
	PublicURL string
	Signup    Policy
	// SetupCode is asked for while no account exists; empty: it is not.
	SetupCode string
}

// Service is what can be done with accounts and users. It is safe for
// concurrent use.
type Service struct {
	o    Options
	gate gate
}

// NewService returns a service.
func NewService(o Options) *Service { return &Service{o: o, gate: newGate()} }

// ActorFor returns a user as a member of an account, and the credential
// versions under which that holds; the caller fills in how the user came. It
// fails with ErrRevoked for who is removed or no member, ErrSuspended and
// ErrClosed for such accounts.
func (s *Service) ActorFor(ctx context.Context, user id.User, account id.Account) (Actor, Stamp, error) {
	var (
		actor Actor
		stamp Stamp
	)
	err := s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		u, a, role, err := member(ctx, tx, user, account)
		if err != nil {
			return err
		}
		actor = Actor{Account: a.ID, User: u.ID, Role: role}
		stamp = Stamp{User: u.Version, Account: a.Version}
		return a.Usable()
	})
	if err != nil {
		return Actor{}, Stamp{}, err
	}
	return actor, stamp, nil
}

// member reads a user as a member of an account, whatever the account's state.
func member(ctx context.Context, tx Tx, user id.User, account id.Account) (User, Account, Role, error) {
	role, err := tx.MemberRole(ctx, account, user)
	if err != nil {
		return User{}, Account{}, "", revoked(err)
	}
	u, err := tx.UserByID(ctx, user)
	if err != nil {
		return User{}, Account{}, "", revoked(err)
	}
	if !u.RemovedAt.IsZero() {
		return User{}, Account{}, "", ErrRevoked
	}
	a, err := tx.AccountByID(ctx, account)
	return u, a, role, err
}

// revoked says of who is not found that they are no longer let in.
func revoked(err error) error {
	if errors.Is(err, fault.ErrNotFound) {
		return ErrRevoked.Because(err)
	}
	return err
}
