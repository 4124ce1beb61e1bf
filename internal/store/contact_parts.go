package store

import (
	"context"
	"slices"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
	"kith/internal/store/sqldb"
)

// includeAll reads the sub-resources that have rows of their own, one query
// for each kind and all contacts together.
func (tx *Tx) includeAll(ctx context.Context, account id.Account, all []contact.Contact, include contact.Include) error {
	if len(all) == 0 {
		return nil
	}
	of := parts{tx: tx, account: account, all: all, at: make(map[int64]int, len(all)), numbers: make([]int64, len(all))}
	for i, c := range all {
		of.at[int64(c.ID)], of.numbers[i] = i, int64(c.ID)
	}
	for _, part := range []struct {
		include contact.Include
		read    func(context.Context) error
	}{
		{contact.IncludeLists, of.lists},
		{contact.IncludeTags, of.tags},
		{contact.IncludeFields, of.fields},
		{contact.IncludeNotes, of.notes},
		{contact.IncludeSMS, of.sms},
		{contact.IncludeAside, of.asides},
	} {
		if include.Has(part.include) {
			if err := part.read(ctx); err != nil {
				return wrap(err, "read what belongs to contacts")
			}
		}
	}
	return nil
}

// parts reads what belongs to the contacts of a page.
type parts struct {
	tx      *Tx
	account id.Account
	all     []contact.Contact
	at      map[int64]int // where in all a contact stands, by number
	numbers []int64
}

// each runs a query whose marks $1 and $2 are the account and the contacts,
// and calls scan for each row.
func (p *parts) each(ctx context.Context, before, column, after string, scan func(sqldb.Rows) error) error {
	rows, err := p.tx.q.Query(ctx, before+p.tx.d.Among(column, "$2")+after, int64(p.account), p.tx.d.Numbers(p.numbers))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (p *parts) lists(ctx context.Context) error {
	return p.each(ctx, `
		SELECT m.contact, l.number, l.uid FROM membership AS m
		JOIN contact_list AS l ON l.account_id = m.account_id AND l.number = m.list AND l.deleted_at = 0
		WHERE m.account_id = $1 AND `, "m.contact", ` ORDER BY m.contact, m.list`,
		func(rows sqldb.Rows) error {
			c, ref, err := scanOwned[id.List](rows)
			if err == nil {
				of := &p.all[p.at[c]]
				of.Lists = append(of.Lists, ref)
			}
			return err
		})
}

func (p *parts) tags(ctx context.Context) error {
	return p.each(ctx, `
		SELECT g.contact, t.number, t.uid FROM tagging AS g
		JOIN tag AS t ON t.account_id = g.account_id AND t.number = g.tag
		WHERE g.account_id = $1 AND `, "g.contact", ` ORDER BY g.contact, g.tag`,
		func(rows sqldb.Rows) error {
			c, ref, err := scanOwned[id.Tag](rows)
			if err == nil {
				of := &p.all[p.at[c]]
				of.Tags = append(of.Tags, ref)
			}
			return err
		})
}

func scanOwned[N ~int64](rows sqldb.Rows) (contact int64, ref id.Ref[N], err error) {
	var (
		number int64
		name   []byte
	)
	err = rows.Scan(&contact, &number, &name)
	return contact, id.Ref[N]{Number: N(number), UID: uid(name)}, err
}

func (p *parts) fields(ctx context.Context) error {
	known := map[int64][]contact.Choice{}
	return p.each(ctx, `
		SELECT v.contact, f.number, f.uid, f.type, f.choices, v.value FROM field_value AS v
		JOIN custom_field AS f ON f.account_id = v.account_id AND f.number = v.field
		WHERE v.account_id = $1 AND `, "v.contact", ` ORDER BY v.contact, v.field`,
		func(rows sqldb.Rows) error {
			var (
				c, number int64
				name      []byte
				kind      string
				choices   string
				v         contact.StoredValue
			)
			if err := rows.Scan(&c, &number, &name, &kind, &choices, &v.Text); err != nil {
				return err
			}
			f := contact.Field{ID: id.Field(number), UID: uid(name), Type: contact.FieldType(kind), Choices: known[number]}
			if f.Type.Select() && f.Choices == nil {
				var err error
				if f.Choices, err = readChoices(choices); err != nil {
					return err
				}
				known[number] = f.Choices
			}
			value := v.Value(f)
			value.Choices = slices.DeleteFunc(value.Choices, func(n int64) bool { return !f.Offers(n) })
			if !f.Type.Select() || len(value.Choices) > 0 {
				of := &p.all[p.at[c]]
				of.Fields = append(of.Fields, value)
			}
			return nil
		})
}

func (p *parts) notes(ctx context.Context) error {
	return p.each(ctx, `
		SELECT contact, uid, created_at, content FROM note
		WHERE account_id = $1 AND `, "contact", ` ORDER BY contact, created_at DESC, uid DESC`,
		func(rows sqldb.Rows) error {
			var (
				c, created int64
				name       []byte
				n          contact.Note
			)
			if err := rows.Scan(&c, &name, &created, &n.Content); err != nil {
				return err
			}
			n.UID, n.CreatedAt = uid(name), clock.FromMillis(created)
			of := &p.all[p.at[c]]
			of.Notes = append(of.Notes, n)
			return nil
		})
}
