package store

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/activity"
	"kith/internal/store/sqldb"
)

// Activities returns the store as package activity asks for it.
func (s *Store) Activities() activity.Store { return activityStore{s} }

type activityStore struct{ s *Store }

func (a activityStore) Within(ctx context.Context, fn func(context.Context, activity.Tx) error) error {
	return a.s.Within(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (a activityStore) Bulk(ctx context.Context, fn func(context.Context, activity.Tx) error) error {
	return a.s.Bulk(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (a activityStore) View(ctx context.Context, fn func(context.Context, activity.Tx) error) error {
	return a.s.View(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (a activityStore) Now() time.Time { return a.s.clock.Now() }

func (a activityStore) ContactNumbers(ctx context.Context, account id.Account, n int) (id.Contact, error) {
	first, err := a.s.Numbers(ctx, account, KindContact, n)
	return id.Contact(first), err
}

func (a activityStore) UploadNumber(ctx context.Context, account id.Account) (id.Blob, error) {
	n, err := a.s.Numbers(ctx, account, KindUpload, 1)
	return id.Blob(n), err
}

func (a activityStore) OneWriter() bool { return !a.s.engine.Dialect().Shared() }

const activityColumns = `number, uid, kind, state, source_file, input, position, upload, items_total, items_done, persons,
	errors, correctable, cannot_add, error_texts, via, operation, user_id, application, cancel_at, created_at, started_at,
	updated_at, completed_at`

type surveyRow struct {
	Encoding  string      `json:"encoding"`
	Delimiter string      `json:"delimiter"`
	Columns   int         `json:"columns"`
	Heading   []string    `json:"heading"`
	Start     positionRow `json:"start"`
	Rows      int64       `json:"rows"`
	Bytes     int64       `json:"bytes"`
}

// jsonText returns the stored form of a value that always has one.
func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // numbers and texts always are JSON
	}
	return string(b)
}

// InsertActivity keeps a new activity.
func (tx *Tx) InsertActivity(ctx context.Context, account id.Account, a activity.Activity) error {
	_, err := tx.q.Exec(ctx, `INSERT INTO activity (account_id, `+activityColumns+`) VALUES (`+marks(1, 25)+`)`,
		int64(account), int64(a.ID), a.UID[:], string(a.Kind), string(a.State), a.File, inputText(a.Input),
		jsonText(positionRow(a.Position)), int64(a.Upload), a.Total, a.Done, a.Persons, a.Errors, a.Correctable, a.CannotAdd,
		textsText(a.Texts), a.By.Via, a.By.Operation, int64(a.By.User), a.By.Application, clock.Millis(a.CancelAt),
		clock.Millis(a.CreatedAt), clock.Millis(a.StartedAt), clock.Millis(a.UpdatedAt), clock.Millis(a.CompletedAt))
	return wrap(err, "keep activity %d", a.ID)
}

func textsText(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	return jsonText(texts)
}

// UpdateActivity keeps state, position, progress and times.
func (tx *Tx) UpdateActivity(ctx context.Context, account id.Account, a activity.Activity) error {
	_, err := tx.q.Exec(ctx, `UPDATE activity SET state = $3, position = $4, items_total = $5, items_done = $6, persons = $7,
			errors = $8, correctable = $9, cannot_add = $10, error_texts = $11, cancel_at = $12, started_at = $13,
			updated_at = $14, completed_at = $15
		WHERE account_id = $1 AND number = $2`,
		int64(account), int64(a.ID), string(a.State), jsonText(positionRow(a.Position)), a.Total, a.Done, a.Persons, a.Errors,
		a.Correctable, a.CannotAdd, textsText(a.Texts), clock.Millis(a.CancelAt), clock.Millis(a.StartedAt),
		clock.Millis(a.UpdatedAt), clock.Millis(a.CompletedAt))
	return wrap(err, "update activity %d", a.ID)
}

func scanActivity(row sqldb.Row) (a activity.Activity, err error) {
	var (
		number, upload, user, cancel, created, started, updated, completed int64
		name                                                               []byte
		kind, state, input, position, texts                                string
		at                                                                 positionRow
	)
	if err := row.Scan(&number, &name, &kind, &state, &a.File, &input, &position, &upload, &a.Total, &a.Done, &a.Persons,
		&a.Errors, &a.Correctable, &a.CannotAdd, &texts, &a.By.Via, &a.By.Operation, &user, &a.By.Application, &cancel,
		&created, &started, &updated, &completed); err != nil {
		return a, err
	}
	a.ID, a.UID, a.Kind, a.State = id.Activity(number), uid(name), activity.Kind(kind), activity.State(state)
	a.Upload, a.By.User = id.Blob(upload), id.User(user)
	a.CancelAt, a.CreatedAt, a.StartedAt = clock.FromMillis(cancel), clock.FromMillis(created), clock.FromMillis(started)
	a.UpdatedAt, a.CompletedAt = clock.FromMillis(updated), clock.FromMillis(completed)
	if a.Input, err = parseInput(input); err != nil {
		return a, err
	}
	if err := json.Unmarshal([]byte(position), &at); err != nil {
		return a, err
	}
	a.Position = activity.Position(at)
	if texts != "" {
		err = json.Unmarshal([]byte(texts), &a.Texts)
	}
	return a, err
}

// ActivityByRef returns an activity.
func (tx *Tx) ActivityByRef(ctx context.Context, account id.Account, ref id.Ref[id.Activity]) (activity.Activity, error) {
	return tx.oneActivity(ctx, account, ref, "")
}

// HoldActivity returns an activity and keeps it from being changed by others.
func (tx *Tx) HoldActivity(ctx context.Context, account id.Account, ref id.Ref[id.Activity]) (activity.Activity, error) {
	return tx.oneActivity(ctx, account, ref, tx.d.ForUpdate())
}

func (tx *Tx) oneActivity(ctx context.Context, account id.Account, ref id.Ref[id.Activity], lock string) (activity.Activity, error) {
	where, name := byRef(ref)
	a, err := scanActivity(tx.q.QueryRow(ctx, `SELECT `+activityColumns+` FROM activity WHERE account_id = $1 AND `+where+` `+lock,
		int64(account), name))
	return a, wrap(explain(err), "read activity %s", ref)
}

// ActivityPage returns activities, the newest first.
func (tx *Tx) ActivityPage(ctx context.Context, account id.Account, f activity.Filter, r page.Request) (page.Of[activity.Activity], error) {
	where, args := "account_id = $1", []any{int64(account)}
	if f.State != "" {
		args = append(args, string(f.State))
		where += " AND state = " + marks(len(args), 1)
	}
	if len(f.Kinds) > 0 {
		condition, kinds := few("kind", len(args)+1, f.Kinds, func(k activity.Kind) any { return string(k) })
		args = append(args, kinds...)
		where += " AND " + condition
	}
	of := page.Of[activity.Activity]{Total: -1}
	if r.Count {
		if err := tx.q.QueryRow(ctx, `SELECT count(*) FROM activity WHERE `+where, args...).Scan(&of.Total); err != nil {
			return of, wrap(err, "count activities")
		}
	}
	if !r.After.IsZero() {
		args = append(args, r.After.Number)
		where += " AND number < " + marks(len(args), 1)
	}
	args = append(args, r.Limit+1)
	rows, err := tx.q.Query(ctx, `SELECT `+activityColumns+` FROM activity WHERE `+where+` ORDER BY number DESC LIMIT `+marks(len(args), 1), args...)
	if err != nil {
		return of, wrap(err, "read activities")
	}
	if of.Items, err = scanAll(rows, func(row sqldb.Rows) (activity.Activity, error) { return scanActivity(row) }); err != nil {
		return of, wrap(err, "read activities")
	}
	if len(of.Items) > r.Limit {
		of.Items = of.Items[:r.Limit]
		of.Next = page.Position{Number: int64(of.Items[r.Limit-1].ID)}
	}
	return of, nil
}

const isOpen = `state IN ('initialized', 'processing')`

// LockActivities counts the activities that have not ended. Its lock is the row
// of their numbers.
func (tx *Tx) LockActivities(ctx context.Context, account id.Account) (n int, err error) {
	if err := tx.lockKind(ctx, account, KindActivity); err != nil {
		return 0, err
	}
	err = tx.q.QueryRow(ctx, `SELECT count(*) FROM activity WHERE account_id = $1 AND `+isOpen, int64(account)).Scan(&n)
	return n, wrap(err, "count open activities")
}

// UploadReaders counts the open activities that read an upload.
func (tx *Tx) UploadReaders(ctx context.Context, account id.Account, upload id.Blob) (n int, err error) {
	err = tx.q.QueryRow(ctx, `SELECT count(*) FROM activity WHERE account_id = $1 AND upload = $2 AND `+isOpen,
		int64(account), int64(upload)).Scan(&n)
	return n, wrap(err, "count who reads upload %d", upload)
}

// TakeActivityNumber takes the next number of an activity, in this unit of
// work.
func (tx *Tx) TakeActivityNumber(ctx context.Context, account id.Account) (id.Activity, error) {
	n, err := tx.takeNumbers(ctx, account, KindActivity, 1)
	return id.Activity(n), err
}

// OpenActivities returns those that have not ended, the oldest first.
func (tx *Tx) OpenActivities(ctx context.Context, limit int) ([]activity.Item, error) {
	rows, err := tx.q.Query(ctx, `SELECT account_id, number FROM activity WHERE `+isOpen+` ORDER BY created_at, number LIMIT $1`, limit)
	if err != nil {
		return nil, wrap(err, "find open activities")
	}
	items, err := scanAll(rows, func(row sqldb.Rows) (i activity.Item, err error) {
		var account, number int64
		err = row.Scan(&account, &number)
		return activity.Item{Account: id.Account(account), Activity: id.Activity(number)}, err
	})
	return items, wrap(err, "find open activities")
}

var rejectColumns = []string{"account_id", "activity", "line", "ordinal", "column_name", "value", "reason"}

// InsertRejects keeps problems of rows.
func (tx *Tx) InsertRejects(ctx context.Context, account id.Account, a id.Activity, all []activity.Reject) error {
	err := tx.q.InsertRows(ctx, "reject", rejectColumns, len(all), func(i int) ([]any, error) {
		r := &all[i]
		return []any{int64(account), int64(a), r.Line, int64(r.Ordinal), storable(r.Column), storable(r.Value), storable(r.Reason)}, nil
	})
	return wrap(err, "keep %d rejected rows of activity %d", len(all), a)
}

// storable is what somebody wrote without what PostgreSQL does not take as
// text.
func storable(s string) string { return strings.ReplaceAll(s, "\x00", "") }

// RejectPage returns the rejects of an activity in the order of the file.
func (tx *Tx) RejectPage(ctx context.Context, account id.Account, a id.Activity, r page.Request) (page.Of[activity.Reject], error) {
	of := page.Of[activity.Reject]{Total: -1}
	if r.Count {
		if err := tx.q.QueryRow(ctx, `SELECT count(*) FROM reject WHERE account_id = $1 AND activity = $2`,
			int64(account), int64(a)).Scan(&of.Total); err != nil {
			return of, wrap(err, "count rejected rows of activity %d", a)
		}
	}
	rows, err := tx.q.Query(ctx, `SELECT line, ordinal, column_name, value, reason FROM reject
		WHERE account_id = $1 AND activity = $2 AND (line, ordinal) > ($3, $4) ORDER BY line, ordinal LIMIT $5`,
		int64(account), int64(a), r.After.Number, r.After.Time, r.Limit+1)
	if err != nil {
		return of, wrap(err, "read rejected rows of activity %d", a)
	}
	of.Items, err = scanAll(rows, func(row sqldb.Rows) (x activity.Reject, err error) {
		err = row.Scan(&x.Line, &x.Ordinal, &x.Column, &x.Value, &x.Reason)
		return x, err
	})
	if err != nil {
		return of, wrap(err, "read rejected rows of activity %d", a)
	}
	if len(of.Items) > r.Limit {
		of.Items = of.Items[:r.Limit]
		last := of.Items[r.Limit-1]
		of.Next = page.Position{Number: last.Line, Time: int64(last.Ordinal)}
	}
	return of, nil
}

// InsertUpload keeps what is known of an upload.
func (tx *Tx) InsertUpload(ctx context.Context, account id.Account, u activity.Upload) error {
	v := &u.Survey
	_, err := tx.q.Exec(ctx, `INSERT INTO upload (account_id, number, uid, name, survey, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		int64(account), int64(u.ID), u.UID[:], storable(u.Name), jsonText(surveyRow{
			v.Encoding, string(v.Delimiter), v.Columns, v.Heading, positionRow(v.Start), v.Rows, v.Bytes,
		}), clock.Millis(u.CreatedAt))
	return wrap(err, "keep upload %d", u.ID)
}

// UploadByRef returns an upload.
func (tx *Tx) UploadByRef(ctx context.Context, account id.Account, ref id.Ref[id.Blob]) (u activity.Upload, err error) {
	var (
		number, created int64
		name            []byte
		survey          string
		v               surveyRow
	)
	where, key := byRef(ref)
	if err := tx.q.QueryRow(ctx, `SELECT number, uid, name, survey, created_at FROM upload WHERE account_id = $1 AND `+where,
		int64(account), key).Scan(&number, &name, &u.Name, &survey, &created); err != nil {
		return u, wrap(explain(err), "read upload %s", ref)
	}
	if err := json.Unmarshal([]byte(survey), &v); err != nil {
		return u, wrap(err, "read upload %s", ref)
	}
	u.ID, u.UID, u.CreatedAt = id.Blob(number), uid(name), clock.FromMillis(created)
	u.Survey = activity.Survey{
		Dialect: activity.Dialect{Encoding: v.Encoding, Columns: v.Columns}, Heading: v.Heading,
		Start: activity.Position(v.Start), Rows: v.Rows, Bytes: v.Bytes,
	}
	if v.Delimiter != "" {
		u.Survey.Delimiter = v.Delimiter[0]
	}
	return u, nil
}

// DeleteUpload forgets an upload; its file is the caller's business.
func (tx *Tx) DeleteUpload(ctx context.Context, account id.Account, upload id.Blob) error {
	_, err := tx.q.Exec(ctx, `DELETE FROM upload WHERE account_id = $1 AND number = $2`, int64(account), int64(upload))
	return wrap(err, "forget upload %d", upload)
}

// DropUploads forgets uploads that were made before a time and that no open
// activity reads.
func (tx *Tx) DropUploads(ctx context.Context, before time.Time) error {
	_, err := tx.q.Exec(ctx, `DELETE FROM upload WHERE created_at < $1 AND NOT EXISTS (
		SELECT 1 FROM activity AS a WHERE a.account_id = upload.account_id AND a.upload = upload.number AND `+isOpen+`)`,
		clock.Millis(before))
	return wrap(err, "forget old uploads")
}

// ExportKept reports whether a blob is the file of an export that is being
// written or was finished after a time.
func (tx *Tx) ExportKept(ctx context.Context, account id.Account, blob id.Blob, after time.Time) (bool, error) {
	var n int
	err := tx.q.QueryRow(ctx, `SELECT count(*) FROM activity WHERE account_id = $1 AND upload > 0 AND upload = $2
			AND kind = $3 AND (`+isOpen+` OR state = $4 AND completed_at > $5)`,
		int64(account), int64(blob), string(activity.ContactExport), string(activity.Completed), clock.Millis(after)).Scan(&n)
	return n > 0, wrap(err, "find the export of blob %d", blob)
}
