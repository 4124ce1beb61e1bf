package app

import (
	"net/url"
	"strings"

	"kith/internal/base/secret"
	"kith/internal/config"
	"kith/internal/domain/message"
	"kith/internal/outbound/mail"
	"kith/internal/store"
)

// newMail returns the service of mails, and the relay where one is set.
func newMail(c config.Config, s *store.Store, key secret.Key, public string) (*message.Service, *mail.Relay, error) {
	o := message.Options{
		Store: s.Messages(), Box: key.Box(secret.Mail),
		From: message.Sender{Name: "Kith", Address: sender(public, c.SMTPURL.Parts())},
	}
	if c.SMTPURL.IsZero() {
		return message.New(o), nil, nil
	}
	relay, err := mail.New(mail.Options{URL: c.SMTPURL.Reveal(), Name: host(public)})
	if err != nil {
		return nil, nil, err
	}
	o.Relay = relay
	return message.New(o), relay, nil
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
