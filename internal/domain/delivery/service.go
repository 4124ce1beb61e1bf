package delivery

import (
	"context"
	"errors"
	"time"

	"kith/internal/base/task"
	"kith/internal/domain/message"
)

// Options is what the service is made of.
type Options struct {
	Store    Store
	Composer Composer
	// Routes are the relays, at least one. A mail goes by whichever has room.
	Routes []Route
	// Hashes finds suppressed addresses.
	Hashes Hashes
	// Keys are what mail is signed with; nil where it is not signed.
	Keys Keys
	// Paths are where mail comes back to that bounces; zero where it comes
	// back to who sent it.
	Paths ReturnPaths
	// Notices judges recipients that a relay refused; nil judges nobody.
	Notices *Notices
}

// Service sends what is queued. It is safe for concurrent use.
type Service struct {
	o Options
}

// New returns the service.
func New(o Options) *Service {
	routes := make([]Route, len(o.Routes))
	for i, r := range o.Routes {
		if r.Connections == 0 {
			r.Connections = DefaultConnections
		}
		routes[i] = r
	}
	o.Routes = routes
	return &Service{o: o}
}

// Waiting says whether Deliver may have anything to do. It only reads.
func (s *Service) Waiting(ctx context.Context) (waiting bool, err error) {
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		waiting, err = tx.MailsWaiting(ctx)
		return err
	})
	return waiting, err
}

// Deliver sends queued mails until there are none whose time has come, or
// until quit is closed, or until no relay can be used. It says whether more
// may be waiting. The caller holds the lease, whose name begins with
// message.Wake and a slash and is new for each call, for as long as it runs.
//
// What it returns from is settled: nothing is left claimed.
func (s *Service) Deliver(ctx context.Context, l task.Lease, quit <-chan struct{}) (more bool, err error) {
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error { return tx.BeginSending(ctx, l) })
	if err != nil {
		return false, err
	}
	r := newRun(ctx, s, l)
	more = r.send(quit)
	err = errors.Join(r.end(), ctx.Err())
	// Also where ctx has ended: what was not let go need not wait for the
	// lease to end.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return more, errors.Join(err, s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		return endSending(ctx, tx, l)
	}))
}

// compose writes a mail and finds what to sign it with.
func (s *Service) compose(ctx context.Context, row message.Row) (message.Outgoing, error) {
	out, err := s.o.Composer.Compose(ctx, row)
	if err != nil {
		return out, err
	}
	out.EnvelopeFrom = s.o.Paths.Of(row.Account, row.Number)
	if s.o.Keys == nil {
		return out, nil
	}
	out.Sign, err = s.o.Keys.SigningKeys(ctx, row.Account, out.Mail.From.Address)
	return out, err
}

// Interrupted is the reply of a mail that became uncertain with its process.
const Interrupted = "The server stopped while the relay was being asked to take the mail."

// recoverMails settles what dead processes left.
func recoverMails(ctx context.Context, tx Tx) error {
	dead, err := tx.DeadSenders(ctx)
	for _, l := range dead {
		err = errors.Join(err, endSending(ctx, tx, l))
	}
	return err
}

// endSending settles what was claimed under a lease, and tells of what is
// uncertain.
func endSending(ctx context.Context, tx Tx, l task.Lease) error {
	uncertain, err := tx.EndSending(ctx, l)
	if err != nil || len(uncertain) == 0 {
		return err
	}
	attempts := make([]Attempt, len(uncertain))
	for i, a := range uncertain {
		attempts[i] = Attempt{Account: a.Account, Mail: a.Mail, At: a.At, Outcome: Unknown.String(), Reply: Interrupted}
	}
	return tx.InsertAttempts(ctx, attempts)
}
