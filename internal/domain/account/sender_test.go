package account_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/opt"
	"kith/internal/domain/account"
)

// senders tells of every address: confirmed or not, and for what.
func (w *world) senders(t *testing.T, by account.Actor, f account.SenderFilter) string {
	t.Helper()
	all, err := w.Senders(t.Context(), by, f)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, s := range all {
		fmt.Fprintf(&b, "%s %t %d;", s.Email, s.Confirmed(), s.Roles)
	}
	return b.String()
}

func TestSendersFromSignUpOn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		by, _, _ := w.signUp(t, "ines@example.org")
		own := account.RoleContact | account.RoleBilling | account.RoleReplyTo
		if got, want := w.senders(t, by, account.SenderFilter{}), fmt.Sprintf("ines@example.org false %d;", own); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		// Who confirms their own address confirms it for sending too.
		if _, err := w.ConfirmEmail(t.Context(), w.mail.token(t, account.LinkConfirm)); err != nil {
			t.Fatal(err)
		}
		if got, want := w.senders(t, by, account.SenderFilter{Confirmed: opt.Some(true)}), fmt.Sprintf("ines@example.org true %d;", own); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

func TestSendersAreAskedOnceAMinute(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		by, _, _ := w.signUp(t, "ines@example.org")
		s, err := w.AddSender(t.Context(), by, "News@example.org", nil)
		if err != nil {
			t.Fatal(err)
		}
		first, mails := w.mail.token(t, account.LinkSender), w.mail.count()
		if err := w.AskSender(t.Context(), by, s.ID); fault.Of(err).Kind != fault.TooMany || fault.Of(err).Retry != time.Minute {
			t.Errorf("at once: %v", err)
		}
		if _, err := w.AddSender(t.Context(), by, "news@example.org", nil); !fault.Is(err, fault.Conflict) || w.mail.count() != mails {
			t.Errorf("added at once: %v, %d mails more", err, w.mail.count()-mails)
		}
		w.clock.Move(time.Minute)
		if err := w.AskSender(t.Context(), by, s.ID); err != nil {
			t.Errorf("after a minute: %v", err)
		}
		if _, err := w.ConfirmSender(t.Context(), first); !fault.Is(err, fault.Gone) {
			t.Errorf("the link of the first mail: %v", err)
		}
		last := w.mail.token(t, account.LinkSender)
		if to, err := w.ConfirmSender(t.Context(), last); err != nil || to.String() != "news@example.org" {
			t.Errorf("%s, %v", to, err)
		}
		if err := w.AskSender(t.Context(), by, s.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("once confirmed: %v", err)
		}
		if err := w.AskSender(t.Context(), by, 99); !fault.Is(err, fault.NotFound) {
			t.Errorf("none: %v", err)
		}
	})
}

func TestTheContactsAddressIsASender(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		by, _, _ := w.signUp(t, "ines@example.org")
		set := func(address string) {
			t.Helper()
			if _, err := w.UpdateSettings(t.Context(), by, account.Settings{ContactEmail: opt.Some(address)}, nil); err != nil {
				t.Fatal(err)
			}
		}
		before := w.mail.count()
		set("desk@example.org")
		if n := w.mail.count() - before; n != 1 {
			t.Errorf("%d mails to a new address", n)
		}
		contact := account.SenderFilter{Role: account.RoleContact}
		if got := w.senders(t, by, contact); got != "desk@example.org false 1;" {
			t.Errorf("got %s", got)
		}
		all, err := w.Senders(t.Context(), by, contact)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.DropSender(t.Context(), by, all[0].ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("the contact's address was dropped: %v", err)
		}
		set("ines@example.org") // there already: no mail
		if n := w.mail.count() - before; n != 1 {
			t.Errorf("%d mails", n)
		}
		if got := w.senders(t, by, contact); got != "ines@example.org false 7;" {
			t.Errorf("got %s", got)
		}
		token := w.mail.token(t, account.LinkSender)
		if err := w.DropSender(t.Context(), by, all[0].ID); err != nil {
			t.Errorf("drop: %v", err)
		}
		if _, err := w.ConfirmSender(t.Context(), token); !fault.Is(err, fault.Gone) {
			t.Errorf("the link of an address that was dropped: %v", err)
		}
	})
}

func TestSendersAreBounded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		by, _, _ := w.signUp(t, "ines@example.org")
		for i := 1; ; i++ {
			_, err := w.AddSender(t.Context(), by, fmt.Sprintf("a%d@example.org", i), nil)
			if i < account.MaxSenderMailsADay {
				if err != nil {
					t.Fatal(err)
				}
				continue
			}
			if !fault.Is(err, fault.TooMany) {
				t.Errorf("one mail more than a day takes: %v", err)
			}
			break
		}
		w.clock.Move(24 * time.Hour)
		if _, err := w.AddSender(t.Context(), by, "next@example.org", nil); err != nil {
			t.Errorf("the next day: %v", err)
		}
	})
}

func TestSendersAreTheOwners(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		by, _, _ := w.signUp(t, "ines@example.org")
		manager, _ := w.join(t, by, "mo@example.org", account.Manager)
		if _, err := w.AddSender(t.Context(), manager, "news@example.org", nil); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a manager adds: %v", err)
		}
		if err := w.AskSender(t.Context(), manager, 1); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a manager asks: %v", err)
		}
		if err := w.DropSender(t.Context(), manager, 1); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a manager drops: %v", err)
		}
		if got := w.senders(t, manager, account.SenderFilter{}); got == "" {
			t.Error("a manager sees none")
		}
	})
}
