package jobs

import (
	"context"
	"time"
)

// Sweeper looks for rows that a commit left and works them off in batches.
// Every process sweeps, so a sweep claims its rows (Dialect.SkipLocked) or is
// harmless when done twice.
type Sweeper struct {
	// Name is for logs and metrics, and what the store's bell is rung for.
	Name string
	// Every is how often to look without being woken; zero means 30 seconds.
	Every time.Duration
	// Rest is the pause after a sweep before the next ring is heeded, so that
	// many commits are worked off together.
	Rest time.Duration
	// Sweep works off one batch and says whether more may be waiting. After
	// an error it is called again as by Every, or when woken.
	Sweep func(ctx context.Context) (more bool, err error)
}

// defaultEvery is how often a sweeper looks unless it says otherwise.
const defaultEvery = 30 * time.Second

// sweep runs one sweeper until quit is closed. ctx is that of its work and
// ends later, or never.
func (r *Runner) sweep(ctx context.Context, s Sweeper, woken <-chan struct{}) {
	every := s.Every
	if every == 0 {
		every = defaultEvery
	}
	for {
		for more := true; more && !r.stopping(); {
			var err error
			if r.try(ctx, s.Name, func(ctx context.Context) error {
				more, err = s.Sweep(ctx)
				return err
			}) != nil {
				break
			}
		}
		if !r.pause(s.Rest) {
			return
		}
		select {
		case <-r.quit:
			return
		case <-woken:
		case <-time.After(every):
		}
	}
}

// pause waits for d and says whether to go on.
func (r *Runner) pause(d time.Duration) bool {
	if d <= 0 {
		return !r.stopping()
	}
	select {
	case <-r.quit:
		return false
	case <-time.After(d):
		return true
	}
}
