package store

import (
	"context"
	"strings"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/domain/oauth"
	"kith/internal/store/sqldb"
)

const applicationColumns = `a.id, a.uid, COALESCE(a.user_id, 0), COALESCE(a.account_id, 0), a.name, a.description,
	a.logo_url, a.website, a.flow, a.refresh_kind, a.redirect_uris, a.secret_hash, a.secret_at, a.builtin, a.active,
	a.version, a.rate, a.created_at, a.updated_at, a.deleted_at`

// applicationRow is a row of application.
type applicationRow struct {
	id                        int64
	uid                       []byte
	user, account             int64
	name, description         string
	logo, website             string
	flow, refresh, uris       string
	secret                    []byte
	secretAt                  int64
	builtin, active           int64
	version                   int64
	rate                      string
	created, updated, deleted int64
}

func (r *applicationRow) dest() []any {
	return []any{
		&r.id, &r.uid, &r.user, &r.account, &r.name, &r.description, &r.logo, &r.website, &r.flow, &r.refresh, &r.uris,
		&r.secret, &r.secretAt, &r.builtin, &r.active, &r.version, &r.rate, &r.created, &r.updated, &r.deleted,
	}
}

func (r *applicationRow) application() oauth.Application {
	return oauth.Application{
		ID: id.Application(r.id), UID: uid(r.uid), User: id.User(r.user), Account: id.Account(r.account),
		Name: r.name, Description: r.description, LogoURL: r.logo, Website: r.website,
		Flow: oauth.Flow(r.flow), Refresh: oauth.Refresh(r.refresh), RedirectURIs: splitLines(r.uris),
		SecretAt: clock.FromMillis(r.secretAt), Builtin: r.builtin == 1, Active: r.active == 1,
		Version: r.version, Rate: r.rate, CreatedAt: clock.FromMillis(r.created), UpdatedAt: clock.FromMillis(r.updated),
		DeletedAt: clock.FromMillis(r.deleted),
	}.WithSecretHash(r.secret)
}

func splitLines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// InsertApplication adds an application.
func (tx *Tx) InsertApplication(ctx context.Context, a oauth.Application) error {
	_, err := tx.q.Exec(ctx, `
		INSERT INTO application (id, uid, user_id, account_id, name, description, logo_url, website, flow, refresh_kind,
			redirect_uris, secret_hash, secret_at, builtin, active, version, rate, created_at, updated_at, deleted_at)
		VALUES ($1, $2, NULLIF(CAST($3 AS bigint), 0), NULLIF(CAST($4 AS bigint), 0), $5, $6, $7, $8, $9, $10,
			$11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		int64(a.ID), a.UID[:], int64(a.User), int64(a.Account), a.Name, a.Description, a.LogoURL, a.Website, string(a.Flow),
		string(a.Refresh), strings.Join(a.RedirectURIs, "\n"), a.SecretHash(), clock.Millis(a.SecretAt), flag(a.Builtin),
		flag(a.Active), a.Version, a.Rate, clock.Millis(a.CreatedAt), clock.Millis(a.UpdatedAt), clock.Millis(a.DeletedAt))
	return wrap(err, "add application %d", a.ID)
}

// UpdateApplication writes all that can change.
func (tx *Tx) UpdateApplication(ctx context.Context, a oauth.Application) error {
	_, err := tx.q.Exec(ctx, `
		UPDATE application SET name = $2, description = $3, logo_url = $4, website = $5, flow = $6, refresh_kind = $7,
			redirect_uris = $8, secret_hash = $9, secret_at = $10, active = $11, version = $12, rate = $13,
			updated_at = $14, deleted_at = $15
		WHERE id = $1`,
		int64(a.ID), a.Name, a.Description, a.LogoURL, a.Website, string(a.Flow), string(a.Refresh),
		strings.Join(a.RedirectURIs, "\n"), a.SecretHash(), clock.Millis(a.SecretAt), flag(a.Active), a.Version, a.Rate,
		clock.Millis(a.UpdatedAt), clock.Millis(a.DeletedAt))
	return wrap(err, "update application %d", a.ID)
}

// ApplicationByUID reads the application of a client id, deleted ones
// included.
func (tx *Tx) ApplicationByUID(ctx context.Context, client id.UID) (oauth.Application, error) {
	return tx.application(ctx, `a.uid = $1`, client[:])
}

// ApplicationByID reads an application, deleted ones included.
func (tx *Tx) ApplicationByID(ctx context.Context, application id.Application) (oauth.Application, error) {
	return tx.application(ctx, `a.id = $1`, int64(application))
}

// BuiltinByName reads an application of the server's own.
func (tx *Tx) BuiltinByName(ctx context.Context, name string) (oauth.Application, error) {
	return tx.application(ctx, `a.builtin = 1 AND a.name = $1`, name)
}

func (tx *Tx) application(ctx context.Context, where string, arg any) (oauth.Application, error) {
	var r applicationRow
	err := tx.q.QueryRow(ctx, `SELECT `+applicationColumns+` FROM application a WHERE `+where, arg).Scan(r.dest()...)
	if err != nil {
		return oauth.Application{}, wrap(explain(err), "read an application")
	}
	return r.application(), nil
}

// ApplicationsOf reads a user's applications in the order of their making.
func (tx *Tx) ApplicationsOf(ctx context.Context, user id.User) ([]oauth.Application, error) {
	rows, err := tx.q.Query(ctx, `
		SELECT `+applicationColumns+` FROM application a WHERE a.user_id = $1 AND a.deleted_at = 0 ORDER BY a.id`, int64(user))
	if err != nil {
		return nil, wrap(err, "read the applications of user %d", user)
	}
	all, err := scanAll(rows, func(rows sqldb.Rows) (oauth.Application, error) {
		var r applicationRow
		err := rows.Scan(r.dest()...)
		return r.application(), err
	})
	return all, wrap(err, "read the applications of user %d", user)
}

// CountApplications counts a user's applications.
func (tx *Tx) CountApplications(ctx context.Context, user id.User) (n int, err error) {
	err = tx.q.QueryRow(ctx, `SELECT count(*) FROM application WHERE user_id = $1 AND deleted_at = 0`, int64(user)).Scan(&n)
	return n, wrap(err, "count the applications of user %d", user)
}
