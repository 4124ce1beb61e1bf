package config

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// dots stand for what must not be shown.
const dots = "••••••"

// Secret is text that prints as dots wherever it may end up.
type Secret struct{ text string }

// NewSecret returns a secret.
func NewSecret(text string) Secret { return Secret{text} }

// Reveal returns the text itself.
func (s Secret) Reveal() string { return s.text }

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.text == "" }

// String returns dots, or nothing for no secret.
func (s Secret) String() string {
	if s.text == "" {
		return ""
	}
	return dots
}

// GoString keeps the text out of %#v.
func (s Secret) GoString() string { return strconv.Quote(s.String()) }

// MarshalText keeps the text out of JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue keeps the text out of logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// URL is an address that may carry a password, which prints as dots. The zero
// value is no address.
type URL struct{ secret Secret }

// Reveal returns the address with its password.
func (u URL) Reveal() string { return u.secret.text }

// IsZero reports whether there is no address.
func (u URL) IsZero() bool { return u.secret.IsZero() }

// Parts returns the address, taken apart; nil for none.
func (u URL) Parts() *url.URL {
	if u.IsZero() {
		return nil
	}
	p, err := url.Parse(u.secret.text)
	if err != nil {
		return nil // parseURL has read it before
	}
	return p
}

// String returns the address with its secrets as dots.
func (u URL) String() string {
	p := u.Parts()
	if p == nil {
		return ""
	}
	hidden := ""
	if p.User != nil {
		hidden = url.PathEscape(p.User.Username())
		if _, has := p.User.Password(); has {
			hidden += ":" + dots
		}
		hidden += "@"
	}
	p.User = nil
	var query []string
	for pair := range strings.SplitSeq(p.RawQuery, "&") {
		if name, _, has := strings.Cut(pair, "="); has && strings.Contains(strings.ToLower(name), "password") {
			pair = name + "=" + dots
		}
		query = append(query, pair)
	}
	p.RawQuery = strings.Join(query, "&")
	return strings.Replace(p.String(), "//", "//"+hidden, 1)
}

// GoString keeps the password out of %#v.
func (u URL) GoString() string { return strconv.Quote(u.String()) }

// MarshalText keeps the password out of JSON.
func (u URL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// LogValue keeps the password out of logs.
func (u URL) LogValue() slog.Value { return slog.StringValue(u.String()) }

// parseURL reads an address with one of the schemes and a host. form shows
// how one looks.
func parseURL(form string, schemes ...string) func(string) (URL, error) {
	return func(text string) (URL, error) {
		if text == "" {
			return URL{}, nil
		}
		p, err := url.Parse(text)
		if err != nil || !slices.Contains(schemes, p.Scheme) || p.Opaque != "" {
			// The parser's words may repeat the password, so they are not told.
			return URL{}, fmt.Errorf("is not of the form %s", form)
		}
		return URL{Secret{text}}, nil
	}
}

// parsePublicURL reads what links begin with: a scheme and a host, no more.
func parsePublicURL(text string) (URL, error) {
	u, err := parseURL("https://kith.example.com", "http", "https")(text)
	if err != nil || u.IsZero() {
		return u, err
	}
	p := u.Parts()
	if p.Hostname() == "" || p.User != nil || strings.Trim(p.Path, "/") != "" || p.RawQuery != "" || p.Fragment != "" {
		return URL{}, errors.New("takes a scheme and a host alone, as in https://kith.example.com")
	}
	return URL{Secret{p.Scheme + "://" + strings.ToLower(p.Host)}}, nil
}

// Address is where to listen. The zero value is off.
type Address struct {
	// Host is a name or an IP address; empty means every interface.
	Host string
	// Port is a number up to 65535; 0 lets the system choose.
	Port int
	on   bool
}

// At returns an address.
func At(host string, port int) Address { return Address{host, port, true} }

// Off reports whether nothing is to listen.
func (a Address) Off() bool { return !a.on }

// String returns host:port, or off.
func (a Address) String() string {
	if !a.on {
		return "off"
	}
	return net.JoinHostPort(a.Host, strconv.Itoa(a.Port))
}

// Unspecified reports whether the address stands for every interface.
func (a Address) Unspecified() bool {
	ip, err := netip.ParseAddr(a.Host)
	return a.on && (a.Host == "" || err == nil && ip.IsUnspecified())
}

// Loopback reports whether only this machine reaches the address.
func (a Address) Loopback() bool {
	ip, err := netip.ParseAddr(a.Host)
	return strings.EqualFold(a.Host, "localhost") || err == nil && ip.IsLoopback()
}

func parseAddress(text string) (Address, error) {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		return Address{}, errors.New("is not of the form host:port, as in localhost:8080")
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return Address{}, errors.New("has a port that is not a number from 0 to 65535")
	}
	return At(host, int(n)), nil
}

// orOff lets off stand for the zero value.
func orOff[T any](parse func(string) (T, error)) func(string) (T, error) {
	return func(text string) (T, error) {
		if text == "off" {
			var zero T
			return zero, nil
		}
		return parse(text)
	}
}

// Size is a number of bytes.
type Size int64

var units = []struct {
	name  string
	bytes int64
}{
	{"GiB", 1 << 30},
	{"MiB", 1 << 20},
	{"KiB", 1 << 10},
	{"GB", 1e9},
	{"MB", 1e6},
	{"kB", 1e3},
	{"KB", 1e3},
	{"B", 1},
	{"", 1},
}

// String returns the size in the largest unit that divides it.
func (s Size) String() string {
	for _, u := range units[:3] {
		if s != 0 && int64(s)%u.bytes == 0 {
			return strconv.FormatInt(int64(s)/u.bytes, 10) + u.name
		}
	}
	return strconv.FormatInt(int64(s), 10) + "B"
}

func parseSize(text string) (Size, error) {
	for _, u := range units {
		number, ok := strings.CutSuffix(text, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
		if err != nil || n < 1 || n > math.MaxInt64/u.bytes {
			break
		}
		return Size(n * u.bytes), nil
	}
	return 0, errors.New("is not a size, as in 512MiB")
}

func parseDuration(least time.Duration) func(string) (time.Duration, error) {
	return func(text string) (time.Duration, error) {
		d, err := time.ParseDuration(text)
		if err != nil {
			return 0, errors.New("is not a duration, as in 24h, 90m or 60s")
		}
		if d < least {
			return 0, fmt.Errorf("is less than %s", least)
		}
		return d, nil
	}
}

func parseCount(least, most int) func(string) (int, error) {
	return func(text string) (int, error) {
		n, err := strconv.Atoi(text)
		if err != nil || n < least || n > most {
			return 0, fmt.Errorf("is not a whole number from %d to %d", least, most)
		}
		return n, nil
	}
}

func parseBool(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "true", "on", "yes", "1":
		return true, nil
	case "false", "off", "no", "0":
		return false, nil
	}
	return false, errors.New("is neither true nor false")
}

func parseSwitch(text string) (bool, error) {
	b, err := parseBool(text)
	if err != nil {
		err = errors.New("is neither on nor off")
	}
	return b, err
}

func oneOf[T ~string](allowed ...T) func(string) (T, error) {
	return func(text string) (T, error) {
		if v := T(text); slices.Contains(allowed, v) {
			return v, nil
		}
		var names []string
		for _, a := range allowed {
			names = append(names, string(a))
		}
		last := len(names) - 1
		return "", fmt.Errorf("is not %s or %s", strings.Join(names[:last], ", "), names[last])
	}
}

func parseText(text string) (string, error) { return text, nil }

func parseFolder(text string) (string, error) {
	if text == "" {
		return "", errors.New("names no folder")
	}
	return text, nil
}

// split cuts a list at commas and drops what is empty.
func split(text string) []string {
	var items []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

func parsePrefixes(text string) ([]netip.Prefix, error) {
	var list []netip.Prefix
	for _, item := range split(text) {
		if addr, err := netip.ParseAddr(item); err == nil {
			list = append(list, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(item)
		if err != nil {
			return nil, fmt.Errorf("holds %q, which is not a network, as in 10.0.0.0/8", item)
		}
		list = append(list, p.Masked())
	}
	return list, nil
}

func parseDomains(text string) ([]string, error) {
	list := split(text)
	for i, name := range list {
		if !strings.Contains(name, ".") || strings.ContainsAny(name, "/:* \t") {
			return nil, fmt.Errorf("holds %q, which is not a host name, as in kith.example.com", name)
		}
		list[i] = strings.ToLower(name)
	}
	return list, nil
}

func parseKey(text string) (Secret, error) {
	if text != "" && len(text) < minKey {
		return Secret{}, fmt.Errorf("has fewer than %d characters; openssl rand -base64 32 makes one", minKey)
	}
	return Secret{text}, nil
}

// minKey is the fewest characters of a secret key that an operator gives: as
// many as 192 random bits take in base64.
const minKey = 32
