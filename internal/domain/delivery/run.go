package delivery

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"kith/internal/base/task"
	"kith/internal/domain/message"
)

// run is the sending under one lease: who claims mails, the connections that
// send them, and the recorder.
type run struct {
	s       *Service
	lease   task.Lease
	ctx     context.Context //nolint:containedctx // a run is a call of Deliver, not an object that lives on
	stop    context.CancelCauseFunc
	rec     *recorder
	lanes   []*lane
	workers sync.WaitGroup

	// open is how many mails are with the lanes.
	open atomic.Int64
	// paced is for how long the limits leave no room; zero where they do.
	paced time.Duration
	// moved holds a token when a lane has got room, or a mail has come back.
	moved chan struct{}

	mu   sync.Mutex
	back []message.Row // claimed mails that their lane could not try
	err  error
}

// ahead is how many mails are claimed before a connection is free for them:
// the fewer, the less is given back when the process dies; the more, the
// rarer are claims. A lane is filled up when half of them are gone.
const ahead = 400

func newRun(ctx context.Context, s *Service, l task.Lease) *run {
	r := &run{s: s, lease: l, moved: make(chan struct{}, 1)}
	r.ctx, r.stop = context.WithCancelCause(ctx)
	connections := 0
	for _, route := range s.o.Routes {
		connections += route.Connections
		r.lanes = append(r.lanes, &lane{Route: route, rows: make(chan message.Row, ahead)})
	}
	r.rec = newRecorder(s.o.Store, s.o.Notices, l, 2*connections)
	go r.rec.run(context.WithoutCancel(ctx)) // what it writes must not be forgotten
	for _, ln := range r.lanes {
		for range ln.Connections {
			r.workers.Go(func() { r.work(ln) })
		}
	}
	return r
}

// end waits for the connections and for all that they have to note.
func (r *run) end() error {
	for _, ln := range r.lanes {
		close(ln.rows)
	}
	r.workers.Wait()
	err := r.rec.close()
	r.stop(nil)
	r.mu.Lock()
	defer r.mu.Unlock()
	return errors.Join(r.err, err)
}

// fail ends the run early.
func (r *run) fail(err error) {
	r.mu.Lock()
	r.err = errors.Join(r.err, err)
	r.mu.Unlock()
	r.stop(err)
}

// work is one connection: it sends one mail after the other.
func (r *run) work(ln *lane) {
	for row := range ln.rows {
		if len(ln.rows) <= ahead/2 {
			r.stir()
		}
		switch {
		case r.ctx.Err() != nil: // it goes back to the queue with all that is claimed
		case ln.rests.Load():
			r.giveBack(row)
		default:
			r.one(ln, row)
		}
		ln.busy.Add(-1)
		r.open.Add(-1)
		r.stir()
	}
}

// stir wakes who claims.
func (r *run) stir() {
	select {
	case r.moved <- struct{}{}:
	default:
	}
}

// giveBack leaves a mail to another lane.
func (r *run) giveBack(row message.Row) {
	r.mu.Lock()
	r.back = append(r.back, row)
	r.mu.Unlock()
}

func (r *run) gaveBack() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.back) > 0
}

// one sends one mail.
func (r *run) one(ln *lane, row message.Row) {
	out, err := r.s.compose(r.ctx, row)
	if never, ok := errors.AsType[*message.UnsendableError](err); ok {
		r.rec.settle(row.Mail, verdict{state: message.Failed, outcome: Refused, reply: never.Reply}, "")
		return
	}
	if err != nil {
		r.fail(err)
		return
	}
	out.Headers = append(out.Headers, r.s.o.Paths.Headers(ln.Name, row.Account, row.Number)...)
	var notNoted error
	reply, err := ln.Relay.Send(r.ctx, out, func(ctx context.Context) error {
		notNoted = r.rec.letGo(ctx, row.Mail)
		return notNoted
	})
	if notNoted != nil {
		r.fail(notNoted)
		return
	}
	v := judge(reply, err)
	if r.ctx.Err() != nil && err != nil && v.outcome != Unknown {
		return // broken off by us; the mail goes back to the queue by itself
	}
	r.heard(ln, v)
	if v.untouched {
		r.giveBack(row)
		return
	}
	r.rec.settle(row.Mail, v, ln.Name)
}

// trickle is how long to wait for more mail while the last is being sent.
const trickle = 25 * time.Millisecond

// longestWait is for how long a run waits until a limit leaves room again, and
// mostWaits how often with nothing between; after that it is the next run's.
const (
	longestWait = 2 * time.Second
	mostWaits   = 5
)

// lookAgain is how often relays that rest are looked after, and what dead
// processes left.
const lookAgain = 2 * time.Second

// send claims mails and gives them to the lanes, until nothing is left to do.
// It says whether more may be waiting.
func (r *run) send(quit <-chan struct{}) (more bool) {
	look := time.NewTicker(lookAgain)
	defer look.Stop()
	var (
		looks = true           // at what others have done
		due   = true           // there may be more to claim than was
		again <-chan time.Time // when to look whether more has come
		waits = 0              // for limits, in a row
	)
	for r.ctx.Err() == nil && r.rec.failure() == nil {
		if looks || r.room() > 0 && (due || r.gaveBack()) {
			var err error
			if due, err = r.claim(looks); err != nil {
				r.fail(err)
				return false
			}
			looks = false
		}
		room, idle := r.room(), r.open.Load() == 0
		switch {
		case !idle:
			waits = 0
		case !due && !r.gaveBack():
			return false // all is sent
		case room > 0:
			continue
		case r.paced == 0 || r.paced > longestWait || waits == mostWaits:
			return false // no relay can be used now
		}
		if room > 0 && due {
			continue
		}
		var paced <-chan time.Time
		if room == 0 && r.paced > 0 {
			paced = time.After(min(r.paced, longestWait))
			waits++
		}
		if !due && again == nil {
			// What comes in while the last mails are sent is looked for now
			// and then, and not after each of them.
			again = time.After(trickle)
		}
		select {
		case <-quit:
			return true
		case <-r.ctx.Done():
		case <-r.moved:
		case <-again:
			due, again = true, nil
		case <-look.C:
			looks = true
		case <-paced:
			looks = true
		}
	}
	return false
}
