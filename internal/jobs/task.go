package jobs

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"kith/internal/base/task"
)

// Worker does the tasks of one kind (Tx.Task). A task that fails is tried
// again, later and later, 25 times; one whose process dies is taken over by
// another some seconds later.
type Worker struct {
	// Kind is what Task.Kind says.
	Kind string
	// Timeout ends the context of one attempt; zero means a minute, and ten
	// minutes are the most. What takes longer is long work: see Dispatch.
	Timeout time.Duration
	// Work does the task. args is a JSON object.
	Work func(ctx context.Context, args []byte) error
}

// Timer is something to do at an interval in one process of all: clearing out
// what has expired, say. It is done once in each period (each hour, each day,
// by UTC), also when processes come and go.
type Timer struct {
	// Name is the kind of the task that the timetable leaves: stored, unique,
	// never the kind of a Worker.
	Name string
	// Period is between a minute and a day, in whole seconds.
	Period time.Duration
	// Timeout is as that of a Worker.
	Timeout time.Duration
	Do      func(ctx context.Context) error
}

const (
	// longestTask bounds an attempt, so that the job library's own rescue,
	// which knows running tasks by their age alone, can be the second net.
	longestTask = 10 * time.Minute
	rescueAfter = longestTask + 5*time.Minute

	// processTTL is how long a dead process keeps its tasks; rescueEvery is
	// how often the others look for such.
	processTTL  = 10 * time.Second
	rescueEvery = 3 * time.Second

	// tasksAtOnce is how many tasks a process works on at a time. They are
	// few, and wait for the database or the network.
	tasksAtOnce = 8

	// timerAttempts is how often a timer is tried in one period.
	timerAttempts = 5
)

// tasks is the job library at work.
type tasks struct {
	queue Queue
	// gone ends the process's lease.
	gone chan struct{}
	held chan struct{} // closed when it has ended
}

// startTasks opens the job library, shows that this process lives, and begins.
func (r *Runner) startTasks(ctx context.Context) (*tasks, error) {
	process := rand.Text()
	cfg := &river.Config{
		ID:                   process,
		Logger:               slog.New(loud{r.log.Handler()}),
		Workers:              river.NewWorkers(),
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: tasksAtOnce}},
		FetchOnlyKnownKinds:  true, // a newer process may have left others
		PollOnly:             true, // listening would keep a connection for what is rare
		RescueStuckJobsAfter: rescueAfter,
		ReindexerIndexNames:  []string{},
	}
	workers := slices.Clone(r.workers)
	for _, t := range r.timers {
		workers = append(workers, Worker{
			Kind: t.Name, Timeout: t.Timeout,
			Work: func(ctx context.Context, _ []byte) error { return t.Do(ctx) },
		})
		cfg.PeriodicJobs = append(cfg.PeriodicJobs, periodic(t))
	}
	known := map[string]bool{}
	for _, w := range workers {
		if known[w.Kind] {
			return nil, fmt.Errorf("two workers for tasks of kind %s", w.Kind)
		}
		known[w.Kind] = true
		river.AddWorkerArgs(cfg.Workers, anyTask{kind: w.Kind}, worker{r: r, w: w})
	}
	queue, err := r.store.Queue(ctx, cfg)
	if err != nil {
		return nil, err
	}
	ts := &tasks{queue: queue, gone: make(chan struct{}), held: make(chan struct{})}
	if err := r.live(ctx, ts, process); err != nil {
		return nil, err
	}
	if err := queue.Start(ctx); err != nil {
		close(ts.gone)
		<-ts.held
		return nil, err
	}
	r.sweepers = append(r.sweepers, Sweeper{
		Name: "rescue", Every: rescueEvery,
		Sweep: func(ctx context.Context) (bool, error) {
			n, err := r.store.RescueTasks(ctx)
			if n > 0 {
				r.log.InfoContext(ctx, "tasks of a dead process were made available again", "tasks", n)
			}
			return false, err
		},
	}, Sweeper{
		Name: "leases", Every: time.Hour,
		Sweep: func(ctx context.Context) (bool, error) { return false, r.store.SweepLeases(ctx) },
	})
	return ts, nil
}

// live holds the lease that shows that this process lives, until gone. It
// returns when the lease is held for the first time; afterwards a lease that
// is lost (the database was out of reach) is taken again.
func (r *Runner) live(ctx context.Context, ts *tasks, process string) error {
	name := r.store.ProcessLease(process)
	first := make(chan error, 1)
	go func() {
		defer close(ts.held)
		for {
			err := Hold(ctx, r.store, name, processTTL, func(ctx context.Context, _ task.Lease) error {
				select {
				case first <- nil:
				default:
				}
				select {
				case <-ts.gone:
				case <-ctx.Done():
				}
				return ctx.Err()
			})
			select {
			case first <- err: // it never began
			default:
			}
			select {
			case <-ts.gone:
				return
			case <-ctx.Done():
				return
			case <-time.After(time.Second):
			}
		}
	}()
	err := <-first
	if err != nil {
		close(ts.gone)
		<-ts.held
	}
	return err
}

// stop waits for running tasks, until ctx ends; then it cancels them.
func (ts *tasks) stop(ctx context.Context) {
	if ts.queue.Stop(ctx) != nil {
		_ = ts.queue.StopAndCancel(context.WithoutCancel(ctx)) // it has no other error than its context's
	}
	close(ts.gone)
	<-ts.held
}

// anyTask is a task of whatever kind, as the job library carries it.
type anyTask struct {
	kind string
	args json.RawMessage
}

func (a anyTask) Kind() string { return a.kind }

func (a anyTask) MarshalJSON() ([]byte, error) {
	if len(a.args) == 0 {
		return []byte("{}"), nil
	}
	return a.args, nil
}

func (a *anyTask) UnmarshalJSON(b []byte) error {
	a.args = append(json.RawMessage(nil), b...)
	return nil
}

// worker meets the library's interface with a Worker.
type worker struct {
	river.WorkerDefaults[anyTask]

	r *Runner
	w Worker
}

func (w worker) Timeout(*river.Job[anyTask]) time.Duration {
	if w.w.Timeout == 0 {
		return time.Minute
	}
	return min(w.w.Timeout, longestTask)
}

func (w worker) Work(ctx context.Context, job *river.Job[anyTask]) error {
	return w.r.try(ctx, w.w.Kind, func(ctx context.Context) error { return w.w.Work(ctx, job.Args.args) })
}

// periodic is a timer as the library's timetable keeps it. The library forgets
// its timetable with each leader, so each leader begins with all timers, and
// the unique key keeps those out whose period has had its run.
func periodic(t Timer) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(t.Period), func() (river.JobArgs, *river.InsertOpts) {
		return anyTask{kind: t.Name}, &river.InsertOpts{
			MaxAttempts: timerAttempts,
			UniqueOpts:  river.UniqueOpts{ByPeriod: t.Period},
		}
	}, &river.PeriodicJobOpts{ID: t.Name, RunOnStart: true})
}

// loud passes on what the library warns of. What it tells besides, of every
// failure of a task among it, the runner has told already.
type loud struct{ slog.Handler }

func (h loud) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}

func (h loud) WithAttrs(attrs []slog.Attr) slog.Handler { return loud{h.Handler.WithAttrs(attrs)} }
func (h loud) WithGroup(name string) slog.Handler       { return loud{h.Handler.WithGroup(name)} }
