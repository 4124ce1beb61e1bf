// Package config is what an operator may set. It gathers settings from their
// defaults, a file, the environment and flags, in that order, and says all
// that is wrong with them at once. What a setting brings about is left to the
// rooms that are handed it.
package config

import (
	"net/netip"
	"slices"
	"time"

	"kith/internal/base/email"
	"kith/internal/domain/delivery"
	"kith/internal/domain/oauth"
)

// Config is every setting of a server, read and checked. Load returns one;
// the zero value is not one.
type Config struct {
	// Listen is the server's address; its port may be 0.
	Listen Address
	// OpsListen is the address for metrics and profiles; it may be off.
	OpsListen Address
	// Data is the folder of the SQLite file, uploads and keys.
	Data string
	// SecretKey is the operator's own key; empty means one made and kept.
	SecretKey Secret
	// DatabaseURL names a PostgreSQL database; empty means SQLite in Data.
	DatabaseURL URL
	// PublicURL is what links begin with; empty means PublicAt's answer.
	PublicURL URL
	// SMTPURL names the mail relays; empty means that mail is only kept.
	SMTPURL Relays
	// Signup says who may sign up.
	Signup Signup
	// TLSCert and TLSKey are files in PEM form; both or neither are set.
	TLSCert, TLSKey string
	// ACMEDomain are the names for which a certificate is fetched.
	ACMEDomain []string
	// RequireHTTPS refuses plain http.
	RequireHTTPS bool
	// ImportMaxBytes and ImportMaxRows bound one import.
	ImportMaxBytes Size
	ImportMaxRows  int
	// APIRate is the limit of an application that has none of its own.
	APIRate oauth.Rate
	// AccessTokenTTL and ImplicitTokenTTL are how long access tokens live,
	// those of the implicit flow apart.
	AccessTokenTTL, ImplicitTokenTTL time.Duration
	// RefreshGrace is how long a used refresh token may be used again.
	RefreshGrace time.Duration
	// TrustedProxies are the peers whose X-Forwarded headers are believed.
	TrustedProxies []netip.Prefix
	// RequestLogDays and RequestLogRows bound the request log of an account.
	RequestLogDays, RequestLogRows int
	// AbuseLimits slows down who guesses passwords, codes and tokens.
	AbuseLimits bool
	// WebhookAllowPrivate lets webhooks go to private addresses.
	WebhookAllowPrivate bool
	// SenderSPF is what the SPF policies of senders' domains must let pass;
	// empty means ExpectedSPF's answer.
	SenderSPF []delivery.Expected
	// DNSServer is asked about senders' domains; empty means the system's.
	DNSServer string
	// BounceAddress is what the return paths of mail are made of; zero means
	// that mail comes back to whom it is from.
	BounceAddress email.Address
	// BounceListen is where mail to BounceAddress is taken in; it may be off.
	BounceListen Intake
	// LogFormat is the form of log lines.
	LogFormat LogFormat

	given []Setting
}

// Signup says who may sign up.
type Signup string

// Who may sign up: anyone while no account exists, anyone, nobody.
const (
	SignupFirst  Signup = "first"
	SignupOpen   Signup = "open"
	SignupClosed Signup = "closed"
)

// LogFormat is the form of log lines.
type LogFormat string

// The forms of log lines.
const (
	LogText LogFormat = "text"
	LogJSON LogFormat = "json"
)

// Setting is a setting as it was given, for people to read: a secret shows as
// dots.
type Setting struct {
	Name  string
	Value string
	// From says where the value came from: default, a file's name, an
	// environment variable, or the flag.
	From string
}

// Settings returns every setting in the order of the table.
func (c Config) Settings() []Setting { return c.given }

// Given reports whether a setting was given rather than left at its default.
func (c Config) Given(name string) bool {
	return slices.ContainsFunc(c.given, func(s Setting) bool { return s.Name == name && s.From != fromDefault })
}

// Idle returns the settings that were given though nothing goes by them yet.
func (c Config) Idle() []string {
	var idle []string
	for _, o := range Options() {
		if o.Idle && c.Given(o.Name) {
			idle = append(idle, o.Name)
		}
	}
	return idle
}

// TLS reports whether the server itself speaks TLS.
func (c Config) TLS() bool { return c.TLSCert != "" || len(c.ACMEDomain) > 0 }
