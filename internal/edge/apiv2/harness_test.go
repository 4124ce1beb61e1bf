package apiv2_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"kith/internal/base/opt"
	"kith/internal/base/page"
	"kith/internal/base/secret"
	"kith/internal/domain/account"
	"kith/internal/domain/activity"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/domain/message"
	"kith/internal/domain/oauth"
	"kith/internal/edge/apiv2"
	"kith/internal/edge/request"
	"kith/internal/outbound/blob"
	"kith/internal/outbound/sheet"
	"kith/internal/store/storetest"
)

var onePage = page.Request{Limit: 1}

func applicationNamed(name string) oauth.ApplicationChange {
	return oauth.ApplicationChange{Name: opt.Some(name), Flow: opt.Some(oauth.FlowCode)}
}

var update = flag.Bool("update", false, "write the golden exchanges anew")

const publicURL = "http://kith.test"

const (
	get    = http.MethodGet
	post   = http.MethodPost
	put    = http.MethodPut
	remove = http.MethodDelete
)

// site is version 2 over a real store, with one account in it.
type site struct {
	*storetest.World
	contacts *contact.Service
	lists    *list.Service
	oauth    *oauth.Service
	handler  http.Handler

	home  account.Account
	owner account.Actor
	key   string // an access key of the owner's

	exchanges strings.Builder
	names     map[string]string // of what differs in every run
}

// each runs a test on both databases. What they answer is the same.
func each(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	t.Parallel()
	storetest.EachWorld(t, func(t *testing.T, w *storetest.World) { test(t, open(t, w)) })
}

func open(t *testing.T, w *storetest.World) *site {
	t.Helper()
	key, err := secret.Parse("a key for tests, of 32 bytes at least")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{World: w, names: map[string]string{}}
	s.lists, s.contacts = list.New(w.Lists()), contact.New(w.Contacts(), contact.Options{})
	s.oauth = oauth.NewService(oauth.Options{
		Store: w.OAuth(), Clock: w.Clock, Log: slog.New(slog.DiscardHandler), Secret: key, PublicURL: publicURL,
	})
	bulk := activity.New(activity.Options{
		Store: w.Activities(), Files: blob.NewFolder(filepath.Join(t.TempDir(), "uploads")), Sheets: sheet.New(sheet.Options{MaxBytes: 10_000, MaxRows: 1000}),
	})
	mails := message.New(message.Options{
		Store: w.Messages(), Box: key.Box(secret.Mail), From: message.Sender{Name: "Kith", Address: "kith@kith.test"},
	})
	accounts := account.NewService(account.Options{
		Store: w.Accounts(), Clock: w.Clock, Mailer: mails.Mailer(), Founder: s.contacts.Founder(),
		Limiter: account.NewLimiter(w.Accounts(), w.Clock, false), PublicURL: publicURL, Signup: account.SignupOpen,
	})
	api := apiv2.New(apiv2.Options{
		Accounts: accounts,
		Contacts: s.contacts, Lists: s.lists, Activities: bulk, Applications: s.oauth,
		Credentials: request.Credentials{Verifier: s.oauth},
		Cursors:     request.NewCursors(key.Derive(secret.Cursors)),
		PublicURL:   publicURL,
	})
	s.handler = request.Begin(request.Options{
		Refuse: func(w http.ResponseWriter, r *http.Request, err error) { apiv2.Refuse(w, r, publicURL, err) },
		Ended: func(_ *http.Request, e *request.Entry) {
			if e.Cause != nil {
				t.Errorf("%s %s broke: %v", e.Method, e.Route, e.Cause)
			}
		},
	}, api)
	s.home = w.Account(t, "Paper Boats")
	s.owner, _ = w.User(t, s.home, "ines@example.org", account.Owner)
	s.key = s.accessKey(t, s.owner, oauth.ContactData, oauth.CampaignData, oauth.AccountRead, oauth.AccountUpdate)
	return s
}

func (s *site) accessKey(t *testing.T, who account.Actor, scopes ...oauth.Scope) string {
	t.Helper()
	text, _, err := s.oauth.CreateAccessKey(t.Context(), who, oauth.NewAccessKey{Name: "test", Scopes: scopes}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// token is an access token of an application of the owner's.
func (s *site) token(t *testing.T) (string, oauth.Application) {
	t.Helper()
	app, err := s.oauth.CreateApplication(t.Context(), s.owner, applicationNamed("Shop sync"), nil)
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := s.oauth.AllowImplicit(t.Context(), s.owner, oauth.Consent{
		Application: app, Scopes: []oauth.Scope{oauth.ContactData}, RedirectURI: oauth.DefaultRedirectURI, AuthAt: s.Clock.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return tokens.Access, app
}

// answer is what came back.
type answer struct {
	*http.Response
	body []byte
}

// is fails the test unless the answer has a status and, where a key is given,
// that key.
func (a answer) is(t *testing.T, status int, key string) answer {
	t.Helper()
	if a.StatusCode != status || key != "" && !bytes.Contains(a.body, []byte(`"error_key":"`+key+`"`)) {
		t.Errorf("%s %s: %d, want %d %s: %s", a.Request.Method, a.Request.URL, a.StatusCode, status, key, a.body)
	}
	return a
}

// text returns a member of the answer, as in "results[0].id"; empty where it is
// not there.
func (a answer) text(t *testing.T, path string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	for _, step := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		switch at := v.(type) {
		case map[string]any:
			v = at[step]
		case []any:
			if i, err := strconv.Atoi(step); err == nil && i < len(at) {
				v = at[i]
			} else {
				v = nil
			}
		}
	}
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// call makes a call with the owner's key.
func (s *site) call(t *testing.T, method, path, body string) answer {
	t.Helper()
	return s.send(t, method, path, body, map[string]string{"Authorization": "Bearer " + s.key})
}

func (s *site) send(t *testing.T, method, path, body string, header map[string]string) answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	if body == "" {
		r = httptest.NewRequestWithContext(t.Context(), method, path, nil)
	}
	r.Header.Set("Content-Type", "application/json") // as its clients do, also without a body
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	got := answer{w.Result(), w.Body.Bytes()}
	got.Request = r
	s.check(t, got)
	return got
}

// check holds an answer to what holds for all.
func (s *site) check(t *testing.T, a answer) {
	t.Helper()
	where := a.Request.Method + " " + a.Request.URL.String()
	if a.StatusCode < 400 {
		return
	}
	if a.Header.Get("Kith-Error-Code") == "" || a.Header.Get("Link") == "" {
		t.Errorf("%s: %d lacks headers: %v", where, a.StatusCode, a.Header)
	}
	var all []map[string]string
	if err := json.Unmarshal(a.body, &all); err != nil || len(all) == 0 {
		t.Errorf("%s: %d is no array of faults: %s", where, a.StatusCode, a.body)
	}
	for _, f := range all {
		if len(f) != 2 || f["error_key"] == "" || f["error_message"] == "" {
			t.Errorf("%s: %d has another fault than key and message: %v", where, a.StatusCode, f)
		}
	}
}

// show makes a call and writes it down for the golden file.
func (s *site) show(t *testing.T, method, path, body string) answer {
	t.Helper()
	got := s.call(t, method, path, body)
	b := &s.exchanges
	fmt.Fprintf(b, "=== %s %s\n", method, s.stable(path))
	if body != "" {
		fmt.Fprintln(b, s.stable(body))
	}
	fmt.Fprintf(b, "--- %d\n", got.StatusCode)
	if code := got.Header.Get("Kith-Error-Code"); code != "" {
		fmt.Fprintf(b, "Kith-Error-Code: %s\n", code)
	}
	if len(got.body) > 0 {
		var in bytes.Buffer
		if err := json.Indent(&in, got.body, "", "  "); err != nil {
			t.Fatalf("%v: %s", err, got.body)
		}
		fmt.Fprintln(b, s.stable(in.String()))
	}
	b.WriteByte('\n')
	return got
}

var unstable = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|next=[a-z2-7]+`)

// stable puts names in the place of what is random, the same name for the same
// thing.
func (s *site) stable(text string) string {
	return unstable.ReplaceAllStringFunc(text, func(found string) string {
		if s.names[found] == "" {
			s.names[found] = "<" + strconv.Itoa(len(s.names)+1) + ">"
		}
		return s.names[found]
	})
}

// golden compares what was shown with the test's golden file.
func (s *site) golden(t *testing.T, name string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	got := s.exchanges.String()
	if *update && strings.HasSuffix(t.Name(), "/sqlite") {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
		i := 0
		for i < len(g) && i < len(w) && g[i] == w[i] {
			i++
		}
		t.Errorf("%s differs from line %d on:\n%s\nwant\n%s\n(-update writes it anew)", file, i+1,
			strings.Join(g[min(i, len(g)):min(i+8, len(g))], "\n"), strings.Join(w[min(i, len(w)):min(i+8, len(w))], "\n"))
	}
}
