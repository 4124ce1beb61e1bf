// Package outbox fills the outbox of a server that is not running, as the server
// does itself: through its own services, over the place where its data is.
package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"kith/internal/app"
	"kith/internal/base/clock"
	"kith/internal/base/email"
	"kith/internal/base/secret"
	"kith/internal/config"
	"kith/internal/domain/account"
	"kith/internal/domain/delivery"
	"kith/internal/domain/message"
	"kith/internal/store"
	"kith/test/server"
)

// Text and HTML make a mail of 6.5 kB, with what it takes to send it.
var (
	Text = strings.Repeat("The boats leave at seven, and whoever is late waves from the quay.\n", 25)
	HTML = "<html><body>" + strings.Repeat(`<p style="color: #1f5f5b">The boats leave at seven, and whoever is late waves.</p>`+"\n", 50) + "</body></html>\n"
)

// Recipient is whom the nth mail is for.
func Recipient(n int) string { return fmt.Sprintf("reader%06d@domain%d.test", n, n%100) }

// Fill leaves n mails of 6.5 kB in the queue of an owner's account, and keys to
// sign them with.
func Fill(t testing.TB, p server.Place, owner string, n int, sign ...delivery.Algorithm) {
	t.Helper()
	flags := map[string]string{"data": p.Data, "smtp-url": "smtp://localhost"}
	if p.DatabaseURL != "" {
		flags["database-url"] = p.DatabaseURL
	}
	c, err := config.Load(config.Source{Flags: flags})
	if err != nil {
		t.Fatal(err)
	}
	desk, err := app.OpenDesk(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := desk.Close(); err != nil {
			t.Error(err)
		}
	}()
	who, err := desk.For(t.Context(), "test", owner, "")
	if err != nil {
		t.Fatal(err)
	}
	if len(sign) > 0 {
		keys(t, desk, who, owner, sign)
	}
	outbox := message.New(message.Options{Store: desk.Store.Messages(), Box: desk.Key.Box(secret.Mail), Leaves: true})
	const together = 1000
	for from := 0; from < n; from += together {
		err := desk.Store.Within(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
			for i := from; i < min(from+together, n); i++ {
				to, wrong := email.Parse(Recipient(i))
				err = errors.Join(err, wrong, outbox.Queue(ctx, tx, message.Mail{
					Account: who.Account, Kind: message.Invitation, To: to, ToName: "Reader", Subject: "The boats leave at seven",
					From: message.Sender{Name: "Paper Boats", Address: owner}, Text: Text, HTML: HTML,
				}))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// keys makes keys for the domain that the mails are from.
func keys(t testing.TB, desk *app.Desk, who account.Actor, owner string, algorithms []delivery.Algorithm) {
	t.Helper()
	address, err := email.Parse(owner)
	if err != nil {
		t.Fatal(err)
	}
	err = desk.Store.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		senders, err := tx.Senders(ctx, who.Account)
		if err != nil {
			return err
		}
		for _, s := range senders {
			if s.Email == address {
				s.ConfirmedAt = clock.System{}.Now()
				return tx.UpdateSender(ctx, who.Account, s)
			}
		}
		_, err = tx.InsertSender(ctx, who.Account, account.Sender{Email: address, ConfirmedAt: clock.System{}.Now(), CreatedAt: clock.System{}.Now()})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	domains := delivery.NewDomains(delivery.DomainOptions{Store: desk.Store.Domains(), Box: desk.Key.Box(secret.Domains)})
	if _, err := domains.Add(t.Context(), who, address.Domain(), algorithms, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := domains.SetSigning(t.Context(), who, address.Domain(), delivery.SignAlways, nil); err != nil {
		t.Fatal(err)
	}
}
