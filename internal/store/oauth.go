package store

import (
	"context"
	"errors"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/store/sqldb"
)

// Kinds of thing that are numbered over all accounts, as if an account 0 had
// them.
const (
	KindApplication Kind = "application"
	KindGrant       Kind = "grant"
	KindAccessKey   Kind = "access_key"
)

// OAuth returns the store as applications, grants and keys see it.
func (s *Store) OAuth() oauth.Store { return grants{s} }

type grants struct{ s *Store }

func (g grants) Within(ctx context.Context, fn func(context.Context, oauth.Tx) error) error {
	return g.s.Within(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (g grants) View(ctx context.Context, fn func(context.Context, oauth.Tx) error) error {
	return g.s.View(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (g grants) NextApplication(ctx context.Context) (id.Application, error) {
	n, err := g.s.Numbers(ctx, 0, KindApplication, 1)
	return id.Application(n), err
}

func (g grants) NextGrant(ctx context.Context) (id.Grant, error) {
	n, err := g.s.Numbers(ctx, 0, KindGrant, 1)
	return id.Grant(n), err
}

func (g grants) NextAccessKey(ctx context.Context) (id.AccessKey, error) {
	n, err := g.s.Numbers(ctx, 0, KindAccessKey, 1)
	return id.AccessKey(n), err
}

func (g grants) Credentials() int64 { return g.s.credentials.Load() }

// The columns of a member and the joins that they need; who was removed, or
// does not belong to the account, has no role.
const (
	memberColumns = `acc.id, acc.status, u.id, u.uid, u.username,
		CASE WHEN u.removed_at = 0 THEN COALESCE(m.role, '') ELSE '' END`
	memberJoins = ` LEFT JOIN account_user m ON m.account_id = acc.id AND m.user_id = u.id `
)

type memberRow struct {
	account        int64
	status         string
	user           int64
	uid            []byte
	username, role string
}

func (r *memberRow) dest() []any {
	return []any{&r.account, &r.status, &r.user, &r.uid, &r.username, &r.role}
}

func (r *memberRow) member() oauth.Member {
	return oauth.Member{
		Account: id.Account(r.account), Status: account.Status(r.status), User: id.User(r.user), UserUID: uid(r.uid),
		Username: r.username, Role: account.Role(r.role),
	}
}

// MemberStanding reads a user in an account, also where it is no member.
func (tx *Tx) MemberStanding(ctx context.Context, account id.Account, user id.User) (oauth.Member, error) {
	var r memberRow
	err := tx.q.QueryRow(ctx, `
		SELECT `+memberColumns+` FROM account acc JOIN kith_user u ON u.id = $2`+memberJoins+`WHERE acc.id = $1`,
		int64(account), int64(user)).Scan(r.dest()...)
	if err != nil {
		return oauth.Member{}, wrap(explain(err), "read user %d in account %d", user, account)
	}
	return r.member(), nil
}

// GrantStanding reads what the tokens of a grant stand on.
func (tx *Tx) GrantStanding(ctx context.Context, grant id.UID) (oauth.Standing, error) {
	var (
		r               memberRow
		version         int64
		ended, name     string
		app             int64
		client          []byte
		active, deleted int64
		rate            string
	)
	err := tx.q.QueryRow(ctx, `
		SELECT `+memberColumns+`, g.version, g.ended_why, app.id, app.uid, app.name, app.active, app.deleted_at, app.rate
		FROM oauth_grant g JOIN application app ON app.id = g.application_id
			JOIN account acc ON acc.id = g.account_id JOIN kith_user u ON u.id = g.user_id`+memberJoins+`
		WHERE g.uid = $1`, grant[:]).
		Scan(append(r.dest(), &version, &ended, &app, &client, &name, &active, &deleted, &rate)...)
	if err != nil {
		return oauth.Standing{}, wrap(explain(err), "read what grant %s stands on", grant)
	}
	return oauth.Standing{
		Member: r.member(), Version: version, Ended: oauth.End(ended), Rate: rate,
		Client:   &oauth.Client{ID: id.Application(app), ClientID: uid(client), Name: name},
		Inactive: active == 0, Deleted: deleted != 0,
	}, nil
}

// KeyStanding reads what an access key stands on.
func (tx *Tx) KeyStanding(ctx context.Context, hash []byte) (oauth.Standing, error) {
	var (
		r                memberRow
		key              int64
		scopes           string
		expires, revoked int64
	)
	err := tx.q.QueryRow(ctx, `
		SELECT `+memberColumns+`, k.id, k.scopes, k.expires_at, k.revoked_at
		FROM access_key k JOIN account acc ON acc.id = k.account_id JOIN kith_user u ON u.id = k.user_id`+memberJoins+`
		WHERE k.key_hash = $1`, hash).
		Scan(append(r.dest(), &key, &scopes, &expires, &revoked)...)
	if err != nil {
		return oauth.Standing{}, wrap(explain(err), "read what an access key stands on")
	}
	st := oauth.Standing{Member: r.member(), ExpiresAt: clock.FromMillis(expires), Revoked: revoked != 0}
	st.Scopes, _ = oauth.ParseScopes(scopes)
	return st.WithKey(id.AccessKey(key)), nil
}

// InsertAccessKey adds an access key.
func (tx *Tx) InsertAccessKey(ctx context.Context, hash []byte, k oauth.AccessKey) error {
	_, err := tx.q.Exec(ctx, `
		INSERT INTO access_key (id, uid, key_hash, hint, user_id, account_id, name, scopes, created_at, expires_at,
			used_at, revoked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0)`,
		int64(k.ID), k.UID[:], hash, k.Hint, int64(k.User), int64(k.Account), k.Name, k.Scopes.String(),
		clock.Millis(k.CreatedAt), clock.Millis(k.ExpiresAt))
	return wrap(err, "add access key %d", k.ID)
}

// AccessKeys reads the access keys of a user in an account that were not
// revoked.
func (tx *Tx) AccessKeys(ctx context.Context, account id.Account, user id.User) ([]oauth.AccessKey, error) {
	rows, err := tx.q.Query(ctx, `
		SELECT id, uid, hint, name, scopes, created_at, expires_at, used_at
		FROM access_key WHERE account_id = $1 AND user_id = $2 AND revoked_at = 0 ORDER BY id`, int64(account), int64(user))
	if err != nil {
		return nil, wrap(err, "read access keys")
	}
	all, err := scanAll(rows, func(rows sqldb.Rows) (oauth.AccessKey, error) {
		var (
			number                 int64
			public                 []byte
			scopes                 string
			created, expires, used int64
		)
		k := oauth.AccessKey{User: user, Account: account}
		err := rows.Scan(&number, &public, &k.Hint, &k.Name, &scopes, &created, &expires, &used)
		k.ID, k.UID = id.AccessKey(number), uid(public)
		k.CreatedAt, k.ExpiresAt, k.UsedAt = clock.FromMillis(created), clock.FromMillis(expires), clock.FromMillis(used)
		k.Scopes, _ = oauth.ParseScopes(scopes)
		return k, err
	})
	return all, wrap(err, "read access keys")
}

// RevokeAccessKey marks a key as revoked; one that was is not there.
func (tx *Tx) RevokeAccessKey(ctx context.Context, account id.Account, user id.User, key id.UID) error {
	n, err := tx.q.Exec(ctx, `
		UPDATE access_key SET revoked_at = $4 WHERE account_id = $1 AND user_id = $2 AND uid = $3 AND revoked_at = 0`,
		int64(account), int64(user), key[:], clock.Millis(tx.now))
	if err == nil && n == 0 {
		return fault.ErrNotFound
	}
	return wrap(err, "revoke access key %s", key)
}

// UseAccessKey notes when a key was used; an earlier time than the one noted
// is passed over.
func (tx *Tx) UseAccessKey(ctx context.Context, key id.AccessKey, at time.Time) error {
	_, err := tx.q.Exec(ctx, `UPDATE access_key SET used_at = $2 WHERE id = $1 AND used_at < $2`, int64(key), clock.Millis(at))
	return wrap(err, "note the use of access key %d", key)
}

// SigningKeys reads all keys that sign or signed access tokens, the oldest
// first.
func (tx *Tx) SigningKeys(ctx context.Context) ([]oauth.SigningKey, error) {
	rows, err := tx.q.Query(ctx, `SELECT kid, sealed, created_at, retired_at FROM signing_key ORDER BY created_at, kid`)
	if err != nil {
		return nil, wrap(err, "read the signing keys")
	}
	all, err := scanAll(rows, func(rows sqldb.Rows) (k oauth.SigningKey, err error) {
		var created, retired int64
		err = rows.Scan(&k.KID, &k.Sealed, &created, &retired)
		k.CreatedAt, k.RetiredAt = clock.FromMillis(created), clock.FromMillis(retired)
		return k, err
	})
	return all, wrap(err, "read the signing keys")
}

// InsertSigningKey adds a key.
func (tx *Tx) InsertSigningKey(ctx context.Context, k oauth.SigningKey) error {
	_, err := tx.q.Exec(ctx, `INSERT INTO signing_key (kid, sealed, created_at, retired_at) VALUES ($1, $2, $3, 0)`,
		k.KID, k.Sealed, clock.Millis(k.CreatedAt))
	return wrap(err, "add signing key %s", k.KID)
}

// RetireSigningKey notes that a key signs no more.
func (tx *Tx) RetireSigningKey(ctx context.Context, kid string) error {
	_, err := tx.q.Exec(ctx, `UPDATE signing_key SET retired_at = $2 WHERE kid = $1 AND retired_at = 0`, kid, clock.Millis(tx.now))
	return wrap(err, "retire signing key %s", kid)
}

// DropSigningKey forgets a key.
func (tx *Tx) DropSigningKey(ctx context.Context, kid string) error {
	_, err := tx.q.Exec(ctx, `DELETE FROM signing_key WHERE kid = $1`, kid)
	return wrap(err, "drop signing key %s", kid)
}

// CountCall counts one call unless that would be beyond the limit.
func (tx *Tx) CountCall(ctx context.Context, application id.Application, c oauth.Counter, start int64, limit int) (bool, error) {
	var calls int64
	err := tx.q.QueryRow(ctx, `
		INSERT INTO rate_count (application_id, what, period, start, calls) VALUES ($1, $2, $3, $4, 1)
		ON CONFLICT (application_id, what, period, start) DO UPDATE SET calls = rate_count.calls + 1
		WHERE rate_count.calls < $5
		RETURNING calls`,
		int64(application), c.What, c.Period, start, int64(limit)).Scan(&calls)
	if errors.Is(err, sqldb.ErrNoRows) {
		return false, nil
	}
	return err == nil, wrap(err, "count a call of application %d", application)
}

// DropOldOAuth forgets what nobody can use any more, at most limit rows of
// each kind.
func (tx *Tx) DropOldOAuth(ctx context.Context, o oauth.Old, limit int) (dropped int64, err error) {
	skip := tx.d.SkipLocked()
	codes, refresh := clock.Millis(o.Codes), clock.Millis(o.Refresh)
	for _, d := range []struct {
		sql  string
		args []any
	}{
		{`DELETE FROM oauth_code WHERE code_hash IN
			(SELECT code_hash FROM oauth_code WHERE expires_at < $1 LIMIT $2 ` + skip + `)`, []any{codes, limit}},
		{`DELETE FROM device_code WHERE code_hash IN
			(SELECT code_hash FROM device_code WHERE expires_at < $1 LIMIT $2 ` + skip + `)`, []any{codes, limit}},
		{`DELETE FROM refresh_token WHERE token_hash IN
			(SELECT token_hash FROM refresh_token WHERE created_at < $1 AND used_at < $1 AND spent_at < $1
			LIMIT $2 ` + skip + `)`, []any{refresh, limit}},
		{`DELETE FROM oauth_grant WHERE id IN
			(SELECT g.id FROM oauth_grant g WHERE (g.ended_at > 0 OR g.refresh_kind = 'none' OR g.created_at < $1)
				AND g.ended_at < $1 AND g.auth_at < $3
				AND NOT EXISTS (SELECT 1 FROM refresh_token t WHERE t.grant_id = g.id)
			LIMIT $2 ` + skip + `)`, []any{refresh, limit, clock.Millis(o.Access)}},
		{
			`DELETE FROM rate_count WHERE period = 1 AND start < $1 OR period > 1 AND start < $2`,
			[]any{o.Seconds.Unix(), o.Days.Unix()},
		},
	} {
		n, err := tx.q.Exec(ctx, d.sql, d.args...)
		if err != nil {
			return dropped, wrap(err, "drop what is old of OAuth")
		}
		dropped += n
	}
	return dropped, nil
}
