package store

import (
	"context"
	"strings"

	"kith/internal/base/page"
	"kith/internal/domain/contact"
	"kith/internal/store/sqldb"
)

// One reads one value with a query, for tests.
func (s *Store) One(ctx context.Context, dest any, query string, args ...any) error {
	return s.View(ctx, func(ctx context.Context, tx *Tx) error {
		return tx.q.QueryRow(ctx, query, args...).Scan(dest)
	})
}

// PagePlan tells by which way the database would read a page of contacts.
func (s *Store) PagePlan(ctx context.Context, f contact.Filter, after page.Position) (plan string, err error) {
	err = s.View(ctx, func(ctx context.Context, tx *Tx) error {
		q := contactQuery{tx: tx, args: []any{int64(1)}}
		text := q.page(f, pageOrder(f), contact.IncludeNothing, page.Request{Limit: 100, After: after})
		explain, columns := "EXPLAIN ", 1
		if !tx.d.Shared() {
			explain, columns = "EXPLAIN QUERY PLAN ", 4
		}
		rows, err := tx.q.Query(ctx, explain+text, q.args...)
		if err != nil {
			return err
		}
		lines, err := scanAll(rows, func(rows sqldb.Rows) (line string, err error) {
			var skip int64
			to := []any{&skip, &skip, &skip, &line}
			err = rows.Scan(to[4-columns:]...)
			return line, err
		})
		plan = strings.Join(lines, "\n")
		return err
	})
	return plan, err
}
