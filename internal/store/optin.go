package store

import (
	"context"
	"time"

	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/contact"
)

// OptIn returns an account's opt-in settings, with what those of the lists say
// otherwise; the defaults where nothing was set.
func (tx *Tx) OptIn(ctx context.Context, account id.Account, lists []id.List) (contact.OptIn, error) {
	o := contact.DefaultOptIn()
	condition, args := few("list", 2, append([]id.List{0}, lists...), func(l id.List) any { return int64(l) })
	rows, err := tx.q.Query(ctx, `
		SELECT list, confirm, welcome, remind_after, expire_after, language FROM opt_in
		WHERE account_id = $1 AND `+condition+` ORDER BY list`, append([]any{int64(account)}, args...)...)
	if err != nil {
		return o, wrap(err, "read opt-in settings of account %d", account)
	}
	defer rows.Close()
	for rows.Next() {
		var (
			list, confirm, welcome, remind, expire int64
			language                               string
		)
		if err := rows.Scan(&list, &confirm, &welcome, &remind, &expire, &language); err != nil {
			return o, wrap(err, "read opt-in settings of account %d", account)
		}
		if list != 0 {
			o.Lists = append(o.Lists, contact.ListOptIn{List: id.List(list), Confirm: otherwise(confirm), Welcome: otherwise(welcome)})
			continue
		}
		o.Confirm, o.Welcome, o.Language = confirm == yes, welcome == yes, language
		o.RemindAfter, o.ExpireAfter = time.Duration(remind)*time.Minute, time.Duration(expire)*time.Minute
	}
	return o, wrap(rows.Err(), "read opt-in settings of account %d", account)
}

// Stored forms of what a list says: 0 is nothing.
const (
	yes = 1
	no  = 2
)

func otherwise(n int64) (none opt.Value[bool]) {
	if n == 0 {
		return none
	}
	return opt.Some(n == yes)
}

func otherwiseNumber(v opt.Value[bool]) int64 {
	says, ok := v.Value()
	switch {
	case !ok:
		return 0
	case says:
		return yes
	}
	return no
}

const putOptIn = `
	INSERT INTO opt_in (account_id, list, confirm, welcome, remind_after, expire_after, language)
	VALUES ($1, $2, $3, $4, $5, $6, $7)
	ON CONFLICT (account_id, list) DO UPDATE SET confirm = excluded.confirm, welcome = excluded.welcome,
		remind_after = excluded.remind_after, expire_after = excluded.expire_after, language = excluded.language`

// PutOptIn keeps an account's settings, without those of its lists.
func (tx *Tx) PutOptIn(ctx context.Context, account id.Account, o contact.OptIn) error {
	_, err := tx.q.Exec(ctx, putOptIn, int64(account), int64(0),
		otherwiseNumber(opt.Some(o.Confirm)), otherwiseNumber(opt.Some(o.Welcome)),
		int64(o.RemindAfter/time.Minute), int64(o.ExpireAfter/time.Minute), o.Language)
	return wrap(err, "keep opt-in settings of account %d", account)
}

// PutListOptIn keeps what a list says otherwise.
func (tx *Tx) PutListOptIn(ctx context.Context, account id.Account, l contact.ListOptIn) error {
	_, err := tx.q.Exec(ctx, putOptIn, int64(account), int64(l.List), otherwiseNumber(l.Confirm), otherwiseNumber(l.Welcome),
		int64(0), int64(0), "")
	return wrap(err, "keep opt-in settings of list %d", l.List)
}
