package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"

	"kith/internal/base/clock"
	"kith/internal/config"
	"kith/internal/ops"
)

// protocols are those that a client may choose between.
func protocols() []string { return []string{"h2", "http/1.1"} }

// fileTLS serves the certificate of two files, and reads them again when they
// change, so that whatever renews them need not restart the server.
func fileTLS(cert, key string, log *slog.Logger) (*tls.Config, error) {
	f := &certFiles{cert: cert, key: key, log: log, clock: clock.System{}}
	if err := f.load(); err != nil {
		return nil, fmt.Errorf("tls-cert and tls-key: %w", err)
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: protocols(),
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return f.current(), nil
		},
	}, nil
}

// lookEvery is how often the files are looked at, while connections come in.
const lookEvery = time.Second

type certFiles struct {
	cert, key string
	log       *slog.Logger
	clock     clock.Clock

	mu      sync.Mutex
	loaded  *tls.Certificate
	changed [2]time.Time
	looked  time.Time
}

func (f *certFiles) load() error {
	changed, err := f.times()
	if err != nil {
		return err
	}
	c, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return err
	}
	f.loaded, f.changed = &c, changed
	return nil
}

func (f *certFiles) times() (at [2]time.Time, err error) {
	for i, path := range []string{f.cert, f.key} {
		info, err := os.Stat(path)
		if err != nil {
			return at, err
		}
		at[i] = info.ModTime()
	}
	return at, nil
}

// current returns the newest certificate that could be read whole: whoever
// renews writes one file after the other.
func (f *certFiles) current() *tls.Certificate {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.clock.Now()
	if now.Sub(f.looked).Abs() < lookEvery {
		return f.loaded
	}
	f.looked = now
	if changed, err := f.times(); err == nil && changed == f.changed {
		return f.loaded
	}
	if err := f.load(); err != nil {
		f.log.Warn("the changed certificate cannot be read; the old one is still served", "error", err)
	} else {
		f.log.Info("certificate read again")
	}
	return f.loaded
}

// acme fetches and renews certificates.
type acme struct {
	domains []string
	cache   *certmagic.Cache
	config  *certmagic.Config
}

// Authority is where certificates come from; its zero value is Let's Encrypt.
type Authority struct {
	// Directory is the address of the ACME server's directory.
	Directory string
	// Roots are whom its own certificate is checked against; nil for those of
	// the machine.
	Roots *x509.CertPool
}

// newACME prepares certificates for the domains. The server shows that they
// are its own on its own port (RFC 8737), which the world must reach as 443.
func newACME(c config.Config, from Authority, port int, log *slog.Logger) *acme {
	a := &acme{domains: c.ACMEDomain}
	quiet := zap.NewNop() // what matters comes as events
	a.cache = certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert: func(certmagic.Certificate) (*certmagic.Config, error) { return a.config, nil },
		Logger:           quiet,
	})
	a.config = certmagic.New(a.cache, certmagic.Config{
		Storage: &certmagic.FileStorage{Path: ops.Folder(c.Data).Certificates()},
		Logger:  quiet,
		OnEvent: func(_ context.Context, event string, data map[string]any) error {
			switch event {
			case "cached_managed_cert":
				log.Info("certificate in place", "domains", data["sans"])
			case "cert_failed":
				log.Error("a certificate could not be fetched; it is tried again", "domain", data["identifier"], "error", data["error"])
			}
			return nil
		},
	})
	host := c.Listen.Host
	if c.Listen.Unspecified() {
		host = ""
	}
	a.config.Issuers = []certmagic.Issuer{certmagic.NewACMEIssuer(a.config, certmagic.ACMEIssuer{
		CA:                   from.Directory, // empty is the library's default
		TrustedRoots:         from.Roots,
		Agreed:               true, // by naming a domain the operator asks for its certificate
		DisableHTTPChallenge: true, // it would need port 80 as well
		ListenHost:           host,
		AltTLSALPNPort:       port,
		Logger:               quiet,
	})}
	return a
}

func (a *acme) tls() *tls.Config {
	t := a.config.TLSConfig()
	t.MinVersion = tls.VersionTLS12
	t.NextProtos = append(protocols(), t.NextProtos...)
	return t
}

// start begins to fetch what is missing; the server listens already.
func (a *acme) start(ctx context.Context) error {
	if err := a.config.ManageAsync(ctx, a.domains); err != nil {
		return fmt.Errorf("acme-domain: %w", err)
	}
	return nil
}

func (a *acme) stop() { a.cache.Stop() }
