package store

import (
	"context"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/domain/delivery"
	"kith/internal/domain/message"
	"kith/internal/store/sqldb"
)

// Notices returns the store as notices about mail see it.
func (s *Store) Notices() delivery.NoticeStore { return notices{s} }

type notices struct{ s *Store }

func (n notices) Within(ctx context.Context, fn func(context.Context, delivery.NoticeTx) error) error {
	return n.s.Within(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (n notices) View(ctx context.Context, fn func(context.Context, delivery.NoticeTx) error) error {
	return n.s.View(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

// MailByMessageID returns the head of a mail to a contact by its Message-ID.
func (tx *Tx) MailByMessageID(ctx context.Context, messageID string) (message.Mail, error) {
	var r mailRow
	err := tx.q.QueryRow(ctx, `SELECT `+mailHead+` FROM mail WHERE message_id = $1 AND contact <> 0 LIMIT 1`, messageID).Scan(r.head()...)
	if err != nil {
		return message.Mail{}, wrap(explain(err), "find a mail by its Message-ID")
	}
	m, err := r.mail()
	return m.Mail, err
}

// NoteNotice keeps a notice in the delivery history of a mail, unless one of
// its kind is there.
func (tx *Tx) NoteNotice(ctx context.Context, account id.Account, mail id.Mail, n delivery.Notice, by delivery.Teller) (fresh bool, err error) {
	kept, err := tx.q.Exec(ctx, `
		INSERT INTO mail_attempt (account_id, mail, at, relay, outcome, reply, status) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT DO NOTHING`,
		int64(account), int64(mail), clock.Millis(n.At), string(by), n.Kind.String(), n.Reply, n.Status.String())
	return kept == 1, wrap(err, "keep a notice about mail %d", mail)
}

// Known says whether anything is known of an address.
func (tx *Tx) Known(ctx context.Context, account id.Account, hash delivery.Hash) (bool, error) {
	var n int
	err := tx.q.QueryRow(ctx, `SELECT count(*) FROM suppression WHERE account_id = $1 AND hash = $2`, int64(account), hash[:]).Scan(&n)
	return n > 0, wrap(err, "ask for an address of account %d", account)
}

// PutArrival keeps a mail that is to be read.
func (tx *Tx) PutArrival(ctx context.Context, a delivery.Arrival) error {
	tx.Wake(delivery.WakeIntake)
	_, err := tx.q.Exec(ctx, `INSERT INTO arrival (at, sent, peer, body) VALUES ($1, $2, $3, $4)`,
		clock.Millis(a.At), a.Sent, a.Peer, bytesOf(a.Body))
	return wrap(err, "keep a mail that came back")
}

// ArrivalsWaiting counts mails that wait to be read, up to limit.
func (tx *Tx) ArrivalsWaiting(ctx context.Context, limit int) (n int, err error) {
	err = tx.q.QueryRow(ctx, `SELECT count(*) FROM (SELECT 1 FROM arrival LIMIT $1) AS waiting`, limit).Scan(&n)
	return n, wrap(err, "count mails that came back")
}

// NextArrival returns the oldest mail behind a number.
func (tx *Tx) NextArrival(ctx context.Context, after int64) (a delivery.Arrival, err error) {
	var at int64
	err = tx.q.QueryRow(ctx, `SELECT number, at, sent, peer, body FROM arrival WHERE number > $1 ORDER BY number LIMIT 1`, after).
		Scan(&a.Number, &at, &a.Sent, &a.Peer, &a.Body)
	a.At = clock.FromMillis(at)
	return a, wrap(explain(err), "read a mail that came back")
}

// DropArrival forgets a mail, and says whether it was still there.
func (tx *Tx) DropArrival(ctx context.Context, number int64) (bool, error) {
	n, err := tx.q.Exec(ctx, `DELETE FROM arrival WHERE number = $1`, number)
	return n == 1, wrap(err, "forget a mail that came back")
}

// PutStray keeps a notice that matches nothing, in place of the oldest of keep.
func (tx *Tx) PutStray(ctx context.Context, s delivery.StrayNotice, keep int) error {
	var number int64
	err := tx.q.QueryRow(ctx, `
		INSERT INTO stray_notice (at, told_by, kind, recipient, message_id, status, reply) VALUES ($1, $2, $3, $4, $5, $6, $7)
		RETURNING number`,
		clock.Millis(s.At), string(s.By), int64(s.Kind), s.Recipient, s.MessageID, s.Status, s.Reply).Scan(&number)
	if err == nil {
		_, err = tx.q.Exec(ctx, `DELETE FROM stray_notice WHERE number <= $1`, number-int64(keep))
	}
	return wrap(err, "keep a notice that matches nothing")
}

// Strays returns the newest notices that match nothing.
func (tx *Tx) Strays(ctx context.Context, limit int) ([]delivery.StrayNotice, error) {
	rows, err := tx.q.Query(ctx, `
		SELECT at, told_by, kind, recipient, message_id, status, reply FROM stray_notice ORDER BY number DESC LIMIT $1`, limit)
	if err != nil {
		return nil, wrap(err, "read notices that match nothing")
	}
	all, err := scanAll(rows, func(rows sqldb.Rows) (s delivery.StrayNotice, err error) {
		var (
			at, kind int64
			by       string
		)
		err = rows.Scan(&at, &by, &kind, &s.Recipient, &s.MessageID, &s.Status, &s.Reply)
		s.At, s.By, s.Kind = clock.FromMillis(at), delivery.Teller(by), delivery.Kind(kind)
		return s, err
	})
	return all, wrap(err, "read notices that match nothing")
}

// TrimStrays forgets notices that match nothing and are old.
func (tx *Tx) TrimStrays(ctx context.Context, since time.Time) error {
	_, err := tx.q.Exec(ctx, `DELETE FROM stray_notice WHERE at < $1`, clock.Millis(since))
	return wrap(err, "forget notices that match nothing")
}
