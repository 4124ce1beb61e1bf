package contact

import (
	"context"

	"kith/internal/base/change"
	"kith/internal/base/id"
)

// OptOutTold takes a contact off every list and keeps them from being mailed,
// as OptOut does, where a mail program or a provider passed on that they want
// no more. It runs in the caller's unit of work. The reason stands in the
// ledger. Who has opted out already is left as they are; a contact who is not
// there is fault.ErrNotFound.
func OptOutTold(ctx context.Context, tx Tx, a id.Account, number id.Contact, by change.Origin, reason string) error {
	was, err := tx.HoldContact(ctx, a, id.Ref[id.Contact]{Number: number})
	if err != nil || was.Email.Permission == Unsubscribed && was.Email.OptedOut() {
		return err
	}
	next, _, err := decideOptOut(tx, a, was, reason)
	if err != nil || next.write.Contact.ID == 0 {
		return err
	}
	return tx.WriteContact(ctx, a, by, next.write)
}
