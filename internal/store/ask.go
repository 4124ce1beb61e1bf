package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
	"kith/internal/store/sqldb"
)

const askColumns = `number, contact, kind, lists, to_address, welcome, form, shown, language, asked_at, remind_at, ends_at,
	answered_at, over_at, again_at`

// mostAsks bounds the asks of one contact that are read. Kinds and limits allow
// half as many.
const mostAsks = 40

func scanAsk(row sqldb.Row) (contact.Ask, error) {
	var (
		number, of, welcome, form            int64
		asked, remind, ends, answered, over  int64
		again                                int64
		kind, lists, to, shown, languageCode string
	)
	if err := row.Scan(&number, &of, &kind, &lists, &to, &welcome, &form, &shown, &languageCode, &asked, &remind, &ends,
		&answered, &over, &again); err != nil {
		return contact.Ask{}, err
	}
	a := contact.Ask{
		ID: id.Ask(number), Contact: id.Contact(of), Kind: contact.AskKind(kind), To: email.Stored(to), Welcome: welcome != 0,
		Form: id.Form(form), Shown: shown, Language: languageCode,
		AskedAt: clock.FromMillis(asked), RemindAt: clock.FromMillis(remind), EndsAt: clock.FromMillis(ends),
		AnsweredAt: clock.FromMillis(answered), OverAt: clock.FromMillis(over), AgainAt: clock.FromMillis(again),
	}
	var err error
	a.Lists, err = listNumbers(lists)
	return a, err
}

// listsText is the stored form of lists: numbers with commas between.
func listsText(lists []id.List) string {
	texts := make([]string, len(lists))
	for i, l := range lists {
		texts[i] = strconv.FormatInt(int64(l), 10)
	}
	return strings.Join(texts, ",")
}

func listNumbers(text string) (lists []id.List, err error) {
	if text == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.ParseInt(part, 10, 64)
		if err != nil {
			return nil, err
		}
		lists = append(lists, id.List(n))
	}
	return lists, nil
}

// nextAt is when a sweep has to look at an ask: to remind, to end, to forget.
func nextAt(a contact.Ask) time.Time {
	switch {
	case !a.Lives():
		return a.ForgetAt()
	case !a.RemindAt.IsZero():
		return a.RemindAt
	}
	return a.EndsAt
}

// Asks returns the asks of a contact that are kept, the newest first.
func (tx *Tx) Asks(ctx context.Context, account id.Account, number id.Contact) ([]contact.Ask, error) {
	rows, err := tx.q.Query(ctx, `SELECT `+askColumns+` FROM ask WHERE account_id = $1 AND contact = $2 ORDER BY number DESC LIMIT $3`,
		int64(account), int64(number), mostAsks)
	if err != nil {
		return nil, wrap(err, "read the asks of contact %d", number)
	}
	all, err := scanAll(rows, func(r sqldb.Rows) (contact.Ask, error) { return scanAsk(r) })
	return all, wrap(err, "read the asks of contact %d", number)
}

// PutAsk keeps a new ask.
func (tx *Tx) PutAsk(ctx context.Context, account id.Account, a contact.Ask) (id.Ask, error) {
	var number int64
	err := tx.q.QueryRow(ctx, `
		INSERT INTO ask (account_id, contact, kind, lists, to_address, welcome, form, shown, language, asked_at, remind_at,
			ends_at, answered_at, over_at, again_at, next_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, 0, 0, $13) RETURNING number`,
		int64(account), int64(a.Contact), string(a.Kind), listsText(a.Lists), a.To.String(), flag(a.Welcome), int64(a.Form), a.Shown,
		a.Language, clock.Millis(a.AskedAt), clock.Millis(a.RemindAt), clock.Millis(a.EndsAt), clock.Millis(nextAt(a))).Scan(&number)
	return id.Ask(number), wrap(err, "keep an ask of contact %d", a.Contact)
}

// UpdateAsk keeps what may change of an ask.
func (tx *Tx) UpdateAsk(ctx context.Context, account id.Account, a contact.Ask) error {
	_, err := tx.q.Exec(ctx, `
		UPDATE ask SET lists = $3, welcome = $4, remind_at = $5, answered_at = $6, over_at = $7, next_at = $8, again_at = $9
		WHERE account_id = $1 AND number = $2`,
		int64(account), int64(a.ID), listsText(a.Lists), flag(a.Welcome), clock.Millis(a.RemindAt), clock.Millis(a.AnsweredAt),
		clock.Millis(a.OverAt), clock.Millis(nextAt(a)), clock.Millis(a.AgainAt))
	return wrap(err, "keep ask %d", a.ID)
}

// Welcomed reports whether a contact ever got a welcome mail.
func (tx *Tx) Welcomed(ctx context.Context, account id.Account, number id.Contact) (bool, error) {
	var n int64
	err := tx.q.QueryRow(ctx, `SELECT count(*) FROM welcome WHERE account_id = $1 AND contact = $2`,
		int64(account), int64(number)).Scan(&n)
	return n > 0, wrap(err, "read the welcome of contact %d", number)
}

// DueAsks returns asks of all accounts at which a sweep has to look.
func (tx *Tx) DueAsks(ctx context.Context, limit int) ([]contact.DueAsk, error) {
	rows, err := tx.q.Query(ctx, `SELECT account_id, contact, number, answered_at + over_at FROM ask WHERE next_at <= $1
		ORDER BY next_at, number LIMIT $2`, clock.Millis(tx.now), limit)
	if err != nil {
		return nil, wrap(err, "look for asks that are due")
	}
	all, err := scanAll(rows, func(r sqldb.Rows) (contact.DueAsk, error) {
		var account, of, number, done int64
		err := r.Scan(&account, &of, &number, &done)
		return contact.DueAsk{Account: id.Account(account), Contact: id.Contact(of), ID: id.Ask(number), Lives: done == 0}, err
	})
	return all, wrap(err, "look for asks that are due")
}

// DropAsk forgets an ask.
func (tx *Tx) DropAsk(ctx context.Context, account id.Account, number id.Ask) error {
	_, err := tx.q.Exec(ctx, `DELETE FROM ask WHERE account_id = $1 AND number = $2`, int64(account), int64(number))
	return wrap(err, "forget ask %d", number)
}

// ListChoices returns lists as contacts see them.
func (tx *Tx) ListChoices(ctx context.Context, account id.Account, lists []id.List) ([]contact.ListChoice, error) {
	if len(lists) == 0 {
		return nil, nil
	}
	condition, args := few("number", 2, lists, func(l id.List) any { return int64(l) })
	rows, err := tx.q.Query(ctx, `SELECT number, uid, name, description FROM contact_list
		WHERE account_id = $1 AND deleted_at = 0 AND `+condition+` ORDER BY name_key, number`, append([]any{int64(account)}, args...)...)
	if err != nil {
		return nil, wrap(err, "read lists of account %d", account)
	}
	all, err := scanAll(rows, func(r sqldb.Rows) (c contact.ListChoice, err error) {
		var (
			number int64
			name   []byte
		)
		err = r.Scan(&number, &name, &c.Name, &c.Description)
		c.List = id.Ref[id.List]{Number: id.List(number), UID: uid(name)}
		return c, err
	})
	return all, wrap(err, "read lists of account %d", account)
}
