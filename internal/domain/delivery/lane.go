package delivery

import (
	"context"
	"sync/atomic"
	"time"

	"kith/internal/domain/message"
)

// lane is a relay with the mails that are to go by it next.
type lane struct {
	Route

	rows chan message.Row
	busy atomic.Int64 // how many mails are with it, those being sent included

	rests  atomic.Bool // the relay is in trouble, and not asked
	tries  atomic.Bool // it was, and one mail tries whether it still is
	broken atomic.Int64
	full   bool // a limit leaves no room now; of who claims alone
}

// RelayState is the trouble that a relay is in, as all processes know it; zero
// for one that works.
type RelayState struct {
	// Name is that of the Route.
	Name string
	// Since is when the trouble began; Until is when the relay is tried again.
	Since, Until time.Time
	// Times counts the attempts since then that found it still in trouble.
	Times int
	// Reply is what it said last, or why it could not be asked.
	Reply string
}

const (
	// firstLull is how long a relay in trouble is left alone; each further
	// rest is twice as long, up to longestLull.
	firstLull   = 2 * time.Second
	longestLull = 5 * time.Minute
	// brokenInARow is after how many broken connections, with nothing between,
	// a relay is in trouble.
	brokenInARow = 5
)

// room is how many mails the lane can take.
func (ln *lane) room() int {
	switch {
	case ln.rests.Load():
		return 0
	case ln.tries.Load():
		return max(0, 1-int(ln.busy.Load()))
	}
	return cap(ln.rows) - len(ln.rows)
}

// learn takes over what is known of the relay.
func (ln *lane) learn(is RelayState, now time.Time) {
	ln.rests.Store(is.Until.After(now))
	ln.tries.Store(is.Times > 0)
}

// heard learns from an attempt what state the relay is in.
func (r *run) heard(ln *lane, v verdict) {
	trouble := false
	switch {
	case v.state == message.Sent:
		ln.broken.Store(0)
	case v.outcome == Later, v.outcome == Refused:
		ln.broken.Store(0)
	case v.outcome == Trouble:
		trouble = true
	case v.outcome == Broken, v.outcome == Unknown:
		trouble = ln.broken.Add(1) >= brokenInARow
	}
	var err error
	switch {
	case trouble && ln.rests.CompareAndSwap(false, true):
		ln.broken.Store(0)
		err = r.s.o.Store.Within(r.ctx, func(ctx context.Context, tx Tx) error { return noteTrouble(ctx, tx, ln.Name, v.reply) })
	case !trouble && v.outcome != Broken && ln.tries.CompareAndSwap(true, false):
		err = r.s.o.Store.Within(r.ctx, func(ctx context.Context, tx Tx) error {
			return tx.PutRelayState(ctx, RelayState{Name: ln.Name})
		})
	}
	if err != nil {
		r.fail(err)
	}
}

// noteTrouble notes that a relay is in trouble. Where another has noted it already,
// that is the same trouble.
func noteTrouble(ctx context.Context, tx Tx, name, reply string) error {
	all, err := tx.RelayStates(ctx)
	if err != nil {
		return err
	}
	is := RelayState{Name: name, Since: tx.Now()}
	for _, s := range all {
		if s.Name == name {
			is = s
		}
	}
	if is.Until.After(tx.Now()) {
		return nil
	}
	is.Times++
	is.Until, is.Reply = tx.Now().Add(min(firstLull<<min(is.Times-1, 12), longestLull)), reply
	return tx.PutRelayState(ctx, is)
}
