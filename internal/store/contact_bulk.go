package store

import (
	"context"
	"errors"
	"strings"

	"kith/internal/base/change"
	"kith/internal/base/clock"
	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/base/phone"
	"kith/internal/domain/contact"
	"kith/internal/store/sqldb"
)

// Columns of what is written in bulk.
var (
	contactBulkColumns = strings.FieldsFunc("account_id, "+contactColumns, func(r rune) bool { return strings.ContainsRune(", \t\n", r) })
	membershipColumns  = []string{"account_id", "list", "contact", "added_at"}
	fieldValueColumns  = []string{"account_id", "contact", "field", "value"}
)

// HoldContactsAt returns the contacts that have any of the addresses or numbers,
// in the order of theirs, and keeps them from being changed by others.
func (tx *Tx) HoldContactsAt(ctx context.Context, account id.Account, addresses []email.Address, numbers []phone.Number, include contact.Include) ([]contact.Contact, error) {
	keys := make([]string, len(addresses))
	for i, a := range addresses {
		keys[i] = a.Key()
	}
	// Held in the order of their numbers, as everywhere.
	rows, err := tx.q.Query(ctx, `SELECT `+readColumns(include)+` FROM `+tx.d.Each("$2")+` CROSS JOIN contact AS c
		WHERE c.account_id = $1 AND c.email = each.value ORDER BY c.number `+tx.d.ForUpdate(), int64(account), tx.d.Texts(keys))
	if err != nil {
		return nil, wrap(err, "hold contacts by address")
	}
	found, err := scanContacts(rows, include)
	if err != nil {
		return nil, wrap(err, "hold contacts by address")
	}
	if len(numbers) > 0 {
		if found, err = tx.holdContactsBySMS(ctx, account, found, numbers, include); err != nil {
			return nil, wrap(err, "hold contacts by SMS number")
		}
	}
	if include.Has(contact.IncludeLists) {
		if err := tx.listNumbers(ctx, account, found); err != nil {
			return nil, wrap(err, "read the lists of contacts")
		}
	}
	return found, tx.includeAll(ctx, account, found, include&(contact.IncludeFields|contact.IncludeSMS))
}

// listNumbers fills in the lists of contacts that stand in the order of their
// numbers. It is much cheaper than reading their names too.
func (tx *Tx) listNumbers(ctx context.Context, account id.Account, all []contact.Contact) error {
	if len(all) == 0 {
		return nil
	}
	numbers := make([]int64, len(all))
	for i := range all {
		numbers[i] = int64(all[i].ID)
	}
	rows, err := tx.q.Query(ctx, `SELECT m.contact, m.list FROM `+tx.d.EachNumber("$2")+` CROSS JOIN membership AS m
		WHERE m.account_id = $1 AND m.contact = each.value ORDER BY m.contact, m.list`, int64(account), tx.d.Numbers(numbers))
	if err != nil {
		return err
	}
	defer rows.Close()
	i := 0
	for rows.Next() {
		var number, list int64
		if err := rows.Scan(&number, &list); err != nil {
			return err
		}
		for numbers[i] != number {
			i++
		}
		all[i].Lists = append(all[i].Lists, id.Ref[id.List]{Number: id.List(list)})
	}
	return rows.Err()
}

func scanContacts(rows sqldb.Rows, include contact.Include) (all []contact.Contact, err error) {
	defer rows.Close()
	var row contactRow
	targets := row.targets(include)
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		var c contact.Contact
		if err := row.into(&c, include); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

// WriteBulk keeps what was decided about a batch of contacts. Where another
// unit of work has taken an address of a new contact meanwhile, the whole unit
// is to run again.
func (tx *Tx) WriteBulk(ctx context.Context, account id.Account, by change.Origin, b contact.Bulk) error {
	a, now := int64(account), clock.Millis(tx.now)
	err := tx.q.InsertRows(ctx, "contact", contactBulkColumns, len(b.New), func(i int) ([]any, error) {
		return contactArgs(account, &b.New[i]), nil
	})
	if errors.Is(err, sqldb.ErrUnique) {
		err = errors.Join(sqldb.ErrRetry, err)
	}
	if err != nil {
		return wrap(err, "make %d contacts", len(b.New))
	}
	values := make([]any, 4)
	if err := tx.q.InsertRows(ctx, "membership", membershipColumns, len(b.Join), func(i int) ([]any, error) {
		values[0], values[1], values[2], values[3] = a, int64(b.Join[i].List), int64(b.Join[i].Contact), now
		return values, nil
	}); err != nil {
		return wrap(err, "add %d memberships", len(b.Join))
	}
	if err := tx.q.InsertRows(ctx, "field_value", fieldValueColumns, len(b.NewFields), func(i int) ([]any, error) {
		v := &b.NewFields[i]
		values[0], values[1], values[2], values[3] = a, int64(v.Contact), int64(v.Field), v.Text
		return values, nil
	}); err != nil {
		return wrap(err, "set %d values of custom fields", len(b.NewFields))
	}
	if err := tx.writeBulkSMS(ctx, account, by, b); err != nil {
		return wrap(err, "write %d SMS numbers", len(b.SMS))
	}
	statements := make([]sqldb.Statement, 0, len(b.Changed)+len(b.SetFields)/8+16)
	for i := range b.Changed {
		statements = append(statements, sqldb.Statement{SQL: updateContact, Args: contactArgs(account, &b.Changed[i])})
	}
	set := make([]any, 0, 4*len(b.SetFields))
	for _, v := range b.SetFields {
		set = append(set, a, int64(v.Contact), int64(v.Field), v.Text)
	}
	statements = putFieldValue.add(statements, set)
	statements = tx.consentStatements(statements, account, by, b.Entries)
	if statements, err = tx.changeStatements(statements, account, by, b.Changes); err != nil {
		return err
	}
	_, err = tx.q.ExecAll(ctx, tx.countStatements(statements, account, b.Counts))
	return wrap(err, "write %d contacts", len(b.Changed))
}
