package store

import (
	"context"

	"kith/internal/base/change"
	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/store/sqldb"
)

// ownMoves bounds how far back OfferedLists looks for lists that a contact
// left.
const ownMoves = 50

// OfferedLists returns the lists that a contact may choose from.
func (tx *Tx) OfferedLists(ctx context.Context, a id.Account, number id.Contact) ([]contact.ListChoice, error) {
	left, err := tx.leftLists(ctx, a, number)
	if err != nil {
		return nil, wrap(err, "read the lists that contact %d left", number)
	}
	rows, err := tx.q.Query(ctx, `
		SELECT l.number, l.uid, l.name, l.description, CASE WHEN m.contact IS NULL THEN 0 ELSE 1 END FROM contact_list AS l
		LEFT JOIN membership AS m ON m.account_id = l.account_id AND m.list = l.number AND m.contact = $2
		WHERE l.account_id = $1 AND l.deleted_at = 0 AND (m.contact IS NOT NULL OR `+tx.d.Among("l.number", "$3")+`
			OR EXISTS (SELECT 1 FROM list_offer AS o WHERE o.account_id = l.account_id AND o.list = l.number))
		ORDER BY l.name_key, l.number`, int64(a), int64(number), tx.d.Numbers(left))
	if err != nil {
		return nil, wrap(err, "read the lists of contact %d", number)
	}
	defer rows.Close()
	var all []contact.ListChoice
	for rows.Next() {
		var (
			n, on int64
			name  []byte
			l     contact.ListChoice
		)
		if err := rows.Scan(&n, &name, &l.Name, &l.Description, &on); err != nil {
			return nil, wrap(err, "read the lists of contact %d", number)
		}
		l.List, l.On = id.Ref[id.List]{Number: id.List(n), UID: uid(name)}, on == 1
		all = append(all, l)
	}
	return all, wrap(rows.Err(), "read the lists of contact %d", number)
}

// Offers returns the lists that an account offers to its contacts.
func (tx *Tx) Offers(ctx context.Context, a id.Account) ([]id.List, error) {
	rows, err := tx.q.Query(ctx, `SELECT list FROM list_offer WHERE account_id = $1 ORDER BY list`, int64(a))
	if err != nil {
		return nil, wrap(err, "read which lists are offered")
	}
	all, err := scanAll(rows, func(rows sqldb.Rows) (id.List, error) {
		var n int64
		err := rows.Scan(&n)
		return id.List(n), err
	})
	return all, wrap(err, "read which lists are offered")
}

// PutOffer offers a list, or does not any more.
func (tx *Tx) PutOffer(ctx context.Context, a id.Account, list id.List, on bool) error {
	sql := `DELETE FROM list_offer WHERE account_id = $1 AND list = $2`
	if on {
		sql = `INSERT INTO list_offer (account_id, list) VALUES ($1, $2) ON CONFLICT DO NOTHING`
	}
	_, err := tx.q.Exec(ctx, sql, int64(a), int64(list))
	return wrap(err, "offer list %d", list)
}

// maxSeen bounds how many network addresses of a contact are told.
const maxSeen = 1000

// SeenAt returns the network addresses from which a contact acted.
func (tx *Tx) SeenAt(ctx context.Context, a id.Account, number id.Contact) ([]contact.SeenAt, error) {
	rows, err := tx.q.Query(ctx, `SELECT at, from_address FROM consent
		WHERE account_id = $1 AND contact = $2 AND contact <> 0 AND via = $3 AND from_address <> '' ORDER BY id DESC LIMIT $4`,
		int64(a), int64(number), string(account.ViaPublic), maxSeen)
	if err != nil {
		return nil, wrap(err, "read where contact %d came from", number)
	}
	all, err := scanAll(rows, func(rows sqldb.Rows) (contact.SeenAt, error) {
		var (
			at int64
			s  contact.SeenAt
		)
		err := rows.Scan(&at, &s.Address)
		s.At = clock.FromMillis(at)
		return s, err
	})
	return all, wrap(err, "read where contact %d came from", number)
}

// maxMailsTo bounds how many mails to a contact are told.
const maxMailsTo = 1000

// MailsTo returns the mails to a contact that are kept.
func (tx *Tx) MailsTo(ctx context.Context, a id.Account, number id.Contact) ([]contact.DataMail, error) {
	rows, err := tx.q.Query(ctx, `SELECT created_at, kind, state, to_address FROM mail
		WHERE account_id = $1 AND contact = $2 AND contact <> 0 ORDER BY number DESC LIMIT $3`, int64(a), int64(number), maxMailsTo)
	if err != nil {
		return nil, wrap(err, "read the mails to contact %d", number)
	}
	all, err := scanAll(rows, func(rows sqldb.Rows) (contact.DataMail, error) {
		var (
			at int64
			m  contact.DataMail
		)
		err := rows.Scan(&at, &m.Kind, &m.State, &m.To)
		m.At = clock.FromMillis(at)
		return m, err
	})
	return all, wrap(err, "read the mails to contact %d", number)
}

// leftLists returns the lists that a contact left on a page of theirs, as far
// back as is looked.
func (tx *Tx) leftLists(ctx context.Context, a id.Account, number id.Contact) (left []int64, err error) {
	rows, err := tx.q.Query(ctx, `SELECT detail FROM change WHERE account_id = $1 AND ref = $2 AND ref <> 0 AND kind = $3 AND via = $4
		ORDER BY id DESC LIMIT $5`, int64(a), int64(number), string(change.MembershipRemoved), string(account.ViaPublic), ownMoves)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		d, err := detail(text)
		if err != nil {
			return nil, err
		}
		left = append(left, whole(d.Lists)...)
	}
	return left, rows.Err()
}
