package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

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
		for i, pause := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute} {
			p.deliver(t)
			if n := len(p.relay.sent()); n != 1 {
				t.Fatalf("attempt %d: sent %d times", i, n)
			}
			m := p.only(t)
			if m.State != message.Queued || m.Attempts != i+1 || m.NextAt.Sub(p.clock.Now()) != pause || !m.SettledAt.IsZero() {
				t.Fatalf("after attempt %d: %+v", i, m)
			}
			p.clock.Move(pause - time.Millisecond)
			p.deliver(t)
			if n := len(p.relay.sent()); n != 0 {
				t.Fatalf("attempt %d came too early", i+1)
			}
			p.clock.Move(time.Millisecond)
		}
		for range 100 {
			p.clock.Move(time.Hour)
			p.deliver(t)
		}
		m := p.only(t)
		if days := m.SettledAt.Sub(start).Hours() / 24; m.State != message.Failed || m.Reply != "451 4.7.1 Greylisted" || days < 2.5 || days > 4 {
			t.Errorf("after %.1f days: %+v", days, m)
		}
	})
}

func TestTroubleWithTheRelayStopsTheBatch(t *testing.T) {
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
		p.relay.answer = nil
		p.clock.Move(time.Hour)
		for p.deliver(t) {
		}
		if got := p.relay.sent(); !slices.Equal(got, all) {
			t.Errorf("sent %v", got)
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
		if m.State != message.Uncertain || m.LetGoAt.IsZero() {
			t.Errorf("got %+v", m)
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
			if claimed, err = tx.ClaimMails(ctx, dead, 10); err != nil {
				return err
			}
			return tx.LetMailGo(ctx, dead, 1, claimed[0].Number)
		})
		if err != nil || len(claimed) != 2 {
			t.Fatal(claimed, err)
		}
		p.deliver(t)
		if got := p.relay.sent(); len(got) != 0 {
			t.Errorf("mails of a process that lives were sent: %v", got)
		}
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
		// It was only slow: it may not let go what another has sent, but it
		// knows how the one that it did let go ended.
		err = p.store.Deliveries().Within(t.Context(), func(ctx context.Context, tx delivery.Tx) error {
			return tx.LetMailGo(ctx, dead, 1, claimed[1].Number)
		})
		if !errors.Is(err, task.ErrLost) {
			t.Errorf("let go after all: %v, want ErrLost", err)
		}
		for _, row := range claimed {
			m := row.Mail
			m.State, m.Reply = message.Failed, "550 late"
			if m.Number == claimed[0].Number {
				m.State, m.Reply = message.Sent, "250 late"
			}
			err = p.store.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error { return tx.SettleMail(ctx, dead, m) })
			if err != nil {
				t.Fatal(err)
			}
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
		if _, err := p.sender.Deliver(ctx, l); !errors.Is(err, context.Canceled) {
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
					more, err := p.sender.Deliver(t.Context(), l)
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
