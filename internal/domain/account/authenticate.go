package account

import (
	"context"
	"errors"

	"github.com/alexedwards/argon2id"

	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// Authenticate returns the user who bears this name and password. It fails with
// ErrCredentials, the same and as slowly for a wrong name as for a wrong
// password, and with ErrAttempts after too many failures. Of by, the address
// matters.
func (s *Service) Authenticate(ctx context.Context, by Actor, username, password string) (User, error) {
	t := Try{Kind: "signin", Subject: UsernameKey(username), Address: by.Address}
	var (
		u    User
		hash string
	)
	err := s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		var err error
		if u, err = tx.UserByName(ctx, UsernameKey(username)); err != nil {
			return err
		}
		hash, err = tx.PasswordHash(ctx, u.ID)
		return err
	})
	switch {
	case errors.Is(err, fault.ErrNotFound):
		u, hash = User{}, nobody
	case err != nil:
		return User{}, err
	}
	if err := s.verify(ctx, t, password, hash); err != nil {
		return User{}, err
	}
	return u, nil
}

// verify compares a password with a hash, and counts a failure.
func (s *Service) verify(ctx context.Context, t Try, password, hash string) error {
	if err := s.o.Limiter.Allow(ctx, t); err != nil {
		return err
	}
	if err := s.gate.enter(ctx); err != nil {
		return err
	}
	defer s.gate.leave()
	// Once more: many tries sent at once have waited at the gate together.
	if err := s.o.Limiter.Allow(ctx, t); err != nil {
		return err
	}
	match := false
	if len(password) <= MaxPassword*4 { // bytes; a longer one is nobody's
		var err error
		if match, err = argon2id.ComparePasswordAndHash(password, hash); err != nil {
			return err
		}
	}
	if match {
		return nil
	}
	if err := s.o.Limiter.Failed(ctx, t); err != nil {
		return err
	}
	return ErrCredentials
}

// ChangePassword gives the actor's user another password. Everything that was
// signed in under the old one is not any more: a caller that wants to stay in
// takes the stamp of the user returned. It fails with ErrCredentials when
// current is wrong.
func (s *Service) ChangePassword(ctx context.Context, by Actor, current, password string) (User, error) {
	var (
		u       User
		oldHash string
	)
	err := s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		var err error
		if u, err = tx.UserByID(ctx, by.User); err != nil {
			return err
		}
		oldHash, err = tx.PasswordHash(ctx, by.User)
		return err
	})
	if err != nil {
		return User{}, err
	}
	var p fault.Problems
	checkPassword(&p, "password", password, u.Username)
	if err := p.Err(); err != nil {
		return User{}, err
	}
	t := Try{Kind: "signin", Subject: UsernameKey(u.Username), Address: by.Address}
	if err := s.verify(ctx, t, current, oldHash); err != nil {
		if errors.Is(err, ErrCredentials) {
			return User{}, ErrCredentials.With(fault.Problem{Path: "current_password", Code: "field.wrong", Message: "is wrong"})
		}
		return User{}, err
	}
	hash, err := s.gate.hash(ctx, password)
	if err != nil {
		return User{}, err
	}
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		u, err = setPassword(ctx, tx, by.User, hash)
		return err
	})
	return u, err
}

// setPassword writes a new password and ends what was let in under the old.
func setPassword(ctx context.Context, tx Tx, user id.User, hash string) (User, error) {
	if err := tx.BumpCredentials(ctx); err != nil {
		return User{}, err
	}
	u, err := tx.UserByID(ctx, user)
	if err != nil {
		return User{}, err
	}
	if !u.RemovedAt.IsZero() {
		return User{}, ErrRevoked
	}
	u.Version++
	u.UpdatedAt = tx.Now()
	if err := tx.UpdateUser(ctx, u); err != nil {
		return User{}, err
	}
	if err := tx.SetPasswordHash(ctx, user, hash); err != nil {
		return User{}, err
	}
	// A reset that was asked for before would undo this one.
	_, err = tx.DropLinks(ctx, LinkReset, 0, user, u.Email)
	return u, err
}
