// Package public is what the people see that an account writes to: the pages
// behind the links in its mails, and its sign-up forms. They need no script and
// no cookie: the link says who somebody is. Opening a page changes nothing,
// since programs that scan mail open links too; its buttons do. What a contact
// may do is decided in package contact.
package public

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"strings"

	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/form"
	"kith/internal/edge/page"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
)

// maxForm bounds the body of a form, in bytes.
const maxForm = 64 << 10

// Brand is how an account shows itself to its contacts.
type Brand struct {
	// Name is the organization's.
	Name string
	// LogoURL is an address of https; empty for none.
	LogoURL string
	// Colour is six hexadecimal digits; empty for ours.
	Colour string
	// Language is the code of the language that the account writes in; empty
	// where it has not said.
	Language string
	// Status is the account's.
	Status account.Status
}

// Brands says how accounts show themselves.
type Brands interface {
	// Brand returns that of a list, or with 0 that of the account itself. It
	// fails with NotFound where there is no such account.
	Brand(ctx context.Context, account id.Account, list id.List) (Brand, error)
}

// Options is what a Site needs; all of it is required.
type Options struct {
	Contacts *contact.Service
	Forms    *form.Service
	Links    contact.Links
	Brands   Brands
	Pages    *page.Set
	Limiter  *account.Limiter
	Clock    clock.Clock
	// PublicURL is what addresses begin with, without a slash at its end.
	PublicURL string
}

// Site serves the pages. It is an http.Handler for /p, /u and /f.
type Site struct {
	o     Options
	mux   *http.ServeMux
	faces faces
}

// New returns the pages.
func New(o Options) *Site {
	s := &Site{o: o, mux: http.NewServeMux()}
	for pattern, serve := range map[string]handler{
		"GET /u/{link}":                       s.unsubscribePage,
		"POST /u/{link}":                      s.unsubscribe,
		"GET /p/preferences/{link}":           s.preferencesPage,
		"POST /p/preferences/{link}":          s.preferences,
		"GET /p/preferences/{link}/address":   s.changePage,
		"POST /p/preferences/{link}/address":  s.change,
		"GET /p/preferences/{link}/data":      s.dataPage,
		"GET /p/preferences/{link}/data.json": s.dataFile,
		"GET /p/preferences/{link}/erase":     s.erasePage,
		"POST /p/preferences/{link}/erase":    s.erase,
		"GET /p/confirm/{link}":               s.askPage,
		"POST /p/confirm/{link}":              s.answer,
		"GET /p/return/{link}":                s.askPage,
		"POST /p/return/{link}":               s.answer,
		"GET /p/address/{link}":               s.askPage,
		"POST /p/address/{link}":              s.answer,
		"GET /p/colour/{colour}":              s.colour,
		"/":                                   nowhere,
	} {
		s.mux.Handle(pattern, s.handle(serve))
	}
	for pattern, serve := range s.formRoutes() {
		s.mux.Handle(pattern, s.handle(serve))
	}
	return s
}

// ServeHTTP answers a request.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// A slash too many at the end is served, not redirected: mail programs
	// and people add them.
	if p := r.URL.Path; len(p) > 1 && strings.HasSuffix(p, "/") {
		trimmed := *r.URL
		trimmed.Path, trimmed.RawPath = strings.TrimRight(p, "/"), strings.TrimRight(r.URL.RawPath, "/")
		copied := *r
		copied.URL = &trimmed
		r = &copied
	}
	s.mux.ServeHTTP(w, r)
}

// handler answers a visit, or returns why not, having sent nothing.
type handler func(w http.ResponseWriter, r *http.Request, v *visit) error

var errRoute = fault.New(fault.NotFound, fault.CodeRoute, "There is no such page.")

func nowhere(http.ResponseWriter, *http.Request, *visit) error { return errRoute }

// handle makes a handler one of net/http, and shows what it returns.
func (s *Site) handle(serve handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, request.Of(r.Context()).Route, _ = strings.Cut(r.Pattern, " ")
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		v := newVisit(r)
		if r.Method == http.MethodPost {
			if err := parseForm(r); err != nil {
				s.refuse(w, r, v, err)
				return
			}
		}
		if err := serve(w, r, v); err != nil {
			s.refuse(w, r, v, err)
		}
	})
}

// parseForm reads a form in either of its two encodings; what a browser would
// send as files is left out.
func parseForm(r *http.Request) error {
	err := r.ParseForm()
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind == "multipart/form-data" {
		err = r.ParseMultipartForm(maxForm) //nolint:gosec // G120: handle bounds the body
	}
	if r.MultipartForm != nil {
		_ = r.MultipartForm.RemoveAll() // nothing is larger than what is kept in memory
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return fault.New(fault.Invalid, fault.CodeTooLarge, "The form is too large.").Because(err)
	}
	if err != nil {
		return fault.ErrMalformed.Because(err)
	}
	return nil
}

// Refuse answers with an error as a page.
func (s *Site) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	s.refuse(w, r, newVisit(r), err)
}

// refuse answers with an error as a page in the visit's language.
func (s *Site) refuse(w http.ResponseWriter, r *http.Request, v *visit, err error) {
	f := fault.Of(err)
	respond.Failure(w, r, s.o.PublicURL, f)
	t := v.told(f)
	if f.Kind == fault.Unavailable || f.Kind == fault.Internal {
		t.Request = request.Of(r.Context()).ID
	}
	if err := s.show(w, respond.Status(f), "p-told", v, t.Heading, t); err != nil {
		// Not even that: what is left is plain text.
		http.Error(w, t.Lead, http.StatusInternalServerError)
	}
}

// told says what an error is to the visitor.
func (v *visit) told(f *fault.Error) told {
	say := func(heading, lead string) told { return told{Heading: v.Say(heading), Lead: v.Say(lead)} }
	switch {
	case f.Code == string(fault.CodeErased):
		return told{Heading: v.Say("nobody.title"), Lead: v.Say("nobody.lead", "sender", v.Name)}
	case f.Code == string(fault.CodeLink) && f.Kind == fault.Gone:
		return say("fault.ended", "fault.ended.lead")
	case f.Code == string(fault.CodeLink):
		return say("fault.link", "fault.link.lead")
	case f.Code == string(fault.CodeSuspended), f.Code == string(fault.CodeClosed):
		return say("fault.paused", "fault.paused.lead")
	case f.Code == string(fault.CodeFormClosed):
		return say("form.closed", "form.closed.lead")
	case f.Kind == fault.NotFound:
		return say("fault.nowhere", "fault.nowhere.lead")
	case f.Kind == fault.TooMany:
		return say("fault.often", "fault.often.lead")
	case f.Kind == fault.Unavailable:
		return say("fault.later", "fault.later.lead")
	case f.Kind == fault.Internal:
		return say("fault.broken", "fault.broken.lead")
	}
	return say("fault.form", "fault.form.lead")
}

// told is a page that says something and asks nothing.
type told struct {
	Heading, Lead string
	More          []string
	// Request is the request's id, where that helps whoever looks for it in
	// the log.
	Request string
	Link    *link
}

// link leads on.
type link struct{ Address, Text string }

// show answers with a page of ours in the visit's language.
func (s *Site) show(w http.ResponseWriter, status int, name string, v *visit, title string, data any) error {
	return s.o.Pages.Render(w, status, name, page.Page{Title: title, Face: v, Data: data})
}
