package form

import (
	"context"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
)

// Store opens units of work.
type Store interface {
	Within(ctx context.Context, fn func(context.Context, Tx) error) error
	View(ctx context.Context, fn func(context.Context, Tx) error) error
	// Now is the present.
	Now() time.Time
}

// Tx is what forms ask of the store within a unit of work. A missing row is
// fault.ErrNotFound.
type Tx interface {
	Now() time.Time
	UID() id.UID

	AccountByID(ctx context.Context, account id.Account) (account.Account, error)

	// LockForms makes other units that decide how many forms there may be wait
	// until this one has ended, and returns how many are there.
	LockForms(ctx context.Context, account id.Account) (int, error)
	TakeFormNumber(ctx context.Context, account id.Account) (id.Form, error)
	InsertForm(ctx context.Context, account id.Account, f Form) error
	UpdateForm(ctx context.Context, account id.Account, f Form) error
	DeleteForm(ctx context.Context, account id.Account, number id.Form) error
	// FormByUID returns a form; its lists and custom fields have their names
	// alone, also where they are gone by now.
	FormByUID(ctx context.Context, account id.Account, uid id.UID) (Form, error)
	// HoldForm is FormByUID; others that would change the form wait until this
	// unit of work has ended.
	HoldForm(ctx context.Context, account id.Account, uid id.UID) (Form, error)
	// FormPage returns forms in the order of their numbers.
	FormPage(ctx context.Context, account id.Account, r page.Request) (page.Of[Form], error)
	// FindForm returns a form and whose it is. It alone is not told an
	// account: the address of a form's page names none.
	FindForm(ctx context.Context, uid id.UID) (id.Account, Form, error)

	// ListsByRef returns those of the lists that are there, in any order.
	ListsByRef(ctx context.Context, account id.Account, refs []id.Ref[id.List]) ([]list.List, error)
	// FieldsByRef returns those of the custom fields that are there.
	FieldsByRef(ctx context.Context, account id.Account, refs []id.Ref[id.Field]) ([]contact.Field, error)

	// CountedAll returns the kept counts of a kind, by what they count.
	CountedAll(ctx context.Context, account id.Account, what change.Tally) (map[int64]int64, error)
	RecordChange(ctx context.Context, account id.Account, by change.Origin, rows ...change.Row) error
}
