package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"kith/internal/base/change"
	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/base/phone"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/store/sqldb"
)

// Columns of numbers for short messages and of their history, account_id and
// contact first.
var (
	smsColumns = []string{
		"account_id", "contact", "uid", "number", "permission", "opt_in_source", "opt_in_at", "opt_out_source", "opt_out_at",
		"ad_times", "ad_interval", "create_source", "update_source", "created_at", "updated_at",
	}
	smsHistoryColumns = []string{
		"account_id", "contact", "at", "uid", "channel", "number", "was", "becomes", "source", "consent_at",
		"medium", "medium_url", "details", "ad_times", "ad_interval",
		"via", "operation", "user_id", "application", "activity", "from_address",
	}
)

var (
	insertSMS        = newInsertion(`INSERT INTO sms_channel (`+strings.Join(smsColumns, ", ")+`)`, len(smsColumns), "ON CONFLICT DO NOTHING")
	insertSMSHistory = newInsertion(`INSERT INTO sms_history (`+strings.Join(smsHistoryColumns, ", ")+`)`, len(smsHistoryColumns), "")
	selectSMS        = `SELECT ` + strings.Join(smsColumns[1:], ", ") + ` FROM sms_channel WHERE account_id = $1 AND `
)

// updateSMS touches nothing where another contact has the number.
const updateSMS = `
	UPDATE sms_channel SET uid = $3, number = $4, permission = $5, opt_in_source = $6, opt_in_at = $7, opt_out_source = $8,
		opt_out_at = $9, ad_times = $10, ad_interval = $11, create_source = $12, update_source = $13, created_at = $14, updated_at = $15
	WHERE account_id = $1 AND contact = $2
		AND NOT EXISTS (SELECT 1 FROM sms_channel AS o WHERE o.account_id = $1 AND o.number = $4 AND o.contact <> $2)`

func smsArgs(account id.Account, number id.Contact, s *contact.SMS) []any {
	return []any{
		int64(account), int64(number), s.UID[:], s.Number.Full(), int64(s.Permission), int64(s.OptInSource), clock.Millis(s.OptInAt),
		int64(s.OptOutSource), clock.Millis(s.OptOutAt), int64(s.Times), s.Interval,
		int64(s.CreateSource), int64(s.UpdateSource), clock.Millis(s.CreatedAt), clock.Millis(s.UpdatedAt),
	}
}

// smsStatements append what keeps the number of one contact.
func smsStatements(to []sqldb.Statement, account id.Account, w *contact.Write) []sqldb.Statement {
	args := smsArgs(account, w.Contact.ID, w.SMS)
	if w.NewSMS {
		return insertSMS.add(to, args)
	}
	return append(to, sqldb.Statement{SQL: updateSMS, Args: args})
}

func smsHistoryStatements(to []sqldb.Statement, account id.Account, by change.Origin, entries []contact.SMSEntry) []sqldb.Statement {
	args := make([]any, 0, insertSMSHistory.columns*len(entries))
	for _, e := range entries {
		args = append(args, smsHistoryArgs(account, by, &e)...)
	}
	return insertSMSHistory.add(to, args)
}

func smsHistoryArgs(account id.Account, by change.Origin, e *contact.SMSEntry) []any {
	return []any{
		int64(account), int64(e.Contact), clock.Millis(e.At), e.UID[:], e.Channel[:], e.Number.Full(),
		int64(e.Was), int64(e.Becomes), int64(e.Source), clock.Millis(e.ConsentAt),
		e.Medium, e.URL, e.Details, int64(e.Times), e.Interval,
		by.Via, by.Operation, int64(by.User), by.Application, int64(by.Activity), by.Address,
	}
}

func scanSMS(rows sqldb.Rows) (of int64, s *contact.SMS, err error) {
	var (
		number                                       string
		name                                         []byte
		permission, in, inAt, out, outAt, times      int64
		createSource, updateSource, created, updated int64
	)
	s = &contact.SMS{}
	err = rows.Scan(&of, &name, &number, &permission, &in, &inAt, &out, &outAt, &times, &s.Interval,
		&createSource, &updateSource, &created, &updated)
	s.UID, s.Number, s.Times = uid(name), phone.Stored(number), int(times)
	s.Consent = contact.Consent{
		Permission: contact.Permission(permission), OptInSource: contact.Source(in), OptInAt: clock.FromMillis(inAt),
		OptOutSource: contact.Source(out), OptOutAt: clock.FromMillis(outAt),
	}
	s.CreateSource, s.UpdateSource = contact.Source(createSource), contact.Source(updateSource)
	s.CreatedAt, s.UpdatedAt = clock.FromMillis(created), clock.FromMillis(updated)
	return of, s, err
}

// sms reads the numbers of the contacts of a page.
func (p *parts) sms(ctx context.Context) error {
	return p.each(ctx, selectSMS, "contact", "", func(rows sqldb.Rows) error {
		c, s, err := scanSMS(rows)
		if err == nil {
			p.all[p.at[c]].SMS = s
		}
		return err
	})
}

// sms reads the numbers of the contacts of an export.
func (r *records) sms(ctx context.Context) error {
	rows, err := r.query(ctx, selectSMS, "contact", " ORDER BY contact")
	if err != nil {
		return err
	}
	defer rows.Close()
	at := 0
	for rows.Next() {
		number, s, err := scanSMS(rows)
		if err != nil {
			return err
		}
		for at < len(r.all) && int64(r.all[at].ID) < number {
			at++
		}
		if at < len(r.all) && int64(r.all[at].ID) == number {
			r.all[at].SMS = s
		}
	}
	return rows.Err()
}

// ContactBySMS returns the contact that has a number for short messages, also a
// deleted one, without sub-resources.
func (tx *Tx) ContactBySMS(ctx context.Context, account id.Account, number phone.Number) (contact.Contact, error) {
	return tx.oneContact(ctx, account, "number = (SELECT contact FROM sms_channel WHERE account_id = $1 AND number = $2)",
		number.Full(), contact.IncludeNothing, "")
}

// SMSHistory returns what happened to the number of a contact, the newest
// first.
func (tx *Tx) SMSHistory(ctx context.Context, account id.Account, number id.Contact, limit int) ([]contact.SMSEntry, error) {
	rows, err := tx.q.Query(ctx, `
		SELECT at, uid, channel, number, was, becomes, source, consent_at, medium, medium_url, details, ad_times, ad_interval
		FROM sms_history WHERE account_id = $1 AND contact = $2 ORDER BY at DESC, uid DESC LIMIT $3`,
		int64(account), int64(number), int64(limit))
	if err != nil {
		return nil, wrap(err, "read the history of an SMS number")
	}
	all, err := scanAll(rows, func(rows sqldb.Rows) (contact.SMSEntry, error) {
		var (
			at, was, becomes, source, consent, times int64
			name, channel                            []byte
			digits                                   string
			e                                        = contact.SMSEntry{Contact: number}
		)
		err := rows.Scan(&at, &name, &channel, &digits, &was, &becomes, &source, &consent, &e.Medium, &e.URL, &e.Details, &times, &e.Interval)
		e.At, e.UID, e.Channel, e.Number = clock.FromMillis(at), uid(name), uid(channel), phone.Stored(digits)
		e.Was, e.Becomes, e.Source = contact.Permission(was), contact.Permission(becomes), contact.Source(source)
		e.ConsentAt, e.Times = clock.FromMillis(consent), int(times)
		return e, err
	})
	return all, wrap(err, "read the history of an SMS number")
}

// smsAmong is the condition that a contact stands somewhere with short
// messages. Who has no number has not been asked.
func (q *contactQuery) smsAmong(s contact.Statuses) string {
	in, others := smsPermissions(s), smsPermissions(contact.StatusPresent&^s)
	switch {
	case len(others) == 0:
		return "1 = 1"
	case len(in) == 0:
		return "1 = 0"
	case s.Has(1 << contact.NotSet):
		return not(q.exists("sms_channel", "permission", others))
	}
	return q.exists("sms_channel", "permission", in)
}

// smsStanding is smsAmong for a finder.
func smsStanding(s contact.Statuses) condition {
	in, others := smsPermissions(s), smsPermissions(contact.StatusPresent&^s)
	switch {
	case len(others) == 0:
		return everybody
	case s.Has(1 << contact.NotSet):
		return except{inGroups("sms_channel", "permission", others)}
	}
	return inGroups("sms_channel", "permission", in)
}

// smsPermissions are the stored values of a set.
func smsPermissions(s contact.Statuses) (all []int64) {
	for p := contact.Implicit; p <= contact.Unsubscribed; p++ {
		if s.Has(1 << p) {
			all = append(all, int64(p))
		}
	}
	return all
}

// smsMembers are the memberships of contacts with a number. They are found from
// the numbers, of which there are few.
const smsMembers = `sms_channel AS s CROSS JOIN membership AS m WHERE s.account_id = $1 AND m.account_id = $1 AND m.contact = s.contact`

// countSMS fills in how many members of lists have a number.
func (tx *Tx) countSMS(ctx context.Context, account id.Account, lists []list.List) error {
	rows, err := tx.q.Query(ctx, `SELECT m.list, count(*) FROM `+smsMembers+` GROUP BY m.list`, int64(account))
	if err != nil {
		return wrap(err, "count members with SMS numbers")
	}
	defer rows.Close()
	counted := map[id.List]int64{}
	for rows.Next() {
		var l, n int64
		if err := rows.Scan(&l, &n); err != nil {
			return wrap(err, "count members with SMS numbers")
		}
		counted[id.List(l)] = n
	}
	for i := range lists {
		lists[i].SMS = counted[lists[i].ID]
	}
	return wrap(rows.Err(), "count members with SMS numbers")
}

// holdContactsBySMS adds the contacts that have any of the numbers to those
// that were found. Whose a number is may change before it is held; then the
// contact is as it is found, and has another.
func (tx *Tx) holdContactsBySMS(ctx context.Context, account id.Account, found []contact.Contact, numbers []phone.Number, include contact.Include) ([]contact.Contact, error) {
	full := make([]string, len(numbers))
	for i, n := range numbers {
		full[i] = n.Full()
	}
	rows, err := tx.q.Query(ctx, `SELECT s.contact FROM `+tx.d.Each("$2")+` CROSS JOIN sms_channel AS s
		WHERE s.account_id = $1 AND s.number = each.value`, int64(account), tx.d.Texts(full))
	if err != nil {
		return nil, err
	}
	holders, err := scanAll(rows, scanNumber[id.Contact])
	if err != nil {
		return nil, err
	}
	known := make(map[id.Contact]bool, len(found))
	for i := range found {
		known[found[i].ID] = true
	}
	holders = slices.DeleteFunc(holders, func(n id.Contact) bool { return known[n] })
	if len(holders) == 0 {
		return found, nil
	}
	rows, err = tx.q.Query(ctx, `SELECT `+readColumns(include)+` FROM contact AS c WHERE c.account_id = $1 AND `+
		tx.d.Among("c.number", "$2")+` ORDER BY c.number `+tx.d.ForUpdate(), int64(account), tx.d.Numbers(whole(holders)))
	if err != nil {
		return nil, err
	}
	more, err := scanContacts(rows, include)
	if err != nil {
		return nil, err
	}
	found = append(found, more...)
	slices.SortFunc(found, func(a, b contact.Contact) int { return cmp.Compare(a.ID, b.ID) })
	return found, nil
}

// writeBulkSMS keeps the numbers of many contacts. Numbers may go from one of
// them to another, so all old ones go before any new one comes. Where another
// unit of work has taken one meanwhile, the whole unit is to run again.
func (tx *Tx) writeBulkSMS(ctx context.Context, account id.Account, by change.Origin, b contact.Bulk) error {
	if len(b.DropSMS) > 0 {
		if _, err := tx.q.Exec(ctx, `DELETE FROM sms_channel WHERE account_id = $1 AND `+tx.d.Among("contact", "$2"),
			int64(account), tx.d.Numbers(whole(b.DropSMS))); err != nil {
			return err
		}
	}
	err := tx.q.InsertRows(ctx, "sms_channel", smsColumns, len(b.SMS), func(i int) ([]any, error) {
		return smsArgs(account, b.SMS[i].Contact, b.SMS[i].SMS), nil
	})
	if errors.Is(err, sqldb.ErrUnique) {
		err = errors.Join(sqldb.ErrRetry, err)
	}
	if err != nil {
		return err
	}
	return tx.q.InsertRows(ctx, "sms_history", smsHistoryColumns, len(b.SMSEntries), func(i int) ([]any, error) {
		return smsHistoryArgs(account, by, &b.SMSEntries[i]), nil
	})
}
