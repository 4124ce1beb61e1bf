package app

import (
	"errors"
	"net/url"
	"strings"

	"kith/internal/base/secret"
	"kith/internal/config"
	"kith/internal/domain/delivery"
	"kith/internal/domain/message"
	"kith/internal/outbound/dns"
	"kith/internal/outbound/mail"
	"kith/internal/store"
)

// newMail returns the service of mails.
func newMail(c config.Config, s *store.Store, key secret.Key, public string) *message.Service {
	return message.New(message.Options{
		PublicURL: public, Links: newLinks(key),
		Store: s.Messages(), Box: key.Box(secret.Mail), Leaves: !c.SMTPURL.IsZero(),
		From: message.Sender{Name: "Kith", Address: sender(public, c.SMTPURL.Parts()...)},
	})
}

// relays are the mail relays that are set.
type relays []*mail.Relay

// newRelays returns the relays, none where none is set, and how mail is sent
// through them.
func newRelays(c config.Config, public string) (all relays, routes []delivery.Route, err error) {
	for _, r := range c.SMTPURL.All {
		relay, err := mail.New(mail.Options{URL: r.URL.Reveal(), Name: host(public)})
		if err != nil {
			return nil, nil, err
		}
		all = append(all, relay)
		routes = append(routes, delivery.Route{Relay: relay, Name: relay.Name(), Connections: r.Connections, Limits: r.Limits})
	}
	return all, routes, nil
}

// Close ends the connections that are kept.
func (all relays) Close() error {
	var errs []error
	for _, r := range all {
		errs = append(errs, r.Close())
	}
	return errors.Join(errs...)
}

// newDomains returns the service of the domains that accounts send from.
func newDomains(b *Base) *delivery.Domains {
	c := b.Config
	o := delivery.DomainOptions{
		Store: b.Store.Domains(), Box: b.Key.Box(secret.Domains), DNS: dns.New(dns.Options{Server: c.DNSServer}),
		Envelope: c.BounceAddress.Domain(),
	}
	if !c.SMTPURL.IsZero() {
		o.Expected = c.ExpectedSPF(c.SMTPURL.Parts()...)
	}
	return delivery.NewDomains(o)
}

// sender is the address that the server's own mail is from: the one with which
// it signs in at the relay, since many let nobody send for another; else one
// at the server's own name. Where relays want different ones, it is the first's.
func sender(public string, relays ...*url.URL) string {
	for _, r := range relays {
		if r != nil && r.User != nil && strings.Contains(r.User.Username(), "@") {
			return r.User.Username()
		}
	}
	return "kith@" + host(public)
}

// host is the server's name as others know it.
func host(public string) string {
	if u, err := url.Parse(public); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return "localhost"
}
