package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/base/page"
	"kith/internal/base/task"
	"kith/internal/domain/delivery"
	"kith/internal/domain/message"
	"kith/internal/store"
)

func TestRefusedMailFails(t *testing.T) {
	each(t, func(t *testing.T, p post) {
		p.relay.answer = answering(delivery.Refused, "550 5.1.1 No such\r\nuser \xff"+strings.Repeat("x", 1000))
		p.queue(t, "hello")
		p.deliver(t)
		m := p.only(t)
		if m.State != message.Failed || !strings.HasPrefix(m.Reply, "550 5.1.1 No such user \uFFFDxxx") || len(m.Reply) > 600 || m.SettledAt.IsZero() {
			t.Errorf("got %+v", m)
		}
		p.clock.Move(100 * time.Hour)
		p.deliver(t)
		if n := len(p.relay.sent()); n != 1 {
			t.Errorf("sent %d times", n)
		}
		// Until somebody says so.
		p.relay.answer = nil
		if err := p.SendAgain(t.Context(), owner, m.Number); err != nil {
			t.Fatal(err)
		}
		p.deliver(t)
		if got := p.only(t); got.State != message.Sent || got.MessageID != m.MessageID {
			t.Errorf("sent again: %+v", got)
		}
		if err := p.SendAgain(t.Context(), owner, m.Number); !errors.Is(err, message.ErrState) {
			t.Errorf("a mail that was sent, again: %v", err)
		}
	})
}

func TestTemporaryFailuresAreTriedLaterAndLater(t *testing.T) {
	each(t, func(t *testing.T, p post) {
		p.relay.answer = answering(delivery.Later, "451 4.7.1 Greylisted")
		p.queue(t, "hello")
		for i, pause := range []time.Duration{15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute} {
			p.deliver(t)
			if n := len(p.relay.sent()); n != 1 {
				t.Fatalf("attempt %d: sent %d times", i, n)
			}
			m := p.only(t)
			// Up to half as long again, so that not all come back together.
			waits := m.NextAt.Sub(p.clock.Now())
			if m.State != message.Queued || m.Attempts != i+1 || waits < pause || waits >= pause*3/2 || !m.SettledAt.IsZero() {
				t.Fatalf("after attempt %d, waiting %s: %+v", i, waits, m)
			}
			p.clock.Move(waits - time.Millisecond)
			p.deliver(t)
			if n := len(p.relay.sent()); n != 0 {
				t.Fatalf("attempt %d came too early", i+1)
			}
			p.clock.Move(time.Millisecond)
		}
		for range 100 {
			p.clock.Move(90 * time.Minute)
			p.deliver(t)
		}
		m := p.only(t)
		if days := m.SettledAt.Sub(start).Hours() / 24; m.State != message.Failed || m.Reply != "451 4.7.1 Greylisted" || days < 2.5 || days > 6 {
			t.Errorf("after %.1f days: %+v", days, m)
		}
		if n := len(p.attempts(t, m.Number)); n != m.Attempts {
			t.Errorf("%d attempts are told of, want %d", n, m.Attempts)
		}
	})
}

// What failed together does not come back together.
func TestPausesAreSpread(t *testing.T) {
	each(t, func(t *testing.T, p post) {
		p.relay.answer = answering(delivery.Later, "451 busy")
		var all []string
		for i := range 50 {
			all = append(all, fmt.Sprint(i))
		}
		p.queue(t, all...)
		p.deliver(t)
		mails, err := p.List(t.Context(), owner, message.Filter{}, page.Request{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		times := map[time.Time]bool{}
		for _, m := range mails.Items {
			times[m.NextAt] = true
		}
		if len(times) < 40 {
			t.Errorf("50 mails come back at %d times", len(times))
		}
	})
}

// A relay that cannot be used is left alone for growing times, and no mail is
// the worse for it.
func TestARelayInTroubleRests(t *testing.T) {
	each(t, func(t *testing.T, p post) {
		p.relay.answer = answering(delivery.Trouble, "The mail relay cannot be reached.")
		var all []string
		for i := range 30 {
			all = append(all, fmt.Sprintf("%02d", i))
		}
		p.queue(t, all...)
		if more := p.deliver(t); more {
			t.Error("it says that more can be sent at once")
		}
		if n := len(p.relay.sent()); n > 4 {
			t.Errorf("%d mails were tried on a relay that cannot be used", n)
		}
		var rests []time.Duration
		for range 4 {
			is := p.troubles(t)
			if len(is) != 1 || is[0].Name != "relay.test:25" || is[0].Reply != "The mail relay cannot be reached." || !is[0].Since.Equal(start) {
				t.Fatalf("the relay's state is %+v", is)
			}
			rests = append(rests, is[0].Until.Sub(p.clock.Now()))
			p.deliver(t)
			if n := len(p.relay.sent()); n != 0 {
				t.Errorf("%d mails were tried while it rested", n)
			}
			p.clock.Move(rests[len(rests)-1])
			p.deliver(t)
			if n := len(p.relay.sent()); n != 1 {
				t.Errorf("after its rest it was tried with %d mails, want one", n)
			}
		}
		if want := []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second}; !slices.Equal(rests, want) {
			t.Errorf("it rested for %v, want %v", rests, want)
		}
		p.relay.answer = nil
		p.clock.Move(time.Hour)
		for p.deliver(t) {
		}
		if got := p.relay.sent(); !slices.Equal(got, all) {
			t.Errorf("sent %v", got)
		}
		if is := p.troubles(t); len(is) != 0 {
			t.Errorf("afterwards the relay's state is %+v", is)
		}
	})
}

// While one relay rests, the other sends on: also what the first was to have.
func TestTheOthersGoOn(t *testing.T) {
	each(t, func(t *testing.T, p post) {
		bad := &relay{answer: answering(delivery.Trouble, "wrong password")}
		p.sender = p.through(delivery.Route{Name: "bad", Relay: bad, Connections: 3}, delivery.Route{Name: "good", Relay: p.relay, Connections: 2})
		var all []string
		for i := range 1000 {
			all = append(all, fmt.Sprintf("%04d", i))
		}
		p.queue(t, all...)
		p.deliver(t)
		if got := p.relay.sent(); !slices.Equal(got, all) {
			t.Errorf("%d of %d mails went by the good relay", len(got), len(all))
		}
		if n := len(bad.sent()); n == 0 || n > 3 {
			t.Errorf("%d mails were tried by the bad relay", n)
		}
		if is := p.troubles(t); len(is) != 1 || is[0].Name != "bad" {
			t.Errorf("in trouble are %+v", is)
		}
	})
}

func TestMailWithoutAnAnswerIsNotRepeated(t *testing.T) {
	each(t, func(t *testing.T, p post) {
		p.relay.answer = func(_ message.Mail, letGo func(context.Context) error) (string, error) {
			if err := letGo(t.Context()); err != nil {
				return "", err
			}
			return "", &delivery.SendError{Outcome: delivery.Unknown, Reply: "The mail relay did not answer."}
		}
		p.queue(t, "hello")
		p.deliver(t)
		p.clock.Move(100 * time.Hour)
		p.deliver(t)
		if n := len(p.relay.sent()); n != 1 {
			t.Errorf("sent %d times", n)
		}
		m := p.only(t)
		if told := p.attempts(t, m.Number); m.State != message.Uncertain || len(told) != 1 || told[0].Outcome != "unknown" || told[0].Relay != "relay.test:25" {
			t.Errorf("got %+v, %+v", m, told)
		}
		counts, err := p.Counts(t.Context(), owner)
		if err != nil || counts[message.Uncertain] != 1 || len(counts) != 1 {
			t.Errorf("counts %v, %v", counts, err)
		}
	})
}

// A process that dies leaves claimed mails: those not let go are sent by the
// next, those that were are uncertain; and should it live after all, it can
// let nothing go any more.
func TestWhatADeadProcessLeft(t *testing.T) {
	each(t, func(t *testing.T, p post) {
		p.queue(t, "let go", "not let go")
		dead := p.lease(t)
		var claimed []message.Row
		err := p.store.Deliveries().Within(t.Context(), func(ctx context.Context, tx delivery.Tx) (err error) {
			if err := tx.BeginSending(ctx, dead); err != nil {
				return err
			}
			if claimed, err = tx.ClaimMails(ctx, dead, 10); err != nil {
				return err
			}
			return tx.SetAloft(ctx, dead, []delivery.Aloft{{Account: 1, Mail: claimed[0].Number, At: tx.Now()}})
		})
		if err != nil || len(claimed) != 2 {
			t.Fatal(claimed, err)
		}
		p.deliver(t)
		if got := p.relay.sent(); len(got) != 0 {
			t.Errorf("mails of a process that lives were sent: %v", got)
		}
		p.clock.Move(time.Second)
		if err := p.store.DropLease(t.Context(), dead); err != nil { // its time is up
			t.Fatal(err)
		}
		p.deliver(t)
		if got := p.relay.sent(); !slices.Equal(got, []string{"not let go"}) {
			t.Errorf("sent %v", got)
		}
		counts, err := p.Counts(t.Context(), owner)
		if err != nil || counts[message.Uncertain] != 1 || counts[message.Sent] != 1 {
			t.Errorf("counts %v, %v", counts, err)
		}
		told := p.attempts(t, claimed[0].Number)
		if len(told) != 1 || told[0].Outcome != "unknown" || told[0].Reply != delivery.Interrupted || !told[0].At.Equal(start) {
			t.Errorf("of what was let go is told %+v", told)
		}
		// It was only slow: it may not let go what another has sent, but it
		// knows how the one that it did let go ended.
		err = p.store.Deliveries().Within(t.Context(), func(ctx context.Context, tx delivery.Tx) error {
			return tx.SetAloft(ctx, dead, []delivery.Aloft{{Account: 1, Mail: claimed[1].Number, At: tx.Now()}})
		})
		if !errors.Is(err, task.ErrLost) {
			t.Errorf("let go after all: %v, want ErrLost", err)
		}
		var late []message.Mail
		for _, row := range claimed {
			m := row.Mail
			m.State, m.Reply = message.Failed, "550 late"
			if m.Number == claimed[0].Number {
				m.State, m.Reply = message.Sent, "250 late"
			}
			late = append(late, m)
		}
		err = p.store.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error { return tx.SettleMails(ctx, dead, late) })
		if err != nil {
			t.Fatal(err)
		}
		counts, err = p.Counts(t.Context(), owner)
		if err != nil || counts[message.Sent] != 2 || len(counts) != 1 {
			t.Errorf("in the end %v, %v; want both sent", counts, err)
		}
	})
}

func TestStoppingForgetsNothing(t *testing.T) {
	each(t, func(t *testing.T, p post) {
		ctx, stop := context.WithCancel(t.Context())
		p.relay.answer = func(m message.Mail, letGo func(context.Context) error) (string, error) {
			err := letGo(ctx)
			stop() // the relay answers all the same
			return "250 ok", err
		}
		var all []string
		for i := range 20 {
			all = append(all, fmt.Sprintf("%02d", i))
		}
		p.queue(t, all...)
		l := p.lease(t)
		if _, err := p.sender.Deliver(ctx, l, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if err := p.store.DropLease(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		first := p.relay.sent()
		counts, err := p.Counts(t.Context(), owner)
		if err != nil || counts[message.Sent] == 0 || counts[message.Sent] > int64(len(first)) {
			t.Errorf("handed over %v, counts %v, %v", first, counts, err)
		}
		p.relay.answer = nil
		p.deliver(t)
		if counts, err = p.Counts(t.Context(), owner); err != nil || counts[message.Sent] != 20 {
			t.Errorf("in the end %v, %v", counts, err)
		}
	})
}

func TestTwoProcessesShareTheQueue(t *testing.T) {
	each(t, func(t *testing.T, p post) {
		var all []string
		for i := range 60 {
			all = append(all, fmt.Sprintf("%02d", i))
		}
		p.queue(t, all...)
		done := make(chan error, 2)
		for range 2 {
			l := p.lease(t)
			go func() {
				for {
					more, err := p.sender.Deliver(t.Context(), l, nil)
					if err != nil || !more {
						done <- err
						return
					}
				}
			}()
		}
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		p.deliver(t) // what one had claimed when the other saw nothing
		if got := p.relay.sent(); !slices.Equal(got, all) {
			t.Errorf("sent %v", got)
		}
	})
}

// A relay that breaks every connection is in trouble; one that breaks some is
// not, and the mails come through.
func TestBrokenConnections(t *testing.T) {
	each(t, func(t *testing.T, p post) {
		p.queue(t, "hello")
		p.relay.answer = answering(delivery.Broken, "EOF")
		for i := range 5 {
			p.deliver(t)
			m := p.only(t)
			if m.State != message.Queued || m.Attempts != i+1 {
				t.Fatalf("after %d: %+v", i+1, m)
			}
			p.clock.Move(m.NextAt.Sub(p.clock.Now()))
		}
		if is := p.troubles(t); len(is) != 0 {
			t.Errorf("one mail alone brought the relay into trouble: %+v", is)
		}
		var all []string
		for i := range 20 {
			all = append(all, fmt.Sprint(i))
		}
		p.queue(t, all...)
		p.deliver(t)
		if is := p.troubles(t); len(is) != 1 || is[0].Reply != "EOF" {
			t.Errorf("in trouble are %+v", is)
		}
		p.relay.answer = nil
		p.clock.Move(time.Hour)
		p.deliver(t)
		if counts, err := p.Counts(t.Context(), owner); err != nil || counts[message.Sent] != 21 {
			t.Errorf("in the end %v, %v", counts, err)
		}
	})
}

// What the owner of an address, or a bounce, has put on the list is not mailed.
func TestSuppressedAddressesAreHeldBack(t *testing.T) {
	each(t, func(t *testing.T, p post) {
		list := delivery.NewSuppressions(p.store.Suppressions(), hashes)
		if _, err := list.Add(t.Context(), owner, "Gone@there.test", "", nil); err != nil {
			t.Fatal(err)
		}
		for _, m := range []message.Mail{
			{Contact: 1, Subject: "to the suppressed", To: to(t, "gone@there.test")},
			{Contact: 2, Subject: "to another", To: to(t, "ann@there.test")},
			{Subject: "to a user", To: to(t, "gone@there.test")},
		} {
			m.Account, m.Kind, m.Text = 1, message.Confirmation, "x"
			p.put(t, m)
		}
		p.deliver(t)
		if got := p.relay.sent(); !slices.Equal(got, []string{"to a user", "to another"}) {
			t.Errorf("sent %v", got)
		}
		failed, err := p.List(t.Context(), owner, message.Filter{State: message.Failed}, page.Request{Limit: 10})
		if err != nil || len(failed.Items) != 1 || !strings.HasPrefix(failed.Items[0].Reply, "suppressed: ") {
			t.Errorf("held back are %+v, %v", failed.Items, err)
		}
	})
}

// A relay that refuses the recipient, for good, has the address suppressed; one
// that refuses the sender or the content has not.
func TestRefusedRecipientsAreSuppressed(t *testing.T) {
	each(t, func(t *testing.T, p post) {
		p.relay.answer = func(m message.Mail, _ func(context.Context) error) (string, error) {
			return "", &delivery.SendError{Outcome: delivery.Refused, Reply: "550 5.1.1 does not exist", Recipient: m.Subject == "no such recipient"}
		}
		p.put(t,
			message.Mail{Account: 1, Contact: 1, Kind: message.Confirmation, Text: "x", Subject: "no such recipient", To: to(t, "gone@there.test")},
			message.Mail{Account: 1, Contact: 2, Kind: message.Confirmation, Text: "x", Subject: "no such sender", To: to(t, "ann@there.test")},
		)
		p.deliver(t)
		list := delivery.NewSuppressions(p.store.Suppressions(), hashes)
		of, err := list.List(t.Context(), owner, delivery.SuppressionFilter{}, page.Request{Limit: 10})
		if err != nil || len(of.Items) != 1 || of.Items[0].Address != "gone@there.test" || of.Items[0].Reason != delivery.ByHard {
			t.Errorf("suppressed %+v, %v", of.Items, err)
		}
	})
}

// Whoever is told to stop sends nothing more, and leaves the rest to others.
func TestQuit(t *testing.T) {
	each(t, func(t *testing.T, p post) {
		quit := make(chan struct{})
		var once sync.Once
		p.relay.answer = func(_ message.Mail, letGo func(context.Context) error) (string, error) {
			once.Do(func() { close(quit) })
			return "250 ok", letGo(t.Context())
		}
		var all []string
		for i := range 1000 {
			all = append(all, fmt.Sprintf("%04d", i))
		}
		p.queue(t, all...)
		l := p.lease(t)
		if _, err := p.sender.Deliver(t.Context(), l, quit); err != nil {
			t.Fatal(err)
		}
		first := p.relay.sent()
		counts, err := p.Counts(t.Context(), owner)
		if err != nil || counts[message.Sent] != int64(len(first)) || counts[message.Queued] != int64(1000-len(first)) {
			t.Errorf("handed over %d, counts %v, %v", len(first), counts, err)
		}
	})
}
