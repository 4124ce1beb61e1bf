package apiv3_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
)

// row is an operation as the document tells of it.
type row struct {
	method, path string
	scopes       []string
	privileges   []string
	built        bool
	statuses     []string // of its answers
	media        []string // in which its body comes; none where it has none
}

// rows reads all operations out of the document.
func rows(t *testing.T) []row {
	t.Helper()
	data, err := os.ReadFile(documentPath)
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Paths map[string]map[string]struct {
			Security   []map[string][]string `json:"security"`
			Privileges []string              `json:"x-kith-privileges"`
			Built      bool                  `json:"x-kith-built"`
			Responses  map[string]any        `json:"responses"`
			Body       struct {
				Content map[string]any `json:"content"`
			} `json:"requestBody"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatal(err)
	}
	var all []row
	for path, methods := range d.Paths {
		for method, o := range methods {
			all = append(all, row{
				strings.ToUpper(method), path, o.Security[0]["oauth2"], o.Privileges, o.Built,
				slices.Sorted(maps.Keys(o.Responses)), slices.Sorted(maps.Keys(o.Body.Content)),
			})
		}
	}
	const own = 3 // parts of a contact
	if len(all) != 128+own {
		t.Fatalf("the document has %d operations, the contract 128, and Kith %d of its own", len(all), own)
	}
	slices.SortFunc(all, func(a, b row) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return all
}

// address is a path that is called with ids of nothing.
func (r row) address() string {
	var b strings.Builder
	for segment := range strings.SplitSeq(r.path, "/") {
		switch {
		case segment == "":
			continue
		case segment == "{segment_id}":
			segment = "7"
		case strings.HasPrefix(segment, "{"):
			segment = "019f0000-0000-7000-8000-000000000001"
		}
		b.WriteString("/" + segment)
	}
	return "/v3" + b.String()
}

// Each operation, called by everybody who may not.
func TestWhoMayCall(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		all := rows(t)
		owner := w.client()
		expired := w.token(w.ann, w.app, oauth.AllScopes()...)
		off := w.application(w.ann, "")
		inactive := w.token(w.ann, off, oauth.AllScopes()...)
		if _, err := w.oauth.SetActive(t.Context(), w.ann, off.UID, false); err != nil {
			t.Fatal(err)
		}
		maker, _ := w.User(t, w.home, "maker@moor.example", account.CampaignCreator)
		manager, _ := w.User(t, w.home, "manager@moor.example", account.Manager)
		for _, r := range all {
			call := func(name, token string, status int, code string) {
				t.Helper()
				c := &client{w: w, token: token}
				got := c.call(r.method, r.address(), nil)
				if got.Code != status || got.Header().Get("Kith-Error-Code") != code {
					t.Errorf("%s %s, %s: %d %s, want %d %s", r.method, r.path, name, got.Code, got.Header().Get("Kith-Error-Code"), status, code)
				}
			}
			call("no token", "", 401, "token.missing")
			call("no token but a word", "nonsense", 401, "token.malformed")
			call("of a deactivated application", inactive, 403, "access.application_inactive")
			if len(r.scopes) > 0 {
				var others []oauth.Scope
				for _, s := range oauth.AllScopes() {
					if !slices.Contains(r.scopes, string(s)) {
						others = append(others, s)
					}
				}
				call("too little scope", w.token(w.ann, w.app, others...), 403, "access.scope")
			}
			for _, who := range []account.Actor{maker, manager} {
				lacks := slices.ContainsFunc(r.privileges, func(p string) bool {
					return !slices.Contains(who.Role.Privileges(), account.Privilege(p))
				})
				if lacks {
					call("too little privilege, "+string(who.Role), w.token(who, w.app, oauth.AllScopes()...), 403, "access.privilege")
				}
			}
			if !r.built {
				// Nothing else is wrong with the call.
				owner.call(r.method, r.address(), nil).code(501, "operation.not_built")
			}
		}
		w.Clock.Move(25 * time.Hour)
		for _, r := range all {
			c := &client{w: w, token: expired}
			c.call(r.method, r.address(), nil).code(401, "token.expired")
		}
	})
}

// What belongs to one account is nowhere to be found from another.
func TestAnotherAccountsThings(t *testing.T) {
	w := alone(t)
	c := w.client()
	list := c.call(http.MethodPost, "/v3/contact_lists", object{"name": "Gold"}).status(201).text("list_id")
	contact := c.call(http.MethodPost, "/v3/contacts", object{"email_address": object{"address": "a@example.org"}, "create_source": "Account"}).
		status(201).text("contact_id")
	bob := w.stranger()
	bob.call(http.MethodPost, "/v3/contact_lists", object{"name": "Gold"}).status(201)
	for _, r := range []struct {
		method, path string
		body         any
	}{
		{http.MethodGet, "/v3/contacts/" + contact, nil},
		{http.MethodPut, "/v3/contacts/" + contact, object{"update_source": "Account"}},
		{http.MethodDelete, "/v3/contacts/" + contact, nil},
		{http.MethodGet, "/v3/contact_lists/" + list, nil},
		{http.MethodPut, "/v3/contact_lists/" + list, object{"name": "Mine"}},
	} {
		bob.call(r.method, r.path, r.body).code(404, "resource.not_found")
	}
	for _, path := range []string{"/v3/contacts", "/v3/contacts?status=all", "/v3/contact_lists?status=all", "/v3/contacts?lists=" + list} {
		if got := bob.call(http.MethodGet, path, nil).status(200); strings.Contains(got.Body.String(), contact) || strings.Contains(got.Body.String(), list) {
			t.Errorf("%s: %s", path, got.Body)
		}
	}
	bob.call(http.MethodPost, "/v3/contacts", object{"first_name": "Jo", "create_source": "Account", "list_memberships": []string{list}}).code(400, "request.invalid")
	bob.call(http.MethodPost, "/v3/contacts", object{"email_address": object{"address": "a@example.org"}, "create_source": "Account"}).status(201)
}

func TestWithAnAccessKey(t *testing.T) {
	w := alone(t)
	key, _, err := w.oauth.CreateAccessKey(t.Context(), w.ann, oauth.NewAccessKey{Name: "Form", Scopes: oauth.Scopes{oauth.ContactData}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &client{w: w, token: key}
	c.call(http.MethodGet, "/v3/contacts", nil).status(200)
	c.call(http.MethodGet, "/v3/account/summary", nil).code(403, "access.scope")
	c.call(http.MethodGet, "/v3/account/user/privileges", nil).status(200)
}

func TestLimitOfAnApplication(t *testing.T) {
	w := alone(t)
	app := w.application(w.ann, "2/s,3/d")
	c := &client{w: w, token: w.token(w.ann, app, oauth.ContactData)}
	c.call(http.MethodGet, "/v3/contacts", nil).status(200)
	c.call(http.MethodGet, "/v3/contacts", nil).status(200)
	c.call(http.MethodGet, "/v3/contacts", nil).code(429, "limit.per_second")
	w.Clock.Move(time.Second)
	c.call(http.MethodGet, "/v3/contacts", nil).status(200)
	c.call(http.MethodGet, "/v3/contacts", nil).code(429, "limit.per_day")
	c.golden("limit")
}

func TestRoutes(t *testing.T) {
	w := alone(t)
	c := w.client()
	c.call(http.MethodGet, "/v3/nowhere", nil).code(404, "request.route")
	c.call(http.MethodGet, "/v3", nil).code(404, "request.route")
	c.call(http.MethodGet, "/v3/contacts/019f0000-0000-7000-8000-000000000001/more", nil).code(404, "request.route")
	c.call(http.MethodPatch, "/v3/contact_lists", object{}).code(405, "request.method")
	c.call(http.MethodPost, "/v3/account/summary", object{}).code(405, "request.method")
	// A route is refused before a missing token is.
	stranger := &client{w: w}
	stranger.call(http.MethodGet, "/v3/nowhere", nil).code(404, "request.route")
	stranger.call(http.MethodGet, "/v3/contacts", nil).code(401, "token.missing")
	stranger.call(http.MethodOptions, "/v3/contacts", nil).status(204)
	c.golden("routes")
}

// What is not built is refused for every other reason first.
func TestFormBeforeNotBuilt(t *testing.T) {
	w := alone(t)
	c := w.client()
	c.call(http.MethodPost, "/v3/emails", "{").code(400, "request.malformed")
	c.call(http.MethodPost, "/v3/emails", "name=x", "Content-Type", "text/plain").code(415, "request.media_type")
	c.call(http.MethodGet, "/v3/emails/x", nil).code(404, "resource.not_found")
	c.call(http.MethodGet, "/v3/contact_tags?limit=501", nil).code(400, "request.invalid")
	c.call(http.MethodPost, "/v3/emails", object{"name": "x"}).code(501, "operation.not_built")
}

func TestSessionsAreNoMatterOfOtherSites(t *testing.T) {
	w := alone(t)
	w.browser = &w.ann
	c := &client{w: w}
	got := c.call(http.MethodGet, "/v3/contacts", nil, "Cookie", "kith=1").status(200)
	if h := got.Header().Get("Access-Control-Allow-Origin"); h != "" {
		t.Errorf("a session's answer may be read by %s", h)
	}
	if h := w.client().call(http.MethodGet, "/v3/contacts", nil).Header().Get("Access-Control-Allow-Origin"); h != "*" {
		t.Errorf("a token's answer may be read by %q", h)
	}
}
