package store

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/bits"
	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/contact"
	"kith/internal/domain/segment"
	"kith/internal/store/postgres"
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

// Scatter makes contacts of these numbers in account 1, and puts members on list 1.
func (s *Store) Scatter(ctx context.Context, numbers, members []id.Contact, list id.UID) error {
	return s.Within(ctx, func(ctx context.Context, tx *Tx) error {
		if err := tx.makeList(ctx, list); err != nil {
			return err
		}
		if err := tx.q.InsertRows(ctx, "contact", contactBulkColumns, len(numbers), func(i int) ([]any, error) {
			at := tx.now.Add(time.Duration(i) * time.Second)
			return contactArgs(1, &contact.Contact{ID: numbers[i], UID: tx.UID(), CreatedAt: at, UpdatedAt: at}), nil
		}); err != nil {
			return err
		}
		return tx.q.InsertRows(ctx, "membership", membershipColumns, len(members), func(i int) ([]any, error) {
			return []any{int64(1), int64(1), int64(members[i]), int64(1)}, nil
		})
	})
}

func (tx *Tx) makeList(ctx context.Context, list id.UID) error {
	_, err := tx.q.Exec(ctx, `INSERT INTO contact_list (account_id, number, uid, name, name_key, description, favorite, hidden, created_at,
		updated_at, deleted_at) VALUES (1, 1, $1, 'l', 'l', '', 0, 0, 0, 0, 0)`, list[:])
	return err
}

// Crowd fills account 1 with n contacts: half of them on list 1, a tenth with
// tag 1, each in one of a thousand cities and of fifty states; a mailing went
// to all, of whom a quarter opened it, half of these within the last 30 days.
// None of it goes with any other.
func (s *Store) Crowd(ctx context.Context, n int, list, tag id.UID) error {
	return s.Within(ctx, func(ctx context.Context, tx *Tx) error {
		sent := tx.now.AddDate(0, 0, -40)
		m, err := tx.InsertMailing(ctx, 1, tx.UID(), sent)
		if err != nil {
			return err
		}
		for _, at := range []time.Time{sent, tx.now.AddDate(0, 0, -20)} {
			if s := tx.d.Month("event", at); s != "" {
				if _, err := tx.q.Exec(ctx, s); err != nil {
					return err
				}
			}
		}
		if err := tx.makeList(ctx, list); err != nil {
			return err
		}
		if _, err := tx.q.Exec(ctx, `INSERT INTO tag (account_id, number, uid, name, name_key, source, created_at, updated_at)
			VALUES (1, 1, $1, 't', 't', '', 0, 0)`, tag[:]); err != nil {
			return err
		}
		// draw is a number below most for a contact, another for each salt.
		draw := func(i, salt, most int) int {
			return int(rand.NewPCG(uint64(i), uint64(salt)).Uint64() % uint64(most))
		}
		err = tx.q.InsertRows(ctx, "contact", contactBulkColumns, n, func(i int) ([]any, error) {
			c := contact.Contact{
				ID: id.Contact(i + 1), UID: tx.UID(), FirstName: "Firstname" + strconv.Itoa(i), LastName: "Lastname" + strconv.Itoa(i),
				JobTitle: "Head of Department", CompanyName: "Company " + strconv.Itoa(i%5000), CreatedAt: tx.now, UpdatedAt: tx.now,
				Addresses: []contact.Address{{
					Kind: contact.Home, Street: strconv.Itoa(i) + " Very Long Street Name Boulevard", City: "City " + strconv.Itoa(draw(i, 1, 1000)),
					State: "State " + strconv.Itoa(draw(i, 2, 50)), PostalCode: strconv.Itoa(i % 99999), Country: "United States", CreatedAt: tx.now,
				}},
			}
			c.Email.Address, c.Email.Permission = email.Stored("p"+strconv.Itoa(i)+"@example.org"), contact.Implicit
			return contactArgs(1, &c), nil
		})
		rows := func(table, columns string, take func(i int) bool, values ...any) {
			if err != nil {
				return
			}
			var numbers []int64
			for i := range n {
				if take(i) {
					numbers = append(numbers, int64(i+1))
				}
			}
			err = tx.q.InsertRows(ctx, table, strings.Split(columns, ","), len(numbers), func(i int) ([]any, error) {
				return append([]any{int64(1), numbers[i]}, values...), nil
			})
		}
		rows("membership", "account_id,contact,list,added_at", func(i int) bool { return draw(i, 3, 100) < 50 }, int64(1), int64(1))
		rows("tagging", "account_id,contact,tag,added_at", func(i int) bool { return draw(i, 4, 100) < 10 }, int64(1), int64(1))
		rows("send", "account_id,contact,mailing,sent_at", func(int) bool { return true }, m.Number, sent.UnixMilli())
		rows("event", "account_id,contact,mailing,kind,at,link", func(i int) bool { return draw(i, 5, 8) == 0 }, m.Number, int64(EventOpen), sent.UnixMilli(), int64(0))
		rows("event", "account_id,contact,mailing,kind,at,link", func(i int) bool { return draw(i, 5, 8) == 1 }, m.Number, int64(EventOpen), tx.now.AddDate(0, 0, -20).UnixMilli(), int64(0))
		return err
	})
}

// Vacuum does what a PostgreSQL server does by itself soon after many rows came.
func (s *Store) Vacuum(ctx context.Context) error {
	e, ok := s.engine.(*postgres.Engine)
	if !ok {
		return nil
	}
	_, err := e.Pool().Exec(ctx, "VACUUM ANALYZE")
	return err
}

// CriteriaPlans tells how the database would answer each rule of criteria for
// one stretch of numbers, in the order in which they are asked.
func (s *Store) CriteriaPlans(ctx context.Context, c segment.Criteria) (plans []string, err error) {
	err = s.View(ctx, func(ctx context.Context, tx *Tx) error {
		k, err := tx.knowCriteria(ctx, 1, c)
		if err != nil {
			return err
		}
		q := explainer{tx.q, tx, &plans}
		_, err = tx.finder(1, k.condition()).within(ctx, q, bits.Full(0, 1000))
		return err
	})
	return plans, err
}

// explainer explains sets instead of making them, and says that everybody is in
// each, and nobody deleted.
type explainer struct {
	sqldb.Querier

	tx    *Tx
	plans *[]string
}

func (e explainer) Mark(ctx context.Context, to *bits.Set, number, rest string, args ...any) error {
	plan, err := e.tx.explain(ctx, "SELECT "+number+" "+rest, args)
	*e.plans = append(*e.plans, plan)
	if !strings.Contains(rest, "deleted_at") {
		to.Join(bits.Full(to.Low(), to.Low()+to.Room()))
	}
	return err
}
