package store

import (
	"context"
	"errors"

	"kith/internal/base/id"
	"kith/internal/domain/trace"
	"kith/internal/store/sqldb"
)

// Traces returns the store as the request log sees it.
func (s *Store) Traces() trace.Store { return traces{s} }

type traces struct{ s *Store }

func (t traces) Bulk(ctx context.Context, fn func(context.Context, trace.Tx) error) error {
	return t.s.Bulk(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

func (t traces) View(ctx context.Context, fn func(context.Context, trace.Tx) error) error {
	return t.s.View(ctx, func(ctx context.Context, tx *Tx) error { return fn(ctx, tx) })
}

// PutRequests writes one batch. That it may be there already is for a commit
// of which nobody heard.
func (tx *Tx) PutRequests(ctx context.Context, account id.Account, class trace.Class, requests []trace.Request) error {
	low, high := requests[0].UID, requests[len(requests)-1].UID
	_, err := tx.q.Exec(ctx, `
		INSERT INTO request_log (account_id, class, high, low, requests, heads, details) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (account_id, class, high) DO NOTHING`,
		int64(account), int64(class), high[:], low[:], int64(len(requests)), packRequests(requests), packDetails(requests))
	return wrap(err, "write requests of account %d", account)
}

// latest stands behind every UID.
var latest = id.UID{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// RequestBatches reads batches without details, the newest first.
func (tx *Tx) RequestBatches(ctx context.Context, account id.Account, class trace.Class, in trace.Range, limit int) ([]trace.Batch, error) {
	if in.High.IsZero() {
		in.High = latest
	}
	if in.Before.IsZero() {
		in.Before = latest
	}
	rows, err := tx.q.Query(ctx, `
		SELECT high, heads FROM request_log
		WHERE account_id = $1 AND class = $2 AND high >= $3 AND high < $4 AND low <= $5
		ORDER BY high DESC LIMIT $6`,
		int64(account), int64(class), in.Low[:], in.Before[:], in.High[:], limit)
	if err != nil {
		return nil, wrap(err, "read requests of account %d", account)
	}
	all, err := scanAll(rows, func(rows sqldb.Rows) (trace.Batch, error) {
		var high, heads []byte
		if err := rows.Scan(&high, &heads); err != nil {
			return trace.Batch{}, err
		}
		b := trace.Batch{High: uid(high)}
		b.Requests, err = unpackRequests(heads)
		return b, wrap(err, "read batch %s", b.High)
	})
	return all, wrap(err, "read requests of account %d", account)
}

// RequestDetail reads the detail of one request; nil where none was kept.
func (tx *Tx) RequestDetail(ctx context.Context, account id.Account, class trace.Class, batch, request id.UID) (*trace.Detail, error) {
	var details []byte
	err := tx.q.QueryRow(ctx, `SELECT details FROM request_log WHERE account_id = $1 AND class = $2 AND high = $3`,
		int64(account), int64(class), batch[:]).Scan(&details)
	if err != nil {
		return nil, wrap(explain(err), "read batch %s", batch)
	}
	d, err := unpackDetail(details, request)
	return d, wrap(err, "read the details of batch %s", batch)
}

// TrimRequests forgets the oldest batches of an account and class.
func (tx *Tx) TrimRequests(ctx context.Context, account id.Account, class trace.Class, keep int) error {
	var last []byte
	err := tx.q.QueryRow(ctx, `
		SELECT high FROM (
		  SELECT high, sum(requests) OVER (ORDER BY high DESC) AS newer FROM request_log WHERE account_id = $1 AND class = $2
		) ordered WHERE newer >= $3 ORDER BY high DESC LIMIT 1`,
		int64(account), int64(class), keep).Scan(&last)
	if errors.Is(err, sqldb.ErrNoRows) {
		return nil
	}
	if err == nil {
		_, err = tx.q.Exec(ctx, `DELETE FROM request_log WHERE account_id = $1 AND class = $2 AND high < $3`,
			int64(account), int64(class), last)
	}
	return wrap(err, "forget requests of account %d", account)
}

// ExpireRequests forgets batches whose newest request stands before a UID.
func (tx *Tx) ExpireRequests(ctx context.Context, before id.UID, limit int) (int, error) {
	var last []byte
	err := tx.q.QueryRow(ctx, `
		SELECT high FROM (SELECT high FROM request_log WHERE high < $1 ORDER BY high LIMIT $2) oldest ORDER BY high DESC LIMIT 1`,
		before[:], limit).Scan(&last)
	if errors.Is(err, sqldb.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, wrap(err, "find requests to forget")
	}
	n, err := tx.q.Exec(ctx, `DELETE FROM request_log WHERE high <= $1`, last)
	return int(n), wrap(err, "forget requests")
}
