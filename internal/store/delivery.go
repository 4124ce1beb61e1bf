package store

import (
	"context"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/base/task"
	"kith/internal/domain/delivery"
	"kith/internal/domain/message"
)

// Deliveries returns the store as the sending of mails sees it.
func (s *Store) Deliveries() delivery.Store { return deliveries{s} }

type deliveries struct{ s *Store }

func (d deliveries) Within(ctx context.Context, fn func(context.Context, delivery.Tx) error) error {
	return d.s.Within(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (d deliveries) View(ctx context.Context, fn func(context.Context, delivery.Tx) error) error {
	return d.s.View(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

// MailsWaiting says whether a mail's time has come, or one is being sent.
func (tx *Tx) MailsWaiting(ctx context.Context) (bool, error) {
	var n int
	err := tx.q.QueryRow(ctx, `
		SELECT (SELECT count(*) FROM (SELECT 1 FROM mail WHERE state = 'queued' AND next_at <= $1 LIMIT 1) AS due)
		     + (SELECT count(*) FROM (SELECT 1 FROM mail WHERE state = 'sending' LIMIT 1) AS begun)`,
		clock.Millis(tx.now)).Scan(&n)
	return n > 0, wrap(err, "look for mail to send")
}

// ClaimMails gives queued mails to the owner of a lease.
func (tx *Tx) ClaimMails(ctx context.Context, l task.Lease, limit int) ([]message.Row, error) {
	rows, err := tx.q.Query(ctx, `
		UPDATE mail SET state = 'sending', claimed_by = $1, let_go_at = 0
		WHERE (account_id, number) IN (
		  SELECT account_id, number FROM mail WHERE state = 'queued' AND next_at <= $2
		  ORDER BY next_at, number LIMIT $3 `+tx.d.SkipLocked()+`)
		RETURNING `+mailHead+mailBodies,
		l.Name, clock.Millis(tx.now), limit)
	if err != nil {
		return nil, wrap(err, "claim mails")
	}
	all, err := readMails(rows, (*mailRow).whole)
	return all, wrap(err, "claim mails")
}

// LetMailGo notes that a claimed mail's content is handed over now. It fails
// with task.ErrLost when the mail was taken for abandoned.
func (tx *Tx) LetMailGo(ctx context.Context, l task.Lease, account id.Account, number id.Mail) error {
	n, err := tx.q.Exec(ctx, `
		UPDATE mail SET let_go_at = $4 WHERE account_id = $1 AND number = $2 AND state = 'sending' AND claimed_by = $3`,
		int64(account), int64(number), l.Name, clock.Millis(tx.now))
	return wrap(lost(n, err), "let mail %d go", number)
}

// SettleMail writes what has become of a claimed mail. Where another process
// has claimed it since, nothing is written.
func (tx *Tx) SettleMail(ctx context.Context, l task.Lease, m message.Mail) error {
	_, err := tx.q.Exec(ctx, `
		UPDATE mail SET state = $4, reply = $5, attempts = $6, next_at = $7, settled_at = $8
		WHERE account_id = $1 AND number = $2 AND claimed_by = $3 AND state IN ('sending', 'uncertain')`,
		int64(m.Account), int64(m.Number), l.Name, string(m.State), m.Reply, m.Attempts,
		clock.Millis(m.NextAt), clock.Millis(m.SettledAt))
	return wrap(err, "settle mail %d", m.Number)
}

// RecoverMails settles what was being sent by those whose lease has ended.
func (tx *Tx) RecoverMails(ctx context.Context) (queued, uncertain int, err error) {
	rows, err := tx.q.Query(ctx, `
		UPDATE mail SET
		  state = CASE WHEN let_go_at = 0 THEN 'queued' ELSE 'uncertain' END,
		  settled_at = CASE WHEN let_go_at = 0 THEN 0 ELSE CAST($1 AS bigint) END,
		  reply = CASE WHEN let_go_at = 0 THEN reply ELSE $2 END
		WHERE state = 'sending' AND NOT EXISTS (
		  SELECT 1 FROM lease WHERE lease.name = mail.claimed_by AND lease.until > `+tx.d.Now()+`)
		RETURNING state`,
		clock.Millis(tx.now), message.Interrupted)
	if err != nil {
		return 0, 0, wrap(err, "recover mails")
	}
	defer rows.Close()
	for rows.Next() {
		var state string
		if err := rows.Scan(&state); err != nil {
			return 0, 0, err
		}
		if message.State(state) == message.Queued {
			queued++
		} else {
			uncertain++
		}
	}
	return queued, uncertain, wrap(rows.Err(), "recover mails")
}
