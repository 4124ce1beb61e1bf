package app

import (
	"context"
	"crypto/tls"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"kith/internal/base/secret"
	"kith/internal/config"
	"kith/internal/edge/intake"
	"kith/internal/edge/request"
	"kith/internal/ops"
)

// Bounds of every connection. How long a body or an answer may take is bounded
// by progress, in edge/request: an import of an hour is welcome, a silent
// connection is not.
const (
	headerWait  = 10 * time.Second
	idleWait    = 2 * time.Minute
	headerBytes = 64 << 10
	// stopWait is how long what is in flight may take after the order to stop.
	stopWait = 30 * time.Second
)

// Process is what a server is given beside its settings.
type Process struct {
	// Version is the program's.
	Version string
	// Stdout gets the line that says where the server is ready.
	Stdout io.Writer
	Log    *slog.Logger
	// Migrate brings the database up to date first.
	Migrate bool
	// Authority is asked for certificates where --acme-domain is given.
	Authority Authority
}

// Run serves until ctx ends, then finishes what is in flight.
func Run(ctx context.Context, c config.Config, p Process) (err error) {
	reg := ops.NewRegistry(p.Version)
	b, err := Open(ctx, c, Options{Log: p.Log, Migrate: p.Migrate, Serve: true, Observer: ops.NewStore(reg)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	s := &server{base: b, log: p.Log, authority: p.Authority, failed: make(chan error, 1)}
	if err := s.listen(ctx); err != nil {
		return err
	}
	s.public = strings.TrimSuffix(c.PublicAt(port(s.main[0])).String(), "/")
	if s.rooms, err = join(b, s.public, s.setupCode(), p.Version, reg, p.Log); err != nil { //nolint:contextcheck // handlers in a table, each with the context of its request
		return errors.Join(err, closeAll(s.main), closeAll(s.ops))
	}
	if err := s.start(ctx, reg); err != nil {
		return errors.Join(err, s.stop(ctx))
	}
	if err := s.ready(ctx, p.Stdout); err != nil {
		return errors.Join(err, s.stop(ctx))
	}
	select {
	case <-ctx.Done():
		p.Log.Info("stopping")
	case err = <-s.failed:
	}
	return errors.Join(err, s.stop(context.WithoutCancel(ctx)))
}

// server is a running server.
type server struct {
	base   *Base
	log    *slog.Logger
	public string
	rooms  *rooms

	authority Authority

	main, ops []net.Listener
	bounces   []net.Listener // of intake
	intake    *intake.Server // nil where no bounces are taken in
	acme      *acme
	tls       *tls.Config // nil where plain http is served
	servers   []*http.Server
	working   bool
	failed    chan error
}

// listen opens all listeners. A usual operations port that is taken is no
// reason not to serve: nobody asked for it.
func (s *server) listen(ctx context.Context) (err error) {
	c := s.base.Config
	if s.main, err = listen(ctx, c.Listen); err != nil {
		return err
	}
	if c.OpsListen.Off() {
		return nil
	}
	s.ops, err = listen(ctx, c.OpsListen)
	if errors.Is(err, syscall.EADDRINUSE) && !c.Given("ops-listen") {
		s.log.WarnContext(ctx, "no metrics: the usual operations port is taken", "ops_listen", c.OpsListen.String())
		err = nil
	}
	if err != nil {
		return errors.Join(err, closeAll(s.main))
	}
	return nil
}

// start begins to work and to serve.
func (s *server) start(ctx context.Context, reg *prometheus.Registry) error {
	main, err := s.secure(s.main)
	if err != nil {
		return errors.Join(err, closeAll(s.main), closeAll(s.ops))
	}
	if err := s.rooms.mail.Prepare(ctx); err != nil {
		return errors.Join(err, closeAll(main), closeAll(s.ops))
	}
	if err := s.rooms.runner.Start(ctx); err != nil {
		return errors.Join(err, closeAll(main), closeAll(s.ops))
	}
	s.working = true
	s.serve(main, s.handler(reg))
	s.serve(s.ops, ops.Handler(reg, s.rooms.health))
	if err := s.takeIn(ctx); err != nil {
		return err
	}
	if s.acme != nil {
		return s.acme.start(ctx)
	}
	return nil
}

// secure puts TLS before the listeners, where it is set.
func (s *server) secure(plain []net.Listener) (_ []net.Listener, err error) {
	c := s.base.Config
	if !c.TLS() {
		return plain, nil
	}
	var secure []net.Listener
	t, err := s.tlsConfig()
	if err != nil {
		return nil, err
	}
	s.tls = t
	for _, l := range plain {
		secure = append(secure, newEither(l, t))
	}
	return secure, nil
}

func (s *server) tlsConfig() (*tls.Config, error) {
	c := s.base.Config
	if c.TLSCert != "" {
		return fileTLS(c.TLSCert, c.TLSKey, s.log)
	}
	s.acme = newACME(c, s.authority, port(s.main[0]), s.log)
	return s.acme.tls(), nil
}

// handler is everything that the public reaches.
func (s *server) handler(reg *prometheus.Registry) http.Handler {
	requests := ops.NewRequests(reg, s.log)
	return request.Begin(request.Options{
		Proxies:      s.base.Config.TrustedProxies,
		RequireHTTPS: s.base.Config.RequireHTTPS,
		Plain:        []string{"/healthz", "/readyz"}, // asked from within a cluster, by address
		Refuse:       s.rooms.faces.refuse,
		Keep:         func(r *http.Request) bool { return s.rooms.trace.On() && traced(s.rooms.faces, s.rooms.sessions, r) },
		Ended: func(r *http.Request, e *request.Entry) {
			requests.Ended(r.Context(), ops.Request{
				ID: e.ID, API: e.API, Route: e.Route, Method: e.Method, Status: e.Status, Bytes: e.Bytes, Took: e.Took,
				Code: e.Code, Cause: e.Cause, Broken: e.Broken,
				Account: int64(e.Account), User: int64(e.User), Application: e.Application,
			})
			if e.Kept {
				note(s.rooms.trace, r, e)
			}
		},
	}, s.rooms.faces)
}

// serve serves a handler on listeners until stop. The first failure of any
// ends the server.
func (s *server) serve(on []net.Listener, h http.Handler) {
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerWait,
		IdleTimeout:       idleWait,
		MaxHeaderBytes:    headerBytes,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug), // of clients, not of ours
		// Connections come through TLS already; this lets them choose HTTP/2.
		TLSConfig: &tls.Config{NextProtos: protocols(), MinVersion: tls.VersionTLS12},
	}
	s.servers = append(s.servers, srv)
	for _, l := range on {
		go func() {
			if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				select {
				case s.failed <- err:
				default: // one is enough
				}
			}
		}()
	}
}

// stop takes no more requests, finishes those in flight and the work that is
// being done, and gives up what takes longer than stopWait.
func (s *server) stop(ctx context.Context) error {
	s.rooms.health.Stopping()
	ctx, cancel := context.WithTimeout(ctx, stopWait)
	defer cancel()
	var errs []error
	if s.intake != nil {
		errs = append(errs, s.intake.Shutdown(ctx))
	}
	for i, srv := range s.servers {
		if i == len(s.servers)-1 && s.working {
			errs = append(errs, s.rooms.runner.Stop(ctx)) // metrics are to be had until the end
			s.working = false
		}
		if err := srv.Shutdown(ctx); err != nil {
			errs = append(errs, fmt.Errorf("requests were cut off: %w", err), srv.Close())
		}
	}
	if s.working {
		errs = append(errs, s.rooms.runner.Stop(ctx))
	}
	// After the last request and with no sweeper at work.
	if err := s.rooms.trace.Close(ctx); err != nil {
		s.log.WarnContext(ctx, "the last requests are missing in the request log", "error", err)
	}
	errs = append(errs, s.rooms.relays.Close())
	if s.acme != nil {
		s.acme.stop()
	}
	return errors.Join(errs...)
}

// ready is the line that a server prints when it serves.
type ready struct {
	Message string   `json:"msg"`
	URL     string   `json:"url"`
	Listen  []string `json:"listen"`
	Ops     []string `json:"ops_listen"`
	// Bounces is where mail that comes back is taken in.
	Bounces []string `json:"bounce_listen,omitempty"`
	// SetupCode is what the first sign-up asks for, where it does.
	SetupCode string `json:"setup_code,omitempty"`
}

// ready tells where the server is to be found: people on a terminal and
// programs that started it read it from standard output, the log keeps it.
func (s *server) ready(ctx context.Context, out io.Writer) error {
	line := ready{Message: "ready", URL: s.public, Listen: addresses(s.main), Ops: addresses(s.ops), Bounces: addresses(s.bounces)}
	entrance, err := s.rooms.accounts.Entrance(ctx)
	if err != nil {
		return err
	}
	if entrance.SetupCode {
		line.SetupCode = s.setupCode()
	}
	s.log.Info("ready", "url", line.URL, "listen", line.Listen, "ops_listen", line.Ops, "bounce_listen", line.Bounces)
	if s.base.Config.LogFormat == config.LogJSON {
		return json.NewEncoder(out).Encode(line)
	}
	_, err = fmt.Fprintf(out, "Kith is ready at %s\n", line.URL)
	if err == nil && line.SetupCode != "" {
		_, err = fmt.Fprintf(out, "The first sign-up asks for this set-up code: %s\n", line.SetupCode)
	}
	return err
}

// setupCode returns what the first sign-up is asked for where strangers reach
// the server, else nothing. It is the same in all processes of a server.
func (s *server) setupCode() string {
	if s.base.Config.Listen.Loopback() {
		return ""
	}
	code := strings.ToLower(base32.StdEncoding.EncodeToString(s.base.Key.Derive(secret.Setup)[:10]))
	return code[:4] + "-" + code[4:8] + "-" + code[8:12] + "-" + code[12:]
}
