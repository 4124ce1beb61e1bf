package app_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"

	"kith/internal/app"
)

// authority runs an ACME server that knocks at a port to see whether a name is
// somebody's own, and returns where it is, whom it signs as, and what ends it.
func authority(t *testing.T, port int) (from app.Authority, signer *x509.CertPool, end func()) {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1") // else it waits, to be like the real one
	quiet, kept := log.New(io.Discard, "", 0), db.NewMemoryStore()
	signs := ca.New(quiet, kept, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "default"}})
	knocks := va.New(quiet, 1, port, false, names(t), kept)
	front := wfe.New(quiet, kept, knocks, signs, []string{"ca.test"}, false, false, 1, 1)
	s := httptest.NewTLSServer(front.Handler())
	t.Cleanup(s.Close)
	from = app.Authority{Directory: s.URL + wfe.DirectoryPath, Roots: x509.NewCertPool()}
	from.Roots.AddCert(s.Certificate())
	signer = x509.NewCertPool()
	signer.AddCert(signs.GetRootCert(0).Cert)
	return from, signer, s.Close
}

// names runs a server of names that knows every name as this machine's.
func names(t *testing.T) string {
	t.Helper()
	at, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &dns.Server{Listener: at, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg).SetReply(q)
		if q.Question[0].Qtype == dns.TypeA {
			m.Answer = []dns.RR{&dns.A{
				Hdr: dns.RR_Header{Name: q.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET}, A: net.IPv4(127, 0, 0, 1),
			}}
		}
		_ = w.WriteMsg(m) // who does not hear it asks again
	})}
	go s.ActivateAndServe() //nolint:errcheck // it ends with the test
	t.Cleanup(func() {
		if err := s.ShutdownContext(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return at.Addr().String()
}

// heard is a log that says when a certificate is in place.
type heard chan struct{}

func (heard) Enabled(context.Context, slog.Level) bool { return true }

func (h heard) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "certificate in place" {
		h <- struct{}{}
	}
	return nil
}

func (h heard) WithAttrs([]slog.Attr) slog.Handler { return h }
func (h heard) WithGroup(string) slog.Handler      { return h }

func (h heard) wait(t *testing.T) {
	t.Helper()
	select {
	case <-h:
	case <-time.After(time.Minute):
		t.Fatal("no certificate is in place")
	}
}

func TestACertificateIsFetched(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	if err := l.Close(); err != nil { // the authority must know the port before the server has it
		t.Fatal(err)
	}
	_, text, err := net.SplitHostPort(at)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	from, signer, end := authority(t, port)
	c := settings(t, map[string]string{"listen": at, "acme-domain": "kith.example.org"})
	transport := &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: signer, ServerName: "kith.example.org"},
		DisableKeepAlives: true,
	}
	fetched := func() error {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+at+"/healthz", nil)
		if err != nil {
			return err
		}
		a, err := transport.RoundTrip(r)
		if err != nil {
			return err
		}
		return a.Body.Close()
	}
	told := make(heard, 1)
	s := serve(t, c, func(p *app.Process) { p.Authority, p.Log = from, slog.New(told) })
	if s.URL != "https://kith.example.org:"+text {
		t.Errorf("links begin with %s", s.URL)
	}
	told.wait(t)
	if err := fetched(); err != nil {
		t.Error(err)
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	// It was kept: the next start asks nobody.
	end()
	serve(t, c, func(p *app.Process) { p.Authority, p.Log = from, slog.New(told) })
	told.wait(t)
	if err := fetched(); err != nil {
		t.Errorf("after a restart: %v", err)
	}
}
