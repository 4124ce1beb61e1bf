package webapp_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"kith/docs"
	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/edge/page"
	"kith/internal/edge/request"
	"kith/internal/edge/topic"
	"kith/internal/edge/webapp"
	"kith/internal/store"
	"kith/web"
)

// site is the pages over a real store, as a server.
type site struct {
	*httptest.Server
	accounts *account.Service
	sessions *webapp.Sessions
	clock    *clock.Settable
	mail     *mailbox
}

type mailbox struct {
	mu   sync.Mutex
	sent []account.Mail
}

func (m *mailbox) Queue(_ context.Context, _ account.Tx, mail account.Mail) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent = append(m.sent, mail)
	return nil
}

var linkPattern = regexp.MustCompile(`http://kith\.test(/[a-z]+\?token=[A-Z2-7]+)`)

// link returns the path of the link in the last mail of a kind.
func (m *mailbox) link(t *testing.T, kind account.LinkKind) string {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, mail := range slices.Backward(m.sent) {
		if found := linkPattern.FindStringSubmatch(mail.Link); mail.Kind == kind && found != nil {
			return found[1]
		}
	}
	t.Fatalf("no mail of kind %s", kind)
	return ""
}

type founder struct{}

func (founder) Prepare(context.Context, id.Account) (account.Found, error) {
	return func(context.Context, account.Tx, account.Account, account.User, account.Actor) error { return nil }, nil
}

// built is a web app as the build leaves it.
var built = fstest.MapFS{
	"index.html":                     {Data: []byte("<!doctype html><title>the app</title>")},
	"reference.html":                 {Data: []byte("<!doctype html><title>the reference</title>")},
	"reference/oauth2-redirect.html": {Data: []byte("<!doctype html><title>the way back</title>")},
	"assets/index-abc123.js":         {Data: []byte("let x")},
}

type options struct {
	signup  account.Policy
	code    string
	limits  bool
	public  string
	noMail  bool
	notHere bool // the web app was not built
}

func open(t *testing.T, o options) *site {
	t.Helper()
	t.Parallel()
	c := clock.NewSettable(time.Date(2026, 3, 1, 17, 5, 9, 0, time.UTC))
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "kith.db"), Clock: c})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, _, err := s.Migrate(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if o.signup == "" {
		o.signup = account.SignupOpen
	}
	if o.public == "" {
		o.public = "http://kith.test"
	}
	at := &site{clock: c, mail: &mailbox{}}
	at.accounts = account.NewService(account.Options{
		Store: s.Accounts(), Clock: c, Mailer: at.mail, Founder: founder{}, Limiter: account.NewLimiter(s.Accounts(), c, o.limits),
		PublicURL: "http://kith.test", Signup: o.signup, SetupCode: o.code,
	})
	at.sessions = webapp.NewSessions(at.accounts, s.Sessions(), o.public, c)
	pages, err := page.Load(web.Public())
	if err != nil {
		t.Fatal(err)
	}
	ui := built
	if o.notHere {
		ui = fstest.MapFS{"placeholder.html": {Data: []byte("not built")}}
	}
	topics, err := topic.Parse(docs.Errors)
	if err != nil {
		t.Fatal(err)
	}
	app, err := webapp.New(webapp.Options{
		Accounts: at.accounts, Sessions: at.sessions, Pages: pages, UI: ui, Topics: topics, PublicURL: o.public, Mail: !o.noMail,
	})
	if err != nil {
		t.Fatal(err)
	}
	// Beside the pages stands an API, as apps do it: it takes a session.
	mux := http.NewServeMux()
	mux.Handle("/", app)
	mux.HandleFunc("/v3/me", func(w http.ResponseWriter, r *http.Request) {
		actor, err := at.sessions.Actor(r)
		if err != nil {
			app.Refuse(w, r, err)
			return
		}
		_, _ = io.WriteString(w, string(actor.Role)+" "+string(actor.Via)+" "+actor.Address)
	})
	at.Server = httptest.NewServer(request.Begin(request.Options{Refuse: app.Refuse, Ended: func(*http.Request, *request.Entry) {}}, mux))
	t.Cleanup(at.Close)
	return at
}

// browser keeps cookies, and stays where it is told to go.
type browser struct {
	t    *testing.T
	at   *site
	http *http.Client
}

func (s *site) browser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, s, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// answer is what came back.
type answer struct {
	*http.Response
	body string
}

func (b *browser) do(r *http.Request) answer {
	b.t.Helper()
	w, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{w, string(body)}
}

func (b *browser) request(method, path string, form url.Values) *http.Request {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.at.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", b.at.URL)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	return r
}

func (b *browser) get(path string) answer { b.t.Helper(); return b.do(b.request("GET", path, nil)) }

func (b *browser) post(path string, pairs ...string) answer {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.do(b.request("POST", path, form))
}

// leads fails the test unless the answer leads on to a place.
func (b *browser) leads(a answer, to string) {
	b.t.Helper()
	if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != to {
		b.t.Errorf("%s %s: %d to %q, want 303 to %q", a.Request.Method, a.Request.URL.Path, a.StatusCode, a.Header.Get("Location"), to)
	}
}

// shows fails the test unless the answer has a status and holds the texts.
func (b *browser) shows(a answer, status int, texts ...string) {
	b.t.Helper()
	if a.StatusCode != status {
		b.t.Errorf("%s %s: %d, want %d", a.Request.Method, a.Request.URL.Path, a.StatusCode, status)
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			b.t.Errorf("%s %s lacks %q", a.Request.Method, a.Request.URL.Path, text)
		}
	}
}

const password = "correct horse"

// signUp signs somebody up in this browser.
func (b *browser) signUp(email string) {
	b.t.Helper()
	b.leads(b.post("/signup", "email", email, "password", password, "first_name", "Ines", "last_name", "Roy",
		"organization_name", "Roy & Co", "phone_number", "+49 30 123"), "/welcome")
}

func (b *browser) logIn(email string) {
	b.t.Helper()
	b.leads(b.post("/login", "email", email, "password", password), "/")
}

// me is what the API says of who is signed in.
func (b *browser) me() answer { b.t.Helper(); return b.get("/v3/me") }

func (b *browser) home() *url.URL {
	u, err := url.Parse(b.at.URL)
	if err != nil {
		b.t.Fatal(err)
	}
	return u
}

// cookie is the session's token that the browser holds; empty for none.
func (b *browser) cookie() string {
	for _, c := range b.http.Jar.Cookies(b.home()) {
		if c.Name == webapp.CookieName {
			return c.Value
		}
	}
	return ""
}

func (b *browser) setCookie(value string) {
	b.http.Jar.SetCookies(b.home(), []*http.Cookie{{Name: webapp.CookieName, Value: value, Path: "/"}})
}

// actor is who is signed in.
func (b *browser) actor() account.Actor {
	b.t.Helper()
	r := b.request("GET", "/", nil)
	r.AddCookie(&http.Cookie{Name: webapp.CookieName, Value: b.cookie()})
	actor, err := b.at.sessions.Actor(r)
	if err != nil {
		b.t.Fatal(err)
	}
	return actor
}

func newRecorder() *httptest.ResponseRecorder { return httptest.NewRecorder() }

// webappHash is the form in which the session library keeps a token.
func webappHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
