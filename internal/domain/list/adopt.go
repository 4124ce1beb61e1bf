package list

import (
	"context"
	"errors"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/account"
)

// Adopt returns the list here that stands for one of another server: that with
// its UID, else that with its name, else a new one that is like it. A list that
// was deleted here does not come back: the result is then not there. It fails
// with ErrLimit.
func Adopt(ctx context.Context, tx Tx, who account.Actor, there List) (here List, found bool, err error) {
	active, err := tx.LockLists(ctx, who.Account)
	if err != nil {
		return List{}, false, err
	}
	here, err = tx.ListByRef(ctx, who.Account, id.Ref[id.List]{UID: there.UID}, NoMembers)
	if err == nil {
		return here, here.DeletedAt.IsZero(), nil
	}
	if !errors.Is(err, fault.ErrNotFound) {
		return List{}, false, err
	}
	named, err := tx.ListPage(ctx, who.Account, Filter{Name: there.Name}, page.Request{Limit: 1})
	if err != nil {
		return List{}, false, err
	}
	if len(named.Items) > 0 {
		return named.Items[0], true, nil
	}
	if active >= MaxLists {
		return List{}, false, ErrLimit
	}
	l := there
	if l.ID, err = tx.TakeListNumber(ctx, who.Account); err != nil {
		return List{}, false, err
	}
	if err := tx.InsertList(ctx, who.Account, l); err != nil {
		return List{}, false, err
	}
	return l, true, tx.RecordChange(ctx, who.Account, who.Origin(), change.Row{Kind: change.ListCreated, Ref: int64(l.ID)})
}
