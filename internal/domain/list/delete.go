package list

import (
	"context"

	"kith/internal/base/change"
	"kith/internal/base/id"
)

// Deleting a list is bulk work: it is marked first and is gone for everybody
// from then on; then its members are taken off it in batches, each a unit of
// work of its own. Both steps may run twice.

// MarkDeleted marks a list as deleted, within the caller's unit of work. It
// fails with fault.ErrNotFound where there is no such list or none any more,
// and with ErrLast.
func MarkDeleted(ctx context.Context, tx Tx, a id.Account, ref id.Ref[id.List], by change.Origin) (List, error) {
	active, err := tx.LockLists(ctx, a)
	if err != nil {
		return List{}, err
	}
	l, err := held(ctx, tx, a, ref)
	if err != nil {
		return List{}, err
	}
	if active <= 1 {
		return List{}, ErrLast
	}
	l.DeletedAt, l.UpdatedAt = tx.Now(), tx.Now()
	if err := tx.UpdateList(ctx, a, l); err != nil {
		return List{}, err
	}
	return l, tx.RecordChange(ctx, a, by, change.Row{Kind: change.ListDeleted, Ref: int64(l.ID)})
}

// RemoveMembers takes at most limit contacts off a list, within the caller's
// unit of work, and leaves one packed row that names them. It returns how many
// there were; fewer than limit mean that the list is empty.
func RemoveMembers(ctx context.Context, tx Tx, a id.Account, l id.List, limit int, by change.Origin) (int, error) {
	gone, err := tx.RemoveMembers(ctx, a, l, limit)
	if err != nil || len(gone) == 0 {
		return 0, err
	}
	members := make([]int64, len(gone))
	for i, c := range gone {
		members[i] = int64(c)
	}
	return len(gone), tx.RecordChange(ctx, a, by, change.Row{
		Kind: change.MembershipRemoved, Members: members, Detail: change.Detail{Lists: []id.List{l}},
	})
}
