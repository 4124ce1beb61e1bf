package oauth

import (
	"net/netip"
	"net/url"
	"strings"
)

// Limits of redirect URIs.
const (
	MaxRedirectURI  = 2048 // bytes of one
	MaxRedirectURIs = 100  // of one application
	// DefaultRedirectURI is what an application begins with (v3 contract,
	// developer portal).
	DefaultRedirectURI = "https://localhost"
)

// CheckRedirectURI says what is wrong with a redirect URI that is to be
// registered, as the end of a sentence; empty when nothing is.
//
// A URI is https, or http to the machine itself, or a scheme of an installed
// application, which contains a dot (RFC 8252 §7.1). One * may stand for the
// lowest label of an https host.
func CheckRedirectURI(raw string) string {
	switch {
	case raw == "":
		return "is empty"
	case len(raw) > MaxRedirectURI:
		return "is longer than 2048 characters"
	case strings.ContainsFunc(raw, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '\\' || r == '"' || r == '<' || r == '>' }):
		return "holds a character that must be percent-encoded"
	case strings.Contains(raw, "#"):
		return "has a fragment (#)"
	}
	u, err := url.Parse(strings.Replace(raw, "://*.", "://wildcard.", 1))
	if err != nil || u.Scheme == "" {
		return "is not an absolute URI"
	}
	scheme, _, _ := strings.Cut(raw, ":")
	if scheme != u.Scheme {
		return "has a scheme in upper case"
	}
	if u.User != nil {
		return "names a user"
	}
	switch {
	case u.Scheme == "https" || u.Scheme == "http":
		if u.Hostname() == "" || u.Opaque != "" {
			return "names no host"
		}
		if u.Scheme == "http" && !loopback(u.Hostname()) {
			return "is http to another host than localhost"
		}
	case !strings.Contains(u.Scheme, "."):
		return "is neither https nor http://localhost, nor a scheme of an application, which contains a dot (com.example.app:/callback)"
	}
	if !strings.Contains(raw, "*") {
		return ""
	}
	host, ok := wildcardHost(raw)
	switch {
	case !ok || strings.Count(raw, "*") > 1 || u.Scheme != "https":
		return "has a * elsewhere than as the lowest label of an https host (https://*.shop.example)"
	case strings.Count(host, ".") < 1 || isAddress(host):
		return "has a * that would stand for whole domains; two labels must follow it"
	}
	return ""
}

// wildcardHost returns the host behind a leading "*." and whether there is one.
func wildcardHost(uri string) (string, bool) {
	rest, ok := strings.CutPrefix(uri, "https://*.")
	if !ok {
		return "", false
	}
	if i := strings.IndexAny(rest, ":/?"); i >= 0 {
		rest = rest[:i]
	}
	return rest, true
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

// MatchRedirectURI reports whether sent is what registered allows: the same
// text, or, where registered begins with https://*., the same text with one
// host label in place of the *.
func MatchRedirectURI(registered, sent string) bool {
	if registered == sent {
		return !strings.Contains(sent, "*")
	}
	tail, ok := strings.CutPrefix(registered, "https://*")
	if !ok {
		return false
	}
	label, ok := strings.CutPrefix(sent, "https://")
	if !ok {
		return false
	}
	label, ok = strings.CutSuffix(label, tail)
	return ok && hostLabel(label)
}

// hostLabel reports whether s is one label of a host name (RFC 1123 §2.1).
func hostLabel(s string) bool {
	if len(s) == 0 || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}
