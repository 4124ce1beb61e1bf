package contact

import (
	"time"

	"kith/internal/base/id"
)

// Limits of filters (v3 contract, GET /contacts).
const (
	MaxFilterLists = 25
	MaxFilterTags  = 50
	// MaxSearch bounds a search, in characters.
	MaxSearch = 100
)

// Filter says which contacts a page shows: those that meet every part that is
// set, and within a part any of its values. The zero value shows all contacts
// that are not deleted.
type Filter struct {
	Statuses Statuses
	// Email is one whole address, in any case; what is not an address
	// matches nobody.
	Email string
	// Lists and Tags match nobody where they name only what does not exist.
	Lists []id.Ref[id.List]
	Tags  []id.Ref[id.Tag]
	// Segment is the segment whose criteria contacts meet; 0 means any. One
	// that does not exist, or was deleted, is fault.ErrNotFound.
	Segment id.Segment
	// Belonging asks whether contacts are on any list at all.
	Belonging Belonging
	// Addressed leaves out contacts without an address, whom versions 1 and 2
	// do not know.
	Addressed bool
	// SMS is where contacts stand with short messages; 0 means anywhere. Who
	// has no number is NotSet.
	SMS Statuses

	// The times bound from both sides without the bounds themselves; zero
	// times do not.
	UpdatedAfter, UpdatedBefore time.Time
	CreatedAfter, CreatedBefore time.Time
	OptOutAfter, OptOutBefore   time.Time

	// Search finds contacts whose address, first name or last name begins
	// with the text, without regard to case; of two words, the first begins
	// the first name and the second the last, or the other way round.
	Search string

	Order Order
}

// Belonging says whether a contact is on a list.
type Belonging uint8

// What may be asked of it.
const (
	Anywhere Belonging = iota // on a list or not
	OnSome                    // on one list at least
	OnNone
)

// Order is how contacts follow each other on pages.
type Order uint8

// The orders.
const (
	// Oldest is the order of numbers: as contacts were created, but for those
	// that several processes created at the same time.
	Oldest Order = iota
	// Newest is the reverse.
	Newest
	// UpdatedFirst and UpdatedLast sort by the time of the last change: the
	// oldest change first, and the newest first.
	UpdatedFirst
	UpdatedLast
)

// Statuses is a set of where contacts may stand: any of the permissions,
// and deleted. The zero value stands for all that are not deleted.
type Statuses uint16

// Sets of statuses.
const (
	StatusDeleted Statuses = 1 << 15
	StatusActive  Statuses = 1<<Implicit | 1<<Explicit
	StatusPresent Statuses = StatusActive | 1<<NotSet | 1<<Pending | 1<<TempHold | 1<<Unsubscribed
	StatusAll     Statuses = StatusPresent | StatusDeleted
)

// Of returns the set of one permission.
func (p Permission) status() Statuses { return 1 << p }

// ParseStatus reads a word of the contract's filter: all, active, deleted, or
// a permission.
func ParseStatus(word string) (Statuses, bool) {
	switch word {
	case "all":
		return StatusAll, true
	case "active":
		return StatusActive, true
	case "deleted":
		return StatusDeleted, true
	}
	p, ok := ParsePermission(word)
	return p.status(), ok
}

// Has reports whether the set holds all of the given.
func (s Statuses) Has(all Statuses) bool { return s&all == all }
