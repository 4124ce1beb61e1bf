package store

import (
	"context"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// PutChunks writes parts of a blob that follow each other, the first of which
// begins at start, in place of everything from there on. It fails with NotFound
// where what lies before does not reach start.
func (s *Store) PutChunks(ctx context.Context, account id.Account, blob id.Blob, start int64, bodies ...[]byte) error {
	return s.Within(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.q.Exec(ctx, `DELETE FROM blob_chunk WHERE account_id = $1 AND blob = $2 AND start >= $3`,
			int64(account), int64(blob), start)
		if err != nil {
			return wrap(err, "cut blob %d", blob)
		}
		if start > 0 {
			var end int64
			err := tx.q.QueryRow(ctx, `SELECT start + length(body) FROM blob_chunk
				WHERE account_id = $1 AND blob = $2 ORDER BY start DESC LIMIT 1`, int64(account), int64(blob)).Scan(&end)
			if err != nil {
				return wrap(err, "find the end of blob %d", blob)
			}
			if end != start {
				return fault.ErrNotFound.Saying("The part before this one is not there.")
			}
		}
		at := start // this may run again
		for _, body := range bodies {
			_, err = tx.q.Exec(ctx, `INSERT INTO blob_chunk (account_id, blob, start, body, written_at) VALUES ($1, $2, $3, $4, $5)`,
				int64(account), int64(blob), at, notNil(body), clock.Millis(tx.now))
			if err != nil {
				return wrap(err, "write blob %d", blob)
			}
			at += int64(len(body))
		}
		return nil
	})
}

// notNil keeps an empty body from being NULL.
func notNil(body []byte) []byte {
	if body == nil {
		return []byte{}
	}
	return body
}

// Chunk returns the last part of a blob that begins at or before an offset. It
// fails with NotFound where the blob is not there.
func (s *Store) Chunk(ctx context.Context, account id.Account, blob id.Blob, at int64) (start int64, body []byte, err error) {
	err = s.View(ctx, func(ctx context.Context, tx *Tx) error {
		err := tx.q.QueryRow(ctx, `SELECT start, body FROM blob_chunk
			WHERE account_id = $1 AND blob = $2 AND start <= $3 ORDER BY start DESC LIMIT 1`,
			int64(account), int64(blob), at).Scan(&start, &body)
		return wrap(err, "read blob %d", blob)
	})
	return start, body, err
}

// DropChunks forgets a blob.
func (s *Store) DropChunks(ctx context.Context, account id.Account, blob id.Blob) error {
	return s.Within(ctx, func(ctx context.Context, tx *Tx) error {
		_, err := tx.q.Exec(ctx, `DELETE FROM blob_chunk WHERE account_id = $1 AND blob = $2`, int64(account), int64(blob))
		return wrap(err, "forget blob %d", blob)
	})
}

// OldBlobs names up to limit blobs behind the given one that were last written
// before a time, in the order of account and number.
func (s *Store) OldBlobs(ctx context.Context, before time.Time, account id.Account, blob id.Blob, limit int) (accounts []id.Account, blobs []id.Blob, err error) {
	err = s.View(ctx, func(ctx context.Context, tx *Tx) error {
		accounts, blobs = nil, nil
		rows, err := tx.q.Query(ctx, `SELECT account_id, blob FROM blob_chunk
			WHERE account_id > $1 OR account_id = $1 AND blob > $2
			GROUP BY account_id, blob HAVING max(written_at) < $3
			ORDER BY account_id, blob LIMIT $4`,
			int64(account), int64(blob), clock.Millis(before), limit)
		if err != nil {
			return wrap(err, "list blobs")
		}
		defer rows.Close()
		for rows.Next() {
			var a, b int64
			if err := rows.Scan(&a, &b); err != nil {
				return err
			}
			accounts, blobs = append(accounts, id.Account(a)), append(blobs, id.Blob(b))
		}
		return rows.Err()
	})
	return accounts, blobs, err
}
