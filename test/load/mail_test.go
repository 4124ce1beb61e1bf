package load

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"kith/internal/domain/delivery"
	"kith/internal/outbound/mail/mailtest"
	"kith/internal/testdb"
	"kith/test/outbox"
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
	outbox.Fill(t, p, "ines@example.org", n, sign...)
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

// content is about what travels of it.
func content() []byte {
	return []byte("Subject: x\r\n\r\n" + strings.ReplaceAll(outbox.Text+outbox.HTML, "\n", "\r\n") + strings.Repeat("x", 400) + "\r\n.\r\n")
}
