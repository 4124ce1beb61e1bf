package activity

import (
	"context"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/base/task"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/domain/segment"
)

// Store opens units of work.
type Store interface {
	Within(ctx context.Context, fn func(context.Context, Tx) error) error
	// Bulk is Within for batches that are done again when a loss of power has
	// taken the last ones.
	Bulk(ctx context.Context, fn func(context.Context, Tx) error) error
	View(ctx context.Context, fn func(context.Context, Tx) error) error
	// Now is the present.
	Now() time.Time
	// ContactNumbers and UploadNumber return numbers that nothing has or will
	// have, n of them from the first on. They are asked for outside of units of
	// work.
	ContactNumbers(ctx context.Context, account id.Account, n int) (first id.Contact, err error)
	UploadNumber(ctx context.Context, account id.Account) (id.Blob, error)
	// OneWriter says that everybody waits while a unit of work writes.
	OneWriter() bool
}

// Tx is what activities ask of the store within a unit of work. A missing row
// is fault.ErrNotFound.
type Tx interface {
	list.Tx
	contact.BulkTx
	contact.GroupTx
	contact.SelectTx
	contact.RecordTx

	// Hold fails with task.ErrLost where the lease is another's.
	Hold(ctx context.Context, l task.Lease) error
	// Wake hurries those who do a kind of work, after the commit.
	Wake(kind string)

	// SegmentByID returns a segment, also a deleted one.
	SegmentByID(ctx context.Context, account id.Account, number id.Segment) (segment.Segment, error)
	AllFields(ctx context.Context, account id.Account) ([]contact.Field, error)
	PresentLists(ctx context.Context, account id.Account, refs []id.Ref[id.List]) ([]id.Ref[id.List], error)
	Counted(ctx context.Context, account id.Account, what change.Tally, ref int64) (int64, error)

	// DropTag and DropField forget a tag or a custom field, which is gone for
	// everybody from then on; ClearTag and ClearField drop at most limit of
	// the rows that are left of it, and return how many, and whether there are
	// more.
	DropTag(ctx context.Context, account id.Account, t id.Tag) error
	DropField(ctx context.Context, account id.Account, f id.Field) error
	ClearTag(ctx context.Context, account id.Account, t id.Tag, limit int) (n int64, left bool, err error)
	ClearField(ctx context.Context, account id.Account, f id.Field, limit int) (n int64, left bool, err error)

	// LockActivities makes other units that begin activities wait until this
	// one has ended, and returns how many of the account have not ended.
	LockActivities(ctx context.Context, account id.Account) (open int, err error)
	TakeActivityNumber(ctx context.Context, account id.Account) (id.Activity, error)
	InsertActivity(ctx context.Context, account id.Account, a Activity) error
	// ActivityByRef returns an activity; HoldActivity keeps others from
	// changing it until the unit of work has ended.
	ActivityByRef(ctx context.Context, account id.Account, ref id.Ref[id.Activity]) (Activity, error)
	HoldActivity(ctx context.Context, account id.Account, ref id.Ref[id.Activity]) (Activity, error)
	// UpdateActivity keeps state, position, progress and times.
	UpdateActivity(ctx context.Context, account id.Account, a Activity) error
	// ActivityPage returns activities, the newest first.
	ActivityPage(ctx context.Context, account id.Account, f Filter, r page.Request) (page.Of[Activity], error)
	// OpenActivities returns those that have not ended, the oldest first, of
	// all accounts.
	OpenActivities(ctx context.Context, limit int) ([]Item, error)

	InsertRejects(ctx context.Context, account id.Account, activity id.Activity, all []Reject) error
	// RejectPage returns the rejects of an activity in the order of the file.
	RejectPage(ctx context.Context, account id.Account, activity id.Activity, r page.Request) (page.Of[Reject], error)

	InsertUpload(ctx context.Context, account id.Account, u Upload) error
	UploadByRef(ctx context.Context, account id.Account, ref id.Ref[id.Blob]) (Upload, error)
	// UploadReaders counts the activities that read an upload and have not
	// ended.
	UploadReaders(ctx context.Context, account id.Account, upload id.Blob) (int, error)
	DeleteUpload(ctx context.Context, account id.Account, upload id.Blob) error
	// ExportKept reports whether a blob is the file of an export that is being
	// written or was finished after a time.
	ExportKept(ctx context.Context, account id.Account, blob id.Blob, after time.Time) (bool, error)
	// DropUploads forgets uploads of all accounts that were made before a time
	// and that no open activity reads.
	DropUploads(ctx context.Context, before time.Time) error
}

// Item names an activity that is to be worked on.
type Item struct {
	Account  id.Account
	Activity id.Activity
}

// Filter says which activities a page shows.
type Filter struct {
	// State is a whole word; empty means any.
	State State
	// Kinds are the kinds meant; none means any.
	Kinds []Kind
}
