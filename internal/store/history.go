package store

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"kith/internal/base/change"
	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/contact"
	"kith/internal/store/sqldb"
)

// A contact's history lies in two tables, change and consent, and within each
// in rows of its own and in rows of batches, whose members are packed. It is
// read from both in the order of their times, newest first; at one time the
// ledger's rows come before the others.

// The two tables, as positions name them.
const (
	pastChange  = "change"
	pastConsent = "consent"
)

// pastColumns are what the rows of both tables tell alike; p is the table.
const pastColumns = `p.id, p.at, p.members, p.via, p.operation, COALESCE(u.username, ''), p.application, a.uid`

// pastJoins finds the names of who did it and of the bulk work.
const pastJoins = `
	LEFT JOIN kith_user AS u ON u.id = p.user_id
	LEFT JOIN activity AS a ON a.account_id = p.account_id AND a.number = p.activity`

// pastOrder bounds and orders rows: $3 and $4 are time and id of the row
// behind which they begin, $5 how many there may be.
const pastOrder = `AND (p.at < $3 OR p.at = $3 AND p.id < $4) ORDER BY p.at DESC, p.id DESC LIMIT $5`

// The two texts name what a partial index says in each arm of the OR, so that
// both databases find the rows by index.
var (
	selectChanges = `SELECT ` + pastColumns + `, p.kind, p.detail FROM change AS p` + pastJoins + `
		WHERE p.account_id = $1 AND (p.ref <> 0 AND p.ref = $2 OR p.ref = 0 AND p.low <= $2 AND p.high >= $2)
		AND p.kind IN (` + kindTexts(contact.HistoryKinds()) + `) ` + pastOrder
	selectConsents = `SELECT ` + pastColumns + `, p.was, p.becomes, p.source, p.shown FROM consent AS p` + pastJoins + `
		WHERE p.account_id = $1 AND (p.contact <> 0 AND p.contact = $2 OR p.contact = 0 AND p.low <= $2 AND p.high >= $2)
		` + pastOrder
)

func kindTexts(kinds []change.Kind) string {
	quoted := make([]string, len(kinds))
	for i, k := range kinds {
		quoted[i] = "'" + string(k) + "'"
	}
	return strings.Join(quoted, ", ")
}

// past is a row of either table: an entry whose names are still numbers.
type past struct {
	table string
	id    int64
	at    int64 // milliseconds

	members     []byte
	application string // client id
	activity    []byte
	detail      change.Detail
	entry       contact.HistoryEntry
}

func (p *past) dest() []any {
	return []any{&p.id, &p.at, &p.members, &p.entry.Via, &p.entry.Operation, &p.entry.User, &p.application, &p.activity}
}

// of reports whether the row is about a contact: not every batch that spans a
// number holds it.
func (p *past) of(number id.Contact) (bool, error) {
	if p.members == nil {
		return true, nil
	}
	members, err := change.Unpack(p.members)
	_, found := slices.BinarySearch(members, int64(number))
	return found, err
}

func scanPastChange(rows sqldb.Rows) (past, error) {
	var kind, text string
	p := past{table: pastChange}
	if err := rows.Scan(append(p.dest(), &kind, &text)...); err != nil {
		return p, err
	}
	p.entry.Kind = change.Kind(kind)
	var err error
	p.detail, err = detail(text)
	return p, err
}

func scanPastConsent(rows sqldb.Rows) (past, error) {
	var (
		was, becomes, source int64
		shown                string
	)
	p := past{table: pastConsent}
	if err := rows.Scan(append(p.dest(), &was, &becomes, &source, &shown)...); err != nil {
		return p, err
	}
	e := &p.entry
	e.Kind, e.Source = contact.PermissionChanged, contact.Source(source)
	e.From, e.To = contact.Permission(was), contact.Permission(becomes)
	if e.To == contact.Unsubscribed {
		e.Reason = shown
	} else {
		e.Shown = shown
	}
	return p, nil
}

// ContactHistory returns what happened to a contact, newest first.
func (tx *Tx) ContactHistory(ctx context.Context, account id.Account, number id.Contact, r page.Request) (page.Of[contact.HistoryEntry], error) {
	of := page.Of[contact.HistoryEntry]{Total: -1}
	read := pastReader{tx, account, number, r.Limit + 1} // one more, to know whether there is another page
	changes, err := read.table(ctx, selectChanges, scanPastChange, pastChange, r.After)
	if err != nil {
		return of, wrap(err, "read the history of contact %d", number)
	}
	consents, err := read.table(ctx, selectConsents, scanPastConsent, pastConsent, r.After)
	if err != nil {
		return of, wrap(err, "read the history of contact %d", number)
	}
	all := append(consents, changes...)
	slices.SortStableFunc(all, func(x, y past) int { return cmp.Compare(y.at, x.at) })
	if len(all) > r.Limit {
		all = all[:r.Limit]
		last := all[r.Limit-1]
		of.Next = page.Position{Time: last.at, Number: last.id, Text: last.table}
	}
	of.Items, err = tx.namePast(ctx, account, all)
	return of, wrap(err, "read the history of contact %d", number)
}

type pastReader struct {
	tx      *Tx
	account id.Account
	number  id.Contact
	want    int
}

// table reads up to want rows of one table behind a position, which may be one
// in the other table.
func (r pastReader) table(ctx context.Context, sql string, scan func(sqldb.Rows) (past, error), name string, after page.Position) (found []past, err error) {
	at, last := after.Time, after.Number
	switch {
	case after.IsZero():
		at, last = math.MaxInt64, math.MaxInt64
	case after.Text == name:
	case name == pastChange: // all of the ledger's rows of that time stand before
		last = math.MaxInt64
	default:
		last = 0
	}
	for len(found) < r.want {
		rows, err := r.tx.q.Query(ctx, sql, int64(r.account), int64(r.number), at, last, r.want)
		if err != nil {
			return nil, err
		}
		some, err := scanAll(rows, scan)
		if err != nil {
			return nil, err
		}
		for _, p := range some {
			mine, err := p.of(r.number)
			if err != nil {
				return nil, err
			}
			if mine {
				found = append(found, p)
			}
		}
		if len(some) < r.want {
			break
		}
		at, last = some[len(some)-1].at, some[len(some)-1].id
	}
	return found[:min(len(found), r.want)], nil
}

// namePast turns rows into entries, with the names of lists, tags and
// applications in place of numbers. What is not there any more is left out.
func (tx *Tx) namePast(ctx context.Context, account id.Account, all []past) ([]contact.HistoryEntry, error) {
	var (
		lists []int64
		tags  []int64
		apps  []id.UID
	)
	for _, p := range all {
		lists = append(lists, whole(p.detail.Lists)...)
		tags = append(tags, whole(p.detail.Tags)...)
		if client, err := id.ParseUID(p.application); err == nil {
			apps = append(apps, client)
		}
	}
	listNames, err := tx.namesOf(ctx, "contact_list", account, lists)
	if err != nil {
		return nil, err
	}
	tagNames, err := tx.namesOf(ctx, "tag", account, tags)
	if err != nil {
		return nil, err
	}
	appNames, err := tx.applicationNames(ctx, apps)
	if err != nil {
		return nil, err
	}
	entries := make([]contact.HistoryEntry, len(all))
	for i, p := range all {
		e := p.entry
		e.At, e.Activity, e.Fields = clock.FromMillis(p.at), uid(p.activity), p.detail.Fields
		e.Mail, e.Why = contact.LetterKind(p.detail.Mail), contact.Why(p.detail.Why)
		e.Application = cmp.Or(appNames[p.application], p.application)
		for _, l := range p.detail.Lists {
			if name, ok := listNames[int64(l)]; ok {
				e.Lists = append(e.Lists, name)
			}
		}
		for _, t := range p.detail.Tags {
			if name, ok := tagNames[int64(t)]; ok {
				e.Tags = append(e.Tags, name)
			}
		}
		entries[i] = e
	}
	return entries, nil
}

// namesOf returns UID and name of things of an account, by number.
func (tx *Tx) namesOf(ctx context.Context, table string, account id.Account, numbers []int64) (map[int64]contact.Named, error) {
	all := map[int64]contact.Named{}
	if len(numbers) == 0 {
		return all, nil
	}
	rows, err := tx.q.Query(ctx, `SELECT number, uid, name FROM `+table+` WHERE account_id = $1 AND `+tx.d.Among("number", "$2"),
		int64(account), tx.d.Numbers(numbers))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var (
			n    int64
			name []byte
			to   contact.Named
		)
		if err := rows.Scan(&n, &name, &to.Name); err != nil {
			return nil, err
		}
		to.UID = uid(name)
		all[n] = to
	}
	return all, rows.Err()
}

// applicationNames returns the names of applications, deleted ones too, by
// client id.
func (tx *Tx) applicationNames(ctx context.Context, clients []id.UID) (map[string]string, error) {
	all := map[string]string{}
	if len(clients) == 0 {
		return all, nil
	}
	condition, args := few("uid", 1, clients, func(u id.UID) any { return u[:] })
	rows, err := tx.q.Query(ctx, `SELECT uid, name FROM application WHERE `+condition, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var (
			client []byte
			name   string
		)
		if err := rows.Scan(&client, &name); err != nil {
			return nil, err
		}
		all[uid(client).String()] = name
	}
	return all, rows.Err()
}
