package store

import (
	"context"
	"errors"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/oauth"
	"kith/internal/store/sqldb"
)

const grantColumns = `id, uid, application_id, user_id, account_id, scopes, refresh_kind, auth_at, version, created_at,
	ended_at, ended_why`

type grantRow struct {
	id                         int64
	uid                        []byte
	application, user, account int64
	scopes, refresh            string
	auth, version, created     int64
	ended                      int64
	why                        string
}

func (r *grantRow) dest() []any {
	return []any{
		&r.id, &r.uid, &r.application, &r.user, &r.account, &r.scopes, &r.refresh, &r.auth, &r.version, &r.created, &r.ended, &r.why,
	}
}

func (r *grantRow) grant() oauth.Grant {
	g := oauth.Grant{
		ID: id.Grant(r.id), UID: uid(r.uid), Application: id.Application(r.application), User: id.User(r.user),
		Account: id.Account(r.account), Refresh: oauth.Refresh(r.refresh), AuthAt: clock.FromMillis(r.auth),
		Version: r.version, CreatedAt: clock.FromMillis(r.created), EndedAt: clock.FromMillis(r.ended), EndedWhy: oauth.End(r.why),
	}
	g.Scopes, _ = oauth.ParseScopes(r.scopes)
	return g
}

// InsertGrant adds a grant.
func (tx *Tx) InsertGrant(ctx context.Context, g oauth.Grant) error {
	_, err := tx.q.Exec(ctx, `
		INSERT INTO oauth_grant (`+grantColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '')`,
		int64(g.ID), g.UID[:], int64(g.Application), int64(g.User), int64(g.Account), g.Scopes.String(), string(g.Refresh),
		clock.Millis(g.AuthAt), g.Version, clock.Millis(g.CreatedAt))
	return wrap(err, "add grant %d", g.ID)
}

// UpdateGrant writes what can change of a grant but its end.
func (tx *Tx) UpdateGrant(ctx context.Context, g oauth.Grant) error {
	_, err := tx.q.Exec(ctx, `UPDATE oauth_grant SET scopes = $2, auth_at = $3, version = $4 WHERE id = $1`,
		int64(g.ID), g.Scopes.String(), clock.Millis(g.AuthAt), g.Version)
	return wrap(err, "update grant %d", g.ID)
}

// GrantByID reads a grant, ended or not.
func (tx *Tx) GrantByID(ctx context.Context, grant id.Grant) (oauth.Grant, error) {
	return tx.grant(ctx, `id = $1`, int64(grant))
}

// GrantByUID reads a grant, ended or not.
func (tx *Tx) GrantByUID(ctx context.Context, grant id.UID) (oauth.Grant, error) {
	return tx.grant(ctx, `uid = $1`, grant[:])
}

func (tx *Tx) grant(ctx context.Context, where string, arg any) (oauth.Grant, error) {
	var r grantRow
	err := tx.q.QueryRow(ctx, `SELECT `+grantColumns+` FROM oauth_grant WHERE `+where, arg).Scan(r.dest()...)
	if err != nil {
		return oauth.Grant{}, wrap(explain(err), "read a grant")
	}
	return r.grant(), nil
}

// LiveGrants reads what a user granted in an account and has not ended; of one
// application where that is not 0.
func (tx *Tx) LiveGrants(ctx context.Context, account id.Account, user id.User, application id.Application) ([]oauth.Grant, error) {
	rows, err := tx.q.Query(ctx, `
		SELECT `+grantColumns+` FROM oauth_grant
		WHERE user_id = $1 AND account_id = $2 AND ended_at = 0 AND (application_id = $3 OR $3 = 0) ORDER BY id`,
		int64(user), int64(account), int64(application))
	if err != nil {
		return nil, wrap(err, "read the grants of user %d", user)
	}
	all, err := scanAll(rows, func(rows sqldb.Rows) (oauth.Grant, error) {
		var r grantRow
		err := rows.Scan(r.dest()...)
		return r.grant(), err
	})
	return all, wrap(err, "read the grants of user %d", user)
}

// EndGrant ends a grant. One that has ended stays as it is, unless it was only
// replaced.
func (tx *Tx) EndGrant(ctx context.Context, grant id.Grant, why oauth.End) error {
	_, err := tx.q.Exec(ctx, `UPDATE oauth_grant SET ended_at = $2, ended_why = $3 WHERE id = $1 AND (ended_at = 0 OR ended_why = 'replaced')`,
		int64(grant), clock.Millis(tx.now), string(why))
	return wrap(err, "end grant %d", grant)
}

// EndGrantsOf ends every grant of an application.
func (tx *Tx) EndGrantsOf(ctx context.Context, application id.Application, why oauth.End) error {
	_, err := tx.q.Exec(ctx, `UPDATE oauth_grant SET ended_at = $2, ended_why = $3 WHERE application_id = $1 AND ended_at = 0`,
		int64(application), clock.Millis(tx.now), string(why))
	return wrap(err, "end the grants of application %d", application)
}

// InsertCode adds an authorization code.
func (tx *Tx) InsertCode(ctx context.Context, hash []byte, c oauth.Code) error {
	_, err := tx.q.Exec(ctx, `
		INSERT INTO oauth_code (code_hash, application_id, user_id, account_id, scopes, redirect_uri, challenge, auth_at,
			expires_at, used_at, grant_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0)`,
		hash, int64(c.Application), int64(c.User), int64(c.Account), c.Scopes.String(), c.RedirectURI, c.Challenge,
		clock.Millis(c.AuthAt), clock.Millis(c.ExpiresAt))
	return wrap(err, "add an authorization code")
}

// CodeByHash reads an authorization code, spent or not.
func (tx *Tx) CodeByHash(ctx context.Context, hash []byte) (oauth.Code, error) {
	var (
		c                                 oauth.Code
		application, user, account, grant int64
		scopes                            string
		auth, expires, used               int64
	)
	err := tx.q.QueryRow(ctx, `
		SELECT application_id, user_id, account_id, scopes, redirect_uri, challenge, auth_at, expires_at, used_at, grant_id
		FROM oauth_code WHERE code_hash = $1`, hash).
		Scan(&application, &user, &account, &scopes, &c.RedirectURI, &c.Challenge, &auth, &expires, &used, &grant)
	if err != nil {
		return oauth.Code{}, wrap(explain(err), "read an authorization code")
	}
	c.Application, c.User, c.Account, c.Grant = id.Application(application), id.User(user), id.Account(account), id.Grant(grant)
	c.AuthAt, c.ExpiresAt, c.UsedAt = clock.FromMillis(auth), clock.FromMillis(expires), clock.FromMillis(used)
	c.Scopes, _ = oauth.ParseScopes(scopes)
	return c, nil
}

// SpendCode marks a code as spent and reports whether it was not.
func (tx *Tx) SpendCode(ctx context.Context, hash []byte, grant id.Grant) (bool, error) {
	n, err := tx.q.Exec(ctx, `UPDATE oauth_code SET used_at = $2, grant_id = $3 WHERE code_hash = $1 AND used_at = 0`,
		hash, clock.Millis(tx.now), int64(grant))
	return n == 1, wrap(err, "spend an authorization code")
}

// PutRefreshToken keeps a refresh token, unless it is kept already.
func (tx *Tx) PutRefreshToken(ctx context.Context, hash []byte, grant id.Grant) error {
	_, err := tx.q.Exec(ctx, `
		INSERT INTO refresh_token (token_hash, grant_id, created_at, used_at, spent_at) VALUES ($1, $2, $3, $3, 0)
		ON CONFLICT (token_hash) DO NOTHING`, hash, int64(grant), clock.Millis(tx.now))
	return wrap(err, "keep a refresh token of grant %d", grant)
}

// RefreshTokenByHash reads a refresh token, spent or not.
func (tx *Tx) RefreshTokenByHash(ctx context.Context, hash []byte) (oauth.RefreshToken, error) {
	var grant, created, used, spent int64
	err := tx.q.QueryRow(ctx, `SELECT grant_id, created_at, used_at, spent_at FROM refresh_token WHERE token_hash = $1`, hash).
		Scan(&grant, &created, &used, &spent)
	if err != nil {
		return oauth.RefreshToken{}, wrap(explain(err), "read a refresh token")
	}
	return oauth.RefreshToken{
		Grant: id.Grant(grant), CreatedAt: clock.FromMillis(created), UsedAt: clock.FromMillis(used), SpentAt: clock.FromMillis(spent),
	}, nil
}

// SpendRefreshToken marks a refresh token as spent and reports whether it was
// not.
func (tx *Tx) SpendRefreshToken(ctx context.Context, hash []byte) (bool, error) {
	n, err := tx.q.Exec(ctx, `UPDATE refresh_token SET spent_at = $2, used_at = $2 WHERE token_hash = $1 AND spent_at = 0`,
		hash, clock.Millis(tx.now))
	return n == 1, wrap(err, "spend a refresh token")
}

// UseRefreshToken notes the use of a refresh token that stays the same.
func (tx *Tx) UseRefreshToken(ctx context.Context, hash []byte) error {
	_, err := tx.q.Exec(ctx, `UPDATE refresh_token SET used_at = $2 WHERE token_hash = $1`, hash, clock.Millis(tx.now))
	return wrap(err, "note the use of a refresh token")
}

const deviceColumns = `user_code, application_id, scopes, state, user_id, account_id, auth_at, created_at, expires_at,
	polled_at, pause`

// InsertDevice adds a device's request; a user code in use is ErrConflict.
func (tx *Tx) InsertDevice(ctx context.Context, hash []byte, d oauth.Device) error {
	_, err := tx.q.Exec(ctx, `
		INSERT INTO device_code (code_hash, `+deviceColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		hash, d.UserCode, int64(d.Application), d.Scopes.String(), string(d.State), int64(d.User), int64(d.Account),
		clock.Millis(d.AuthAt), clock.Millis(d.CreatedAt), clock.Millis(d.ExpiresAt), clock.Millis(d.PolledAt), int64(d.Pause/time.Second))
	if errors.Is(err, sqldb.ErrUnique) {
		return fault.ErrConflict.Because(err)
	}
	return wrap(err, "add a device's request")
}

// DeviceByHash reads the request of the device that holds a code.
func (tx *Tx) DeviceByHash(ctx context.Context, hash []byte) (oauth.Device, error) {
	return tx.device(ctx, `code_hash = $1`, hash)
}

// DeviceByUserCode reads the request that a user code names.
func (tx *Tx) DeviceByUserCode(ctx context.Context, userCode string) (oauth.Device, error) {
	return tx.device(ctx, `user_code = $1`, userCode)
}

func (tx *Tx) device(ctx context.Context, where string, arg any) (oauth.Device, error) {
	var (
		d                                     oauth.Device
		application, user, account            int64
		scopes, state                         string
		auth, created, expires, polled, pause int64
	)
	err := tx.q.QueryRow(ctx, `SELECT `+deviceColumns+` FROM device_code WHERE `+where, arg).
		Scan(&d.UserCode, &application, &scopes, &state, &user, &account, &auth, &created, &expires, &polled, &pause)
	if err != nil {
		return oauth.Device{}, wrap(explain(err), "read a device's request")
	}
	d.Application, d.User, d.Account = id.Application(application), id.User(user), id.Account(account)
	d.State, d.AuthAt, d.CreatedAt = oauth.DeviceState(state), clock.FromMillis(auth), clock.FromMillis(created)
	d.ExpiresAt, d.PolledAt, d.Pause = clock.FromMillis(expires), clock.FromMillis(polled), time.Duration(pause)*time.Second
	d.Scopes, _ = oauth.ParseScopes(scopes)
	return d, nil
}

// UpdateDevice writes what a poll changes, where the state is still from.
func (tx *Tx) UpdateDevice(ctx context.Context, hash []byte, d oauth.Device, from oauth.DeviceState) (bool, error) {
	n, err := tx.q.Exec(ctx, `UPDATE device_code SET state = $3, polled_at = $4, pause = $5 WHERE code_hash = $1 AND state = $2`,
		hash, string(from), string(d.State), clock.Millis(d.PolledAt), int64(d.Pause/time.Second))
	return n == 1, wrap(err, "update a device's request")
}

// DecideDevice writes what the user's answer changes, where the state is still
// from.
func (tx *Tx) DecideDevice(ctx context.Context, d oauth.Device, from oauth.DeviceState) (bool, error) {
	n, err := tx.q.Exec(ctx, `
		UPDATE device_code SET state = $3, user_id = $4, account_id = $5, auth_at = $6 WHERE user_code = $1 AND state = $2`,
		d.UserCode, string(from), string(d.State), int64(d.User), int64(d.Account), clock.Millis(d.AuthAt))
	return n == 1, wrap(err, "decide on a device's request")
}
