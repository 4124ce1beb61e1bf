package webapp_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"kith/docs"
	"kith/internal/base/fault"
	"kith/internal/domain/account"
	"kith/internal/edge/webapp"
)

func TestFirstSteps(t *testing.T) {
	s := open(t, options{signup: account.SignupFirst})
	b := s.browser(t)
	b.leads(b.get("/"), "/signup")
	b.shows(b.get("/signup"), 200, "Sign up", "Yours will be the first")
	b.signUp("ines@example.org")
	b.shows(b.get("/welcome"), 200, "Welcome, Ines", "Roy &amp; Co is ready", "ines@example.org", "/imports", "/applications")
	b.shows(b.get("/"), 200, "the app")
	b.shows(b.get("/contacts/0190-x?include=lists"), 200, "the app")
	b.shows(b.me(), 200, "owner web 127.0.0.1")

	// Elsewhere nobody is signed in, and nobody signs up any more.
	other := s.browser(t)
	other.leads(other.get("/"), "/login")
	other.leads(other.get("/contacts?list=3"), "/login?return_to=%2Fcontacts%3Flist%3D3")
	other.shows(other.get("/signup"), 403, "Sign-up is closed")
	other.shows(other.post("/signup", "email", "kim@example.org", "password", password), 403, "Nobody can sign up")
	other.shows(other.me(), 401)
}

// labelled returns the controls of a page by their accessible names.
func labelled(body string) map[string]string {
	inputs := map[string]string{}
	for _, m := range regexp.MustCompile(`<label for="([a-z_]+)">([^<]+)</label>\s*<input id="([a-z_]+)" name="([a-z_]+)" type="([a-z]+)"`).FindAllStringSubmatch(body, -1) {
		if m[1] == m[3] && m[3] == m[4] {
			inputs[m[2]] = m[5]
		}
	}
	for _, m := range regexp.MustCompile(`<button type="submit"[^>]*>([^<]+)</button>`).FindAllStringSubmatch(body, -1) {
		inputs[m[1]] = "button"
	}
	return inputs
}

// The labels of design.md section 4 are what tests elsewhere look for.
func TestLabels(t *testing.T) {
	s := open(t, options{})
	s.browser(t).signUp("ines@example.org")
	b := s.browser(t)
	for path, want := range map[string]map[string]string{
		"/signup": {"Email": "email", "Password": "password", "First name": "text", "Last name": "text", "Organization name": "text", "Phone number": "tel", "Sign up": "button"},
		"/login":  {"Email": "email", "Password": "password", "Log in": "button"},
		"/reset":  {"Email": "email", "Send the link": "button"},
	} {
		got := labelled(b.get(path).body)
		for label, kind := range want {
			if got[label] != kind {
				t.Errorf("%s: %q is %q, want %q", path, label, got[label], kind)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s has %v, want %v", path, got, want)
		}
	}
}

func TestFaultsStandAtTheirFields(t *testing.T) {
	s := open(t, options{})
	b := s.browser(t)
	a := b.post("/signup", "email", "ines", "password", "short", "first_name", "Ines <b>", "last_name", "Roy",
		"organization_name", "Roy & Co", "phone_number", strings.Repeat("1", 26))
	b.shows(a, 400,
		"<title>Error: Sign up",
		`<a href="#email">Email has no @ sign.</a>`,
		`<a href="#password">Password has fewer than 8 characters.</a>`,
		`<a href="#phone_number">Phone number has more than 25 characters.</a>`,
		`<span class="wrong" id="email-wrong">Email has no @ sign.</span>`,
		`aria-invalid="true" aria-describedby="password-wrong password-hint"`,
		`value="Ines &lt;b&gt;"`, `value="Roy &amp; Co"`, `value="ines"`,
	)
	if strings.Contains(a.body, "short\"") || strings.Count(a.body, "autofocus") != 1 {
		t.Error("the password came back, or the cursor is not in one place")
	}
	if code := a.Header.Get("Kith-Error-Code"); code != string(fault.CodeInvalid) {
		t.Errorf("code %q", code)
	}
	b.signUp("ines@example.org")
	b.shows(s.browser(t).post("/signup", "email", "Ines@example.org", "password", password), 409, "Email belongs to a user already.")
}

func TestSetupCode(t *testing.T) {
	s := open(t, options{signup: account.SignupFirst, code: "K7-QX"})
	b := s.browser(t)
	b.shows(b.get("/signup"), 200, `<label for="setup_code">Set-up code</label>`)
	b.shows(b.post("/signup", "email", "ines@example.org", "password", password), 403,
		`<a href="#setup_code">Set-up code is not the one that the server printed.</a>`, `value="ines@example.org"`)
	b.leads(b.post("/signup", "email", "ines@example.org", "password", password, "setup_code", "K7-QX"), "/welcome")
}

func TestLogInAndOut(t *testing.T) {
	s := open(t, options{})
	s.browser(t).signUp("ines@example.org")
	b := s.browser(t)
	before := b.cookie()
	b.shows(b.post("/login", "email", "ines@example.org", "password", "wrong"), 401,
		"The email address or the password is wrong.", `value="ines@example.org"`)
	if b.cookie() != before {
		t.Error("a failure left a session")
	}
	b.leads(b.post("/login", "email", "INES@example.org", "password", password, "return_to", "/lists?x=1"), "/lists?x=1")
	first := b.cookie()
	if first == "" {
		t.Fatal("no session")
	}
	b.shows(b.me(), 200, "owner")

	b.logIn("ines@example.org")
	if b.cookie() == first {
		t.Error("signing in keeps the former token")
	}
	old := s.browser(t)
	old.setCookie(first)
	old.shows(old.me(), 401)

	held := b.cookie()
	b.shows(b.get("/logout"), 200, "Log out")
	b.shows(b.me(), 200) // a GET ends nothing
	b.leads(b.post("/logout"), "/login")
	b.shows(b.me(), 401)
	old.setCookie(held)
	old.shows(old.me(), 401) // the token is worth nothing after that
	b.leads(b.get("/logout"), "/login")
}

func TestTheCookie(t *testing.T) {
	for public, secure := range map[string]bool{"http://kith.test": false, "https://kith.test": true} {
		t.Run(public, func(t *testing.T) {
			s := open(t, options{public: public})
			b := s.browser(t)
			a := b.post("/signup", "email", "ines@example.org", "password", password)
			cookies := a.Cookies()
			if len(cookies) != 1 {
				t.Fatalf("cookies %v", cookies)
			}
			c := cookies[0]
			if c.Name != "kith_session" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Secure != secure || len(c.Value) < 32 {
				t.Errorf("cookie %+v, want secure %v", c, secure)
			}
		})
	}
}

func TestTheTokenIsStoredHashed(t *testing.T) {
	s := open(t, options{})
	b := s.browser(t)
	b.signUp("ines@example.org")
	other := s.browser(t)
	// Whoever reads the database holds hashes; a hash in a cookie lets nobody in.
	other.setCookie(webappHash(b.cookie()))
	other.shows(other.me(), 401)
}

func TestSessionsEndWithTheCredentials(t *testing.T) {
	s := open(t, options{})
	b, other := s.browser(t), s.browser(t)
	b.signUp("ines@example.org")
	other.logIn("ines@example.org")
	link := func() string { return s.mail.link(t, account.LinkReset) }

	b.shows(s.browser(t).post("/reset", "email", "ines@example.org"), 200, "Look into your mailbox")
	stranger := s.browser(t)
	stranger.shows(stranger.get(link()), 200, "Choose a new password", "ines@example.org")
	_, token, _ := strings.Cut(link(), "token=")
	stranger.shows(stranger.post("/reset", "token", token, "password", "short"), 400, "New password has fewer than 8 characters.")
	stranger.shows(stranger.post("/reset", "token", token, "password", "another horse"), 200, "Your password is changed")
	stranger.shows(stranger.post("/reset", "token", token, "password", "a third horse"), 410, "does not work any more", `ask again at <a href="/reset"><code>/reset</code></a>`)
	stranger.shows(stranger.get(link()), 410)
	for _, x := range []*browser{b, other} {
		x.shows(x.me(), 401)
		x.leads(x.get("/contacts"), "/login?return_to=%2Fcontacts")
	}
	stranger.leads(stranger.post("/login", "email", "ines@example.org", "password", "another horse"), "/")
}

func TestAChangedPasswordKeepsItsOwnSession(t *testing.T) {
	s := open(t, options{})
	b, other := s.browser(t), s.browser(t)
	b.signUp("ines@example.org")
	other.logIn("ines@example.org")
	r := b.request("POST", "/kith/v1/password", url.Values{})
	r.AddCookie(&http.Cookie{Name: webapp.CookieName, Value: b.cookie()})
	actor, err := s.sessions.Actor(r)
	if err != nil {
		t.Fatal(err)
	}
	u, err := s.accounts.ChangePassword(t.Context(), actor, password, "another horse")
	if err != nil {
		t.Fatal(err)
	}
	b.shows(b.me(), 401)
	w := newRecorder()
	if err := s.sessions.Renew(w, r, u); err != nil {
		t.Fatal(err)
	}
	b.setCookie(w.Result().Cookies()[0].Value)
	b.shows(b.me(), 200, "owner")
	other.shows(other.me(), 401)
}

func TestSuspendedAccounts(t *testing.T) {
	s := open(t, options{})
	b := s.browser(t)
	b.signUp("ines@example.org")
	operator := account.Actor{Via: account.ViaCommand}
	a, err := s.accounts.AccountOf(t.Context(), operator, "ines@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.accounts.Suspend(t.Context(), operator, a.ID); err != nil {
		t.Fatal(err)
	}
	b.shows(b.me(), 403, "The account is suspended.")
	b.shows(b.get("/welcome"), 403, "The account is suspended.")
	b.shows(s.browser(t).post("/login", "email", "ines@example.org", "password", password), 403, "The account is suspended.", "/errors/access.account_suspended")
	if _, err := s.accounts.Activate(t.Context(), operator, a.ID); err != nil {
		t.Fatal(err)
	}
	b.shows(b.me(), 200)
}

func TestInvitations(t *testing.T) {
	s := open(t, options{signup: account.SignupOpen})
	owner := s.browser(t)
	owner.signUp("ines@example.org")
	s.browser(t).signUp("kim@example.org")
	inviting := owner.actor()
	invite := func(email string, role account.Role) (path, token string) {
		t.Helper()
		if _, err := s.accounts.Invite(t.Context(), inviting, email, role); err != nil {
			t.Fatal(err)
		}
		path = s.mail.link(t, account.LinkInvite)
		_, token, _ = strings.Cut(path, "token=")
		return path, token
	}

	path, token := invite("mo@example.org", account.Manager)
	mo := s.browser(t)
	mo.shows(mo.get(path), 200, "Join Roy &amp; Co", "a manager", "mo@example.org", `<label for="password">Password</label>`, "Accept the invitation")
	mo.shows(mo.post("/invite", "token", token, "first_name", "Mo", "password", "x"), 400, "Password has fewer than 8 characters.", `value="Mo"`)
	mo.leads(mo.post("/invite", "token", token, "first_name", "Mo", "password", password), "/")
	mo.shows(mo.me(), 200, "manager")
	mo.shows(mo.get(path), 410)

	// Who has a user gives no password, and is not signed in by the link.
	path, token = invite("kim@example.org", account.CampaignCreator)
	kim := s.browser(t)
	a := kim.get(path)
	kim.shows(a, 200, "You have a user already")
	if strings.Contains(a.body, `type="password"`) {
		t.Error("a user is asked for a password")
	}
	kim.shows(kim.post("/invite", "token", token), 200, "You have joined Roy &amp; Co")
	kim.shows(kim.me(), 401)
	kim.logIn("kim@example.org")
	kim.shows(kim.me(), 200, "owner") // at home

	// Two accounts to choose from; the page to log in at offers them.
	a = kim.get("/login?return_to=/lists")
	kim.shows(a, 200, "You are logged in as kim@example.org", "Campaign creator", `aria-label="Continue in Roy &amp; Co"`)
	uids := regexp.MustCompile(`name="account" value="([0-9a-f-]{36})"`).FindAllStringSubmatch(a.body, -1)
	if len(uids) != 2 {
		t.Fatalf("choices %v", uids)
	}
	kim.leads(kim.post("/switch", "account", uids[1][1], "return_to", "/lists"), "/lists")
	kim.shows(kim.me(), 200, "campaign_creator")
	mo.shows(mo.post("/switch", "account", uids[0][1]), 404) // not Mo's
	mo.shows(mo.post("/switch", "account", "x"), 404)
	mo.shows(mo.me(), 200, "manager")
	nobody := s.browser(t)
	nobody.leads(nobody.post("/switch", "account", uids[0][1]), "/login")
}

func TestConfirmingAnAddressToSendFrom(t *testing.T) {
	s := open(t, options{})
	b := s.browser(t)
	b.signUp("ines@example.org")
	command := account.Actor{Via: account.ViaCommand}
	ines, err := s.accounts.UserNamed(t.Context(), command, "ines@example.org")
	if err != nil {
		t.Fatal(err)
	}
	by := account.Actor{Account: ines.Home, User: ines.ID, Role: account.Owner, Via: account.ViaWeb}
	if _, err := s.accounts.AddSender(t.Context(), by, "news@example.org", nil); err != nil {
		t.Fatal(err)
	}
	path := s.mail.link(t, account.LinkSender)
	_, token, _ := strings.Cut(path, "token=")
	stranger := s.browser(t) // the mail is read by somebody else
	confirmed := func(want bool) {
		t.Helper()
		all, err := s.accounts.Senders(t.Context(), by, account.SenderFilter{Email: "news@example.org"})
		if err != nil || len(all) != 1 || all[0].Confirmed() != want {
			t.Errorf("%+v, %v; want confirmed %t", all, err, want)
		}
	}
	stranger.shows(stranger.get(path), 200, "news@example.org", "Confirm this address")
	stranger.shows(stranger.get(path), 200)
	confirmed(false) // opening it uses nothing up
	stranger.shows(stranger.post("/sender", "token", token), 200, "The address is confirmed", "news@example.org")
	confirmed(true)
	stranger.shows(stranger.post("/sender", "token", token), 410)
	stranger.shows(stranger.get("/confirm?token="+token), 410)
}

func TestConfirming(t *testing.T) {
	s := open(t, options{noMail: true})
	b := s.browser(t)
	b.signUp("ines@example.org")
	b.shows(b.get("/welcome"), 200, `kept in the <a href="/outbox">outbox</a>`)
	path := s.mail.link(t, account.LinkConfirm)
	_, token, _ := strings.Cut(path, "token=")
	stranger := s.browser(t) // the mail is read on another machine
	stranger.shows(stranger.get(path), 200, "ines@example.org", "Confirm this address")
	stranger.shows(stranger.get(path), 200) // opening it uses nothing up
	stranger.shows(stranger.post("/confirm", "token", token), 200, "Your address is confirmed")
	stranger.shows(stranger.post("/confirm", "token", token), 410)
	if body := b.get("/welcome").body; strings.Contains(body, "outbox") {
		t.Error("still asked to confirm")
	}
	b.shows(b.get("/reset"), 200, "kith user reset-password")
}

func TestNothingTellsWhoIsKnown(t *testing.T) {
	s := open(t, options{})
	s.browser(t).signUp("ines@example.org")
	b := s.browser(t)
	for _, path := range []string{"/reset", "/login"} {
		var answers []answer
		for _, email := range []string{"ines@example.org", "nobody@example.org"} {
			answers = append(answers, b.post(path, "email", email, "password", "wrong"))
		}
		known := strings.ReplaceAll(answers[0].body, "ines@", "nobody@")
		if known != answers[1].body || answers[0].StatusCode != answers[1].StatusCode {
			t.Errorf("%s answers %d and %d, not alike", path, answers[0].StatusCode, answers[1].StatusCode)
		}
		for name := range answers[0].Header {
			if name != "Kith-Request-Id" && name != "Content-Length" && name != "Date" && answers[0].Header.Get(name) != answers[1].Header.Get(name) {
				t.Errorf("%s: %s differs", path, name)
			}
		}
	}
}

func TestLimits(t *testing.T) {
	s := open(t, options{limits: true})
	s.browser(t).signUp("ines@example.org")
	b := s.browser(t)
	for range account.TriesPerSubject {
		b.shows(b.post("/login", "email", "ines@example.org", "password", "wrong"), 401)
	}
	a := b.post("/login", "email", "ines@example.org", "password", password)
	b.shows(a, 429, "Too many tries; wait a minute.", `value="ines@example.org"`)
	if a.Header.Get("Retry-After") != "51" { // it is 17:05:09
		t.Errorf("wait %q", a.Header.Get("Retry-After"))
	}
	b.shows(b.me(), 401)
	s.clock.Move(time.Minute)
	b.logIn("ines@example.org")

	for i := 1; i < account.PostsPerAddress+2; i++ {
		a = b.post("/reset", "email", "no address")
	}
	b.shows(a, 429)
}

func TestForeignPagesChangeNothing(t *testing.T) {
	s := open(t, options{})
	b := s.browser(t)
	b.signUp("ines@example.org")
	forms := map[string]url.Values{
		"/signup": {"email": {"evil@example.org"}, "password": {password}}, "/login": {"email": {"ines@example.org"}, "password": {password}},
		"/logout": {}, "/switch": {}, "/reset": {"email": {"ines@example.org"}}, "/invite": {}, "/confirm": {}, "/sender": {},
	}
	for _, headers := range []map[string]string{
		{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
		{"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:1"},
		{"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
		{"Sec-Fetch-Site": "", "Origin": "null"},
	} {
		for path, form := range forms {
			r := b.request("POST", path, form)
			for name, value := range headers {
				r.Header.Del(name)
				if value != "" {
					r.Header.Set(name, value)
				}
			}
			a := b.do(r)
			b.shows(a, 403, "A page of another site sent this request.")
			if len(a.Cookies()) != 0 {
				t.Errorf("%s set a cookie", path)
			}
		}
		// The API takes the cookie from our own pages alone, reading too.
		r := b.request("GET", "/v3/me", nil)
		for name, value := range headers {
			r.Header.Set(name, value)
		}
		b.shows(b.do(r), 403)
	}
	b.shows(b.me(), 200, "owner")
	// Behind a proxy that renames the host, the public URL is ours too.
	r := b.request("POST", "/logout", url.Values{})
	r.Header.Del("Sec-Fetch-Site")
	r.Header.Set("Origin", "http://kith.test")
	b.leads(b.do(r), "/login")
}

func TestNoWayOut(t *testing.T) {
	s := open(t, options{})
	s.browser(t).signUp("ines@example.org")
	for _, to := range []string{"https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"} {
		b := s.browser(t)
		b.leads(b.post("/login", "email", "ines@example.org", "password", password, "return_to", to), "/")
		if body := b.get("/login?return_to=" + url.QueryEscape(to)).body; strings.Contains(body, "evil.example") || strings.Contains(body, "alert(1)") {
			t.Errorf("%q is on the page", to)
		}
	}
	b := s.browser(t)
	to := "/oauth2/default/v1/authorize?client_id=x&redirect_uri=https%3A%2F%2Fa.example%2F&state=1"
	b.leads(b.post("/login", "email", "ines@example.org", "password", password, "return_to", to), to)
	// The answer there may lead to the application's site, which the form's page must not forbid.
	if p := b.get(webapp.LoginURL(to)).Header.Get("Content-Security-Policy"); strings.Contains(p, "form-action") {
		t.Errorf("policy %q", p)
	}
}

func TestEveryPageIsGuarded(t *testing.T) {
	s := open(t, options{})
	b := s.browser(t)
	b.signUp("ines@example.org")
	if err := s.accounts.RequestReset(t.Context(), account.Actor{}, "ines@example.org"); err != nil {
		t.Fatal(err)
	}
	for path, status := range map[string]int{
		"/signup": 200, "/login": 200, "/logout": 200, "/reset": 200, "/welcome": 200, "/errors": 200, "/errors/token.expired": 200,
		"/reset?token=x": 410, "/invite?token=x": 410, "/confirm": 410, "/sender": 410, "/errors/no.such": 404, "/nowhere": 404, "/": 200, "/contacts": 200,
		s.mail.link(t, account.LinkConfirm): 200, s.mail.link(t, account.LinkReset): 200, "/reference": 200, "/lists/": 200, "/login/": 200,
	} {
		a := b.get(path)
		b.shows(a, status, "<!doctype html>", "<title>")
		h := a.Header
		if h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" ||
			h.Get("Referrer-Policy") != "same-origin" || !strings.HasPrefix(h.Get("Content-Type"), "text/html") {
			t.Errorf("%s: headers %v", path, h)
		}
		policy := h.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none';") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "script-src 'unsafe") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if !strings.Contains(a.body, "the app") && !strings.Contains(a.body, "the reference") && (strings.Contains(a.body, "<script") || strings.Contains(a.body, " style=")) {
			t.Errorf("%s needs what its policy forbids", path)
		}
	}
}

func TestFiles(t *testing.T) {
	s := open(t, options{})
	b := s.browser(t)
	css := regexp.MustCompile(`href="(/public/page\.css\?v=[0-9a-f]+)"`).FindStringSubmatch(b.get("/login").body)
	if css == nil {
		t.Fatal("no style sheet")
	}
	for path, want := range map[string][2]string{
		css[1]:                    {"text/css; charset=utf-8", "public, max-age=31536000, immutable"},
		"/public/page.css?v=old":  {"text/css; charset=utf-8", "no-cache"},
		"/public/icon.svg":        {"image/svg+xml", "no-cache"},
		"/assets/index-abc123.js": {"text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
	} {
		a := b.get(path)
		if a.StatusCode != 200 || a.Header.Get("Content-Type") != want[0] || a.Header.Get("Cache-Control") != want[1] {
			t.Errorf("%s: %d %v", path, a.StatusCode, a.Header)
		}
	}
	for _, path := range []string{"/public/nothing.css", "/assets/nothing.js", "/assets/", "/assets/..%2findex.html", "/assets"} {
		b.shows(b.get(path), 404)
	}
	if a := b.get("/favicon.ico"); a.Header.Get("Location") != "/public/icon.svg" {
		t.Errorf("favicon: %d", a.StatusCode)
	}
}

func TestTheAppIsNotBuilt(t *testing.T) {
	s := open(t, options{notHere: true})
	b := s.browser(t)
	b.signUp("ines@example.org")
	b.shows(b.get("/contacts"), 200, "not built")
}

// Every code that an answer may name has its page, and every page a code.
func TestErrorsAreExplained(t *testing.T) {
	s := open(t, options{})
	b := s.browser(t)
	codes := map[string]bool{}
	for _, code := range fault.All() {
		codes[string(code)] = true
		b.shows(b.get("/errors/"+string(code)), 200, "<code>"+string(code)+"</code>", "What it means", "Usual causes", "What to do", "An example that works")
	}
	for _, m := range regexp.MustCompile("(?m)^## `(.+)`$").FindAllStringSubmatch(docs.Errors, -1) {
		if !codes[m[1]] {
			t.Errorf("docs/errors.md explains %s, which does not exist", m[1])
		}
	}
	b.shows(b.get("/errors"), 200, "/errors/token.expired")
}
