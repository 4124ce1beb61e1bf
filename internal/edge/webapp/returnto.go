package webapp

import (
	"net/url"
	"strings"
	"unicode"
)

// maxReturnTo bounds the address to return to, in bytes; an authorisation
// request with a long state must fit.
const maxReturnTo = 8 << 10

// ReturnTo returns where to go after signing in: s when it is a path on this
// server, else "/". What browsers would take for another site is refused:
// two slashes or a backslash at the beginning, and characters that they leave
// out before they look.
func ReturnTo(s string) string {
	if len(s) > maxReturnTo || !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") ||
		strings.ContainsRune(s, '\\') || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
		return "/"
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") {
		return "/"
	}
	return s
}

// LoginURL returns the page to sign in at, which leads on to returnTo.
func LoginURL(returnTo string) string { return entry("/login", returnTo) }

// LoginURL is the function LoginURL, for those who know sessions only by an
// interface.
func (*Sessions) LoginURL(returnTo string) string { return LoginURL(returnTo) }

// entry is the address of a page that leads on to returnTo.
func entry(path, returnTo string) string {
	if returnTo = ReturnTo(returnTo); returnTo != "/" {
		return path + "?return_to=" + url.QueryEscape(returnTo)
	}
	return path
}

// leaves reports whether going on to returnTo may end on another site: an
// authorisation that was allowed before answers with a redirect to the
// application at once.
func leaves(returnTo string) bool { return strings.HasPrefix(returnTo, "/oauth2/") }
