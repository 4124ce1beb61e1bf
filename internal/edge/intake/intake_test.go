package intake_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"kith/internal/base/email"
	"kith/internal/domain/delivery"
	"kith/internal/edge/intake"
)

// keeper is what keeps mails in these tests.
type keeper struct {
	mu   sync.Mutex
	kept []delivery.Arrival
	// before is called before a mail is kept, and may refuse it.
	before func() error
}

func (k *keeper) Arrive(_ context.Context, all ...delivery.Arrival) error {
	if k.before != nil {
		if err := k.before(); err != nil {
			return err
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept = append(k.kept, all...)
	return nil
}

func (k *keeper) all() []delivery.Arrival {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.kept
}

func paths(t testing.TB) delivery.ReturnPaths {
	t.Helper()
	a, err := email.Parse("bounces@mail.example.org")
	if err != nil {
		t.Fatal(err)
	}
	return delivery.NewReturnPaths([]byte("key"), a)
}

// serve starts a server, and returns what dials it.
func serve(t *testing.T, network string, o intake.Options) (dial func() *smtp.Client) {
	t.Helper()
	o.Paths, o.Name, o.Log = paths(t), "mail.example.org", slog.New(slog.DiscardHandler)
	address := "127.0.0.1:0"
	if network == "unix" {
		address = filepath.Join(t.TempDir(), "lmtp")
	}
	l, err := new(net.ListenConfig).Listen(t.Context(), network, address)
	if err != nil {
		t.Fatal(err)
	}
	s := intake.New(t.Context(), o)
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := errors.Join(s.Shutdown(ctx), <-ended); err != nil {
			t.Error(err)
		}
	})
	return func() *smtp.Client {
		t.Helper()
		c, err := net.Dial(network, l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		client := smtp.NewClient(c)
		if o.LMTP {
			client = smtp.NewClientLMTP(c)
		}
		t.Cleanup(func() { _ = client.Close() })
		return client
	}
}

// send hands a mail over for recipients and returns what was refused.
func send(c *smtp.Client, body string, to ...string) error {
	if err := c.Mail("", nil); err != nil {
		return err
	}
	for _, r := range to {
		if err := c.Rcpt(r, nil); err != nil {
			return err
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, body); err != nil {
		return err
	}
	return w.Close()
}

// code is that of a refusal; 0 is none.
func code(err error) int {
	if e, ok := errors.AsType[*smtp.SMTPError](err); ok {
		return e.Code
	}
	if err != nil {
		return -1
	}
	return 0
}

func TestOnlyOurOwnAddresses(t *testing.T) {
	t.Parallel()
	k := &keeper{}
	dial := serve(t, "tcp", intake.Options{Keeper: k})
	mine := paths(t).Of(7, 8)
	for to, want := range map[string]int{
		mine: 0, strings.ToUpper(mine): 0, "bounces@mail.example.org": 0,
		"postmaster@mail.example.org": 550, "someone@elsewhere.example": 550, strings.Replace(mine, "+", "+a", 1): 550,
		"bounces%elsewhere.example@mail.example.org": 550, "bounces@elsewhere.example": 550,
	} {
		c := dial()
		if got := code(send(c, "Subject: x\r\n\r\nx\r\n", to)); got != want {
			t.Errorf("to %s: %d, want %d", to, got, want)
		}
		_ = c.Quit()
	}
	kept := k.all()
	if len(kept) != 3 {
		t.Fatalf("%d mails are kept, want 3", len(kept))
	}
	for _, a := range kept {
		if !paths(t).Ours(a.Sent) || a.Peer != "127.0.0.1" || string(a.Body) != "Subject: x\r\n\r\nx\r\n" {
			t.Errorf("kept %+v %q", a, a.Body)
		}
	}
}

// A server that hears 250 forgets the mail. So it must not hear it before the
// mail is kept, nor when it is not.
func TestNothingIsTakenThatIsNotKept(t *testing.T) {
	t.Parallel()
	asked, goOn := make(chan struct{}), make(chan struct{})
	k := &keeper{before: func() error {
		asked <- struct{}{}
		<-goOn
		return nil
	}}
	c := serve(t, "tcp", intake.Options{Keeper: k})()
	said := make(chan error, 1)
	go func() { said <- send(c, "x\r\n", "bounces@mail.example.org") }()
	<-asked
	select {
	case err := <-said:
		t.Fatalf("it was said before it was kept: %v", err)
	default:
	}
	close(goOn)
	if err := <-said; err != nil || len(k.all()) != 1 {
		t.Errorf("%v, %d kept", err, len(k.all()))
	}
	for refusal, want := range map[error]int{errors.New("disk full"): 451, delivery.ErrIntakeFull: 452} {
		k := &keeper{before: func() error { return refusal }}
		if got := code(send(serve(t, "tcp", intake.Options{Keeper: k})(), "x\r\n", "bounces@mail.example.org")); got != want {
			t.Errorf("%v: %d, want %d", refusal, got, want)
		}
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	k := &keeper{}
	dial := serve(t, "tcp", intake.Options{Keeper: k})
	line := strings.Repeat("x", 998) + "\r\n"
	if err := send(dial(), strings.Repeat(line, 2000), "bounces@mail.example.org"); err != nil {
		t.Fatal(err)
	}
	if kept := k.all(); len(kept) != 1 || len(kept[0].Body) != delivery.MaxArrival {
		t.Errorf("kept %d mails", len(kept))
	}
	if got := code(send(dial(), strings.Repeat(line, 27_000), "bounces@mail.example.org")); got != 552 {
		t.Errorf("27 MB: %d, want 552", got)
	}
	c := dial()
	if err := c.Mail("", &smtp.MailOptions{Size: 30 << 20}); code(err) != 552 {
		t.Errorf("30 MiB, said before: %v", err)
	}
	if got := code(send(dial(), "x\r\n", strings.Split(strings.Repeat("bounces@mail.example.org ", 6)[:6*25-1], " ")...)); got != 452 {
		t.Errorf("six recipients: %d, want 452", got)
	}
	if n := len(k.all()); n != 1 {
		t.Errorf("%d mails are kept, want 1", n)
	}
}

func TestConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	k := &keeper{}
	dial := serve(t, "tcp", intake.Options{Keeper: k, MaxPerPeer: 2})
	one, two := dial(), dial()
	for _, c := range []*smtp.Client{one, two} {
		if err := c.Hello("client.example"); err != nil {
			t.Fatal(err)
		}
	}
	if err := dial().Hello("client.example"); err == nil {
		t.Error("a third connection is served")
	}
	if err := one.Quit(); err != nil {
		t.Fatal(err)
	}
	for { // the place is free once the server has noticed
		if err := dial().Hello("client.example"); err == nil {
			break
		}
		if t.Context().Err() != nil {
			t.Fatal("the place is never free")
		}
	}
	var refused int
	for range 150 {
		if err := send(two, "x\r\n", "bounces@mail.example.org"); err != nil {
			refused = code(err)
			break
		}
	}
	if n := len(k.all()); refused != 421 || n != 100 {
		t.Errorf("%d mails were taken on one connection, then %d", n, refused)
	}
}

func TestLMTPOnASocket(t *testing.T) {
	t.Parallel()
	k := &keeper{}
	dial := serve(t, "unix", intake.Options{Keeper: k, LMTP: true, MaxPerPeer: 1})
	first, second := dial(), dial() // one mail server hands on for all
	if err := first.Hello("mx"); err != nil {
		t.Fatal(err)
	}
	if err := send(second, "x\r\n", "bounces@mail.example.org", paths(t).Of(1, 2)); err != nil {
		t.Fatal(err)
	}
	if kept := k.all(); len(kept) != 2 || kept[0].Peer != "" || kept[1].Sent != paths(t).Of(1, 2) {
		t.Errorf("kept %+v", kept)
	}
}
