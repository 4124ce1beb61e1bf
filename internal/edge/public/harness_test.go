package public_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/form"
	"kith/internal/domain/list"
	"kith/internal/edge/page"
	"kith/internal/edge/public"
	"kith/internal/edge/request"
	"kith/internal/store/storetest"
	"kith/web"
)

const publicURL = "http://kith.test"

// site is the pages over a real store, with one account, two lists and ada on
// both of them.
type site struct {
	*storetest.World
	t        testing.TB
	contacts *contact.Service
	links    contact.Links
	forms    *form.Service
	letters  *letters
	pages    *public.Site // without what stands around every request
	handler  http.Handler
	account  account.Account
	who      account.Actor
	ada      contact.Contact
	gold     list.List
	silver   list.List
	face     public.Brand
}

// Brand makes the site its own source of brands.
func (s *site) Brand(_ context.Context, number id.Account, _ id.List) (public.Brand, error) {
	if number != s.account.ID {
		return public.Brand{}, errNoAccount
	}
	return s.face, nil
}

func each(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	t.Parallel()
	storetest.EachWorld(t, func(t *testing.T, w *storetest.World) { test(t, open(t, w, false)) })
}

func open(t testing.TB, w *storetest.World, limits bool) *site {
	t.Helper()
	s := &site{World: w, t: t, letters: &letters{}, links: contact.NewLinks([]byte("a key"))}
	s.contacts = contact.New(w.Contacts(), contact.Options{Post: s.letters})
	s.forms = form.New(form.Options{Store: w.Forms(), Contacts: s.contacts, Key: []byte("a key")})
	s.account = w.Account(t, "Paper Boats & Sons")
	s.face = public.Brand{Name: s.account.Name(), Status: account.Active}
	s.who, _ = w.User(t, s.account, "ines@example.org", account.Owner)
	s.gold, s.silver = s.list("Gold"), s.list("Silver")
	var err error
	s.ada, err = s.contacts.Create(t.Context(), s.who, contact.Change{
		Source: opt.Some(contact.SourceAccount), FirstName: opt.Some("Ada"),
		Email: opt.Some(contact.EmailInput{Address: "ada@example.org", Permission: opt.Some(contact.Explicit)}),
		Lists: opt.Some([]id.Ref[id.List]{s.gold.Ref(), s.silver.Ref()}),
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	set, err := page.Load(web.Public())
	if err != nil {
		t.Fatal(err)
	}
	s.pages = public.New(public.Options{
		Contacts: s.contacts, Forms: s.forms, Links: s.links, Brands: s, Pages: set, Clock: w.Clock, PublicURL: publicURL,
		Limiter: account.NewLimiter(w.Accounts(), w.Clock, limits),
	})
	s.handler = request.Begin(request.Options{
		Refuse: s.pages.Refuse,
		Ended: func(_ *http.Request, e *request.Entry) {
			if e.Cause != nil {
				t.Errorf("%s %s broke: %v", e.Method, e.Route, e.Cause)
			}
		},
	}, s.pages)
	return s
}

func (s *site) list(name string) list.List {
	s.t.Helper()
	l, err := list.New(s.Lists()).Create(s.t.Context(), s.who, list.Input{Name: name}, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return l
}

// link returns ada's link to something.
func (s *site) link(p contact.Purpose) string {
	return s.links.Text(contact.Link{Purpose: p, Account: s.account.ID, Contact: s.ada.ID})
}

// is reads ada as she is now.
func (s *site) is() contact.Contact {
	s.t.Helper()
	c, err := s.contacts.Get(s.t.Context(), s.who, s.ada.Ref(), contact.IncludeAll)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// answer is what came back.
type answer struct {
	*httptest.ResponseRecorder
	t    testing.TB
	what string
}

func (s *site) do(method, path, kind string, body []byte) answer {
	s.t.Helper()
	r := httptest.NewRequestWithContext(s.t.Context(), method, path, bytes.NewReader(body))
	r.RemoteAddr = "192.0.2.7:1234"
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return answer{w, s.t, method + " " + path}
}

func (s *site) get(path string) answer { s.t.Helper(); return s.do("GET", path, "", nil) }

func (s *site) post(path string, pairs ...string) answer {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return s.do("POST", path, "application/x-www-form-urlencoded", []byte(form.Encode()))
}

// multi is a form in its other encoding.
func multi(t *testing.T, pairs ...string) (kind string, body []byte) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := w.WriteField(pairs[i], pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.Bytes()
}

// shows fails the test unless the answer has a status and holds the texts.
func (a answer) shows(status int, texts ...string) {
	a.t.Helper()
	if a.Code != status {
		a.t.Errorf("%s: %d, want %d", a.what, a.Code, status)
	}
	for _, text := range texts {
		if !strings.Contains(a.Body.String(), text) {
			a.t.Errorf("%s lacks %q in\n%s", a.what, text, a.Body)
		}
	}
}

// leads returns where the answer leads on to, and fails the test unless that
// begins with a text.
func (a answer) leads(to string) string {
	a.t.Helper()
	at := a.Header().Get("Location")
	if a.Code != http.StatusSeeOther || !strings.HasPrefix(at, to) {
		a.t.Errorf("%s: %d to %q, want 303 to %q", a.what, a.Code, at, to)
	}
	return at
}

// value returns the value of a hidden field of the page.
func (a answer) value(name string) string {
	a.t.Helper()
	found := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(a.Body.String())
	if found == nil {
		a.t.Fatalf("%s has no field %s", a.what, name)
	}
	return found[1]
}
