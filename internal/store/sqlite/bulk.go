package sqlite

import (
	"context"
	"strings"
)

// rowsPerStatement is how many rows one INSERT takes. More cost as much a row;
// fewer cost more (docs/decisions/0002).
const rowsPerStatement = 20

// InsertRows writes rowsPerStatement rows at a time and the rest one by one.
// Its marks are bare: SQLite would look up the names of numbered ones.
func (q *querier) InsertRows(ctx context.Context, table string, columns []string, n int, row func(int) ([]any, error)) error {
	args := make([]any, 0, rowsPerStatement*len(columns))
	for first := 0; first < n; {
		rows := 1
		if n-first >= rowsPerStatement {
			rows = rowsPerStatement
		}
		args = args[:0]
		for i := range rows {
			values, err := row(first + i)
			if err != nil {
				return err
			}
			args = append(args, values...)
		}
		if _, err := q.Exec(ctx, insertText(table, columns, rows), args...); err != nil {
			return err
		}
		first += rows
	}
	return nil
}

func insertText(table string, columns []string, rows int) string {
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", len(columns)), ",") + ")"
	return "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES " +
		strings.TrimSuffix(strings.Repeat(one+",", rows), ",")
}
