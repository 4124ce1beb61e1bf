package account

import (
	"context"
	"slices"

	"kith/internal/base/fault"
)

// ErrPhysical is a physical address that is added to an account which has one.
var ErrPhysical = fault.New(fault.Conflict, fault.CodePhysical, "The account has a physical address already; replace it.")

var errNoPhysical = fault.ErrNotFound.Saying("The account has no physical address yet.")

// Physical returns where the actor's account is (v3 contract, GET
// /account/summary/physical_address); NotFound where nothing says so.
func (s *Service) Physical(ctx context.Context, by Actor) (PhysicalAddress, error) {
	a, err := s.Summary(ctx, by)
	if err == nil && a.Physical.IsZero() {
		err = errNoPhysical
	}
	return a.Physical, err
}

// AddPhysical gives the actor's account a physical address (v3 contract, POST
// /account/summary/physical_address). It fails with ErrPhysical where there is
// one, and with what is wrong with the address: the edge's findings first.
func (s *Service) AddPhysical(ctx context.Context, by Actor, in PhysicalAddress, problems fault.Problems) (PhysicalAddress, error) {
	return s.setPhysical(ctx, by, in, problems, func(a Account) error {
		if !a.Physical.IsZero() {
			return ErrPhysical
		}
		return nil
	})
}

// ReplacePhysical sets the whole physical address of the actor's account,
// whether there was one or not (v3 contract, PUT
// /account/summary/physical_address).
func (s *Service) ReplacePhysical(ctx context.Context, by Actor, in PhysicalAddress, problems fault.Problems) (PhysicalAddress, error) {
	return s.setPhysical(ctx, by, in, problems, func(Account) error { return nil })
}

func (s *Service) setPhysical(ctx context.Context, by Actor, in PhysicalAddress, problems fault.Problems, fits func(Account) error) (p PhysicalAddress, err error) {
	if err := by.May(AccountUpdate); err != nil {
		return PhysicalAddress{}, err
	}
	found := slices.Clone(problems)
	p = in.checked(&found, "")
	if err := found.Err(); err != nil {
		return PhysicalAddress{}, err
	}
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		a, err := tx.AccountByID(ctx, by.Account)
		if err != nil {
			return err
		}
		if err := fits(a); err != nil {
			return err
		}
		a.Physical, a.UpdatedAt = p, tx.Now()
		return tx.UpdateAccount(ctx, a)
	})
	return p, err
}
