package contact

import (
	"context"

	"kith/internal/base/id"
)

// Record is a contact as an export reads it: what is the same for many stands
// in it by number alone.
type Record struct {
	// Contact has no Fields and no UIDs of its lists and tags.
	Contact
	// Values are those of custom fields, in the order of the fields' numbers.
	Values []StoredValue
}

// RecordTx is what exports ask of the store beside a SelectTx.
type RecordTx interface {
	// Records returns contacts by their numbers, which are in order; one that
	// is not there is left out. Lists that are deleted may still be named.
	Records(ctx context.Context, account id.Account, numbers []id.Contact, include Include) ([]Record, error)
	// ListNames returns the names of lists by number, without those that are
	// deleted.
	ListNames(ctx context.Context, account id.Account) (map[id.List]string, error)
	AllFields(ctx context.Context, account id.Account) ([]Field, error)
	AllTags(ctx context.Context, account id.Account) ([]Tag, error)
}
