package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/message"
	"kith/internal/store/sqldb"
)

// Messages returns the store as mails see it.
func (s *Store) Messages() message.Store { return messages{s} }

type messages struct{ s *Store }

func (m messages) Now() time.Time { return m.s.clock.Now() }

func (m messages) Within(ctx context.Context, fn func(context.Context, message.Tx) error) error {
	return m.s.Within(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (m messages) View(ctx context.Context, fn func(context.Context, message.Tx) error) error {
	return m.s.View(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

// mailHead is every column of a mail but its bodies.
const mailHead = `account_id, number, kind, contact, list, from_name, from_address, to_address, to_name, reply_to, subject,
	content, way_in, for_user, message_id, state, attempts, created_at, next_at, settled_at, relay, reply`

// wholeMail reads a mail with its bodies, which lie apart where it has some.
const wholeMail = `SELECT ` + mailHead + `, params, text_body, html_body FROM mail
	LEFT JOIN (SELECT account_id AS of_account, number AS of_number, text_body, html_body FROM mail_body) AS body
	ON of_account = account_id AND of_number = number`

type mailRow struct {
	account, number, contact, list, content int64
	wayIn, forUser, attempts                int64
	kind, fromName, fromAddress, to, toName string
	replyTo, subject, messageID, state      string
	relay, reply                            string
	created, next, settled                  int64
	text, html, params                      []byte
}

func (r *mailRow) head() []any {
	return []any{
		&r.account, &r.number, &r.kind, &r.contact, &r.list, &r.fromName, &r.fromAddress, &r.to, &r.toName, &r.replyTo, &r.subject,
		&r.content, &r.wayIn, &r.forUser, &r.messageID, &r.state, &r.attempts, &r.created, &r.next, &r.settled, &r.relay, &r.reply,
	}
}

func (r *mailRow) claimed() []any { return append(r.head(), &r.params) }

func (r *mailRow) whole() []any { return append(r.head(), &r.params, &r.text, &r.html) }

func (r *mailRow) mail() (message.Row, error) {
	var to email.Address
	if r.to != "" { // that of an erased contact, whose mail was being sent just then
		var err error
		if to, err = email.Parse(r.to); err != nil {
			return message.Row{}, wrap(err, "read mail %d", r.number)
		}
	}
	return message.Row{
		TextBody: r.text, HTMLBody: r.html, Params: r.params,
		Mail: message.Mail{
			Account: id.Account(r.account), Number: id.Mail(r.number), Kind: message.Kind(r.kind),
			Contact: id.Contact(r.contact), List: id.List(r.list), Content: id.Content(r.content), ReplyTo: r.replyTo,
			From: message.Sender{Name: r.fromName, Address: r.fromAddress}, To: to, ToName: r.toName,
			Subject: r.subject, WayIn: r.wayIn != 0, ForUser: id.User(r.forUser), MessageID: r.messageID,
			State: message.State(r.state), Attempts: int(r.attempts), CreatedAt: clock.FromMillis(r.created),
			NextAt: clock.FromMillis(r.next), SettledAt: clock.FromMillis(r.settled), Relay: r.relay, Reply: r.reply,
		},
	}, nil
}

// readMails reads rows, closes them, and returns the mails in the order of
// their numbers.
func readMails(rows sqldb.Rows, dest func(*mailRow) []any) ([]message.Row, error) {
	defer rows.Close()
	var all []message.Row
	for rows.Next() {
		var r mailRow
		if err := rows.Scan(dest(&r)...); err != nil {
			return nil, err
		}
		m, err := r.mail()
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b message.Row) int { return cmp.Compare(a.Number, b.Number) })
	return all, rows.Err()
}

// InsertMail writes a mail; a queued one wakes the sweeper.
func (tx *Tx) InsertMail(ctx context.Context, m message.Row) (id.Mail, error) {
	if m.State == message.Queued {
		tx.Wake(message.Wake)
	}
	var number int64
	err := tx.q.QueryRow(ctx, `
		INSERT INTO mail (account_id, kind, contact, list, from_name, from_address, to_address, to_name, to_domain, reply_to,
		  subject, content, params, way_in, for_user, message_id, state, attempts, created_at, next_at, claimed_by, settled_at, relay, reply)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0, $18, $19, '', 0, '', '')
		RETURNING number`,
		int64(m.Account), string(m.Kind), int64(m.Contact), int64(m.List), m.From.Name, m.From.Address, m.To.String(), m.ToName,
		m.To.Domain(), m.ReplyTo, m.Subject, int64(m.Content), bytesOf(m.Params),
		flag(m.WayIn), int64(m.ForUser), m.MessageID, string(m.State),
		clock.Millis(m.CreatedAt), clock.Millis(m.NextAt)).Scan(&number)
	if err == nil && m.Content == 0 {
		_, err = tx.q.Exec(ctx, `INSERT INTO mail_body (account_id, number, text_body, html_body) VALUES ($1, $2, $3, $4)`,
			int64(m.Account), number, bytesOf(m.TextBody), bytesOf(m.HTMLBody))
	}
	return id.Mail(number), wrap(err, "queue a mail of account %d", m.Account)
}

// bytesOf keeps an empty body from being NULL.
func bytesOf(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// MailByNumber reads one mail with its bodies.
func (tx *Tx) MailByNumber(ctx context.Context, account id.Account, number id.Mail) (message.Row, error) {
	var r mailRow
	err := tx.q.QueryRow(ctx, wholeMail+` WHERE account_id = $1 AND number = $2`,
		int64(account), int64(number)).Scan(r.whole()...)
	if err != nil {
		return message.Row{}, wrap(explain(err), "read mail %d", number)
	}
	return r.mail()
}

// Mails reads the heads of those of an account's mails that a filter means,
// newest first. A search for a recipient reads the account's mails up to the
// last one found; the outbox is bounded.
func (tx *Tx) Mails(ctx context.Context, account id.Account, f message.Filter, p page.Request) (page.Of[message.Mail], error) {
	found := page.Of[message.Mail]{Total: -1}
	where, args := `account_id = $1`, []any{int64(account)}
	and := func(condition string, value any) {
		args = append(args, value)
		where += fmt.Sprintf(" AND "+condition, len(args))
	}
	if f.State != "" {
		and(`state = $%d`, string(f.State))
	}
	if f.Kind != "" {
		and(`kind = $%d`, string(f.Kind))
	}
	if f.To != "" {
		and(`to_address LIKE $%d ESCAPE '\'`, "%"+likePattern(f.To))
	}
	switch {
	case f.Contact.Number != 0:
		and(`contact <> 0 AND contact = $%d`, int64(f.Contact.Number))
	case !f.Contact.UID.IsZero():
		and(`contact <> 0 AND contact = (SELECT number FROM contact WHERE account_id = $1 AND uid = $%d)`, f.Contact.UID[:])
	}
	if p.Count {
		if err := tx.q.QueryRow(ctx, `SELECT count(*) FROM mail WHERE `+where, args...).Scan(&found.Total); err != nil {
			return found, wrap(err, "count mails of account %d", account)
		}
	}
	if p.After.Number != 0 {
		and(`number < $%d`, p.After.Number)
	}
	// One more than asked for tells whether there is a next page.
	args = append(args, p.Limit+1)
	rows, err := tx.q.Query(ctx, fmt.Sprintf(`SELECT `+mailHead+` FROM mail WHERE %s ORDER BY number DESC LIMIT $%d`, where, len(args)), args...)
	if err != nil {
		return found, wrap(err, "list mails of account %d", account)
	}
	all, err := readMails(rows, (*mailRow).head)
	if err != nil {
		return found, wrap(err, "list mails of account %d", account)
	}
	slices.Reverse(all)
	if len(all) > p.Limit {
		all = all[:p.Limit]
		found.Next = page.Position{Number: int64(all[len(all)-1].Number)}
	}
	for _, m := range all {
		found.Items = append(found.Items, m.Mail)
	}
	return found, nil
}

// CountMails counts an account's mails by state.
func (tx *Tx) CountMails(ctx context.Context, account id.Account) (map[message.State]int64, error) {
	rows, err := tx.q.Query(ctx, `SELECT state, count(*) FROM mail WHERE account_id = $1 GROUP BY state`, int64(account))
	if err != nil {
		return nil, wrap(err, "count mails of account %d", account)
	}
	defer rows.Close()
	counts := map[message.State]int64{}
	for rows.Next() {
		var state string
		var n int64
		if err := rows.Scan(&state, &n); err != nil {
			return nil, err
		}
		counts[message.State(state)] = n
	}
	return counts, rows.Err()
}

// RequeueMail queues a mail that failed or is uncertain, and says whether it
// was one.
func (tx *Tx) RequeueMail(ctx context.Context, account id.Account, number id.Mail) (bool, error) {
	n, err := tx.q.Exec(ctx, `
		UPDATE mail SET state = 'queued', attempts = 0, next_at = $3, claimed_by = '', settled_at = 0
		WHERE account_id = $1 AND number = $2 AND state IN ('failed', 'uncertain')`,
		int64(account), int64(number), clock.Millis(tx.now))
	if n == 1 {
		tx.Wake(message.Wake)
	}
	return n == 1, wrap(err, "queue mail %d again", number)
}

// RequeueMails queues up to limit mails of an account in one state, behind a
// number, and says how many they were, and the last.
func (tx *Tx) RequeueMails(ctx context.Context, account id.Account, in message.State, after id.Mail, limit int) (n int, last id.Mail, err error) {
	rows, err := tx.q.Query(ctx, `
		UPDATE mail SET state = 'queued', attempts = 0, next_at = $5, claimed_by = '', settled_at = 0
		WHERE account_id = $1 AND number IN (
		  SELECT number FROM mail WHERE account_id = $1 AND state = $2 AND number > $3 ORDER BY number LIMIT $4)
		RETURNING number`,
		int64(account), string(in), int64(after), limit, clock.Millis(tx.now))
	if err != nil {
		return 0, after, wrap(err, "queue mails of account %d again", account)
	}
	numbers, err := scanAll(rows, scanNumber[id.Mail])
	if err != nil {
		return 0, after, wrap(err, "queue mails of account %d again", account)
	}
	if len(numbers) > 0 {
		tx.Wake(message.Wake)
		after = slices.Max(numbers)
	}
	return len(numbers), after, nil
}

// TrimMails deletes the oldest mails of an account that has more than keep, up
// to limit: first of those that are done with, then of those that failed or are
// uncertain.
func (tx *Tx) TrimMails(ctx context.Context, keep, limit int) (int, error) {
	n, err := tx.trimMails(ctx, `state IN ('sent', 'kept')`, keep, limit)
	if err != nil || n > 0 {
		return n, err
	}
	return tx.trimMails(ctx, `state IN ('failed', 'uncertain')`, keep, limit)
}

func (tx *Tx) trimMails(ctx context.Context, settled string, keep, limit int) (int, error) {
	var account, newest int64
	err := tx.q.QueryRow(ctx, `
		SELECT account_id FROM mail WHERE `+settled+` GROUP BY account_id HAVING count(*) > $1 LIMIT 1`, keep).Scan(&account)
	if errors.Is(err, sqldb.ErrNoRows) {
		return 0, nil
	}
	if err == nil {
		err = tx.q.QueryRow(ctx, `
			SELECT number FROM mail WHERE account_id = $1 AND `+settled+` ORDER BY number DESC LIMIT 1 OFFSET $2`,
			account, keep).Scan(&newest)
	}
	if err != nil {
		return 0, wrap(err, "find mails to forget")
	}
	rows, err := tx.q.Query(ctx, `
		DELETE FROM mail WHERE account_id = $1 AND number IN (
		  SELECT number FROM mail WHERE account_id = $1 AND number <= $2 AND `+settled+` ORDER BY number LIMIT $3)
		RETURNING number`,
		account, newest, limit)
	if err != nil {
		return 0, wrap(err, "forget mails of account %d", account)
	}
	gone, err := scanAll(rows, scanNumber[id.Mail])
	if err != nil || len(gone) == 0 {
		return 0, wrap(err, "forget mails of account %d", account)
	}
	numbers := tx.d.Numbers(whole(gone))
	_, err = tx.q.ExecAll(ctx, []sqldb.Statement{
		{SQL: `DELETE FROM mail_body WHERE account_id = $1 AND ` + tx.d.Among("number", "$2"), Args: []any{account, numbers}},
		{SQL: `DELETE FROM mail_attempt WHERE account_id = $1 AND ` + tx.d.Among("mail", "$2"), Args: []any{account, numbers}},
	})
	return len(gone), wrap(err, "forget mails of account %d", account)
}
