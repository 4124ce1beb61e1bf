package delivery

import (
	"context"

	"kith/internal/base/id"
	"kith/internal/domain/account"
)

// History tells what became of mails on their way. It is safe for concurrent
// use.
type History struct{ store Store }

// NewHistory returns the history that a store holds.
func NewHistory(s Store) *History { return &History{s} }

// Attempts returns a mail's attempts that did not end well, and the notices
// that came back for it, oldest first; none for a mail that is not there.
func (h *History) Attempts(ctx context.Context, who account.Actor, mail id.Mail) (all []Attempt, err error) {
	if err := who.May(account.AccountRead); err != nil {
		return nil, err
	}
	err = h.store.View(ctx, func(ctx context.Context, tx Tx) error {
		all, err = tx.Attempts(ctx, who.Account, mail)
		return err
	})
	return all, err
}

// Troubles returns the relays that are in trouble, by their names. They are the
// server's, and those of all accounts.
func (h *History) Troubles(ctx context.Context, who account.Actor) (all []RelayState, err error) {
	if err := who.May(account.AccountRead); err != nil {
		return nil, err
	}
	err = h.store.View(ctx, func(ctx context.Context, tx Tx) error {
		all, err = tx.RelayStates(ctx)
		return err
	})
	return all, err
}
