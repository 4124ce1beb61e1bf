package jobs

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"kith/internal/base/task"
	"kith/internal/domain/message"
)

// Outbox is where mail is kept; message.Service meets it.
type Outbox interface {
	// Trim keeps it within bounds.
	Trim(ctx context.Context) error
}

// Delivery sends queued mail; delivery.Service meets it.
type Delivery interface {
	// Waiting says whether Deliver may have anything to do.
	Waiting(ctx context.Context) (bool, error)
	// Deliver sends until nothing is left, or quit is closed.
	Deliver(ctx context.Context, l task.Lease, quit <-chan struct{}) (more bool, err error)
}

// mailTTL is how long the mails that a dead process had claimed wait to be
// settled.
const mailTTL = 10 * time.Second

// Outbox adds what keeps the outbox within bounds.
func (r *Runner) Outbox(o Outbox) {
	r.Every(Timer{Name: "mail.trim", Period: time.Hour, Timeout: longestTask, Do: o.Trim})
}

// Deliver adds the delivery of mail. Every process sends; what one has claimed
// is its own for as long as it holds the lease, which is new for each call.
func (r *Runner) Deliver(m Delivery) {
	r.Sweep(Sweeper{
		Name: message.Wake, Every: 5 * time.Second,
		Sweep: func(ctx context.Context) (more bool, err error) {
			if waiting, err := m.Waiting(ctx); err != nil || !waiting {
				return false, err
			}
			name := message.Wake + "/" + rand.Text()
			err = Hold(ctx, r.store, name, mailTTL, func(ctx context.Context, l task.Lease) (err error) {
				more, err = m.Deliver(ctx, l, r.quit)
				return err
			})
			if errors.Is(err, task.ErrLost) {
				return true, nil // what was left is taken up under a new one
			}
			return more, err
		},
	})
}
