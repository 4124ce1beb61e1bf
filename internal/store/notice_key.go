package store

import (
	"context"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/domain/delivery"
	"kith/internal/store/sqldb"
)

// KindNoticeKey stands for the keys for notices, where adding one waits for
// another.
const KindNoticeKey Kind = "notice_key"

// NoticeKeys returns the store as keys for notices see it.
func (s *Store) NoticeKeys() delivery.KeyStore { return noticeKeys{s} }

type noticeKeys struct{ s *Store }

func (n noticeKeys) Within(ctx context.Context, fn func(context.Context, delivery.NoticeKeyTx) error) error {
	return n.s.Within(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (n noticeKeys) View(ctx context.Context, fn func(context.Context, delivery.NoticeKeyTx) error) error {
	return n.s.View(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

// LockNoticeKeys counts an account's keys, and makes others that add some wait.
func (tx *Tx) LockNoticeKeys(ctx context.Context, account id.Account) (n int, err error) {
	if err := tx.lockKind(ctx, account, KindNoticeKey); err != nil {
		return 0, err
	}
	err = tx.q.QueryRow(ctx, `SELECT count(*) FROM notice_key WHERE account_id = $1`, int64(account)).Scan(&n)
	return n, wrap(err, "count keys for notices of account %d", account)
}

// InsertNoticeKey keeps a new key and gives it its number.
func (tx *Tx) InsertNoticeKey(ctx context.Context, k delivery.NoticeKey, hash, sealed []byte) (id.NoticeKey, error) {
	var number int64
	err := tx.q.QueryRow(ctx, `
		INSERT INTO notice_key (account_id, provider, name, hash, verify, created_at, used_at, refused_at, refused)
		VALUES ($1, $2, $3, $4, $5, $6, 0, 0, '') RETURNING number`,
		int64(k.Account), string(k.Provider), k.Name, hash, sealed, clock.Millis(k.CreatedAt)).Scan(&number)
	return id.NoticeKey(number), wrap(err, "keep a key for notices of account %d", k.Account)
}

const noticeKeyColumns = `number, account_id, provider, name, created_at, used_at, refused_at, refused`

type noticeKeyRow struct {
	number, account, created, used, refusedAt int64
	provider, name, refused                   string
}

func (r *noticeKeyRow) dest() []any {
	return []any{&r.number, &r.account, &r.provider, &r.name, &r.created, &r.used, &r.refusedAt, &r.refused}
}

func (r *noticeKeyRow) key() delivery.NoticeKey {
	return delivery.NoticeKey{
		ID: id.NoticeKey(r.number), Account: id.Account(r.account), Provider: delivery.Teller(r.provider), Name: r.name,
		CreatedAt: clock.FromMillis(r.created), UsedAt: clock.FromMillis(r.used), RefusedAt: clock.FromMillis(r.refusedAt), Refused: r.refused,
	}
}

// NoticeKeys returns an account's keys, the newest first.
func (tx *Tx) NoticeKeys(ctx context.Context, account id.Account) ([]delivery.NoticeKey, error) {
	rows, err := tx.q.Query(ctx, `SELECT `+noticeKeyColumns+` FROM notice_key WHERE account_id = $1 ORDER BY number DESC`, int64(account))
	if err != nil {
		return nil, wrap(err, "read keys for notices of account %d", account)
	}
	all, err := scanAll(rows, func(rows sqldb.Rows) (delivery.NoticeKey, error) {
		var r noticeKeyRow
		err := rows.Scan(r.dest()...)
		return r.key(), err
	})
	return all, wrap(err, "read keys for notices of account %d", account)
}

// NoticeKeyByHash finds a key by the hash of its secret.
func (tx *Tx) NoticeKeyByHash(ctx context.Context, hash []byte) (delivery.NoticeKey, []byte, error) {
	var (
		r      noticeKeyRow
		sealed []byte
	)
	err := tx.q.QueryRow(ctx, `SELECT `+noticeKeyColumns+`, verify FROM notice_key WHERE hash = $1`, hash).Scan(append(r.dest(), &sealed)...)
	return r.key(), sealed, wrap(explain(err), "find a key for notices")
}

// DeleteNoticeKey forgets a key, and says whether there was one.
func (tx *Tx) DeleteNoticeKey(ctx context.Context, account id.Account, number id.NoticeKey) (bool, error) {
	n, err := tx.q.Exec(ctx, `DELETE FROM notice_key WHERE account_id = $1 AND number = $2`, int64(account), int64(number))
	return n == 1, wrap(err, "delete a key for notices of account %d", account)
}

// NoteKey keeps when a key was used or refused, and what signatures are
// checked with, where that is given.
func (tx *Tx) NoteKey(ctx context.Context, k delivery.NoticeKey, sealed []byte) error {
	_, err := tx.q.Exec(ctx, `UPDATE notice_key SET used_at = $2, refused_at = $3, refused = $4 WHERE number = $1`,
		int64(k.ID), clock.Millis(k.UsedAt), clock.Millis(k.RefusedAt), k.Refused)
	if err == nil && sealed != nil {
		_, err = tx.q.Exec(ctx, `UPDATE notice_key SET verify = $2 WHERE number = $1`, int64(k.ID), sealed)
	}
	return wrap(err, "note the use of key %d for notices", k.ID)
}

// Seen says whether a signed notice was taken.
func (tx *Tx) Seen(ctx context.Context, hash []byte) (bool, error) {
	var n int
	err := tx.q.QueryRow(ctx, `SELECT count(*) FROM notice_seen WHERE hash = $1`, hash).Scan(&n)
	return n > 0, wrap(err, "look for a notice")
}

// NoteSeen notes that a signed notice was taken.
func (tx *Tx) NoteSeen(ctx context.Context, hash []byte) error {
	_, err := tx.q.Exec(ctx, `INSERT INTO notice_seen (hash, at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, hash, clock.Millis(tx.now))
	return wrap(err, "note a notice")
}

// TrimSeen forgets what was taken before a time.
func (tx *Tx) TrimSeen(ctx context.Context, before time.Time) error {
	_, err := tx.q.Exec(ctx, `DELETE FROM notice_seen WHERE at < $1`, clock.Millis(before))
	return wrap(err, "forget notices")
}
