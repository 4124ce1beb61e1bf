package message_test

import (
	"context"
	"testing"

	"kith/internal/base/secret"
	"kith/internal/domain/contact"
	"kith/internal/domain/message"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

// BenchmarkLetters is what a letter costs: to queue it in a unit of work with a
// hundred others, and to write it when it leaves.
func BenchmarkLetters(b *testing.B) {
	w := storetest.SQLite(b)
	a := w.Account(b, "Hill Walkers")
	s := message.New(message.Options{
		Store: w.Messages(), Box: secret.New().Box(secret.Mail), From: message.Sender{Address: "kith@sender.test"}, Leaves: true,
		PublicURL: "https://kith.test", Links: links,
	})
	l := contact.Letter{
		Kind: contact.AskToConfirm, Link: contact.Link{Purpose: contact.ToConfirm, Account: a.ID, Contact: 7, Ref: 42, Ends: w.Clock.Now()},
		Contact: contact.Contact{ID: 7, FirstName: "Ann", LastName: "Moor"}, To: to(b, "ann@there.test"),
	}
	b.Run("queue", func(b *testing.B) {
		for n := 0; n < b.N; n += 100 {
			w.Do(b, func(ctx context.Context, tx *store.Tx) error {
				for range min(100, b.N-n) {
					if err := s.Post().Queue(ctx, tx, a.ID, l); err != nil {
						return err
					}
				}
				return nil
			})
		}
	})
	var row message.Row
	w.Do(b, func(ctx context.Context, tx *store.Tx) error {
		if err := s.Post().Queue(ctx, tx, a.ID, l); err != nil {
			return err
		}
		var err error
		row, err = tx.MailByNumber(ctx, a.ID, 1)
		return err
	})
	b.Run("compose", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := s.Compose(b.Context(), row); err != nil {
				b.Fatal(err)
			}
		}
	})
}
