package delivery_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/email"
	"kith/internal/base/page"
	"kith/internal/base/secret"
	"kith/internal/base/task"
	"kith/internal/domain/account"
	"kith/internal/domain/delivery"
	"kith/internal/domain/message"
	"kith/internal/store"
	"kith/internal/testdb"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// post is an outbox and who sends from it, with what a test needs beside it.
type post struct {
	*message.Service

	sender *delivery.Service
	store  *store.Store
	clock  *clock.Settable
	relay  *relay
}

// each runs a test on either database.
func each(t *testing.T, test func(t *testing.T, p post)) {
	t.Helper()
	run := func(t *testing.T, o store.Options) {
		t.Parallel()
		c := clock.NewSettable(start)
		o.Clock = c
		s, err := store.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		if _, _, err := s.Migrate(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		p := post{store: s, clock: c, relay: &relay{}}
		p.Service = message.New(message.Options{
			Store: s.Messages(), Box: secret.New().Box(secret.Mail), Leaves: true,
			From: message.Sender{Name: "Kith", Address: "kith@sender.test"},
		})
		p.sender = delivery.New(delivery.Options{Store: s.Deliveries(), Composer: p.Service, Relay: p.relay})
		test(t, p)
	}
	t.Run("sqlite", func(t *testing.T) { run(t, store.Options{Path: filepath.Join(t.TempDir(), "kith.db")}) })
	t.Run("postgres", func(t *testing.T) { run(t, store.Options{DatabaseURL: testdb.Postgres(t)}) })
}

// relay answers as a test says, and takes everything else.
type relay struct {
	mu     sync.Mutex
	answer func(m message.Mail, letGo func(context.Context) error) (string, error)
	got    []message.Mail
}

func (r *relay) Send(ctx context.Context, m message.Outgoing, letGo func(context.Context) error) (string, error) {
	r.mu.Lock()
	r.got = append(r.got, m.Mail)
	answer := r.answer
	r.mu.Unlock()
	if answer != nil {
		return answer(m.Mail, letGo)
	}
	if err := letGo(ctx); err != nil {
		return "", err
	}
	return "250 ok", nil
}

// sent returns the subjects that were handed to the relay since the last time.
func (r *relay) sent() (subjects []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.got {
		subjects = append(subjects, m.Subject)
	}
	r.got = nil
	slices.Sort(subjects)
	return subjects
}

func answering(o delivery.Outcome, reply string) func(message.Mail, func(context.Context) error) (string, error) {
	return func(message.Mail, func(context.Context) error) (string, error) {
		return "", &delivery.SendError{Outcome: o, Reply: reply}
	}
}

func to(t testing.TB, address string) email.Address {
	t.Helper()
	a, err := email.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// queue queues mails with the subjects given, for account 1.
func (p post) queue(t *testing.T, subjects ...string) {
	t.Helper()
	for _, subject := range subjects {
		m := message.Mail{
			Account: 1, Kind: message.Confirmation, To: to(t, "ann@there.test"), Subject: subject, Text: "text of " + subject,
		}
		err := p.store.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error { return p.Queue(ctx, tx, m) })
		if err != nil {
			t.Fatal(err)
		}
	}
}

// leases gives every lease a name of its own.
var leases atomic.Int64

// lease takes a lease for sending.
func (p post) lease(t *testing.T) task.Lease {
	t.Helper()
	l := task.Lease{Name: fmt.Sprint("mail/", leases.Add(1)), Owner: "x"}
	if _, err := p.store.TakeLease(t.Context(), l, time.Hour); err != nil {
		t.Fatal(err)
	}
	return l
}

// deliver delivers one batch under a lease of its own, which ends with it.
func (p post) deliver(t *testing.T) (more bool) {
	t.Helper()
	waiting, err := p.sender.Waiting(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	before := len(p.relay.got)
	defer func() {
		if !waiting && len(p.relay.got) > before {
			t.Error("mail was sent although none was waiting")
		}
	}()
	l := p.lease(t)
	more, err = p.sender.Deliver(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.store.DropLease(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	return more
}

// only returns the one mail of account 1.
func (p post) only(t *testing.T) message.Mail {
	t.Helper()
	mails, err := p.List(t.Context(), owner, "", page.Request{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	if len(mails.Items) != 1 {
		t.Fatalf("%d mails, want 1", len(mails.Items))
	}
	return mails.Items[0]
}

var owner = account.Actor{Account: 1, User: 5, Role: account.Owner}
