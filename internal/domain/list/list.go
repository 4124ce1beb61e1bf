// Package list holds contact lists: their names, how many there may be, and
// how many members they have. Who is on a list is the business of package
// contact.
package list

import (
	"context"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/page"
)

// Limits (v3 contract, ListInput and GET /contact_lists; v3-guide 4.7).
const (
	// MaxLists is how many lists an account may have that are not deleted.
	MaxLists = 1000
	// MaxName is the longest name, in characters.
	MaxName = 255
	// MaxDescription is ours: the contract names none.
	MaxDescription = 1000
	// MaxXrefs bounds one question for cross-references.
	MaxXrefs = 500
	// MaxSearch bounds a search, in characters.
	MaxSearch = 100
)

// Faults of lists.
var (
	// ErrNameTaken is a name that another list has, compared without case.
	ErrNameTaken = fault.New(fault.Conflict, fault.CodeListTaken, "Another list has this name.")
	// ErrLimit is one list too many.
	ErrLimit = fault.New(fault.Conflict, fault.CodeListLimit, "An account may have 1,000 lists.")
	// ErrLast is the attempt to delete the only list.
	ErrLast = fault.New(fault.Conflict, fault.CodeListLast, "An account keeps at least one list.")
)

// List is a list of contacts.
type List struct {
	ID          id.List
	UID         id.UID
	Name        string
	Description string
	// Favorite pins the list in pages and pickers.
	Favorite bool
	// Hidden keeps the list from contacts who choose for themselves (v2
	// contract, list status HIDDEN).
	Hidden    bool
	CreatedAt time.Time
	UpdatedAt time.Time
	// DeletedAt is zero while the list is there.
	DeletedAt time.Time
	// Members is how many contacts are on it, of those that were asked for;
	// -1 where none were. Active is how many of them may be mailed, where both
	// counts were asked for, else -1.
	Members, Active int64
	// SMS is how many of the members have a number for short messages; -1
	// where that was not asked for.
	SMS int64
}

// Ref returns both names of the list.
func (l List) Ref() id.Ref[id.List] { return id.Ref[id.List]{Number: l.ID, UID: l.UID} }

// Input is a list as its owner writes it, always whole (v3 contract, PUT
// /contact_lists/{list_id}: what is left out is emptied).
type Input struct {
	Name        string
	Description string
	Favorite    bool
	// Hidden stays as it is where nothing is said of it: version 3 knows no
	// such thing.
	Hidden opt.Value[bool]
	// Keep leaves the description and the pin as they are, for versions that
	// know neither.
	Keep bool
}

// Members says which members are counted.
type Members uint8

// Which members are counted.
const (
	NoMembers     Members = iota // none: the count is -1
	AllMembers                   // all that are not deleted
	ActiveMembers                // those that may be mailed
	BothMembers                  // all, and apart those that may be mailed
)

// Status says which lists are meant.
type Status uint8

// Which lists are meant.
const (
	Active  Status = iota // those that are there
	Deleted               // those that were deleted
	Any                   // all of them
)

// Filter says which lists a page shows. The zero value shows all that are
// there, without counts.
type Filter struct {
	// Name is a whole name, compared without case; empty means any.
	Name string
	// Search is text that stands anywhere in the name, in any case.
	Search string
	Status Status
	// SMS asks for lists of the SMS channel: those on which somebody has a
	// number for short messages.
	SMS bool
	// UpdatedSince shows lists that were changed at that time or later.
	UpdatedSince time.Time
	// CountSMS asks for how many do, on each list of the SMS channel. It is
	// counted anew each time, at the cost of all such numbers of the account.
	CountSMS bool
	Members  Members
}

// Store opens units of work.
type Store interface {
	Within(ctx context.Context, fn func(context.Context, Tx) error) error
	View(ctx context.Context, fn func(context.Context, Tx) error) error
}

// Tx is what lists ask of the store within a unit of work. A missing row is
// fault.ErrNotFound.
type Tx interface {
	Now() time.Time
	UID() id.UID

	// LockLists makes other units that decide how many lists there may be
	// wait until this one has ended, and returns how many are there.
	LockLists(ctx context.Context, account id.Account) (active int, err error)
	// TakeListNumber returns a number that no list has or will have.
	TakeListNumber(ctx context.Context, account id.Account) (id.List, error)
	// InsertList and UpdateList fail with ErrNameTaken.
	InsertList(ctx context.Context, account id.Account, l List) error
	UpdateList(ctx context.Context, account id.Account, l List) error
	// ListByRef returns a list, also a deleted one.
	ListByRef(ctx context.Context, account id.Account, ref id.Ref[id.List], members Members) (List, error)
	// HoldList is ListByRef without counts; contacts that are being put on the
	// list, and others that would change it, wait until this unit of work has
	// ended.
	HoldList(ctx context.Context, account id.Account, ref id.Ref[id.List]) (List, error)
	// ListPage returns lists in the order of their numbers.
	ListPage(ctx context.Context, account id.Account, f Filter, r page.Request) (page.Of[List], error)
	// ListRefs returns both names of those lists that exist, deleted or not,
	// in the order of their numbers.
	ListRefs(ctx context.Context, account id.Account, numbers []id.List) ([]id.Ref[id.List], error)
	// RemoveMembers takes at most limit contacts off a list, moves the counts,
	// and returns whom it took.
	RemoveMembers(ctx context.Context, account id.Account, list id.List, limit int) ([]id.Contact, error)
	// RecordChange leaves rows that tell what happened.
	RecordChange(ctx context.Context, account id.Account, by change.Origin, rows ...change.Row) error
}
