package store

import "context"

// One reads one value with a query, for tests.
func (s *Store) One(ctx context.Context, dest any, query string, args ...any) error {
	return s.View(ctx, func(ctx context.Context, tx *Tx) error {
		return tx.q.QueryRow(ctx, query, args...).Scan(dest)
	})
}
