package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/delivery"
	"kith/internal/store/sqldb"
)

// Suppressions returns the store as the suppression list sees it.
func (s *Store) Suppressions() delivery.SuppressionStore { return suppressions{s} }

type suppressions struct{ s *Store }

func (u suppressions) Within(ctx context.Context, fn func(context.Context, delivery.SuppressionTx) error) error {
	return u.s.Within(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (u suppressions) View(ctx context.Context, fn func(context.Context, delivery.SuppressionTx) error) error {
	return u.s.View(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

const suppressionColumns = `hash, address, reason, cause, since, until, mail, said`

// suppressionHolds is a condition: the entry is on the list at $2.
const suppressionHolds = `reason <> '' AND (until = 0 OR until > $2)`

type suppressionRow struct {
	hash                      []byte
	address, reason, said     string
	cause, since, until, mail int64
}

func (r *suppressionRow) dest() []any {
	return []any{&r.hash, &r.address, &r.reason, &r.cause, &r.since, &r.until, &r.mail, &r.said}
}

func (r *suppressionRow) suppression() delivery.Suppression {
	s := delivery.Suppression{
		Address: r.address, Reason: delivery.Reason(r.reason), Cause: delivery.Cause(r.cause),
		Since: clock.FromMillis(r.since), Until: clock.FromMillis(r.until), Mail: id.Mail(r.mail), Said: r.said,
	}
	copy(s.Hash[:], r.hash)
	return s
}

func scanSuppression(rows sqldb.Rows) (delivery.Suppression, error) {
	var r suppressionRow
	err := rows.Scan(r.dest()...)
	return r.suppression(), err
}

// Suppressed returns the entries among hashes that hold now.
func (tx *Tx) Suppressed(ctx context.Context, account id.Account, hashes []delivery.Hash) ([]delivery.Suppression, error) {
	condition, args := few("hash", 3, hashes, func(h delivery.Hash) any { return h[:] })
	rows, err := tx.q.Query(ctx, `SELECT `+suppressionColumns+` FROM suppression WHERE account_id = $1 AND `+suppressionHolds+` AND `+condition,
		append([]any{int64(account), clock.Millis(tx.now)}, args...)...)
	if err != nil {
		return nil, wrap(err, "ask for suppressed addresses of account %d", account)
	}
	found, err := scanAll(rows, scanSuppression)
	return found, wrap(err, "ask for suppressed addresses of account %d", account)
}

// Suppressions returns entries that hold, newest first. A search reads all
// entries of the account up to the last one found: they are few beside its
// contacts.
func (tx *Tx) Suppressions(ctx context.Context, account id.Account, f delivery.SuppressionFilter, r page.Request) (page.Of[delivery.Suppression], error) {
	of := page.Of[delivery.Suppression]{Total: -1}
	where, args := `account_id = $1 AND `+suppressionHolds, []any{int64(account), clock.Millis(tx.now)}
	if f.Reason != delivery.Watched {
		args = append(args, string(f.Reason))
		where += fmt.Sprintf(` AND reason = $%d`, len(args))
	}
	if f.Search != "" {
		args = append(args, "%"+likePattern(f.Search))
		where += fmt.Sprintf(` AND address LIKE $%d ESCAPE '\'`, len(args))
	}
	if r.Count {
		if err := tx.q.QueryRow(ctx, `SELECT count(*) FROM suppression WHERE `+where, args...).Scan(&of.Total); err != nil {
			return of, wrap(err, "count suppressed addresses of account %d", account)
		}
	}
	since, last := int64(math.MaxInt64), delivery.Hash{}
	if !r.After.IsZero() {
		since = r.After.Time
		last, _ = delivery.ParseHash(r.After.Text) // ours, or signed by us
	}
	args = append(args, since, last[:], r.Limit+1)
	rows, err := tx.q.Query(ctx, fmt.Sprintf(`SELECT `+suppressionColumns+` FROM suppression
		WHERE %s AND (since < $%d OR since = $%d AND hash < $%d) ORDER BY since DESC, hash DESC LIMIT $%d`,
		where, len(args)-2, len(args)-2, len(args)-1, len(args)), args...)
	if err != nil {
		return of, wrap(err, "list suppressed addresses of account %d", account)
	}
	of.Items, err = scanAll(rows, scanSuppression)
	if len(of.Items) > r.Limit {
		of.Items = of.Items[:r.Limit]
		end := of.Items[r.Limit-1]
		of.Next = page.Position{Time: clock.Millis(end.Since), Text: end.Hash.String()}
	}
	return of, wrap(err, "list suppressed addresses of account %d", account)
}

// HoldStanding returns what is known of an address, and keeps others from
// changing it. Where several processes write, a row is made first, so that two
// that hear of an address for the first time wait for each other.
func (tx *Tx) HoldStanding(ctx context.Context, account id.Account, hash delivery.Hash) (delivery.Standing, error) {
	if tx.d.Shared() {
		if _, err := tx.q.Exec(ctx, `
			INSERT INTO suppression (account_id, hash, address, reason, cause, since, until, mail, said, score, scored_at, rounds)
			VALUES ($1, $2, '', '', 0, 0, 0, 0, '', 0, 0, 0) ON CONFLICT DO NOTHING`, int64(account), hash[:]); err != nil {
			return delivery.Standing{}, wrap(err, "hold a suppressed address of account %d", account)
		}
	}
	var (
		r                    suppressionRow
		score, scored, round int64
	)
	err := tx.q.QueryRow(ctx, `SELECT `+suppressionColumns+`, score, scored_at, rounds FROM suppression
		WHERE account_id = $1 AND hash = $2 `+tx.d.ForUpdate(),
		int64(account), hash[:]).Scan(append(r.dest(), &score, &scored, &round)...)
	if errors.Is(err, sqldb.ErrNoRows) {
		return delivery.Standing{Suppression: delivery.Suppression{Hash: hash}}, nil
	}
	return delivery.Standing{
		Suppression: r.suppression(), Score: float64(score) / 1000, ScoredAt: clock.FromMillis(scored), Rounds: int(round),
	}, wrap(err, "hold a suppressed address of account %d", account)
}

// PutStanding keeps what is known of an address; of one of which there is
// nothing to keep, nothing.
func (tx *Tx) PutStanding(ctx context.Context, account id.Account, s delivery.Standing) error {
	if s.Reason == delivery.Watched && s.ScoredAt.IsZero() {
		_, err := tx.q.Exec(ctx, `DELETE FROM suppression WHERE account_id = $1 AND hash = $2`, int64(account), s.Hash[:])
		return wrap(err, "forget a suppressed address of account %d", account)
	}
	_, err := tx.q.Exec(ctx, `
		INSERT INTO suppression (account_id, hash, address, reason, cause, since, until, mail, said, score, scored_at, rounds)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (account_id, hash) DO UPDATE SET address = excluded.address, reason = excluded.reason, cause = excluded.cause,
		  since = excluded.since, until = excluded.until, mail = excluded.mail, said = excluded.said, score = excluded.score,
		  scored_at = excluded.scored_at, rounds = excluded.rounds`,
		int64(account), s.Hash[:], s.Address, string(s.Reason), int64(s.Cause), clock.Millis(s.Since), clock.Millis(s.Until),
		int64(s.Mail), s.Said, int64(math.Round(s.Score*1000)), clock.Millis(s.ScoredAt), s.Rounds)
	return wrap(err, "keep a suppressed address of account %d", account)
}

// TrimStandings forgets addresses that are mailed, and of which nothing was
// heard since a time.
func (tx *Tx) TrimStandings(ctx context.Context, since time.Time, limit int) (int, error) {
	n, err := tx.q.Exec(ctx, `
		DELETE FROM suppression WHERE (account_id, hash) IN (
		  SELECT account_id, hash FROM suppression
		  WHERE (reason = '' OR until <> 0) AND until <= $1 AND scored_at < $2 LIMIT $3)`,
		clock.Millis(tx.now), clock.Millis(since), limit)
	return int(n), wrap(err, "forget suppressed addresses")
}
