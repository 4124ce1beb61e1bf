package delivery

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"kith/internal/base/id"
	"kith/internal/base/task"
	"kith/internal/base/text"
	"kith/internal/domain/message"
)

// Composer writes a mail as it leaves; message.Service meets it. A mail that
// can never be written fails with a *message.UnsendableError.
type Composer interface {
	Compose(ctx context.Context, row message.Row) (message.Outgoing, error)
}

// Relay takes mail away; outbound/mail meets it.
type Relay interface {
	// Send hands a mail to the relay and returns what that said. It calls
	// letGo once, when all that is left to do is to end the content: from
	// then on the relay may have the mail, and before it certainly has not.
	// When letGo fails, Send breaks off and returns its error.
	//
	// What goes wrong is a *SendError; any other error counts as Trouble.
	Send(ctx context.Context, m message.Outgoing, letGo func(context.Context) error) (reply string, err error)
}

// Store keeps mails that are to leave. The store meets it.
type Store interface {
	Within(ctx context.Context, fn func(context.Context, Tx) error) error
	View(ctx context.Context, fn func(context.Context, Tx) error) error
}

// Tx is what deliveries ask of a unit of work.
type Tx interface {
	Now() time.Time

	// MailsWaiting says whether there are mails to claim or, perhaps, to
	// recover.
	MailsWaiting(ctx context.Context) (bool, error)
	// ClaimMails gives up to limit queued mails whose time has come to the
	// lease's owner, oldest first, of whatever account; no two claims get
	// the same.
	ClaimMails(ctx context.Context, l task.Lease, limit int) ([]message.Row, error)
	// LetMailGo notes that a claimed mail's content is handed over now. It
	// fails with task.ErrLost when the mail was recovered meanwhile.
	LetMailGo(ctx context.Context, l task.Lease, account id.Account, number id.Mail) error
	// SettleMail writes State, Reply, Attempts, NextAt and SettledAt of a
	// mail that the lease's owner had claimed, also when the mail was
	// meanwhile taken for abandoned after it was let go.
	SettleMail(ctx context.Context, l task.Lease, m message.Mail) error
	// RecoverMails settles mails that are sending under a lease that has
	// ended: back to the queue, or uncertain where they were let go.
	RecoverMails(ctx context.Context) (queued, uncertain int, err error)
}

// Options is what the service is made of.
type Options struct {
	Store    Store
	Composer Composer
	Relay    Relay
	// AtOnce is how many mails are sent at a time; zero means 4.
	AtOnce int
}

// Service sends what is queued. It is safe for concurrent use.
type Service struct {
	o Options
}

// New returns the service.
func New(o Options) *Service {
	if o.AtOnce == 0 {
		o.AtOnce = 4
	}
	return &Service{o}
}

// Outcome says what an attempt that did not succeed means for the mail.
type Outcome int

// The outcomes.
const (
	// Trouble is a relay that cannot be used at all now; the mail is not to
	// blame and was not sent.
	Trouble Outcome = iota
	// Later is a relay that does not take this mail now.
	Later
	// Refused is a relay that will not take this mail.
	Refused
	// Unknown is a relay that gave no answer after it had the content.
	Unknown
)

// SendError is an attempt that did not succeed.
type SendError struct {
	Outcome Outcome
	// Reply is what the relay said, or what went wrong, for the mail's owner.
	Reply string
	Cause error
}

// Error returns the reply.
func (e *SendError) Error() string { return e.Reply }

// Unwrap returns the cause.
func (e *SendError) Unwrap() error { return e.Cause }

const (
	// claimBatch is how many mails are claimed at a time. They are sent
	// within the life of one lease, so they are few.
	claimBatch = 40
	// firstPause is how long a mail waits after its first failed attempt;
	// each further pause is twice as long, up to longestPause.
	firstPause   = 30 * time.Second
	longestPause = time.Hour
	// lastAttempt fails for good: after some three days. RFC 5321 §4.5.4.1
	// asks for four or five, for what was taken over from others; most of
	// ours holds a link that works for less.
	lastAttempt = 80
	// longestReply bounds what is kept of the relay's words, in characters.
	longestReply = 500
)

// Waiting says whether Deliver may have anything to do. It only reads.
func (s *Service) Waiting(ctx context.Context) (waiting bool, err error) {
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		waiting, err = tx.MailsWaiting(ctx)
		return err
	})
	return waiting, err
}

// Deliver sends a batch of queued mails and says whether more may be waiting.
// The caller holds the lease, whose name begins with message.Wake and a slash, for as
// long as it runs. What a dead process left half done is settled first.
func (s *Service) Deliver(ctx context.Context, l task.Lease) (more bool, err error) {
	var batch []message.Row
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		if _, _, err := tx.RecoverMails(ctx); err != nil {
			return err
		}
		batch, err = tx.ClaimMails(ctx, l, claimBatch)
		return err
	})
	if err != nil {
		return false, err
	}
	var (
		work    = make(chan message.Row)
		wg      sync.WaitGroup
		trouble atomic.Bool // the relay is of no use now
		mu      sync.Mutex
		errs    []error
	)
	for range min(s.o.AtOnce, len(batch)) {
		wg.Go(func() {
			for row := range work {
				// What is not begun stays claimed; when the lease is
				// dropped, it goes back to the queue.
				if trouble.Load() || ctx.Err() != nil {
					continue
				}
				troubled, err := s.deliver(ctx, l, row)
				if troubled {
					trouble.Store(true)
				}
				if err != nil {
					trouble.Store(true)
					mu.Lock()
					errs = append(errs, err)
					mu.Unlock()
				}
			}
		})
	}
	for _, row := range batch {
		work <- row
	}
	close(work)
	wg.Wait()
	return len(batch) == claimBatch && !trouble.Load(), errors.Join(append(errs, ctx.Err())...)
}

// deliver sends one mail and writes down what came of it. It says whether
// there is trouble with the relay; an error is trouble with the database.
func (s *Service) deliver(ctx context.Context, l task.Lease, row message.Row) (trouble bool, err error) {
	m := row.Mail
	out, err := s.o.Composer.Compose(ctx, row)
	if never, ok := errors.AsType[*message.UnsendableError](err); ok {
		m.State, m.Reply = message.Failed, never.Reply
		return false, s.settle(ctx, l, m)
	}
	if err != nil {
		return false, err // the mail goes back to the queue by itself
	}
	reply, err := s.o.Relay.Send(ctx, out, func(ctx context.Context) error {
		return s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
			return tx.LetMailGo(ctx, l, m.Account, m.Number)
		})
	})
	if err == nil {
		m.State, m.Reply = message.Sent, reply
		return false, s.settle(ctx, l, m)
	}
	if ctx.Err() != nil || errors.Is(err, task.ErrLost) {
		if e, ok := errors.AsType[*SendError](err); !ok || e.Outcome != Unknown {
			return false, nil // not sent: the mail goes back to the queue by itself
		}
	}
	return s.failed(ctx, l, m, err)
}

// failed settles a mail after an attempt that did not succeed.
func (s *Service) failed(ctx context.Context, l task.Lease, m message.Mail, err error) (trouble bool, _ error) {
	e, ok := errors.AsType[*SendError](err)
	if !ok {
		e = &SendError{Outcome: Trouble, Reply: "The mail could not be sent.", Cause: err}
	}
	m.Reply = e.Reply
	m.Attempts++
	switch e.Outcome {
	case Unknown:
		m.State = message.Uncertain
	case Refused:
		m.State = message.Failed
	case Trouble, Later:
		m.State = message.Queued
	}
	return e.Outcome == Trouble, s.settle(ctx, l, m)
}

// settle writes down what has become of a mail. It does so also when ctx has
// ended: what the relay said must not be forgotten.
func (s *Service) settle(ctx context.Context, l task.Lease, m message.Mail) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	m.Reply = text.Line(m.Reply, longestReply)
	return s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		m := m // the unit of work may run more than once
		now := tx.Now()
		if m.State == message.Queued {
			m.NextAt = now.Add(pause(m.Attempts))
			if m.Attempts >= lastAttempt {
				m.State = message.Failed
			}
		}
		if m.State != message.Queued {
			m.SettledAt = now
		}
		return tx.SettleMail(ctx, l, m)
	})
}

// pause is how long a mail waits after so many failed attempts.
func pause(attempts int) time.Duration {
	return min(firstPause<<min(max(attempts-1, 0), 10), longestPause)
}
