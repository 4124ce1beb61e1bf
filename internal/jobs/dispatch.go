package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kith/internal/base/id"
	"kith/internal/base/task"
)

// Work is long work on things that are rows of an account, such as imports.
// The rows say what is left to do: an item is worked on by one process at a
// time, under a lease, until Pending names it no longer. When the process dies
// another takes the item over; so Run goes on where the rows say it stopped.
type Work interface {
	// Name is the kind of work: for logs, metrics and leases, and what the
	// store's bell is rung for.
	Name() string
	// Pending returns up to limit items that are to be worked on, in the
	// order in which to begin them, whether or not somebody works on them.
	Pending(ctx context.Context, limit int) ([]Item, error)
	// Run works on one item until it is done, or ctx ends: the runner stops,
	// or the lease is lost. Each unit of work that must not be written twice
	// begins with Tx.Hold(ctx, item.Lease). An item that is still pending
	// after Run is run again, later and later while Run fails.
	Run(ctx context.Context, item Item) error
}

// Item is one thing to work on.
type Item struct {
	Account id.Account
	Number  int64
	// Lease is the right to work on it; Pending leaves it empty.
	Lease task.Lease
}

func (i Item) lease(work string) string { return fmt.Sprintf("%s/%d/%d", work, i.Account, i.Number) }

// Dispatch says how a kind of work is spread.
type Dispatch struct {
	Work Work
	// AtOnce is how many items this process works on at a time; zero means 1.
	AtOnce int
	// Every is how often to look without being woken; zero means 2 seconds.
	Every time.Duration
	// TTL is how long a dead process keeps its items; zero means 10 seconds.
	TTL time.Duration
}

// longestRest bounds the pause after an item has failed again and again.
const longestRest = time.Minute

// dispatcher works on the items of one kind. Its loop owns all fields.
type dispatcher struct {
	Dispatch

	r       *Runner
	running map[string]bool
	resting map[string]rest
	ended   chan ended
}

// rest is how long an item is left alone.
type rest struct {
	until    time.Time
	failures int
}

type ended struct {
	name string
	err  error
}

func newDispatcher(r *Runner, d Dispatch) *dispatcher {
	d.AtOnce = max(d.AtOnce, 1)
	if d.Every == 0 {
		d.Every = 2 * time.Second
	}
	if d.TTL == 0 {
		d.TTL = 10 * time.Second
	}
	return &dispatcher{
		Dispatch: d, r: r, running: map[string]bool{}, resting: map[string]rest{},
		ended: make(chan ended),
	}
}

// run dispatches until the runner stops, then waits for what runs. ctx is that
// of the looking; items run under one that ends as soon as the runner is told
// to stop: long work goes on elsewhere, or after the restart.
func (d *dispatcher) run(ctx context.Context, woken <-chan struct{}) {
	items, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	for !d.r.stopping() {
		_ = d.r.try(ctx, d.Work.Name()+".pending", func(ctx context.Context) error { return d.fill(ctx, items) })
		select {
		case <-d.r.quit:
		case <-woken:
		case e := <-d.ended:
			d.end(e)
		case <-time.After(d.Every):
		}
	}
	stop(ErrStopping)
	for len(d.running) > 0 {
		d.end(<-d.ended)
	}
}

// fill begins as many items as there is room for.
func (d *dispatcher) fill(ctx, items context.Context) error {
	free := d.AtOnce - len(d.running)
	if free <= 0 {
		return nil
	}
	name := d.Work.Name()
	held, err := d.r.store.LiveLeases(ctx, name)
	if err != nil {
		return err
	}
	now, skip := d.r.clock.Now(), map[string]bool{}
	for _, n := range held {
		skip[n] = true
	}
	for n := range d.running {
		skip[n] = true
	}
	for n, rest := range d.resting {
		if now.Before(rest.until) {
			skip[n] = true
		}
	}
	// Enough to find free ones behind all that must be passed over.
	pending, err := d.Work.Pending(ctx, free+len(skip))
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, item := range pending {
		n := item.lease(name)
		seen[n] = true
		if free == 0 || skip[n] {
			continue
		}
		free--
		d.running[n] = true
		go d.hold(items, n, item)
	}
	for n, rest := range d.resting {
		if !seen[n] && !now.Before(rest.until) {
			delete(d.resting, n)
		}
	}
	return nil
}

// hold runs one item under its lease.
func (d *dispatcher) hold(ctx context.Context, name string, item Item) {
	err := Hold(ctx, d.r.store, name, d.TTL, func(ctx context.Context, l task.Lease) error {
		item.Lease = l
		return d.r.try(ctx, d.Work.Name(), func(ctx context.Context) error { return d.Work.Run(ctx, item) })
	})
	d.ended <- ended{name, err}
}

// end notes that an item is no longer worked on here, and when to look at it
// again if it is still pending then.
func (d *dispatcher) end(e ended) {
	delete(d.running, e.name)
	rest := d.resting[e.name]
	switch {
	case e.err == nil, errors.Is(e.err, ErrHeld), errors.Is(e.err, task.ErrLost):
		rest.failures = 0
	default:
		rest.failures++
	}
	pause := min(d.Every<<min(rest.failures, 10), max(longestRest, d.Every))
	rest.until = d.r.clock.Now().Add(pause)
	d.resting[e.name] = rest
}
