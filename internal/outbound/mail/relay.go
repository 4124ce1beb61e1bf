// Package mail hands mail to a relay by SMTP. What becomes of a mail, and when
// it is tried again, is decided by domain/delivery; this package says precisely
// how an attempt ended.
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync"
	"time"

	"kith/internal/domain/delivery"
)

// Options says which relay to use.
type Options struct {
	// URL is smtp://user:password@host:port or smtps://…, the user being
	// optional and the port 25, 587 (with a user) or 465.
	//
	// smtps speaks TLS from the start (RFC 8314). smtp speaks it as soon as
	// the relay offers STARTTLS (RFC 3207); a password is never sent
	// without. Neither is asked of a relay on this machine.
	URL string
	// Name is how this server greets; empty means localhost.
	Name string
	// Roots are the authorities that a relay's certificate may come from;
	// nil means the system's.
	Roots *x509.CertPool
	// Patience is how long a relay may take for one step; zero means a
	// minute. To take the content as a whole it may take five times as long
	// (RFC 5321 §4.5.3.2).
	Patience time.Duration
	// Idle is how long a connection is kept for the next mail; zero means
	// 20 seconds.
	Idle time.Duration
}

// takeWhole is how many times Patience a relay may take to take the content.
const takeWhole = 5

// Relay is a relay with the connections to it that are kept. It meets
// delivery.Relay and is safe for concurrent use; each Send uses one connection.
type Relay struct {
	o        Options
	host     string
	address  string
	implicit bool // TLS from the start
	local    bool // the relay is on this machine
	user     *url.Userinfo

	mu     sync.Mutex
	idle   []*conn
	closed bool
}

// New returns a relay. It does not connect.
func New(o Options) (*Relay, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		// The text of the URL may hold the password.
		return nil, errors.New("the address of the mail relay cannot be read; its form is smtp://user:password@host:port, or smtps")
	}
	if o.Name == "" {
		o.Name = "localhost"
	}
	if o.Patience == 0 {
		o.Patience = time.Minute
	}
	if o.Idle == 0 {
		o.Idle = 20 * time.Second
	}
	r := &Relay{o: o, host: u.Hostname(), implicit: u.Scheme == "smtps", user: u.User}
	port := u.Port()
	if port == "" {
		switch {
		case r.implicit:
			port = "465"
		case r.user != nil:
			port = "587"
		default:
			port = "25"
		}
	}
	r.address = net.JoinHostPort(r.host, port)
	ip := net.ParseIP(r.host)
	r.local = r.host == "localhost" || ip != nil && ip.IsLoopback()
	return r, nil
}

// Name returns the relay's host and port.
func (r *Relay) Name() string { return r.address }

// Check connects, greets and signs in. It says how, or what is wrong with the
// relay.
func (r *Relay) Check(ctx context.Context) (how string, err error) {
	c, err := r.dial(ctx)
	if err != nil {
		return "", err
	}
	how = "without encryption"
	if _, secure := c.Conn.(*tls.Conn); secure {
		how = "with TLS"
	}
	if r.user != nil {
		how += ", and lets the user in"
	}
	_ = c.quit() // all is known
	return how, nil
}

// Close ends the connections that are kept. Sends that run keep theirs.
func (r *Relay) Close() error {
	r.mu.Lock()
	idle := r.idle
	r.idle, r.closed = nil, true
	r.mu.Unlock()
	for _, c := range idle {
		c.end.Stop()
		_ = c.quit() // a courtesy
	}
	return nil
}

// conn is a connection that has been greeted and signed in on.
type conn struct {
	*client

	used bool        // a mail was sent on it
	end  *time.Timer // ends it while it is idle
}

// take returns a kept connection, the one used last, or nil.
func (r *Relay) take() *conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.idle) > 0 {
		c := r.idle[len(r.idle)-1]
		r.idle = r.idle[:len(r.idle)-1]
		if c.end.Stop() { // else its time is up this moment
			return c
		}
	}
	return nil
}

// keep keeps a connection for the next mail.
func (r *Relay) keep(c *conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		go c.quit() //nolint:errcheck // a courtesy
		return
	}
	c.used = true
	c.end = time.AfterFunc(r.o.Idle, func() {
		r.mu.Lock()
		for i, other := range r.idle {
			if other == c {
				r.idle = append(r.idle[:i], r.idle[i+1:]...)
				break
			}
		}
		r.mu.Unlock()
		_ = c.quit() // a courtesy
	})
	r.idle = append(r.idle, c)
}

func (r *Relay) password() (string, bool) {
	if r.user == nil {
		return "", false
	}
	return r.user.Password()
}

// dial connects, with TLS where it must be, greets and signs in, all of it
// within one step's time.
func (r *Relay) dial(ctx context.Context) (_ *conn, err error) {
	ctx, cancel := context.WithTimeout(ctx, r.o.Patience)
	defer cancel()
	n, err := new(net.Dialer).DialContext(ctx, "tcp", r.address)
	if err != nil {
		return nil, fmt.Errorf("the mail relay cannot be reached: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = n.Close() })
	defer func() {
		if !stop() {
			err = fmt.Errorf("the mail relay did not greet in time: %w", context.Cause(ctx))
		}
		if err != nil {
			_ = n.Close() // the error at hand is the one to tell
		}
	}()
	secure := &tls.Config{ServerName: r.host, RootCAs: r.o.Roots, MinVersion: tls.VersionTLS12}
	if r.implicit {
		t := tls.Client(n, secure)
		if err := t.HandshakeContext(ctx); err != nil {
			return nil, fmt.Errorf("the mail relay does not speak TLS: %w", err)
		}
		n = t
	}
	c := &conn{client: dialed(n, r.o.Patience)}
	if err := c.greet(r.o.Name); err != nil {
		return nil, fmt.Errorf("the mail relay does not greet: %w", err)
	}
	password, signIn := r.password()
	if !r.implicit && !r.local && (signIn || c.offers("STARTTLS")) {
		if err := c.startTLS(ctx, secure, r.o.Name); err != nil {
			return nil, fmt.Errorf("the mail relay does not start TLS: %w", err)
		}
	}
	if signIn {
		if err := c.signIn(r.user.Username(), password); err != nil {
			return nil, fmt.Errorf("the mail relay does not let us sign in: %w", err)
		}
	}
	return c, nil
}

var _ delivery.Relay = (*Relay)(nil)
