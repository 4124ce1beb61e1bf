package account

import (
	"context"
	"encoding/base32"
	"errors"
	"slices"
	"strings"

	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// User returns a user that was not removed.
func (s *Service) User(ctx context.Context, number id.User) (u User, err error) {
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		if u, err = tx.UserByID(ctx, number); err != nil {
			return err
		}
		if !u.RemovedAt.IsZero() {
			return fault.ErrNotFound
		}
		return nil
	})
	return u, err
}

// Account returns an account whatever its state, for pages that show whose they
// are. It fails with NotFound.
func (s *Service) Account(ctx context.Context, number id.Account) (a Account, err error) {
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		a, err = tx.AccountByID(ctx, number)
		return err
	})
	return a, err
}

// Accounts returns the accounts that a user belongs to, whatever their state,
// the home account first.
func (s *Service) Accounts(ctx context.Context, number id.User) (all []Membership, err error) {
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		u, err := tx.UserByID(ctx, number)
		if err != nil {
			return err
		}
		if all, err = tx.Memberships(ctx, number); err != nil {
			return err
		}
		if i := slices.IndexFunc(all, func(m Membership) bool { return m.Account.ID == u.Home }); i > 0 {
			home := all[i]
			all = slices.Insert(slices.Delete(all, i, i+1), 0, home)
		}
		return nil
	})
	return all, err
}

// Members returns the users of the actor's account.
func (s *Service) Members(ctx context.Context, by Actor) (all []Member, err error) {
	if err := by.May(AccountRead); err != nil {
		return nil, err
	}
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		all, err = tx.Members(ctx, by.Account)
		return err
	})
	return all, err
}

// ChangeRole makes a user of the actor's account something else there. It
// fails with ErrLastOwner, and with NotFound for who is no member.
func (s *Service) ChangeRole(ctx context.Context, by Actor, user id.UID, role Role) error {
	if err := by.May(AccountUpdate); err != nil {
		return err
	}
	var p fault.Problems
	checkRole(&p, "role", role)
	if err := p.Err(); err != nil {
		return err
	}
	return s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		m, err := leaving(ctx, tx, by.Account, user, role)
		if err != nil || m.Role == role {
			return err
		}
		return tx.PutMember(ctx, by.Account, m.User.ID, role)
	})
}

// RemoveMember takes a user out of the actor's account. Who belongs to no
// account after that is removed altogether; who was at home here is at home in
// another of theirs. It fails with ErrLastOwner, and with NotFound for who is
// no member.
func (s *Service) RemoveMember(ctx context.Context, by Actor, user id.UID) error {
	if err := by.May(AccountUpdate); err != nil {
		return err
	}
	return s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		m, err := leaving(ctx, tx, by.Account, user, "")
		if err != nil {
			return err
		}
		return takeOut(ctx, tx, by.Account, m.User)
	})
}

// leaving finds a member who is to become something else, or nothing, and
// refuses where that would leave no owner. It bumps first, so that of two
// owners who put each other out at once, one stays.
func leaving(ctx context.Context, tx Tx, number id.Account, user id.UID, becomes Role) (Member, error) {
	if err := tx.BumpCredentials(ctx); err != nil {
		return Member{}, err
	}
	all, err := tx.Members(ctx, number)
	if err != nil {
		return Member{}, err
	}
	i := slices.IndexFunc(all, func(m Member) bool { return m.User.UID == user })
	if i < 0 {
		return Member{}, fault.ErrNotFound.Saying("The account has no such user.")
	}
	if becomes != Owner && onlyOwner(all, all[i].User.ID) {
		return Member{}, ErrLastOwner
	}
	return all[i], nil
}

// onlyOwner reports whether a user is the one owner among members.
func onlyOwner(all []Member, user id.User) bool {
	is := false
	for _, m := range all {
		if m.Role != Owner {
			continue
		}
		if m.User.ID != user {
			return false
		}
		is = true
	}
	return is
}

// takeOut ends a membership.
func takeOut(ctx context.Context, tx Tx, number id.Account, u User) error {
	if err := tx.DeleteMember(ctx, number, u.ID); err != nil {
		return err
	}
	left, err := tx.Memberships(ctx, u.ID)
	if err != nil {
		return err
	}
	switch {
	case len(left) == 0:
		return remove(ctx, tx, u)
	case u.Home == number:
		u.Home, u.UpdatedAt = left[0].Account.ID, tx.Now()
		return tx.UpdateUser(ctx, u)
	}
	return nil
}

// remove ends a user who belongs to no account. The name is free again.
func remove(ctx context.Context, tx Tx, u User) error {
	u.Version++
	u.RemovedAt, u.UpdatedAt = tx.Now(), tx.Now()
	if err := tx.UpdateUser(ctx, u); err != nil {
		return err
	}
	for _, kind := range []LinkKind{LinkReset, LinkConfirm} {
		if _, err := tx.DropLinks(ctx, kind, 0, u.ID, email.Address{}); err != nil {
			return err
		}
	}
	return nil
}

// Invite asks somebody into the actor's account by mail. Who was asked before
// and has not answered gets a new link in place of the old. It fails with
// ErrMember for who belongs to the account.
func (s *Service) Invite(ctx context.Context, by Actor, address string, role Role) (Invitation, error) {
	if err := by.May(AccountUpdate); err != nil {
		return Invitation{}, err
	}
	var p fault.Problems
	to := mailbox(&p, "email", address)
	checkRole(&p, "role", role)
	if err := p.Err(); err != nil {
		return Invitation{}, err
	}
	var (
		in    Invitation
		token = newToken()
	)
	err := s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		host, a, _, err := member(ctx, tx, by.User, by.Account)
		if err != nil {
			return err
		}
		guest, err := tx.UserByName(ctx, UsernameKey(to.String()))
		if err != nil && !errors.Is(err, fault.ErrNotFound) {
			return err
		}
		if err == nil {
			_, err := tx.MemberRole(ctx, by.Account, guest.ID)
			if err == nil {
				return ErrMember.With(fault.Problem{Path: "email", Code: "email.member", Message: "belongs to a user of the account already"})
			}
			if !errors.Is(err, fault.ErrNotFound) {
				return err
			}
		}
		l := Link{Kind: LinkInvite, Account: by.Account, Email: to, Role: role, CreatedBy: by.User}
		if err := leaveLink(ctx, tx, l, token, InviteFor); err != nil {
			return err
		}
		l.Hash, l.CreatedAt, l.ExpiresAt = tokenHash(token), tx.Now(), tx.Now().Add(InviteFor)
		in = l.invitation()
		m := inviteMail(a, host, to, role, s.linkURL(LinkInvite, token), InviteFor)
		m.For = guest.ID
		return s.o.Mailer.Queue(ctx, tx, m)
	})
	return in, err
}

// Invitations returns who was asked into the actor's account and has not
// answered yet.
func (s *Service) Invitations(ctx context.Context, by Actor) (all []Invitation, err error) {
	if err := by.May(AccountRead); err != nil {
		return nil, err
	}
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		links, err := tx.OpenLinks(ctx, LinkInvite, by.Account)
		all = nil
		for _, l := range links {
			all = append(all, l.invitation())
		}
		return err
	})
	return all, err
}

// Withdraw takes back an invitation, given by its id; NotFound where there is
// none to take.
func (s *Service) Withdraw(ctx context.Context, by Actor, invitation string) error {
	if err := by.May(AccountUpdate); err != nil {
		return err
	}
	return s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		open, err := tx.OpenLinks(ctx, LinkInvite, by.Account)
		if err != nil {
			return err
		}
		for _, l := range open {
			if l.invitation().ID == invitation {
				_, err := tx.DropLinks(ctx, LinkInvite, by.Account, 0, l.Email)
				return err
			}
		}
		return fault.ErrNotFound.Saying("There is no such invitation.")
	})
}

// invitation is what an account sees of a link that invites.
func (l Link) invitation() Invitation {
	return Invitation{
		ID:    strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(l.Hash[:8])),
		Email: l.Email, Role: l.Role, CreatedBy: l.CreatedBy, CreatedAt: l.CreatedAt, ExpiresAt: l.ExpiresAt,
	}
}

// Welcome is what an invitation's page tells.
type Welcome struct {
	Account Account
	Email   email.Address
	Role    Role
	// Known is set where the address belongs to a user, who need not give a
	// name and a password.
	Known bool
}

// Invited tells what an invitation is to; ErrLink where it cannot be accepted.
func (s *Service) Invited(ctx context.Context, token string) (w Welcome, err error) {
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		l, err := readLink(ctx, tx, LinkInvite, token)
		if err != nil {
			return err
		}
		a, err := tx.AccountByID(ctx, l.Account)
		if err != nil {
			return err
		}
		if err := a.Usable(); err != nil {
			return ErrLink.Because(err)
		}
		_, err = tx.UserByName(ctx, UsernameKey(l.Email.String()))
		if err != nil && !errors.Is(err, fault.ErrNotFound) {
			return err
		}
		w = Welcome{Account: a, Email: l.Email, Role: l.Role, Known: err == nil}
		return nil
	})
	return w, err
}

// AcceptInvite spends an invitation. Who is a user already joins the account;
// for anybody else a user is made of in, whose address is confirmed, since the
// link came by it. Email and Role of in are those of the invitation.
func (s *Service) AcceptInvite(ctx context.Context, token string, in NewUser) (User, Account, error) {
	w, err := s.Invited(ctx, token)
	if err != nil {
		return User{}, Account{}, err
	}
	if !w.Known {
		in.Email, in.Role = w.Email.String(), w.Role
		u, err := s.addUser(ctx, w.Account.ID, in, func(ctx context.Context, tx Tx, _ Account, u *User) error {
			if _, err := spendLink(ctx, tx, LinkInvite, token); err != nil {
				return err
			}
			u.ConfirmedAt = tx.Now()
			return tx.UpdateUser(ctx, *u)
		})
		return u, w.Account, err
	}
	var u User
	err = s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := spendLink(ctx, tx, LinkInvite, token); err != nil {
			return err
		}
		if u, err = tx.UserByName(ctx, UsernameKey(w.Email.String())); err != nil {
			return err
		}
		if _, err := tx.MemberRole(ctx, w.Account.ID, u.ID); !errors.Is(err, fault.ErrNotFound) {
			return err // a member by now: what they are there stays
		}
		return tx.PutMember(ctx, w.Account.ID, u.ID, w.Role)
	})
	return u, w.Account, err
}
