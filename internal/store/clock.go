package store

import (
	"context"
	"time"

	"kith/internal/base/clock"
)

// Times returns the database's own time, and that of the newest account: what
// a machine's clock is held against. newest is zero where there is none.
func (s *Store) Times(ctx context.Context) (server, newest time.Time, err error) {
	err = s.View(ctx, func(ctx context.Context, tx *Tx) error {
		var now, last int64
		err := tx.q.QueryRow(ctx, `SELECT `+tx.d.Now()+`, coalesce(max(created_at), 0) FROM account`).Scan(&now, &last)
		server, newest = clock.FromMillis(now), clock.FromMillis(last)
		return wrap(err, "read the database's time")
	})
	return server, newest, err
}
