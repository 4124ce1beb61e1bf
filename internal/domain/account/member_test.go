package account_test

import (
	"errors"
	"sync"
	"testing"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
)

func TestInvitingSomebodyNew(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		by, _, a := w.signUp(t, "ines@example.org")
		in, err := w.Invite(t.Context(), by, "Kim@example.org", account.Manager)
		if err != nil || in.Email.String() != "kim@example.org" || in.Role != account.Manager || in.ExpiresAt.Sub(in.CreatedAt) != account.InviteFor {
			t.Fatalf("invited %+v, %v", in, err)
		}
		m := w.mail.sent[w.mail.count()-1]
		if m.For != 0 || m.Host != "Ines Roy" || m.Account != a.ID || m.Role != account.Manager || m.Good != account.InviteFor {
			t.Errorf("mail %+v", m)
		}
		if all, err := w.Invitations(t.Context(), by); err != nil || len(all) != 1 || all[0] != in {
			t.Errorf("open invitations %+v, %v", all, err)
		}
		token := w.mail.token(t, account.LinkInvite)
		if wel, err := w.Invited(t.Context(), token); err != nil || wel.Known || wel.Account.ID != a.ID || wel.Role != account.Manager {
			t.Errorf("the page tells %+v, %v", wel, err)
		}
		_, _, err = w.AcceptInvite(t.Context(), token, account.NewUser{Password: "short"})
		if p := fault.Of(err); p == nil || len(p.Problems) != 1 || p.Problems[0].Path != "password" {
			t.Errorf("a bad password: %v", err)
		}
		u, in2, err := w.AcceptInvite(t.Context(), token, account.NewUser{
			Password: password, FirstName: "Kim", Email: "other@example.org", Role: account.Owner, // what the form says of these is not believed
		})
		if err != nil || in2.ID != a.ID {
			t.Fatal(err)
		}
		if u.Email.String() != "kim@example.org" || u.Home != a.ID || u.ConfirmedAt.IsZero() {
			t.Errorf("user %+v", u)
		}
		if actor := w.actor(t, u, a); actor.Role != account.Manager {
			t.Errorf("role %s", actor.Role)
		}
		if _, _, err := w.AcceptInvite(t.Context(), token, account.NewUser{Password: password}); !errors.Is(err, account.ErrLink) {
			t.Errorf("a second time: %v", err)
		}
		if all, _ := w.Invitations(t.Context(), by); len(all) != 0 {
			t.Errorf("still open: %+v", all)
		}
		if _, err := w.Invite(t.Context(), by, "kim@example.org", account.Owner); !errors.Is(err, account.ErrMember) {
			t.Errorf("a member is invited: %v", err)
		}
	})
}

func TestInvitingAUserOfAnotherAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		by, _, a := w.signUp(t, "ines@example.org")
		_, kim, home := w.signUp(t, "kim@example.org")
		if _, err := w.Invite(t.Context(), by, "kim@example.org", account.CampaignCreator); err != nil {
			t.Fatal(err)
		}
		if m := w.mail.sent[w.mail.count()-1]; m.For != kim.ID || m.Account != a.ID {
			t.Errorf("the mail is for %d in %d", m.For, m.Account)
		}
		token := w.mail.token(t, account.LinkInvite)
		if wel, err := w.Invited(t.Context(), token); err != nil || !wel.Known {
			t.Errorf("the page tells %+v, %v", wel, err)
		}
		u, _, err := w.AcceptInvite(t.Context(), token, account.NewUser{})
		if err != nil || u.ID != kim.ID || u.Home != home.ID {
			t.Fatalf("accepted as %+v, %v", u, err)
		}
		all, err := w.Accounts(t.Context(), kim.ID)
		if err != nil || len(all) != 2 || all[0].Account.ID != home.ID || all[0].Role != account.Owner || all[1].Account.ID != a.ID || all[1].Role != account.CampaignCreator {
			t.Errorf("accounts %+v, %v; want the home account first", all, err)
		}
		// Whoever opened it before a suspension may not come in through it.
		if _, err := w.Invite(t.Context(), by, "lee@example.org", account.Manager); err != nil {
			t.Fatal(err)
		}
		token = w.mail.token(t, account.LinkInvite)
		if _, err := w.Suspend(t.Context(), command, a.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.AcceptInvite(t.Context(), token, account.NewUser{Password: password}); !errors.Is(err, account.ErrLink) {
			t.Errorf("into a suspended account: %v", err)
		}
	})
}

func TestInvitationsAreReplacedAndWithdrawn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		by, _, _ := w.signUp(t, "ines@example.org")
		invite := func(role account.Role) string {
			if _, err := w.Invite(t.Context(), by, "kim@example.org", role); err != nil {
				t.Fatal(err)
			}
			return w.mail.token(t, account.LinkInvite)
		}
		first, second := invite(account.Manager), invite(account.CampaignCreator)
		if _, err := w.Invited(t.Context(), first); !errors.Is(err, account.ErrLink) {
			t.Errorf("the first link: %v", err)
		}
		if wel, err := w.Invited(t.Context(), second); err != nil || wel.Role != account.CampaignCreator {
			t.Errorf("the second link: %+v, %v", wel, err)
		}
		open, err := w.Invitations(t.Context(), by)
		if err != nil || len(open) != 1 {
			t.Fatal(open, err)
		}
		stranger, _, _ := w.signUp(t, "stranger@example.org")
		if err := w.Withdraw(t.Context(), stranger, open[0].ID); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("by another account: %v", err)
		}
		if err := w.Withdraw(t.Context(), by, open[0].ID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Invited(t.Context(), second); !errors.Is(err, account.ErrLink) {
			t.Errorf("after it was withdrawn: %v", err)
		}
		if err := w.Withdraw(t.Context(), by, open[0].ID); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("withdrawn twice: %v", err)
		}
	})
}

func TestWhoMayManageUsers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		owner, u, a := w.signUp(t, "ines@example.org")
		manager, _ := w.join(t, owner, "mo@example.org", account.Manager)
		creator, _ := w.join(t, owner, "cy@example.org", account.CampaignCreator)
		stranger, _, _ := w.signUp(t, "stranger@example.org")
		for _, by := range []account.Actor{manager, creator, {}} {
			_, invite := w.Invite(t.Context(), by, "x@example.org", account.Manager)
			for what, err := range map[string]error{
				"invite":   invite,
				"withdraw": w.Withdraw(t.Context(), by, "x@example.org"),
				"role":     w.ChangeRole(t.Context(), by, u.UID, account.Manager),
				"remove":   w.RemoveMember(t.Context(), by, u.UID),
			} {
				if !fault.Is(err, fault.Forbidden) {
					t.Errorf("%s may %s: %v", by.Role, what, err)
				}
			}
		}
		// An owner of another account reaches nothing here.
		if err := w.RemoveMember(t.Context(), stranger, u.UID); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("a stranger removes: %v", err)
		}
		if err := w.ChangeRole(t.Context(), stranger, u.UID, account.Manager); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("a stranger demotes: %v", err)
		}
		all, err := w.Members(t.Context(), creator)
		if err != nil || len(all) != 3 || all[0].User.ID != u.ID || all[0].Role != account.Owner {
			t.Errorf("members of %d: %+v, %v", a.ID, all, err)
		}
	})
}

func TestOneOwnerStays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		owner, ines, a := w.signUp(t, "ines@example.org")
		_, mo := w.join(t, owner, "mo@example.org", account.Manager)
		for what, err := range map[string]error{
			"demote":             w.ChangeRole(t.Context(), owner, ines.UID, account.Manager),
			"leave":              w.RemoveMember(t.Context(), owner, ines.UID),
			"the operator's own": func() error { _, err := w.RemoveUser(t.Context(), command, "ines@example.org"); return err }(),
		} {
			if !errors.Is(err, account.ErrLastOwner) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := w.ChangeRole(t.Context(), owner, ines.UID, account.Owner); err != nil {
			t.Errorf("stay what one is: %v", err)
		}
		if err := w.ChangeRole(t.Context(), owner, mo.UID, "king"); !fault.Is(err, fault.Invalid) {
			t.Errorf("an unknown role: %v", err)
		}
		w.feels(t, "promote", func() error { return w.ChangeRole(t.Context(), owner, mo.UID, account.Owner) })
		w.feels(t, "demote", func() error { return w.ChangeRole(t.Context(), owner, ines.UID, account.CampaignCreator) })
		if actor := w.actor(t, ines, a); actor.Role != account.CampaignCreator {
			t.Errorf("role %s", actor.Role)
		}
	})
}

func TestTwoOwnersCannotPutEachOtherOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ines, inesUser, a := w.signUp(t, "ines@example.org")
		kim, kimUser := w.join(t, ines, "kim@example.org", account.Owner)
		var (
			wg   sync.WaitGroup
			errs [2]error
		)
		wg.Go(func() { errs[0] = w.RemoveMember(t.Context(), ines, kimUser.UID) })
		wg.Go(func() { errs[1] = w.ChangeRole(t.Context(), kim, inesUser.UID, account.Manager) })
		wg.Wait()
		refused := 0
		for _, err := range errs {
			switch {
			case errors.Is(err, account.ErrLastOwner), errors.Is(err, fault.ErrNotFound):
				refused++
			case err != nil:
				t.Error(err)
			}
		}
		holdings, err := w.ListAccounts(t.Context(), command)
		if err != nil || len(holdings) != 1 || holdings[0].Account.ID != a.ID || len(holdings[0].Owners) != 1 || refused != 1 {
			t.Errorf("%+v, %v, refused %d: %v", holdings, err, refused, errs)
		}
	})
}

func TestLeavingAnAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ines, _, a := w.signUp(t, "ines@example.org")
		kimActor, kim, home := w.signUp(t, "kim@example.org")
		w.join(t, ines, "kim@example.org", account.Manager) // kim: home, and a
		w.join(t, kimActor, "ines@example.org", account.Owner)

		// Out of the home account: another becomes home.
		inesInHome, err := w.Accounts(t.Context(), ines.User)
		if err != nil || len(inesInHome) != 2 {
			t.Fatal(inesInHome, err)
		}
		by, _, err := w.ActorFor(t.Context(), ines.User, home.ID)
		if err != nil {
			t.Fatal(err)
		}
		w.feels(t, "leave home", func() error { return w.RemoveMember(t.Context(), by, kim.UID) })
		if _, _, err := w.ActorFor(t.Context(), kim.ID, home.ID); !errors.Is(err, account.ErrRevoked) {
			t.Errorf("still let in: %v", err)
		}
		if got, err := w.User(t.Context(), kim.ID); err != nil || got.Home != a.ID || got.Version != kim.Version {
			t.Errorf("home is %d, %v; want %d", got.Home, err, a.ID)
		}

		// Out of the last one: removed, and the name free.
		if err := w.RemoveMember(t.Context(), ines, kim.UID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.User(t.Context(), kim.ID); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("a user of no account: %v", err)
		}
		if _, err := w.Authenticate(t.Context(), web, "kim@example.org", password); !errors.Is(err, account.ErrCredentials) {
			t.Errorf("signs in: %v", err)
		}
		if _, again, _ := w.signUp(t, "kim@example.org"); again.ID == kim.ID {
			t.Error("the same user again")
		}
	})
}

func TestSuspendedAndClosed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, u, a := w.signUp(t, "ines@example.org")
		_, active, _ := w.ActorFor(t.Context(), u.ID, a.ID)
		set := func(f func() (account.Account, error)) func() error {
			return func() error { _, err := f(); return err }
		}
		w.feels(t, "suspend", set(func() (account.Account, error) { return w.Suspend(t.Context(), command, a.ID) }))
		if _, _, err := w.ActorFor(t.Context(), u.ID, a.ID); !errors.Is(err, account.ErrSuspended) || !fault.Is(err, fault.Forbidden) {
			t.Errorf("suspended: %v", err)
		}
		w.feels(t, "activate", set(func() (account.Account, error) { return w.Activate(t.Context(), command, a.ID) }))
		if _, stamp, err := w.ActorFor(t.Context(), u.ID, a.ID); err != nil || stamp == active {
			t.Errorf("active again: %v, %v", stamp, err)
		}
		w.feels(t, "close", set(func() (account.Account, error) { return w.Close(t.Context(), command, a.ID) }))
		if _, _, err := w.ActorFor(t.Context(), u.ID, a.ID); !errors.Is(err, account.ErrClosed) {
			t.Errorf("closed: %v", err)
		}
		if _, err := w.Activate(t.Context(), command, a.ID); !errors.Is(err, account.ErrClosed) {
			t.Errorf("closed is not the end: %v", err)
		}
		w.feels(t, "remove its last owner", func() error { _, err := w.RemoveUser(t.Context(), command, "ines@example.org"); return err })
	})
}

func TestOnlyTheOperatorsCommands(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		by, _, a := w.signUp(t, "ines@example.org")
		for what, do := range map[string]func() error{
			"create account": func() error { _, _, err := w.CreateAccount(t.Context(), by, account.SignUp{}); return err },
			"create user": func() error {
				_, err := w.CreateUser(t.Context(), by, "ines@example.org", account.NewUser{})
				return err
			},
			"account of":    func() error { _, err := w.AccountOf(t.Context(), by, "ines@example.org"); return err },
			"user named":    func() error { _, err := w.UserNamed(t.Context(), by, "ines@example.org"); return err },
			"list accounts": func() error { _, err := w.ListAccounts(t.Context(), by); return err },
			"list users":    func() error { _, err := w.ListUsers(t.Context(), by); return err },
			"suspend":       func() error { _, err := w.Suspend(t.Context(), by, a.ID); return err },
			"remove user":   func() error { _, err := w.RemoveUser(t.Context(), by, "ines@example.org"); return err },
			"reset link":    func() error { _, _, err := w.ResetLink(t.Context(), by, "ines@example.org"); return err },
		} {
			if err := do(); err == nil || fault.Of(err).Kind != fault.Internal {
				t.Errorf("an owner may %s: %v", what, err)
			}
		}
	})
}

func TestOperatorCreatesUsers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, ines, a := w.signUp(t, "ines@example.org")
		in := account.NewUser{Email: "mo@example.org", Password: password, Role: account.Manager}
		mo, err := w.CreateUser(t.Context(), command, "INES@example.org", in)
		if err != nil || mo.Home != a.ID || w.actor(t, mo, a).Role != account.Manager {
			t.Fatalf("%+v, %v", mo, err)
		}
		if m := w.mail.sent[w.mail.count()-1]; m.Kind != account.LinkConfirm || m.For != mo.ID {
			t.Errorf("mail %+v", m)
		}
		if _, err := w.CreateUser(t.Context(), command, "ines@example.org", in); !errors.Is(err, account.ErrUserTaken) {
			t.Errorf("twice: %v", err)
		}
		if _, err := w.CreateUser(t.Context(), command, "mo@example.org", account.NewUser{Email: "x@example.org", Password: password, Role: account.Manager}); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("in the account of who owns none: %v", err)
		}
		in.Role, in.Email = "king", "king@example.org"
		if _, err := w.CreateUser(t.Context(), command, "ines@example.org", in); !fault.Is(err, fault.Invalid) {
			t.Errorf("an unknown role: %v", err)
		}
		var ids []id.User
		users, err := w.ListUsers(t.Context(), command)
		for _, u := range users {
			ids = append(ids, u.ID)
		}
		if err != nil || len(ids) != 2 || ids[0] != ines.ID || ids[1] != mo.ID {
			t.Errorf("users %v, %v", ids, err)
		}
	})
}
