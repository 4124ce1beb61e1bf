package store

import (
	"context"
	"errors"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/clock"
	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
	"kith/internal/store/sqldb"
)

// Contacts returns the store as package contact asks for it.
func (s *Store) Contacts() contact.Store { return contactStore{s} }

type contactStore struct{ s *Store }

func (c contactStore) Within(ctx context.Context, fn func(context.Context, contact.Tx) error) error {
	return c.s.Within(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (c contactStore) View(ctx context.Context, fn func(context.Context, contact.Tx) error) error {
	return c.s.View(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (c contactStore) Now() time.Time { return c.s.clock.Now() }

func (c contactStore) ContactNumber(ctx context.Context, account id.Account) (id.Contact, error) {
	n, err := c.s.Numbers(ctx, account, KindContact, 1)
	return id.Contact(n), err
}

var (
	insertContact    = newInsertion(`INSERT INTO contact (account_id, `+contactColumns+`)`, contactColumnCount, "ON CONFLICT (account_id, email) DO NOTHING")
	insertMembership = newInsertion(`INSERT INTO membership (account_id, list, contact, added_at)`, 4, "ON CONFLICT DO NOTHING")
	insertTagging    = newInsertion(`INSERT INTO tagging (account_id, tag, contact, added_at)`, 4, "ON CONFLICT DO NOTHING")
	putFieldValue    = newInsertion(`INSERT INTO field_value (account_id, contact, field, value)`, 4,
		"ON CONFLICT (account_id, contact, field) DO UPDATE SET value = excluded.value")
	putNote = newInsertion(`INSERT INTO note (account_id, contact, uid, created_at, content)`, 5,
		"ON CONFLICT (account_id, contact, uid) DO UPDATE SET content = excluded.content")
)

const updateContact = `
	UPDATE contact SET uid = $3, email = $4, first_name = $5, last_name = $6, job_title = $7, company_name = $8,
		birthday = $9, anniversary = $10, permission = $11, confirm_status = $12, opt_in_source = $13, opt_in_at = $14,
		opt_out_source = $15, opt_out_at = $16, opt_out_reason = $17, create_source = $18, update_source = $19,
		email_created_at = $20, email_updated_at = $21, created_at = $22, updated_at = $23, deleted_at = $24,
		phones = $25, addresses = $26, places = $27
	WHERE account_id = $1 AND number = $2`

// WriteContact keeps what was decided about one contact.
func (tx *Tx) WriteContact(ctx context.Context, account id.Account, by change.Origin, w contact.Write) error {
	statements, err := tx.writeStatements(account, by, &w)
	if err != nil {
		return err
	}
	touched, err := tx.q.ExecAll(ctx, statements)
	switch {
	case errors.Is(err, sqldb.ErrUnique):
		// The address is what somebody else can have: numbers and UIDs are
		// never given twice. (So can the number for short messages be, where
		// another unit of work has just taken it; who reads the fault asks for
		// both.)
		return contact.ErrAddressTaken.Because(err)
	case err != nil:
		return wrap(err, "write contact %d", w.Contact.ID)
	case touched[0] == 0: // the statements begin with the contact's own row
		return contact.ErrAddressTaken
	case w.SMS != nil && touched[1] == 0:
		return contact.ErrSMSTaken
	case w.New && !w.Erased && !w.Contact.Email.Address.IsZero() && touched[len(touched)-1] > 0:
		return contact.ErrErased
	}
	return nil
}

func (tx *Tx) writeStatements(account id.Account, by change.Origin, w *contact.Write) ([]sqldb.Statement, error) {
	a, number, now := int64(account), int64(w.Contact.ID), clock.Millis(tx.now)
	row := contactArgs(account, &w.Contact)
	all := make([]sqldb.Statement, 0, 8)
	if w.New {
		all = insertContact.add(all, row)
	} else {
		all = append(all, sqldb.Statement{SQL: updateContact, Args: row})
	}
	if w.SMS != nil { // which follows at once: WriteContact looks at what it touched
		all = smsStatements(all, account, w)
	}
	run := func(sql string, args ...any) { all = append(all, sqldb.Statement{SQL: sql, Args: args}) }

	var rows []any
	for _, l := range w.Join {
		rows = append(rows, a, int64(l), number, now)
	}
	all = insertMembership.add(all, rows)
	for _, l := range w.Leave {
		run(`DELETE FROM membership WHERE account_id = $1 AND list = $2 AND contact = $3`, a, int64(l), number)
	}
	rows = nil
	for _, t := range w.Tag {
		rows = append(rows, a, int64(t), number, now)
	}
	all = insertTagging.add(all, rows)
	for _, t := range w.Untag {
		run(`DELETE FROM tagging WHERE account_id = $1 AND tag = $2 AND contact = $3`, a, int64(t), number)
	}
	rows = nil
	for _, v := range w.SetFields {
		rows = append(rows, a, number, int64(v.Field), v.Text)
	}
	all = putFieldValue.add(all, rows)
	for _, f := range w.ClearFields {
		run(`DELETE FROM field_value WHERE account_id = $1 AND contact = $2 AND field = $3`, a, number, int64(f))
	}
	rows = nil
	for _, n := range w.PutNotes {
		rows = append(rows, a, number, n.UID[:], clock.Millis(n.CreatedAt), n.Content)
	}
	all = putNote.add(all, rows)
	for _, n := range w.DropNotes {
		run(`DELETE FROM note WHERE account_id = $1 AND contact = $2 AND uid = $3`, a, number, n[:])
	}
	all = smsHistoryStatements(all, account, by, w.SMSEntries)
	if w.Aside != nil {
		run(putAside, asideArgs(account, w.Contact.ID, *w.Aside)...)
	}
	if w.Welcomed {
		run(`INSERT INTO welcome (account_id, contact, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, a, number, now)
	}
	all = tx.consentStatements(all, account, by, w.Entries)
	all, err := tx.changeStatements(all, account, by, w.Changes)
	if err != nil {
		return nil, err
	}
	all = tx.countStatements(all, account, w.Counts)
	if w.New && !w.Contact.Email.Address.IsZero() { // which follows at last: WriteContact looks at what it touched
		run(`DELETE FROM erased WHERE account_id = $1 AND hash = $2`, a, tx.erasedHash(account, w.Contact.Email.Address))
	}
	return all, nil
}

// ContactByRef returns a contact, also a deleted one.
func (tx *Tx) ContactByRef(ctx context.Context, account id.Account, ref id.Ref[id.Contact], include contact.Include) (contact.Contact, error) {
	where, name := byRef(ref)
	return tx.oneContact(ctx, account, where, name, include, "")
}

// HoldContact returns a contact with everything, and keeps it from being
// changed by others.
func (tx *Tx) HoldContact(ctx context.Context, account id.Account, ref id.Ref[id.Contact]) (contact.Contact, error) {
	where, name := byRef(ref)
	return tx.oneContact(ctx, account, where, name, contact.IncludeAll, tx.d.ForUpdate())
}

// ContactByAddress returns the contact that has an address, also a deleted
// one, without sub-resources.
func (tx *Tx) ContactByAddress(ctx context.Context, account id.Account, address email.Address) (contact.Contact, error) {
	return tx.oneContact(ctx, account, "email = $2", address.Key(), contact.IncludeNothing, "")
}

func (tx *Tx) oneContact(ctx context.Context, account id.Account, where string, name any, include contact.Include, lock string) (contact.Contact, error) {
	var (
		row contactRow
		c   contact.Contact
	)
	err := tx.q.QueryRow(ctx, `SELECT `+readColumns(include)+` FROM contact AS c WHERE c.account_id = $1 AND c.`+where+` `+lock,
		int64(account), name).Scan(row.targets(include)...)
	if err != nil {
		return c, wrap(explain(err), "read a contact")
	}
	if err := row.into(&c, include); err != nil {
		return c, err
	}
	found := []contact.Contact{c}
	err = tx.includeAll(ctx, account, found, include)
	return found[0], err
}

// PresentLists returns those of the lists that are not deleted, and in a unit
// of work keeps them so.
func (tx *Tx) PresentLists(ctx context.Context, account id.Account, refs []id.Ref[id.List]) ([]id.Ref[id.List], error) {
	return named(ctx, tx, "contact_list", account, refs, " AND deleted_at = 0", tx.keep())
}

// keep is what a SELECT says at its end so that what it names is not deleted
// before the unit of work has ended.
func (tx *Tx) keep() string {
	if tx.view {
		return ""
	}
	return tx.d.ForShare()
}

// TagRefs returns those of the tags that exist.
func (tx *Tx) TagRefs(ctx context.Context, account id.Account, refs []id.Ref[id.Tag]) ([]id.Ref[id.Tag], error) {
	return named(ctx, tx, "tag", account, refs, "", tx.keep())
}

// named looks up both names of things, some known by UID and some by number.
func named[N ~int64](ctx context.Context, tx *Tx, table string, account id.Account, refs []id.Ref[N], where, lock string) ([]id.Ref[N], error) {
	var out []id.Ref[N]
	for _, by := range byNames(refs) {
		rows, err := tx.q.Query(ctx, `SELECT number, uid FROM `+table+` WHERE account_id = $1 AND `+by.condition+where+` `+lock,
			append([]any{int64(account)}, by.args...)...)
		if err != nil {
			return nil, wrap(err, "look up names of %s", table)
		}
		found, err := scanAll(rows, scanRef[N])
		if err != nil {
			return nil, wrap(err, "look up names of %s", table)
		}
		out = append(out, found...)
	}
	return out, nil
}

// byName is a condition over uid or number, whose marks begin with $2.
type byName struct {
	condition string
	args      []any
}

// byNames splits references into those known by UID and those by number.
func byNames[N ~int64](refs []id.Ref[N]) (by []byName) {
	var uids, numbers []id.Ref[N]
	for _, r := range refs {
		if r.UID.IsZero() {
			numbers = append(numbers, r)
		} else {
			uids = append(uids, r)
		}
	}
	if len(uids) > 0 {
		condition, args := few("uid", 2, uids, func(r id.Ref[N]) any { return r.UID[:] })
		by = append(by, byName{condition, args})
	}
	if len(numbers) > 0 {
		condition, args := few("number", 2, numbers, func(r id.Ref[N]) any { return int64(r.Number) })
		by = append(by, byName{condition, args})
	}
	return by
}
