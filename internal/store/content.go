package store

import (
	"context"
	"errors"

	"kith/internal/base/clock"
	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/domain/message"
	"kith/internal/store/sqldb"
)

// PutContent keeps a content under its number, unless it is there.
func (tx *Tx) PutContent(ctx context.Context, account id.Account, c message.Content) error {
	_, err := tx.q.Exec(ctx, `
		INSERT INTO content (account_id, number, kind, language, subject, preheader, html, text)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
		int64(account), int64(c.Number()), string(c.Kind), c.Language, c.Subject, c.Preheader, c.HTML, c.Text)
	return wrap(err, "keep a content of account %d", account)
}

// ContentByNumber reads a content.
func (tx *Tx) ContentByNumber(ctx context.Context, account id.Account, number id.Content) (message.Content, error) {
	var c message.Content
	var kind string
	err := tx.q.QueryRow(ctx, `
		SELECT kind, language, subject, preheader, html, text FROM content WHERE account_id = $1 AND number = $2`,
		int64(account), int64(number)).Scan(&kind, &c.Language, &c.Subject, &c.Preheader, &c.HTML, &c.Text)
	c.Kind = message.Kind(kind)
	return c, wrap(explain(err), "read content %d of account %d", number, account)
}

// Templates reads what an account has put in place of built-in contents.
func (tx *Tx) Templates(ctx context.Context, account id.Account) ([]message.Template, error) {
	rows, err := tx.q.Query(ctx, `
		SELECT kind, language, content, updated_at FROM template WHERE account_id = $1 ORDER BY kind, language`, int64(account))
	if err != nil {
		return nil, wrap(err, "read templates of account %d", account)
	}
	defer rows.Close()
	var all []message.Template
	for rows.Next() {
		var (
			t                message.Template
			kind             string
			content, updated int64
		)
		if err := rows.Scan(&kind, &t.Language, &content, &updated); err != nil {
			return nil, wrap(err, "read templates of account %d", account)
		}
		t.Kind, t.Content, t.UpdatedAt = message.Kind(kind), id.Content(content), clock.FromMillis(updated)
		all = append(all, t)
	}
	return all, wrap(rows.Err(), "read templates of account %d", account)
}

// PutTemplate writes a template in place of the one of its kind and language.
func (tx *Tx) PutTemplate(ctx context.Context, account id.Account, t message.Template) error {
	_, err := tx.q.Exec(ctx, `
		INSERT INTO template (account_id, kind, language, content, updated_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (account_id, kind, language) DO UPDATE SET content = excluded.content, updated_at = excluded.updated_at`,
		int64(account), string(t.Kind), t.Language, int64(t.Content), clock.Millis(t.UpdatedAt))
	return wrap(err, "write a template of account %d", account)
}

// DropTemplate forgets a template and says whether there was one.
func (tx *Tx) DropTemplate(ctx context.Context, account id.Account, kind message.Kind, language string) (bool, error) {
	n, err := tx.q.Exec(ctx, `DELETE FROM template WHERE account_id = $1 AND kind = $2 AND language = $3`,
		int64(account), string(kind), language)
	return n > 0, wrap(err, "forget a template of account %d", account)
}

// Brand reads the brand of a list, or the account's own where list is 0. One
// that was never set is empty.
func (tx *Tx) Brand(ctx context.Context, account id.Account, list id.List) (message.Brand, error) {
	var (
		b      message.Brand
		sender int64
		reply  string
	)
	err := tx.q.QueryRow(ctx, `
		SELECT sender, from_name, reply_to, logo_url, colour, language FROM brand WHERE account_id = $1 AND list = $2`,
		int64(account), int64(list)).Scan(&sender, &b.FromName, &reply, &b.LogoURL, &b.Colour, &b.Language)
	if errors.Is(err, sqldb.ErrNoRows) {
		return message.Brand{}, nil
	}
	b.Sender, b.ReplyTo = id.Sender(sender), email.Stored(reply)
	return b, wrap(err, "read the brand of list %d of account %d", list, account)
}

// PutBrand sets a brand; an empty one is forgotten.
func (tx *Tx) PutBrand(ctx context.Context, account id.Account, list id.List, b message.Brand) error {
	var err error
	if b == (message.Brand{}) {
		_, err = tx.q.Exec(ctx, `DELETE FROM brand WHERE account_id = $1 AND list = $2`, int64(account), int64(list))
	} else {
		_, err = tx.q.Exec(ctx, `
			INSERT INTO brand (account_id, list, sender, from_name, reply_to, logo_url, colour, language)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (account_id, list) DO UPDATE SET sender = excluded.sender, from_name = excluded.from_name,
			  reply_to = excluded.reply_to, logo_url = excluded.logo_url, colour = excluded.colour, language = excluded.language`,
			int64(account), int64(list), int64(b.Sender), b.FromName, b.ReplyTo.String(), b.LogoURL, b.Colour, b.Language)
	}
	return wrap(err, "write the brand of list %d of account %d", list, account)
}
