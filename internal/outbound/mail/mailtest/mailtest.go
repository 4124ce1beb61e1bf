// Package mailtest is a mail relay on loopback, for tests.
package mailtest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/mail"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Options says how the relay behaves; the zero value takes everything.
type Options struct {
	// TLS makes it offer STARTTLS; Implicit makes it speak TLS from the
	// start. Its certificate is for 127.0.0.1, under Roots.
	TLS, Implicit bool
	// User and Password must be given where User is not empty; PLAIN and
	// LOGIN are offered unless Mechanisms says otherwise.
	User, Password string
	Mechanisms     []string
	// UTF8 makes it offer SMTPUTF8.
	UTF8 bool
	// OnMail and OnRcpt answer the commands; nil takes all.
	OnMail, OnRcpt func(address string) error
	// OnData answers a whole message. It may call cut, which breaks the
	// connection instead of answering.
	OnData func(m Message, cut func()) error
}

// Message is one that the relay was handed whole.
type Message struct {
	From, To string
	// ID is its Message-ID without angle brackets.
	ID     string
	Header mail.Header
	Body   string
	// Raw is the message as it came.
	Raw []byte
	// TLS and User say how it came.
	TLS  bool
	User string
}

// Relay is a running relay.
type Relay struct {
	o       Options
	server  *smtp.Server
	address string
	roots   *x509.CertPool
	conns   atomic.Int64

	mu  sync.Mutex
	got []Message
}

// New starts a relay; it ends with the test.
func New(t testing.TB, o Options) *Relay {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &Relay{o: o, address: l.Addr().String()}
	r.server = smtp.NewServer(smtp.BackendFunc(r.session))
	r.server.Domain = "relay.test"
	r.server.AllowInsecureAuth = true
	r.server.EnableSMTPUTF8 = o.UTF8
	r.server.ErrorLog = log.New(io.Discard, "", 0) // connections that break are part of the tests
	if o.TLS || o.Implicit {
		cert, roots := certificate(t)
		r.roots = roots
		r.server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
		if o.Implicit {
			l = tls.NewListener(l, r.server.TLSConfig)
		}
	}
	done := make(chan error, 1)
	go func() { done <- r.server.Serve(l) }()
	t.Cleanup(func() {
		if err := errors.Join(r.server.Close(), <-done); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			t.Errorf("the test's mail relay: %v", err)
		}
	})
	return r
}

// URL is what --smtp-url takes.
func (r *Relay) URL() string {
	scheme, user := "smtp://", ""
	if r.o.Implicit {
		scheme = "smtps://"
	}
	if r.o.User != "" {
		user = r.o.User + ":" + r.o.Password + "@"
	}
	return scheme + user + r.address
}

// Roots is the authority behind the relay's certificate.
func (r *Relay) Roots() *x509.CertPool { return r.roots }

// Connections is how many connections were ever made.
func (r *Relay) Connections() int { return int(r.conns.Load()) }

// Received returns the messages that were handed over whole, whatever was
// answered, in the order of their coming.
func (r *Relay) Received() []Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Message(nil), r.got...)
}

func (r *Relay) session(c *smtp.Conn) (smtp.Session, error) {
	r.conns.Add(1)
	s := &session{r: r, c: c}
	if r.o.User != "" {
		return authSession{s}, nil
	}
	return s, nil
}

type session struct {
	r    *Relay
	c    *smtp.Conn
	m    Message
	user string
}

func (s *session) Reset()        { s.m = Message{} }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.r.o.User != "" && s.user == "" {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	}
	s.m = Message{From: from, User: s.user}
	_, s.m.TLS = s.c.TLSConnectionState()
	return ask(s.r.o.OnMail, from)
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.m.To = to
	return ask(s.r.o.OnRcpt, to)
}

func ask(answer func(string) error, address string) error {
	if answer == nil {
		return nil
	}
	return answer(address)
}

func (s *session) Data(content io.Reader) error {
	var raw bytes.Buffer
	content = io.TeeReader(content, &raw)
	m, err := mail.ReadMessage(content)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		return err // the connection broke before the end
	}
	s.m.Header, s.m.Body, s.m.Raw = m.Header, string(body), raw.Bytes()
	s.m.ID = strings.Trim(m.Header.Get("Message-ID"), "<>")
	s.r.mu.Lock()
	s.r.got = append(s.r.got, s.m)
	s.r.mu.Unlock()
	if s.r.o.OnData == nil {
		return nil
	}
	return s.r.o.OnData(s.m, func() { _ = s.c.Conn().Close() })
}

// authSession is a session that asks for a password.
type authSession struct{ *session }

func (s authSession) AuthMechanisms() []string {
	if s.r.o.Mechanisms != nil {
		return s.r.o.Mechanisms
	}
	return []string{sasl.Plain, sasl.Login}
}

func (s authSession) Auth(mech string) (sasl.Server, error) {
	check := func(user, password string) error {
		if user != s.r.o.User || password != s.r.o.Password {
			return smtp.ErrAuthFailed
		}
		s.user = user
		return nil
	}
	if mech == sasl.Plain {
		return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
	}
	return &login{check: check}, nil
}

// login is the server's side of LOGIN, which the library no longer has.
type login struct {
	check func(user, password string) error
	user  *string
}

func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case response == nil:
		return []byte("Username:"), false, nil
	case l.user == nil:
		user := string(response)
		l.user = &user
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(*l.user, string(response))
}

// certificate makes a certificate for 127.0.0.1.
func certificate(t testing.TB) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "relay.test"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:        true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(cert)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}
