package mail_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"kith/internal/base/email"
	"kith/internal/domain/delivery"
	"kith/internal/domain/message"
	"kith/internal/outbound/mail"
	"kith/internal/outbound/mail/mailtest"
)

func letter(t testing.TB, to string) message.Outgoing {
	t.Helper()
	a, err := email.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	return message.Outgoing{Mail: message.Mail{
		Number: 1, From: message.Sender{Name: "Kith", Address: "kith@sender.test"}, To: a, ToName: "Ann Ö",
		Subject: "Grüße", Text: "Hällo\n.\nBye\n", HTML: "<p>Hällo</p>", MessageID: to + ".id@sender.test",
		CreatedAt: time.UnixMilli(1_700_000_000_000).UTC(),
	}}
}

func open(t testing.TB, r *mailtest.Relay, o mail.Options) *mail.Relay {
	t.Helper()
	if o.URL == "" {
		o.URL = r.URL()
	}
	o.Roots = r.Roots()
	relay, err := mail.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := relay.Close(); err != nil {
			t.Error(err)
		}
	})
	return relay
}

// send sends one mail and says whether it was let go.
func send(t testing.TB, r *mail.Relay, m message.Outgoing) (reply string, letGo bool, err error) {
	t.Helper()
	reply, err = r.Send(t.Context(), m, func(context.Context) error {
		if letGo {
			t.Error("it was let go twice")
		}
		letGo = true
		return nil
	})
	return reply, letGo, err
}

func TestSend(t *testing.T) {
	t.Parallel()
	server := mailtest.New(t, mailtest.Options{})
	relay := open(t, server, mail.Options{})
	reply, letGo, err := send(t, relay, letter(t, "ann@there.test"))
	if err != nil || !letGo || !strings.HasPrefix(reply, "250 ") {
		t.Fatalf("reply %q, let go %v, %v", reply, letGo, err)
	}
	got := server.Received()
	if len(got) != 1 {
		t.Fatalf("%d messages arrived", len(got))
	}
	m := got[0]
	if m.From != "kith@sender.test" || m.To != "ann@there.test" || m.ID != "ann@there.test.id@sender.test" {
		t.Errorf("envelope %s to %s, id %s", m.From, m.To, m.ID)
	}
	for name, want := range map[string]string{
		"Auto-Submitted": "auto-generated", "Date": "Tue, 14 Nov 2023 22:13:20 +0000", "Mime-Version": "1.0",
	} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if !strings.Contains(m.Body, "text/plain") || !strings.Contains(m.Body, "text/html") || !strings.Contains(m.Body, "\n=2E\r\nBye") {
		t.Errorf("the body lacks a part:\n%s", m.Body)
	}
}

func TestConnectionsAreKept(t *testing.T) {
	t.Parallel()
	server := mailtest.New(t, mailtest.Options{OnRcpt: func(to string) error {
		if to == "nobody@there.test" {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such user"}
		}
		return nil
	}})
	relay := open(t, server, mail.Options{})
	for i := range 6 {
		to := fmt.Sprintf("a%d@there.test", i)
		if i%2 == 1 {
			to = "nobody@there.test"
		}
		if _, _, err := send(t, relay, letter(t, to)); (err != nil) != (i%2 == 1) {
			t.Errorf("mail %d: %v", i, err)
		}
	}
	if n := server.Connections(); n != 1 {
		t.Errorf("%d connections for one mail after the other, want 1", n)
	}
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Go(func() {
			if _, _, err := send(t, relay, letter(t, fmt.Sprintf("b%d@there.test", i))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(server.Received()); n != 8 {
		t.Errorf("%d messages arrived, want 8", n)
	}
}

func TestAKeptConnectionThatDiedIsReplaced(t *testing.T) {
	t.Parallel()
	// The relay ends each connection behind our back after its first mail.
	cuts := make(chan func(), 1)
	server := mailtest.New(t, mailtest.Options{OnData: func(_ mailtest.Message, cut func()) error { cuts <- cut; return nil }})
	relay := open(t, server, mail.Options{})
	for i := range 3 {
		if _, _, err := send(t, relay, letter(t, fmt.Sprintf("a%d@there.test", i))); err != nil {
			t.Fatalf("mail %d: %v", i, err)
		}
		(<-cuts)()
	}
	if n := server.Connections(); n != 3 {
		t.Errorf("%d connections, want 3", n)
	}
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	answer := func(code int) func(string) error {
		return func(string) error {
			return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 2, 1}, Message: "Because"}
		}
	}
	whole := func(code int) func(mailtest.Message, func()) error {
		return func(mailtest.Message, func()) error { return answer(code)("") }
	}
	for name, c := range map[string]struct {
		server mailtest.Options
		to     string
		want   delivery.Outcome
		letGo  bool
		reply  string
	}{
		"recipient not now":          {mailtest.Options{OnRcpt: answer(451)}, "", delivery.Later, false, "451 4.2.1 Because"},
		"recipient never":            {mailtest.Options{OnRcpt: answer(550)}, "", delivery.Refused, false, "550 5.2.1 Because"},
		"relay closes":               {mailtest.Options{OnRcpt: answer(421)}, "", delivery.Broken, false, "421 4.2.1 Because"},
		"our sender never":           {mailtest.Options{OnMail: answer(550)}, "", delivery.Later, false, "550 5.2.1 Because"},
		"our sender not now":         {mailtest.Options{OnMail: answer(451)}, "", delivery.Later, false, "451 4.2.1 Because"},
		"too large":                  {mailtest.Options{OnMail: answer(552)}, "", delivery.Refused, false, "552 5.2.1 Because"},
		"content not now":            {mailtest.Options{OnData: whole(452)}, "", delivery.Later, true, "452 4.2.1 Because"},
		"content never":              {mailtest.Options{OnData: whole(554)}, "", delivery.Refused, true, "554 5.2.1 Because"},
		"cut after the content":      {mailtest.Options{OnData: func(_ mailtest.Message, cut func()) error { cut(); return nil }}, "", delivery.Unknown, true, "did not answer"},
		"no SMTPUTF8":                {mailtest.Options{}, "jürgen@there.test", delivery.Refused, false, "SMTPUTF8"},
		"a domain beyond ASCII goes": {mailtest.Options{}, "ann@bücher.test", -1, true, ""},
		"SMTPUTF8":                   {mailtest.Options{UTF8: true}, "jürgen@bücher.test", -1, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mailtest.New(t, c.server)
			relay := open(t, server, mail.Options{})
			to := c.to
			if to == "" {
				to = "ann@there.test"
			}
			_, letGo, err := send(t, relay, letter(t, to))
			if letGo != c.letGo {
				t.Errorf("let go: %v, want %v", letGo, c.letGo)
			}
			if c.want < 0 {
				if err != nil {
					t.Error(err)
				}
				return
			}
			e, ok := errors.AsType[*delivery.SendError](err)
			if !ok || e.Outcome != c.want || !strings.Contains(e.Reply, c.reply) {
				t.Errorf("got %#v, want outcome %d with %q", err, c.want, c.reply)
			}
			// What was answered leaves the connection good for another.
			if _, _, again := send(t, relay, letter(t, to)); (again == nil) != (err == nil) {
				t.Errorf("the second time: %v", again)
			}
		})
	}
}

func TestBreaksOffWhenItMayNotLetGo(t *testing.T) {
	t.Parallel()
	server := mailtest.New(t, mailtest.Options{})
	relay := open(t, server, mail.Options{})
	wrong := errors.New("the database is gone")
	if _, err := relay.Send(t.Context(), letter(t, "ann@there.test"), func(context.Context) error { return wrong }); !errors.Is(err, wrong) {
		t.Errorf("got %v, want what letGo said", err)
	}
	if _, _, err := send(t, relay, letter(t, "bob@there.test")); err != nil {
		t.Error(err)
	}
	got := server.Received()
	if len(got) != 1 || got[0].To != "bob@there.test" {
		t.Errorf("arrived: %v", got)
	}
}

func TestTLSAndSignIn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		server mailtest.Options
		remote bool
		url    string // with %s for the relay's address
		tls    bool
		user   string
		reply  string // of the trouble there is, or empty
	}{
		"smtps":                              {server: mailtest.Options{Implicit: true}, remote: true, tls: true},
		"smtps with a password":              {server: mailtest.Options{Implicit: true, User: "u", Password: "p"}, tls: true, user: "u"},
		"STARTTLS where it is offered":       {server: mailtest.Options{TLS: true}, remote: true, tls: true},
		"not offered, no password":           {server: mailtest.Options{}, remote: true},
		"a password asks for STARTTLS":       {server: mailtest.Options{TLS: true, User: "u", Password: "p"}, remote: true, tls: true, user: "u"},
		"a password never goes in the clear": {server: mailtest.Options{User: "u", Password: "p"}, remote: true, reply: "STARTTLS"},
		"but to this machine":                {server: mailtest.Options{TLS: true, User: "u", Password: "p"}, user: "u"},
		"LOGIN":                              {server: mailtest.Options{TLS: true, User: "u", Password: "p", Mechanisms: []string{"LOGIN"}}, remote: true, tls: true, user: "u"},
		"no way to sign in":                  {server: mailtest.Options{TLS: true, User: "u", Password: "p", Mechanisms: []string{"CRAM-MD5"}}, remote: true, reply: "no way to sign in"},
		"wrong password":                     {server: mailtest.Options{TLS: true, User: "u", Password: "p"}, remote: true, url: "smtp://u:wrong@%s", reply: "does not let us sign in"},
		"password missing":                   {server: mailtest.Options{User: "u", Password: "p"}, url: "smtp://%s", reply: "Authentication required"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := mailtest.New(t, c.server)
			url := server.URL()
			if c.url != "" {
				url = fmt.Sprintf(c.url, url[strings.LastIndexAny(url, "@/")+1:])
			}
			relay := open(t, server, mail.Options{URL: url, Name: "kith.test"})
			if c.remote {
				relay.Remote()
			}
			_, letGo, err := send(t, relay, letter(t, "ann@there.test"))
			if c.reply != "" {
				e, ok := errors.AsType[*delivery.SendError](err)
				if !ok || e.Outcome != delivery.Trouble || !strings.Contains(e.Reply, c.reply) || letGo {
					t.Errorf("let go %v, %v; want trouble: %s", letGo, err, c.reply)
				}
				if strings.Contains(fmt.Sprint(err), "wrong") {
					t.Error("the password is in the error")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if how, err := relay.Check(t.Context()); err != nil || strings.Contains(how, "TLS") != c.tls || strings.Contains(how, "user") != (c.user != "") {
				t.Errorf("check: %q, %v", how, err)
			}
			got := server.Received()
			if len(got) != 1 || got[0].TLS != c.tls || got[0].User != c.user {
				t.Errorf("arrived: %+v; want TLS %v, user %q", got, c.tls, c.user)
			}
		})
	}
}

func TestAForeignCertificateIsRefused(t *testing.T) {
	t.Parallel()
	for _, o := range []mailtest.Options{{TLS: true}, {Implicit: true}} {
		server := mailtest.New(t, o)
		relay, err := mail.New(mail.Options{URL: server.URL()}) // which trusts the system's authorities
		if err != nil {
			t.Fatal(err)
		}
		_, letGo, err := send(t, relay.Remote(), letter(t, "ann@there.test"))
		if err == nil || letGo || !strings.Contains(err.Error(), "certificate") {
			t.Errorf("%+v: let go %v, %v", o, letGo, err)
		}
		if n := len(server.Received()); n != 0 {
			t.Errorf("%d messages arrived", n)
		}
	}
}

// A relay that says nothing must not hold a mail for ever, and one that is
// asked to stop must stop.
func TestPatience(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	relay, err := mail.New(mail.Options{URL: "smtp://" + l.Addr().String(), Patience: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = send(t, relay, letter(t, "ann@there.test"))
	if e, ok := errors.AsType[*delivery.SendError](err); !ok || e.Outcome != delivery.Trouble {
		t.Errorf("a silent relay: %v, want trouble", err)
	}

	// Who is told to stop when the relay has the mail waits for its answer, a
	// little.
	for _, answers := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		server := mailtest.New(t, mailtest.Options{OnData: func(mailtest.Message, func()) error {
			cancel()
			if !answers {
				<-t.Context().Done()
			}
			return nil
		}})
		patience := time.Minute
		if !answers {
			patience = 200 * time.Millisecond
		}
		_, err = open(t, server, mail.Options{Patience: patience}).Send(ctx, letter(t, "ann@there.test"), func(context.Context) error { return nil })
		if e, ok := errors.AsType[*delivery.SendError](err); answers && err != nil || !answers && (!ok || e.Outcome != delivery.Unknown) {
			t.Errorf("told to stop after it was let go, answered %v: %v", answers, err)
		}
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	relay, err := mail.New(mail.Options{URL: "smtp://" + l.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	_, letGo, err := send(t, relay, letter(t, "ann@there.test"))
	if e, ok := errors.AsType[*delivery.SendError](err); !ok || e.Outcome != delivery.Trouble || letGo {
		t.Errorf("let go %v, %v", letGo, err)
	}
}

func TestNew(t *testing.T) {
	for url, ok := range map[string]bool{
		"smtp://relay.test": true, "smtps://u:p@relay.test:1465": true, "smtp://[::1]:25": true,
		"": false, "relay.test:25": false, "http://relay.test": false, "smtp://": false, "smtp://u:hunter2@relay.test:port": false,
	} {
		_, err := mail.New(mail.Options{URL: url})
		if (err == nil) != ok {
			t.Errorf("%s: %v", url, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the password is in the error: %v", err)
		}
	}
}
