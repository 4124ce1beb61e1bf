package account

import (
	"context"
	"errors"

	"kith/internal/base/email"
	"kith/internal/base/fault"
)

// RequestReset sends a link for a new password to a user's address. It answers
// nil whether there is such a user or not, and does as much in either case; it
// fails with ErrAttempts, or for a text that is no address.
func (s *Service) RequestReset(ctx context.Context, by Actor, address string) error {
	if err := s.o.Limiter.Post(ctx, by.Address); err != nil {
		return err
	}
	var p fault.Problems
	to := mailbox(&p, "email", address)
	if err := p.Err(); err != nil {
		return err
	}
	token := newToken()
	return s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		u, err := tx.UserByName(ctx, UsernameKey(to.String()))
		if errors.Is(err, fault.ErrNotFound) {
			// A link to nowhere, so that the clock does not tell either.
			return leaveLink(ctx, tx, Link{Kind: LinkReset, Email: to}, token, ResetFor)
		}
		if err != nil {
			return err
		}
		if recent, err := recently(ctx, tx, LinkReset, u); err != nil || recent {
			return err
		}
		l := Link{Kind: LinkReset, Account: u.Home, User: u.ID, Email: u.Email}
		if err := leaveLink(ctx, tx, l, token, ResetFor); err != nil {
			return err
		}
		return s.o.Mailer.Queue(ctx, tx, resetMail(u, s.linkURL(LinkReset, token), ResetFor))
	})
}

// recently reports whether a user was sent a link of this kind a moment ago.
func recently(ctx context.Context, tx Tx, kind LinkKind, u User) (bool, error) {
	open, err := tx.OpenLinks(ctx, kind, u.Home)
	if err != nil {
		return false, err
	}
	for _, l := range open {
		if l.User == u.ID && tx.Now().Sub(l.CreatedAt) < mailPause {
			return true, nil
		}
	}
	return false, nil
}

// Reset spends a link for a new password and ends everything that was signed
// in under the old one. It fails with ErrLink, or naming the field password.
func (s *Service) Reset(ctx context.Context, token, password string) (User, error) {
	l, err := s.CheckLink(ctx, LinkReset, token)
	if err != nil {
		return User{}, err
	}
	var p fault.Problems
	checkPassword(&p, "password", password, l.Email.String())
	if err := p.Err(); err != nil {
		return User{}, err
	}
	hash, err := s.gate.hash(ctx, password)
	if err != nil {
		return User{}, err
	}
	var u User
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		l, err := spendLink(ctx, tx, LinkReset, token)
		if err != nil {
			return err
		}
		u, err = setPassword(ctx, tx, l.User, hash)
		if errors.Is(err, fault.ErrNotFound) || errors.Is(err, ErrRevoked) {
			return ErrLink.Because(err)
		}
		return err
	})
	return u, err
}

// RequestConfirm sends the actor's user another mail to confirm the address. It
// does nothing where that is confirmed, or where a mail has just left.
func (s *Service) RequestConfirm(ctx context.Context, by Actor) error {
	token := newToken()
	return s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		u, _, _, err := member(ctx, tx, by.User, by.Account)
		if err != nil || !u.ConfirmedAt.IsZero() {
			return err
		}
		if recent, err := recently(ctx, tx, LinkConfirm, u); err != nil || recent {
			return err
		}
		return s.sendConfirm(ctx, tx, u, token)
	})
}

// sendConfirm leaves a link to confirm a user's address, and the mail with it.
func (s *Service) sendConfirm(ctx context.Context, tx Tx, u User, token string) error {
	l := Link{Kind: LinkConfirm, Account: u.Home, User: u.ID, Email: u.Email, CreatedBy: u.ID}
	if err := leaveLink(ctx, tx, l, token, ConfirmFor); err != nil {
		return err
	}
	return s.o.Mailer.Queue(ctx, tx, confirmMail(u, s.linkURL(LinkConfirm, token), ConfirmFor))
}

// ConfirmEmail spends a link by which a user proves to read mail at their
// address. It fails with ErrLink, also where the address is another by now.
func (s *Service) ConfirmEmail(ctx context.Context, token string) (email.Address, error) {
	var confirmed email.Address
	err := s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		l, err := spendLink(ctx, tx, LinkConfirm, token)
		if err != nil {
			return err
		}
		u, err := tx.UserByID(ctx, l.User)
		if err != nil {
			return err
		}
		if u.Email != l.Email || !u.RemovedAt.IsZero() {
			return ErrLink
		}
		confirmed = u.Email
		u.ConfirmedAt, u.UpdatedAt = tx.Now(), tx.Now()
		if err := tx.UpdateUser(ctx, u); err != nil {
			return err
		}
		_, err = confirmSender(ctx, tx, u.Home, u.Email)
		return err
	})
	return confirmed, err
}
