package load

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"kith/internal/app"
	"kith/internal/base/clock"
	"kith/internal/base/email"
	"kith/internal/base/secret"
	"kith/internal/config"
	"kith/internal/domain/account"
	"kith/internal/domain/delivery"
	"kith/internal/domain/message"
	"kith/internal/outbound/mail/mailtest"
	"kith/internal/store"
	"kith/internal/testdb"
	"kith/test/server"
)

// mails is how many are sent; KITH_BENCH_MAILS makes it smaller for a quick
// look.
func mails() int {
	if n, err := strconv.Atoi(os.Getenv("KITH_BENCH_MAILS")); err == nil && n > 0 {
		return n
	}
	return 100_000
}

// connections is how many are open to the relay.
const connections = 50

func TestFiguresOfMail(t *testing.T) {
	if !asked() {
		t.Skip("figures are measured by `make bench`")
	}
	t.Run("sqlite", func(t *testing.T) {
		measureMail(t, "sqlite", func(t *testing.T) server.Place { return server.NewPlace(t, "") })
	})
	t.Run("postgres", func(t *testing.T) {
		measureMail(t, "postgres", func(t *testing.T) server.Place { return server.NewPlace(t, testdb.Postgres(t)) })
	})
}

func measureMail(t *testing.T, database string, place func(*testing.T) server.Place) {
	for _, c := range []struct {
		name   string
		sign   []delivery.Algorithm
		n      int
		target float64
	}{
		{"mail, unsigned", nil, mails(), 7000},
		{"mail, signed with Ed25519", []delivery.Algorithm{delivery.Ed25519}, mails(), 3000},
		{"mail, signed with RSA", []delivery.Algorithm{delivery.RSA}, mails() / 10, 0},
	} {
		t.Run(c.name, func(t *testing.T) { sending(t, database, place(t), c.name, c.sign, c.n, c.target) })
	}
}

// sending starts a server over a full queue, and measures from its start until
// what became of every mail is written down.
func sending(t *testing.T, database string, p server.Place, name string, sign []delivery.Algorithm, n int, target float64) {
	key := p.Account(t, "ines@example.org", "account_read")
	fillQueue(t, p, n, sign)
	sink := mailtest.NewSink(t, mailtest.SinkOptions{})
	whole := content()
	raw := float64(n) / mailtest.Raw(t, sink.Address(), connections, n, whole).Seconds()

	before := sink.Taken()
	began := time.Now()
	s := server.Start(t, p, "--smtp-url", fmt.Sprintf("%s?connections=%d", sink.URL(), connections))
	b := &bench{t: t, database: database, server: s, client: server.Client{URL: s.URL, Token: key}}
	for sink.Taken()-before < int64(n) {
		time.Sleep(5 * time.Millisecond) // there is nothing to wait on but the count
		if time.Since(began) > 10*time.Minute {
			t.Fatalf("%d of %d mails came", sink.Taken()-before, n)
		}
	}
	arrived := time.Since(began)
	for _, state := range []string{"queued", "sending"} {
		for b.outbox(state) > 0 {
			time.Sleep(5 * time.Millisecond) // what is left are the last notes
		}
	}
	took := time.Since(began)
	if got := sink.Taken() - before; got != int64(n) {
		t.Errorf("%d mails came, want %d", got, n)
	}
	b.print(name+", start to finished", float64(n)/took.Seconds(), "mails/s", raw, target, atLeast)
	b.print(name+", memory", float64(s.PeakRSS())/(1<<20), "MiB", 0, 256, atMost)
	t.Logf("%d mails of %d bytes arrived in %s, all was written down after %s", n, len(whole), arrived, took)
	s.Stop(t)
}

// outbox counts the mails on the first page of those in a state.
func (b *bench) outbox(state string) int {
	var page struct {
		Mails []struct{} `json:"mails"`
	}
	b.client.Get(b.t, "/kith/v1/outbox?limit=1&state="+state, &page)
	return len(page.Mails)
}

// text and html make a mail of 6.5 kB, with what it takes to send it.
var (
	text = strings.Repeat("The boats leave at seven, and whoever is late waves from the quay.\n", 25)
	html = "<html><body>" + strings.Repeat(`<p style="color: #1f5f5b">The boats leave at seven, and whoever is late waves.</p>`+"\n", 50) + "</body></html>\n"
)

// content is about what travels of it.
func content() []byte {
	return []byte("Subject: x\r\n\r\n" + strings.ReplaceAll(text+html, "\n", "\r\n") + strings.Repeat("x", 400) + "\r\n.\r\n")
}

// fillQueue leaves mails in the outbox of the one account, as the server does
// itself, and keys to sign them with.
func fillQueue(t *testing.T, p server.Place, n int, sign []delivery.Algorithm) {
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
	who, err := desk.For(t.Context(), "test", "ines@example.org", "")
	if err != nil {
		t.Fatal(err)
	}
	if len(sign) > 0 {
		signing(t, desk, who, sign)
	}
	outbox := message.New(message.Options{Store: desk.Store.Messages(), Box: desk.Key.Box(secret.Mail), Leaves: true})
	const together = 1000
	for from := 0; from < n; from += together {
		err := desk.Store.Within(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
			for i := from; i < min(from+together, n); i++ {
				to, wrong := email.Parse(fmt.Sprintf("reader%06d@domain%d.test", i, i%100))
				err = errors.Join(err, wrong, outbox.Queue(ctx, tx, message.Mail{
					Account: who.Account, Kind: message.Invitation, To: to, ToName: "Reader", Subject: "The boats leave at seven",
					From: message.Sender{Name: "Paper Boats", Address: "ines@example.org"}, Text: text, HTML: html,
				}))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// signing makes keys for the domain that the mails are from.
func signing(t *testing.T, desk *app.Desk, who account.Actor, algorithms []delivery.Algorithm) {
	t.Helper()
	address, err := email.Parse("ines@example.org")
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
	if _, err := domains.Add(t.Context(), who, "example.org", algorithms, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := domains.SetSigning(t.Context(), who, "example.org", delivery.SignAlways, nil); err != nil {
		t.Fatal(err)
	}
}
