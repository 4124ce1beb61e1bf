package oauth

import (
	"context"
	"time"

	"kith/internal/base/id"
)

// tidyBatch bounds how many rows of each kind one unit of work drops.
const tidyBatch = 1000

// Old says before when something is of no use any more.
type Old struct {
	// Codes and devices that expired before this moment.
	Codes time.Time
	// Refresh tokens not used, and grants ended, since then.
	Refresh time.Time
	// Grants without a refresh token that were made before then.
	Access time.Time
	// Counts of calls of periods that began before then, by their length.
	Seconds, Days time.Time
}

// Sweep keeps when access keys were used, and turns the signing keys. Every
// process runs it about once a minute; it never has more to do at once.
func (s *Service) Sweep(ctx context.Context) (more bool, err error) {
	if err := s.keepUses(ctx); err != nil {
		return false, err
	}
	return false, s.turnKeys(ctx)
}

// Tidy drops what is of no use any more, in batches: the caller goes on until
// nothing is dropped. Once an hour suffices, in any process.
func (s *Service) Tidy(ctx context.Context) (dropped int64, err error) {
	now := s.clock.Now()
	old := Old{
		Codes:   now.Add(-24 * time.Hour),
		Refresh: now.Add(-RefreshIdle),
		Access:  now.Add(-max(s.o.AccessTTL, s.o.ImplicitTTL) - 24*time.Hour),
		Seconds: now.Add(-time.Minute),
		Days:    now.Add(-48 * time.Hour),
	}
	err = s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		dropped, err = tx.DropOldOAuth(ctx, old, tidyBatch)
		return err
	})
	return dropped, err
}

// keepUses writes when access keys were used since the last sweep. After an
// error they are noted again.
func (s *Service) keepUses(ctx context.Context) error {
	s.seen.mu.Lock()
	used := s.seen.used
	s.seen.used = map[id.AccessKey]time.Time{}
	s.seen.mu.Unlock()
	if len(used) == 0 {
		return nil
	}
	err := s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		for key, at := range used {
			if err := tx.UseAccessKey(ctx, key, at); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		for key, at := range used {
			s.seen.use(key, at)
		}
	}
	return err
}
