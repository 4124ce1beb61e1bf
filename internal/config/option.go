package config

import (
	"net/netip"
	"strings"
	"time"

	"kith/internal/base/email"
	"kith/internal/domain/delivery"
	"kith/internal/domain/oauth"
)

// Option is one setting of the table.
type Option struct {
	// Name is that of the flag and of the key in the file.
	Name string
	// Default is the value where none is given.
	Default string
	// Doc says in a few words what the setting does.
	Doc string
	// Switch marks a flag that may stand without a value.
	Switch bool
	// Secret marks a value that is shown as dots. Its environment variable
	// has a twin that names a file.
	Secret bool
	// Idle marks a setting that is read and checked, but that nothing in this
	// version goes by yet.
	Idle bool

	read func(*Config, string) error
}

// Env is the option's environment variable.
func (o Option) Env() string {
	return "KITH_" + strings.ToUpper(strings.ReplaceAll(o.Name, "-", "_"))
}

// EnvFile is the environment variable that names a file with the value; only
// secrets have one.
func (o Option) EnvFile() string {
	if !o.Secret {
		return ""
	}
	return o.Env() + "_FILE"
}

// show returns a value as people may see it.
func (o Option) show(c *Config, value string) string {
	switch {
	case !o.Secret || value == "":
		return value
	case o.Name == "database-url":
		return c.DatabaseURL.String()
	case o.Name == "smtp-url":
		return c.SMTPURL.String()
	}
	return dots
}

// into makes an option's reader from a parser and the field it fills.
func into[T any](parse func(string) (T, error), field func(*Config) *T) func(*Config, string) error {
	return func(c *Config, text string) error {
		v, err := parse(text)
		if err == nil {
			*field(c) = v
		}
		return err
	}
}

// Options returns the table of all settings, in the order in which people
// read them.
func Options() []Option {
	const databaseForm = "postgres://user:password@host:5432/name"
	return []Option{
		{
			Name: "listen", Default: "localhost:8080", Doc: "address of the server; port 0 lets the system choose",
			read: into(parseAddress, func(c *Config) *Address { return &c.Listen }),
		},
		{
			Name: "ops-listen", Default: "localhost:8081", Doc: "address for metrics and profiles, or off",
			read: into(orOff(parseAddress), func(c *Config) *Address { return &c.OpsListen }),
		},
		{
			Name: "data", Default: "./kith-data", Doc: "folder of the SQLite file, uploads and keys",
			read: into(parseFolder, func(c *Config) *string { return &c.Data }),
		},
		{
			Name: "secret-key", Secret: true, Doc: "key that seals stored secrets and signs links; made once where none is given",
			read: into(parseKey, func(c *Config) *Secret { return &c.SecretKey }),
		},
		{
			Name: "database-url", Secret: true, Doc: "PostgreSQL instead of SQLite: " + databaseForm,
			read: into(parseURL(databaseForm, "postgres", "postgresql"), func(c *Config) *URL { return &c.DatabaseURL }),
		},
		{
			Name: "public-url", Doc: "what links, issuer and redirects begin with; made from listen where none is given",
			read: into(parsePublicURL, func(c *Config) *URL { return &c.PublicURL }),
		},
		{
			Name: "smtp-url", Secret: true, Doc: "mail relay, smtp(s)://user:password@host:port, or several with commas between, each with limits if need be (?connections=50&per-second=100&per-hour=20000&domain-per-minute=600); without one, mail stays in the outbox",
			read: into(parseRelays, func(c *Config) *Relays { return &c.SMTPURL }),
		},
		{
			Name: "signup", Default: "first", Doc: "who may sign up: first (while no account exists), open, closed",
			read: into(oneOf(SignupFirst, SignupOpen, SignupClosed), func(c *Config) *Signup { return &c.Signup }),
		},
		{
			Name: "tls-cert", Doc: "certificate file in PEM form; read again when it changes",
			read: into(parseText, func(c *Config) *string { return &c.TLSCert }),
		},
		{
			Name: "tls-key", Doc: "file with the certificate's key",
			read: into(parseText, func(c *Config) *string { return &c.TLSKey }),
		},
		{
			Name: "acme-domain", Doc: "host names, separated by commas, for which certificates are fetched by ACME",
			read: into(parseDomains, func(c *Config) *[]string { return &c.ACMEDomain }),
		},
		{
			Name: "require-https", Default: "false", Switch: true, Doc: "refuse plain http with a 403 that says so",
			read: into(parseBool, func(c *Config) *bool { return &c.RequireHTTPS }),
		},
		{
			Name: "import-max-bytes", Default: "512MiB", Doc: "size of the largest import",
			read: into(parseSize, func(c *Config) *Size { return &c.ImportMaxBytes }),
		},
		{
			Name: "import-max-rows", Default: "1000000", Doc: "rows of the largest import",
			read: into(parseCount(1, 1e9), func(c *Config) *int { return &c.ImportMaxRows }),
		},
		{
			Name: "api-rate", Default: "off", Doc: "calls allowed to an application, off or as in 4/s,10000/d",
			read: into(oauth.ParseRate, func(c *Config) *oauth.Rate { return &c.APIRate }),
		},
		{
			Name: "access-token-ttl", Default: "24h", Doc: "life of an access token",
			read: into(parseDuration(time.Second), func(c *Config) *time.Duration { return &c.AccessTokenTTL }),
		},
		{
			Name: "implicit-token-ttl", Default: "8h", Doc: "life of an access token of the implicit flow",
			read: into(parseDuration(time.Second), func(c *Config) *time.Duration { return &c.ImplicitTokenTTL }),
		},
		{
			Name: "refresh-grace", Default: "60s", Doc: "how long a used refresh token may be used again",
			read: into(parseDuration(0), func(c *Config) *time.Duration { return &c.RefreshGrace }),
		},
		{
			Name: "trusted-proxies", Doc: "networks whose X-Forwarded headers are believed, as in 10.0.0.0/8,::1",
			read: into(parsePrefixes, func(c *Config) *[]netip.Prefix { return &c.TrustedProxies }),
		},
		{
			Name: "request-log-days", Default: "14", Doc: "days for which an account's requests are kept; 0 keeps none",
			read: into(parseCount(0, 3650), func(c *Config) *int { return &c.RequestLogDays }),
		},
		{
			Name: "request-log-rows", Default: "10000", Doc: "requests kept of an account, successes and failures each; 0 keeps none",
			read: into(parseCount(0, 1e8), func(c *Config) *int { return &c.RequestLogRows }),
		},
		{
			Name: "abuse-limits", Default: "on", Doc: "slow down who guesses passwords and codes, on or off",
			read: into(parseSwitch, func(c *Config) *bool { return &c.AbuseLimits }),
		},
		{
			Name: "webhook-allow-private", Default: "false", Idle: true, Switch: true, Doc: "let webhooks go to private addresses",
			read: into(parseBool, func(c *Config) *bool { return &c.WebhookAllowPrivate }),
		},
		{
			Name: "sender-spf", Doc: "what SPF policies of senders' domains must hold so that the relay may send, as in include:spf.relay.example; made from smtp-url where none is given",
			read: into(parseExpected, func(c *Config) *[]delivery.Expected { return &c.SenderSPF }),
		},
		{
			Name: "dns-server", Doc: "name server, host:port, that is asked about senders' domains; the system's where none is given",
			read: into(parseNameServer, func(c *Config) *string { return &c.DNSServer }),
		},
		{
			Name: "bounce-address", Doc: "address that bounces come back to, as in bounces@mail.example.org; each mail gets one of its own made of it",
			read: into(parseBounceAddress, func(c *Config) *email.Address { return &c.BounceAddress }),
		},
		{
			Name: "bounce-listen", Default: "off", Doc: "where mail to bounce-address is taken in: host:port for SMTP, lmtp://host:port, lmtp+unix:/path, or off",
			read: into(orOff(parseIntake), func(c *Config) *Intake { return &c.BounceListen }),
		},
		{
			Name: "log-format", Default: "text", Doc: "form of log lines: text or json",
			read: into(oneOf(LogText, LogJSON), func(c *Config) *LogFormat { return &c.LogFormat }),
		},
	}
}
