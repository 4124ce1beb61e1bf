// Package jobs does later what a commit asked for. It is an edge whose client
// is time: it decides when, where and how often, and calls the domain, which
// decides what. The rows that say what is to be done belong to the domain.
//
// A request never queues a task: it writes rows in its own commit. Whatever is
// done may be done again after a crash, so all of it is safe to run twice.
// Tx.Wake hurries a sweeper or a dispatcher by its name; it is a hint, and
// that they look from time to time is what makes sure. Everything is added to
// the runner before Start. Why it is so: docs/decisions/0004-jobs.md.
//
// # Many small rows: a Sweeper
//
// It works off rows in batches, in every process.
//
//	runner.Sweep(jobs.Sweeper{
//		Name:  store.WakeTallies,      // what Tx.Wake says
//		Rest:  500 * time.Millisecond, // one sweep for all commits of half a second
//		Sweep: st.SweepTallies,
//	})
//
// # Long work on single things: a Dispatch
//
// Each item is worked on by one process at a time. Its own row says how far it
// is; a lease says who works on it, and another process takes over some
// seconds after a kill -9 (after a restart on SQLite: at once).
//
//	runner.Dispatch(jobs.Dispatch{Work: imports, AtOnce: 2})
//
//	func (w imports) Name() string { return "activity" }
//	func (w imports) Pending(ctx context.Context, limit int) ([]jobs.Item, error) { … }
//	func (w imports) Run(ctx context.Context, i jobs.Item) error {
//		return w.runner.Run(ctx, i.Account, id.Activity(i.Number), i.Lease)
//	}
//
// Every unit of work of such an item begins with its lease:
//
//	if err := tx.Hold(ctx, lease); err != nil {
//		return err // task.ErrLost: another process has taken it over
//	}
//
// # What is few: a Worker of tasks
//
// A unit of work leaves a task, which is done after its commit, at least once.
//
//	err := tx.Task(ctx, task.Task{Kind: "export.delete", Args: []byte(`{"account":7,"blob":12}`)})
//
//	runner.Work(jobs.Worker{Kind: "export.delete", Work: func(ctx context.Context, args []byte) error { … }})
//
// # At an interval: a Timer
//
// It runs in one process of all, once in each period.
//
//	runner.Every(jobs.Timer{Name: "sessions.expire", Period: time.Hour, Do: sessions.DeleteExpired})
//
// # One process at a time: Hold
//
// Hold runs a function under a lease, for anything else.
package jobs
