package mail_test

import (
	"bufio"
	"context"
	"errors"
	"maps"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/domain/delivery"
	"kith/internal/outbound/mail"
	"kith/internal/outbound/mail/mailtest"
)

// script is a relay that says what it is told to, whatever it hears: one answer
// for each line, where "" is none. It returns what it heard.
func script(t *testing.T, greeting string, answers map[string]string) (url string, heard func() []string) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	done := make(chan struct{})
	go func() {
		defer close(done)
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		if _, err := c.Write([]byte(greeting)); err != nil {
			return
		}
		for r := bufio.NewScanner(c); r.Scan(); {
			verb, _, _ := strings.Cut(r.Text(), " ")
			lines = append(lines, verb)
			answer, known := answers[verb]
			if !known {
				continue // a line of content
			}
			if _, err := c.Write([]byte(answer)); err != nil || answer == "" {
				return
			}
		}
	}()
	return "smtp://" + l.Addr().String(), func() []string {
		_ = l.Close() // no connection comes after the first
		<-done
		return lines
	}
}

// What relays say to commands that they are asked together.
func TestPipelining(t *testing.T) {
	t.Parallel()
	const ehlo = "250-relay.test\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES\r\n"
	for name, c := range map[string]struct {
		answers map[string]string
		want    delivery.Outcome // -1 for none
		reply   string
		status  string
	}{
		"yes":                     {map[string]string{".": "250 2.0.0 ok queued as 7\r\n"}, -1, "250 2.0.0 ok queued as 7", ""},
		"no sender":               {map[string]string{"MAIL": "550 5.7.1 not you\r\n", "RCPT": "503 5.5.1 no\r\n", "DATA": "503 5.5.1 no\r\n"}, delivery.Later, "550 5.7.1 not you", "5.7.1"},
		"sign in first":           {map[string]string{"MAIL": "530 5.7.0 who are you\r\n", "RCPT": "503 no\r\n", "DATA": "503 no\r\n"}, delivery.Trouble, "530 5.7.0 who are you", "5.7.0"},
		"no recipient":            {map[string]string{"RCPT": "550-5.1.1 nobody\r\n550 5.1.1 here\r\n", "DATA": "554 5.5.1 no recipients\r\n"}, delivery.Refused, "550 5.1.1 nobody here", "5.1.1"},
		"data all the same":       {map[string]string{"RCPT": "451 4.7.1 later\r\n", ".": "554 5.5.1 no recipients\r\n"}, delivery.Later, "451 4.7.1 later", "4.7.1"},
		"no, and gone":            {map[string]string{"RCPT": "550 nobody\r\n", "DATA": ""}, delivery.Refused, "550 nobody", ""},
		"closes":                  {map[string]string{"RCPT": "421 4.3.2 going down\r\n", "DATA": ""}, delivery.Broken, "421 4.3.2 going down", "4.3.2"},
		"no data":                 {map[string]string{"DATA": "452 4.3.1 full\r\n"}, delivery.Later, "452 4.3.1 full", "4.3.1"},
		"gone":                    {map[string]string{"MAIL": ""}, delivery.Broken, "broke", ""},
		"garbled":                 {map[string]string{"MAIL": "hello?\r\n"}, delivery.Broken, "no answer of SMTP", ""},
		"endless":                 {map[string]string{"MAIL": strings.Repeat("250-x\r\n", 200)}, delivery.Broken, "no answer of SMTP", ""},
		"one endless line":        {map[string]string{"MAIL": "250 " + strings.Repeat("x", 10_000)}, delivery.Broken, "no answer of SMTP", ""},
		"content no":              {map[string]string{".": "554 5.7.1 spam\r\n"}, delivery.Refused, "554 5.7.1 spam", "5.7.1"},
		"content gone":            {map[string]string{".": ""}, delivery.Unknown, "did not answer", ""},
		"content garbled":         {map[string]string{".": "xx\r\n"}, delivery.Unknown, "did not answer", ""},
		"status of another class": {map[string]string{".": "554 2.7.1 odd\r\n"}, delivery.Refused, "554 2.7.1 odd", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answers := map[string]string{
				"EHLO": ehlo, "MAIL": "250 2.1.0 ok\r\n", "RCPT": "250 2.1.5 ok\r\n", "DATA": "354 go on\r\n", ".": "250 2.0.0 ok\r\n",
				"RSET": "250 2.0.0 ok\r\n", "QUIT": "221 bye\r\n",
			}
			maps.Copy(answers, c.answers)
			url, heard := script(t, "220-relay.test\r\n220 hello\r\n", answers)
			relay, err := mail.New(mail.Options{URL: url, Patience: 10 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			reply, letGo, err := send(t, relay, letter(t, "ann@there.test"))
			if err := relay.Close(); err != nil && c.answers["QUIT"] != "" {
				t.Error(err)
			}
			lines := heard()
			if c.want < 0 {
				if err != nil || reply != c.reply || !letGo {
					t.Errorf("got %q, let go %v, %v", reply, letGo, err)
				}
				return
			}
			e, ok := errors.AsType[*delivery.SendError](err)
			if !ok || e.Outcome != c.want || !strings.Contains(strings.ReplaceAll(e.Reply, "\n", " "), c.reply) || e.Status != c.status {
				t.Errorf("got %#v, want outcome %d, %q, status %q", err, c.want, c.reply, c.status)
			}
			if _, about := c.answers["RCPT"]; ok && e.Recipient != (about && c.answers["MAIL"] == "") {
				t.Errorf("it is about the recipient: %v", e.Recipient)
			}
			if content := slices.Contains(lines, "Date:"); content != letGo {
				t.Errorf("let go %v, but it heard %v", letGo, lines)
			}
		})
	}
}

// A relay that offers no pipelining is asked one thing at a time, and one that
// does not know EHLO is greeted in the old way.
func TestOldRelays(t *testing.T) {
	t.Parallel()
	url, heard := script(t, "220 hello\r\n", map[string]string{
		"EHLO": "502 what?\r\n", "HELO": "250 relay.test\r\n", "MAIL": "250 ok\r\n", "RCPT": "551 not here\r\n", "DATA": "503 no\r\n", "RSET": "250 ok\r\n", "QUIT": "221 bye\r\n",
	})
	relay, err := mail.New(mail.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = send(t, relay, letter(t, "ann@there.test"))
	if e, ok := errors.AsType[*delivery.SendError](err); !ok || e.Outcome != delivery.Refused {
		t.Errorf("got %v", err)
	}
	if err := relay.Close(); err != nil {
		t.Error(err)
	}
	if got := heard(); !slices.Equal(got, []string{"EHLO", "HELO", "MAIL", "RCPT", "RSET", "QUIT"}) {
		t.Errorf("it heard %v", got)
	}
}

// Whatever a relay says, sending to it ends.
func FuzzRelay(f *testing.F) {
	f.Add([]byte("220 hi\r\n250-x\r\n250 PIPELINING\r\n250 ok\r\n250 ok\r\n354 go\r\n250 done\r\n"))
	f.Add([]byte("220 hi\r\n250 ok\r\n550 5.1.1 no\r\n250 ok\r\n"))
	f.Add([]byte("220-\r\n2\n\r\n"))
	f.Fuzz(func(t *testing.T, said []byte) {
		l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Skip(err)
		}
		defer l.Close()
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				_, _ = c.Write(said)
				_ = c.(*net.TCPConn).CloseWrite()
				_, _ = bufio.NewReader(c).WriteTo(discard{})
				_ = c.Close()
			}
		}()
		relay, err := mail.New(mail.Options{URL: "smtp://" + l.Addr().String(), Patience: 5 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		defer relay.Close()
		letGo := false
		_, err = relay.Send(context.Background(), letter(t, "ann@there.test"), func(context.Context) error { letGo = true; return nil })
		if e, ok := errors.AsType[*delivery.SendError](err); ok && (e.Outcome == delivery.Unknown && !letGo || e.Outcome == delivery.Broken && letGo && !strings.HasPrefix(e.Reply, "421")) {
			t.Errorf("let go %v, outcome %s: %s", letGo, e.Outcome, e.Reply)
		}
	})
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// A sink is what figures stand on: it takes everything, on every connection.
func TestSink(t *testing.T) {
	t.Parallel()
	sink := mailtest.NewSink(t, mailtest.SinkOptions{})
	mailtest.Raw(t, sink.Address(), 3, 100, []byte("Subject: x\r\n\r\n.. text\r\n.\r\n"))
	if n := sink.Taken(); n != 100 {
		t.Errorf("%d of 100 mails arrived", n)
	}
	ids := make(chan string, 2)
	hears := mailtest.NewSink(t, mailtest.SinkOptions{OnData: func(to, id string) mailtest.Answer {
		ids <- to + " " + id
		return mailtest.Answer{}
	}})
	relay, err := mail.New(mail.Options{URL: hears.URL()})
	if err != nil {
		t.Fatal(err)
	}
	defer relay.Close()
	for _, to := range []string{"a@there.test", "b@there.test"} {
		if _, _, err := send(t, relay, letter(t, to)); err != nil {
			t.Fatal(err)
		}
		if got, want := <-ids, to+" "+to+".id@sender.test"; got != want {
			t.Errorf("heard %s, want %s", got, want)
		}
	}
}
