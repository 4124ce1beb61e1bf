package segment

import (
	"context"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/contact"
)

// Limits of segments; the contract names none.
const (
	// MaxName is the longest name, in characters.
	MaxName = 255
	// MaxPage is how many segments a page may hold (v3 contract, GET
	// /segments).
	MaxPage = 1000
	// MaxSample is how many contacts a preview shows.
	MaxSample = 50
)

// ErrNameTaken is a name that another segment has, compared without case.
var ErrNameTaken = fault.New(fault.Conflict, fault.CodeSegmentTaken, "Another segment has this name.")

// Segment is a condition that an account keeps under a name. Who meets it is
// found each time anew.
type Segment struct {
	ID   id.Segment
	Name string
	// Text is the criteria's JSON as it is answered.
	Text string
	// Draft is what the text says. It was checked when it was kept.
	Draft     Draft
	CreatedAt time.Time
	// EditedAt is when the name or the criteria last changed.
	EditedAt time.Time
	// DeletedAt is zero while the segment is there. A deleted one can still be
	// read by its id, for the history of what was sent to it.
	DeletedAt time.Time
}

// Input is a segment as its owner writes it.
type Input struct {
	Name  string
	Text  string
	Draft Draft
}

// Order is how segments follow each other on pages.
type Order uint8

// The orders.
const (
	EditedLast Order = iota // the newest change first
	ByName
)

// Preview is who meets criteria.
type Preview struct {
	// Count is how many contacts do, Active how many of them may be mailed.
	Count, Active int64
	// Sample are some of them, in the order of their numbers.
	Sample []contact.Contact
}

// Store opens units of work.
type Store interface {
	Within(ctx context.Context, fn func(context.Context, Tx) error) error
	View(ctx context.Context, fn func(context.Context, Tx) error) error
	// Now is the present, for what is checked before a unit of work.
	Now() time.Time
}

// Tx is what segments ask of the store within a unit of work. A missing row is
// fault.ErrNotFound.
type Tx interface {
	Now() time.Time
	// FieldsByRef returns those of the custom fields that exist.
	FieldsByRef(ctx context.Context, account id.Account, refs []id.Ref[id.Field]) ([]contact.Field, error)

	// TakeSegmentNumber returns a number that no segment has or will have.
	TakeSegmentNumber(ctx context.Context, account id.Account) (id.Segment, error)
	// InsertSegment and UpdateSegment fail with ErrNameTaken, also where
	// another unit of work takes the name at the same time.
	InsertSegment(ctx context.Context, account id.Account, s Segment) error
	UpdateSegment(ctx context.Context, account id.Account, s Segment) error
	// SegmentByID returns a segment, also a deleted one. HoldSegment is the
	// same, and others that would change it wait until this unit has ended.
	SegmentByID(ctx context.Context, account id.Account, number id.Segment) (Segment, error)
	HoldSegment(ctx context.Context, account id.Account, number id.Segment) (Segment, error)
	// SegmentPage returns segments that are there, without their criteria.
	SegmentPage(ctx context.Context, account id.Account, o Order, r page.Request) (page.Of[Segment], error)
	// PreviewCriteria counts who meets criteria, and reads the first of them.
	PreviewCriteria(ctx context.Context, account id.Account, c Criteria, sample int) (Preview, error)

	RecordChange(ctx context.Context, account id.Account, by change.Origin, rows ...change.Row) error
}
