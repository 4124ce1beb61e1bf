// Package dns asks the DNS about the domains that mail is sent from. What the
// answers mean is decided by domain/delivery.
package dns

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"kith/internal/domain/delivery"
)

// Options says whom to ask.
type Options struct {
	// Server is the address of a name server, host:port; empty means those
	// that the system asks.
	Server string
	// Patience is how long one answer may take; zero means five seconds.
	Patience time.Duration
}

// Bounds of one answer.
const (
	maxAnswers = 100
	maxText    = 16 << 10
)

// Resolver asks the DNS. It meets delivery.Resolver and is safe for concurrent
// use.
type Resolver struct {
	o   Options
	net *net.Resolver
}

// New returns a resolver.
func New(o Options) *Resolver {
	if o.Patience == 0 {
		o.Patience = 5 * time.Second
	}
	r := &Resolver{o: o, net: &net.Resolver{PreferGo: true}}
	if o.Server != "" {
		r.net.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, o.Server)
		}
	}
	return r
}

var _ delivery.Resolver = (*Resolver)(nil)

// TXT returns the texts that stand at a name.
func (r *Resolver) TXT(ctx context.Context, name string) ([]string, error) {
	return ask(ctx, r, name, func(ctx context.Context, name string) ([]string, error) {
		texts, err := r.net.LookupTXT(ctx, name)
		for _, t := range texts {
			if len(t) > maxText {
				return nil, fmt.Errorf("a text of %d bytes", len(t))
			}
		}
		return texts, err
	})
}

// Addresses returns the addresses of a host.
func (r *Resolver) Addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	return ask(ctx, r, host, func(ctx context.Context, host string) ([]netip.Addr, error) {
		all, err := r.net.LookupNetIP(ctx, "ip", host)
		for i := range all {
			all[i] = all[i].Unmap()
		}
		return all, err
	})
}

// MX returns the hosts that take mail for a domain.
func (r *Resolver) MX(ctx context.Context, domain string) ([]string, error) {
	return ask(ctx, r, domain, func(ctx context.Context, domain string) (hosts []string, err error) {
		all, err := r.net.LookupMX(ctx, domain)
		for _, mx := range all {
			hosts = append(hosts, strings.TrimSuffix(mx.Host, "."))
		}
		return hosts, err
	})
}

// ask asks one question, about the name itself and none below the system's own
// domain. What does not exist is nothing.
func ask[T any](ctx context.Context, r *Resolver, name string, question func(context.Context, string) ([]T, error)) ([]T, error) {
	ctx, cancel := context.WithTimeout(ctx, r.o.Patience)
	defer cancel()
	answers, err := question(ctx, strings.TrimSuffix(name, ".")+".")
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		switch {
		case e.IsNotFound:
			return nil, nil
		case e.IsTimeout:
			return nil, errors.New("it took too long")
		case e.Err == "server misbehaving":
			return nil, errors.New("the name server failed")
		}
		return nil, errors.New("no name server could be reached") // its address is nobody's business
	}
	if err != nil {
		return nil, err
	}
	if len(answers) > maxAnswers {
		return nil, fmt.Errorf("%d answers", len(answers))
	}
	return answers, nil
}
