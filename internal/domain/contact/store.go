package contact

import (
	"context"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/base/phone"
)

// Store opens units of work.
type Store interface {
	Within(ctx context.Context, fn func(context.Context, Tx) error) error
	View(ctx context.Context, fn func(context.Context, Tx) error) error
	// Now is the present, for what is checked before a unit of work.
	Now() time.Time
	// ContactNumber returns a number that no contact has or will have. It is
	// asked for before the unit of work that uses it.
	ContactNumber(ctx context.Context, account id.Account) (id.Contact, error)
}

// Tx is what contacts ask of the store within a unit of work. A missing row is
// fault.ErrNotFound.
type Tx interface {
	SelectTx
	AskTx
	SelfTx
	EraseTx
	DataTx
	OfferTx

	Now() time.Time
	UID() id.UID

	// PresentLists, TagRefs and FieldsByRef return those of the things asked
	// for that exist, in any order; a deleted list does not exist.
	// PresentLists and TagRefs see to it that none of them is deleted before
	// this unit of work has ended.
	PresentLists(ctx context.Context, account id.Account, refs []id.Ref[id.List]) ([]id.Ref[id.List], error)
	TagRefs(ctx context.Context, account id.Account, refs []id.Ref[id.Tag]) ([]id.Ref[id.Tag], error)
	FieldsByRef(ctx context.Context, account id.Account, refs []id.Ref[id.Field]) ([]Field, error)

	// ContactByRef returns a contact, also a deleted one.
	ContactByRef(ctx context.Context, account id.Account, ref id.Ref[id.Contact], include Include) (Contact, error)
	// HoldContact is ContactByRef with everything included; other units that
	// would change the contact wait until this one has ended.
	HoldContact(ctx context.Context, account id.Account, ref id.Ref[id.Contact]) (Contact, error)
	// ContactAside returns what versions 1 and 2 know of a contact alone.
	ContactAside(ctx context.Context, account id.Account, contact id.Contact) (Aside, error)
	// ContactByAddress returns the contact that has an address, also a
	// deleted one, without sub-resources.
	ContactByAddress(ctx context.Context, account id.Account, address email.Address) (Contact, error)
	// ContactBySMS returns the contact that has a number for short messages,
	// also a deleted one, without sub-resources.
	ContactBySMS(ctx context.Context, account id.Account, number phone.Number) (Contact, error)
	// SMSHistory returns what happened to the number of a contact, the newest
	// first.
	SMSHistory(ctx context.Context, account id.Account, contact id.Contact, limit int) ([]SMSEntry, error)
	// ContactPage returns contacts in the order of the filter.
	ContactPage(ctx context.Context, account id.Account, f Filter, include Include, r page.Request) (page.Of[Contact], error)
	// ContactHistory returns what happened to a contact, alone or in a batch,
	// the newest first; of one unit of work, permissions before the rest.
	ContactHistory(ctx context.Context, account id.Account, contact id.Contact, r page.Request) (page.Of[HistoryEntry], error)

	// Count moves a kept count; Counted returns one.
	Count(ctx context.Context, account id.Account, what change.Tally, ref, amount int64) error
	Counted(ctx context.Context, account id.Account, what change.Tally, ref int64) (int64, error)

	// WriteContact keeps what was decided about one contact. It fails with
	// ErrAddressTaken or ErrSMSTaken, without detail, and where the address of
	// a new contact was erased; after which the unit of work must fail too.
	WriteContact(ctx context.Context, account id.Account, by change.Origin, w Write) error

	// LockFields and LockTags make other units that decide how many there may
	// be wait, and return how many there are.
	LockFields(ctx context.Context, account id.Account) (int, error)
	LockTags(ctx context.Context, account id.Account) (int, error)
	TakeFieldNumber(ctx context.Context, account id.Account) (id.Field, error)
	TakeTagNumber(ctx context.Context, account id.Account) (id.Tag, error)
	// InsertField fails with ErrLabelTaken, InsertTag with ErrTagTaken.
	InsertField(ctx context.Context, account id.Account, f Field) error
	InsertTag(ctx context.Context, account id.Account, t Tag) error
	// UpdateTag fails with ErrTagTaken, UpdateField with ErrLabelTaken.
	UpdateTag(ctx context.Context, account id.Account, t Tag) error
	UpdateField(ctx context.Context, account id.Account, f Field) error
	// CountedAll returns the kept counts of a kind, by what they count.
	CountedAll(ctx context.Context, account id.Account, what change.Tally) (map[int64]int64, error)
	// AllFields and AllTags return what an account has, in the order of their
	// numbers.
	AllFields(ctx context.Context, account id.Account) ([]Field, error)
	AllTags(ctx context.Context, account id.Account) ([]Tag, error)

	RecordChange(ctx context.Context, account id.Account, by change.Origin, rows ...change.Row) error
	RecordConsent(ctx context.Context, account id.Account, by change.Origin, entries ...Entry) error
}

// Write is all that one decision changes: the contact's own row, the rows
// beside it, and what is left behind about it. The store keeps it in one go.
type Write struct {
	// Contact is the contact's own row as it is to be, with phones and
	// addresses; its other sub-resources are not looked at.
	Contact Contact
	// New says that the contact was not there before.
	New bool

	Join, Leave []id.List
	Tag, Untag  []id.Tag
	// SetFields are values in their stored form; ClearFields are emptied.
	SetFields   []StoredValue
	ClearFields []id.Field
	// PutNotes are new or have another content; DropNotes go.
	PutNotes  []Note
	DropNotes []id.UID
	// SMS is the number for short messages as it is to be, where it changes.
	SMS        *SMS
	NewSMS     bool // there was none before
	SMSEntries []SMSEntry
	// Aside is what versions 1 and 2 know alone, where it changes.
	Aside *Aside

	// Welcomed says that the contact gets a welcome mail, and never again.
	Welcomed bool

	// Erased says that the address of a new contact is known to have been of
	// somebody who was erased. That is forgotten then: the contact stands for
	// it. Without it, such a write fails.
	Erased bool

	Entries []Entry
	Changes []change.Row
	Counts  []change.Count
}

// StoredValue is a custom field's value as it is kept: plain text, of choices
// their ids in ascending order with commas between.
type StoredValue struct {
	Field id.Field
	Text  string
}
