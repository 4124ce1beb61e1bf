package store

import (
	"context"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/domain/contact"
	"kith/internal/domain/pull"
	"kith/internal/store/sqldb"
)

// Pulls returns the store as package pull asks for it.
func (s *Store) Pulls() pull.Store { return pullStore{s} }

type pullStore struct{ s *Store }

func (p pullStore) Within(ctx context.Context, fn func(context.Context, pull.Tx) error) error {
	return p.s.Within(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (p pullStore) View(ctx context.Context, fn func(context.Context, pull.Tx) error) error {
	return p.s.View(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (p pullStore) ContactNumbers(ctx context.Context, account id.Account, n int) (id.Contact, error) {
	first, err := p.s.Numbers(ctx, account, KindContact, n)
	return id.Contact(first), err
}

// PullState reads how far a copy from another server is, and keeps others from
// changing it.
func (tx *Tx) PullState(ctx context.Context, account id.Account, source string) (s pull.State, err error) {
	var (
		stage   string
		started int64
	)
	err = tx.q.QueryRow(ctx, `
		SELECT stage, next_page, copied, present, refused, left_out, total, started_at FROM pull
		WHERE account_id = $1 AND source = $2 `+tx.d.ForUpdate(), int64(account), source).
		Scan(&stage, &s.Cursor, &s.Copied, &s.Present, &s.Refused, &s.Left, &s.Total, &started)
	s.Stage, s.StartedAt = pull.Stage(stage), clock.FromMillis(started)
	return s, wrap(explain(err), "read how far a copy is")
}

// PutPullState keeps how far a copy from another server is.
func (tx *Tx) PutPullState(ctx context.Context, account id.Account, source string, s pull.State) error {
	_, err := tx.q.Exec(ctx, `
		INSERT INTO pull (account_id, source, stage, next_page, copied, present, refused, left_out, total, started_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (account_id, source) DO UPDATE SET stage = excluded.stage, next_page = excluded.next_page,
			copied = excluded.copied, present = excluded.present, refused = excluded.refused, left_out = excluded.left_out,
			total = excluded.total, started_at = excluded.started_at, updated_at = excluded.updated_at`,
		int64(account), source, string(s.Stage), s.Cursor, s.Copied, s.Present, s.Refused, s.Left, s.Total,
		clock.Millis(s.StartedAt), clock.Millis(tx.now))
	return wrap(err, "keep how far a copy is")
}

// ContactUIDs returns those of the UIDs that a contact has.
func (tx *Tx) ContactUIDs(ctx context.Context, account id.Account, uids []id.UID) (found []id.UID, err error) {
	refs := make([]id.Ref[id.Contact], len(uids))
	for i, u := range uids {
		refs[i].UID = u
	}
	for _, by := range byNames(refs) {
		rows, err := tx.q.Query(ctx, `SELECT uid FROM contact WHERE account_id = $1 AND `+by.condition, append([]any{int64(account)}, by.args...)...)
		if err != nil {
			return nil, wrap(err, "look for contacts by their ids")
		}
		some, err := scanAll(rows, scanUID)
		if err != nil {
			return nil, wrap(err, "look for contacts by their ids")
		}
		found = append(found, some...)
	}
	return found, nil
}

// WriteTaggings keeps tags of new contacts.
func (tx *Tx) WriteTaggings(ctx context.Context, account id.Account, all []contact.Tagging) error {
	err := tx.q.InsertRows(ctx, "tagging", []string{"account_id", "tag", "contact", "added_at"}, len(all), func(i int) ([]any, error) {
		return []any{int64(account), int64(all[i].Tag), int64(all[i].Contact), clock.Millis(tx.now)}, nil
	})
	return wrap(err, "keep %d tags of contacts", len(all))
}

// WriteNotes keeps notes about new contacts.
func (tx *Tx) WriteNotes(ctx context.Context, account id.Account, all []contact.BulkNote) error {
	err := tx.q.InsertRows(ctx, "note", []string{"account_id", "contact", "uid", "created_at", "content"}, len(all), func(i int) ([]any, error) {
		n := &all[i]
		return []any{int64(account), int64(n.Contact), n.UID[:], clock.Millis(n.CreatedAt), n.Content}, nil
	})
	return wrap(err, "keep %d notes", len(all))
}

func scanUID(rows sqldb.Rows) (id.UID, error) {
	var name []byte
	err := rows.Scan(&name)
	return uid(name), err
}
