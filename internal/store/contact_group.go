package store

import (
	"context"
	"strconv"

	"kith/internal/base/change"
	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
	"kith/internal/store/sqldb"
)

// Bulk work with lists and tags: a batch is a few statements over a list of
// numbers, whatever its size.

// groupTable says where a kind of group is kept: who belongs to which, and the
// groups themselves.
type groupTable struct{ belongs, column, groups, present string }

func tableOf(g contact.Group) (t groupTable, number int64) {
	if g.Tag != 0 {
		return groupTable{"tagging", "tag", "tag", ""}, int64(g.Tag)
	}
	return groupTable{"membership", "list", "contact_list", " AND deleted_at = 0"}, int64(g.List)
}

// HoldMembers returns those of the contacts that exist, and keeps them from
// being changed by others.
func (tx *Tx) HoldMembers(ctx context.Context, account id.Account, contacts []id.Contact) ([]contact.Member, error) {
	if len(contacts) == 0 {
		return nil, nil
	}
	// Held in the order of their numbers, as everywhere. Where others are held
	// with them, they wait as long as the batch takes.
	held, err := readOf(ctx, tx, "number", contacts, `SELECT number, permission, deleted_at FROM contact WHERE account_id = $1 AND `,
		` ORDER BY number `+tx.d.ForUpdate(), []any{int64(account)}, scanMember, func(m contact.Member) id.Contact { return m.ID })
	return held, wrap(err, "hold %d contacts", len(contacts))
}

func scanMember(rows sqldb.Rows) (contact.Member, error) {
	var number, permission, deleted int64
	err := rows.Scan(&number, &permission, &deleted)
	return contact.Member{ID: id.Contact(number), Permission: contact.Permission(permission), Deleted: deleted != 0}, err
}

// InGroup returns those of the contacts that are on a list or wear a tag.
func (tx *Tx) InGroup(ctx context.Context, account id.Account, g contact.Group, contacts []id.Contact) ([]id.Contact, error) {
	if len(contacts) == 0 {
		return nil, nil
	}
	t, number := tableOf(g)
	if dense(contacts) {
		there, err := readOf(ctx, tx, "contact", contacts, `SELECT contact FROM `+t.belongs+` WHERE account_id = $1 AND `+t.column+` = $2 AND `,
			` ORDER BY contact`, []any{int64(account), number}, scanNumber[id.Contact], func(c id.Contact) id.Contact { return c })
		return there, wrap(err, "look who is in %s %d", t.column, number)
	}
	// A value rather than a join, whose order a planner without statistics of
	// the group would get wrong.
	rows, err := tx.q.Query(ctx, `SELECT each.value FROM `+tx.d.EachNumber("$3")+` WHERE (SELECT 1 FROM `+t.belongs+` AS b
		WHERE b.account_id = $1 AND b.`+t.column+` = $2 AND b.contact = each.value) IS NOT NULL ORDER BY each.value`,
		int64(account), number, tx.d.Numbers(whole(contacts)))
	if err != nil {
		return nil, wrap(err, "look who is in %s %d", t.column, number)
	}
	there, err := scanAll(rows, scanNumber[id.Contact])
	return there, wrap(err, "look who is in %s %d", t.column, number)
}

// Crowded returns in how many groups of a kind those of the contacts are that
// are in more than so many. Where the account has no more groups than that,
// nobody need be looked at.
func (tx *Tx) Crowded(ctx context.Context, account id.Account, g contact.Group, contacts []id.Contact, more int) (map[id.Contact]int, error) {
	if len(contacts) == 0 {
		return nil, nil
	}
	t, _ := tableOf(g)
	rows, err := tx.q.Query(ctx, `SELECT number FROM `+t.groups+` WHERE account_id = $1`+t.present+
		` LIMIT 1 OFFSET `+strconv.Itoa(g.Most()), int64(account))
	if err != nil {
		return nil, wrap(err, "count %ss", t.column)
	}
	if many, err := scanAll(rows, scanNumber[id.List]); err != nil || len(many) == 0 {
		return nil, wrap(err, "count %ss", t.column)
	}
	type counted struct {
		of id.Contact
		n  int
	}
	all, err := readOf(ctx, tx, "contact", contacts, `SELECT contact, count(*) FROM `+t.belongs+` WHERE account_id = $1 AND `,
		` GROUP BY contact HAVING count(*) > $2 ORDER BY contact`, []any{int64(account), int64(more)},
		func(rows sqldb.Rows) (c counted, err error) {
			err = rows.Scan(&c.of, &c.n)
			return c, err
		}, func(c counted) id.Contact { return c.of })
	crowd := make(map[id.Contact]int, len(all))
	for _, c := range all {
		crowd[c.of] = c.n
	}
	return crowd, wrap(err, "look who is in many %ss", t.column)
}

// Joinings returns the lists that the contacts are on, contact by contact.
func (tx *Tx) Joinings(ctx context.Context, account id.Account, contacts []id.Contact) ([]contact.Joining, error) {
	all, err := readOf(ctx, tx, "contact", contacts, `SELECT contact, list FROM membership WHERE account_id = $1 AND `,
		` ORDER BY contact, list`, []any{int64(account)},
		func(rows sqldb.Rows) (j contact.Joining, err error) {
			err = rows.Scan(&j.Contact, &j.List)
			return j, err
		}, func(j contact.Joining) id.Contact { return j.Contact })
	return all, wrap(err, "read the lists of %d contacts", len(contacts))
}

// Regroup keeps what a batch changes.
func (tx *Tx) Regroup(ctx context.Context, account id.Account, by change.Origin, r contact.Regrouping) error {
	a, now := int64(account), clock.Millis(tx.now)
	var all []sqldb.Statement
	for _, g := range r.Join {
		t, number := tableOf(g.Group)
		all = append(all, sqldb.Statement{
			SQL: `INSERT INTO ` + t.belongs + ` (account_id, ` + t.column + `, contact, added_at)
			SELECT CAST($1 AS bigint), CAST($2 AS bigint), each.value, CAST($4 AS bigint) FROM ` + tx.d.EachNumber("$3"),
			Args: []any{a, number, tx.d.Numbers(whole(g.Contacts)), now},
		})
	}
	for _, g := range r.Leave {
		t, number := tableOf(g.Group)
		all = tx.exactly(all, "contact", g.Contacts, `DELETE FROM `+t.belongs+` WHERE account_id = $1 AND `+t.column+` = $2 AND `, a, number)
	}
	all = tx.exactly(all, "number", r.Touched, `UPDATE contact SET updated_at = $2, update_source = $3 WHERE account_id = $1 AND `,
		a, now, int64(contact.SourceAccount))
	all = tx.exactly(all, "contact", r.Deleted, `DELETE FROM membership WHERE account_id = $1 AND `, a)
	all = tx.exactly(all, "number", r.Deleted, `UPDATE contact SET deleted_at = $2, updated_at = $2, update_source = $3,
			opt_out_at = CASE WHEN opt_out_source = 0 AND email IS NOT NULL THEN $2 ELSE opt_out_at END,
			opt_out_source = CASE WHEN opt_out_source = 0 AND email IS NOT NULL THEN $3 ELSE opt_out_source END
		WHERE account_id = $1 AND `, a, now, int64(contact.SourceAccount))
	all, err := tx.changeStatements(all, account, by, r.Changes)
	if err != nil {
		return err
	}
	_, err = tx.q.ExecAll(ctx, tx.countStatements(all, account, r.Counts))
	return wrap(err, "regroup contacts")
}
