package store

import (
	"context"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
	"kith/internal/store/sqldb"
)

// Records returns contacts by their numbers, for exports.
//
// It reads along the keys of the tables, without a join: what a number stands
// for is known to the caller. Numbers that lie close together, as those of whole
// accounts do, are read as a range, in which others are passed over.
func (tx *Tx) Records(ctx context.Context, account id.Account, numbers []id.Contact, include contact.Include) ([]contact.Record, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	r := records{tx: tx, account: account, numbers: numbers, all: make([]contact.Record, 0, len(numbers))}
	if err := r.contacts(ctx, include); err != nil {
		return nil, wrap(err, "read contacts for an export")
	}
	for _, part := range []struct {
		include contact.Include
		read    func(context.Context) error
	}{
		{contact.IncludeLists, r.lists},
		{contact.IncludeTags, r.tags},
		{contact.IncludeFields, r.values},
		{contact.IncludeNotes, r.notes},
		{contact.IncludeSMS, r.sms},
	} {
		if include.Has(part.include) {
			if err := part.read(ctx); err != nil {
				return nil, wrap(err, "read what belongs to contacts for an export")
			}
		}
	}
	return r.all, nil
}

// records reads contacts and what belongs to them.
type records struct {
	tx      *Tx
	account id.Account
	numbers []id.Contact
	all     []contact.Record // in the order of numbers
}

// sparse is how many numbers a range may span for each that is wanted before
// they are better asked for one by one.
const sparse = 3

// query runs a query whose rows are told by a column of contacts' numbers and
// come in their order.
func (r *records) query(ctx context.Context, before, column, after string) (sqldb.Rows, error) {
	first, last := int64(r.numbers[0]), int64(r.numbers[len(r.numbers)-1])
	if last-first < int64(len(r.numbers))*sparse {
		return r.tx.q.Query(ctx, before+column+" BETWEEN $2 AND $3"+after, int64(r.account), first, last)
	}
	all := make([]int64, len(r.numbers))
	for i, n := range r.numbers {
		all[i] = int64(n)
	}
	return r.tx.q.Query(ctx, before+r.tx.d.Among(column, "$2")+after, int64(r.account), r.tx.d.Numbers(all))
}

// contacts reads the contacts' own rows: packed, where that is faster and no
// text has the separator in it.
func (r *records) contacts(ctx context.Context, include contact.Include) error {
	var (
		row    contactRow
		packed string
		odd    = !r.tx.d.Packs()
	)
	if !odd {
		err := r.rows(ctx, "c.uid, "+packedColumns(include), []any{&row.uid, &packed}, include, &row, func() bool {
			odd = !row.unpack(packed, include)
			return !odd
		})
		if err != nil || !odd {
			return err
		}
		r.all = r.all[:0]
	}
	return r.rows(ctx, readColumns(include), row.targets(include), include, &row, func() bool { return true })
}

// rows reads the contacts that are wanted into r.all. read is called for each row
// of the table, when its columns are in targets, and has row filled; where it is
// false, the reading ends.
func (r *records) rows(ctx context.Context, columns string, targets []any, include contact.Include, row *contactRow, read func() bool) error {
	rows, err := r.query(ctx, `SELECT `+columns+` FROM contact AS c WHERE c.account_id = $1 AND `, "c.number", ` ORDER BY c.number`)
	if err != nil {
		return err
	}
	defer rows.Close()
	wanted := r.numbers
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		if !read() {
			return nil
		}
		for len(wanted) > 0 && int64(wanted[0]) < row.number {
			wanted = wanted[1:]
		}
		if len(wanted) == 0 || int64(wanted[0]) != row.number {
			continue
		}
		r.all = append(r.all, contact.Record{})
		if err := row.into(&r.all[len(r.all)-1].Contact, include); err != nil {
			return err
		}
	}
	return rows.Err()
}

// each reads the rows of a query into targets, the first of which is *number,
// the contact's, and calls take for each that belongs to one of the contacts.
func (r *records) each(ctx context.Context, columns, from, order string, take func(*contact.Record), number *int64, others ...any) error {
	rows, err := r.query(ctx, "SELECT contact, "+columns+" FROM "+from+" WHERE account_id = $1 AND ", "contact", " ORDER BY contact, "+order)
	if err != nil {
		return err
	}
	defer rows.Close()
	targets := append([]any{number}, others...)
	at := 0
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		for at < len(r.all) && int64(r.all[at].ID) < *number {
			at++
		}
		if at < len(r.all) && int64(r.all[at].ID) == *number {
			take(&r.all[at])
		}
	}
	return rows.Err()
}

func (r *records) lists(ctx context.Context) error {
	var number, l int64
	return r.each(ctx, "list", "membership", "list", func(c *contact.Record) {
		c.Lists = append(c.Lists, id.Ref[id.List]{Number: id.List(l)})
	}, &number, &l)
}

func (r *records) tags(ctx context.Context) error {
	var number, t int64
	return r.each(ctx, "tag", "tagging", "tag", func(c *contact.Record) {
		c.Tags = append(c.Tags, id.Ref[id.Tag]{Number: id.Tag(t)})
	}, &number, &t)
}

func (r *records) values(ctx context.Context) error {
	var (
		number, field int64
		text          string
	)
	return r.each(ctx, "field, value", "field_value", "field", func(c *contact.Record) {
		c.Values = append(c.Values, contact.StoredValue{Field: id.Field(field), Text: text})
	}, &number, &field, &text)
}

func (r *records) notes(ctx context.Context) error {
	var (
		number, created int64
		content         string
	)
	return r.each(ctx, "created_at, content", "note", "created_at DESC, uid DESC", func(c *contact.Record) {
		c.Notes = append(c.Notes, contact.Note{CreatedAt: clock.FromMillis(created), Content: content})
	}, &number, &created, &content)
}

// ListNames returns the names of lists by number, without those that are
// deleted.
func (tx *Tx) ListNames(ctx context.Context, account id.Account) (map[id.List]string, error) {
	rows, err := tx.q.Query(ctx, `SELECT number, name FROM contact_list WHERE account_id = $1 AND deleted_at = 0`, int64(account))
	if err != nil {
		return nil, wrap(err, "read the names of lists")
	}
	defer rows.Close()
	names := map[id.List]string{}
	for rows.Next() {
		var (
			number int64
			name   string
		)
		if err := rows.Scan(&number, &name); err != nil {
			return nil, wrap(err, "read the names of lists")
		}
		names[id.List(number)] = name
	}
	return names, wrap(rows.Err(), "read the names of lists")
}
