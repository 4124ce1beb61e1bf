package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/email"
	"kith/internal/base/id"
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
		p.sender = p.through(delivery.Route{Name: "relay.test:25", Relay: p.relay, Connections: 4})
		test(t, p)
	}
	t.Run("sqlite", func(t *testing.T) { run(t, store.Options{Path: filepath.Join(t.TempDir(), "kith.db")}) })
	t.Run("postgres", func(t *testing.T) { run(t, store.Options{DatabaseURL: testdb.Postgres(t)}) })
}

// through returns who sends through other relays.
func (p post) through(routes ...delivery.Route) *delivery.Service {
	return delivery.New(delivery.Options{
		Store: p.store.Deliveries(), Composer: p.Service, Hashes: hashes, Routes: routes,
		Notices: delivery.NewNotices(delivery.NoticeOptions{Store: p.store.Notices(), Hashes: hashes}),
	})
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
	var all []message.Mail
	for _, subject := range subjects {
		all = append(all, message.Mail{
			Account: 1, Kind: message.Confirmation, To: to(t, "ann@there.test"), Subject: subject, Text: "text of " + subject,
		})
	}
	p.put(t, all...)
}

func (p post) put(t *testing.T, mails ...message.Mail) {
	t.Helper()
	err := p.store.Within(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		for _, m := range mails {
			err = errors.Join(err, p.Queue(ctx, tx, m))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
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
	more, err = p.sender.Deliver(t.Context(), l, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.store.DropLease(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	return more
}

// attempts returns what is told of a mail's attempts.
func (p post) attempts(t *testing.T, mail id.Mail) (all []delivery.Attempt) {
	t.Helper()
	err := p.store.Deliveries().View(t.Context(), func(ctx context.Context, tx delivery.Tx) (err error) {
		all, err = tx.Attempts(ctx, 1, mail)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// troubles returns the relays that are in trouble.
func (p post) troubles(t *testing.T) (all []delivery.RelayState) {
	t.Helper()
	err := p.store.Deliveries().View(t.Context(), func(ctx context.Context, tx delivery.Tx) (err error) {
		all, err = tx.RelayStates(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// only returns the one mail of account 1.
func (p post) only(t *testing.T) message.Mail {
	t.Helper()
	mails, err := p.List(t.Context(), owner, message.Filter{}, page.Request{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	if len(mails.Items) != 1 {
		t.Fatalf("%d mails, want 1", len(mails.Items))
	}
	return mails.Items[0]
}

var owner = account.Actor{Account: 1, User: 5, Role: account.Owner}
