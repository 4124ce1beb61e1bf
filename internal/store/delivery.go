package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/base/task"
	"kith/internal/domain/delivery"
	"kith/internal/domain/message"
	"kith/internal/store/sqldb"
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

// deadSenders is who has claimed mails under a lease that has ended.
func (tx *Tx) deadSenders() string {
	return ` FROM mail_flight WHERE NOT EXISTS (
		SELECT 1 FROM lease WHERE lease.name = mail_flight.lease AND lease.until > ` + tx.d.Now() + `)`
}

// MailsWaiting says whether a mail's time has come, or some that a dead process
// had claimed are to be settled.
func (tx *Tx) MailsWaiting(ctx context.Context) (bool, error) {
	var n int
	err := tx.q.QueryRow(ctx, `
		SELECT (SELECT count(*) FROM (SELECT 1 FROM mail WHERE state = 'queued' AND next_at <= $1 LIMIT 1) AS due)
		     + (SELECT count(*)`+tx.deadSenders()+`)`,
		clock.Millis(tx.now)).Scan(&n)
	return n > 0, wrap(err, "look for mail to send")
}

// BeginSending makes the row in which is noted what is let go under a lease.
func (tx *Tx) BeginSending(ctx context.Context, l task.Lease) error {
	_, err := tx.q.Exec(ctx, `INSERT INTO mail_flight (lease, mails) VALUES ($1, '[]') ON CONFLICT (lease) DO NOTHING`, l.Name)
	return wrap(err, "begin to send under %s", l.Name)
}

// ClaimMails gives queued mails to the owner of a lease.
func (tx *Tx) ClaimMails(ctx context.Context, l task.Lease, limit int) ([]message.Row, error) {
	rows, err := tx.q.Query(ctx, `
		UPDATE mail SET state = 'sending', claimed_by = $1
		WHERE (account_id, number) IN (
		  SELECT account_id, number FROM mail WHERE state = 'queued' AND next_at <= $2
		  ORDER BY next_at, number LIMIT $3 `+tx.d.SkipLocked()+`)
		RETURNING `+mailHead+`, params`,
		l.Name, clock.Millis(tx.now), limit)
	if err != nil {
		return nil, wrap(err, "claim mails")
	}
	all, err := readMails(rows, (*mailRow).claimed)
	if err == nil {
		err = tx.readBodies(ctx, all)
	}
	return all, wrap(err, "claim mails")
}

// readBodies reads the bodies of those mails that have some of their own.
func (tx *Tx) readBodies(ctx context.Context, all []message.Row) error {
	places := map[id.Mail]*message.Row{} // a mail's number is its own among all accounts'
	numbers := map[id.Account][]int64{}
	for i := range all {
		if r := &all[i]; r.Content == 0 {
			places[r.Number] = r
			numbers[r.Account] = append(numbers[r.Account], int64(r.Number))
		}
	}
	for account, of := range numbers {
		rows, err := tx.q.Query(ctx, `SELECT number, text_body, html_body FROM mail_body WHERE account_id = $1 AND `+tx.d.Among("number", "$2"),
			int64(account), tx.d.Numbers(of))
		if err != nil {
			return err
		}
		_, err = scanAll(rows, func(rows sqldb.Rows) (struct{}, error) {
			var (
				number     int64
				text, html []byte
			)
			err := rows.Scan(&number, &text, &html)
			if r := places[id.Mail(number)]; err == nil && r != nil {
				r.TextBody, r.HTMLBody = text, html
			}
			return struct{}{}, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// SetAloft notes what is let go under a lease. It fails with task.ErrLost when
// what was claimed under it has been settled by another.
func (tx *Tx) SetAloft(ctx context.Context, l task.Lease, all []delivery.Aloft) error {
	n, err := tx.q.Exec(ctx, `UPDATE mail_flight SET mails = $2 WHERE lease = $1`, l.Name, packAloft(all))
	return wrap(lost(n, err), "note what is let go under %s", l.Name)
}

func packAloft(all []delivery.Aloft) string {
	rows := make([][3]int64, len(all))
	for i, a := range all {
		rows[i] = [3]int64{int64(a.Account), int64(a.Mail), clock.Millis(a.At)}
	}
	b, err := json.Marshal(rows)
	if err != nil {
		panic(err) // numbers always are JSON
	}
	return string(b)
}

// settleMails is SettleMails for so many mails together: a statement a mail
// costs PostgreSQL more than what it does.
var settleMails = func() (texts [16]string) {
	types := []string{"bigint", "bigint", "text", "text", "text", "bigint", "bigint", "bigint"}
	var rows strings.Builder
	for i := range texts {
		if i > 0 {
			rows.WriteString(", ")
		}
		rows.WriteByte('(')
		for j, kind := range types {
			if j > 0 {
				rows.WriteString(", ")
			}
			rows.WriteString("CAST($" + strconv.Itoa(2+i*len(types)+j) + " AS " + kind + ")")
		}
		rows.WriteByte(')')
		texts[i] = `
			UPDATE mail SET state = v.column3, relay = v.column4, reply = v.column5, attempts = v.column6, next_at = v.column7, settled_at = v.column8
			FROM (VALUES ` + rows.String() + `) AS v
			WHERE mail.account_id = v.column1 AND mail.number = v.column2 AND mail.claimed_by = $1 AND mail.state IN ('sending', 'uncertain')`
	}
	return texts
}()

// SettleMails writes what has become of claimed mails. Where another process
// has claimed one since, nothing is written.
func (tx *Tx) SettleMails(ctx context.Context, l task.Lease, all []message.Mail) error {
	var statements []sqldb.Statement
	for some := range slices.Chunk(all, len(settleMails)) {
		args := []any{l.Name}
		for _, m := range some {
			args = append(args, int64(m.Account), int64(m.Number), string(m.State), m.Relay, m.Reply, int64(m.Attempts),
				clock.Millis(m.NextAt), clock.Millis(m.SettledAt))
		}
		statements = append(statements, sqldb.Statement{SQL: settleMails[len(some)-1], Args: args})
	}
	if len(statements) == 0 {
		return nil
	}
	_, err := tx.q.ExecAll(ctx, statements)
	return wrap(err, "settle %d mails", len(all))
}

var insertAttempt = newInsertion(`INSERT INTO mail_attempt (account_id, mail, at, relay, outcome, reply, status)`, 7, "")

// InsertAttempts writes attempts that did not end well, or notices.
func (tx *Tx) InsertAttempts(ctx context.Context, all []delivery.Attempt) error {
	if len(all) == 0 {
		return nil
	}
	args := make([]any, 0, insertAttempt.columns*len(all))
	for _, a := range all {
		args = append(args, int64(a.Account), int64(a.Mail), clock.Millis(a.At), a.Relay, a.Outcome, a.Reply, a.Status)
	}
	_, err := tx.q.ExecAll(ctx, insertAttempt.add(nil, args))
	return wrap(err, "write %d attempts", len(all))
}

// Attempts reads what is told of a mail's attempts, oldest first.
func (tx *Tx) Attempts(ctx context.Context, account id.Account, mail id.Mail) ([]delivery.Attempt, error) {
	rows, err := tx.q.Query(ctx, `
		SELECT at, relay, outcome, reply, status FROM mail_attempt WHERE account_id = $1 AND mail = $2 ORDER BY number`,
		int64(account), int64(mail))
	if err != nil {
		return nil, wrap(err, "read attempts of mail %d", mail)
	}
	all, err := scanAll(rows, func(rows sqldb.Rows) (delivery.Attempt, error) {
		var at int64
		a := delivery.Attempt{Account: account, Mail: mail}
		err := rows.Scan(&at, &a.Relay, &a.Outcome, &a.Reply, &a.Status)
		a.At = clock.FromMillis(at)
		return a, err
	})
	return all, wrap(err, "read attempts of mail %d", mail)
}

// HoldCounts reads what was counted under scopes, whose rows nobody else reads
// so until the unit of work ends.
func (tx *Tx) HoldCounts(ctx context.Context, scopes []string) ([]delivery.Count, error) {
	for _, scope := range scopes {
		_, err := tx.q.Exec(ctx, `INSERT INTO mail_count (scope, slots, until) VALUES ($1, '', 0) ON CONFLICT (scope) DO NOTHING`, scope)
		if err != nil {
			return nil, wrap(err, "hold the counts of relays")
		}
	}
	return tx.counts(ctx, scopes, `ORDER BY scope `+tx.d.ForUpdate())
}

// ReadCounts reads what was counted under scopes.
func (tx *Tx) ReadCounts(ctx context.Context, scopes []string) ([]delivery.Count, error) {
	return tx.counts(ctx, scopes, "")
}

func (tx *Tx) counts(ctx context.Context, scopes []string, order string) ([]delivery.Count, error) {
	condition, args := few("scope", 1, scopes, func(s string) any { return s })
	rows, err := tx.q.Query(ctx, `SELECT scope, slots FROM mail_count WHERE `+condition+` `+order, args...)
	if err != nil {
		return nil, wrap(err, "read the counts of relays")
	}
	all, err := scanAll(rows, func(rows sqldb.Rows) (delivery.Count, error) {
		var scope, slots string
		err := rows.Scan(&scope, &slots)
		return delivery.UnpackCount(scope, slots), err
	})
	return all, wrap(err, "read the counts of relays")
}

var putCount = newInsertion(`INSERT INTO mail_count (scope, slots, until)`, 3,
	"ON CONFLICT (scope) DO UPDATE SET slots = excluded.slots, until = excluded.until")

// PutCounts writes what was counted.
func (tx *Tx) PutCounts(ctx context.Context, all []delivery.Count) error {
	args := make([]any, 0, putCount.columns*len(all))
	for _, c := range all {
		args = append(args, c.Scope, c.Pack(), clock.Millis(c.Until))
	}
	_, err := tx.q.ExecAll(ctx, putCount.add(nil, args))
	return wrap(err, "write %d counts of relays", len(all))
}

// TrimCounts forgets what is past. Rows that are held stay.
func (tx *Tx) TrimCounts(ctx context.Context) error {
	_, err := tx.q.Exec(ctx, `DELETE FROM mail_count WHERE until > 0 AND until < $1`, clock.Millis(tx.now))
	return wrap(err, "forget old counts of relays")
}

// PutBackMails queues claimed mails again.
func (tx *Tx) PutBackMails(ctx context.Context, l task.Lease, all []message.Mail) error {
	if len(all) == 0 {
		return nil
	}
	statements := make([]sqldb.Statement, len(all))
	for i, m := range all {
		statements[i] = sqldb.Statement{
			SQL: `
			UPDATE mail SET state = 'queued', claimed_by = '', next_at = $4
			WHERE account_id = $1 AND number = $2 AND claimed_by = $3 AND state = 'sending'`,
			Args: []any{int64(m.Account), int64(m.Number), l.Name, clock.Millis(m.NextAt)},
		}
	}
	_, err := tx.q.ExecAll(ctx, statements)
	return wrap(err, "put back %d mails", len(all))
}

// DeadSenders returns leases under which mail was being sent and that have
// ended.
func (tx *Tx) DeadSenders(ctx context.Context) ([]task.Lease, error) {
	rows, err := tx.q.Query(ctx, `SELECT lease`+tx.deadSenders())
	if err != nil {
		return nil, wrap(err, "look for senders that died")
	}
	dead, err := scanAll(rows, func(rows sqldb.Rows) (l task.Lease, err error) {
		err = rows.Scan(&l.Name)
		return l, err
	})
	return dead, wrap(err, "look for senders that died")
}

// EndSending settles what was claimed under a lease: what was let go is
// uncertain, the rest is queued again. Of two that do it at once, the second
// finds nothing to do.
func (tx *Tx) EndSending(ctx context.Context, l task.Lease) (uncertain []delivery.Aloft, err error) {
	var packed string
	err = tx.q.QueryRow(ctx, `DELETE FROM mail_flight WHERE lease = $1 RETURNING mails`, l.Name).Scan(&packed)
	if errors.Is(err, sqldb.ErrNoRows) {
		return nil, nil
	}
	var rows [][3]int64
	if err == nil {
		err = json.Unmarshal([]byte(packed), &rows)
	}
	if err != nil {
		return nil, wrap(err, "end sending under %s", l.Name)
	}
	for _, r := range rows {
		n, err := tx.q.Exec(ctx, `
			UPDATE mail SET state = 'uncertain', attempts = attempts + 1, settled_at = $4, reply = $5
			WHERE account_id = $1 AND number = $2 AND claimed_by = $3 AND state = 'sending'`,
			r[0], r[1], l.Name, clock.Millis(tx.now), delivery.Interrupted)
		if err != nil {
			return nil, wrap(err, "end sending under %s", l.Name)
		}
		if n > 0 {
			uncertain = append(uncertain, delivery.Aloft{Account: id.Account(r[0]), Mail: id.Mail(r[1]), At: clock.FromMillis(r[2])})
		}
	}
	_, err = tx.q.Exec(ctx, `UPDATE mail SET state = 'queued', claimed_by = '' WHERE claimed_by = $1 AND state = 'sending'`, l.Name)
	return uncertain, wrap(err, "end sending under %s", l.Name)
}

// RelayStates reads the relays that are in trouble.
func (tx *Tx) RelayStates(ctx context.Context) ([]delivery.RelayState, error) {
	rows, err := tx.q.Query(ctx, `SELECT name, since, rests_until, times, reply FROM mail_relay ORDER BY name`)
	if err != nil {
		return nil, wrap(err, "read the state of relays")
	}
	all, err := scanAll(rows, func(rows sqldb.Rows) (s delivery.RelayState, err error) {
		var since, until int64
		err = rows.Scan(&s.Name, &since, &until, &s.Times, &s.Reply)
		s.Since, s.Until = clock.FromMillis(since), clock.FromMillis(until)
		return s, err
	})
	return all, wrap(err, "read the state of relays")
}

// PutRelayState keeps the trouble of a relay, or forgets it where there is none.
func (tx *Tx) PutRelayState(ctx context.Context, s delivery.RelayState) (err error) {
	if s.Times == 0 {
		_, err = tx.q.Exec(ctx, `DELETE FROM mail_relay WHERE name = $1`, s.Name)
	} else {
		_, err = tx.q.Exec(ctx, `
			INSERT INTO mail_relay (name, since, rests_until, times, reply) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (name) DO UPDATE SET since = excluded.since, rests_until = excluded.rests_until,
			  times = excluded.times, reply = excluded.reply`,
			s.Name, clock.Millis(s.Since), clock.Millis(s.Until), s.Times, s.Reply)
	}
	return wrap(err, "keep the state of relay %s", s.Name)
}
