// Package intake takes in, by SMTP or LMTP, the mail that comes back for mail
// that was sent. It accepts mail for our own bounce addresses and for nobody
// else, and keeps it before it says so; what the mail tells is read later, by
// domain/delivery.
package intake

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"time"

	"github.com/emersion/go-smtp"

	"kith/internal/base/fault"
	"kith/internal/domain/delivery"
)

// Bounds of those who hand mail over. They may be anybody.
const (
	// maxMail is the largest mail that is taken, of which the beginning is
	// kept: many servers send back the whole of what they could not deliver.
	maxMail = 25 << 20
	// maxRecipients bounds one mail: each of ours has a return path of its own.
	maxRecipients = 5
	// maxMails is how many mails one connection may hand over.
	maxMails = 100
	// wait is how long a command may be awaited, and a mail's content may take.
	wait = 2 * time.Minute
	// longest is how long a connection lives, whatever it does.
	longest = 15 * time.Minute
	// keepWait is how long keeping a mail may take.
	keepWait = time.Minute
)

// Keeper keeps what arrives; delivery.Notices meets it.
type Keeper interface {
	// Arrive keeps mails so that nothing is lost from then on.
	Arrive(ctx context.Context, all ...delivery.Arrival) error
}

// Options is what a server is made of.
type Options struct {
	// Keeper keeps what arrives, Paths says what is ours.
	Keeper Keeper
	Paths  delivery.ReturnPaths
	// Name is the server's name, as others know it.
	Name string
	// LMTP is spoken in place of SMTP.
	LMTP bool
	// TLS, where it is given, is offered by STARTTLS.
	TLS *tls.Config
	// MaxConnections and MaxPerPeer bound connections, all of them and those
	// from one network address; zero means 100 and 10.
	MaxConnections, MaxPerPeer int
	Log                        *slog.Logger
}

// Server takes mail in. It is safe for concurrent use.
type Server struct {
	o    Options
	smtp *smtp.Server
	// ctx ends when the server is closed.
	ctx  context.Context
	stop context.CancelFunc
}

// New returns a server. Serve makes it listen.
func New(ctx context.Context, o Options) *Server {
	if o.MaxConnections == 0 {
		o.MaxConnections = 100
	}
	if o.MaxPerPeer == 0 {
		o.MaxPerPeer = 10
	}
	s := &Server{o: o}
	s.ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.smtp = smtp.NewServer(smtp.BackendFunc(s.begin))
	s.smtp.Domain, s.smtp.LMTP, s.smtp.TLSConfig = o.Name, o.LMTP, o.TLS
	s.smtp.MaxMessageBytes, s.smtp.MaxRecipients = maxMail, maxRecipients
	s.smtp.ReadTimeout, s.smtp.WriteTimeout = wait, wait
	s.smtp.EnableSMTPUTF8 = true
	s.smtp.ErrorLog = slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug) // of clients, not of ours
	return s
}

// Serve takes mail in from a listener until Shutdown. It may be called for
// several.
func (s *Server) Serve(l net.Listener) error {
	return s.smtp.Serve(newBounded(l, s.o.MaxConnections, s.o.MaxPerPeer))
}

// Shutdown takes no more connections and waits for those that are there until
// ctx ends; then they are closed, and what was not said to be taken is not.
func (s *Server) Shutdown(ctx context.Context) error {
	defer s.stop()
	err := s.smtp.Shutdown(ctx)
	if errors.Is(err, smtp.ErrServerClosed) {
		return nil
	}
	if err != nil && ctx.Err() != nil {
		return s.smtp.Close()
	}
	return err
}

func (s *Server) begin(c *smtp.Conn) (smtp.Session, error) {
	peer, _, err := net.SplitHostPort(c.Conn().RemoteAddr().String())
	if err != nil {
		peer = "" // a socket of this machine
	}
	return &session{s: s, peer: peer}, nil
}

// session is one connection.
type session struct {
	s     *Server
	peer  string
	to    []string
	mails int
}

// What is said to those who hand mail over.
var (
	errNobody = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such address here"}
	errMany   = &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 7, 0}, Message: "Enough mail on this connection"}
	errLater  = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "The mail cannot be kept now, try again later"}
	errFull   = &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: "Too much mail waits here, try again later"}
)

// Mail takes any sender: notices have none, feedback reports have one.
func (s *session) Mail(string, *smtp.MailOptions) error {
	if s.mails++; s.mails > maxMails {
		return errMany
	}
	return nil
}

// Rcpt takes our own addresses alone. A return path that was altered is
// nobody's.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if !s.s.o.Paths.Ours(to) {
		return errNobody
	}
	s.to = append(s.to, to)
	return nil
}

// Data keeps the beginning of a mail, for each recipient; the rest is read
// and passed over. What it says is said when the mail is kept.
func (s *session) Data(r io.Reader) error {
	body, err := io.ReadAll(io.LimitReader(r, delivery.MaxArrival))
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	all := make([]delivery.Arrival, len(s.to))
	for i, to := range s.to {
		all[i] = delivery.Arrival{Sent: to, Peer: s.peer, Body: body}
	}
	ctx, cancel := context.WithTimeout(s.s.ctx, keepWait)
	defer cancel()
	switch err := s.s.o.Keeper.Arrive(ctx, all...); {
	case err == nil:
		return nil
	case fault.Is(err, fault.Unavailable):
		return errFull
	default:
		s.s.o.Log.ErrorContext(ctx, "a mail that came back cannot be kept", "error", err)
		return errLater
	}
}

// Reset begins anew.
func (s *session) Reset() { s.to = nil }

// Logout ends the session.
func (s *session) Logout() error { return nil }
