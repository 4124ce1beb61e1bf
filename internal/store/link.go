package store

import (
	"context"
	"errors"

	"kith/internal/base/clock"
	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/store/sqldb"
)

const linkColumns = `token_hash, kind, account_id, user_id, email, role, created_by, created_at, expires_at, used_at`

// InsertLink writes a link.
func (tx *Tx) InsertLink(ctx context.Context, l account.Link) error {
	_, err := tx.q.Exec(ctx, `
		INSERT INTO link (`+linkColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		l.Hash, string(l.Kind), int64(l.Account), int64(l.User), l.Email.String(), string(l.Role), int64(l.CreatedBy),
		clock.Millis(l.CreatedAt), clock.Millis(l.ExpiresAt), clock.Millis(l.UsedAt))
	return wrap(err, "write a link")
}

// LinkByHash reads a link, used and expired ones included.
func (tx *Tx) LinkByHash(ctx context.Context, hash []byte) (account.Link, error) {
	var r linkRow
	err := tx.q.QueryRow(ctx, `SELECT `+linkColumns+` FROM link WHERE token_hash = $1`, hash).Scan(r.dest()...)
	if err != nil {
		return account.Link{}, wrap(explain(err), "read a link")
	}
	return r.link()
}

// UseLink marks a link as used and reports whether it was unused: of several
// that come at once, one gets true.
func (tx *Tx) UseLink(ctx context.Context, hash []byte) (bool, error) {
	n, err := tx.q.Exec(ctx, `UPDATE link SET used_at = $2 WHERE token_hash = $1 AND used_at = 0`, hash, clock.Millis(tx.now))
	return n == 1, wrap(err, "use a link")
}

// DropLinks forgets unused links of a kind; a zero account, user or address
// stands for any.
func (tx *Tx) DropLinks(ctx context.Context, kind account.LinkKind, number id.Account, user id.User, to email.Address) (int64, error) {
	n, err := tx.q.Exec(ctx, `
		DELETE FROM link WHERE kind = $1 AND used_at = 0
		AND (CAST($2 AS bigint) = 0 OR account_id = $2) AND (CAST($3 AS bigint) = 0 OR user_id = $3) AND ($4 = '' OR email = $4)`,
		string(kind), int64(number), int64(user), to.String())
	return n, wrap(err, "drop links")
}

// OpenLinks reads the links of an account that can still be used, in the order
// of their making.
func (tx *Tx) OpenLinks(ctx context.Context, kind account.LinkKind, number id.Account) ([]account.Link, error) {
	rows, err := tx.q.Query(ctx, `
		SELECT `+linkColumns+` FROM link
		WHERE account_id = $1 AND kind = $2 AND used_at = 0 AND expires_at > $3 ORDER BY created_at, token_hash`,
		int64(number), string(kind), clock.Millis(tx.now))
	if err != nil {
		return nil, wrap(err, "read links of account %d", number)
	}
	defer rows.Close()
	var all []account.Link
	for rows.Next() {
		var r linkRow
		if err := rows.Scan(r.dest()...); err != nil {
			return nil, wrap(err, "read links of account %d", number)
		}
		l, err := r.link()
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, wrap(rows.Err(), "read links of account %d", number)
}

type linkRow struct {
	hash                                      []byte
	kind, email, role                         string
	account, user, by, created, expires, used int64
}

func (r *linkRow) dest() []any {
	return []any{&r.hash, &r.kind, &r.account, &r.user, &r.email, &r.role, &r.by, &r.created, &r.expires, &r.used}
}

func (r *linkRow) link() (account.Link, error) {
	to, err := address(r.email)
	return account.Link{
		Hash: r.hash, Kind: account.LinkKind(r.kind), Account: id.Account(r.account), User: id.User(r.user), Email: to,
		Role: account.Role(r.role), CreatedBy: id.User(r.by), CreatedAt: clock.FromMillis(r.created),
		ExpiresAt: clock.FromMillis(r.expires), UsedAt: clock.FromMillis(r.used),
	}, wrap(err, "read the address of a link")
}

// Tries reads how often a bucket was counted in a minute.
func (tx *Tx) Tries(ctx context.Context, bucket string, minute int64) (n int, err error) {
	err = tx.q.QueryRow(ctx, `SELECT tries FROM attempt WHERE bucket = $1 AND minute = $2`, bucket, minute).Scan(&n)
	if errors.Is(err, sqldb.ErrNoRows) {
		return 0, nil
	}
	return n, wrap(err, "read tries")
}

// CountTry counts a bucket in a minute.
func (tx *Tx) CountTry(ctx context.Context, bucket string, minute int64) error {
	_, err := tx.q.Exec(ctx, `
		INSERT INTO attempt (bucket, minute, tries) VALUES ($1, $2, 1)
		ON CONFLICT (bucket, minute) DO UPDATE SET tries = attempt.tries + 1`, bucket, minute)
	return wrap(err, "count a try")
}
