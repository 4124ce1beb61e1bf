// Package webapp is how people come in: sign-up, log-in, sessions, links from
// mails, and the built web app for those who are in. The pages work without
// script. What the web app does once it runs, it does through the APIs.
package webapp

import (
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/domain/account"
	"kith/internal/edge/page"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
	"kith/internal/edge/topic"
)

// maxForm bounds the body of a form, in bytes.
const maxForm = 64 << 10

var errRoute = fault.New(fault.NotFound, fault.CodeRoute, "There is no such page.")

// Options is what an App needs; all of it is required.
type Options struct {
	Accounts *account.Service
	Sessions *Sessions
	Pages    *page.Set
	// UI is the built web app: index.html, assets/ and so on.
	UI fs.FS
	// Topics explain codes.
	Topics    topic.Topics
	PublicURL string
	// Mail says that mail leaves the server; otherwise it stays in the outbox.
	Mail bool
}

// App serves the pages. It is an http.Handler for everything that no API
// answers.
type App struct {
	o     Options
	mux   *http.ServeMux
	cross *http.CrossOriginProtection
}

// New returns the pages.
func New(o Options) (*App, error) {
	a := &App{o: o, mux: http.NewServeMux(), cross: http.NewCrossOriginProtection()}
	if u, err := url.Parse(o.PublicURL); err == nil && u.Host != "" {
		if err := a.cross.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			return nil, err
		}
	}
	a.routes()
	return a, nil
}

// handler answers a request, or returns why not, having sent nothing.
type handler func(http.ResponseWriter, *http.Request) error

// appPaths are the addresses at which the web app shows a page (and below
// which, things of that page).
var appPaths = []string{
	"/contacts", "/lists", "/tags", "/fields", "/segments", "/imports", "/activities", "/forms", "/campaigns",
	"/reports", "/applications", "/access-keys", "/users", "/requests", "/webhooks", "/outbox", "/settings",
}

func nowhere(http.ResponseWriter, *http.Request) error { return errRoute }

func (a *App) routes() {
	for pattern, serve := range map[string]handler{
		"GET /signup":        a.signUpPage,
		"POST /signup":       a.signUp,
		"GET /login":         a.logInPage,
		"POST /login":        a.logIn,
		"GET /logout":        a.logOutPage,
		"POST /logout":       a.logOut,
		"POST /switch":       a.switchAccount,
		"GET /reset":         a.resetPage,
		"POST /reset":        a.reset,
		"GET /invite":        a.invitePage,
		"POST /invite":       a.invite,
		"GET /confirm":       a.confirmPage,
		"POST /confirm":      a.confirm,
		"GET /sender":        a.senderPage,
		"POST /sender":       a.sender,
		"GET /welcome":       a.welcome,
		"GET /errors":        a.allTopics,
		"GET /errors/{code}": a.topic,
		"GET /{$}":           a.app,
		"GET /assets":        nowhere,
		"/":                  nowhere,
	} {
		a.mux.Handle(pattern, a.handle(serve))
	}
	for _, path := range appPaths {
		a.mux.Handle("GET "+path, a.handle(a.app))
		a.mux.Handle("GET "+path+"/{rest...}", a.handle(a.app))
	}
	a.mux.Handle("GET /assets/{file...}", a.handle(a.asset))
	a.mux.Handle("GET /reference", a.handle(a.reference))
	a.mux.Handle("GET /reference/oauth2-redirect.html", a.handle(a.reference))
	a.mux.HandleFunc("GET "+page.StaticPath+"{file}", a.o.Pages.Static)
	a.mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, page.StaticPath+"icon.svg", http.StatusMovedPermanently)
	})
}

// ServeHTTP answers a request. What another site's page sends and would change
// something is refused.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := a.cross.Check(r); err != nil {
		a.Refuse(w, r, ErrCrossOrigin.Because(err))
		return
	}
	// A slash too many at the end is served, not redirected.
	if p := r.URL.Path; len(p) > 1 && strings.HasSuffix(p, "/") {
		trimmed := *r.URL
		trimmed.Path, trimmed.RawPath = strings.TrimRight(p, "/"), strings.TrimRight(r.URL.RawPath, "/")
		if trimmed.Path == "" {
			trimmed.Path = "/"
		}
		copied := *r
		copied.URL = &trimmed
		r = &copied
	}
	a.mux.ServeHTTP(w, r)
}

// handle makes a handler one of net/http, and shows what it returns.
func (a *App) handle(serve handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, request.Of(r.Context()).Route, _ = strings.Cut(r.Pattern, " ")
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		if r.Method == http.MethodPost {
			if err := r.ParseForm(); err != nil {
				a.Refuse(w, r, unreadable(err))
				return
			}
		}
		if err := serve(w, r); err != nil {
			a.Refuse(w, r, err)
		}
	})
}

func unreadable(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return fault.New(fault.Invalid, fault.CodeTooLarge, "The form is too large.").Because(err)
	}
	return fault.ErrMalformed.Because(err)
}

// Refuse answers with an error as a page.
func (a *App) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.Of(err)
	respond.Failure(w, r, a.o.PublicURL, f)
	t := a.o.Topics[f.Code]
	heading := ""
	switch f.Kind {
	case fault.NotFound:
		heading = "Not found"
	case fault.Internal:
		heading = "Something broke"
	case fault.Unavailable:
		heading = "Not now"
	case fault.TooMany:
		heading = "Too many tries"
	case fault.Gone:
		heading = "This link does not work any more"
	default:
		heading = "This cannot be done"
	}
	p := page.Page{Title: heading, Data: map[string]any{
		"Heading": heading, "Says": f.Message, "Do": remedy(t), "Code": f.Code, "Request": requestIn(r, f),
	}}
	if err := a.o.Pages.Render(w, respond.Status(f), "error", p); err != nil {
		// Not even that: what is left is plain text.
		http.Error(w, f.Message, http.StatusInternalServerError)
	}
}

// requestIn is the request's id where it helps whoever looks into the log.
func requestIn(r *http.Request, f *fault.Error) string {
	if f.Kind != fault.Internal && f.Kind != fault.Unavailable {
		return ""
	}
	return request.Of(r.Context()).ID
}

// show answers with a page, telling at its top who is signed in.
func (a *App) show(w http.ResponseWriter, status int, name string, p page.Page) error {
	return a.o.Pages.Render(w, status, name, p)
}

// by is who asks on a page that needs nobody to be signed in.
func by(r *http.Request, operation string) account.Actor {
	actor := account.Actor{Operation: operation}
	came(&actor, r)
	return actor
}

// fail shows a form again with what is wrong: with the headers and the status
// of the fault. What is no fault of the form is shown as a page of its own.
func (a *App) fail(w http.ResponseWriter, r *http.Request, name string, p page.Page, form *page.Form, err error) error {
	f := fault.Of(err)
	switch f.Kind {
	case fault.Invalid, fault.Conflict, fault.Unauthenticated, fault.TooMany:
	case fault.Forbidden:
		if len(f.Problems) == 0 {
			return err
		}
	default:
		return err
	}
	respond.Failure(w, r, a.o.PublicURL, f)
	form.Keep(r)
	form.Fail(f)
	p.Title = "Error: " + p.Title
	return a.show(w, respond.Status(f), name, p)
}
