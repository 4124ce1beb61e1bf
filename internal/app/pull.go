package app

import (
	"context"

	"kith/internal/domain/account"
	"kith/internal/domain/pull"
	"kith/internal/outbound/source"
)

// PullFrom says which server an account is copied from, and who hears of it.
type PullFrom struct {
	Server, Token string
	// Rate is how many calls a second the server gets; zero sets no bound.
	Rate     float64
	Progress func(pull.State)
	Refused  func(reason string)
}

// Look tells what another server has to copy.
func Look(ctx context.Context, from PullFrom) (pull.Summary, error) {
	s, err := source.New(source.Options{Server: from.Server, Token: from.Token, Rate: from.Rate})
	if err != nil {
		return pull.Summary{}, err
	}
	defer s.Close()
	return pull.Look(ctx, pull.Options{Source: s})
}

// Pull copies another server's account into that of an owner here, or goes on
// with it.
func (d *Desk) Pull(ctx context.Context, operation, owner string, from PullFrom) (pull.State, error) {
	by := Operator(operation)
	a, err := d.Accounts.AccountOf(ctx, by, owner)
	if err != nil {
		return pull.State{}, err
	}
	if err := a.Usable(); err != nil {
		return pull.State{}, err
	}
	s, err := source.New(source.Options{Server: from.Server, Token: from.Token, Rate: from.Rate})
	if err != nil {
		return pull.State{}, err
	}
	defer s.Close()
	by.Account, by.Role = a.ID, account.Owner
	by.Operation = operation + " from " + s.Name()
	return pull.Run(ctx, by, pull.Options{Store: d.Store.Pulls(), Source: s, Progress: from.Progress, Refused: from.Refused})
}
