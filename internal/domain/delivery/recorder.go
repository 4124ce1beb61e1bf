package delivery

import (
	"context"
	"errors"
	"sync"
	"time"

	"kith/internal/base/task"
	"kith/internal/domain/message"
)

// recorder writes down what happens on all open connections: which mails are
// let go, and what became of them. Who has something to note leaves it here,
// and all that has gathered while the last unit of work ran is written by the
// next. So the database is asked as often as it can answer, however many
// connections there are.
type recorder struct {
	store   Store
	notices *Notices // may be nil
	lease   task.Lease
	in      chan note
	ended   chan struct{}

	// aloft are the mails that were let go and are not settled, as the
	// database knows them.
	aloft []Aloft

	mu  sync.Mutex
	err error // why what became of some mail could not be written down
}

// note is what one connection has to tell: either how a mail ended, or that
// one is let go.
type note struct {
	mail    message.Mail
	verdict verdict
	relay   string
	// answer is told whether the mail may go; nil for a mail that ended.
	answer chan error
}

// mostNotes bounds what is written in one unit of work.
const mostNotes = 500

func newRecorder(s Store, judging *Notices, l task.Lease, connections int) *recorder {
	return &recorder{store: s, notices: judging, lease: l, in: make(chan note, connections), ended: make(chan struct{})}
}

// letGo returns when it is written down that the mail is let go. It fails with
// task.ErrLost when the lease is lost.
func (r *recorder) letGo(ctx context.Context, m message.Mail) error {
	answer := make(chan error, 1)
	select {
	case r.in <- note{mail: m, answer: answer}:
		return <-answer // it must be known, also when ctx ends
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// settle leaves it to be written down what became of a mail. That comes before
// anything that the caller leaves later.
func (r *recorder) settle(m message.Mail, v verdict, relay string) {
	r.in <- note{mail: m, verdict: v, relay: relay}
}

// close waits until everything is written, and returns what could not be.
func (r *recorder) close() error {
	close(r.in)
	<-r.ended
	return r.failure()
}

func (r *recorder) failure() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// run writes until close.
func (r *recorder) run(ctx context.Context) {
	defer close(r.ended)
	var notes []note
	for first := range r.in {
		notes = append(notes[:0], first)
	gather:
		for len(notes) < mostNotes {
			select {
			case n, open := <-r.in:
				if !open {
					break gather
				}
				notes = append(notes, n)
			default:
				break gather
			}
		}
		r.write(ctx, notes)
	}
}

// keepTrying is how long it is tried to write down how mails ended. What cannot
// be written in that time will be found uncertain.
const keepTrying = time.Minute

// write writes notes and answers them. When the database cannot be reached,
// nothing is let go, and what has ended is tried again for a while.
func (r *recorder) write(ctx context.Context, notes []note) {
	ctx, cancel := context.WithTimeout(ctx, keepTrying)
	defer cancel()
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		lost, err := r.try(ctx, notes)
		ended := notes[:0:0]
		for _, n := range notes {
			switch {
			case n.answer == nil:
				ended = append(ended, n)
			case err != nil:
				n.answer <- err
			case lost:
				n.answer <- task.ErrLost
			default:
				n.answer <- nil
			}
		}
		if err == nil || len(ended) == 0 {
			return
		}
		notes = ended
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			r.mu.Lock()
			r.err = errors.Join(r.err, err)
			r.mu.Unlock()
			return
		}
	}
}

// try writes notes in one unit of work. lost says that the lease is lost:
// nothing is let go then, but how mails ended is written all the same, for
// what was let go in time.
func (r *recorder) try(ctx context.Context, notes []note) (lost bool, err error) {
	ended := make(map[key]bool, len(notes))
	for _, n := range notes {
		if n.answer == nil {
			ended[keyOf(n.mail)] = true
		}
	}
	var next []Aloft
	err = r.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		next, lost = next[:0], false
		for _, a := range r.aloft {
			if !ended[key{a.Account, a.Mail}] {
				next = append(next, a)
			}
		}
		var mails, refused []message.Mail
		var attempts []Attempt
		for _, n := range notes {
			if n.answer != nil {
				next = append(next, Aloft{n.mail.Account, n.mail.Number, tx.Now()})
				continue
			}
			m, a := n.verdict.settle(n.mail, n.relay, tx.Now())
			mails = append(mails, m)
			if n.verdict.recipient && m.State == message.Failed {
				refused = append(refused, m)
			}
			if a != nil {
				attempts = append(attempts, *a)
			}
		}
		err := tx.SetAloft(ctx, r.lease, next)
		if lost = errors.Is(err, task.ErrLost); err != nil && !lost {
			return err
		}
		if err := tx.SettleMails(ctx, r.lease, mails); err != nil {
			return err
		}
		if err := tx.InsertAttempts(ctx, attempts); err != nil {
			return err
		}
		return r.judgeRefused(ctx, tx, refused)
	})
	if err == nil && !lost {
		r.aloft = next
	}
	return lost, err
}

// judgeRefused has judged whom the relay refused for good.
func (r *recorder) judgeRefused(ctx context.Context, tx Tx, all []message.Mail) error {
	if r.notices == nil {
		return nil
	}
	for _, m := range all {
		if err := r.notices.Refused(ctx, tx, m, m.Reply); err != nil {
			return err
		}
	}
	return nil
}
