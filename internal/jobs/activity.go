package jobs

import (
	"context"
	"time"

	"kith/internal/base/id"
	"kith/internal/base/task"
	"kith/internal/domain/activity"
)

// Activities does bulk work; activity.Service meets it.
type Activities interface {
	Pending(ctx context.Context, limit int) ([]activity.Item, error)
	Run(ctx context.Context, i activity.Item, lease task.Lease) error
	Expire(ctx context.Context) error
}

// activitiesAtOnce is how many activities a process works on at a time: a large
// import must not keep a small one waiting.
const activitiesAtOnce = 2

// Activities adds bulk work, and what clears up behind uploads.
func (r *Runner) Activities(a Activities) {
	r.Dispatch(Dispatch{Work: bulkWork{a}, AtOnce: activitiesAtOnce})
	r.Every(Timer{Name: "activity.expire", Period: time.Hour, Timeout: longestTask, Do: a.Expire})
}

type bulkWork struct{ a Activities }

func (bulkWork) Name() string { return activity.Wake }

func (w bulkWork) Pending(ctx context.Context, limit int) ([]Item, error) {
	found, err := w.a.Pending(ctx, limit)
	items := make([]Item, len(found))
	for i, f := range found {
		items[i] = Item{Account: f.Account, Number: int64(f.Activity)}
	}
	return items, err
}

func (w bulkWork) Run(ctx context.Context, i Item) error {
	return w.a.Run(ctx, activity.Item{Account: i.Account, Activity: id.Activity(i.Number)}, i.Lease)
}
