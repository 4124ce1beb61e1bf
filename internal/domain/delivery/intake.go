package delivery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/text"
)

// Bounds of what is taken in and kept. Whoever sends it may be anybody.
const (
	// MaxArrival is how much of a mail is kept. What a notice tells stands at
	// its beginning; the mail that it sends back follows.
	MaxArrival = 256 << 10
	// giveUpAfter is how long it is tried to judge a mail.
	giveUpAfter = 24 * time.Hour
	// maxArrivals is how many mails wait to be read; more are put off.
	maxArrivals = 4000
	// maxStrays is how many notices are kept that match nothing, and strayLife
	// for how long.
	maxStrays = 1000
	strayLife = 30 * 24 * time.Hour
)

// WakeIntake is what the store's bell is rung for when a mail was taken in.
const WakeIntake = "notices"

// ErrIntakeFull is a mail that cannot be taken in now.
var ErrIntakeFull = fault.New(fault.Unavailable, fault.CodeUnavailable, "Too many notices wait to be read.")

// Arrival is a mail that came for one of our addresses.
type Arrival struct {
	Number int64 // set when it is kept
	At     time.Time
	// Sent is the address that it came to, Peer the network address of who
	// handed it over, empty on a socket of this machine.
	Sent, Peer string
	Body       []byte
}

// StrayNotice is one about no mail that is known here, or a mail to one of our
// addresses that tells nothing about another.
type StrayNotice struct {
	At        time.Time
	By        Teller
	Kind      Kind // zero: the mail was no notice
	Recipient string
	MessageID string
	Status    string
	Reply     string
}

// stray is what is kept of a notice for the operator.
func stray(n Notice, by Teller, at time.Time) StrayNotice {
	return StrayNotice{
		At: at, By: by, Kind: n.Kind, Recipient: text.Line(n.Recipient, longestSaid), MessageID: text.Line(n.MessageID, longestSaid),
		Status: n.Status.String(), Reply: text.Line(n.Reply, longestSaid),
	}
}

// IntakeTx is what taking mails in asks of a unit of work.
type IntakeTx interface {
	// PutArrival keeps a mail to be read, and wakes who reads.
	PutArrival(ctx context.Context, a Arrival) error
	// ArrivalsWaiting counts mails that wait, up to limit.
	ArrivalsWaiting(ctx context.Context, limit int) (int, error)
	// NextArrival returns the oldest mail behind a number; fault.ErrNotFound
	// where none waits.
	NextArrival(ctx context.Context, after int64) (Arrival, error)
	// DropArrival forgets a mail, and says whether it was still there: then
	// nobody else has read it.
	DropArrival(ctx context.Context, number int64) (bool, error)
	// PutStray keeps a stray notice, and of all of them the newest keep at most.
	PutStray(ctx context.Context, s StrayNotice, keep int) error
	// TrimStrays forgets strays older than a time.
	TrimStrays(ctx context.Context, since time.Time) error
	// Strays returns the newest strays, up to limit.
	Strays(ctx context.Context, limit int) ([]StrayNotice, error)
}

// Reader reads a mail that came to an address at a time; it fails where that
// is no notice.
type Reader func(r io.Reader, sent string, at time.Time) ([]Notice, error)

// Arrive keeps mails so that nothing is lost from then on. It fails with
// ErrIntakeFull.
func (s *Notices) Arrive(ctx context.Context, all ...Arrival) error {
	return s.o.Store.Within(ctx, func(ctx context.Context, tx NoticeTx) error {
		waiting, err := tx.ArrivalsWaiting(ctx, maxArrivals)
		if err != nil {
			return err
		}
		if waiting+len(all) > maxArrivals {
			return ErrIntakeFull
		}
		for _, a := range all {
			a.At = tx.Now()
			if err := tx.PutArrival(ctx, a); err != nil {
				return err
			}
		}
		return nil
	})
}

// readBatch is how many mails are read before others have their turn.
const readBatch = 50

// Work reads mails that were taken in and judges what they tell: a mail and all
// of it in one unit of work, so that it is counted once, whenever the process
// dies. It says whether more may be waiting. A mail that cannot be judged stands
// in no other's way, and is given up after a day.
func (s *Notices) Work(ctx context.Context) (more bool, err error) {
	var (
		last   int64
		failed []error
	)
	for range readBatch {
		var a Arrival
		err := s.o.Store.View(ctx, func(ctx context.Context, tx NoticeTx) (err error) {
			a, err = tx.NextArrival(ctx, last)
			return err
		})
		if fault.Is(err, fault.NotFound) {
			return false, errors.Join(failed...)
		}
		if err != nil {
			return false, err
		}
		last = a.Number
		err = s.workOff(ctx, a)
		if ctx.Err() != nil || fault.Is(err, fault.Unavailable) {
			return false, err
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("read mail %d that came back: %w", a.Number, err))
		}
	}
	return true, errors.Join(failed...)
}

// workOff judges what a mail tells.
func (s *Notices) workOff(ctx context.Context, a Arrival) error {
	found := s.read(a)
	err := s.judgeAll(ctx, a, found, "The mail tells nothing about a mail that was sent.")
	if err == nil || fault.Is(err, fault.Unavailable) || ctx.Err() != nil {
		return err
	}
	var now time.Time
	if s.o.Store.View(ctx, func(_ context.Context, tx NoticeTx) error { now = tx.Now(); return nil }) == nil && now.Sub(a.At) > giveUpAfter {
		return errors.Join(err, s.judgeAll(ctx, a, nil, "The mail could not be judged; the server's log says why."))
	}
	return err
}

// judgeAll keeps what a mail told in place of the mail; where that is nothing,
// a stray that says why.
func (s *Notices) judgeAll(ctx context.Context, a Arrival, found []Notice, nothing string) error {
	var became []Taken
	err := s.o.Store.Within(ctx, func(ctx context.Context, tx NoticeTx) error {
		became = nil
		mine, err := tx.DropArrival(ctx, a.Number)
		if err != nil || !mine {
			return err
		}
		if len(found) == 0 {
			became = append(became, Stray)
			return tx.PutStray(ctx, StrayNotice{
				At: tx.Now(), By: TellerMail, Recipient: text.Line(a.Sent, longestSaid), Reply: nothing,
			}, maxStrays)
		}
		for _, n := range found {
			is, err := s.take(ctx, tx, TellerMail, 0, n)
			if err != nil {
				return err
			}
			became = append(became, is)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, b := range became {
		var k Kind
		if i < len(found) {
			k = found[i].Kind
		}
		s.o.Told(TellerMail, k, b)
	}
	return nil
}

// read returns what a mail tells. One that breaks the reader tells nothing, so
// that it does not stand in the way of the others for ever.
func (s *Notices) read(a Arrival) (found []Notice) {
	defer func() {
		if recover() != nil {
			found = nil
		}
	}()
	found, err := s.o.Read(bytes.NewReader(a.Body), a.Sent, a.At)
	if err != nil {
		return nil
	}
	return found
}

// Strays returns the newest notices that match nothing, for the operator.
func (s *Notices) Strays(ctx context.Context, limit int) (all []StrayNotice, err error) {
	err = s.o.Store.View(ctx, func(ctx context.Context, tx NoticeTx) error {
		all, err = tx.Strays(ctx, limit)
		return err
	})
	return all, err
}

// Trim forgets stray notices that are old.
func (s *Notices) Trim(ctx context.Context) error {
	return s.o.Store.Within(ctx, func(ctx context.Context, tx NoticeTx) error {
		return tx.TrimStrays(ctx, tx.Now().Add(-strayLife))
	})
}
