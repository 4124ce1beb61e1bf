package store

import (
	"context"
	"errors"

	"kith/internal/base/id"
	"kith/internal/domain/contact"
	"kith/internal/store/sqldb"
)

const asideColumns = `prefix, middle_name, department, fax, home_sub_code, work_sub_code, home_lines, work_lines`

const putAside = `
	INSERT INTO contact_aside (account_id, contact, ` + asideColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
	ON CONFLICT (account_id, contact) DO UPDATE SET prefix = excluded.prefix, middle_name = excluded.middle_name,
		department = excluded.department, fax = excluded.fax, home_sub_code = excluded.home_sub_code, work_sub_code = excluded.work_sub_code,
		home_lines = excluded.home_lines, work_lines = excluded.work_lines`

func asideArgs(account id.Account, number id.Contact, a contact.Aside) []any {
	return []any{int64(account), int64(number), a.Prefix, a.MiddleName, a.Department, a.Fax, a.HomeSubCode, a.WorkSubCode, a.HomeLines, a.WorkLines}
}

func asideTargets(a *contact.Aside) []any {
	return []any{&a.Prefix, &a.MiddleName, &a.Department, &a.Fax, &a.HomeSubCode, &a.WorkSubCode, &a.HomeLines, &a.WorkLines}
}

// ContactAside returns what versions 1 and 2 know of a contact alone; nothing
// where nobody ever wrote it.
func (tx *Tx) ContactAside(ctx context.Context, account id.Account, number id.Contact) (a contact.Aside, err error) {
	err = tx.q.QueryRow(ctx, `SELECT `+asideColumns+` FROM contact_aside WHERE account_id = $1 AND contact = $2`,
		int64(account), int64(number)).Scan(asideTargets(&a)...)
	if errors.Is(err, sqldb.ErrNoRows) {
		return contact.Aside{}, nil
	}
	return a, wrap(err, "read what older versions know of contact %d", number)
}

func (p *parts) asides(ctx context.Context) error {
	return p.each(ctx, `SELECT contact, `+asideColumns+` FROM contact_aside WHERE account_id = $1 AND `, "contact", "",
		func(rows sqldb.Rows) error {
			var (
				c int64
				a contact.Aside
			)
			if err := rows.Scan(append([]any{&c}, asideTargets(&a)...)...); err != nil {
				return err
			}
			p.all[p.at[c]].Aside = a
			return nil
		})
}
