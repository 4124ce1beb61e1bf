package store

import (
	"context"
	"encoding/json"

	"kith/internal/base/clock"
	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/domain/account"
)

// Kinds of thing that are numbered over all accounts, as if an account 0 had
// them.
const (
	KindAccount Kind = "account"
	KindUser    Kind = "user"
)

// Accounts returns the store as accounts see it.
func (s *Store) Accounts() account.Store { return accounts{s} }

type accounts struct{ s *Store }

func (a accounts) Within(ctx context.Context, fn func(context.Context, account.Tx) error) error {
	return a.s.Within(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (a accounts) View(ctx context.Context, fn func(context.Context, account.Tx) error) error {
	return a.s.View(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (a accounts) NextAccount(ctx context.Context) (id.Account, error) {
	n, err := a.s.Numbers(ctx, 0, KindAccount, 1)
	return id.Account(n), err
}

func (a accounts) NextUser(ctx context.Context) (id.User, error) {
	n, err := a.s.Numbers(ctx, 0, KindUser, 1)
	return id.User(n), err
}

// BumpCredentials makes every process forget, within a second, which tokens
// it has verified. Units of work that bump run one after the other, since they
// all write the one row.
func (tx *Tx) BumpCredentials(ctx context.Context) error {
	tx.bumped = true
	_, err := tx.q.Exec(ctx, `UPDATE credential_epoch SET epoch = epoch + 1 WHERE id = 1`)
	return wrap(err, "bump the credential epoch")
}

// CredentialEpoch returns what BumpCredentials counts.
func (tx *Tx) CredentialEpoch(ctx context.Context) (epoch int64, err error) {
	err = tx.q.QueryRow(ctx, `SELECT epoch FROM credential_epoch WHERE id = 1`).Scan(&epoch)
	return epoch, wrap(err, "read the credential epoch")
}

// AnyAccount reports whether there is an account at all, closed ones included.
func (tx *Tx) AnyAccount(ctx context.Context) (bool, error) {
	var n int
	err := tx.q.QueryRow(ctx, `SELECT count(*) FROM (SELECT id FROM account LIMIT 1) AS one`).Scan(&n)
	return n > 0, wrap(err, "look for an account")
}

const accountColumns = `a.id, a.uid, a.encoded_id, a.organization_name, a.status, a.contact_email, a.contact_phone,
	a.first_name, a.last_name, a.organization_phone, a.website, a.logo_url, a.physical_address,
	a.country_code, a.state_code, a.time_zone_id, a.version, a.created_at, a.updated_at`

// AccountByID reads an account.
func (tx *Tx) AccountByID(ctx context.Context, number id.Account) (account.Account, error) {
	var r accountRow
	err := tx.q.QueryRow(ctx, `SELECT `+accountColumns+` FROM account a WHERE a.id = $1`, int64(number)).Scan(r.dest()...)
	if err != nil {
		return account.Account{}, wrap(explain(err), "read account %d", number)
	}
	return r.account()
}

// AllAccounts reads every account, in the order of their numbers.
func (tx *Tx) AllAccounts(ctx context.Context) ([]account.Account, error) {
	rows, err := tx.q.Query(ctx, `SELECT `+accountColumns+` FROM account a ORDER BY a.id`)
	if err != nil {
		return nil, wrap(err, "read accounts")
	}
	defer rows.Close()
	var all []account.Account
	for rows.Next() {
		var r accountRow
		if err := rows.Scan(r.dest()...); err != nil {
			return nil, wrap(err, "read accounts")
		}
		a, err := r.account()
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, wrap(rows.Err(), "read accounts")
}

// InsertAccount writes a new account.
func (tx *Tx) InsertAccount(ctx context.Context, a account.Account) error {
	physical, err := physicalText(a.Physical)
	if err != nil {
		return err
	}
	_, err = tx.q.Exec(ctx, `
		INSERT INTO account (id, uid, encoded_id, organization_name, status, contact_email, contact_phone,
			first_name, last_name, organization_phone, website, logo_url, physical_address,
			country_code, state_code, time_zone_id, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		int64(a.ID), a.UID[:], a.EncodedID, a.Organization, string(a.Status), a.ContactEmail.String(), a.ContactPhone,
		a.FirstName, a.LastName, a.OrganizationPhone, a.Website, a.LogoURL, physical,
		a.Country, a.State, a.TimeZone, a.Version, clock.Millis(a.CreatedAt), clock.Millis(a.UpdatedAt))
	return wrap(err, "write account %d", a.ID)
}

// UpdateAccount writes what may change in an account.
func (tx *Tx) UpdateAccount(ctx context.Context, a account.Account) error {
	physical, err := physicalText(a.Physical)
	if err != nil {
		return err
	}
	_, err = tx.q.Exec(ctx, `
		UPDATE account SET organization_name = $2, status = $3, contact_email = $4, contact_phone = $5,
			first_name = $6, last_name = $7, organization_phone = $8, website = $9, logo_url = $10,
			physical_address = $11, country_code = $12, state_code = $13, time_zone_id = $14,
			version = $15, updated_at = $16
		WHERE id = $1`,
		int64(a.ID), a.Organization, string(a.Status), a.ContactEmail.String(), a.ContactPhone,
		a.FirstName, a.LastName, a.OrganizationPhone, a.Website, a.LogoURL,
		physical, a.Country, a.State, a.TimeZone,
		a.Version, clock.Millis(a.UpdatedAt))
	return wrap(err, "update account %d", a.ID)
}

type accountRow struct {
	id, version, created, updated                 int64
	uid                                           []byte
	encoded, organization, status, email, phone   string
	first, last, organizationPhone, website, logo string
	physical, country, state, zone                string
}

func (r *accountRow) dest() []any {
	return []any{
		&r.id, &r.uid, &r.encoded, &r.organization, &r.status, &r.email, &r.phone,
		&r.first, &r.last, &r.organizationPhone, &r.website, &r.logo, &r.physical,
		&r.country, &r.state, &r.zone, &r.version, &r.created, &r.updated,
	}
}

func (r *accountRow) account() (account.Account, error) {
	a := account.Account{
		ID: id.Account(r.id), UID: uid(r.uid), EncodedID: r.encoded, Status: account.Status(r.status),
		Organization: r.organization, OrganizationPhone: r.organizationPhone, Website: r.website, LogoURL: r.logo,
		ContactPhone: r.phone, FirstName: r.first, LastName: r.last,
		Country: r.country, State: r.state, TimeZone: r.zone,
		Version: r.version, CreatedAt: clock.FromMillis(r.created), UpdatedAt: clock.FromMillis(r.updated),
	}
	var err error
	if a.ContactEmail, err = address(r.email); err != nil {
		return a, wrap(err, "read the address of account %d", r.id)
	}
	a.Physical, err = physicalAddress(r.physical)
	return a, wrap(err, "read where account %d is", r.id)
}

// physicalRow is the stored form of a physical address.
type physicalRow struct {
	Line1      string `json:"line1"`
	Line2      string `json:"line2,omitempty"`
	Line3      string `json:"line3,omitempty"`
	City       string `json:"city"`
	StateCode  string `json:"state_code,omitempty"`
	StateName  string `json:"state_name,omitempty"`
	PostalCode string `json:"postal_code,omitempty"`
	Country    string `json:"country"`
}

func physicalText(p account.PhysicalAddress) (string, error) {
	if p.IsZero() {
		return "", nil
	}
	b, err := json.Marshal(physicalRow(p))
	return string(b), err
}

func physicalAddress(text string) (account.PhysicalAddress, error) {
	if text == "" {
		return account.PhysicalAddress{}, nil
	}
	var r physicalRow
	err := json.Unmarshal([]byte(text), &r)
	return account.PhysicalAddress(r), err
}

// address reads a stored address, which may be none.
func address(s string) (email.Address, error) {
	if s == "" {
		return email.Address{}, nil
	}
	return email.Parse(s)
}

// uid reads a stored UID.
func uid(b []byte) (u id.UID) {
	copy(u[:], b)
	return u
}
