package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"kith/internal/base/clock"
	"kith/internal/config"
	"kith/internal/ops"
	"kith/internal/store"
)

// Doctor checks an installation, also while a server runs, and changes
// nothing. strays are variables of the environment that look like settings.
func Doctor(ctx context.Context, c config.Config, strays []string) []ops.Check {
	checks := []ops.Check{checkSettings(strays)}
	if c.DatabaseURL.IsZero() {
		checks = append(checks, ops.CheckFolder(ops.Folder(c.Data)))
	}
	checks = append(checks, checkDatabase(ctx, c)...)
	checks = append(checks, checkKey(c))
	checks = append(append(checks, checkMail(ctx, c)...), checkBounces(c))
	return append(checks, checkTLS(c), checkPublicURL(c))
}

func checkSettings(strays []string) ops.Check {
	if len(strays) > 0 {
		return ops.Check{
			Name: "settings", Message: strings.Join(strays, ", ") + ": no setting has this name",
			Remedy: "kith config check lists all settings; an unknown variable does nothing.",
		}
	}
	return ops.Check{Name: "settings", OK: true, Message: "they are right"}
}

// checkDatabase checks that the database answers, is up to date, and agrees
// about the time.
func checkDatabase(ctx context.Context, c config.Config) []ops.Check {
	data := ops.Folder(c.Data)
	if c.DatabaseURL.IsZero() {
		if _, err := os.Stat(data.Database()); errors.Is(err, fs.ErrNotExist) {
			return []ops.Check{{Name: "database", OK: true, Message: "there is none yet; the first start makes " + data.Database()}}
		}
		if ops.Undecided(data) {
			return []ops.Check{{Name: "database", Message: "a restore was cut short", Remedy: "Start the server: it completes the restore."}}
		}
	}
	s, err := store.Open(ctx, store.Options{DatabaseURL: c.DatabaseURL.Reveal(), Path: data.Database()})
	if err != nil {
		return []ops.Check{ops.CheckSchema(ctx, "database", unopened{err})}
	}
	defer s.Close()
	database := ops.CheckSchema(ctx, "database", s)
	if !database.OK {
		return []ops.Check{database}
	}
	server, newest, err := s.Times(ctx)
	if err != nil {
		return []ops.Check{database, {Name: "clock", Message: err.Error(), Remedy: "Look at the database first."}}
	}
	return []ops.Check{database, ops.CheckClock(clock.System{}.Now(), server, newest), checkDomains(ctx, s)}
}

// maxIll is how many sender domains are told.
const maxIll = 20

// checkDomains tells of sender domains whose records were not found right when
// a server last looked for them.
func checkDomains(ctx context.Context, s *store.Store) ops.Check {
	ill, all, err := s.IllDomains(ctx, maxIll)
	switch {
	case err != nil:
		return ops.Check{Name: "domains", Message: err.Error(), Remedy: "Look at the database first."}
	case all == 0:
		return ops.Check{Name: "domains", OK: true, Message: "no account has a domain of its own to send from: its mail is not signed here"}
	case len(ill) == 0:
		return ops.Check{Name: "domains", OK: true, Message: fmt.Sprintf("%d to send from, and no record was found missing", all)}
	}
	var told []string
	for _, d := range ill {
		told = append(told, d.Name+" lacks "+strings.Join(d.Lacks(), ", "))
	}
	if len(ill) == maxIll {
		told = append(told, "and there may be more")
	}
	return ops.Check{
		Name: "domains", Message: strings.Join(told, "; "),
		Remedy: "Their owners see at /settings which records to publish.",
	}
}

// unopened is a database that could not be opened.
type unopened struct{ err error }

func (u unopened) Version(context.Context) (have, want int64, err error) { return 0, 0, u.err }

func checkKey(c config.Config) ops.Check {
	switch {
	case !c.SecretKey.IsZero():
		return ops.Check{Name: "secret-key", OK: true, Message: "given by the settings; a backup does not hold it"}
	case !c.DatabaseURL.IsZero():
		return ops.Check{Name: "secret-key", OK: true, Message: "kept in the database: whoever reads that can read it; --secret-key keeps it elsewhere"}
	}
	return ops.CheckKeyFile(ops.Folder(c.Data))
}

func checkMail(ctx context.Context, c config.Config) (checks []ops.Check) {
	if c.SMTPURL.IsZero() {
		return []ops.Check{{Name: "mail", OK: true, Message: "no relay is set: mail is kept in the outbox and goes nowhere else"}}
	}
	all, _, err := newRelays(c, c.PublicAt(c.Listen.Port).String())
	if err != nil {
		return []ops.Check{{Name: "mail", Message: err.Error(), Remedy: "Look at --smtp-url."}}
	}
	for _, r := range all {
		checks = append(checks, ops.CheckRelay(ctx, r.Name(), r.Check))
	}
	return checks
}

// checkBounces says whether mail that does not arrive is ever heard of.
func checkBounces(c config.Config) ops.Check {
	check := ops.Check{Name: "bounces", OK: true}
	switch address := c.BounceAddress.String(); {
	case c.SMTPURL.IsZero():
		check.Message = "no mail leaves, so none comes back"
	case address == "":
		check.Message = "bounces by mail go back to whom a mail is from; the relay's own answers and notices of providers are heard (docs/operate/bounces.md)"
	case c.BounceListen.Off():
		check.OK = false
		check.Message = "mail that does not arrive goes back to " + address + ", but this server does not take it in"
		check.Remedy = "Give --bounce-listen, and let mail to the address lead there; or leave --bounce-address out and have the provider tell."
	default:
		check.Message = "mail that does not arrive comes back to " + address + " and is taken in at " + c.BounceListen.String()
	}
	return check
}

func checkTLS(c config.Config) ops.Check {
	public := c.PublicAt(0)
	switch {
	case c.TLSCert != "":
		return ops.CheckCertificate(c.TLSCert, c.TLSKey, public.Hostname(), clock.System{}.Now())
	case len(c.ACMEDomain) > 0:
		return ops.Check{Name: "tls", OK: true, Message: "certificates are fetched for " + strings.Join(c.ACMEDomain, ", ")}
	case public.Scheme == "https" && len(c.TrustedProxies) == 0:
		return ops.Check{
			Name: "tls", Message: "public-url begins with https, but neither this server speaks it nor is a proxy trusted that does",
			Remedy: "Give --tls-cert and --tls-key, --acme-domain, or --trusted-proxies.",
		}
	case public.Scheme == "http" && !c.Listen.Loopback():
		return ops.Check{
			Name: "tls", Message: "passwords and tokens can be read on their way: this server is reached by plain http",
			Remedy: "Give --tls-cert and --tls-key, --acme-domain, or a proxy that speaks https, and --require-https.",
		}
	}
	return ops.Check{Name: "tls", OK: true, Message: "not needed on this machine alone"}
}

func checkPublicURL(c config.Config) ops.Check {
	public := c.PublicAt(c.Listen.Port).String()
	if c.PublicURL.IsZero() && c.Listen.Unspecified() && len(c.ACMEDomain) == 0 {
		return ops.Check{
			Name: "public-url", Message: "links say " + public + ", which nobody else can follow: the server listens on every interface and was not told its name",
			Remedy: "Give --public-url, as in https://kith.example.com.",
		}
	}
	return ops.Check{Name: "public-url", OK: true, Message: "links begin with " + public}
}
