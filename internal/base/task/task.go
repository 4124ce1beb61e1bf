// Package task holds the words for work that is done later: a lease on long
// work, and a task that a unit of work leaves behind. Who does the work is the
// business of package jobs; where it is kept, that of package store.
package task

import (
	"errors"
	"time"
)

// ErrLost is a lease that its owner no longer holds: another process may have
// taken the work over, so nothing more may be written for it.
var ErrLost = errors.New("the lease on this work is lost")

// Lease is the right of one owner to work on what the name stands for. It
// ends by itself unless its owner renews it, so that work outlives the death
// of the process that does it.
type Lease struct {
	// Name is what is held: the kind of work, then what it is about
	// ("activity/7/12").
	Name string
	// Owner is a random word, new for each time the name is held.
	Owner string
}

// Task is work that a unit of work leaves behind and that is done after its
// commit, at least once, in some process. Tasks are few: a request leaves
// rows, which a sweeper reads in batches.
type Task struct {
	// Kind names the worker. It is stored: never rename one while tasks of it
	// may wait.
	Kind string
	// Args is what the worker needs, as a JSON object; empty means {}.
	Args []byte
	// At is the earliest time to do it; the zero value means now.
	At time.Time
	// Once leaves the task out while another of the same kind and Args waits
	// or runs. So its worker, before it ends, looks once more whether there is
	// anything to do.
	Once bool
}
