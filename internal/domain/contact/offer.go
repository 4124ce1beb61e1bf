package contact

import (
	"context"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
)

// OfferTx is what the offering of lists asks of the store.
type OfferTx interface {
	// Offers returns the lists that an account offers to its contacts, in the
	// order of their numbers.
	Offers(ctx context.Context, account id.Account) ([]id.List, error)
	// PutOffer offers a list, or does not any more.
	PutOffer(ctx context.Context, account id.Account, list id.List, on bool) error
}

// Offers returns the lists that the account offers to everybody on the pages of
// its contacts (OfferedLists), in the order of their numbers.
func (s *Service) Offers(ctx context.Context, who account.Actor) (all []id.List, err error) {
	if err := who.May(account.ListsRead); err != nil {
		return nil, err
	}
	err = s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		all, err = tx.Offers(ctx, who.Account)
		return err
	})
	return all, err
}

// Offer offers a list to contacts, or does not any more. Who is on it stays.
func (s *Service) Offer(ctx context.Context, who account.Actor, ref id.Ref[id.List], on bool, found fault.Problems) error {
	if err := who.May(account.ListsWrite); err != nil {
		return err
	}
	return s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		list, err := presentList(ctx, tx, who.Account, ref)
		if err != nil {
			return err
		}
		if err := found.Err(); err != nil {
			return err
		}
		return tx.PutOffer(ctx, who.Account, list, on)
	})
}
