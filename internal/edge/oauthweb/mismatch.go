package oauthweb

import (
	"net/http"
	"net/url"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/edge/page"
	"kith/internal/edge/respond"
)

// unanswerable shows why a request cannot be answered at its redirect URI. The
// owner of the application, signed in, sees what does not match; everybody
// else only that it does not.
func (web *Web) unanswerable(w http.ResponseWriter, r *http.Request, a authorization, err error) error {
	f := fault.Of(err)
	if f.Code != string(fault.CodeRedirectMismatch) {
		return err
	}
	v, currentErr := web.current(r)
	if currentErr != nil {
		return currentErr
	}
	respond.Failure(w, r, web.o.PublicURL, f)
	m := mismatch{Name: a.application.Name}
	if v == nil {
		m.Login = web.o.Sessions.LoginURL(r.URL.RequestURI())
	} else if v.User.ID == a.application.User && !a.application.Builtin {
		m.Owner = true
		m.Sent = a.redirectURI
		m.Edit = "/applications/" + a.application.UID.String()
		m.Nearest = compareAll(a.redirectURI, a.application.RedirectURIs)
		if len(m.Nearest) > mostCompared {
			m.Nearest, m.Others = m.Nearest[:mostCompared], m.Nearest[mostCompared:]
		}
	}
	p := page.Page{Title: "Redirect URI mismatch", Wide: m.Owner, Data: m}
	if v != nil {
		p.Who = v.User.Email.String()
	}
	return web.o.Pages.Render(w, http.StatusBadRequest, "mismatch", p)
}

// mismatch is what the page shows. All below Login is for the owner.
type mismatch struct {
	Name  string
	Login string
	Owner bool
	Sent  string
	Edit  string
	// Nearest are the application's URIs, the most alike first; Others are
	// those that follow.
	Nearest, Others []comparison
}

// mostCompared is how many registered URIs are laid beside the one sent.
const mostCompared = 3

// comparison is a registered URI beside the one sent, each cut where they
// begin and cease to differ.
type comparison struct {
	Registered string
	Head, Tail string
	// Here and Sent are what stands between: in the registered one, in the
	// one that was sent.
	Here, Sent string
	// Hint says in words what differs.
	Hint string
}

func (c comparison) alike() int { return len(c.Head) + len(c.Tail) }

func compareAll(sent string, registered []string) []comparison {
	var all []comparison
	for _, reg := range registered {
		c := compare(sent, reg)
		at := len(all)
		for at > 0 && all[at-1].alike() < c.alike() {
			at--
		}
		all = append(all[:at], append([]comparison{c}, all[at:]...)...)
	}
	return all
}

// compare cuts two URIs where they differ.
func compare(sent, registered string) comparison {
	c := comparison{Registered: registered}
	short := min(len(sent), len(registered))
	head := 0
	for head < short && sent[head] == registered[head] {
		head++
	}
	tail := 0
	for tail < short-head && sent[len(sent)-1-tail] == registered[len(registered)-1-tail] {
		tail++
	}
	c.Head, c.Tail = sent[:head], sent[len(sent)-tail:]
	c.Here, c.Sent = registered[head:len(registered)-tail], sent[head:len(sent)-tail]
	c.Hint = hint(sent, registered)
	return c
}

// hint says in words how two URIs differ, the commonest slips first.
func hint(sent, registered string) string {
	switch {
	case sent+"/" == registered:
		return "The slash at the end is missing in what was sent."
	case sent == registered+"/":
		return "What was sent has a slash at its end, the registered one has none."
	case strings.Contains(registered, "*"):
		return "The * stands for one label of a host name; all else must be the same."
	case strings.EqualFold(sent, registered):
		return "They differ in upper and lower case."
	}
	s, err1 := url.Parse(sent)
	r, err2 := url.Parse(registered)
	if err1 != nil || err2 != nil {
		return ""
	}
	var differ []string
	for _, part := range []struct{ name, a, b string }{
		{"scheme", s.Scheme, r.Scheme},
		{"host", s.Hostname(), r.Hostname()},
		{"port", s.Port(), r.Port()},
		{"path", s.EscapedPath(), r.EscapedPath()},
		{"query", s.RawQuery, r.RawQuery},
		{"fragment", s.Fragment, r.Fragment},
	} {
		if part.a != part.b {
			differ = append(differ, part.name)
		}
	}
	switch len(differ) {
	case 0:
		return "They mean the same but are written differently; the text must be the same."
	case 1:
		return "They differ in the " + differ[0] + "."
	}
	return "They differ in " + strings.Join(differ[:len(differ)-1], ", ") + " and " + differ[len(differ)-1] + "."
}
