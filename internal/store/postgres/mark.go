package postgres

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"kith/internal/base/bits"
	"kith/internal/store/sqldb"
)

// patience is how long Share waits for another connection: long enough to open
// one, short against the work that is worth sharing.
const patience = 50 * time.Millisecond

// alone keeps what is shared from being shared once more, by the server: to
// start its processes takes as long as a piece of the work.
const alone = "SET LOCAL max_parallel_workers_per_gather = 0"

// The binary form of an array of bigint (PostgreSQL, array_send): a head of the
// number of dimensions, flags, element type, length and lower bound, and before
// each element its length; all big-endian.
const (
	arrayHead    = 20
	arrayElement = 4 + 8
)

var errArray = errors.New("the server sent another array than was asked for")

// Mark has the numbers sent as one array, and reads them where they lie.
func (q *querier) Mark(ctx context.Context, to *bits.Set, number, rest string, args ...any) error {
	rows, err := q.tx.Query(ctx, "SELECT array_agg("+number+") "+rest, args...)
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		b := rows.RawValues()[0]
		if b == nil { // nobody
			continue
		}
		if len(b) < arrayHead || (len(b)-arrayHead)%arrayElement != 0 {
			return errArray
		}
		for b = b[arrayHead:]; len(b) > 0; b = b[arrayElement:] {
			to.Add(int64(binary.BigEndian.Uint64(b[4:])))
		}
	}
	return translate(rows.Err())
}

// viewOf is the engine where the options are those of a view.
func (e *Engine) viewOf(o pgx.TxOptions) *Engine {
	if o.AccessMode == pgx.ReadOnly {
		return e
	}
	return nil
}

// Share has others look at the very snapshot of the view.
func (q *querier) Share(ctx context.Context, work func(context.Context, sqldb.Querier) error) error {
	if q.view == nil {
		return sqldb.ShareAmong(ctx, q, work)
	}
	pool := q.view.pool
	stat := pool.Stat()
	free := int(stat.MaxConns()-stat.AcquiredConns()) - 1 // one is left to others
	n := min(sqldb.Workers()-1, free)
	if n <= 0 {
		return sqldb.ShareAmong(ctx, q, work)
	}
	var snapshot string
	if err := q.tx.QueryRow(ctx, "SELECT pg_export_snapshot()").Scan(&snapshot); err != nil {
		return translate(err)
	}
	if _, err := q.tx.Exec(ctx, alone); err != nil {
		return translate(err)
	}
	other := func(ctx context.Context, work func(sqldb.Querier) error) error {
		wait, stop := context.WithTimeout(ctx, patience)
		defer stop()
		conn, err := pool.Acquire(wait)
		if err != nil {
			return err
		}
		defer conn.Release()
		return pgx.BeginTxFunc(ctx, conn, viewing, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "SET TRANSACTION SNAPSHOT '"+snapshot+"'; "+alone); err != nil {
				return err
			}
			return work(&querier{tx: tx})
		})
	}
	others := make([]func(context.Context, func(sqldb.Querier) error) error, n)
	for i := range others {
		others[i] = other
	}
	return sqldb.ShareAmong(ctx, q, work, others...)
}
