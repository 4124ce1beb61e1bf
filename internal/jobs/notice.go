package jobs

import (
	"context"
	"time"

	"kith/internal/domain/delivery"
)

// Notices reads mail that came back; delivery.Notices meets it.
type Notices interface {
	Work(ctx context.Context) (more bool, err error)
	// Trim forgets what matched nothing and is old.
	Trim(ctx context.Context) error
}

// Forgetful is what keeps something for a while: suppressed addresses, signed
// notices.
type Forgetful interface {
	// Trim forgets what is long past.
	Trim(ctx context.Context) error
}

// Notices adds what reads mail that came back and forgets what is past.
func (r *Runner) Notices(n Notices, standings, keys Forgetful) {
	r.Sweep(Sweeper{Name: delivery.WakeIntake, Sweep: n.Work})
	r.Every(Timer{Name: "notices.trim", Period: time.Hour, Do: n.Trim})
	r.Every(Timer{Name: "suppressions.trim", Period: time.Hour, Timeout: longestTask, Do: standings.Trim})
	r.Every(Timer{Name: "notice_keys.trim", Period: time.Hour, Do: keys.Trim})
}
