package apiv3_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/base/opt"
	"kith/internal/base/secret"
	"kith/internal/base/task"
	"kith/internal/domain/account"
	"kith/internal/domain/activity"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/domain/oauth"
	"kith/internal/domain/segment"
	"kith/internal/edge/apiv3"
	"kith/internal/edge/request"
	"kith/internal/outbound/blob"
	"kith/internal/outbound/sheet"
	"kith/internal/store/storetest"
	"kith/test/contract"
)

var update = flag.Bool("update", false, "write what is stored beside the tests anew")

const publicURL = "http://localhost:8080"

// world is a server with one account, over a real store.
type world struct {
	*storetest.World
	t        *testing.T
	oauth    *oauth.Service
	accounts *account.Service
	mail     mailbox
	contacts *contact.Service
	lists    *list.Service
	bulk     *activity.Service
	files    string // the folder of uploads
	home     account.Account
	ann      account.Actor // the owner
	app      oauth.Application
	browser  *account.Actor // who is signed in, if anybody is
	handler  http.Handler

	secret    secret.Key
	cursorKey []byte
}

// checker holds every answer to the contract and to the served document.
var checker = sync.OnceValues(func() (*contract.Checker, error) {
	document, err := os.ReadFile(documentPath)
	if err != nil {
		return nil, err
	}
	return contract.New(document)
})

const documentPath = "../../../api/v3/openapi.json"

// newWorld returns a server on a fresh database. Its answers are checked.
func newWorld(t *testing.T, sw *storetest.World) *world {
	t.Helper()
	w := &world{World: sw, t: t, contacts: contact.New(sw.Contacts(), contact.Options{}), lists: list.New(sw.Lists()), secret: secret.New()}
	w.files, w.cursorKey = t.TempDir(), w.secret.Derive(secret.Cursors)
	w.bulk = activity.New(activity.Options{
		Store: sw.Activities(), Files: blob.NewFolder(w.files), Sheets: sheet.New(sheet.Options{MaxBytes: maxFile, MaxRows: 1000}),
	})
	w.oauth = oauth.NewService(oauth.Options{
		Store: sw.OAuth(), Clock: sw.Clock, Log: slog.New(slog.DiscardHandler), Secret: w.secret, PublicURL: publicURL,
	})
	w.home = sw.Account(t, "Moor Books")
	w.ann, _ = sw.User(t, w.home, "ann@moor.example", account.Owner)
	w.app = w.application(w.ann, "")
	w.accounts = account.NewService(account.Options{Store: sw.Accounts(), Clock: sw.Clock, Mailer: &w.mail, PublicURL: publicURL})
	api := apiv3.New(apiv3.Options{
		Accounts:    w.accounts,
		Contacts:    w.contacts,
		Lists:       w.lists,
		Segments:    segment.New(sw.Segments()),
		Activities:  w.bulk,
		Credentials: request.Credentials{Verifier: w.oauth, Sessions: sessions{w}},
		Cursors:     request.NewCursors(w.cursorKey),
		PublicURL:   publicURL,
	})
	check, err := checker()
	if err != nil {
		t.Fatal(err)
	}
	w.handler = request.Begin(request.Options{
		Refuse: func(w http.ResponseWriter, r *http.Request, err error) { apiv3.Refuse(w, r, publicURL, err) },
		Ended: func(r *http.Request, e *request.Entry) {
			if e.Cause != nil {
				t.Errorf("%s %s: %v", r.Method, r.URL, e.Cause)
			}
		},
	}, check.Wrap(t, api))
	return w
}

// each runs a test on both databases.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.EachWorld(t, func(t *testing.T, sw *storetest.World) { test(t, newWorld(t, sw)) })
}

// alone runs a test on SQLite.
func alone(t *testing.T) *world {
	t.Helper()
	t.Parallel()
	return newWorld(t, storetest.SQLite(t))
}

// sessions takes any cookie for that of the world's browser.
type sessions struct{ w *world }

func (s sessions) Presented(r *http.Request) bool { return r.Header.Get("Cookie") != "" }

func (s sessions) Actor(*http.Request) (account.Actor, error) {
	if s.w.browser == nil {
		return account.Actor{}, oauth.ErrTokenMissing
	}
	return *s.w.browser, nil
}

// application registers one, with a limit where rate is not empty.
func (w *world) application(who account.Actor, rate string) oauth.Application {
	w.t.Helper()
	c := oauth.ApplicationChange{Name: opt.Some("Shop sync")}
	if rate != "" {
		c.Rate = opt.Some(rate)
	}
	a, err := w.oauth.CreateApplication(w.t.Context(), who, c, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// token returns an access token by which an application acts for somebody.
func (w *world) token(who account.Actor, app oauth.Application, scopes ...oauth.Scope) string {
	w.t.Helper()
	tokens, err := w.oauth.AllowImplicit(w.t.Context(), who, oauth.Consent{
		Application: app, Scopes: scopes, RedirectURI: oauth.DefaultRedirectURI, AuthAt: w.Clock.Now(),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return tokens.Access
}

// client calls the API and notes what is said.
type client struct {
	w     *world
	token string
	log   strings.Builder
}

// client returns one who acts for the owner with every scope.
func (w *world) client() *client {
	return &client{w: w, token: w.token(w.ann, w.app, oauth.AllScopes()...)}
}

// answer is what came back.
type answer struct {
	t *testing.T
	*httptest.ResponseRecorder
}

// call sends a request. A body that is not a text is sent as JSON.
func (c *client) call(method, path string, body any, headers ...string) answer {
	c.w.t.Helper()
	var text string
	switch body := body.(type) {
	case nil:
	case string:
		text = body
	default:
		b, err := json.Marshal(body)
		if err != nil {
			c.w.t.Fatal(err)
		}
		text = string(b)
	}
	r := httptest.NewRequestWithContext(c.w.t.Context(), method, path, strings.NewReader(text))
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if text != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	out := httptest.NewRecorder()
	c.w.handler.ServeHTTP(out, r)
	c.note(r, text, out)
	return answer{c.w.t, out}
}

// shown are the headers that golden exchanges tell of.
var shown = []string{"Allow", "Content-Encoding", "Content-Type", "Kith-Error-Code", "Location", "Retry-After", "Www-Authenticate"}

// note writes an exchange down for people to read.
func (c *client) note(r *http.Request, body string, out *httptest.ResponseRecorder) {
	fmt.Fprintf(&c.log, "%s %s\n", r.Method, r.URL.RequestURI())
	if t := r.Header.Get("Content-Type"); body != "" && t != "application/json" {
		fmt.Fprintf(&c.log, "Content-Type: %s\n", t)
	}
	if body != "" {
		fmt.Fprintf(&c.log, "%s\n", strings.ReplaceAll(pretty(body), "\r\n", "\n"))
	}
	fmt.Fprintf(&c.log, "\n  %d\n", out.Code)
	for _, name := range shown {
		if v := out.Header().Get(name); v != "" && (name != "Content-Type" || v != "application/json") {
			fmt.Fprintf(&c.log, "  %s: %s\n", name, v)
		}
	}
	if out.Body.Len() > 0 && out.Header().Get("Content-Encoding") == "" {
		fmt.Fprintf(&c.log, "  %s\n", strings.ReplaceAll(pretty(out.Body.String()), "\n", "\n  "))
	}
	c.log.WriteString("\n")
}

func pretty(text string) string {
	var b bytes.Buffer
	if json.Indent(&b, []byte(text), "", "  ") != nil {
		return text
	}
	return b.String()
}

// status fails the test unless the answer has a status.
func (a answer) status(want int) answer {
	a.t.Helper()
	if a.Code != want {
		a.t.Fatalf("status %d, want %d: %s", a.Code, want, a.Body)
	}
	return a
}

// code fails the test unless the answer is a refusal for a reason.
func (a answer) code(status int, code string) answer {
	a.t.Helper()
	if got := a.Header().Get("Kith-Error-Code"); a.Code != status || got != code {
		a.t.Fatalf("%d %s, want %d %s: %s", a.Code, got, status, code, a.Body)
	}
	return a
}

// text returns what stands at a place of the body, as in contacts.0.contact_id;
// empty for nothing.
func (a answer) text(path string) string {
	a.t.Helper()
	var v any
	if err := json.Unmarshal(a.Body.Bytes(), &v); err != nil {
		a.t.Fatalf("%v: %s", err, a.Body)
	}
	for name := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[name]
		case []any:
			var i int
			if _, err := fmt.Sscan(name, &i); err != nil || i >= len(at) {
				return ""
			}
			v = at[i]
		default:
			return ""
		}
	}
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// Ids and cursors differ from run to run; what is compared has names for them,
// in the order of their appearance.
var (
	uuids   = regexp.MustCompile(`(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	cursors = regexp.MustCompile(`cursor=[a-z2-7]{20,}`)
)

// golden holds what the client noted to what is stored.
func (c *client) golden(name string) {
	c.w.t.Helper()
	known := map[string]string{}
	got := uuids.ReplaceAllStringFunc(c.log.String(), func(uid string) string {
		uid = strings.ToLower(uid)
		if known[uid] == "" {
			known[uid] = fmt.Sprintf("<id %d>", len(known)+1)
		}
		return known[uid]
	})
	got = cursors.ReplaceAllString(got, "cursor=<cursor>")
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			c.w.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			c.w.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		c.w.t.Fatal(err)
	}
	if got != string(want) {
		c.w.t.Errorf("%s: run the test with -update and read what has changed\n%s", path, firstDifference(got, string(want)))
	}
}

func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range a {
		if i >= len(b) || a[i] != b[i] {
			return fmt.Sprintf("line %d: got  %q\n        want %q", i+1, a[i], strings.Join(b[min(i, len(b)):min(i+1, len(b))], ""))
		}
	}
	return fmt.Sprintf("line %d is missing: %q", len(a)+1, b[len(a)])
}

// maxFile is the size of the largest file that is imported, in bytes.
const maxFile = 4096

// work does all bulk work that waits.
func (w *world) work() {
	w.t.Helper()
	items, err := w.bulk.Pending(w.t.Context(), 100)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, i := range items {
		l := task.Lease{Name: fmt.Sprintf("activity/%d/%d", i.Account, i.Activity), Owner: "me"}
		if taken, err := w.TakeLease(w.t.Context(), l, time.Minute); err != nil || !taken {
			w.t.Fatalf("lease: %v, %v", taken, err)
		}
		if err := w.bulk.Run(w.t.Context(), i, l); err != nil {
			w.t.Fatal(err)
		}
	}
}

// uploads counts the files that are kept.
func (w *world) uploads() (n int) {
	w.t.Helper()
	err := filepath.WalkDir(w.files, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// stranger is a client who acts in another account.
func (w *world) stranger() *client {
	w.t.Helper()
	other := w.Account(w.t, "Other Books")
	bob, _ := w.User(w.t, other, "bob@other.example", account.Owner)
	return &client{w: w, token: w.token(bob, w.app, oauth.AllScopes()...)}
}
