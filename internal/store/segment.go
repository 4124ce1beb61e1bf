package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/base/text"
	"kith/internal/domain/contact"
	"kith/internal/domain/segment"
	"kith/internal/store/sqldb"
)

// Segments returns the store as package segment asks for it.
func (s *Store) Segments() segment.Store { return segmentStore{s} }

type segmentStore struct{ s *Store }

func (g segmentStore) Within(ctx context.Context, fn func(context.Context, segment.Tx) error) error {
	return g.s.Within(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (g segmentStore) View(ctx context.Context, fn func(context.Context, segment.Tx) error) error {
	return g.s.View(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (g segmentStore) Now() time.Time { return g.s.clock.Now() }

// draftRow is the stored form of a draft.
type draftRow struct {
	Type   string     `json:"t,omitempty"`
	Group  []draftRow `json:"g,omitempty"`
	Source string     `json:"s,omitempty"`
	Field  string     `json:"f,omitempty"`
	Op     string     `json:"o,omitempty"`
	Values []string   `json:"v,omitempty"`
	Const  string     `json:"c,omitempty"`
	Param  string     `json:"p,omitempty"`
}

func rowOfDraft(d segment.Draft) draftRow {
	row := draftRow{Type: d.Type, Source: d.Source, Field: d.Field, Op: d.Op, Values: d.Values, Const: d.Const, Param: d.Param}
	for _, part := range d.Group {
		row.Group = append(row.Group, rowOfDraft(part))
	}
	return row
}

// draft is what the row says. A group has a type, for it was checked.
func (row draftRow) draft() segment.Draft {
	d := segment.Draft{
		Type: row.Type, IsGroup: row.Type != "",
		Source: row.Source, Field: row.Field, Op: row.Op, Values: row.Values, Const: row.Const, Param: row.Param,
	}
	for _, part := range row.Group {
		d.Group = append(d.Group, part.draft())
	}
	return d
}

// TakeSegmentNumber takes the next number of a segment, in this unit of work.
func (tx *Tx) TakeSegmentNumber(ctx context.Context, account id.Account) (id.Segment, error) {
	n, err := tx.takeNumbers(ctx, account, KindSegment, 1)
	return id.Segment(n), err
}

// InsertSegment keeps a new segment.
func (tx *Tx) InsertSegment(ctx context.Context, account id.Account, s segment.Segment) error {
	return tx.putSegment(ctx, account, s, `
		INSERT INTO segment (account_id, number, name, name_key, criteria, tree, created_at, edited_at, deleted_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`)
}

// UpdateSegment keeps a segment as it is now.
func (tx *Tx) UpdateSegment(ctx context.Context, account id.Account, s segment.Segment) error {
	return tx.putSegment(ctx, account, s, `
		UPDATE segment SET name = $3, name_key = $4, criteria = $5, tree = $6, created_at = $7, edited_at = $8, deleted_at = $9
		WHERE account_id = $1 AND number = $2`)
}

func (tx *Tx) putSegment(ctx context.Context, account id.Account, s segment.Segment, sql string) error {
	tree, err := json.Marshal(rowOfDraft(s.Draft))
	if err != nil {
		return wrap(err, "keep segment %d", s.ID)
	}
	_, err = tx.q.Exec(ctx, sql, int64(account), int64(s.ID), s.Name, text.Fold(s.Name), s.Text, string(tree),
		clock.Millis(s.CreatedAt), clock.Millis(s.EditedAt), clock.Millis(s.DeletedAt))
	if errors.Is(err, sqldb.ErrUnique) {
		return segment.ErrNameTaken.Because(err)
	}
	return wrap(err, "keep segment %d", s.ID)
}

// SegmentByID returns a segment, also a deleted one.
func (tx *Tx) SegmentByID(ctx context.Context, account id.Account, number id.Segment) (segment.Segment, error) {
	return tx.segmentByID(ctx, account, number, "")
}

// HoldSegment is SegmentByID; others that would change it wait until this unit
// of work has ended.
func (tx *Tx) HoldSegment(ctx context.Context, account id.Account, number id.Segment) (segment.Segment, error) {
	return tx.segmentByID(ctx, account, number, tx.d.ForUpdate())
}

func (tx *Tx) segmentByID(ctx context.Context, account id.Account, number id.Segment, lock string) (segment.Segment, error) {
	is := segment.Segment{ID: number}
	var (
		tree                     string
		created, edited, deleted int64
		row                      draftRow
	)
	err := tx.q.QueryRow(ctx, `SELECT name, criteria, tree, created_at, edited_at, deleted_at FROM segment
		WHERE account_id = $1 AND number = $2 `+lock, int64(account), int64(number)).
		Scan(&is.Name, &is.Text, &tree, &created, &edited, &deleted)
	if err == nil {
		err = json.Unmarshal([]byte(tree), &row)
	}
	if err != nil {
		return is, wrap(explain(err), "read segment %d", number)
	}
	is.Draft = row.draft()
	is.CreatedAt, is.EditedAt, is.DeletedAt = clock.FromMillis(created), clock.FromMillis(edited), clock.FromMillis(deleted)
	return is, nil
}

// SegmentPage returns segments that are there, without their criteria.
func (tx *Tx) SegmentPage(ctx context.Context, account id.Account, o segment.Order, r page.Request) (page.Of[segment.Segment], error) {
	of := page.Of[segment.Segment]{Total: -1}
	args := []any{int64(account), int64(r.Limit) + 1}
	where, order := "", "edited_at DESC, number DESC"
	if o == segment.ByName {
		order = "name_key, number"
	}
	switch after := r.After; {
	case after.IsZero():
	case o == segment.ByName:
		where = " AND (name_key, number) > ($3, $4)"
		args = append(args, after.Text, after.Number)
	default:
		where = " AND (edited_at, number) < ($3, $4)"
		args = append(args, after.Time, after.Number)
	}
	rows, err := tx.q.Query(ctx, `SELECT number, name, created_at, edited_at FROM segment
		WHERE account_id = $1 AND deleted_at = 0`+where+` ORDER BY `+order+` LIMIT $2`, args...)
	if err != nil {
		return of, wrap(err, "read segments")
	}
	of.Items, err = scanAll(rows, func(row sqldb.Rows) (segment.Segment, error) {
		var number, created, edited int64
		var is segment.Segment
		err := row.Scan(&number, &is.Name, &created, &edited)
		is.ID, is.CreatedAt, is.EditedAt = id.Segment(number), clock.FromMillis(created), clock.FromMillis(edited)
		return is, err
	})
	if err != nil {
		return of, wrap(err, "read segments")
	}
	if len(of.Items) > r.Limit {
		of.Items = of.Items[:r.Limit]
		last := of.Items[r.Limit-1]
		of.Next = page.Position{Number: int64(last.ID), Time: clock.Millis(last.EditedAt)}
		if o == segment.ByName {
			of.Next = page.Position{Number: int64(last.ID), Text: text.Fold(last.Name)}
		}
	}
	return of, nil
}

// PreviewCriteria counts who meets criteria, and reads the first of them.
func (tx *Tx) PreviewCriteria(ctx context.Context, account id.Account, c segment.Criteria, sample int) (segment.Preview, error) {
	var of segment.Preview
	k, err := tx.knowCriteria(ctx, account, c)
	if err != nil {
		return of, err
	}
	found := tx.finder(account, k.condition())
	if of.Count, of.Active, err = found.count(ctx); err != nil {
		return of, wrap(err, "count who meets criteria")
	}
	if of.Count == 0 || sample == 0 {
		return of, nil
	}
	first, err := tx.foundPage(ctx, account, found, contact.Filter{}, contact.IncludeNothing, page.Request{Limit: sample})
	of.Sample = first.Items
	return of, err
}

// segmentCriteria are the criteria of a segment that is not deleted.
func (tx *Tx) segmentCriteria(ctx context.Context, account id.Account, number id.Segment) (*knownCriteria, error) {
	is, err := tx.SegmentByID(ctx, account, number)
	if err != nil {
		return nil, err
	}
	if !is.DeletedAt.IsZero() {
		return nil, fault.ErrNotFound
	}
	// It was checked on another day: a rule that looks back from the present
	// may by now look back too far, and still says what it says.
	c, _ := segment.Parse(is.Draft, is.EditedAt, nil)
	if len(c.Root.Nodes) == 0 {
		return nil, fmt.Errorf("segment %d has no criteria", number)
	}
	return tx.knowCriteria(ctx, account, c)
}
