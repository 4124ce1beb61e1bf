package oauthweb_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
)

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

func TestTheDeviceFlow(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		a, _ := s.app(t, flow(oauth.FlowDevice))
		id := a.UID.String()
		// Samples of the contract send response_type and state as well, and
		// all in the query.
		began := s.do(t, "POST", "/oauth2/default/v1/device/authorize?"+form("client_id", id, "scope", "contact_data offline_access", "response_type", "code", "state", "x").Encode(), nil)
		o := began.object(t)
		code, _ := o["device_code"].(string)
		shown, _ := o["user_code"].(string)
		if began.StatusCode != http.StatusOK || len(o) != 6 || !regexp.MustCompile(`^[A-Z]{4}-[A-Z]{4}$`).MatchString(shown) ||
			o["verification_uri"] != s.url+"/activate" || o["verification_uri_complete"] != s.url+"/activate?user_code="+shown ||
			o["expires_in"] != 600.0 || o["interval"] != 5.0 {
			t.Fatalf("%d %s", began.StatusCode, began.body)
		}
		poll := func() answer {
			return s.do(t, "POST", token, form("grant_type", deviceGrant, "client_id", id, "device_code", code))
		}
		says := func(what string, a answer, want string) {
			t.Helper()
			if a.StatusCode != http.StatusBadRequest || a.object(t)["error"] != want {
				t.Errorf("%s: %d %s, want %s", what, a.StatusCode, a.body, want)
			}
		}
		says("waiting", poll(), "authorization_pending")
		says("too fast", poll(), "slow_down")

		if to := s.do(t, "GET", "/activate?user_code="+shown, nil).location(t); to.Query().Get("return_to") != "/activate?user_code="+shown {
			t.Errorf("nobody signed in: to %s", to)
		}
		ann := s.as(s.ann)
		if got := s.do(t, "GET", "/activate", nil, ann); !strings.Contains(got.body, `name="user_code"`) {
			t.Errorf("the form: %d\n%s", got.StatusCode, got.body)
		}
		got := s.do(t, "GET", "/activate?user_code="+strings.ToLower(strings.ReplaceAll(shown, "-", "")), nil, ann)
		for _, text := range []string{"<h1>Allow Shop &lt;sync&gt; to use Moor Books?</h1>", shown, oauth.ContactData.Line(), ">Allow</button>", ">Deny</button>", "Use another account"} {
			if !strings.Contains(got.body, text) {
				t.Errorf("%q is not on the page\n%s", text, got.body)
			}
		}
		if policy := got.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self'") {
			t.Errorf("policy %q", policy)
		}
		answer := form("for", hidden.FindStringSubmatch(got.body)[1], "user_code", shown, "decision", "allow")
		if got := s.do(t, "POST", "/activate", answer, ann, header("Origin", "https://evil.example")); got.StatusCode != http.StatusForbidden {
			t.Errorf("sent by another site: %d", got.StatusCode)
		}
		if got := s.do(t, "POST", "/activate", answer, ann, header("Origin", s.url)); got.StatusCode != http.StatusOK || !strings.Contains(got.body, "connected") {
			t.Errorf("allowed: %d\n%s", got.StatusCode, got.body)
		}
		if got := s.do(t, "POST", "/activate", answer, ann, header("Origin", s.url)); got.StatusCode != http.StatusNotFound {
			t.Errorf("allowed twice: %d\n%s", got.StatusCode, got.body)
		}
		done := poll()
		if o := done.object(t); done.StatusCode != http.StatusOK || len(o) != 5 || o["refresh_token"] == "" {
			t.Errorf("%d %s", done.StatusCode, done.body)
		}
		says("again", poll(), "invalid_grant")
	})
}

func TestADeviceThatIsRefusedOrForgotten(t *testing.T) {
	s := one(t)
	a, _ := s.app(t, flow(oauth.FlowDevice))
	server, secret := s.app(t)
	start := func(pairs ...string) answer {
		v := form("client_id", a.UID.String(), "scope", "contact_data")
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return s.do(t, "POST", "/oauth2/default/v1/device/authorize", v)
	}
	poll := func(code any) any {
		text, _ := code.(string)
		return s.do(t, "POST", token, form("grant_type", deviceGrant, "client_id", a.UID.String(), "device_code", text)).object(t)["error"]
	}
	for name, c := range map[string]struct {
		got  answer
		want string
	}{
		"unknown scope":  {start("scope", "pigeons"), "invalid_scope"},
		"no scope":       {start("scope", ""), "invalid_scope"},
		"unknown client": {start("client_id", "x"), "invalid_client"},
		"another flow":   {start("client_id", server.UID.String(), "client_secret", secret), "unauthorized_client"},
	} {
		if c.got.object(t)["error"] != c.want {
			t.Errorf("%s: %d %s, want %s", name, c.got.StatusCode, c.got.body, c.want)
		}
	}
	o := start().object(t)
	ann := s.as(s.ann)
	shown, _ := o["user_code"].(string)
	page := s.do(t, "GET", "/activate?user_code="+shown, nil, ann)
	got := s.do(t, "POST", "/activate", form("for", hidden.FindStringSubmatch(page.body)[1], "user_code", shown, "decision", "deny"), ann, header("Origin", s.url))
	if got.StatusCode != http.StatusOK || !strings.Contains(got.body, "refused") {
		t.Errorf("denied: %d", got.StatusCode)
	}
	if err := poll(o["device_code"]); err != "access_denied" {
		t.Errorf("denied: %v", err)
	}
	o = start().object(t)
	s.Clock.Move(10 * time.Minute)
	if err := poll(o["device_code"]); err != "expired_token" {
		t.Errorf("late: %v", err)
	}
	shown, _ = o["user_code"].(string)
	if got := s.do(t, "GET", "/activate?user_code="+url.QueryEscape(shown), nil, ann); got.StatusCode != http.StatusNotFound || !strings.Contains(got.body, "expired") {
		t.Errorf("typed late: %d\n%s", got.StatusCode, got.body)
	}
}

func TestUserCodesCannotBeGuessed(t *testing.T) {
	s := one(t)
	a, _ := s.app(t, flow(oauth.FlowDevice))
	ann := s.as(s.ann)
	for i := range 10 {
		if got := s.do(t, "GET", "/activate?user_code=BBBB-BBBB", nil, ann); got.StatusCode != http.StatusNotFound {
			t.Fatalf("guess %d: %d", i, got.StatusCode)
		}
	}
	_, d, err := s.oauth.StartDevice(t.Context(), a, oauth.Scopes{oauth.ContactData})
	if err != nil {
		t.Fatal(err)
	}
	got := s.do(t, "GET", "/activate?user_code="+d.UserCode, nil, ann)
	if got.StatusCode != http.StatusTooManyRequests || got.Header.Get("Retry-After") == "" {
		t.Errorf("the eleventh: %d\n%s", got.StatusCode, got.body)
	}
}

func TestDeviceRequestsAreLimitedByAddress(t *testing.T) {
	s := one(t)
	a, _ := s.app(t, flow(oauth.FlowDevice))
	start := func() answer {
		return s.do(t, "POST", "/oauth2/default/v1/device/authorize", form("client_id", a.UID.String(), "scope", "contact_data"))
	}
	for i := range account.PostsPerAddress {
		if got := start(); got.StatusCode != http.StatusOK {
			t.Fatalf("request %d: %d %s", i, got.StatusCode, got.body)
		}
	}
	if got := start(); got.StatusCode != http.StatusTooManyRequests || got.object(t)["error"] != "too_many_requests" {
		t.Errorf("one too many: %d %s", got.StatusCode, got.body)
	}
	s.Clock.Move(time.Minute)
	if got := start(); got.StatusCode != http.StatusOK {
		t.Errorf("a minute later: %d %s", got.StatusCode, got.body)
	}
}
