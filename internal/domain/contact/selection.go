package contact

import (
	"context"
	"time"

	"kith/internal/base/id"
)

// Limits of selections (v3 contract, the schemas of bulk activities).
const (
	MaxSelected      = 500 // contacts named one by one
	MaxSelectedLists = 50
	MaxSelectedTags  = 50
	// MaxExcluded bounds the contacts that are left out. The contract says
	// nothing of it.
	MaxExcluded = 10_000
	// NewSubscriberDays is for how long a contact is a new subscriber.
	NewSubscriberDays = 30
)

// Selection says which contacts bulk work or an export concerns: those of one
// source, less some. The zero value means nobody.
type Selection struct {
	// Exactly one of these is the source.

	// Contacts are named one by one.
	Contacts []id.Ref[id.Contact]
	// Lists and Tags mean whoever is on any of the lists or wears any of the
	// tags.
	Lists []id.Ref[id.List]
	Tags  []id.Ref[id.Tag]
	// AllActive means everybody who may be mailed.
	AllActive bool
	// NewSubscribers means who may be mailed and opted in during the last 30
	// days before At.
	NewSubscribers bool
	// Engagement is a word for how much contacts do with what they are sent.
	Engagement string
	Segment    id.Segment
	// Filter means whoever meets it; its order does not matter.
	Filter *Filter

	// Statuses bounds any source but Filter, which has its own. Zero means
	// what the source does by itself: everybody who is not deleted, or who
	// may be mailed.
	Statuses Statuses
	// Except are left out.
	Except []id.Ref[id.Contact]
	// At is the moment by which sources that look back are understood. Who
	// keeps a selection sets it, so that a later reading agrees.
	At time.Time
}

// Sources is how many sources are set.
func (s Selection) Sources() int {
	n := 0
	for _, set := range []bool{
		s.Contacts != nil, s.Lists != nil, s.Tags != nil, s.AllActive, s.NewSubscribers, s.Engagement != "", s.Segment != 0,
		s.Filter != nil,
	} {
		if set {
			n++
		}
	}
	return n
}

// SelectTx is what bulk work and exports ask of the store.
type SelectTx interface {
	// ContactRefs returns both names of those contacts that exist, also of
	// deleted ones, in any order.
	ContactRefs(ctx context.Context, account id.Account, refs []id.Ref[id.Contact]) ([]id.Ref[id.Contact], error)
	// SelectContacts returns the numbers of the next limit contacts of a
	// selection, in their order, each once. Names in the selection that stand
	// for nothing match nobody.
	SelectContacts(ctx context.Context, account id.Account, s Selection, after id.Contact, limit int) ([]id.Contact, error)
	// CountSelected returns how many there are.
	CountSelected(ctx context.Context, account id.Account, s Selection) (int64, error)
}
