package mailtest

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Sink is a relay that keeps nothing and costs next to nothing: for measuring,
// and for misbehaving at a rate. It speaks as much of SMTP as a client needs,
// and pipelining.
type Sink struct {
	o        SinkOptions
	listener net.Listener
	wait     sync.WaitGroup
	taken    atomic.Int64

	mu    sync.Mutex
	conns map[net.Conn]bool
}

// SinkOptions says how a sink behaves; the zero value takes everything.
type SinkOptions struct {
	// OnMail and OnRcpt answer the commands, OnData a whole message, of which
	// it gets the recipient and the Message-ID without angle brackets. Nil
	// takes all.
	OnMail, OnRcpt func(address string) Answer
	OnData         func(to, id string) Answer
}

// Answer is what a sink does; the zero value says yes.
type Answer struct {
	// After is how long it takes.
	After time.Duration
	// Text is what it says instead of yes, with the code.
	Text string
	// Cut ends the connection instead of an answer, or behind it where there
	// is a Text.
	Cut bool
}

// NewSink starts a sink; it ends with the test.
func NewSink(t testing.TB, o SinkOptions) *Sink {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(context.WithoutCancel(t.Context()), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Sink{o: o, listener: l, conns: map[net.Conn]bool{}}
	s.wait.Go(s.accept)
	t.Cleanup(func() {
		_ = l.Close() // which ends accept
		s.CutAll()
		s.wait.Wait()
	})
	return s
}

// Address is its host and port; URL is what --smtp-url takes.
func (s *Sink) Address() string { return s.listener.Addr().String() }

// URL is what --smtp-url takes.
func (s *Sink) URL() string { return "smtp://" + s.Address() }

// Taken is how many messages it said yes to.
func (s *Sink) Taken() int64 { return s.taken.Load() }

// CutAll ends all connections at once, as a relay does that is started anew,
// and says how many.
func (s *Sink) CutAll() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		_ = c.Close() // whoever reads it ends
	}
	return len(s.conns)
}

func (s *Sink) accept() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns[c] = true
		s.mu.Unlock()
		s.wait.Go(func() {
			s.serve(c)
			s.mu.Lock()
			delete(s.conns, c)
			s.mu.Unlock()
		})
	}
}

func (s *Sink) serve(c net.Conn) {
	defer c.Close()
	r, w := bufio.NewReaderSize(c, 16<<10), bufio.NewWriterSize(c, 1<<10)
	// say answers, and says whether to go on.
	say := func(a Answer, yes string) bool {
		if a.After > 0 {
			_ = w.Flush() // what was answered before is not late
			time.Sleep(a.After)
		}
		if a.Text == "" && a.Cut {
			return false
		}
		if a.Text == "" {
			a.Text = yes
		}
		_, _ = w.WriteString(a.Text + "\r\n") // an error shows when it is flushed
		if r.Buffered() > 0 && !a.Cut {
			return true // more was asked in one packet
		}
		return w.Flush() == nil && !a.Cut
	}
	said := func(answer func(string) Answer, line string) Answer {
		if answer == nil {
			return Answer{}
		}
		_, address, _ := strings.Cut(line, "<")
		address, _, _ = strings.Cut(address, ">")
		return answer(address)
	}
	var to string
	ok := say(Answer{}, "220 sink.test ready")
	for ok {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return
		}
		verb := strings.ToUpper(string(line[:min(4, len(line))]))
		switch verb {
		case "EHLO":
			ok = say(Answer{}, "250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 10000000")
		case "MAIL":
			to = ""
			ok = say(said(s.o.OnMail, string(line)), "250 2.1.0 ok")
		case "RCPT":
			a := said(s.o.OnRcpt, string(line))
			if a.Text == "" {
				_, to, _ = strings.Cut(string(line), "<")
				to, _, _ = strings.Cut(to, ">")
			}
			ok = say(a, "250 2.1.5 ok")
		case "DATA":
			if to == "" {
				ok = say(Answer{}, "503 5.5.1 whom for?")
				continue
			}
			ok = say(Answer{}, "354 go on") && s.message(r, to, say)
		case "QUIT":
			say(Answer{Cut: true, Text: "221 bye"}, "")
			return
		default:
			ok = say(Answer{}, "250 ok")
		}
	}
}

// message reads a message to its end and answers it.
func (s *Sink) message(r *bufio.Reader, to string, say func(Answer, string) bool) bool {
	var id string
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return false
		}
		if len(line) == 3 && line[0] == '.' {
			break
		}
		if s.o.OnData != nil && id == "" && len(line) > 12 && bytes.EqualFold(line[:12], []byte("Message-ID: ")) {
			id = strings.Trim(string(line[12:]), "<>\r\n ")
		}
	}
	var a Answer
	if s.o.OnData != nil {
		a = s.o.OnData(to, id)
	}
	if a.Text == "" && !a.Cut {
		s.taken.Add(1)
	}
	return say(a, "250 2.0.0 taken")
}

// Raw sends mails to a relay with a client that does nothing but SMTP, and
// returns how long it took: the limit of a machine.
func Raw(t testing.TB, address string, connections, mails int, content []byte) time.Duration {
	t.Helper()
	var (
		wg   sync.WaitGroup
		left atomic.Int64
	)
	left.Store(int64(mails))
	began := time.Now() //nolint:forbidigo // a stopwatch of tests
	for range connections {
		wg.Go(func() {
			if err := raw(address, &left, content); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	return time.Since(began)
}

func raw(address string, left *atomic.Int64, content []byte) error {
	c, err := net.Dial("tcp", address) //nolint:noctx // a test's loopback
	if err != nil {
		return err
	}
	defer c.Close()
	r := bufio.NewReader(c)
	answers := func(n int) error {
		for n > 0 {
			line, err := r.ReadSlice('\n')
			if err != nil {
				return err
			}
			if len(line) > 3 && line[3] == ' ' {
				n--
			}
		}
		return nil
	}
	if err := answers(1); err != nil {
		return err
	}
	if _, err := io.WriteString(c, "EHLO raw.test\r\n"); err != nil {
		return err
	}
	if err := answers(1); err != nil {
		return err
	}
	for n := left.Add(-1); n >= 0; n = left.Add(-1) {
		ask := "MAIL FROM:<news@sender.test>\r\nRCPT TO:<reader" + strconv.FormatInt(n, 10) + "@there.test>\r\nDATA\r\n"
		if _, err := io.WriteString(c, ask); err != nil {
			return err
		}
		if err := answers(3); err != nil {
			return err
		}
		if _, err := c.Write(content); err != nil {
			return err
		}
		if err := answers(1); err != nil {
			return err
		}
	}
	return nil
}
