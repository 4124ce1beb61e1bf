package mail

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/clock"
)

// client is one end of an SMTP connection (RFC 5321). It speaks no more of it
// than a relay needs to be told, and asks for all that it can in one packet
// (RFC 2920).
type client struct {
	net.Conn

	r    *bufio.Reader
	w    []byte // what is to be written next
	keys map[string]string
	// step is how long the relay may take for one step.
	step time.Duration
}

const (
	// longestAnswer bounds a line of an answer, in bytes (RFC 5321 §4.5.3.1.5
	// asks for 512), and mostLines its lines.
	longestAnswer = 4096
	mostLines     = 100
)

// answer is what a relay said to a command.
type answer struct {
	code   int
	status string // enhanced status code (RFC 3463), or empty
	text   string // of all lines
}

// Error returns the answer as the relay gave it.
func (a *answer) Error() string {
	if a.status != "" {
		return fmt.Sprintf("%d %s %s", a.code, a.status, a.text)
	}
	return fmt.Sprintf("%d %s", a.code, a.text)
}

// dialed begins to speak on a connection that was made.
func dialed(c net.Conn, step time.Duration) *client {
	return &client{Conn: c, r: bufio.NewReaderSize(c, longestAnswer), step: step}
}

// patient gives the relay so many steps' time for what comes next.
func (c *client) patient(steps int) error { return c.patience(time.Duration(steps) * c.step) }

// patience gives the relay a time for what comes next.
func (c *client) patience(d time.Duration) error { return c.SetDeadline(clock.System{}.Now().Add(d)) }

// greet reads the greeting and greets.
func (c *client) greet(name string) error {
	if err := c.want(2); err != nil {
		return err
	}
	return c.hello(name)
}

// hello tells who we are and learns what the relay offers.
func (c *client) hello(name string) error {
	c.keys = map[string]string{}
	a, err := c.ask("EHLO " + name)
	if err != nil {
		return err
	}
	if a.code/100 != 2 {
		// A relay of before 1995, or one that has its reasons.
		return c.command(2, "HELO "+name)
	}
	_, offers, _ := strings.Cut(a.text, "\n")
	for line := range strings.Lines(offers) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		c.keys[strings.ToUpper(key)] = value
	}
	return nil
}

// offers says whether the relay offers an extension.
func (c *client) offers(key string) bool {
	_, ok := c.keys[key]
	return ok
}

// startTLS goes on in TLS (RFC 3207).
func (c *client) startTLS(ctx context.Context, o *tls.Config, name string) error {
	if !c.offers("STARTTLS") {
		return errors.New("it does not offer STARTTLS")
	}
	if err := c.command(2, "STARTTLS"); err != nil {
		return err
	}
	if c.r.Buffered() > 0 {
		return errors.New("it said something between STARTTLS and TLS") // and somebody else may have
	}
	secure := tls.Client(c.Conn, o)
	if err := secure.HandshakeContext(ctx); err != nil {
		return err
	}
	c.Conn = secure
	c.r.Reset(secure)
	return c.hello(name)
}

// signIn authenticates (RFC 4954), by PLAIN or LOGIN.
func (c *client) signIn(user, password string) error {
	encode := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	how := " " + strings.ToUpper(c.keys["AUTH"]) + " "
	switch {
	case strings.Contains(how, " PLAIN "):
		return c.command(2, "AUTH PLAIN "+encode("\x00"+user+"\x00"+password))
	case strings.Contains(how, " LOGIN "):
		for _, line := range []string{"AUTH LOGIN", encode(user)} {
			if err := c.command(3, line); err != nil {
				return err
			}
		}
		return c.command(2, encode(password))
	}
	return errors.New("it offers no way to sign in that is known here (PLAIN, LOGIN)")
}

// command says a line and wants an answer of a class: 2 for "done", 3 for "go
// on". Another answer is returned as the error.
func (c *client) command(class int, line string) error {
	if err := c.say(line); err != nil {
		return err
	}
	return c.want(class)
}

func (c *client) ask(line string) (answer, error) {
	if err := c.say(line); err != nil {
		return answer{}, err
	}
	return c.read()
}

func (c *client) say(line string) error {
	c.w = append(append(c.w[:0], line...), "\r\n"...)
	_, err := c.Write(c.w)
	return err
}

func (c *client) want(class int) error {
	a, err := c.read()
	if err == nil && a.code/100 != class {
		return &a
	}
	return err
}

// errGarbled is a relay that does not speak SMTP.
var errGarbled = errors.New("the mail relay says what is no answer of SMTP")

// read reads an answer (RFC 5321 §4.2), which may have several lines.
func (c *client) read() (a answer, err error) {
	for n := 0; ; n++ {
		line, err := c.r.ReadSlice('\n')
		if err != nil {
			if errors.Is(err, bufio.ErrBufferFull) {
				err = errGarbled
			}
			return answer{}, err
		}
		text := strings.TrimRight(string(line), "\r\n")
		if len(text) < 3 || n == mostLines {
			return answer{}, errGarbled
		}
		code, err := strconv.Atoi(text[:3])
		if err != nil || code < 200 || code > 599 || len(text) > 3 && text[3] != ' ' && text[3] != '-' {
			return answer{}, errGarbled
		}
		last := len(text) == 3 || text[3] == ' '
		text = text[min(4, len(text)):]
		if status, rest, ok := strings.Cut(text, " "); ok && isStatus(status, code) {
			a.status, text = status, rest
		}
		if n > 0 {
			a.text += "\n"
		}
		a.code, a.text = code, a.text+text
		if last {
			return a, nil
		}
	}
}

// isStatus says whether a word is an enhanced status code that belongs to a
// code (RFC 2034).
func isStatus(word string, code int) bool {
	class, rest, ok := strings.Cut(word, ".")
	subject, detail, both := strings.Cut(rest, ".")
	if !ok || !both || class != strconv.Itoa(code/100) {
		return false
	}
	for _, s := range []string{subject, detail} {
		if n, err := strconv.ParseUint(s, 10, 16); err != nil || n > 999 {
			return false
		}
	}
	return true
}

// envelope tells the relay whom a mail is from and for, and asks to hand over
// its content: in one packet where the relay takes that. The error is an
// *answer where the relay said no, with the command that it said no to.
func (c *client) envelope(from, options, to string) (command string, err error) {
	steps := [...]struct{ name, line string }{
		{"MAIL", "MAIL FROM:<" + from + ">" + options}, {"RCPT", "RCPT TO:<" + to + ">"}, {"DATA", "DATA"},
	}
	if !c.offers("PIPELINING") {
		for i, s := range steps {
			class := 2
			if i == len(steps)-1 {
				class = 3
			}
			if err := c.command(class, s.line); err != nil {
				return s.name, err
			}
		}
		return "", nil
	}
	c.w = c.w[:0]
	for _, s := range steps {
		c.w = append(append(c.w, s.line...), "\r\n"...)
	}
	if _, err := c.Write(c.w); err != nil {
		return steps[0].name, err
	}
	for i, s := range steps {
		a, broken := c.read()
		if broken != nil {
			if err != nil { // what it said before is what counts
				return command, err
			}
			return s.name, broken
		}
		data := i == len(steps)-1
		switch {
		case data && err != nil && a.code/100 == 3:
			// It takes a content for nobody, and has to be given one.
			return command, errors.Join(err, c.nothing())
		case err == nil && (data && a.code/100 != 3 || !data && a.code/100 != 2):
			command, err = s.name, &a
		}
	}
	return command, err
}

// nothing hands over an empty content, and wants it refused.
func (c *client) nothing() error {
	a, err := c.ask(".")
	if err == nil && a.code/100 == 2 {
		return errGarbled // it took a mail for nobody
	}
	return err
}

// content hands over the content and returns what the relay says to it.
func (c *client) content(b []byte) (answer, error) {
	if _, err := c.Write(b); err != nil {
		return answer{}, err
	}
	return c.read()
}

// quit says goodbye and ends the connection, at once if the relay is slow.
func (c *client) quit() error {
	c.step = min(c.step, 2*time.Second)
	err := c.patient(1)
	if err == nil {
		err = c.command(2, "QUIT")
	}
	if closing := c.Close(); !errors.Is(closing, net.ErrClosed) {
		err = errors.Join(err, closing)
	}
	return err
}
