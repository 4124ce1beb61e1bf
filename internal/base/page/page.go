// Package page says how a part of a long list is asked for and answered. A
// position is the key of the last row seen, never an offset; how it looks on
// the wire is an edge's business.
package page

// Request asks for at most Limit rows after the position After.
type Request struct {
	Limit int
	// After is the number (or time and number) of the last row of the page
	// before; the zero value asks for the first page.
	After Position
	// Count asks for the total of rows that match as well.
	Count bool
}

// Position is where a page ended. A list sorted by number alone leaves Time
// at zero; one sorted by text uses Text.
type Position struct {
	Time   int64
	Text   string
	Number int64
}

// IsZero reports whether the position is the beginning.
func (p Position) IsZero() bool { return p == Position{} }

// Of is one page of a list.
type Of[T any] struct {
	Items []T
	// Next is where the following page begins; zero on the last page.
	Next Position
	// Total is the number of rows on all pages, or -1 when not asked for.
	Total int64
}
