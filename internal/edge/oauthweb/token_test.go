package oauthweb_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/base/opt"
	"kith/internal/domain/oauth"
)

func TestTokenAnswersHoldTheContractsKeys(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		a, secret := s.app(t)
		for scope, want := range map[string][]string{
			"contact_data offline_access": {"access_token", "expires_in", "refresh_token", "scope", "token_type"},
			"contact_data":                {"access_token", "expires_in", "scope", "token_type"},
		} {
			got := s.do(t, "POST", token, form("grant_type", "authorization_code", "code", s.code(t, s.request(a, "scope", scope)), "redirect_uri", callback),
				basic(a.UID.String(), secret))
			o := got.object(t)
			if keys := slices.Sorted(maps.Keys(o)); got.StatusCode != http.StatusOK || !slices.Equal(keys, want) {
				t.Errorf("%s: %d with %v, want %v", scope, got.StatusCode, keys, want)
			}
			if o["token_type"] != "Bearer" || o["expires_in"] != 86400.0 || o["scope"] != scope {
				t.Errorf("%s: %v", scope, o)
			}
			if got.Header.Get("Content-Type") != "application/json" || got.Header.Get("Cache-Control") != "no-store" ||
				got.Header.Get("Access-Control-Allow-Origin") != "*" || got.Header.Get("Kith-Request-Id") == "" {
				t.Errorf("headers %v", got.Header)
			}
		}
	})
}

// v3 contract, POST /token: where parameters and the client's name may stand.
func TestHowATokenMayBeAskedFor(t *testing.T) {
	s := one(t)
	a, secret := s.app(t)
	public, _ := s.app(t, flow(oauth.FlowPKCE))
	id, pid := a.UID.String(), public.UID.String()
	base := func(app oauth.Application, pairs ...string) url.Values {
		v := form("grant_type", "authorization_code", "code", s.code(t, s.request(app)), "redirect_uri", callback)
		if app.Flow == oauth.FlowPKCE {
			v.Set("code_verifier", verifier)
		}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v
	}
	formType := header("Content-Type", "application/x-www-form-urlencoded")
	for _, c := range []struct {
		name    string
		query   url.Values
		body    any
		changes []func(*http.Request)
	}{
		{"form and Basic", nil, base(a), []func(*http.Request){basic(id, secret)}},
		{"basic in lower case", nil, base(a), []func(*http.Request){basic(id, secret), lowerScheme}},
		{"form with the secret", nil, base(a, "client_id", id, "client_secret", secret), nil},
		{"Basic and client_id", nil, base(a, "client_id", id), []func(*http.Request){basic(id, secret)}},
		{"query and Basic", base(a), nil, []func(*http.Request){basic(id, secret)}},
		{"query with the secret", base(a, "client_id", id, "client_secret", secret), nil, nil},
		{"query and a JSON body", base(a), `{"client_id":"x","code":"y"}`, []func(*http.Request){basic(id, secret), header("Content-Type", "application/json")}},
		{"query and a JSON body called a form", base(a), `{"client_id":"x","redirect_uri":"https://x/?a=1&code=y"}`, []func(*http.Request){basic(id, secret), formType}},
		{"query and a body of nonsense", base(a), "%%%;&=", []func(*http.Request){basic(id, secret), formType}},
		{"half and half", form("grant_type", "authorization_code"), base(a), []func(*http.Request){basic(id, secret)}},
		{"form without a media type", nil, base(a).Encode(), []func(*http.Request){basic(id, secret)}},
		{"public by form", nil, base(public, "client_id", pid), nil},
		{"public by Basic without a secret", nil, base(public), []func(*http.Request){basic(pid, "")}},
		{"public by Basic and form", nil, base(public, "client_id", pid), []func(*http.Request){basic(pid, "")}},
		{"public with an empty secret", nil, base(public, "client_id", pid, "client_secret", ""), nil},
		{"public with a broken Basic", nil, base(public, "client_id", pid), []func(*http.Request){header("Authorization", "Basic "+pid)}},
		{"public with Basic of an id without a colon", nil, base(public, "client_id", pid), []func(*http.Request){header("Authorization", "Basic YWJj")}},
		{"public with another scheme", nil, base(public, "client_id", pid), []func(*http.Request){header("Authorization", "Bearer x")}},
		{"public from a page", nil, base(public, "client_id", pid), []func(*http.Request){header("Origin", "https://app.example")}},
		{"a slash at the end", nil, base(public, "client_id", pid), []func(*http.Request){func(r *http.Request) { r.URL.Path += "/" }}},
		{"the alias", nil, base(public, "client_id", pid), []func(*http.Request){func(r *http.Request) { r.URL.Path = "/oauth2/aus1lm3ry9mF7x2Ja0h8/v1/token" }}},
	} {
		got := s.do(t, "POST", token+"?"+c.query.Encode(), c.body, c.changes...)
		if got.StatusCode != http.StatusOK || got.object(t)["refresh_token"] == nil {
			t.Errorf("%s: %d %s", c.name, got.StatusCode, got.body)
		}
	}
	// A secret and PKCE together.
	path := s.request(a, "code_challenge", challenge(verifier), "code_challenge_method", "S256")
	got := s.do(t, "POST", token, form("grant_type", "authorization_code", "code", s.code(t, path), "redirect_uri", callback, "code_verifier", verifier), basic(id, secret))
	if got.StatusCode != http.StatusOK {
		t.Errorf("with PKCE and a secret: %d %s", got.StatusCode, got.body)
	}
}

func lowerScheme(r *http.Request) {
	r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "Basic", "basic", 1))
}

// v3 contract, POST /token: the refusals, to the letter.
func TestRefusalsOfATokenRequest(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		a, secret := s.app(t)
		b, secretB := s.app(t)
		public, _ := s.app(t, flow(oauth.FlowPKCE))
		off, offSecret := s.app(t)
		if _, err := s.oauth.SetActive(t.Context(), s.ann, off.UID, false); err != nil {
			t.Fatal(err)
		}
		const (
			deadRefresh = `{"error":"invalid_grant","error_description":"The refresh token is invalid or expired."}`
			deadCode    = `{"error":"invalid_grant","error_description":"The authorization code is invalid or has expired."}`
			redirect    = `{"error":"invalid_grant","error_description":"The 'redirect_uri' does not match the redirection URI used in the authorization request."}`
			pkce        = `{"error":"invalid_grant","error_description":"PKCE verification failed."}`
			client      = `{"error":"invalid_client","error_description":"The client secret supplied for a confidential client is invalid."}`
			browser     = `{"error":"invalid_request","error_description":"Browser requests to the token endpoint must use Proof Key for Code Exchange."}`
		)
		code := func(pairs ...string) url.Values {
			v := form("grant_type", "authorization_code", "code", "made-up", "redirect_uri", callback)
			for i := 0; i < len(pairs); i += 2 {
				if v.Del(pairs[i]); pairs[i+1] != "" {
					v.Set(pairs[i], pairs[i+1])
				}
			}
			return v
		}
		good := func(app oauth.Application) string { return s.code(t, s.request(app)) }
		spent := good(a)
		if _, err := s.oauth.Exchange(t.Context(), a, spent, callback, ""); err != nil {
			t.Fatal(err)
		}
		fine, other := basic(a.UID.String(), secret), basic(b.UID.String(), secretB)
		pid := public.UID.String()
		for _, c := range []struct {
			name    string
			body    url.Values
			client  func(*http.Request)
			status  int
			want    string // the body, or how it begins
			changes []func(*http.Request)
		}{
			{"refresh token unknown", form("grant_type", "refresh_token", "refresh_token", "x"), fine, 400, deadRefresh, nil},
			{"code unknown", code(), fine, 400, deadCode, nil},
			{"code used", code("code", spent), fine, 400, deadCode, nil},
			{"code of another client", code("code", good(a)), other, 400, deadCode, nil},
			{"redirect_uri differs", code("code", good(a), "redirect_uri", callback+"/"), fine, 400, redirect, nil},
			{"verifier missing", code("code", good(public), "client_id", pid), nil, 400, pkce, nil},
			{"verifier wrong", code("code", good(public), "client_id", pid, "code_verifier", strings.Repeat("a", 43)), nil, 400, pkce, nil},
			{"secret wrong, before the code", code(), basic(a.UID.String(), "x"), 401, client, nil},
			{"secret missing", code("client_id", a.UID.String()), nil, 401, client, nil},
			{"secret of another", code(), basic(a.UID.String(), secretB), 401, client, nil},
			{"client unknown", code("client_id", s.home.UID.String()), nil, 401, client, nil},
			{"client unnamed", code(), nil, 401, `{"error":"invalid_client",`, nil},
			{"broken Basic and no client_id", code(), header("Authorization", "Basic ???"), 401, `{"error":"invalid_client",`, nil},
			{"two names", code("client_id", pid), fine, 400, `{"error":"invalid_request",`, nil},
			{"deactivated", code(), basic(off.UID.String(), offSecret), 400, `{"error":"unauthorized_client","error_description":"The application is deactivated."}`, nil},
			{"grant unknown", form("grant_type", "client_credentials"), fine, 400, `{"error":"unsupported_grant_type",`, nil},
			{"password grant", form("grant_type", "password", "username", "x", "password", "y"), fine, 400, `{"error":"unsupported_grant_type",`, nil},
			{"grant missing", form("code", "x"), fine, 400, `{"error":"invalid_request","error_description":"The parameter grant_type is missing."}`, nil},
			{"code missing", code("code", ""), fine, 400, `{"error":"invalid_request","error_description":"The parameter code is missing."}`, nil},
			{"redirect_uri missing", code("redirect_uri", ""), fine, 400, `{"error":"invalid_request","error_description":"The parameter redirect_uri is missing."}`, nil},
			{"refresh_token missing", form("grant_type", "refresh_token"), fine, 400, `{"error":"invalid_request","error_description":"The parameter refresh_token is missing."}`, nil},
			{"device_code missing", form("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), fine, 400, `{"error":"invalid_request","error_description":"The parameter device_code is missing."}`, nil},
			{"from a page, with a secret", code(), fine, 400, browser, []func(*http.Request){header("Origin", "https://app.example")}},
			{"from a page, without one", code("client_id", a.UID.String()), nil, 400, browser, []func(*http.Request){header("Origin", "null")}},
			{"scope not granted", form("grant_type", "refresh_token", "refresh_token", "x", "scope", "pigeons"), fine, 400, `{"error":"invalid_scope",`, nil},
		} {
			changes := c.changes
			if c.client != nil {
				changes = append(changes, c.client)
			}
			got := s.do(t, "POST", token, c.body, changes...)
			if got.StatusCode != c.status || !strings.HasPrefix(got.body, c.want) {
				t.Errorf("%s: %d %s\nwant %d %s", c.name, got.StatusCode, got.body, c.status, c.want)
			}
			if o := got.object(t); len(o) != 2 || o["error_description"] == "" {
				t.Errorf("%s: %v", c.name, o)
			}
			if got.Header.Get("Kith-Error-Code") == "" || !strings.Contains(got.Header.Get("Link"), `rel="help"`) || got.Header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%s: headers %v", c.name, got.Header)
			}
			s.Clock.Move(10 * time.Second) // stay below the limit of failures
		}
	})
}

func TestABodyThatIsNoFormIsNamed(t *testing.T) {
	s := one(t)
	a, secret := s.app(t)
	got := s.do(t, "POST", token, `{"grant_type":"refresh_token"}`, basic(a.UID.String(), secret), header("Content-Type", "application/json"))
	if got.StatusCode != 400 || !strings.Contains(got.body, "application/x-www-form-urlencoded") {
		t.Errorf("JSON alone: %d %s", got.StatusCode, got.body)
	}
	got = s.do(t, "POST", token, strings.Repeat("x", 70<<10), basic(a.UID.String(), secret))
	if got.StatusCode != 400 || !strings.Contains(got.body, "too large") {
		t.Errorf("a large body: %d %s", got.StatusCode, got.body)
	}
	got = s.do(t, "GET", token, nil)
	if got.StatusCode != http.StatusMethodNotAllowed || got.Header.Get("Allow") != "POST" || got.object(t)["error"] != "invalid_request" {
		t.Errorf("GET: %d %s", got.StatusCode, got.body)
	}
	got = s.do(t, "OPTIONS", token, nil, header("Origin", "https://app.example"), header("Access-Control-Request-Method", "POST"))
	if got.StatusCode != http.StatusNoContent || got.Header.Get("Access-Control-Allow-Origin") != "*" ||
		!strings.Contains(got.Header.Get("Access-Control-Allow-Headers"), "Authorization") {
		t.Errorf("preflight: %d %v", got.StatusCode, got.Header)
	}
	if got := s.do(t, "POST", "/oauth2/default/v1/nothing", nil); got.StatusCode != http.StatusNotFound || got.object(t)["error"] == nil {
		t.Errorf("no endpoint: %d %s", got.StatusCode, got.body)
	}
}

func TestFailuresAreLimitedAndSuccessIsNot(t *testing.T) {
	s := one(t)
	a, secret := s.app(t)
	b, secretB := s.app(t)
	ask := func(client func(*http.Request)) answer {
		return s.do(t, "POST", token, form("grant_type", "refresh_token", "refresh_token", "x"), client)
	}
	tk, err := s.oauth.Exchange(t.Context(), b, s.code(t, s.request(b)), callback, "")
	if err != nil {
		t.Fatal(err)
	}
	refresh := tk.Refresh
	for i := range 20 {
		got := s.do(t, "POST", token, form("grant_type", "refresh_token", "refresh_token", refresh), basic(b.UID.String(), secretB))
		if got.StatusCode != http.StatusOK {
			t.Fatalf("refresh %d: %d %s", i, got.StatusCode, got.body)
		}
		refresh, _ = got.object(t)["refresh_token"].(string)
	}
	for i := range 10 {
		if got := ask(basic(a.UID.String(), "wrong")); got.StatusCode != http.StatusUnauthorized || got.Header.Get("WWW-Authenticate") == "" {
			t.Fatalf("try %d: %d %s", i, got.StatusCode, got.body)
		}
	}
	got := ask(basic(a.UID.String(), secret))
	if got.StatusCode != http.StatusTooManyRequests || got.Header.Get("Retry-After") == "" || got.object(t)["error"] != "too_many_requests" {
		t.Errorf("the eleventh: %d %s", got.StatusCode, got.body)
	}
	if got := ask(basic(b.UID.String(), secretB)); got.StatusCode != http.StatusBadRequest {
		t.Errorf("another client: %d %s", got.StatusCode, got.body)
	}
	s.Clock.Move(time.Minute)
	if got := ask(basic(a.UID.String(), secret)); got.StatusCode != http.StatusBadRequest {
		t.Errorf("a minute later: %d %s", got.StatusCode, got.body)
	}
}

// v3 contract, rate limits: one token request a second, where there is a limit.
func TestTokenRequestsOfALimitedApplication(t *testing.T) {
	s := one(t)
	a, secret := s.app(t, rate("4/s,10000/d"))
	ask := func() answer {
		return s.do(t, "POST", token, form("grant_type", "authorization_code", "code", s.code(t, s.request(a)), "redirect_uri", callback), basic(a.UID.String(), secret))
	}
	if got := ask(); got.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", got.StatusCode, got.body)
	}
	if got := ask(); got.StatusCode != http.StatusTooManyRequests || got.object(t)["error"] != "too_many_requests" || got.Header.Get("Retry-After") != "1" {
		t.Errorf("the second in a second: %d %s", got.StatusCode, got.body)
	}
}

func TestRevokeAndIntrospect(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		a, secret := s.app(t)
		public, _ := s.app(t, flow(oauth.FlowPKCE))
		tk, err := s.oauth.Exchange(t.Context(), a, s.code(t, s.request(a)), callback, "")
		if err != nil {
			t.Fatal(err)
		}
		const introspect, revoke = "/oauth2/default/v1/introspect", "/oauth2/default/v1/revoke"
		fine := basic(a.UID.String(), secret)
		o := s.do(t, "POST", introspect, form("token", tk.Access), fine).object(t)
		for key, want := range map[string]any{
			"active": true, "scope": "contact_data offline_access", "client_id": a.UID.String(), "username": "ann@moor.example", "token_type": "Bearer",
			"sub": "ann@moor.example", "aud": s.url + "/v3", "iss": s.url + "/oauth2/default", "exp": float64(s.Clock.Now().Unix() + 86400),
		} {
			if o[key] != want {
				t.Errorf("%s is %v, want %v", key, o[key], want)
			}
		}
		if o := s.do(t, "POST", introspect, form("token", tk.Refresh), fine).object(t); o["active"] != true || o["token_type"] != "refresh_token" {
			t.Errorf("refresh token: %v", o)
		}
		if got := s.do(t, "POST", introspect, form("token", "x"), fine); got.body != `{"active":false}` {
			t.Errorf("made up: %s", got.body)
		}
		if got := s.do(t, "POST", introspect, form("token", tk.Access, "client_id", public.UID.String())); got.StatusCode != http.StatusUnauthorized {
			t.Errorf("by a public client: %d %s", got.StatusCode, got.body)
		}
		if got := s.do(t, "POST", revoke, form("token", tk.Refresh, "client_id", public.UID.String())); got.StatusCode != http.StatusBadRequest || got.object(t)["error"] != "unauthorized_client" {
			t.Errorf("revoked by another client: %d %s", got.StatusCode, got.body)
		}
		for _, tok := range []string{tk.Refresh, tk.Refresh, "made-up"} {
			if got := s.do(t, "POST", revoke, form("token", tok, "token_type_hint", "refresh_token"), fine); got.StatusCode != http.StatusOK || got.body != "{}" {
				t.Errorf("revoke: %d %q", got.StatusCode, got.body)
			}
		}
		if got := s.do(t, "POST", revoke, form(), fine); got.StatusCode != http.StatusBadRequest {
			t.Errorf("no token: %d", got.StatusCode)
		}
		if got := s.do(t, "POST", introspect, form("token", tk.Access), fine); got.body != `{"active":false}` {
			t.Errorf("after revoking: %s", got.body)
		}
	})
}

func TestDiscovery(t *testing.T) {
	s := one(t)
	first := s.do(t, "GET", "/oauth2/default/.well-known/openid-configuration", nil)
	second := s.do(t, "GET", "/.well-known/oauth-authorization-server/oauth2/default", nil)
	if first.body != second.body || first.StatusCode != http.StatusOK || first.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("%d and %d:\n%s\n%s", first.StatusCode, second.StatusCode, first.body, second.body)
	}
	o := first.object(t)
	if o["issuer"] != s.url+"/oauth2/default" || fmt.Sprint(o["code_challenge_methods_supported"]) != "[S256]" ||
		fmt.Sprint(o["scopes_supported"]) != "[contact_data campaign_data account_read account_update billing_data offline_access]" {
		t.Errorf("got %v", o)
	}
	if _, there := o["id_token_signing_alg_values_supported"]; there {
		t.Error("it names id_token, which does not exist")
	}
	for name, v := range o {
		path, ok := strings.CutPrefix(fmt.Sprint(v), s.url)
		if !ok || !strings.HasSuffix(name, "_endpoint") {
			continue
		}
		if got := s.do(t, "POST", path, nil); got.StatusCode == http.StatusNotFound {
			t.Errorf("%s: there is nothing at %s", name, path)
		}
	}
	for _, path := range []string{"/oauth2/default/v1/keys", "/oauth2/aus1lm3ry9mF7x2Ja0h8/v1/keys"} {
		got := s.do(t, "GET", path, nil)
		keys, _ := got.object(t)["keys"].([]any)
		if len(keys) != 1 {
			t.Fatalf("%s: %s", path, got.body)
		}
		k, _ := keys[0].(map[string]any)
		if names := slices.Sorted(maps.Keys(k)); !slices.Equal(names, []string{"alg", "e", "kid", "kty", "n", "use"}) {
			t.Errorf("a key shows %v", names)
		}
	}
}

func TestTheReferencePageIsAPublicClient(t *testing.T) {
	s := one(t)
	got := s.do(t, "GET", "/reference/config.json", nil)
	id, _ := got.object(t)["client_id"].(string)
	if got.StatusCode != http.StatusOK || got.Header.Get("Access-Control-Allow-Origin") != "" ||
		got.body != `{"client_id":"`+id+`","documents":[{"name":"v3","url":"/v3/openapi.json"}],"scopes":["contact_data","campaign_data","account_read","account_update","offline_access"]}` {
		t.Fatalf("%d %s", got.StatusCode, got.body)
	}
	a, err := s.oauth.Client(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	uri := s.url + "/reference/oauth2-redirect.html"
	code := s.code(t, s.request(a, "redirect_uri", uri))
	got = s.do(t, "POST", token, form("grant_type", "authorization_code", "code", code, "redirect_uri", uri, "client_id", id, "code_verifier", verifier),
		header("Origin", s.url))
	if got.StatusCode != http.StatusOK {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	if _, err := s.oauth.UpdateApplication(t.Context(), s.ann, a.UID, oauth.ApplicationChange{Name: opt.Some("Mine")}, nil); err == nil {
		t.Error("it can be changed")
	}
}
