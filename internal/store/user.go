package store

import (
	"context"
	"errors"
	"strconv"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/store/sqldb"
)

const userColumns = `u.id, u.uid, u.username, u.email, u.confirmed_at, u.first_name, u.last_name, u.phone,
	u.home, u.version, u.created_at, u.updated_at, u.removed_at`

// UserByID reads a user, removed ones included.
func (tx *Tx) UserByID(ctx context.Context, number id.User) (account.User, error) {
	var r userRow
	err := tx.q.QueryRow(ctx, `SELECT `+userColumns+` FROM kith_user u WHERE u.id = $1`, int64(number)).Scan(r.dest()...)
	if err != nil {
		return account.User{}, wrap(explain(err), "read user %d", number)
	}
	return r.user()
}

// UserByName reads the user who bears a name, given as account.UsernameKey
// makes it.
func (tx *Tx) UserByName(ctx context.Context, usernameKey string) (account.User, error) {
	var r userRow
	err := tx.q.QueryRow(ctx, `SELECT `+userColumns+` FROM kith_user u WHERE u.username_key = $1`, usernameKey).Scan(r.dest()...)
	if err != nil {
		return account.User{}, wrap(explain(err), "read a user by name")
	}
	return r.user()
}

// AllUsers reads every user that was not removed, in the order of their
// numbers.
func (tx *Tx) AllUsers(ctx context.Context) ([]account.User, error) {
	rows, err := tx.q.Query(ctx, `SELECT `+userColumns+` FROM kith_user u WHERE u.removed_at = 0 ORDER BY u.id`)
	if err != nil {
		return nil, wrap(err, "read users")
	}
	defer rows.Close()
	var all []account.User
	for rows.Next() {
		var r userRow
		if err := rows.Scan(r.dest()...); err != nil {
			return nil, wrap(err, "read users")
		}
		u, err := r.user()
		if err != nil {
			return nil, err
		}
		all = append(all, u)
	}
	return all, wrap(rows.Err(), "read users")
}

// InsertUser writes a new user; account.ErrUserTaken where the name is
// another's.
func (tx *Tx) InsertUser(ctx context.Context, u account.User, passwordHash string) error {
	_, err := tx.q.Exec(ctx, `
		INSERT INTO kith_user (id, uid, username, username_key, email, confirmed_at, password_hash,
			first_name, last_name, phone, home, version, created_at, updated_at, removed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0)`,
		int64(u.ID), u.UID[:], u.Username, account.UsernameKey(u.Username), u.Email.String(), clock.Millis(u.ConfirmedAt), passwordHash,
		u.FirstName, u.LastName, u.Phone, int64(u.Home), u.Version, clock.Millis(u.CreatedAt), clock.Millis(u.UpdatedAt))
	if errors.Is(err, sqldb.ErrUnique) {
		return account.ErrUserTaken.Because(err)
	}
	return wrap(err, "write user %d", u.ID)
}

// UpdateUser writes what may change in a user, the password apart. A removed
// user gives the name free.
func (tx *Tx) UpdateUser(ctx context.Context, u account.User) error {
	key := account.UsernameKey(u.Username)
	if !u.RemovedAt.IsZero() {
		// A blank stands in no name, so that nobody can bear this one.
		key = "removed " + strconv.FormatInt(int64(u.ID), 10)
	}
	_, err := tx.q.Exec(ctx, `
		UPDATE kith_user SET username = $2, username_key = $3, email = $4, confirmed_at = $5, first_name = $6,
			last_name = $7, phone = $8, home = $9, version = $10, updated_at = $11, removed_at = $12
		WHERE id = $1`,
		int64(u.ID), u.Username, key, u.Email.String(), clock.Millis(u.ConfirmedAt), u.FirstName,
		u.LastName, u.Phone, int64(u.Home), u.Version, clock.Millis(u.UpdatedAt), clock.Millis(u.RemovedAt))
	if errors.Is(err, sqldb.ErrUnique) {
		return account.ErrUserTaken.Because(err)
	}
	return wrap(err, "update user %d", u.ID)
}

// PasswordHash reads the hash of a user's password.
func (tx *Tx) PasswordHash(ctx context.Context, number id.User) (hash string, err error) {
	err = tx.q.QueryRow(ctx, `SELECT password_hash FROM kith_user WHERE id = $1`, int64(number)).Scan(&hash)
	return hash, wrap(explain(err), "read the password of user %d", number)
}

// SetPasswordHash writes the hash of a user's password.
func (tx *Tx) SetPasswordHash(ctx context.Context, number id.User, hash string) error {
	_, err := tx.q.Exec(ctx, `UPDATE kith_user SET password_hash = $2 WHERE id = $1`, int64(number), hash)
	return wrap(err, "write the password of user %d", number)
}

// MemberRole reads what a user is in an account; NotFound where nothing.
func (tx *Tx) MemberRole(ctx context.Context, number id.Account, user id.User) (account.Role, error) {
	var role string
	err := tx.q.QueryRow(ctx, `SELECT role FROM account_user WHERE account_id = $1 AND user_id = $2`,
		int64(number), int64(user)).Scan(&role)
	return account.Role(role), wrap(explain(err), "read the role of user %d in account %d", user, number)
}

// Members reads the users of an account, in the order in which they joined.
func (tx *Tx) Members(ctx context.Context, number id.Account) ([]account.Member, error) {
	rows, err := tx.q.Query(ctx, `
		SELECT m.role, m.created_at, `+userColumns+`
		FROM account_user m JOIN kith_user u ON u.id = m.user_id
		WHERE m.account_id = $1 ORDER BY m.created_at, u.id`, int64(number))
	if err != nil {
		return nil, wrap(err, "read the users of account %d", number)
	}
	defer rows.Close()
	var all []account.Member
	for rows.Next() {
		var (
			r     userRow
			role  string
			since int64
		)
		if err := rows.Scan(append([]any{&role, &since}, r.dest()...)...); err != nil {
			return nil, wrap(err, "read the users of account %d", number)
		}
		u, err := r.user()
		if err != nil {
			return nil, err
		}
		all = append(all, account.Member{User: u, Role: account.Role(role), Since: clock.FromMillis(since)})
	}
	return all, wrap(rows.Err(), "read the users of account %d", number)
}

// Memberships reads the accounts of a user, in the order of their numbers.
func (tx *Tx) Memberships(ctx context.Context, user id.User) ([]account.Membership, error) {
	rows, err := tx.q.Query(ctx, `
		SELECT m.role, `+accountColumns+`
		FROM account_user m JOIN account a ON a.id = m.account_id
		WHERE m.user_id = $1 ORDER BY a.id`, int64(user))
	if err != nil {
		return nil, wrap(err, "read the accounts of user %d", user)
	}
	defer rows.Close()
	var all []account.Membership
	for rows.Next() {
		var (
			r    accountRow
			role string
		)
		if err := rows.Scan(append([]any{&role}, r.dest()...)...); err != nil {
			return nil, wrap(err, "read the accounts of user %d", user)
		}
		a, err := r.account()
		if err != nil {
			return nil, err
		}
		all = append(all, account.Membership{Account: a, Role: account.Role(role)})
	}
	return all, wrap(rows.Err(), "read the accounts of user %d", user)
}

// PutMember makes a user something in an account, whatever they were there
// before.
func (tx *Tx) PutMember(ctx context.Context, number id.Account, user id.User, role account.Role) error {
	_, err := tx.q.Exec(ctx, `
		INSERT INTO account_user (account_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (account_id, user_id) DO UPDATE SET role = excluded.role`,
		int64(number), int64(user), string(role), clock.Millis(tx.now))
	return wrap(err, "make user %d a %s of account %d", user, role, number)
}

// DeleteMember takes a user out of an account.
func (tx *Tx) DeleteMember(ctx context.Context, number id.Account, user id.User) error {
	_, err := tx.q.Exec(ctx, `DELETE FROM account_user WHERE account_id = $1 AND user_id = $2`, int64(number), int64(user))
	return wrap(err, "take user %d out of account %d", user, number)
}

type userRow struct {
	id, confirmed, home, version, created, updated, removed int64
	uid                                                     []byte
	username, email, first, last, phone                     string
}

func (r *userRow) dest() []any {
	return []any{
		&r.id, &r.uid, &r.username, &r.email, &r.confirmed, &r.first, &r.last, &r.phone,
		&r.home, &r.version, &r.created, &r.updated, &r.removed,
	}
}

func (r *userRow) user() (account.User, error) {
	mail, err := address(r.email)
	if err != nil {
		return account.User{}, wrap(err, "read the address of user %d", r.id)
	}
	return account.User{
		ID: id.User(r.id), UID: uid(r.uid), Username: r.username, Email: mail, ConfirmedAt: clock.FromMillis(r.confirmed),
		FirstName: r.first, LastName: r.last, Phone: r.phone, Home: id.Account(r.home), Version: r.version,
		CreatedAt: clock.FromMillis(r.created), UpdatedAt: clock.FromMillis(r.updated), RemovedAt: clock.FromMillis(r.removed),
	}, nil
}
