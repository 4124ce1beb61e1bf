package account_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/domain/account"
)

func TestWrongNameAndWrongPasswordLookAlike(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.signUp(t, "ines@example.org")
		_, wrongPassword := w.Authenticate(t.Context(), web, "ines@example.org", "wrong horse")
		_, wrongName := w.Authenticate(t.Context(), web, "nobody@example.org", password)
		if !errors.Is(wrongPassword, account.ErrCredentials) || wrongName.Error() != wrongPassword.Error() {
			t.Errorf("wrong password: %v\nwrong name: %v", wrongPassword, wrongName)
		}
	})
}

func TestFailuresAreLimited(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.signUp(t, "ines@example.org")
		w.signUp(t, "kim@example.org")
		// A second process counts into the same buckets.
		processes := []*account.Service{w.Service, account.NewService(w.options())}
		try := func(i int, name, password, address string) error {
			_, err := processes[i%2].Authenticate(t.Context(), account.Actor{Address: address}, name, password)
			return err
		}
		w.clock.Move(11 * time.Second) // to 17:05:20
		for i := range account.TriesPerSubject {
			if err := try(i, "ines@example.org", password, "192.0.2.1"); err != nil {
				t.Fatalf("right password, time %d: %v", i, err)
			}
			if err := try(i, "INES@example.org", "wrong", fmt.Sprintf("192.0.2.%d", 10+i)); !errors.Is(err, account.ErrCredentials) {
				t.Fatalf("failure %d: %v", i, err)
			}
		}
		err := try(0, "ines@example.org", password, "192.0.2.99")
		if f := fault.Of(err); !errors.Is(err, account.ErrAttempts) || f.Kind != fault.TooMany || f.Retry != 40*time.Second {
			t.Errorf("after ten failures: %v, wait %v; want 40s", err, f.Retry)
		}
		if err := try(1, "kim@example.org", password, "192.0.2.99"); err != nil {
			t.Errorf("another user is held back: %v", err)
		}
		w.clock.Move(40 * time.Second)
		if err := try(0, "ines@example.org", password, "192.0.2.99"); err != nil {
			t.Errorf("a minute later: %v", err)
		}
	})
}

func TestAnAddressIsLimited(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		l := account.NewLimiter(w.store.Accounts(), w.clock, true)
		for i := range account.TriesPerAddress {
			if err := l.Failed(t.Context(), account.Try{Kind: "device", Subject: fmt.Sprint(i), Address: "192.0.2.1"}); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			name string
			try  account.Try
			want error
		}{
			{"the same address", account.Try{Kind: "device", Subject: "new", Address: "192.0.2.1"}, account.ErrAttempts},
			{"another address", account.Try{Kind: "device", Subject: "new", Address: "192.0.2.2"}, nil},
			{"another page", account.Try{Kind: "signin", Subject: "new", Address: "192.0.2.1"}, nil},
			{"no address", account.Try{Kind: "device", Subject: "new"}, nil},
		} {
			if err := l.Allow(t.Context(), c.try); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", c.name, err, c.want)
			}
		}
		off := account.NewLimiter(w.store.Accounts(), w.clock, false)
		if err := off.Allow(t.Context(), account.Try{Kind: "device", Subject: "new", Address: "192.0.2.1"}); err != nil {
			t.Errorf("limits are off, yet: %v", err)
		}
		for i := range account.PostsPerAddress + 1 {
			if err := l.Post(t.Context(), "192.0.2.5"); (err != nil) != (i == account.PostsPerAddress) {
				t.Fatalf("form %d: %v", i+1, err)
			}
		}
		w.clock.Move(2 * time.Hour)
		if err := w.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

func TestSignUpsAreLimited(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range account.PostsPerAddress {
			if _, _, err := w.SignUp(t.Context(), web, account.SignUp{}); !fault.Is(err, fault.Invalid) {
				t.Fatalf("sign-up %d: %v", i, err)
			}
		}
		if _, _, err := w.SignUp(t.Context(), web, account.SignUp{}); !errors.Is(err, account.ErrAttempts) {
			t.Errorf("got %v, want too many", err)
		}
	})
}

func TestSetupCodeCannotBeGuessed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := account.SignUp{Email: "ines@example.org", Password: password, SetupCode: "guess"}
		for i := range account.TriesPerSubject {
			if _, _, err := w.SignUp(t.Context(), web, in); !errors.Is(err, account.ErrSetupCode) {
				t.Fatalf("guess %d: %v", i, err)
			}
		}
		in.SetupCode = "K7-QX"
		if _, _, err := w.SignUp(t.Context(), web, in); !errors.Is(err, account.ErrAttempts) {
			t.Errorf("got %v, want too many", err)
		}
	}, func(o *account.Options) { o.SetupCode = "K7-QX" })
}

func TestNewPasswordEndsWhatTheOldLetIn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		by, u, a := w.signUp(t, "ines@example.org")
		_, before, err := w.ActorFor(t.Context(), u.ID, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		epoch := w.epoch(t)

		_, err = w.ChangePassword(t.Context(), by, "wrong", "new password")
		if f := fault.Of(err); !errors.Is(err, account.ErrCredentials) || len(f.Problems) != 1 || f.Problems[0].Path != "current_password" {
			t.Errorf("with a wrong password: %v", err)
		}
		if _, err := w.ChangePassword(t.Context(), by, password, "short"); !fault.Is(err, fault.Invalid) {
			t.Errorf("to a bad password: %v", err)
		}
		if _, stamp, _ := w.ActorFor(t.Context(), u.ID, a.ID); stamp != before || w.epoch(t) != epoch {
			t.Error("a refused change ended something")
		}

		if u, err = w.ChangePassword(t.Context(), by, password, "new password"); err != nil {
			t.Fatal(err)
		}
		if _, stamp, _ := w.ActorFor(t.Context(), u.ID, a.ID); stamp == before || stamp.User != u.Version {
			t.Errorf("stamp is %v, was %v; want another, of version %d", stamp, before, u.Version)
		}
		if w.epoch(t) == epoch {
			t.Error("tokens do not feel it")
		}
		if _, err := w.Authenticate(t.Context(), web, "ines@example.org", password); !errors.Is(err, account.ErrCredentials) {
			t.Errorf("with the old password: %v", err)
		}
		if _, err := w.Authenticate(t.Context(), web, "ines@example.org", "new password"); err != nil {
			t.Errorf("with the new password: %v", err)
		}
	})
}
