package account_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/domain/account"
)

func TestResetTellsNobodyWhoIsKnown(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.signUp(t, "ines@example.org")
		sent := w.mail.count()
		for _, c := range []struct {
			address string
			mails   int
		}{
			{"nobody@example.org", 0},
			{"INES@example.org", 1},
			{"ines@example.org", 0}, // again at once: one mail is enough
		} {
			before := w.mail.count()
			if err := w.RequestReset(t.Context(), web, c.address); err != nil {
				t.Errorf("%s: %v", c.address, err)
			}
			if got := w.mail.count() - before; got != c.mails {
				t.Errorf("%s: %d mails, want %d", c.address, got, c.mails)
			}
		}
		w.clock.Move(time.Minute)
		if err := w.RequestReset(t.Context(), web, "ines@example.org"); err != nil || w.mail.count() != sent+2 {
			t.Errorf("a minute later: %v, %d mails, want %d", err, w.mail.count(), sent+2)
		}
		if err := w.RequestReset(t.Context(), web, "no address"); !fault.Is(err, fault.Invalid) {
			t.Errorf("no address: %v", err)
		}
	})
}

func TestReset(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, u, a := w.signUp(t, "ines@example.org")
		if err := w.RequestReset(t.Context(), web, "ines@example.org"); err != nil {
			t.Fatal(err)
		}
		old := w.mail.token(t, account.LinkReset)
		w.clock.Move(2 * time.Minute)
		if err := w.RequestReset(t.Context(), web, "ines@example.org"); err != nil {
			t.Fatal(err)
		}
		token := w.mail.token(t, account.LinkReset)

		for _, c := range []struct{ name, token string }{
			{"one replaced by a newer", old},
			{"one of another kind", w.mail.token(t, account.LinkConfirm)},
			{"made up", strings.Repeat("A", 26)},
			{"none", ""},
		} {
			if _, err := w.Reset(t.Context(), c.token, "new password"); !errors.Is(err, account.ErrLink) || !fault.Is(err, fault.Gone) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		if _, err := w.Reset(t.Context(), token, "ines@example.org"); !fault.Is(err, fault.Invalid) {
			t.Errorf("a bad password: %v", err)
		}
		_, before, _ := w.ActorFor(t.Context(), u.ID, a.ID)
		w.feels(t, "reset", func() error { _, err := w.Reset(t.Context(), token, "new password"); return err })
		if _, after, _ := w.ActorFor(t.Context(), u.ID, a.ID); after == before {
			t.Error("what was signed in before still is")
		}
		if _, err := w.Authenticate(t.Context(), web, "ines@example.org", "new password"); err != nil {
			t.Error(err)
		}
		if _, err := w.Reset(t.Context(), token, "third password"); !errors.Is(err, account.ErrLink) {
			t.Errorf("a second time: %v", err)
		}
	})
}

func TestAChangedPasswordVoidsAReset(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		by, _, _ := w.signUp(t, "ines@example.org")
		if err := w.RequestReset(t.Context(), web, "ines@example.org"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.ChangePassword(t.Context(), by, password, "new password"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.CheckLink(t.Context(), account.LinkReset, w.mail.token(t, account.LinkReset)); !errors.Is(err, account.ErrLink) {
			t.Errorf("got %v", err)
		}
	})
}

func TestLinksExpire(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		by, _, _ := w.signUp(t, "ines@example.org")
		if err := w.RequestReset(t.Context(), web, "ines@example.org"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Invite(t.Context(), by, "kim@example.org", account.Manager); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			kind account.LinkKind
			good time.Duration
		}{
			{account.LinkReset, account.ResetFor}, {account.LinkInvite, account.InviteFor}, {account.LinkConfirm, account.ConfirmFor},
		} {
			token := w.mail.token(t, c.kind)
			w.clock.Move(c.good - time.Millisecond)
			if _, err := w.CheckLink(t.Context(), c.kind, token); err != nil {
				t.Errorf("%s, before its end: %v", c.kind, err)
			}
			w.clock.Move(time.Millisecond)
			if _, err := w.CheckLink(t.Context(), c.kind, token); !errors.Is(err, account.ErrLink) {
				t.Errorf("%s, at its end: %v", c.kind, err)
			}
			w.clock.Move(-c.good)
		}
	})
}

func TestOperatorsResetLink(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.signUp(t, "ines@example.org")
		sent := w.mail.count()
		link, until, err := w.ResetLink(t.Context(), command, "Ines@Example.org")
		if err != nil || until.Sub(w.clock.Now()) != account.OperatorResetFor {
			t.Fatalf("%s until %v, %v", link, until, err)
		}
		if w.mail.count() != sent {
			t.Error("a mail left")
		}
		w.clock.Move(23 * time.Hour)
		if _, err := w.Reset(t.Context(), tokenIn(t, link), "new password"); err != nil {
			t.Error(err)
		}
		if _, _, err := w.ResetLink(t.Context(), command, "nobody@example.org"); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("for nobody: %v", err)
		}
	})
}

func TestConfirm(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		by, u, _ := w.signUp(t, "ines@example.org")
		first := w.mail.token(t, account.LinkConfirm)
		if err := w.RequestConfirm(t.Context(), by); err != nil || w.mail.count() != 1 {
			t.Errorf("asked again at once: %v, %d mails", err, w.mail.count())
		}
		w.clock.Move(time.Hour)
		if err := w.RequestConfirm(t.Context(), by); err != nil || w.mail.count() != 2 {
			t.Errorf("asked again: %v, %d mails", err, w.mail.count())
		}
		if _, err := w.ConfirmEmail(t.Context(), first); !errors.Is(err, account.ErrLink) {
			t.Errorf("the older link: %v", err)
		}
		got, err := w.ConfirmEmail(t.Context(), w.mail.token(t, account.LinkConfirm))
		if err != nil || got != u.Email {
			t.Errorf("confirmed %v, %v", got, err)
		}
		if u, err = w.User(t.Context(), u.ID); err != nil || !u.ConfirmedAt.Equal(w.clock.Now()) {
			t.Errorf("confirmed at %v, %v", u.ConfirmedAt, err)
		}
		w.clock.Move(time.Hour)
		if err := w.RequestConfirm(t.Context(), by); err != nil || w.mail.count() != 2 {
			t.Errorf("confirmed, yet another mail left: %v", err)
		}
	})
}

func TestALinkIsSpentOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.signUp(t, "ines@example.org")
		token := w.mail.token(t, account.LinkConfirm)
		var (
			wg   sync.WaitGroup
			errs [4]error
		)
		for i := range errs {
			wg.Go(func() { _, errs[i] = w.ConfirmEmail(t.Context(), token) })
		}
		wg.Wait()
		spent := 0
		for _, err := range errs {
			switch {
			case err == nil:
				spent++
			case !errors.Is(err, account.ErrLink):
				t.Error(err)
			}
		}
		if spent != 1 {
			t.Errorf("spent %d times", spent)
		}
	})
}

func TestSweepForgetsWhatExpired(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		by, _, _ := w.signUp(t, "ines@example.org")
		if _, err := w.Invite(t.Context(), by, "kim@example.org", account.Manager); err != nil {
			t.Fatal(err)
		}
		sessions := w.store.Sessions()
		for token, good := range map[string]time.Duration{"short": time.Hour, "long": 30 * 24 * time.Hour} {
			if err := sessions.CommitCtx(t.Context(), token, []byte(token), w.clock.Now().Add(good)); err != nil {
				t.Fatal(err)
			}
		}
		w.clock.Move(2 * time.Hour)
		if _, found, err := sessions.FindCtx(t.Context(), "short"); found || err != nil {
			t.Errorf("an expired session is found, %v", err)
		}
		if err := w.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if data, found, err := sessions.FindCtx(t.Context(), "long"); !found || string(data) != "long" || err != nil {
			t.Errorf("a living session: %q, %v, %v", data, found, err)
		}
		if all, err := w.Invitations(t.Context(), by); err != nil || len(all) != 1 {
			t.Errorf("a living invitation: %v, %v", all, err)
		}
		if err := sessions.DeleteCtx(t.Context(), "long"); err != nil {
			t.Fatal(err)
		}
		if _, found, _ := sessions.FindCtx(t.Context(), "long"); found {
			t.Error("an ended session is found")
		}
	})
}
