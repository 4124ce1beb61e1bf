package apikith_test

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
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/secret"
	"kith/internal/domain/account"
	"kith/internal/domain/activity"
	"kith/internal/domain/contact"
	"kith/internal/domain/delivery"
	"kith/internal/domain/form"
	"kith/internal/domain/list"
	"kith/internal/domain/message"
	"kith/internal/domain/oauth"
	"kith/internal/domain/segment"
	"kith/internal/domain/trace"
	"kith/internal/edge/apikith"
	"kith/internal/edge/request"
	"kith/internal/edge/webapp"
	"kith/internal/outbound/blob"
	"kith/internal/outbound/dns"
	"kith/internal/outbound/dns/dnstest"
	"kith/internal/outbound/sheet"
	"kith/internal/store/storetest"
	"kith/test/contract"
)

var update = flag.Bool("update", false, "write the golden exchanges anew")

const (
	publicURL = "http://kith.test"
	password  = "correct horse"
)

// testKey makes cursors the same in every run.
const testKey = "a key for tests, of 32 bytes at least"

// site is the API over a real store, with one account in it.
type site struct {
	*storetest.World
	accounts *account.Service
	oauth    *oauth.Service
	lists    *list.Service
	contacts *contact.Service
	forms    *form.Service
	mails    *message.Service
	bulk     *activity.Service
	files    string // the folder of uploads
	sessions *webapp.Sessions
	dns      *dnstest.Server
	handler  http.Handler

	// ines owns the account home.
	ines  person
	home  account.Account
	route string // of the last request

	exchanges strings.Builder
	names     map[string]string // of what differs in every run
}

// person is a user as a member of an account.
type person struct {
	name  string
	actor account.Actor
	user  account.User
}

// each runs a test on both databases. What they answer is the same.
func each(t *testing.T, test func(t *testing.T, s *site)) {
	t.Helper()
	t.Parallel()
	storetest.EachWorld(t, func(t *testing.T, w *storetest.World) { test(t, open(t, w)) })
}

func open(t *testing.T, w *storetest.World) *site {
	t.Helper()
	key, err := secret.Parse(testKey)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{World: w, names: map[string]string{}, dns: dnstest.New(t)}
	s.lists, s.contacts = list.New(w.Lists()), contact.New(w.Contacts(), contact.Options{})
	s.mails = message.New(message.Options{
		Store: w.Messages(), Box: key.Box(secret.Mail), From: message.Sender{Name: "Kith", Address: "kith@kith.test"}, PublicURL: publicURL,
	})
	s.files = filepath.Join(t.TempDir(), "uploads")
	s.bulk = activity.New(activity.Options{
		Store: w.Activities(), Files: blob.NewFolder(s.files), Sheets: sheet.New(sheet.Options{MaxBytes: 10_000, MaxRows: 1000}),
	})
	s.accounts = account.NewService(account.Options{
		Store: w.Accounts(), Clock: w.Clock, Mailer: s.mails.Mailer(), Founder: s.contacts.Founder(),
		Limiter: account.NewLimiter(w.Accounts(), w.Clock, false), PublicURL: publicURL, Signup: account.SignupOpen,
	})
	s.oauth = oauth.NewService(oauth.Options{
		Store: w.OAuth(), Clock: w.Clock, Log: slog.New(slog.DiscardHandler), Secret: key, PublicURL: publicURL,
	})
	s.forms = form.New(form.Options{Store: w.Forms(), Contacts: s.contacts, Key: key.Derive(secret.Links)})
	s.sessions = webapp.NewSessions(s.accounts, w.Sessions(), publicURL, w.Clock)
	api := apikith.New(apikith.Options{
		Accounts: s.accounts, Sessions: s.sessions, Applications: s.oauth, Contacts: s.contacts, Lists: s.lists, Segments: segment.New(s.Segments()),
		Imports: s.bulk, Mails: s.mails, Templates: s.mails, Deliveries: delivery.NewHistory(w.Deliveries()), Forms: s.forms, FormPages: formPages{},
		Requests: trace.New(w.Traces()), Remedy: func(code string) []string { return []string{"Mend " + code + "."} },
		Domains: delivery.NewDomains(delivery.DomainOptions{
			Store: w.Domains(), Box: key.Box(secret.Domains), DNS: dns.New(dns.Options{Server: s.dns.Address()}),
		}),
		Suppressions: delivery.NewSuppressions(w.Suppressions(), delivery.NewHashes(key.Derive(secret.Suppressed))),
		NoticeKeys:   delivery.NewNoticeKeys(w.NoticeKeys(), key.Box(secret.NoticeKeys)),
		Bounces:      apikith.Bounces{Address: "bounces@mail.kith.test", TakenIn: true},
		Credentials:  request.Credentials{Verifier: s.oauth, Sessions: s.sessions},
		Cursors:      request.NewCursors(key.Derive(secret.Cursors)),
		PublicURL:    publicURL, Version: "1.2.3", Signup: account.SignupOpen,
	})
	s.handler = request.Begin(request.Options{
		Refuse: func(w http.ResponseWriter, r *http.Request, err error) { apikith.Refuse(w, r, publicURL, err) },
		Ended: func(_ *http.Request, e *request.Entry) {
			s.route = strings.TrimPrefix(e.Route, "/kith/v1")
			if e.Cause != nil {
				t.Errorf("%s %s broke: %v", e.Method, e.Route, e.Cause)
			}
		},
	}, api)
	s.ines, s.home = s.signUp(t, "ines@example.org", "Paper Boats")
	return s
}

func (s *site) signUp(t *testing.T, address, organization string) (person, account.Account) {
	t.Helper()
	u, a, err := s.accounts.SignUp(t.Context(), account.Actor{Via: account.ViaWeb, Operation: "web sign-up"}, account.SignUp{
		Email: address, Password: password, FirstName: "Ines", LastName: "Roy", Organization: organization,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.person(t, u, a), a
}

func (s *site) person(t *testing.T, u account.User, a account.Account) person {
	t.Helper()
	actor, _, err := s.accounts.ActorFor(t.Context(), u.ID, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	actor.Via, actor.Operation = account.ViaWeb, "test"
	return person{u.FirstName, actor, u}
}

// join adds a user to the account.
func (s *site) join(t *testing.T, address string, role account.Role) person {
	t.Helper()
	_, u := s.User(t, s.home, address, role)
	return s.person(t, u, s.home)
}

// caller brings a credential.
type caller struct {
	name   string
	sign   func(r *http.Request)
	cookie *http.Cookie // of a session
}

var nobody = caller{name: "nobody", sign: func(*http.Request) {}}

func bearer(name, text string) caller {
	return caller{name: name, sign: func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+text) }}
}

// key is an access key of somebody's.
func (s *site) key(t *testing.T, who person, scopes ...oauth.Scope) caller {
	t.Helper()
	text, _, err := s.oauth.CreateAccessKey(t.Context(), who.actor, oauth.NewAccessKey{Name: "test", Scopes: scopes}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return bearer("key of "+string(who.actor.Role)+" "+oauth.Scopes(scopes).String(), text)
}

var allScopes = []oauth.Scope{oauth.ContactData, oauth.CampaignData, oauth.AccountRead, oauth.AccountUpdate, oauth.BillingData}

// token is an access token of an application of somebody's.
func (s *site) token(t *testing.T, who person, scopes ...oauth.Scope) (caller, oauth.Application) {
	t.Helper()
	app, err := s.oauth.CreateApplication(t.Context(), who.actor, oauth.ApplicationChange{Name: opt.Some("Shop sync"), Flow: opt.Some(oauth.FlowCode)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := s.oauth.AllowImplicit(t.Context(), who.actor, oauth.Consent{
		Application: app, Scopes: scopes, RedirectURI: oauth.DefaultRedirectURI, AuthAt: s.Clock.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return bearer("token of "+string(who.actor.Role), tokens.Access), app
}

// session is a browser in which somebody is signed in.
func (s *site) session(t *testing.T, who person) caller {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/login", nil)
	if err := s.sessions.SignIn(w, r, who.user, who.actor.Account); err != nil {
		t.Fatal(err)
	}
	return inBrowser("session of "+string(who.actor.Role), w.Result().Cookies()[0])
}

func inBrowser(name string, cookie *http.Cookie) caller {
	return caller{name: name, cookie: cookie, sign: func(r *http.Request) {
		r.AddCookie(cookie)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}}
}

// answer is what came back.
type answer struct {
	*http.Response
	body []byte
}

// is fails the test unless the answer has a status and, where code is not
// empty, a code.
func (a answer) is(t *testing.T, status int, code string) answer {
	t.Helper()
	if got := a.Header.Get("Kith-Error-Code"); a.StatusCode != status || code != "" && got != code {
		t.Errorf("%s %s: %d %s, want %d %s: %s", a.Request.Method, a.Request.URL, a.StatusCode, got, status, code, a.body)
	}
	return a
}

// text returns a member of the answer, as in "applications[0].name"; it must be
// there.
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
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(at) {
				t.Fatalf("no %s in %s", path, a.body)
			}
			v = at[i]
		}
	}
	switch is := v.(type) {
	case string:
		return is
	case float64, bool:
		return fmt.Sprint(is)
	}
	t.Fatalf("no %s in %s", path, a.body)
	return ""
}

// send makes a call and holds the answer to the served document.
func (s *site) send(t *testing.T, who caller, method, path, contentType, body string) answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	if body == "" {
		r = httptest.NewRequestWithContext(t.Context(), method, path, nil)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	who.sign(r)
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	got := answer{w.Result(), w.Body.Bytes()}
	got.Request = r
	s.check(t, got)
	return got
}

func (s *site) call(t *testing.T, who caller, method, path, body string) answer {
	t.Helper()
	contentType := ""
	if body != "" {
		contentType = "application/json"
	}
	return s.send(t, who, method, path, contentType, body)
}

// show makes a call and writes it down for the golden file.
func (s *site) show(t *testing.T, who caller, method, path, body string) answer {
	t.Helper()
	got := s.call(t, who, method, path, body)
	s.write(t, who, got, body)
	return got
}

var null = regexp.MustCompile(`[:\[,]null\b`)

// check holds an answer to the served document, and to what holds for all.
func (s *site) check(t *testing.T, a answer) {
	t.Helper()
	where := a.Request.Method + " " + a.Request.URL.String()
	if null.Match(a.body) {
		t.Errorf("%s answers null: %s", where, a.body)
	}
	if err := contract.Explained(a.StatusCode, a.Header); err != nil || a.Header.Get("Kith-Request-Id") == "" {
		t.Errorf("%s: %d: %v, headers %v", where, a.StatusCode, err, a.Header)
	}
	route := s.route // to read the document is a request, too
	if route == "" || !documented(t, s, a.Request.Method, route) {
		return
	}
	tested.see(a.Request.Method+" "+route, a.StatusCode)
	for _, fault := range document(t, s).CheckAnswer(a.Request.Method, a.Request.URL.String(), a.StatusCode, a.Header, a.body) {
		t.Errorf("%s: %d is not what the document says: %s\n%s", where, a.StatusCode, fault, a.body)
	}
}

// shown are the headers that golden files hold.
var shown = []string{"Content-Type", "Content-Disposition", "Kith-Error-Code", "Www-Authenticate", "Cache-Control", "Allow"}

// write writes an exchange down, with names in place of what differs in every
// run.
func (s *site) write(t *testing.T, who caller, a answer, body string) {
	t.Helper()
	b := &s.exchanges
	fmt.Fprintf(b, "=== %s %s (%s)\n", a.Request.Method, s.stable(a.Request.URL.String()), who.name)
	if body != "" {
		fmt.Fprintln(b, s.stable(body))
	}
	fmt.Fprintf(b, "--- %d\n", a.StatusCode)
	for _, name := range shown {
		if v := a.Header.Get(name); v != "" {
			fmt.Fprintf(b, "%s: %s\n", name, v)
		}
	}
	text := a.body
	if a.Header.Get("Content-Type") == "application/json" {
		var in bytes.Buffer
		if err := json.Indent(&in, a.body, "", "  "); err != nil {
			t.Fatalf("%v: %s", err, a.body)
		}
		text = in.Bytes()
	}
	fmt.Fprintf(b, "%s\n", s.stable(strings.ReplaceAll(string(text), "\r\n", "\n")))
	b.WriteByte('\n')
}

var unstable = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|kith_[a-z0-9]+|token=[A-Z2-7]+|` +
	`"(?:client_secret|invitation_id|encoded_account_id)": "[^"]+"|/invitations/[a-z0-9]{13}`)

var kindOfUnstable = regexp.MustCompile(`^(kith_|token=|/invitations/|"[a-z_]+": ")?`)

// stable puts names in the place of what is random, the same name for the same
// thing.
func (s *site) stable(text string) string {
	return unstable.ReplaceAllStringFunc(text, func(found string) string {
		before := kindOfUnstable.FindString(found)
		after := ""
		if strings.HasPrefix(before, `"`) {
			after = `"`
		}
		value := strings.TrimSuffix(strings.TrimPrefix(found, before), after)
		if s.names[value] == "" {
			s.names[value] = "<" + strconv.Itoa(len(s.names)+1) + ">"
		}
		return before + s.names[value] + after
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

// The served document, read once.
var served struct {
	once     sync.Once
	err      error
	document *contract.Document
	// operations are those of the document, by method and path.
	operations map[string]operation
}

// documentPath is where the served document is kept, for people to read and
// for programs that are made from it.
const documentPath = "../../../api/kith/openapi.json"

// TestDocumentIsTheStoredOne holds the file to what is served.
func TestDocumentIsTheStoredOne(t *testing.T) {
	w := httptest.NewRecorder()
	apikith.New(apikith.Options{PublicURL: "http://localhost:8080"}).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/kith/v1/openapi.json", nil))
	if *update {
		if err := os.WriteFile(documentPath, w.Body.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(documentPath)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(w.Body.Bytes(), want) {
		t.Errorf("%s is not what is served; run the test with -update", documentPath)
	}
}

// operation is what the document says of one, as far as tests need it.
type operation struct {
	Method, Path string
	Security     []map[string][]oauth.Scope `json:"security"`
	Privileges   []account.Privilege        `json:"x-kith-privileges"`
	RequestBody  struct {
		Content map[string]any `json:"content"`
	} `json:"requestBody"`
	Responses map[string]any `json:"responses"`
}

func (o operation) scope() oauth.Scope {
	for _, scopes := range o.Security[0] {
		if len(scopes) > 0 {
			return scopes[0]
		}
	}
	return ""
}

func read(t *testing.T, s *site) {
	t.Helper()
	served.once.Do(func() {
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/kith/v1/openapi.json", nil))
		var d struct {
			Paths map[string]map[string]operation `json:"paths"`
		}
		if served.err = json.Unmarshal(w.Body.Bytes(), &d); served.err != nil {
			return
		}
		served.operations = map[string]operation{}
		for path, methods := range d.Paths {
			for method, o := range methods {
				o.Method, o.Path = strings.ToUpper(method), path
				served.operations[o.Method+" "+path] = o
			}
		}
		served.document, served.err = contract.NewDocument(w.Body.Bytes())
	})
	if served.err != nil {
		t.Fatal(served.err)
	}
}

func document(t *testing.T, s *site) *contract.Document {
	t.Helper()
	read(t, s)
	return served.document
}

func documented(t *testing.T, s *site, method, route string) bool {
	t.Helper()
	read(t, s)
	_, ok := served.operations[method+" "+route]
	return ok
}

// operations are all of the document, in a fixed order.
func operations(t *testing.T, s *site) []operation {
	t.Helper()
	read(t, s)
	var all []operation
	for _, o := range served.operations {
		all = append(all, o)
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.Path+a.Method, b.Path+b.Method) })
	return all
}

// seen are the statuses that operations have answered in tests.
type seen struct {
	mu  sync.Mutex
	all map[string][]int
}

var tested = &seen{all: map[string][]int{}}

func (s *seen) see(operation string, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(s.all[operation], status) {
		s.all[operation] = append(s.all[operation], status)
	}
}

// everywhere are statuses that are not looked for at each operation: they come
// from what all have in common, and have tests of their own.
var everywhere = []string{"429", "500", "503"}

// untested are the answers of the document that no test has seen.
func (s *seen) untested() (missing []string) {
	for name, o := range served.operations {
		for text := range o.Responses {
			status, err := strconv.Atoi(text)
			if err == nil && !slices.Contains(everywhere, text) && !slices.Contains(s.all[name], status) {
				missing = append(missing, name+" "+text)
			}
		}
	}
	slices.Sort(missing)
	return missing
}

// TestMain holds the tests to showing every answer of every operation.
func TestMain(m *testing.M) {
	code := m.Run()
	whole := flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.skip").Value.String() == "" && !testing.Short()
	if missing := tested.untested(); code == 0 && whole && len(missing) > 0 {
		fmt.Fprintf(os.Stderr, "no test has seen these answers:\n%s\n", strings.Join(missing, "\n"))
		code = 1
	}
	os.Exit(code)
}

// uid is an id that nothing has.
func uid() string { return id.NewSource().UID(time.Unix(0, 0)).String() }
