package jobs_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"testing"
	"time"

	"kith/internal/base/email"
	"kith/internal/base/page"
	"kith/internal/base/secret"
	"kith/internal/domain/account"
	"kith/internal/domain/delivery"
	"kith/internal/domain/message"
	"kith/internal/jobs"
	"kith/internal/outbound/mail"
	"kith/internal/outbound/mail/mailtest"
	"kith/internal/store"
)

// post returns the outbox over a store, and who sends from it.
func post(t *testing.T, s *store.Store, smtpURL string) (*message.Service, *delivery.Service) {
	t.Helper()
	relay, err := mail.New(mail.Options{URL: smtpURL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { relay.Close() })
	m := message.New(message.Options{
		Store: s.Messages(), Box: secret.New().Box(secret.Mail), Leaves: true,
		From: message.Sender{Name: "Kith", Address: "kith@sender.test"},
	})
	return m, delivery.New(delivery.Options{Store: s.Deliveries(), Composer: m, Routes: []delivery.Route{{Name: relay.Name(), Relay: relay, Connections: 4}}})
}

func queue(t *testing.T, s *store.Store, m *message.Service, n int) {
	t.Helper()
	to, err := email.Parse("ann@there.test")
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		err := s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return m.Queue(ctx, tx, message.Mail{Account: 1, To: to, Subject: fmt.Sprint("mail ", i), Text: "hello\n"})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

var owner = account.Actor{Account: 1, User: 1, Role: account.Owner}

func mails(t *testing.T, m *message.Service) []message.Mail {
	t.Helper()
	all, err := m.List(t.Context(), owner, message.Filter{}, page.Request{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return all.Items
}

func TestMailLeavesSoonAfterTheCommit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		arrived := make(chan mailtest.Message, 10)
		server := mailtest.New(t, mailtest.Options{OnData: func(m mailtest.Message, _ func()) error {
			arrived <- m
			return nil
		}})
		m, sender := post(t, s, server.URL())
		r := runner(t, s)
		r.Deliver(sender)
		start(t, r)
		queue(t, s, m, 1)
		if got := soon(t, arrived, "the mail"); got.Header.Get("Subject") != "mail 0" || got.To != "ann@there.test" {
			t.Errorf("got %+v", got)
		}
	})
}

const envSMTP = "KITH_TEST_CHILD_SMTP"

// TestMailChild is no test: it is the process that
// TestMailOfAKilledProcess kills.
func TestMailChild(t *testing.T) {
	asChild(t, func(s *store.Store) *jobs.Runner {
		r := jobs.New(jobs.Options{Store: s, Log: slog.New(slog.DiscardHandler)})
		_, sender := post(t, s, os.Getenv(envSMTP))
		r.Deliver(sender)
		return r
	})
}

// Processes are killed while they send. Afterwards every mail was either sent
// once, or is uncertain and was sent at most once; what had been written down
// as sent was not sent again.
func TestMailOfAKilledProcess(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o store.Options) {
		s := open(t, o)
		const n = 120
		// The relay takes its time, so that a kill finds mails on their way.
		count := make(chan struct{}, n)
		server := mailtest.New(t, mailtest.Options{OnData: func(mailtest.Message, func()) error {
			count <- struct{}{}
			time.Sleep(5 * time.Millisecond)
			return nil
		}})
		m, sender := post(t, s, server.URL())
		queue(t, s, m, n)
		for _, after := range []int{1, 7, 20} {
			kill := make(chan struct{})
			go func() {
				for range after {
					<-count
				}
				close(kill)
			}()
			run(t, "TestMailChild", o, kill, io.Discard, envSMTP+"="+server.URL())
		}
		recorded := map[string]bool{}
		for _, m := range mails(t, m) {
			recorded[m.MessageID] = m.State == message.Sent
		}
		before := len(server.Received())
		r := runner(t, s)
		r.Deliver(sender)
		start(t, r)
		for deadline := time.Now().Add(time.Minute); ; {
			counts, err := m.Counts(t.Context(), owner)
			if err != nil {
				t.Fatal(err)
			}
			if counts[message.Sent]+counts[message.Uncertain] == n {
				t.Logf("%d were handed over before the last kill; in the end %v", before, counts)
				if most := int64(3 * 4); counts[message.Uncertain] > most { // kills × connections
					t.Errorf("%d mails are uncertain, want at most the %d on open connections", counts[message.Uncertain], most)
				}
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("not all was settled: %v", counts)
			}
			time.Sleep(20 * time.Millisecond) // the rows are all there is to wait on
		}
		copies := map[string]int{}
		for i, got := range server.Received() {
			copies[got.ID]++
			if i >= before && recorded[got.ID] {
				t.Errorf("%s was recorded as sent and sent again", got.ID)
			}
		}
		for _, m := range mails(t, m) {
			switch c := copies[m.MessageID]; {
			case c > 1:
				t.Errorf("%s (%s) arrived %d times", m.Subject, m.State, c)
			case c == 0 && m.State == message.Sent:
				t.Errorf("%s is recorded as sent and never arrived", m.Subject)
			}
		}
	})
}
