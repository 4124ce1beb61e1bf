package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"strings"

	"kith/internal/domain/delivery"
)

// Relay is a mail relay and how it is used.
type Relay struct {
	// URL is the address alone, without what was said of its use.
	URL URL
	// Connections is how many mails it is handed at a time; zero for as many
	// as is usual.
	Connections int
	Limits      delivery.Limits
}

// Relays are the mail relays, which share what there is to send. They print
// without their passwords.
type Relays struct {
	All  []Relay
	text URL // as it was given, for show
	rest []URL
}

// IsZero reports whether there is no relay.
func (r Relays) IsZero() bool { return len(r.All) == 0 }

// Parts returns the addresses, taken apart.
func (r Relays) Parts() (all []*url.URL) {
	for _, one := range r.All {
		all = append(all, one.URL.Parts())
	}
	return all
}

// String returns the relays as they were given, with their secrets as dots.
func (r Relays) String() string {
	if r.IsZero() {
		return ""
	}
	all := []string{r.text.String()}
	for _, u := range r.rest {
		all = append(all, u.String())
	}
	return strings.Join(all, ",")
}

// GoString keeps passwords out of %#v.
func (r Relays) GoString() string { return strconv.Quote(r.String()) }

// MarshalText keeps passwords out of JSON.
func (r Relays) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// LogValue keeps passwords out of logs.
func (r Relays) LogValue() slog.Value { return slog.StringValue(r.String()) }

// relayForm shows how a relay is written.
const relayForm = "smtp://user:password@mail.example.com:587"

// mostRelays and mostConnections keep a slip of the hand from opening the
// connections of a whole town.
const (
	mostRelays      = 20
	mostConnections = 1000
)

// parseRelays reads one relay or several, with commas between. A comma in a
// password is no end of one where no address begins behind it.
func parseRelays(text string) (r Relays, err error) {
	text = strings.TrimSpace(text)
	for text != "" {
		one := text
		text = ""
		for i := range one {
			rest := strings.TrimSpace(one[i:])
			if after, comma := strings.CutPrefix(rest, ","); comma {
				if after = strings.TrimSpace(after); strings.HasPrefix(after, "smtp://") || strings.HasPrefix(after, "smtps://") {
					one, text = strings.TrimSpace(one[:i]), after
					break
				}
			}
		}
		relay, given, err := parseRelay(one)
		if err != nil {
			return Relays{}, err
		}
		for _, before := range r.All {
			if before.URL.Parts().Host == relay.URL.Parts().Host {
				return Relays{}, fmt.Errorf("names %s twice", relay.URL.Parts().Host)
			}
		}
		if r.All = append(r.All, relay); len(r.All) == 1 {
			r.text = given
		} else {
			r.rest = append(r.rest, given)
		}
	}
	if len(r.All) > mostRelays {
		return Relays{}, fmt.Errorf("names more than %d relays", mostRelays)
	}
	return r, nil
}

// parseRelay reads smtp(s)://user:pass@host:port?connections=20&per-second=…
func parseRelay(text string) (r Relay, given URL, err error) {
	given, err = parseURL(relayForm, "smtp", "smtps")(text)
	if err != nil {
		return r, given, err
	}
	p := given.Parts()
	if p.Hostname() == "" {
		return r, given, errors.New("names no host, as in " + relayForm)
	}
	if strings.Trim(p.Path, "/") != "" || p.Fragment != "" {
		return r, given, errors.New("takes nothing after the port but limits, as in ?connections=50&per-hour=20000")
	}
	query, err := url.ParseQuery(p.RawQuery)
	if err != nil {
		return r, given, errors.New("has limits that cannot be read, as in ?connections=50&per-hour=20000")
	}
	places := map[string]*int{
		"connections": &r.Connections, "per-second": &r.Limits.PerSecond, "per-hour": &r.Limits.PerHour,
		"domain-per-minute": &r.Limits.DomainPerMinute,
	}
	for name, values := range query {
		to, known := places[name]
		if !known {
			return r, given, fmt.Errorf("has an unknown limit %q; there are connections, per-second, per-hour and domain-per-minute", name)
		}
		most := 1_000_000_000
		if name == "connections" {
			most = mostConnections
		}
		n, err := strconv.Atoi(values[0])
		if err != nil || n < 1 || n > most || len(values) > 1 {
			return r, given, fmt.Errorf("%s is not a number from 1 to %d", name, most)
		}
		*to = n
	}
	p.RawQuery = ""
	r.URL = URL{Secret{p.String()}}
	return r, given, nil
}
