package oauthweb_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/store"
)

// v3 contract, GET /authorize: what is refused on a page, and never at an
// address that is not proved to be the application's.
func TestRequestsThatAreAnsweredByAPage(t *testing.T) {
	s := one(t)
	a, _ := s.app(t)
	off, _ := s.app(t)
	if _, err := s.oauth.SetActive(t.Context(), s.ann, off.UID, false); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ path, says, code string }{
		"no client_id":       {s.request(a, "client_id", ""), "client_id", "oauth.invalid_request"},
		"unknown client_id":  {s.request(a, "client_id", s.home.UID.String()), "client_id", "oauth.invalid_client"},
		"client_id no id":    {s.request(a, "client_id", "x"), "client_id", "oauth.invalid_client"},
		"no redirect_uri":    {s.request(a, "redirect_uri", ""), "redirect_uri", "oauth.invalid_request"},
		"other redirect_uri": {s.request(a, "redirect_uri", callback+"/"), "not registered", "oauth.redirect_mismatch"},
		"evil redirect_uri":  {s.request(a, "redirect_uri", "https://evil.example/"), "not registered", "oauth.redirect_mismatch"},
		"deactivated":        {s.request(off), "deactivated", "access.application_inactive"},
	} {
		for who, sign := range map[string]func(*http.Request){"nobody": func(*http.Request) {}, "Ann": s.as(s.ann)} {
			got := s.do(t, "GET", c.path, nil, sign)
			if got.StatusCode != http.StatusBadRequest || got.Header.Get("Location") != "" || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") {
				t.Errorf("%s by %s: %d, %v", name, who, got.StatusCode, got.Header)
			}
			if got.Header.Get("Kith-Error-Code") != c.code {
				t.Errorf("%s by %s: code %q, want %q", name, who, got.Header.Get("Kith-Error-Code"), c.code)
			}
			if c.code != "oauth.redirect_mismatch" && !strings.Contains(got.body, c.says) {
				t.Errorf("%s by %s: %q is not said in\n%s", name, who, c.says, got.body)
			}
		}
	}
}

// v3 contract, GET /authorize: what is refused at the redirect URI.
func TestRequestsThatAreAnsweredAtTheRedirectURI(t *testing.T) {
	s := one(t)
	server, _ := s.app(t)
	public, _ := s.app(t, flow(oauth.FlowPKCE))
	device, _ := s.app(t, flow(oauth.FlowDevice))
	query, _ := s.app(t, redirects(callback+"?tenant=7"))
	long := strings.Repeat("x", 5000)
	for _, c := range []struct {
		name, path, want, says string
	}{
		{"no response_type", s.request(server, "response_type", ""), "invalid_request", "response_type"},
		{"other response_type", s.request(server, "response_type", "id_token"), "unsupported_response_type", ""},
		{"two response types", s.request(server, "response_type", "code token"), "unsupported_response_type", ""},
		{"code for a device", s.request(device), "unauthorized_client", ""},
		{"response_mode", s.request(server, "response_mode", "form_post"), "invalid_request", "mode"},
		{"no state", s.request(server, "state", ""), "invalid_request", "state"},
		{"long state", s.request(server, "state", long), "invalid_request", "state"},
		{"no scope", s.request(server, "scope", ""), "invalid_scope", "contact_data"},
		{"unknown scope", s.request(server, "scope", "contact_data pigeons"), "invalid_scope", "pigeons"},
		{"openid", s.request(server, "scope", "openid contact_data"), "invalid_scope", "openid"},
		{"PKCE without challenge", s.request(public, "code_challenge", ""), "invalid_request", "code_challenge"},
		{"PKCE plain", s.request(public, "code_challenge_method", "plain"), "invalid_request", "S256"},
		{"PKCE without method", s.request(public, "code_challenge_method", ""), "invalid_request", "S256"},
		{"PKCE with a broken challenge", s.request(public, "code_challenge", "abc"), "invalid_request", "43"},
		{"server with a plain challenge", s.request(server, "code_challenge", challenge(verifier), "code_challenge_method", "plain"), "invalid_request", "S256"},
		{"prompt none", s.request(server, "prompt", "none"), "invalid_request", "prompt"},
		{"twice the scope", s.request(server) + "&scope=account_read", "invalid_request", "scope"},
		{"into a query", s.request(query, "redirect_uri", callback+"?tenant=7", "scope", "pigeons"), "invalid_scope", "pigeons"},
	} {
		for who, sign := range map[string]func(*http.Request){"nobody": func(*http.Request) {}, "Ann": s.as(s.ann)} {
			got := s.do(t, "GET", c.path, nil, sign)
			to := got.location(t)
			q := to.Query()
			if to.Scheme+"://"+to.Host+to.Path != callback || q.Get("error") != c.want || !strings.Contains(q.Get("error_description"), c.says) || q.Get("error_description") == "" {
				t.Errorf("%s by %s: to %s, want error %s", c.name, who, to, c.want)
			}
			wantState := "s/1 +&=ü"
			if strings.HasSuffix(c.name, "state") {
				wantState = ""
			}
			if q.Get("state") != wantState || q.Has("code") {
				t.Errorf("%s by %s: state %q in %s", c.name, who, q.Get("state"), to)
			}
		}
	}
	for path, want := range map[string]string{
		s.request(server, "response_type", "token", "scope", "pigeons"): "invalid_scope",
		s.request(public, "response_type", "token"):                     "unauthorized_client",
	} {
		to := s.do(t, "GET", path, nil).location(t)
		if f, err := url.ParseQuery(to.EscapedFragment()); err != nil || to.RawQuery != "" || f.Get("error") != want || f.Get("state") == "" {
			t.Errorf("implicit: to %s, want %s in the fragment", to, want)
		}
	}
}

func TestASignInComesFirst(t *testing.T) {
	s := one(t)
	a, _ := s.app(t)
	path := s.request(a)
	if to := s.do(t, "GET", path, nil).location(t); to.Path != "/login" || to.Query().Get("return_to") != path {
		t.Errorf("to %s", to)
	}
	if to := s.do(t, "POST", path, form("decision", "allow"), header("Origin", s.url)).location(t); to.Path != "/login" {
		t.Errorf("an answer of nobody: to %s", to)
	}
}

func TestPromptLoginAsksForAFreshSignIn(t *testing.T) {
	s := one(t)
	a, _ := s.app(t)
	before := s.since(s.ann, s.Clock.Now())
	s.Clock.Move(time.Minute)
	to := s.do(t, "GET", s.request(a, "prompt", "login"), nil, before).location(t)
	back := to.Query().Get("return_to")
	if to.Path != "/login" || strings.Contains(back, "prompt") {
		t.Fatalf("to %s", to)
	}
	if to := s.do(t, "GET", back, nil, before).location(t); to.Path != "/login" || to.Query().Get("return_to") != back {
		t.Errorf("signed in before: to %s", to)
	}
	s.Clock.Move(time.Second)
	got := s.consent(t, back, "allow", s.as(s.ann)).location(t)
	if got.Query().Get("state") != "s/1 +&=ü" || got.Query().Get("code") == "" {
		t.Errorf("after it: to %s", got)
	}
}

func TestTheConsentPage(t *testing.T) {
	s := one(t)
	a, _ := s.app(t)
	got := s.do(t, "GET", s.request(a), nil, s.as(s.ann))
	for _, text := range []string{
		"<h1>Allow Shop &lt;sync&gt; to use Moor Books?</h1>", oauth.ContactData.Line(), oauth.OfflineAccess.Line(),
		`name="decision" value="allow">Allow</button>`, `name="decision" value="deny" class="plain">Deny</button>`, ">Use another account</a>",
		"ann@moor.example", "https://app.example",
	} {
		if !strings.Contains(got.body, text) {
			t.Errorf("%q is not on the page", text)
		}
	}
	for _, text := range []string{"refresh token", oauth.CampaignData.Line(), "<script"} {
		if strings.Contains(got.body, text) {
			t.Errorf("%q is on the page", text)
		}
	}
	policy := got.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "frame-ancestors 'none'") || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("policy %q", policy)
	}
	// Browsers apply form-action to the redirect that answers a form, and to
	// all that follow it: the application's own ways are not ours to know.
	if strings.Contains(policy, "form-action") {
		t.Errorf("the policy keeps the browser from going on to the application: %q", policy)
	}
	if opener := got.Header.Get("Cross-Origin-Opener-Policy"); opener != "" {
		t.Errorf("the window is parted from the application's page: %s", opener)
	}
	if got.Header.Get("X-Frame-Options") != "DENY" || got.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", got.Header)
	}
	got = s.do(t, "GET", s.request(a, "scope", "contact_data"), nil, s.as(s.ann))
	if !strings.Contains(got.body, "no refresh token") || !strings.Contains(got.body, "24 hours") {
		t.Error("it is not said that there will be no refresh token")
	}
	got = s.do(t, "GET", s.request(a, "response_type", "token"), nil, s.as(s.ann))
	if !strings.Contains(got.body, "8 hours") || strings.Contains(got.body, oauth.OfflineAccess.Line()) {
		t.Error("implicit access is not shown as it is")
	}
}

func TestAllowAndDeny(t *testing.T) {
	s := one(t)
	a, _ := s.app(t)
	to := s.consent(t, s.request(a), "allow", s.as(s.ann)).location(t)
	q := to.Query()
	if to.Fragment != "" || len(q) != 2 || q.Get("state") != "s/1 +&=ü" || len(q.Get("code")) < 30 || len(q.Get("code")) > 45 {
		t.Errorf("allowed: to %s", to)
	}
	to = s.consent(t, s.request(a), "deny", s.as(s.ann)).location(t)
	if q := to.Query(); q.Get("error") != "access_denied" || q.Get("error_description") == "" || q.Get("state") != "s/1 +&=ü" || q.Has("code") {
		t.Errorf("denied: to %s", to)
	}
	got := s.consent(t, s.request(a), "shrug", s.as(s.ann))
	if got.StatusCode != http.StatusOK || !strings.Contains(got.body, "<h1>Allow") {
		t.Errorf("neither: %d", got.StatusCode)
	}
}

func TestTheImplicitFlowAnswersInTheFragment(t *testing.T) {
	s := one(t)
	a, _ := s.app(t)
	to := s.consent(t, s.request(a, "response_type", "token"), "allow", s.as(s.ann)).location(t)
	f, err := url.ParseQuery(to.EscapedFragment())
	if err != nil || to.RawQuery != "" {
		t.Fatalf("to %s, %v", to, err)
	}
	if len(f) != 5 || f.Get("token_type") != "Bearer" || f.Get("expires_in") != "28800" || f.Get("scope") != "contact_data" || f.Get("state") != "s/1 +&=ü" {
		t.Errorf("fragment %v", f)
	}
	if _, err := s.oauth.Verify(t.Context(), f.Get("access_token")); err != nil {
		t.Error(err)
	}
}

func TestAConsentIsThatOfWhoSawIt(t *testing.T) {
	s := one(t)
	a, _ := s.app(t)
	bob, _ := s.User(t, s.home, "bob@moor.example", account.Manager)
	shown := s.do(t, "GET", s.request(a), nil, s.as(s.ann))
	seen := hidden.FindStringSubmatch(shown.body)[1]
	got := s.do(t, "POST", s.request(a), form("for", seen, "decision", "allow"), s.as(bob), header("Origin", s.url))
	if got.StatusCode != http.StatusOK || !strings.Contains(got.body, "bob@moor.example") || !strings.Contains(got.body, "logged in otherwise") {
		t.Errorf("answered by another user: %d\n%s", got.StatusCode, got.body)
	}
	for name, change := range map[string]func(*http.Request){
		"Origin":         header("Origin", "https://evil.example"),
		"Sec-Fetch-Site": header("Sec-Fetch-Site", "cross-site"),
	} {
		got := s.do(t, "POST", s.request(a), form("for", seen, "decision", "allow"), s.as(s.ann), change)
		if got.StatusCode != http.StatusForbidden || got.Header.Get("Kith-Error-Code") != "session.cross_origin" || got.Header.Get("Location") != "" {
			t.Errorf("sent by another site (%s): %d", name, got.StatusCode)
		}
	}
}

func TestAUserOfSeveralAccountsChooses(t *testing.T) {
	s := one(t)
	a, _ := s.app(t)
	other, gone := s.Account(t, "Fen Tours"), s.Account(t, "Gone Ltd")
	s.Do(t, func(ctx context.Context, tx *store.Tx) error {
		gone.Status = account.Suspended
		return errors.Join(tx.PutMember(ctx, other.ID, s.ann.User, account.Manager), tx.PutMember(ctx, gone.ID, s.ann.User, account.Owner),
			tx.UpdateAccount(ctx, gone))
	})
	got := s.do(t, "GET", s.request(a), nil, s.as(s.ann))
	if !strings.Contains(got.body, `aria-label="Choose Fen Tours"`) || strings.Contains(got.body, "Gone Ltd") || strings.Contains(got.body, "Choose Moor Books") {
		t.Errorf("the choice of accounts is wrong:\n%s", got.body)
	}
	there := s.ann
	there.Account = other.ID
	path := s.request(a)
	to := s.consent(t, path, "allow", s.as(there)).location(t)
	tk, err := s.oauth.Exchange(t.Context(), a, to.Query().Get("code"), callback, "")
	if err != nil {
		t.Fatal(err)
	}
	if p, err := s.oauth.Verify(t.Context(), tk.Access); err != nil || p.Actor.Account != other.ID || p.Actor.Role != account.Manager {
		t.Errorf("the token is good in account %d as %s, %v", p.Actor.Account, p.Actor.Role, err)
	}
	there.Account = gone.ID
	got = s.do(t, "GET", path, nil, s.as(there))
	if !strings.Contains(got.body, "suspended") || strings.Contains(got.body, ">Allow</button>") {
		t.Errorf("in a suspended account:\n%s", got.body)
	}
	got = s.do(t, "POST", path, form("for", hidden.FindStringSubmatch(got.body)[1], "decision", "allow"), s.as(there), header("Origin", s.url))
	if got.StatusCode != http.StatusOK || got.Header.Get("Location") != "" {
		t.Errorf("allowed in a suspended account: %d", got.StatusCode)
	}
}

func TestWildcardsAndInstalledApplications(t *testing.T) {
	s := one(t)
	a, _ := s.app(t, redirects("https://*.shop.example/cb", "com.example.app:/cb", "https://localhost"))
	for _, uri := range []string{"https://a.shop.example/cb", "com.example.app:/cb", "https://localhost"} {
		got := s.consent(t, s.request(a, "redirect_uri", uri), "allow", s.as(s.ann))
		if to := got.Header.Get("Location"); got.StatusCode != http.StatusFound || !strings.HasPrefix(to, uri+"?code=") {
			t.Errorf("%s: %d to %s", uri, got.StatusCode, to)
		}
	}
}

// v3 contract, clients: scopes come joined by a plus sign, encoded or not.
func TestScopesJoinedByPlus(t *testing.T) {
	s := one(t)
	a, _ := s.app(t)
	for _, joined := range []string{"contact_data+campaign_data", "contact_data%2Bcampaign_data", "contact_data%20campaign_data"} {
		path := s.request(a, "scope", "") + "&scope=" + joined
		if got := s.do(t, "GET", path, nil, s.as(s.ann)); got.StatusCode != http.StatusOK || !strings.Contains(got.body, oauth.CampaignData.Line()) {
			t.Errorf("%s: %d", joined, got.StatusCode)
		}
	}
}

func TestOnlyTheOwnerSeesWhatDoesNotMatch(t *testing.T) {
	s := one(t)
	a, _ := s.app(t, redirects("https://other.example/", callback))
	bob, _ := s.User(t, s.home, "bob@moor.example", account.Owner)
	path := s.request(a, "redirect_uri", callback+"/")
	got := s.do(t, "GET", path, nil, s.as(s.ann))
	for _, text := range []string{
		"<code>https://app.example/cb/</code>", "<code>https://app.example/cb<mark>/</mark></code>", "<code>https://app.example/cb<mark>∅</mark></code>",
		"other", "has a slash at its end", "/applications/" + a.UID.String(),
	} {
		if !strings.Contains(got.body, text) {
			t.Errorf("the owner does not see %q\n%s", text, got.body)
		}
	}
	for who, sign := range map[string]func(*http.Request){"nobody": func(*http.Request) {}, "another user": s.as(bob)} {
		got := s.do(t, "GET", path, nil, sign)
		if got.StatusCode != http.StatusBadRequest || strings.Contains(got.body, "other.example") || strings.Contains(got.body, "<code>https://app.example") {
			t.Errorf("%s sees what is registered: %d\n%s", who, got.StatusCode, got.body)
		}
		if leads := strings.Contains(got.body, `href="/login?return_to=`); leads != (who == "nobody") {
			t.Errorf("%s is led to sign in: %v", who, leads)
		}
	}
}
