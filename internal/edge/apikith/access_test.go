package apikith_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
)

var inBraces = regexp.MustCompile(`\{[^}]+\}`)

// address is a path of the table as a call would have it, with the ids of
// things, or of nothing.
func (o operation) address(ids map[string]string) string {
	return "/kith/v1" + inBraces.ReplaceAllStringFunc(o.Path, func(name string) string {
		if is := ids[strings.Trim(name, "{}")]; is != "" {
			return is
		}
		switch name {
		case "{mail_id}", "{notice_key_id}":
			return "99"
		}
		return uid()
	})
}

// session reports whether an operation is for browsers alone.
func (o operation) session() bool { return o.Path == "/session/account" }

// TestAccess makes every call with every credential that must not be let in.
// What is asked comes after who asks, so the calls are otherwise empty.
func TestAccess(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		token, app := s.token(t, s.ines, allScopes...)
		browser := s.session(t, s.ines)
		refused := func(who caller, status int, code fault.Code, of func(operation) bool) {
			t.Helper()
			for _, o := range operations(t, s) {
				if of(o) {
					s.call(t, who, o.Method, o.address(nil), "").is(t, status, string(code))
				}
			}
		}
		every := func(operation) bool { return true }

		refused(nobody, 401, fault.CodeTokenMissing, every)
		refused(bearer("nonsense", "nonsense"), 401, fault.CodeTokenMalformed, every)
		refused(bearer("unknown key", "kith_unknown"), 401, fault.CodeTokenForeign, every)
		refused(inBrowser("no session", &http.Cookie{Name: "kith_session", Value: "x"}), 401, fault.CodeSession, every)
		elsewhere := caller{name: "another site's page", sign: func(r *http.Request) {
			r.AddCookie(browser.cookie)
			r.Header.Set("Sec-Fetch-Site", "cross-site")
		}}
		refused(elsewhere, 403, fault.CodeCrossOrigin, every)
		refused(caller{name: "another origin", sign: func(r *http.Request) {
			r.AddCookie(browser.cookie)
			r.Header.Set("Origin", "https://evil.example")
		}}, 403, fault.CodeCrossOrigin, every)

		// One key for each scope that is left out.
		for i, lacking := range allScopes {
			others := append(append([]oauth.Scope(nil), allScopes[:i]...), allScopes[i+1:]...)
			refused(s.key(t, s.ines, others...), 403, fault.CodeScope, func(o operation) bool { return o.scope() == lacking })
		}
		for i, role := range []account.Role{account.CampaignCreator, account.Manager} {
			who := s.join(t, []string{"cc@example.org", "mm@example.org"}[i], role)
			lacks := func(o operation) bool {
				for _, p := range o.Privileges {
					if who.actor.May(p) != nil {
						return true
					}
				}
				return false
			}
			refused(s.key(t, who, allScopes...), 403, fault.CodePrivilege, lacks)
			refused(s.session(t, who), 403, fault.CodePrivilege, lacks)
		}
		refused(token, 403, fault.CodeSession, operation.session)

		if _, err := s.oauth.SetActive(t.Context(), s.ines.actor, app.UID, false); err != nil {
			t.Fatal(err)
		}
		refused(token, 403, fault.CodeAppInactive, every)
		if _, err := s.oauth.SetActive(t.Context(), s.ines.actor, app.UID, true); err != nil {
			t.Fatal(err)
		}
		if _, err := s.accounts.Suspend(t.Context(), account.Actor{Via: account.ViaCommand}, s.home.ID); err != nil {
			t.Fatal(err)
		}
		refused(token, 403, fault.CodeSuspended, every)
		refused(browser, 403, fault.CodeSuspended, every)
		if _, err := s.accounts.Activate(t.Context(), account.Actor{Via: account.ViaCommand}, s.home.ID); err != nil {
			t.Fatal(err)
		}
		s.call(t, token, get, "/kith/v1/me", "").is(t, 200, "")
		s.Clock.Move(24 * time.Hour)
		refused(token, 401, fault.CodeTokenExpired, every)
	})
}

// TestEveryCredentialOpensMe shows that me asks for nothing.
func TestEveryCredentialOpensMe(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		token, _ := s.token(t, s.ines, oauth.CampaignData)
		creator := s.join(t, "cc@example.org", account.CampaignCreator)
		for _, who := range []caller{
			token, s.session(t, s.ines), s.session(t, creator), s.key(t, creator, oauth.BillingData),
		} {
			s.call(t, who, get, "/kith/v1/me", "").is(t, 200, "")
		}
	})
}

// TestOtherAccounts shows that what belongs to another account is not there.
func TestOtherAccounts(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		// Not the first: the other account has one of that number itself.
		sender, err := s.accounts.AddSender(t.Context(), s.ines.actor, "news@example.org", nil)
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]string{
			"email_id":        strconv.FormatInt(int64(sender.ID), 10),
			"client_id":       s.call(t, owner, post, "/kith/v1/applications", `{"name": "Box"}`).text(t, "client_id"),
			"api_key_id":      s.call(t, owner, post, "/kith/v1/api_keys", `{"name": "Key", "scopes": ["contact_data"]}`).text(t, "api_key_id"),
			"invitation_id":   s.call(t, owner, post, "/kith/v1/invitations", `{"email": "lu@example.org", "role": "owner"}`).text(t, "invitation_id"),
			"user_id":         s.ines.user.UID.String(),
			"contact_id":      s.contact(t, "lu@example.org").UID.String(),
			"custom_field_id": s.field(t, "Colour").UID.String(),
			"activity_id":     s.imported(t, "email\nx@\n").UID.String(),
			"form_id":         s.call(t, owner, post, "/kith/v1/forms", `{"name": "Box", "lists": [{"list_id": "`+s.list(t, "Gold").UID.String()+`"}]}`).text(t, "form_id"),
			"list_id":         s.list(t, "Silver").UID.String(),
			"domain_name":     s.domain(t, owner, "paper-boats.test").text(t, "name"),
			"mail_id":         s.call(t, owner, get, "/kith/v1/outbox", "").text(t, "mails[0].mail_id"),
			"request_id":      s.logged(t),
			"suppression_id":  s.call(t, owner, post, "/kith/v1/suppressions", `{"email_address": "lu@example.org"}`).text(t, "suppression_id"),
			"notice_key_id":   s.call(t, owner, post, "/kith/v1/notice-keys", `{"provider": "postmark"}`).text(t, "notice_key_id"),
		}
		bob, _ := s.signUp(t, "bob@example.org", "Others")
		bodies := map[string]string{
			"PUT /applications/{client_id}":      `{"name": "Mine now"}`,
			"PUT /fields/{custom_field_id}/slot": `{"slot": 2}`,
			"PUT /lists/{list_id}/brand":         `{"colour": "#000000"}`,
			"PUT /forms/{form_id}":               `{"name": "Mine now", "lists": []}`,
			"PUT /sender-domains/{domain_name}":  `{"signing": "off"}`,
			"PUT /lists/{list_id}/opt-in":        `{"confirm": true}`,
			"PUT /lists/{list_id}/offer":         `{"offered": true}`,
			"PUT /users/{user_id}":               `{"role": "manager"}`,
		}
		for name, stranger := range map[string]caller{"session": s.session(t, bob), "key": s.key(t, bob, allScopes...)} {
			for _, o := range operations(t, s) {
				if !strings.Contains(o.Path, "{") {
					continue
				}
				if strings.Contains(o.Path, "{kind}") {
					continue // not a thing of an account: templates are tried in TestTemplates
				}
				for _, part := range inBraces.FindAllString(o.Path, -1) {
					if ids[strings.Trim(part, "{}")] == "" {
						t.Errorf("%s %s is tried with nothing", o.Method, o.Path)
					}
				}
				a := s.call(t, stranger, o.Method, o.address(ids), bodies[o.Method+" "+o.Path])
				if a.StatusCode != http.StatusNotFound {
					t.Errorf("%s: %s %s: %d: %s", name, o.Method, o.Path, a.StatusCode, a.body)
				}
			}
		}
		// Nothing was changed, and lists show nothing of it.
		for _, o := range operations(t, s) {
			if o.Method == get && strings.Contains(o.Path, "{") && !strings.Contains(o.Path, "{kind}") {
				s.call(t, owner, get, o.address(ids), "").is(t, 200, "")
			}
		}
		for _, path := range []string{"/applications", "/api_keys", "/users", "/outbox", "/lists", "/forms", "/requests", "/sender-domains"} {
			mine := s.call(t, owner, get, "/kith/v1"+path, "").is(t, 200, "")
			theirs := s.call(t, s.session(t, bob), get, "/kith/v1"+path, "").is(t, 200, "")
			for _, is := range ids {
				if len(is) > 10 && strings.Contains(string(theirs.body), is) {
					t.Errorf("%s shows %s to another account", path, is)
				}
			}
			if string(mine.body) == string(theirs.body) {
				t.Errorf("%s is the same for both accounts: %s", path, mine.body)
			}
		}
	})
}
