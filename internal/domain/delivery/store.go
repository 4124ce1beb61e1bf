package delivery

import (
	"context"
	"time"

	"kith/internal/base/id"
	"kith/internal/base/task"
	"kith/internal/domain/message"
)

// Store keeps mails that are to leave. The store meets it.
type Store interface {
	Within(ctx context.Context, fn func(context.Context, Tx) error) error
	View(ctx context.Context, fn func(context.Context, Tx) error) error
}

// Tx is what deliveries ask of a unit of work.
type Tx interface {
	SuppressedTx
	Now() time.Time

	// MailsWaiting says whether there are mails to claim, or such of a dead
	// process to settle.
	MailsWaiting(ctx context.Context) (bool, error)
	// BeginSending makes room to note what is let go under a lease. It comes
	// before the first claim.
	BeginSending(ctx context.Context, l task.Lease) error
	// ClaimMails gives up to limit queued mails whose time has come to the
	// lease's owner, oldest first, of whatever account; no two claims get
	// the same.
	ClaimMails(ctx context.Context, l task.Lease, limit int) ([]message.Row, error)
	// SetAloft notes all mails that were let go under the lease and are not
	// settled. It fails with task.ErrLost when what the lease's owner had
	// claimed was settled by another meanwhile.
	SetAloft(ctx context.Context, l task.Lease, all []Aloft) error
	// SettleMails writes State, Reply, Relay, Attempts, NextAt and SettledAt
	// of mails that the lease's owner had claimed, also of those that were
	// meanwhile taken for abandoned after they were let go.
	SettleMails(ctx context.Context, l task.Lease, all []message.Mail) error
	InsertAttempts(ctx context.Context, all []Attempt) error
	// Attempts returns a mail's attempts and notices, oldest first.
	Attempts(ctx context.Context, account id.Account, mail id.Mail) ([]Attempt, error)
	// RelayStates returns the relays that are in trouble.
	RelayStates(ctx context.Context) ([]RelayState, error)
	// PutRelayState keeps the trouble of a relay, or forgets it where there
	// is none.
	PutRelayState(ctx context.Context, s RelayState) error
	// HoldCounts reads what was counted under scopes, and keeps others from
	// doing so until the unit of work ends. ReadCounts only reads; scopes of
	// which nothing is known are left out.
	HoldCounts(ctx context.Context, scopes []string) ([]Count, error)
	ReadCounts(ctx context.Context, scopes []string) ([]Count, error)
	PutCounts(ctx context.Context, all []Count) error
	// TrimCounts forgets what is past.
	TrimCounts(ctx context.Context) error
	// PutBackMails queues claimed mails again, each until its NextAt.
	PutBackMails(ctx context.Context, l task.Lease, all []message.Mail) error
	// DeadSenders returns leases under which mail was being sent and that
	// have ended.
	DeadSenders(ctx context.Context) ([]task.Lease, error)
	// EndSending settles what was claimed under a lease: what was let go is
	// uncertain and returned, everything else is queued again. Nothing more
	// can be let go under the lease then.
	EndSending(ctx context.Context, l task.Lease) (uncertain []Aloft, err error)
}

// Aloft is a mail that was let go and of which nothing else is known yet.
type Aloft struct {
	Account id.Account
	Mail    id.Mail
	At      time.Time
}

// key is a mail's name.
type key struct {
	account id.Account
	mail    id.Mail
}

func keyOf(m message.Mail) key { return key{m.Account, m.Number} }
