package store

import (
	"context"
	"errors"
	"fmt"

	"kith/internal/base/change"
	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/base/text"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/store/sqldb"
)

// Lists returns the store as package list asks for it.
func (s *Store) Lists() list.Store { return listStore{s} }

type listStore struct{ s *Store }

func (l listStore) Within(ctx context.Context, fn func(context.Context, list.Tx) error) error {
	return l.s.Within(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (l listStore) View(ctx context.Context, fn func(context.Context, list.Tx) error) error {
	return l.s.View(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

// LockLists counts the lists that are there. Its lock is the row of their
// numbers.
func (tx *Tx) LockLists(ctx context.Context, account id.Account) (int, error) {
	if err := tx.lockKind(ctx, account, KindList); err != nil {
		return 0, err
	}
	var n int
	err := tx.q.QueryRow(ctx, `SELECT count(*) FROM contact_list WHERE account_id = $1 AND deleted_at = 0`, int64(account)).Scan(&n)
	return n, wrap(err, "count lists")
}

// TakeListNumber takes the next number of a list, in this unit of work.
func (tx *Tx) TakeListNumber(ctx context.Context, account id.Account) (id.List, error) {
	n, err := tx.takeNumbers(ctx, account, KindList, 1)
	return id.List(n), err
}

// InsertList keeps a new list.
func (tx *Tx) InsertList(ctx context.Context, account id.Account, l list.List) error {
	_, err := tx.q.Exec(ctx, `
		INSERT INTO contact_list (account_id, number, uid, name, name_key, description, favorite, hidden, created_at, updated_at, deleted_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		int64(account), int64(l.ID), l.UID[:], l.Name, text.Fold(l.Name), l.Description, flag(l.Favorite), flag(l.Hidden),
		clock.Millis(l.CreatedAt), clock.Millis(l.UpdatedAt), clock.Millis(l.DeletedAt))
	return listError(err, l)
}

// UpdateList keeps a list as it is now.
func (tx *Tx) UpdateList(ctx context.Context, account id.Account, l list.List) error {
	_, err := tx.q.Exec(ctx, `
		UPDATE contact_list SET name = $3, name_key = $4, description = $5, favorite = $6, hidden = $7, updated_at = $8, deleted_at = $9
		WHERE account_id = $1 AND number = $2`,
		int64(account), int64(l.ID), l.Name, text.Fold(l.Name), l.Description, flag(l.Favorite), flag(l.Hidden),
		clock.Millis(l.UpdatedAt), clock.Millis(l.DeletedAt))
	return listError(err, l)
}

func listError(err error, l list.List) error {
	if errors.Is(err, sqldb.ErrUnique) {
		return list.ErrNameTaken.Because(err)
	}
	return wrap(err, "keep list %d", l.ID)
}

const listColumns = `number, uid, name, description, favorite, hidden, created_at, updated_at, deleted_at`

func scanList(row interface{ Scan(...any) error }) (list.List, error) {
	var (
		number, favorite, hidden, created, updated, deleted int64
		name                                                []byte
	)
	l := list.List{Members: -1, Active: -1, SMS: -1}
	if err := row.Scan(&number, &name, &l.Name, &l.Description, &favorite, &hidden, &created, &updated, &deleted); err != nil {
		return l, err
	}
	l.ID, l.UID, l.Favorite, l.Hidden = id.List(number), uid(name), favorite != 0, hidden != 0
	l.CreatedAt, l.UpdatedAt, l.DeletedAt = clock.FromMillis(created), clock.FromMillis(updated), clock.FromMillis(deleted)
	return l, nil
}

// ListByRef returns a list, also a deleted one.
func (tx *Tx) ListByRef(ctx context.Context, account id.Account, ref id.Ref[id.List], members list.Members) (list.List, error) {
	return tx.listByRef(ctx, account, ref, members, "")
}

// HoldList is ListByRef; contacts that are being put on the list, and others
// that would change it, wait until this unit of work has ended.
func (tx *Tx) HoldList(ctx context.Context, account id.Account, ref id.Ref[id.List]) (list.List, error) {
	return tx.listByRef(ctx, account, ref, list.NoMembers, tx.d.ForUpdate())
}

func (tx *Tx) listByRef(ctx context.Context, account id.Account, ref id.Ref[id.List], members list.Members, lock string) (list.List, error) {
	where, name := byRef(ref)
	l, err := scanList(tx.q.QueryRow(ctx, `SELECT `+listColumns+` FROM contact_list WHERE account_id = $1 AND `+where+` `+lock,
		int64(account), name))
	if err != nil {
		return l, wrap(explain(err), "read list %s", ref)
	}
	found := []list.List{l}
	err = tx.countMembers(ctx, account, found, members)
	return found[0], err
}

// byRef is the condition that names a thing by what the reference knows, with
// the mark $2.
func byRef[N ~int64](ref id.Ref[N]) (where string, name any) {
	if !ref.UID.IsZero() {
		return "uid = $2", ref.UID[:]
	}
	return "number = $2", int64(ref.Number)
}

// ListPage returns lists in the order of their numbers.
func (tx *Tx) ListPage(ctx context.Context, account id.Account, f list.Filter, r page.Request) (page.Of[list.List], error) {
	where, args := "account_id = $1", []any{int64(account)}
	switch f.Status {
	case list.Active:
		where += " AND deleted_at = 0"
	case list.Deleted:
		where += " AND deleted_at <> 0"
	case list.Any:
	}
	if f.Name != "" {
		args = append(args, text.Fold(f.Name))
		where += fmt.Sprintf(" AND name_key = $%d", len(args))
	}
	if !f.UpdatedSince.IsZero() {
		args = append(args, clock.Millis(f.UpdatedSince))
		where += fmt.Sprintf(" AND updated_at >= $%d", len(args))
	}
	if key := text.Fold(f.Search); key != "" {
		args = append(args, "%"+likePattern(key))
		where += fmt.Sprintf(` AND name_key LIKE $%d ESCAPE '\'`, len(args))
	}
	if f.SMS {
		where += " AND number IN (SELECT m.list FROM " + smsMembers + ")"
	}
	of := page.Of[list.List]{Total: -1}
	if r.Count {
		if err := tx.q.QueryRow(ctx, `SELECT count(*) FROM contact_list WHERE `+where, args...).Scan(&of.Total); err != nil {
			return of, wrap(err, "count lists")
		}
	}
	args = append(args, r.After.Number, r.Limit+1)
	rows, err := tx.q.Query(ctx, fmt.Sprintf(`SELECT `+listColumns+` FROM contact_list WHERE %s AND number > $%d ORDER BY number LIMIT $%d`,
		where, len(args)-1, len(args)), args...)
	if err != nil {
		return of, wrap(err, "read lists")
	}
	if of.Items, err = scanAll(rows, func(row sqldb.Rows) (list.List, error) { return scanList(row) }); err != nil {
		return of, wrap(err, "read lists")
	}
	if len(of.Items) > r.Limit {
		of.Items = of.Items[:r.Limit]
		of.Next = page.Position{Number: int64(of.Items[r.Limit-1].ID)}
	}
	if f.SMS && f.CountSMS {
		if err := tx.countSMS(ctx, account, of.Items); err != nil {
			return of, err
		}
	}
	return of, tx.countMembers(ctx, account, of.Items, f.Members)
}

// ListRefs returns both names of those lists that exist.
func (tx *Tx) ListRefs(ctx context.Context, account id.Account, numbers []id.List) ([]id.Ref[id.List], error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	rows, err := tx.q.Query(ctx, `SELECT number, uid FROM contact_list WHERE account_id = $1 AND `+
		tx.d.Among("number", "$2")+` ORDER BY number`, int64(account), tx.d.Numbers(whole(numbers)))
	if err != nil {
		return nil, wrap(err, "read the names of lists")
	}
	refs, err := scanAll(rows, scanRef[id.List])
	return refs, wrap(err, "read the names of lists")
}

// countMembers fills in how many members the lists have.
func (tx *Tx) countMembers(ctx context.Context, account id.Account, lists []list.List, which list.Members) error {
	members := func(l *list.List) *int64 { return &l.Members }
	active := func(l *list.List) *int64 { return &l.Active }
	switch which {
	case list.AllMembers:
		return tx.countInto(ctx, account, lists, change.Members, members)
	case list.ActiveMembers:
		return tx.countInto(ctx, account, lists, change.ActiveMembers, members)
	case list.BothMembers:
		if err := tx.countInto(ctx, account, lists, change.Members, members); err != nil {
			return err
		}
		return tx.countInto(ctx, account, lists, change.ActiveMembers, active)
	case list.NoMembers:
	}
	return nil
}

// countInto reads one of the counts of lists into a field of theirs.
func (tx *Tx) countInto(ctx context.Context, account id.Account, lists []list.List, what change.Tally, field func(*list.List) *int64) error {
	if len(lists) == 1 {
		n, err := tx.Counted(ctx, account, what, int64(lists[0].ID))
		*field(&lists[0]) = n
		return err
	}
	counted, err := tx.CountedAll(ctx, account, what)
	for i := range lists {
		*field(&lists[i]) = counted[int64(lists[i].ID)]
	}
	return err
}

// RemoveMembers takes at most limit contacts off a list, moves the counts, and
// returns whom it took. The contacts are held first, in the order of their
// numbers: who changes a contact's memberships holds the contact.
func (tx *Tx) RemoveMembers(ctx context.Context, account id.Account, l id.List, limit int) ([]id.Contact, error) {
	rows, err := tx.q.Query(ctx, `SELECT contact FROM membership WHERE account_id = $1 AND list = $2 ORDER BY contact LIMIT $3`,
		int64(account), int64(l), limit)
	if err != nil {
		return nil, wrap(err, "read members of list %d", l)
	}
	candidates, err := scanAll(rows, scanNumber[id.Contact])
	if err != nil || len(candidates) == 0 {
		return nil, wrap(err, "read members of list %d", l)
	}
	held, err := tx.HoldMembers(ctx, account, candidates)
	if err != nil {
		return nil, wrap(err, "empty list %d", l)
	}
	there, err := tx.InGroup(ctx, account, contact.Group{List: l}, candidates)
	if err != nil {
		return nil, wrap(err, "empty list %d", l)
	}
	if len(there) < len(candidates) {
		// Somebody left while they were waited for. Fewer than limit would say
		// that the list is empty, so the unit runs again.
		return nil, wrap(sqldb.ErrRetry, "empty list %d", l)
	}
	var active int64
	for _, m := range held {
		if m.Active() {
			active++
		}
	}
	statements := tx.exactly(nil, "contact", there, `DELETE FROM membership WHERE account_id = $1 AND list = $2 AND `, int64(account), int64(l))
	statements = tx.exactly(statements, "number", there, `UPDATE contact SET updated_at = $2 WHERE account_id = $1 AND `,
		int64(account), clock.Millis(tx.now))
	_, err = tx.q.ExecAll(ctx, tx.countStatements(statements, account, []change.Count{
		{Tally: change.Members, Ref: int64(l), Amount: -int64(len(there))},
		{Tally: change.ActiveMembers, Ref: int64(l), Amount: -active},
	}))
	return there, wrap(err, "empty list %d", l)
}
