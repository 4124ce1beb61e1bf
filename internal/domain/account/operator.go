package account

import (
	"context"
	"errors"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// errOperator is a call of the operator's that came another way. It is a fault
// of the program.
var errOperator = errors.New("account: only the operator's commands may do this")

// operator returns nil for the operator's own command line.
func (a Actor) operator() error {
	if a.Via != ViaCommand {
		return errOperator
	}
	return nil
}

// CreateAccount is SignUp by the operator: no policy and no limit holds it
// back.
func (s *Service) CreateAccount(ctx context.Context, by Actor, in SignUp) (User, Account, error) {
	if err := by.operator(); err != nil {
		return User{}, Account{}, err
	}
	return s.found(ctx, by, in, func(context.Context, Tx) error { return nil })
}

// CreateUser makes a user with a role in the home account of owner, given by
// email address. A mail to confirm the address leaves with it.
func (s *Service) CreateUser(ctx context.Context, by Actor, owner string, in NewUser) (User, error) {
	if err := by.operator(); err != nil {
		return User{}, err
	}
	a, err := s.AccountOf(ctx, by, owner)
	if err != nil {
		return User{}, err
	}
	token := newToken()
	return s.addUser(ctx, a.ID, in, func(ctx context.Context, tx Tx, a Account, u *User) error {
		return s.sendConfirm(ctx, tx, *u, token)
	})
}

// AccountOf returns the home account of a user, who must be its owner.
func (s *Service) AccountOf(ctx context.Context, by Actor, owner string) (a Account, err error) {
	if err := by.operator(); err != nil {
		return Account{}, err
	}
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		u, err := userNamed(ctx, tx, owner)
		if err != nil {
			return err
		}
		role, err := tx.MemberRole(ctx, u.Home, u.ID)
		if err != nil {
			return err
		}
		if role != Owner {
			return fault.ErrNotFound.Saying("This user owns no account.")
		}
		a, err = tx.AccountByID(ctx, u.Home)
		return err
	})
	return a, err
}

// UserNamed returns the user who bears a name, in any case.
func (s *Service) UserNamed(ctx context.Context, by Actor, username string) (u User, err error) {
	if err := by.operator(); err != nil {
		return User{}, err
	}
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		u, err = userNamed(ctx, tx, username)
		return err
	})
	return u, err
}

func userNamed(ctx context.Context, tx Tx, username string) (User, error) {
	u, err := tx.UserByName(ctx, UsernameKey(username))
	if errors.Is(err, fault.ErrNotFound) {
		return User{}, fault.ErrNotFound.Saying("There is no user with this email address.").Because(err)
	}
	return u, err
}

// Holding is an account with its owners.
type Holding struct {
	Account Account
	Owners  []User
}

// ListAccounts returns every account.
func (s *Service) ListAccounts(ctx context.Context, by Actor) (all []Holding, err error) {
	if err := by.operator(); err != nil {
		return nil, err
	}
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		accounts, err := tx.AllAccounts(ctx)
		if err != nil {
			return err
		}
		all = make([]Holding, len(accounts))
		for i, a := range accounts {
			members, err := tx.Members(ctx, a.ID)
			if err != nil {
				return err
			}
			all[i].Account = a
			for _, m := range members {
				if m.Role == Owner {
					all[i].Owners = append(all[i].Owners, m.User)
				}
			}
		}
		return nil
	})
	return all, err
}

// ListUsers returns every user that was not removed.
func (s *Service) ListUsers(ctx context.Context, by Actor) (all []User, err error) {
	if err := by.operator(); err != nil {
		return nil, err
	}
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		all, err = tx.AllUsers(ctx)
		return err
	})
	return all, err
}

// Suspend shuts everybody out of an account until it is activated again.
func (s *Service) Suspend(ctx context.Context, by Actor, number id.Account) (Account, error) {
	return s.setStatus(ctx, by, number, Suspended)
}

// Activate lets an account's users in again.
func (s *Service) Activate(ctx context.Context, by Actor, number id.Account) (Account, error) {
	return s.setStatus(ctx, by, number, Active)
}

// Close ends an account. Its data stays until it is erased; nobody is let in
// any more.
func (s *Service) Close(ctx context.Context, by Actor, number id.Account) (Account, error) {
	return s.setStatus(ctx, by, number, Closed)
}

func (s *Service) setStatus(ctx context.Context, by Actor, number id.Account, status Status) (a Account, err error) {
	if err := by.operator(); err != nil {
		return Account{}, err
	}
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.BumpCredentials(ctx); err != nil {
			return err
		}
		if a, err = tx.AccountByID(ctx, number); err != nil {
			return err
		}
		if a.Status == status {
			return nil
		}
		if a.Status == Closed {
			return ErrClosed
		}
		a.Status, a.UpdatedAt = status, tx.Now()
		a.Version++
		return tx.UpdateAccount(ctx, a)
	})
	return a, err
}

// RemoveUser takes a user out of every account and ends them; the name is free
// again. It fails with ErrLastOwner where an account that is not closed would
// be without one.
func (s *Service) RemoveUser(ctx context.Context, by Actor, username string) (u User, err error) {
	if err := by.operator(); err != nil {
		return User{}, err
	}
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.BumpCredentials(ctx); err != nil {
			return err
		}
		if u, err = userNamed(ctx, tx, username); err != nil {
			return err
		}
		in, err := tx.Memberships(ctx, u.ID)
		if err != nil {
			return err
		}
		for _, m := range in {
			members, err := tx.Members(ctx, m.Account.ID)
			if err != nil {
				return err
			}
			if m.Account.Status != Closed && onlyOwner(members, u.ID) {
				return ErrLastOwner
			}
			if err := tx.DeleteMember(ctx, m.Account.ID, u.ID); err != nil {
				return err
			}
		}
		return remove(ctx, tx, u)
	})
	return u, err
}

// ResetLink makes a link for a new password that the operator hands to the
// user, and tells how long it is good.
func (s *Service) ResetLink(ctx context.Context, by Actor, username string) (link string, until time.Time, err error) {
	if err := by.operator(); err != nil {
		return "", time.Time{}, err
	}
	token := newToken()
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		u, err := userNamed(ctx, tx, username)
		if err != nil {
			return err
		}
		until = tx.Now().Add(OperatorResetFor)
		return leaveLink(ctx, tx, Link{Kind: LinkReset, Account: u.Home, User: u.ID, Email: u.Email}, token, OperatorResetFor)
	})
	if err != nil {
		return "", time.Time{}, err
	}
	return s.linkURL(LinkReset, token), until, nil
}
