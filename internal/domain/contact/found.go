package contact

import (
	"context"
	"fmt"

	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/account"
	"kith/internal/domain/list"
)

// FirstList is the name of the list that a new account begins with.
const FirstList = "General Interest"

// Founder furnishes new accounts: the owner becomes the first contact, on the
// one list there is. They agree by signing up, so the permission is implicit.
func (s *Service) Founder() account.Founder { return founder{s.store} }

type founder struct{ store Store }

// Prepare takes the contact's number.
func (f founder) Prepare(ctx context.Context, number id.Account) (account.Found, error) {
	first, err := f.store.ContactNumber(ctx, number)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, tx account.Tx, a account.Account, owner account.User, by account.Actor) error {
		kept, ok := tx.(interface {
			Tx
			list.Tx
		})
		if !ok {
			return fmt.Errorf("contact: %T keeps no contacts", tx)
		}
		l, err := list.Insert(ctx, kept, by, list.Input{Name: FirstList})
		if err != nil {
			return err
		}
		_, err = Insert(ctx, kept, by, first, ownChange(a, owner, l.Ref()))
		return err
	}, nil
}

// ownChange is an account's owner as a contact.
func ownChange(a account.Account, owner account.User, on id.Ref[id.List]) Change {
	company := []rune(a.Organization)
	ch := Change{
		Source:      opt.Some(SourceAccount),
		Email:       opt.Some(EmailInput{Address: owner.Email.String()}),
		FirstName:   opt.Some(owner.FirstName),
		LastName:    opt.Some(owner.LastName),
		CompanyName: opt.Some(string(company[:min(len(company), MaxName)])), // an organization's name may be longer
		Lists:       opt.Some([]id.Ref[id.List]{on}),
	}
	if owner.Phone != "" {
		ch.Phones = opt.Some([]PhoneInput{{Number: owner.Phone, Kind: Work}})
	}
	return ch
}
