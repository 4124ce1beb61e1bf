package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/riverqueue/river"

	"kith/internal/base/clock"
	"kith/internal/base/task"
)

// ErrStopping is why the context of long work ends when the runner stops.
var ErrStopping = errors.New("the server is stopping")

// Queue is the job library, opened over a database.
type Queue = interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
}

// Store is what the runner asks of the store.
type Store interface {
	Leases
	// Queue opens the job library over the store's database.
	Queue(ctx context.Context, cfg *river.Config) (Queue, error)
	// ProcessLease names the lease that shows that a process runs tasks.
	ProcessLease(process string) string
	// RescueTasks frees the tasks of processes whose lease has ended.
	RescueTasks(ctx context.Context) (n int, err error)
	// SweepLeases forgets leases that ended long ago.
	SweepLeases(ctx context.Context) error
	// Reclaim frees what a dead process held, where that can be known.
	Reclaim(ctx context.Context) error
	// Bell rings for work that a commit left.
	Bell() *task.Bell
}

// Observer hears what the runner does; metrics count it. Its methods are
// called from many goroutines.
type Observer interface {
	// Done is told of every sweep, item and task that ended.
	Done(name string, took time.Duration, err error)
	// Panicked is told of one that panicked, before Done.
	Panicked(name string)
}

// Options is what a runner is made of.
type Options struct {
	Store Store
	// Log is required. Observer may be nil; a nil Clock is the machine's.
	Log      *slog.Logger
	Observer Observer
	Clock    clock.Clock
}

// Runner does work later, in this process. Everything is added before Start.
type Runner struct {
	store    Store
	log      *slog.Logger
	observer Observer
	clock    clock.Clock

	sweepers   []Sweeper
	dispatches []Dispatch
	workers    []Worker
	timers     []Timer

	quit   chan struct{} // closed when the runner is told to stop
	cancel context.CancelCauseFunc
	loops  sync.WaitGroup
	tasks  *tasks // nil where nothing works on tasks
}

// New returns a runner with nothing to do yet.
func New(o Options) *Runner {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Observer == nil {
		o.Observer = deaf{}
	}
	return &Runner{
		store: o.Store, log: o.Log, observer: o.Observer, clock: o.Clock,
		quit: make(chan struct{}),
	}
}

type deaf struct{}

func (deaf) Done(string, time.Duration, error) {}
func (deaf) Panicked(string)                   {}

// Sweep adds a sweeper.
func (r *Runner) Sweep(s Sweeper) { r.sweepers = append(r.sweepers, s) }

// Dispatch adds a kind of long work.
func (r *Runner) Dispatch(d Dispatch) { r.dispatches = append(r.dispatches, d) }

// Work adds a worker of tasks.
func (r *Runner) Work(w Worker) { r.workers = append(r.workers, w) }

// Every adds an entry to the timetable.
func (r *Runner) Every(t Timer) { r.timers = append(r.timers, t) }

// Start frees what a dead process held and begins to work. The work takes the
// values of ctx, not its end: that is Stop's.
func (r *Runner) Start(ctx context.Context) error {
	if err := r.store.Reclaim(ctx); err != nil {
		return err
	}
	ctx, r.cancel = context.WithCancelCause(context.WithoutCancel(ctx))
	if len(r.workers)+len(r.timers) > 0 {
		tasks, err := r.startTasks(ctx)
		if err != nil {
			r.cancel(err)
			return err
		}
		r.tasks = tasks
	}
	bell := r.store.Bell()
	for _, s := range r.sweepers {
		woken := bell.Listen(s.Name)
		r.loops.Go(func() { r.sweep(ctx, s, woken) })
	}
	for _, d := range r.dispatches {
		woken := bell.Listen(d.Work.Name())
		r.loops.Go(func() { newDispatcher(r, d).run(ctx, woken) })
	}
	return nil
}

// Stop begins nothing new, tells long work to end, and waits for all that is
// in flight. When ctx ends first, it cancels what is left, waits for that, and
// returns the context's error.
func (r *Runner) Stop(ctx context.Context) error {
	close(r.quit)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if r.tasks != nil {
			r.tasks.stop(ctx)
		}
		r.loops.Wait()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		r.cancel(ErrStopping)
		<-done
		return ctx.Err()
	}
}

func (r *Runner) stopping() bool {
	select {
	case <-r.quit:
		return true
	default:
		return false
	}
}

// try does one piece of work: a panic in it becomes an error, and its end is
// told to the log and the observer. It is where errors of the work end.
func (r *Runner) try(ctx context.Context, name string, fn func(context.Context) error) (err error) {
	began := r.clock.Now()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
			r.observer.Panicked(name)
			r.log.ErrorContext(ctx, "work panicked", "work", name, "panic", p, "stack", string(debug.Stack()))
		}
		r.observer.Done(name, r.clock.Now().Sub(began), err)
		if err != nil && !errors.Is(context.Cause(ctx), ErrStopping) {
			r.log.WarnContext(ctx, "work failed and will be tried again", "work", name, "error", err)
		}
	}()
	return fn(ctx)
}
