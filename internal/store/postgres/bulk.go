package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// InsertRows sends the rows with COPY.
func (q *querier) InsertRows(ctx context.Context, table string, columns []string, n int, row func(int) ([]any, error)) error {
	if n == 0 {
		return nil
	}
	_, err := q.tx.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromSlice(n, row))
	return translate(err)
}
