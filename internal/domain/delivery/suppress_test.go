package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/delivery"
	"kith/internal/domain/message"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

var hashes = delivery.NewHashes([]byte("a key of thirty-two bytes, or so"))

// ofAccount is somebody who may do everything in an account.
func ofAccount(a account.Account) account.Actor {
	return account.Actor{Account: a.ID, User: 1, Role: account.Owner, Via: account.ViaWeb}
}

func parsed(t testing.TB, s string) email.Address {
	t.Helper()
	a, err := email.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestTheOwnersList(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, func(t *testing.T, w *storetest.World) {
		list := delivery.NewSuppressions(w.Suppressions(), hashes)
		mine, other := ofAccount(w.Account(t, "Mine")), ofAccount(w.Account(t, "Other"))
		for i := range 5 {
			w.Clock.Move(time.Minute)
			if _, err := list.Add(t.Context(), mine, fmt.Sprintf(" Person%d@Example.org", i), "asked\nby phone", nil); err != nil {
				t.Fatal(err)
			}
		}
		again, err := list.Add(t.Context(), mine, "person3@example.org", "another note", nil)
		if err != nil || again.Said != "asked by phone" {
			t.Errorf("once more: %+v, %v", again, err)
		}
		var seen []string
		r := page.Request{Limit: 2, Count: true}
		for {
			of, err := list.List(t.Context(), mine, delivery.SuppressionFilter{}, r)
			if err != nil || of.Total != 5 {
				t.Fatal(of, err)
			}
			for _, s := range of.Items {
				seen = append(seen, s.Address[:7])
			}
			if of.Next.IsZero() {
				break
			}
			r.After = of.Next
		}
		if got := strings.Join(seen, " "); got != "person4 person3 person2 person1 person0" {
			t.Errorf("read %s", got)
		}
		for search, want := range map[string]int{"": 5, "SON2@": 1, "example.org": 5, "%": 0, "_": 0, "nobody": 0} {
			of, err := list.List(t.Context(), mine, delivery.SuppressionFilter{Search: search, Reason: delivery.ByOwner}, page.Request{Limit: 50})
			if err != nil || len(of.Items) != want {
				t.Errorf("search %q: %d found, %v; want %d", search, len(of.Items), err, want)
			}
		}
		if of, err := list.List(t.Context(), mine, delivery.SuppressionFilter{Reason: delivery.ByHard}, page.Request{Limit: 50}); err != nil || len(of.Items) != 0 {
			t.Errorf("hard ones: %v, %v", of, err)
		}

		address := parsed(t, "person3@example.org")
		if _, err := list.Of(t.Context(), other, address); !errors.Is(err, delivery.ErrNotSuppressed) {
			t.Errorf("another account: %v", err)
		}
		if err := list.Lift(t.Context(), other, again.Hash); !errors.Is(err, delivery.ErrNotSuppressed) {
			t.Errorf("lifted from another account: %v", err)
		}
		if is, err := list.Of(t.Context(), mine, address); err != nil || is.Reason != delivery.ByOwner || !is.Since.Equal(again.Since) {
			t.Errorf("got %+v, %v", is, err)
		}
		if err := list.Lift(t.Context(), mine, again.Hash); err != nil {
			t.Fatal(err)
		}
		if _, err := list.Of(t.Context(), mine, address); !errors.Is(err, delivery.ErrNotSuppressed) {
			t.Errorf("lifted: %v", err)
		}
		if err := list.Lift(t.Context(), mine, again.Hash); !errors.Is(err, delivery.ErrNotSuppressed) {
			t.Errorf("lifted twice: %v", err)
		}
		_, err = list.Add(t.Context(), mine, "no address", strings.Repeat("x", 501), nil)
		if f := fault.Of(err); f == nil || len(f.Problems) != 2 {
			t.Errorf("got %v", err)
		}
		reader := mine
		reader.Role = account.CampaignCreator
		if _, err := list.Add(t.Context(), reader, "a@example.org", "", nil); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a campaign creator: %v", err)
		}
	})
}

// What the sender asks for each batch: of several addresses at once, of its
// own account, and only what holds now.
func TestSuppressedNow(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, func(t *testing.T, w *storetest.World) {
		mine, other := w.Account(t, "Mine").ID, w.Account(t, "Other").ID
		hard, full, fine := parsed(t, "hard@example.org"), parsed(t, "full@example.org"), parsed(t, "fine@example.org")
		suppress(t, w, mine, hard, delivery.ByHard, time.Time{})
		suppress(t, w, mine, full, delivery.BySoft, w.Clock.Now().Add(14*day))
		ask := func(a id.Account) (found map[email.Address]delivery.Suppression) {
			t.Helper()
			w.Do(t, func(ctx context.Context, tx *store.Tx) (err error) {
				found, err = hashes.Suppressed(ctx, tx, a, []email.Address{hard, full, fine, hard})
				return err
			})
			return found
		}
		if got := ask(mine); len(got) != 2 || got[hard].Reason != delivery.ByHard || got[full].Reason != delivery.BySoft {
			t.Errorf("got %v", got)
		}
		if got := ask(other); len(got) != 0 {
			t.Errorf("another account: %v", got)
		}
		w.Clock.Move(14 * day)
		if got := ask(mine); len(got) != 1 || got[hard].Reason != delivery.ByHard {
			t.Errorf("when the rest is over: %v", got)
		}
		list := delivery.NewSuppressions(w.Suppressions(), hashes)
		w.Clock.Move(365 * day)
		if err := list.Trim(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.Do(t, func(ctx context.Context, tx *store.Tx) error {
			s, err := tx.HoldStanding(ctx, mine, hashes.Of(mine, full))
			if err == nil && s.Rounds != 0 {
				t.Errorf("after a year: %+v", s)
			}
			h, err2 := tx.HoldStanding(ctx, mine, hashes.Of(mine, hard))
			if h.Reason != delivery.ByHard {
				t.Errorf("after a year: %+v", h)
			}
			return errors.Join(err, err2)
		})
	})
}

func suppress(t *testing.T, w *storetest.World, a id.Account, address email.Address, why delivery.Reason, until time.Time) {
	t.Helper()
	w.Do(t, func(ctx context.Context, tx *store.Tx) error {
		s, err := tx.HoldStanding(ctx, a, hashes.Of(a, address))
		if err != nil {
			return err
		}
		s.Address, s.Reason, s.Since, s.Until, s.ScoredAt, s.Rounds = address.String(), why, tx.Now(), until, tx.Now(), 1
		return tx.PutStanding(ctx, a, s)
	})
}

func TestWhichMailsAreHeldBack(t *testing.T) {
	t.Parallel()
	asks := []contact.LetterKind{contact.AskToConfirm, contact.AskToReturn, contact.AskAddress}
	for _, reason := range []delivery.Reason{delivery.ByHard, delivery.BySoft, delivery.ByComplaint, delivery.ByOwner} {
		s := delivery.Suppression{Reason: reason, Said: "550 no"}
		for _, kind := range asks {
			if got, want := s.Stops(message.Kind(kind)), reason == delivery.ByComplaint || reason == delivery.ByOwner; got != want {
				t.Errorf("%s stops %s: %v", reason, kind, got)
			}
		}
		for _, kind := range []message.Kind{message.Kind(contact.Welcome), message.Kind(contact.Reminder), "campaign"} {
			if !s.Stops(kind) {
				t.Errorf("%s lets %s pass", reason, kind)
			}
		}
		if !strings.HasPrefix(s.Reply(), "suppressed: ") || len(s.Reply()) < 20 {
			t.Errorf("%s says %q", reason, s.Reply())
		}
	}
}

func TestHashesAreOfOneAccount(t *testing.T) {
	t.Parallel()
	a := parsed(t, "a@example.org")
	if hashes.Of(1, a) == hashes.Of(2, a) || hashes.Of(1, a) == delivery.NewHashes([]byte("x")).Of(1, a) {
		t.Error("hashes")
	}
	h := hashes.Of(1, a)
	if got, ok := delivery.ParseHash(h.String()); !ok || got != h {
		t.Error("read back", got)
	}
	for _, s := range []string{"", "zz", h.String() + "00", h.String()[2:]} {
		if _, ok := delivery.ParseHash(s); ok {
			t.Errorf("%q is taken", s)
		}
	}
}
