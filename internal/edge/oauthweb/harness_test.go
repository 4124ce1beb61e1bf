package oauthweb_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/secret"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/edge/oauthweb"
	"kith/internal/edge/page"
	"kith/internal/edge/request"
	"kith/internal/store"
	"kith/internal/store/storetest"
	"kith/test/contract"
	"kith/web"
)

// site is the edge on a real server and a real store. Who is signed in is said
// by a cookie: signing in is another edge's business.
type site struct {
	*storetest.World
	oauth  *oauth.Service
	server *httptest.Server
	url    string
	home   account.Account
	ann    account.Actor
	user   account.User
}

// sessions takes the cookie's word for who is signed in.
type sessions struct{ s *site }

func (f sessions) Current(r *http.Request) (oauthweb.Signed, error) {
	c, err := r.Cookie("signed")
	if err != nil {
		return oauthweb.Signed{}, fault.New(fault.Unauthenticated, fault.CodeSession, "nobody")
	}
	part := strings.Split(c.Value, "-")
	user, _ := strconv.ParseInt(part[0], 10, 64)
	in, _ := strconv.ParseInt(part[1], 10, 64)
	at, _ := strconv.ParseInt(part[2], 10, 64)
	signed := oauthweb.Signed{Account: id.Account(in), At: time.UnixMilli(at).UTC()}
	err = f.s.View(r.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		signed.User, err = tx.UserByID(ctx, id.User(user))
		return err
	})
	return signed, err
}

func (sessions) LoginURL(returnTo string) string {
	return "/login?return_to=" + url.QueryEscape(returnTo)
}

type accounts struct{ s *site }

func (a accounts) Accounts(ctx context.Context, user id.User) (all []account.Membership, err error) {
	err = a.s.View(ctx, func(ctx context.Context, tx *store.Tx) error {
		all, err = tx.Memberships(ctx, user)
		return err
	})
	return all, err
}

func newSite(t testing.TB, w *storetest.World, change ...func(*oauth.Options)) *site {
	t.Helper()
	pages, err := page.Load(web.Public())
	if err != nil {
		t.Fatal(err)
	}
	s := &site{World: w, server: httptest.NewUnstartedServer(nil)}
	s.url = "http://" + s.server.Listener.Addr().String()
	o := oauth.Options{
		Store: w.OAuth(), Clock: w.Clock, Log: slog.New(slog.DiscardHandler), Secret: secret.New(), PublicURL: s.url, RefreshGrace: time.Minute,
	}
	for _, c := range change {
		c(&o)
	}
	s.oauth = oauth.NewService(o)
	edge, err := oauthweb.New(oauthweb.Options{
		OAuth: s.oauth, Accounts: accounts{s}, Sessions: sessions{s}, Pages: pages, PublicURL: s.url,
		Limiter:   account.NewLimiter(w.Accounts(), w.Clock, true),
		Documents: []oauthweb.Document{{Name: "v3", URL: "/v3/openapi.json"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.server.Config.Handler = request.Begin(request.Options{Refuse: edge.Refuse, Ended: func(*http.Request, *request.Entry) {}}, edge)
	s.server.Start()
	t.Cleanup(s.server.Close)
	s.home = w.Account(t, "Moor Books")
	s.ann, s.user = w.User(t, s.home, "ann@moor.example", account.Owner)
	return s
}

// each runs a test on both databases, one on SQLite alone.
func each(t *testing.T, test func(t *testing.T, s *site), change ...func(*oauth.Options)) {
	t.Helper()
	t.Parallel()
	storetest.EachWorld(t, func(t *testing.T, w *storetest.World) { test(t, newSite(t, w, change...)) })
}

func one(t *testing.T, change ...func(*oauth.Options)) *site {
	t.Helper()
	t.Parallel()
	return newSite(t, storetest.SQLite(t), change...)
}

const callback = "https://app.example/cb"

type set func(*oauth.ApplicationChange)

func flow(f oauth.Flow) set { return func(c *oauth.ApplicationChange) { c.Flow = opt.Some(f) } }

func redirects(uris ...string) set {
	return func(c *oauth.ApplicationChange) { c.RedirectURIs = opt.Some(uris) }
}

func rate(text string) set { return func(c *oauth.ApplicationChange) { c.Rate = opt.Some(text) } }

// app registers an application of Ann's; one of the code flow gets a secret.
func (s *site) app(t testing.TB, sets ...set) (a oauth.Application, clientSecret string) {
	t.Helper()
	c := oauth.ApplicationChange{Name: opt.Some("Shop <sync>"), RedirectURIs: opt.Some([]string{callback})}
	for _, change := range sets {
		change(&c)
	}
	a, err := s.oauth.CreateApplication(t.Context(), s.ann, c, nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.Flow == oauth.FlowCode {
		if clientSecret, a, err = s.oauth.NewSecret(t.Context(), s.ann, a.UID, false); err != nil {
			t.Fatal(err)
		}
	}
	return a, clientSecret
}

// as signs a request in as a user in their account, since now.
func (s *site) as(who account.Actor) func(*http.Request) { return s.since(who, s.Clock.Now()) }

func (s *site) since(who account.Actor, at time.Time) func(*http.Request) {
	return func(r *http.Request) {
		r.AddCookie(&http.Cookie{Name: "signed", Value: strconv.FormatInt(int64(who.User), 10) + "-" +
			strconv.FormatInt(int64(who.Account), 10) + "-" + strconv.FormatInt(at.UnixMilli(), 10)})
	}
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func basic(id, secret string) func(*http.Request) {
	return func(r *http.Request) { r.SetBasicAuth(id, secret) }
}

// answer is what came back.
type answer struct {
	*http.Response
	body string
}

// do sends a request; a body of values goes as a form.
func (s *site) do(t testing.TB, method, path string, body any, changes ...func(*http.Request)) answer {
	t.Helper()
	var reader io.Reader
	contentType := ""
	switch b := body.(type) {
	case url.Values:
		reader, contentType = strings.NewReader(b.Encode()), "application/x-www-form-urlencoded"
	case string:
		reader = strings.NewReader(b)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, reader)
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for _, change := range changes {
		change(r)
	}
	c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	w, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	raw, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := contract.Explained(w.StatusCode, w.Header); err != nil {
		t.Errorf("%s %s: %d: %v", method, path, w.StatusCode, err)
	}
	return answer{w, string(raw)}
}

func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// location returns where an answer leads, or fails the test.
func (a answer) location(t testing.TB) *url.URL {
	t.Helper()
	u, err := url.Parse(a.Header.Get("Location"))
	if err != nil || a.StatusCode != http.StatusFound {
		t.Fatalf("%d to %q (%v), want 302\n%s", a.StatusCode, a.Header.Get("Location"), err, a.body)
	}
	return u
}

// object reads a body that is one JSON object.
func (a answer) object(t testing.TB) map[string]any {
	t.Helper()
	var got map[string]any
	if err := json.Unmarshal([]byte(a.body), &got); err != nil {
		t.Fatalf("%d %s: %v", a.StatusCode, a.body, err)
	}
	return got
}

// request is a good authorisation request, changed by pairs; an empty value
// takes a parameter away.
func (s *site) request(a oauth.Application, pairs ...string) string {
	q := form("client_id", a.UID.String(), "redirect_uri", callback, "response_type", "code", "scope", "contact_data offline_access",
		"state", "s/1 +&=ü")
	if a.Flow == oauth.FlowPKCE {
		q.Set("code_challenge", challenge(verifier))
		q.Set("code_challenge_method", "S256")
	}
	for i := 0; i < len(pairs); i += 2 {
		if q.Del(pairs[i]); pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return "/oauth2/default/v1/authorize?" + q.Encode()
}

const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

var hidden = regexp.MustCompile(`<input type="hidden" name="for" value="([^"]+)">`)

// consent shows a request to somebody, who answers.
func (s *site) consent(t testing.TB, path, decision string, who func(*http.Request)) answer {
	t.Helper()
	shown := s.do(t, "GET", path, nil, who)
	found := hidden.FindStringSubmatch(shown.body)
	if shown.StatusCode != http.StatusOK || found == nil {
		t.Fatalf("%d for %s\n%s", shown.StatusCode, path, shown.body)
	}
	return s.do(t, "POST", path, form("for", found[1], "decision", decision), who, header("Origin", s.url))
}

// code returns the code of a request that Ann allows.
func (s *site) code(t testing.TB, path string) string {
	t.Helper()
	return s.consent(t, path, "allow", s.as(s.ann)).location(t).Query().Get("code")
}

const token = "/oauth2/default/v1/token"
