package account_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"kith/internal/base/fault"
	"kith/internal/domain/account"
)

func TestSignUpMakesAnAccountWithItsOwner(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		u, a, err := w.SignUp(t.Context(), web, account.SignUp{
			Email: " Ines@Example.ORG ", Password: password, FirstName: "Ines", LastName: "Roy", Organization: "Roy & Co", Phone: "+49 30 123",
		})
		if err != nil {
			t.Fatal(err)
		}
		if u.Username != "ines@example.org" || u.Home != a.ID || !u.ConfirmedAt.IsZero() || u.Version != 1 {
			t.Errorf("user %+v", u)
		}
		if a.Status != account.Active || a.Organization != "Roy & Co" || a.ContactEmail != u.Email || a.ContactPhone != "+49 30 123" || a.TimeZone != "UTC" {
			t.Errorf("account %+v", a)
		}
		if len(a.EncodedID) != 14 || strings.ToLower(a.EncodedID) != a.EncodedID {
			t.Errorf("encoded id %q, want 14 lower-case characters", a.EncodedID)
		}
		by := w.founder.accounts[a.ID]
		if by.User != u.ID || by.Account != a.ID || by.Role != account.Owner || by.Operation != web.Operation || by.Address != web.Address {
			t.Errorf("the account was furnished by %+v", by)
		}
		// What comes back is what was stored.
		got, err := w.Summary(t.Context(), w.actor(t, u, a))
		if err != nil || got != a {
			t.Errorf("read back %+v, %v; want %+v", got, err, a)
		}
		if stored, err := w.User(t.Context(), u.ID); err != nil || stored != u {
			t.Errorf("read back %+v, %v; want %+v", stored, err, u)
		}
		m := w.mail.sent[0]
		if len(w.mail.sent) != 1 || m.Kind != account.LinkConfirm || m.To != u.Email || m.For != u.ID || m.Account != a.ID {
			t.Errorf("mail %+v", w.mail.sent)
		}
		if m.FirstName != "Ines" || !strings.HasPrefix(m.Link, "http://kith.test/confirm?token=") || m.Good != account.ConfirmFor {
			t.Errorf("the mail lacks name or link: %+v", m)
		}
	})
}

func TestFailedFoundingLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.founder.err = errors.New("no room")
		if _, _, err := w.SignUp(t.Context(), web, account.SignUp{Email: "ines@example.org", Password: password}); !errors.Is(err, w.founder.err) {
			t.Fatalf("got %v, want the founder's error", err)
		}
		w.founder.err = nil
		if e, err := w.Entrance(t.Context()); err != nil || !e.First {
			t.Errorf("entrance %+v, %v; want a server without accounts", e, err)
		}
		w.signUp(t, "ines@example.org") // the name is still free
	})
}

func TestSignUpReportsAllFaultsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, _, err := w.SignUp(t.Context(), web, account.SignUp{
			Email: "ines", Password: "short", FirstName: strings.Repeat("n", 51), LastName: "a\nb", Organization: "\xff", Phone: strings.Repeat("1", 26),
		})
		f := fault.Of(err)
		var paths []string
		for _, p := range f.Problems {
			paths = append(paths, p.Path+" "+p.Code)
		}
		want := "password password.short, email email.no_at, first_name field.too_long, last_name field.characters, phone_number field.too_long, organization_name field.encoding"
		if got := strings.Join(paths, ", "); f.Kind != fault.Invalid || got != want {
			t.Errorf("%s: %s\nwant %s", f.Kind, got, want)
		}
	})
}

func TestWhichPasswordsAreTaken(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i, c := range []struct{ name, password, code string }{
			{"none", "", "field.required"},
			{"seven characters", "1234567", "password.short"},
			{"seven characters of several bytes", "äöüäöüä", "password.short"},
			{"129 characters", strings.Repeat("ab", 64) + "c", "password.long"},
			{"the address", "Ines0@example.org", "password.username"},
			{"one character", "zzzzzzzzzz", "password.uniform"},
			{"not UTF-8", "abcdefgh\xff", "field.encoding"},
			{"eight characters", "abcdefg1", ""},
			{"128 characters of several bytes", strings.Repeat("äö", 64), ""},
			{"blanks around it", "  abcd  ", ""},
		} {
			address := "ines0@example.org"
			if c.code == "" {
				address = fmt.Sprintf("ines%d@example.org", i)
			}
			_, _, err := w.CreateAccount(t.Context(), command, account.SignUp{Email: address, Password: c.password})
			if p := fault.Of(err); c.code != "" {
				if p == nil || len(p.Problems) != 1 || p.Problems[0].Path != "password" || p.Problems[0].Code != c.code {
					t.Errorf("%s: %v, want %s", c.name, err, c.code)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			if _, err := w.Authenticate(t.Context(), web, address, c.password); err != nil {
				t.Errorf("%s: cannot sign in: %v", c.name, err)
			}
			if _, err := w.Authenticate(t.Context(), web, address, strings.TrimSpace(c.password)+" "); err == nil {
				t.Errorf("%s: signed in with other blanks around it", c.name)
			}
		}
	})
}

func TestNamesAreUniqueWithoutCase(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.signUp(t, "ines@example.org")
		_, _, err := w.SignUp(t.Context(), web, account.SignUp{Email: "INES@example.org", Password: password})
		f := fault.Of(err)
		if !errors.Is(err, account.ErrUserTaken) || f.Kind != fault.Conflict || len(f.Problems) != 1 || f.Problems[0].Path != "email" {
			t.Errorf("got %v, want the address taken", err)
		}
		if u, err := w.Authenticate(t.Context(), web, " Ines@EXAMPLE.org ", password); err != nil || u.Username != "ines@example.org" {
			t.Errorf("signed in as %q, %v", u.Username, err)
		}
	})
}

func TestWhoMaySignUp(t *testing.T) {
	for _, c := range []struct {
		policy     account.Policy
		code, give string
		first      error // of the first sign-up
		second     error // of one after there is an account
	}{
		{account.SignupOpen, "", "", nil, nil},
		{account.SignupFirst, "", "", nil, account.ErrSignupClosed},
		{account.SignupClosed, "", "", account.ErrSignupClosed, account.ErrSignupClosed},
		{account.SignupFirst, "K7-QX", "", account.ErrSetupCode, account.ErrSignupClosed},
		{account.SignupFirst, "K7-QX", "k7-qx", account.ErrSetupCode, account.ErrSignupClosed},
		{account.SignupFirst, "K7-QX", " K7-QX\n", nil, account.ErrSignupClosed},
		{account.SignupOpen, "K7-QX", "wrong", account.ErrSetupCode, nil}, // asked for once
	} {
		t.Run(string(c.policy)+" "+c.code+" "+c.give, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				for i, want := range []error{c.first, c.second} {
					e, err := w.Entrance(t.Context())
					if err != nil || e.First != (i == 0) || e.SetupCode != (i == 0 && c.code != "") {
						t.Errorf("before sign-up %d: entrance %+v, %v", i+1, e, err)
					}
					if wantOpen := !errors.Is(want, account.ErrSignupClosed); e.Open != wantOpen {
						t.Errorf("before sign-up %d: open is %v, want %v", i+1, e.Open, wantOpen)
					}
					_, _, err = w.SignUp(t.Context(), web, account.SignUp{
						Email: fmt.Sprintf("a%d@example.org", i), Password: password, SetupCode: c.give,
					})
					if !errors.Is(err, want) {
						t.Errorf("sign-up %d: %v, want %v", i+1, err, want)
					}
					if i == 0 { // the operator may, whatever the policy
						w.signUp(t, "owner@example.org")
					}
				}
			}, policy(c.policy), func(o *account.Options) { o.SetupCode = c.code })
		})
	}
}

func TestOfTwoFirstSignUpsOneIsTaken(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		other := account.NewService(w.options(policy(account.SignupFirst)))
		var (
			wg   sync.WaitGroup
			errs [2]error
		)
		for i, s := range []*account.Service{w.Service, other} {
			wg.Go(func() {
				_, _, errs[i] = s.SignUp(t.Context(), web, account.SignUp{Email: string(rune('a'+i)) + "@example.org", Password: password})
			})
		}
		wg.Wait()
		closed := 0
		for _, err := range errs {
			switch {
			case errors.Is(err, account.ErrSignupClosed):
				closed++
			case err != nil:
				t.Error(err)
			}
		}
		if closed != 1 {
			t.Errorf("%d of 2 were refused, want 1: %v", closed, errs)
		}
	}, policy(account.SignupFirst))
}
