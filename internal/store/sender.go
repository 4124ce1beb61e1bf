package store

import (
	"context"
	"errors"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/store/sqldb"
)

// KindSender numbers the sender addresses of an account.
const KindSender Kind = "sender"

// Senders reads all sender addresses of an account, in the order of their
// numbers.
func (tx *Tx) Senders(ctx context.Context, number id.Account) ([]account.Sender, error) {
	rows, err := tx.q.Query(ctx, `
		SELECT id, email, confirmed_at, roles, mailed_at, created_at FROM sender WHERE account_id = $1 ORDER BY id`, int64(number))
	if err != nil {
		return nil, wrap(err, "read sender addresses of account %d", number)
	}
	defer rows.Close()
	var all []account.Sender
	for rows.Next() {
		var (
			text                                 string
			n, confirmed, roles, mailed, created int64
		)
		if err := rows.Scan(&n, &text, &confirmed, &roles, &mailed, &created); err != nil {
			return nil, wrap(err, "read sender addresses of account %d", number)
		}
		s := account.Sender{
			ID: id.Sender(n), ConfirmedAt: clock.FromMillis(confirmed), Roles: account.SenderRole(roles),
			MailedAt: clock.FromMillis(mailed), CreatedAt: clock.FromMillis(created),
		}
		if s.Email, err = address(text); err != nil {
			return nil, wrap(err, "read sender address %d of account %d", n, number)
		}
		all = append(all, s)
	}
	return all, wrap(rows.Err(), "read sender addresses of account %d", number)
}

// InsertSender writes a new sender address and gives it its number;
// account.ErrSenderTaken where the account has the address.
func (tx *Tx) InsertSender(ctx context.Context, number id.Account, s account.Sender) (id.Sender, error) {
	n, err := tx.takeNumbers(ctx, number, KindSender, 1)
	if err != nil {
		return 0, err
	}
	_, err = tx.q.Exec(ctx, `
		INSERT INTO sender (account_id, id, email, confirmed_at, roles, mailed_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		int64(number), n, s.Email.Key(), clock.Millis(s.ConfirmedAt), int64(s.Roles), clock.Millis(s.MailedAt), clock.Millis(s.CreatedAt))
	if errors.Is(err, sqldb.ErrUnique) {
		return 0, account.ErrSenderTaken.Because(err)
	}
	return id.Sender(n), wrap(err, "write a sender address of account %d", number)
}

// UpdateSender writes what may change in a sender address.
func (tx *Tx) UpdateSender(ctx context.Context, number id.Account, s account.Sender) error {
	_, err := tx.q.Exec(ctx, `
		UPDATE sender SET confirmed_at = $3, roles = $4, mailed_at = $5 WHERE account_id = $1 AND id = $2`,
		int64(number), int64(s.ID), clock.Millis(s.ConfirmedAt), int64(s.Roles), clock.Millis(s.MailedAt))
	return wrap(err, "update sender address %d of account %d", s.ID, number)
}

// DeleteSender forgets a sender address.
func (tx *Tx) DeleteSender(ctx context.Context, number id.Account, s id.Sender) error {
	_, err := tx.q.Exec(ctx, `DELETE FROM sender WHERE account_id = $1 AND id = $2`, int64(number), int64(s))
	return wrap(err, "delete sender address %d of account %d", s, number)
}
