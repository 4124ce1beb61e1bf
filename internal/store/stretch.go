package store

import (
	"context"
	"slices"
	"strconv"

	"kith/internal/base/id"
	"kith/internal/store/sqldb"
)

// A batch of contacts is a list of numbers in ascending order, and most of them
// follow one another: contacts are numbered as they come. A stretch of numbers
// is one walk along an index. A list costs a search for each number, and, where
// PostgreSQL walks all the same, a look through the list for each row.
const (
	// leastStretch is how many numbers in a row are worth a statement of their
	// own.
	leastStretch = 16
	// mostApart is how many other numbers one statement looks for.
	mostApart = 500
)

// between is the condition that a column lies between the numbers bound to a
// mark and to the next one.
func between(column string, mark int) string {
	return column + " BETWEEN $" + strconv.Itoa(mark) + " AND $" + strconv.Itoa(mark+1)
}

// unbrokenRun returns how many of the numbers, from the first on, follow each other
// without a gap.
func unbrokenRun(numbers []id.Contact) int {
	n := min(1, len(numbers))
	for n < len(numbers) && numbers[n] == numbers[n-1]+1 {
		n++
	}
	return n
}

// piece returns how many of the numbers, from the first on, one statement is
// for, and whether they are a stretch.
func piece(numbers []id.Contact) (n int, unbroken bool) {
	if n = unbrokenRun(numbers); n >= leastStretch {
		return n, true
	}
	for n < min(len(numbers), mostApart) {
		next := unbrokenRun(numbers[n:])
		if next >= leastStretch {
			return n, false
		}
		n += next
	}
	return min(n, mostApart), false
}

// exactly appends statements that meet the contacts and nobody else. The text
// ends where the condition is to follow, whose marks come after those of args.
func (tx *Tx) exactly(to []sqldb.Statement, column string, contacts []id.Contact, text string, args ...any) []sqldb.Statement {
	for len(contacts) > 0 {
		n, unbroken := piece(contacts)
		s := sqldb.Statement{Args: slices.Clip(args)}
		if unbroken {
			s.SQL = text + between(column, len(args)+1)
			s.Args = append(s.Args, int64(contacts[0]), int64(contacts[n-1]))
		} else {
			s.SQL = text + tx.d.AmongOrdered(column, "$"+strconv.Itoa(len(args)+1))
			s.Args = append(s.Args, tx.d.Numbers(whole(contacts[:n])))
		}
		to, contacts = append(to, s), contacts[n:]
	}
	return to
}

// dense reports whether at least every other number from the first to the last
// is one of the contacts. Then reading all costs less than looking for some.
func dense(contacts []id.Contact) bool {
	return len(contacts) > 0 && int64(contacts[len(contacts)-1]-contacts[0]) < 2*int64(len(contacts))
}

// readOf reads rows of contacts, which come in the order of the contacts'
// numbers. Text and end stand before and after the condition, whose marks come
// after those of args. whose says which contact a row is about.
func readOf[T any](ctx context.Context, tx *Tx, column string, contacts []id.Contact, text, end string, args []any,
	scan func(sqldb.Rows) (T, error), whose func(T) id.Contact,
) ([]T, error) {
	mark := len(args) + 1
	if !dense(contacts) {
		var all []T
		for piece := range slices.Chunk(contacts, mostApart) {
			rows, err := tx.q.Query(ctx, text+tx.d.AmongOrdered(column, "$"+strconv.Itoa(mark))+end,
				append(slices.Clip(args), tx.d.Numbers(whole(piece)))...)
			if err != nil {
				return nil, err
			}
			some, err := scanAll(rows, scan)
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
		}
		return all, nil
	}
	rows, err := tx.q.Query(ctx, text+between(column, mark)+end,
		append(slices.Clip(args), int64(contacts[0]), int64(contacts[len(contacts)-1]))...)
	if err != nil {
		return nil, err
	}
	all, err := scanAll(rows, scan)
	rest := contacts
	return slices.DeleteFunc(all, func(row T) bool {
		for len(rest) > 0 && rest[0] < whose(row) {
			rest = rest[1:]
		}
		return len(rest) == 0 || rest[0] != whose(row)
	}), err
}
