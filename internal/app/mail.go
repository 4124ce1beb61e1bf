package app

import (
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
		From: message.Sender{Name: "Kith", Address: sender(public, c.SMTPURL.Parts())},
	})
}

// newRelay returns the relay, nil where none is set.
func newRelay(c config.Config, public string) (*mail.Relay, error) {
	if c.SMTPURL.IsZero() {
		return nil, nil
	}
	return mail.New(mail.Options{URL: c.SMTPURL.Reveal(), Name: host(public)})
}

// newDomains returns the service of the domains that accounts send from.
func newDomains(b *Base) *delivery.Domains {
	c := b.Config
	o := delivery.DomainOptions{
		Store: b.Store.Domains(), Box: b.Key.Box(secret.Domains), DNS: dns.New(dns.Options{Server: c.DNSServer}),
		Envelope: c.BounceAddress.Domain(),
	}
	if !c.SMTPURL.IsZero() {
		o.Expected = c.ExpectedSPF(c.SMTPURL.Parts())
	}
	return delivery.NewDomains(o)
}

// sender is the address that the server's own mail is from: the one with which
// it signs in at the relay, since many let nobody send for another; else one
// at the server's own name.
func sender(public string, relay *url.URL) string {
	if relay != nil && relay.User != nil && strings.Contains(relay.User.Username(), "@") {
		return relay.User.Username()
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
