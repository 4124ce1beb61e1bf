package store

import (
	"cmp"
	"context"
	"slices"

	"kith/internal/base/change"
	"kith/internal/base/id"
	"kith/internal/store/sqldb"
)

// foldBatch bounds how many deltas are folded in one unit of work.
const foldBatch = 5000

// WakeTallies is rung for when there are deltas to fold.
const WakeTallies = "tallies"

// Counts are moved at once where one process writes, one unit after the other.
// Elsewhere a row that every unit moves would make them wait for each other,
// so a unit leaves a delta.
var (
	moveTally = newInsertion(`INSERT INTO tally (account_id, kind, ref, amount)`, 4,
		"ON CONFLICT (account_id, kind, ref) DO UPDATE SET amount = tally.amount + excluded.amount")
	insertDelta = newInsertion(`INSERT INTO tally_delta (account_id, kind, ref, amount)`, 4, "")
)

// Count adds amount (which may be negative) to a tally, in this unit of work.
func (tx *Tx) Count(ctx context.Context, account id.Account, what change.Tally, ref, amount int64) error {
	_, err := tx.q.ExecAll(ctx, tx.countStatements(nil, account, []change.Count{{Tally: what, Ref: ref, Amount: amount}}))
	return wrap(err, "count %d of %d", what, ref)
}

func (tx *Tx) countStatements(to []sqldb.Statement, account id.Account, counts []change.Count) []sqldb.Statement {
	args := make([]any, 0, moveTally.columns*len(counts))
	for _, c := range counts {
		if c.Amount != 0 {
			args = append(args, int64(account), int64(c.Tally), c.Ref, c.Amount)
		}
	}
	if !tx.d.Shared() {
		return moveTally.add(to, args)
	}
	if len(args) > 0 {
		tx.Wake(WakeTallies)
	}
	return insertDelta.add(to, args)
}

// Counted reads a tally: what is folded and what is not yet, of one moment.
func (tx *Tx) Counted(ctx context.Context, account id.Account, what change.Tally, ref int64) (n int64, err error) {
	err = tx.q.QueryRow(ctx, `
		SELECT CAST(COALESCE((SELECT amount FROM tally WHERE account_id = $1 AND kind = $2 AND ref = $3), 0)
		     + COALESCE((SELECT sum(amount) FROM tally_delta WHERE account_id = $1 AND kind = $2 AND ref = $3), 0) AS bigint)`,
		int64(account), int64(what), ref).Scan(&n)
	return n, wrap(err, "read count %d of %d", what, ref)
}

// SweepTallies folds one batch and says whether more may be waiting.
func (s *Store) SweepTallies(ctx context.Context) (more bool, err error) {
	n, err := s.FoldTallies(ctx)
	return n == foldBatch, err
}

// CountedAll reads a tally of every ref of an account.
func (tx *Tx) CountedAll(ctx context.Context, account id.Account, what change.Tally) (map[int64]int64, error) {
	rows, err := tx.q.Query(ctx, `
		SELECT ref, CAST(sum(amount) AS bigint) FROM (
			SELECT ref, amount FROM tally WHERE account_id = $1 AND kind = $2
			UNION ALL SELECT ref, amount FROM tally_delta WHERE account_id = $1 AND kind = $2) AS counted
		GROUP BY ref`, int64(account), int64(what))
	if err != nil {
		return nil, wrap(err, "read counts %d", what)
	}
	defer rows.Close()
	all := map[int64]int64{}
	for rows.Next() {
		var ref, n int64
		if err := rows.Scan(&ref, &n); err != nil {
			return nil, wrap(err, "read counts %d", what)
		}
		all[ref] = n
	}
	return all, wrap(rows.Err(), "read counts %d", what)
}

// FoldTallies folds up to one batch of deltas and returns how many it took;
// the caller goes on until it is none. Several processes may fold at once.
func (s *Store) FoldTallies(ctx context.Context) (folded int, err error) {
	type key struct{ account, kind, ref int64 }
	err = s.Within(ctx, func(ctx context.Context, tx *Tx) error {
		sums, order := map[key]int64{}, []key(nil)
		folded = 0
		rows, err := tx.q.Query(ctx, `
			DELETE FROM tally_delta WHERE id IN (SELECT id FROM tally_delta ORDER BY id LIMIT $1 `+tx.d.SkipLocked()+`)
			RETURNING account_id, kind, ref, amount`, foldBatch)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var k key
			var amount int64
			if err := rows.Scan(&k.account, &k.kind, &k.ref, &amount); err != nil {
				return err
			}
			if _, seen := sums[k]; !seen {
				order = append(order, k)
			}
			sums[k] += amount
			folded++
		}
		if err := rows.Err(); err != nil {
			return err
		}
		rows.Close()
		// In one order everywhere, so that two sweepers cannot lock each other out.
		slices.SortFunc(order, func(a, b key) int {
			return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.kind, b.kind), cmp.Compare(a.ref, b.ref))
		})
		for _, k := range order {
			if _, err := tx.q.Exec(ctx, `
				INSERT INTO tally (account_id, kind, ref, amount) VALUES ($1, $2, $3, $4)
				ON CONFLICT (account_id, kind, ref) DO UPDATE SET amount = tally.amount + excluded.amount`,
				k.account, k.kind, k.ref, sums[k]); err != nil {
				return err
			}
		}
		return nil
	})
	return folded, wrap(err, "fold tallies")
}
