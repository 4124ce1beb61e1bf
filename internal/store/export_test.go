package store

import (
	"context"
	"strconv"
	"strings"

	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/contact"
	"kith/internal/domain/segment"
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
		plan, err = tx.explain(ctx, text, q.args)
		return err
	})
	return plan, err
}

// explain tells how the database would run a query.
func (tx *Tx) explain(ctx context.Context, text string, args []any) (string, error) {
	explain, columns := "EXPLAIN ", 1
	if !tx.d.Shared() {
		explain, columns = "EXPLAIN QUERY PLAN ", 4
	}
	rows, err := tx.q.Query(ctx, explain+text, args...)
	if err != nil {
		return "", err
	}
	lines, err := scanAll(rows, func(rows sqldb.Rows) (line string, err error) {
		var skip int64
		to := []any{&skip, &skip, &skip, &line}
		err = rows.Scan(to[4-columns:]...)
		return line, err
	})
	return strings.Join(lines, "\n"), err
}

// Crowd fills account 1 with n contacts: half of them on list 1, a quarter with
// tag 1, a tenth in Rome; a mailing went to all on the list, of whom every
// third opened it.
func (s *Store) Crowd(ctx context.Context, n int, list, tag id.UID) (Mailing, error) {
	var m Mailing
	err := s.Within(ctx, func(ctx context.Context, tx *Tx) (err error) {
		if m, err = tx.InsertMailing(ctx, 1, tx.UID(), tx.now); err != nil {
			return err
		}
		if s := tx.d.Month("event", tx.now); s != "" {
			if _, err := tx.q.Exec(ctx, s); err != nil {
				return err
			}
		}
		if _, err := tx.q.Exec(ctx, `INSERT INTO contact_list (account_id, number, uid, name, name_key, description, favorite, created_at,
			updated_at, deleted_at) VALUES (1, 1, $1, 'l', 'l', '', 0, 0, 0, 0)`, list[:]); err != nil {
			return err
		}
		if _, err := tx.q.Exec(ctx, `INSERT INTO tag (account_id, number, uid, name, name_key, source, created_at, updated_at)
			VALUES (1, 1, $1, 't', 't', '', 0, 0)`, tag[:]); err != nil {
			return err
		}
		columns := strings.Split("account_id,"+strings.NewReplacer(" ", "", "\n", "", "\t", "").Replace(contactColumns), ",")
		err = tx.q.InsertRows(ctx, "contact", columns, n, func(i int) ([]any, error) {
			c := contact.Contact{
				ID: id.Contact(i + 1), UID: tx.UID(), FirstName: "Ana", LastName: "Moor", CompanyName: "Moor Books",
				CreatedAt: tx.now, UpdatedAt: tx.now,
				Addresses: []contact.Address{{Kind: contact.Home, City: []string{"Rome", "Paris"}[min(i%10, 1)], Street: "1 Long Street", CreatedAt: tx.now}},
			}
			c.Email.Address, c.Email.Permission = email.Stored("p"+strconv.Itoa(i)+"@example.org"), contact.Implicit
			return contactArgs(1, &c), nil
		})
		rows := func(table, columns string, n int, row func(i int) []any) {
			if err == nil {
				err = tx.q.InsertRows(ctx, table, strings.Split(columns, ","), n, func(i int) ([]any, error) { return row(i), nil })
			}
		}
		now := int64(1)
		rows("membership", "account_id,list,contact,added_at", n/2, func(i int) []any { return []any{int64(1), int64(1), int64(2*i + 1), now} })
		rows("tagging", "account_id,tag,contact,added_at", n/4, func(i int) []any { return []any{int64(1), int64(1), int64(4*i + 1), now} })
		rows("send", "account_id,mailing,contact,sent_at", n/2, func(i int) []any {
			return []any{int64(1), m.Number, int64(2*i + 1), tx.now.UnixMilli()}
		})
		rows("event", "account_id,mailing,kind,contact,at,link", n/6, func(i int) []any {
			return []any{int64(1), m.Number, int64(EventOpen), int64(6*i + 1), tx.now.UnixMilli(), int64(0)}
		})
		return err
	})
	return m, err
}

// CriteriaPlan tells how the database would count who meets criteria.
func (s *Store) CriteriaPlan(ctx context.Context, c segment.Criteria) (plan string, err error) {
	err = s.View(ctx, func(ctx context.Context, tx *Tx) error {
		k, err := tx.knowCriteria(ctx, 1, c)
		if err != nil {
			return err
		}
		q := contactQuery{tx: tx, args: []any{int64(1)}, whole: true}
		plan, err = tx.explain(ctx, `SELECT count(*) FROM contact AS c WHERE c.account_id = $1 AND c.deleted_at = 0 AND `+q.criteria(k), q.args)
		return err
	})
	return plan, err
}
