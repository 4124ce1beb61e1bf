package store

import (
	"context"

	"kith/internal/base/clock"
)

// ServerKey returns the text of the secret key that the database keeps;
// NotFound where it keeps none.
func (s *Store) ServerKey(ctx context.Context) (text string, err error) {
	err = s.View(ctx, func(ctx context.Context, tx *Tx) error {
		text, err = tx.serverKey(ctx)
		return err
	})
	return text, err
}

// KeepServerKey keeps fresh as the server's secret key unless there is one,
// and returns the one that is kept: of processes that start together, all get
// the same.
func (s *Store) KeepServerKey(ctx context.Context, fresh string) (text string, err error) {
	err = s.Within(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.q.Exec(ctx, `INSERT INTO server_key (id, key, created_at) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING`,
			[]byte(fresh), clock.Millis(tx.now))
		if err != nil {
			return wrap(err, "keep the server's key")
		}
		text, err = tx.serverKey(ctx)
		return err
	})
	return text, err
}

func (tx *Tx) serverKey(ctx context.Context) (string, error) {
	var key []byte
	err := tx.q.QueryRow(ctx, `SELECT key FROM server_key WHERE id = 1`).Scan(&key)
	return string(key), wrap(err, "read the server's key")
}
