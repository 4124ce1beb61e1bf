package store

import (
	"context"
	"errors"
	"time"

	"kith/internal/base/clock"
	"kith/internal/store/sqldb"
)

// Sessions keeps what browsers are signed in with, in the form in which the
// session library asks for it (scs.CtxStore). The token it is given is a hash
// of what the browser holds.
type Sessions struct{ s *Store }

// Sessions returns the store as the session library sees it.
func (s *Store) Sessions() Sessions { return Sessions{s} }

// FindCtx returns the data of a session that has not expired.
func (s Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	err = s.s.View(ctx, func(ctx context.Context, tx *Tx) error {
		err := tx.q.QueryRow(ctx, `SELECT data FROM session WHERE token_hash = $1 AND expires_at > $2`,
			[]byte(token), clock.Millis(tx.now)).Scan(&data)
		if errors.Is(err, sqldb.ErrNoRows) {
			data = nil
			return nil
		}
		return wrap(err, "read a session")
	})
	return data, data != nil && err == nil, err
}

// CommitCtx writes the data of a session.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.s.Within(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.q.Exec(ctx, `
			INSERT INTO session (token_hash, data, expires_at) VALUES ($1, $2, $3)
			ON CONFLICT (token_hash) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`,
			[]byte(token), data, clock.Millis(clock.Cut(expiry)))
		return wrap(err, "write a session")
	})
}

// DeleteCtx ends a session.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.s.Within(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.q.Exec(ctx, `DELETE FROM session WHERE token_hash = $1`, []byte(token))
		return wrap(err, "end a session")
	})
}

// Find is FindCtx for a library that has no context; it is never called where
// FindCtx is there.
func (s Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a context.
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// triesKept is how long tries are kept once their minute is over.
const triesKept = time.Hour

// DropExpired forgets sessions, links and tries that nobody needs any more, at
// most limit of each.
func (tx *Tx) DropExpired(ctx context.Context, limit int) (dropped int64, err error) {
	now := clock.Millis(tx.now)
	for _, q := range []struct {
		sql    string
		before int64
	}{
		{`DELETE FROM session WHERE token_hash IN (SELECT token_hash FROM session WHERE expires_at <= $1 LIMIT $2)`, now},
		{`DELETE FROM link WHERE token_hash IN (SELECT token_hash FROM link WHERE expires_at <= $1 LIMIT $2)`, now},
		{
			`DELETE FROM attempt WHERE minute <= $1 AND (bucket, minute) IN (SELECT bucket, minute FROM attempt WHERE minute <= $1 LIMIT $2)`,
			tx.now.Add(-triesKept).Unix() / 60,
		},
	} {
		n, err := tx.q.Exec(ctx, q.sql, q.before, limit)
		if err != nil {
			return 0, wrap(err, "drop what has expired")
		}
		dropped += n
	}
	return dropped, nil
}
