package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"kith/internal/base/task"
	"kith/internal/domain/delivery"
	"kith/internal/domain/message"
)

// watched is a store that is watched, and that can be made to fail.
type watched struct {
	delivery.Store

	fails func(ended, aloft int) error // for a unit of work that notes something

	mu    sync.Mutex
	units int // that noted something
	most  int // mails aloft at a time
	both  int // units in which one had ended and another was let go
}

type watchedTx struct {
	delivery.Tx

	ended, aloft int
}

func (w *watchedTx) SetAloft(ctx context.Context, l task.Lease, all []delivery.Aloft) error {
	w.aloft = len(all)
	return w.Tx.SetAloft(ctx, l, all)
}

func (w *watchedTx) SettleMails(ctx context.Context, l task.Lease, all []message.Mail) error {
	w.ended = len(all)
	return w.Tx.SettleMails(ctx, l, all)
}

func (w *watched) Within(ctx context.Context, fn func(context.Context, delivery.Tx) error) error {
	var seen *watchedTx
	err := w.Store.Within(ctx, func(ctx context.Context, tx delivery.Tx) error {
		seen = &watchedTx{Tx: tx, aloft: -1}
		if err := fn(ctx, seen); err != nil {
			return err
		}
		if seen.aloft >= 0 && w.fails != nil {
			return w.fails(seen.ended, seen.aloft)
		}
		return nil
	})
	if err == nil && seen.aloft >= 0 {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.units++
		w.most = max(w.most, seen.aloft)
		if seen.ended > 0 && seen.aloft > 0 {
			w.both++
		}
	}
	return err
}

func (p post) watchedBy(w *watched, connections int) *delivery.Service {
	w.Store = p.store.Deliveries()
	return delivery.New(delivery.Options{
		Store: w, Composer: p.Service, Hashes: hashes,
		Routes: []delivery.Route{{Name: "relay.test:25", Relay: p.relay, Connections: connections}},
	})
}

// What all connections have to note is written together, and no connection has
// more than one mail of which nobody knows.
func TestNotesAreWrittenTogether(t *testing.T) {
	each(t, func(t *testing.T, p post) {
		const mails, connections = 600, 20
		var w watched
		p.sender = p.watchedBy(&w, connections)
		var all []string
		for i := range mails {
			all = append(all, fmt.Sprint(i))
		}
		p.queue(t, all...)
		p.deliver(t)
		if counts, err := p.Counts(t.Context(), owner); err != nil || counts[message.Sent] != mails {
			t.Fatal(counts, err)
		}
		if w.most > connections {
			t.Errorf("%d mails were let go and not settled, with %d connections", w.most, connections)
		}
		if w.units > mails*3/2 || w.both < w.units/4 {
			t.Errorf("%d mails took %d units of work, %d of them for several", mails, w.units, w.both)
		}
	})
}

// When nothing can be written, nothing is let go; and what the relay took is
// written when that is possible again.
func TestADatabaseThatFails(t *testing.T) {
	each(t, func(t *testing.T, p post) {
		var w watched
		p.sender = p.watchedBy(&w, 4)
		p.queue(t, "1", "2", "3", "4", "5", "6")
		gone := errors.New("the database is gone")
		w.fails = func(ended, aloft int) error {
			if aloft > 0 {
				return gone
			}
			return nil
		}
		letGo := atomic.Int64{}
		p.relay.answer = func(_ message.Mail, let func(context.Context) error) (string, error) {
			if err := let(t.Context()); err != nil {
				return "", err
			}
			letGo.Add(1)
			return "250 ok", nil
		}
		l := p.lease(t)
		if _, err := p.sender.Deliver(t.Context(), l, nil); !errors.Is(err, gone) {
			t.Errorf("got %v", err)
		}
		counts, err := p.Counts(t.Context(), owner)
		if err != nil || letGo.Load() != 0 || counts[message.Queued] != 6 {
			t.Fatalf("%d mails were let go; %v, %v", letGo.Load(), counts, err)
		}

		var failed atomic.Int64
		w.fails = func(ended, _ int) error { // the first three times that something has ended
			if ended > 0 && failed.Add(1) <= 3 {
				return gone
			}
			return nil
		}
		_, err = p.sender.Deliver(t.Context(), p.lease(t), nil)
		if err != nil && !errors.Is(err, gone) {
			t.Error(err)
		}
		for p.deliver(t) {
		}
		counts, err = p.Counts(t.Context(), owner)
		if err != nil || counts[message.Sent] != 6 || letGo.Load() != 6 {
			t.Errorf("%d mails were let go; %v, %v", letGo.Load(), counts, err)
		}
	})
}
