package public_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/form"
	"kith/internal/domain/list"
	"kith/internal/store"
	"kith/internal/store/storetest"
	"kith/internal/testdb"
)

// form makes a form that puts people on gold, and returns its address.
func (s *site) form(change func(*form.Written)) (form.Form, string) {
	s.t.Helper()
	w := form.Written{
		Name: "Fair", Lists: []form.List{{Ref: s.gold.Ref()}},
		Fields: []form.Field{{Kind: form.Email}, {Kind: form.FirstName}},
	}
	if change != nil {
		change(&w)
	}
	f, err := s.forms.Create(s.t.Context(), s.who, w, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return f, "/f/" + f.UID.String()
}

// confirmed turns confirmed opt-in on.
func (s *site) confirmed() {
	s.t.Helper()
	o := contact.DefaultOptIn()
	o.Confirm = true
	if _, err := s.contacts.SetOptIn(s.t.Context(), s.who, o, nil); err != nil {
		s.t.Fatal(err)
	}
}

// token opens a form and waits until a person could have filled it in.
func (s *site) token(path string) string {
	s.t.Helper()
	a := s.get(path)
	a.shows(200, "<form")
	s.Clock.Move(form.Soonest)
	return a.value("token")
}

// find reads who has an address.
func (s *site) find(address string) (contact.Contact, bool) {
	s.t.Helper()
	of, err := s.contacts.List(s.t.Context(), s.who, contact.Filter{Email: address}, contact.IncludeAll, page.Request{Limit: 2})
	if err != nil {
		s.t.Fatal(err)
	}
	if len(of.Items) == 0 {
		return contact.Contact{}, false
	}
	return of.Items[0], true
}

// asJSON sends what a script sends.
func (s *site) asJSON(method, path string, pairs ...string) (answer, map[string]any) {
	s.t.Helper()
	body := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		body.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequestWithContext(s.t.Context(), method, path, strings.NewReader(body.Encode()))
	r.RemoteAddr = "192.0.2.7:1234"
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Origin", "https://boats.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	var says map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &says); err != nil {
		s.t.Fatalf("%s %s: %d %s: %v", method, path, w.Code, w.Body, err)
	}
	return answer{w, s.t, method + " " + path}, says
}

// proof finds what a browser finds.
func proof(token, address string) string {
	for n := 0; ; n++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%d", token, address, n))
		if binary.BigEndian.Uint32(sum[:4])>>(32-form.ProofBits) == 0 {
			return strconv.Itoa(n)
		}
	}
}

func TestSignUp(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		f, path := s.form(func(w *form.Written) {
			w.Texts = form.Texts{Title: "Ahoy & welcome", Consent: "Paper Boats may mail me."}
		})
		s.get(path).shows(200, "<h1>Ahoy &amp; welcome</h1>", `type="email"`, `name="first_name"`, "Paper Boats may mail me.", `lang="en"`)
		token := s.token(path)
		a := s.post(path, "email_address", "lu@example.org", "first_name", " Lu ", "token", token)
		if to := a.Header().Get("Location"); a.Code != http.StatusSeeOther || to != path+"/thanks" {
			t.Fatalf("%d, leads to %q: %s", a.Code, to, a.Body)
		}
		s.get(path+"/thanks").shows(200, "Thank you")
		lu, ok := s.find("lu@example.org")
		if !ok || lu.FirstName != "Lu" || lu.Email.Permission != contact.Explicit || lu.Email.OptInSource != contact.SourceContact ||
			!slices.Equal(lu.Lists, []id.Ref[id.List]{s.gold.Ref()}) {
			t.Errorf("signed up as %+v", lu)
		}
		of, err := s.contacts.History(t.Context(), s.who, lu.Ref(), page.Request{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(of.Items, func(e contact.HistoryEntry) bool { return e.To == contact.Explicit })
		if i < 0 {
			t.Fatalf("the history does not tell the permission: %+v", of.Items)
		}
		if e := of.Items[i]; e.Shown != "Paper Boats may mail me." || e.Operation != "sign-up form 1: Fair" || e.Via != "public" || e.Source != contact.SourceContact {
			t.Errorf("the ledger tells %+v", e)
		}
		if !slices.Equal(s.letters.told(), []string{"welcome lu@example.org"}) {
			t.Errorf("letters %v", s.letters.told())
		}
		if f, err = s.forms.Get(t.Context(), s.who, f.UID); err != nil || f.SignUps != 1 {
			t.Errorf("%d signed up, %v", f.SignUps, err)
		}
	})
}

func TestWhoIsKnownIsLeftAlone(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		_, path := s.form(nil)
		token := s.token(path)
		known := s.post(path, "email_address", "ada@example.org", "first_name", "Mallory", "token", token)
		fresh := s.post(path, "email_address", "lu@example.org", "first_name", "Lu", "token", token)
		if known.Code != fresh.Code || known.Header().Get("Location") != fresh.Header().Get("Location") || known.Body.String() != fresh.Body.String() {
			t.Errorf("the answers differ: %d %v %s and %d %v %s", known.Code, known.Header(), known.Body, fresh.Code, fresh.Header(), fresh.Body)
		}
		if is := s.is(); is.FirstName != "Ada" || is.Email != s.ada.Email || !is.UpdatedAt.Equal(s.ada.UpdatedAt) {
			t.Errorf("ada became %+v", is)
		}
		if !slices.Equal(s.letters.told(), []string{"update_profile ada@example.org", "welcome lu@example.org"}) {
			t.Errorf("letters %v", s.letters.told())
		}
		// Where the owner takes the risk, it changes them.
		_, path = s.form(func(w *form.Written) { w.MayUpdate = true })
		s.post(path, "email_address", "ada@example.org", "first_name", "Adele", "token", s.token(path))
		if is := s.is(); is.FirstName != "Adele" || len(is.Lists) != 2 {
			t.Errorf("updated to %+v", is)
		}
	})
}

func TestWhoOptedOutIsAsked(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.post("/u/"+s.link(contact.ToUnsubscribe), "List-Unsubscribe", "One-Click")
		for _, may := range []bool{false, true} {
			_, path := s.form(func(w *form.Written) { w.MayUpdate = may })
			s.post(path, "email_address", "ada@example.org", "first_name", "Mallory", "token", s.token(path))
		}
		if is := s.is(); is.Email.Permission != contact.Unsubscribed || is.FirstName != "Ada" {
			t.Errorf("ada became %+v", is)
		}
		if !slices.Equal(s.letters.told(), []string{"update_profile ada@example.org"}) {
			t.Errorf("letters %v", s.letters.told())
		}
	})
}

// rows counts what is kept of those who have the addresses.
func (s *site) rows(addresses []string) (n int) {
	s.t.Helper()
	for _, address := range addresses {
		c, _ := s.find(address)
		of, err := s.contacts.History(s.t.Context(), s.who, c.Ref(), page.Request{Limit: 1000})
		if err != nil {
			s.t.Fatal(err)
		}
		n += len(of.Items)
		s.Do(s.t, func(ctx context.Context, tx *store.Tx) error {
			asks, err := tx.Asks(ctx, s.account.ID, c.ID)
			n += len(asks)
			return err
		})
	}
	return n
}

// TestTenThousandPosts shows that one address leaves one mail and few rows,
// however often it is sent.
func TestTenThousandPosts(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.confirmed()
		f, path := s.form(nil)
		token := s.token(path)
		sent := 0
		send := func(address string) {
			t.Helper()
			sent++ // another name each time
			if a := s.post(path, "email_address", address, "first_name", fmt.Sprint("Lu ", sent), "token", token); a.Code != http.StatusSeeOther {
				t.Fatalf("%d: %s", a.Code, a.Body)
			}
		}
		addresses := []string{"lu@example.org", "ada@example.org"}
		for range 2 {
			for _, address := range addresses {
				send(address)
			}
		}
		before := s.rows(addresses)
		for range 50 * testdb.Scale() {
			for _, address := range addresses {
				send(address)
			}
		}
		if after := s.rows(addresses); after != before {
			t.Errorf("%d rows became %d", before, after)
		}
		if !slices.Equal(s.letters.told(), []string{"confirm_optin lu@example.org", "update_profile ada@example.org"}) {
			t.Errorf("letters %v", s.letters.told())
		}
		if f, err := s.forms.Get(t.Context(), s.who, f.UID); err != nil || f.SignUps != 2 {
			t.Errorf("%d signed up, %v; want 2", f.SignUps, err)
		}
	})
}

func TestFaultsStandAtTheirFields(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		size, err := s.contacts.CreateField(t.Context(), s.who, contact.NewField{Label: "Boats", Type: contact.TypeNumber}, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, path := s.form(func(w *form.Written) {
			w.Language, w.Lists[0].Offered = "de", true
			w.Fields = append(w.Fields, form.Field{Kind: form.Birthday}, form.Field{Kind: form.LastName, Required: true},
				form.Field{Kind: form.Street}, form.Field{Kind: form.Phone}, form.Field{Kind: form.Custom, Custom: size})
		})
		a := s.post(path, "email_address", "lu@", "first_name", strings.Repeat("<", 51), "birthday_day", "30", "birthday_month", "2",
			"phone_number", strings.Repeat("1", 26), "city", strings.Repeat("x", 51), form.CustomInput(size.ID), "many", "token", s.token(path))
		a.shows(400, "keine vollständige E-Mail-Adresse", "Das ist zu lang", "Dieses Datum gibt es nicht", "Bitte ausfüllen", "eine Zahl wie 12",
			"Bitte mindestens eines auswählen", `value="lu@"`, `value="`+strings.Repeat("&lt;", 51), `value="many"`, "<option value=\"30\" selected>")
		for _, name := range []string{"email_address", "first_name", "birthday_day", "last_name", "phone_number", "city", form.CustomInput(size.ID)} {
			if !strings.Contains(a.Body.String(), `id="f-`+name+`-wrong"`) {
				t.Errorf("nothing stands at %s", name)
			}
		}
		if _, ok := s.find("lu@"); ok || len(s.letters.told()) > 0 {
			t.Error("something was kept")
		}
	})
}

// TestWhatShowsAPerson posts with what a form asks for, and without.
func TestWhatShowsAPerson(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		_, plain := s.form(nil)
		_, other := s.form(nil)
		_, proved := s.form(func(w *form.Written) { w.Proof = true })
		const address = "lu@example.org"
		young := s.get(plain).value("token")
		s.post(plain, "email_address", address, "token", young).shows(200, "One more step")
		token, foreign, work := s.token(plain), s.token(other), s.token(proved)
		nonce := proof(work, address)
		for _, c := range []struct{ name, path, token, nonce string }{
			{"no token", plain, "", ""},
			{"another form's token", plain, foreign, ""},
			{"an altered token", plain, strings.ToUpper(token), ""},
			{"a token without end", plain, strings.Repeat("A", 10_000), ""},
			{"no proof", proved, work, ""},
			{"no number", proved, work, "0x1"},
			{"a wrong number", proved, work, "1" + nonce},
		} {
			a := s.post(c.path, "email_address", address, "token", c.token, "nonce", c.nonce)
			a.shows(200, "One more step", address)
		}
		s.post(proved, "email_address", "other@example.org", "token", work, "nonce", nonce).shows(200, "One more step")
		if len(s.letters.told()) > 0 {
			t.Fatalf("signed up: %v", s.letters.told())
		}
		if a := s.post(proved, "email_address", address, "token", work, "nonce", nonce); a.Code != http.StatusSeeOther {
			t.Errorf("with proof: %d: %s", a.Code, a.Body)
		}
		s.Clock.Move(form.Latest)
		s.post(plain, "email_address", "late@example.org", "token", token).shows(200, "One more step")
	})
}

func TestTheSecondStep(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		_, path := s.form(func(w *form.Written) { w.Proof, w.Lists[0].Offered = true, true })
		a := s.post(path, "email_address", "lu@example.org", "first_name", "L\"u", "list", s.gold.UID.String())
		a.shows(200, "One more step", `name="first_name" value="L&#34;u"`, s.gold.UID.String())
		token := a.value("token")
		again := []string{"email_address", "lu@example.org", "first_name", "Lu", "list", s.gold.UID.String(), "token", token}
		s.Clock.Move(form.StepSoonest - time.Second)
		a = s.post(path, again...)
		a.shows(200, "That was quick")
		if a.value("token") != token {
			t.Error("the time begins anew")
		}
		s.Clock.Move(time.Second)
		s.post(path, "email_address", "other@example.org", "list", s.gold.UID.String(), "token", token).shows(200, "One more step", "other@example.org")
		if a := s.post(path, again...); a.Code != http.StatusSeeOther {
			t.Errorf("%d: %s", a.Code, a.Body)
		}
		if lu, ok := s.find("lu@example.org"); !ok || lu.FirstName != "Lu" {
			t.Errorf("signed up as %+v", lu)
		}
		s.Clock.Move(form.StepLatest)
		s.post(path, again...).shows(200, "One more step")
	})
}

func TestTheTrap(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		_, path := s.form(nil)
		if a := s.post(path, "email_address", "bot@example.org", "website", "https://spam.example", "token", s.token(path)); a.Code != http.StatusSeeOther {
			t.Errorf("%d: it notices", a.Code)
		}
		if _, ok := s.find("bot@example.org"); ok {
			t.Error("signed up")
		}
	})
}

func TestPostsAreLimitedByAddress(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, func(t *testing.T, w *storetest.World) {
		s := open(t, w, true)
		_, path := s.form(nil)
		token := s.token(path)
		for i := range account.PostsPerAddress {
			if a := s.post(path, "email_address", fmt.Sprintf("a%d@example.org", i), "token", token); a.Code != http.StatusSeeOther {
				t.Fatalf("%d: %s", a.Code, a.Body)
			}
		}
		a := s.post(path, "email_address", "more@example.org", "token", token)
		a.shows(429, "One moment, please")
		if a.Header().Get("Retry-After") == "" {
			t.Error("nothing says when to come again")
		}
		if a, _ := s.asJSON("POST", path, "email_address", "more@example.org", "token", token); a.Code != 429 {
			t.Errorf("as JSON: %d", a.Code)
		}
		s.Clock.Move(time.Minute)
		if a := s.post(path, "email_address", "more@example.org", "token", token); a.Code != http.StatusSeeOther {
			t.Errorf("a minute later: %d", a.Code)
		}
	})
}

func TestAFormOnAnotherSite(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		_, path := s.form(func(w *form.Written) { w.Proof, w.Colors = true, form.Colors{Accent: "#ffcc00"} })
		a, shown := s.asJSON("GET", path)
		if a.Code != 200 || a.Header().Get("Access-Control-Allow-Origin") != "*" || a.Header().Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%d %v", a.Code, a.Header())
		}
		html, css := shown["html"].(string), shown["css"].(string)
		if !strings.Contains(html, `action="`+publicURL+path+`"`) || strings.Contains(html, "<script") || strings.Contains(html, "style=") || !strings.Contains(css, "--accent: #ffcc00") {
			t.Errorf("shows %s %s", html, css)
		}
		token := shown["token"].(string)
		a, early := s.asJSON("POST", path, "email_address", "lu@example.org", "token", token, "nonce", proof(token, "lu@example.org"))
		if a.Code != 409 || early["token"] == "" || early["html"] != nil {
			t.Errorf("at once: %d %v", a.Code, early)
		}
		s.Clock.Move(form.Soonest)
		a, wrong := s.asJSON("POST", path, "email_address", "lu", "token", token)
		if a.Code != 400 || !strings.Contains(fmt.Sprint(wrong["problems"]), "email_address") || !strings.Contains(wrong["html"].(string), `value="lu"`) {
			t.Errorf("with a fault: %d %v", a.Code, wrong)
		}
		a, done := s.asJSON("POST", path, "email_address", "lu@example.org", "token", token, "nonce", proof(token, "lu@example.org"))
		if a.Code != 200 || done["done"] != true || a.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("in the end: %d %v", a.Code, done)
		}
		if _, ok := s.find("lu@example.org"); !ok {
			t.Error("not signed up")
		}
		if a, gone := s.asJSON("GET", "/f/"+s.gold.UID.String()); a.Code != 404 || gone["message"] == "" || a.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("no form: %d %v", a.Code, gone)
		}
		if a := s.do("OPTIONS", path, "", nil); a.Code != 204 || a.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("preflight: %d %v", a.Code, a.Header())
		}
		script := s.get(path + "/embed.js")
		if script.Code != 200 || script.Body.Len() > 4096 || !strings.HasPrefix(script.Header().Get("Content-Type"), "text/javascript") {
			t.Errorf("the script: %d, %d bytes, %v", script.Code, script.Body.Len(), script.Header())
		}
	})
}

func TestWhereAFormLeads(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		_, path := s.form(func(w *form.Written) { w.Redirect = "https://boats.example/thanks" })
		token := s.token(path)
		if a := s.post(path, "email_address", "lu@example.org", "token", token); a.Header().Get("Location") != "https://boats.example/thanks" {
			t.Errorf("leads to %v", a.Header())
		}
		_, done := s.asJSON("POST", path, "email_address", "mo@example.org", "token", token)
		if done["redirect_url"] != "https://boats.example/thanks" {
			t.Errorf("leads to %v", done)
		}
		if policy := s.get(path).Header().Get("Content-Security-Policy"); strings.Contains(policy, "form-action") || !strings.Contains(policy, "script-src 'self'") {
			t.Errorf("policy %s", policy)
		}
	})
}

// TestAFormIsReadAnew shows that a change is seen within a second, and what
// closes a form.
func TestAFormIsReadAnew(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		f, path := s.form(nil)
		s.get(path).shows(200, "<h1>Sign up</h1>")
		in := f.Written
		in.Texts.Title = "Ahoy"
		if _, err := s.forms.Update(t.Context(), s.who, f.UID, in, nil); err != nil {
			t.Fatal(err)
		}
		s.Clock.Move(form.OpenFor)
		s.get(path).shows(200, "<h1>Ahoy</h1>")
		s.Do(t, func(ctx context.Context, tx *store.Tx) error {
			_, err := list.MarkDeleted(ctx, tx, s.account.ID, s.gold.Ref(), s.who.Origin())
			return err
		})
		// Within that second the list may be gone where the form is still known.
		s.post(path, "email_address", "lu@example.org", "token", s.forms.Token(&form.Open{Form: f})).shows(200, "One more step")
		s.Clock.Move(form.OpenFor)
		s.get(path).shows(404, "This form is closed")
		if err := s.forms.Delete(t.Context(), s.who, f.UID); err != nil {
			t.Fatal(err)
		}
		s.Clock.Move(form.OpenFor)
		s.get(path).shows(404, "There is nothing here")
		s.get("/f/box").shows(404, "There is nothing here")
	})
}

// TestWhatOwnersSee shows the preview and the snippets, whose inputs are those
// of the page.
func TestWhatOwnersSee(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		choice, err := s.contacts.CreateField(t.Context(), s.who, contact.NewField{Label: "Paper", Type: contact.TypeMultiSelect, Choices: []string{"A4", "A5 & less"}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		f, path := s.form(func(w *form.Written) {
			w.Texts.Title, w.Lists[0].Offered = "Ahoy", true
			w.Fields = append(w.Fields, form.Field{Kind: form.Birthday}, form.Field{Kind: form.Street}, form.Field{Kind: form.Custom, Custom: choice})
		})
		o := &form.Open{Account: s.account.ID, Form: f}
		preview, err := s.pages.FormPreview(t.Context(), o)
		if err != nil || !strings.Contains(preview, "<h1>Ahoy</h1>") || strings.Contains(preview, "<script") {
			t.Errorf("preview %s, %v", preview, err)
		}
		plain, script, err := s.pages.FormSnippets(t.Context(), o)
		if err != nil || strings.TrimSpace(script) != `<script src="`+publicURL+path+`/embed.js" async></script>` {
			t.Errorf("script %s, %v", script, err)
		}
		for _, text := range []string{`action="` + publicURL + path + `"`, "A5 &amp; less", "First name (optional)", s.gold.UID.String()} {
			if !strings.Contains(plain, text) {
				t.Errorf("the snippet lacks %q in\n%s", text, plain)
			}
		}
		if strings.Contains(plain, "token") || strings.Contains(plain, "class=") {
			t.Errorf("the snippet holds what is the page's:\n%s", plain)
		}
		names := func(html string) (all []string) {
			for _, m := range regexp.MustCompile(` name="([^"]*)"`).FindAllStringSubmatch(html, -1) {
				if !slices.Contains([]string{form.InputToken, form.InputNonce, form.InputTrap, "viewport", "robots", "color-scheme"}, m[1]) {
					all = append(all, m[1])
				}
			}
			return all
		}
		if got, want := names(plain), names(preview); !slices.Equal(got, want) {
			t.Errorf("the snippet asks for %v, the page for %v", got, want)
		}
	})
}

func TestColoursOfAForm(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		_, path := s.form(func(w *form.Written) {
			w.Colors = form.Colors{Background: "#102030", Text: "#ffffff", Accent: "#ffcc00"}
		})
		s.get(path).shows(200, `href="/p/colours/102030-ffffff-ffcc00"`)
		s.get("/p/colours/102030-ffffff-ffcc00").shows(200, "color-scheme: dark", "--page: #102030", "--on-accent: #000000")
		for _, bad := range []string{"102030", "102030-ffffff-red", "102030-ffffff-ffcc00-000000", "%7D-1-2"} {
			s.get("/p/colours/"+bad).shows(404, "There is nothing here")
		}
	})
}

// FuzzFormPost sends whatever may be posted: the answer is one of those that
// are meant, in bounded size, and only a whole address is ever signed up.
func FuzzFormPost(f *testing.F) {
	const kind = "application/x-www-form-urlencoded"
	f.Add(kind, "email_address=lu%40example.org&first_name=Lu&birthday_day=3&birthday_month=4&token=x")
	f.Add(kind, "email_address=a@b.c&field_1=1&field_2=2026-03-01&field_3=2&field_3=1&list=x&list=y&street=z")
	f.Add(kind, "%zz=&&=&email_address=\x00")
	f.Add("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"email_address\"\r\n\r\nlu@example.org\r\n--x--\r\n")
	f.Add("application/json", `{"email_address": "lu@example.org"}`)
	s, path := fuzzedSite(f)
	f.Fuzz(func(t *testing.T, kind, body string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		switch w.Code {
		case http.StatusOK, http.StatusSeeOther, http.StatusBadRequest, http.StatusRequestEntityTooLarge:
		default:
			t.Errorf("%d: %s", w.Code, w.Body)
		}
		if w.Body.Len() > 8*len(body)+100_000 {
			t.Errorf("%d bytes are answered with %d", len(body), w.Body.Len())
		}
		if w.Code == http.StatusSeeOther && !strings.Contains(body, "website") {
			t.Errorf("signed up without a token by %q", body)
		}
	})
}

// fuzzedSite is a site on SQLite, with a form that asks for everything.
func fuzzedSite(f *testing.F) (*site, string) {
	var (
		s    *site
		path string
	)
	w := storetest.SQLite(f)
	s = open(f, w, false)
	_, path = s.form(func(w *form.Written) {
		w.Lists = append(w.Lists, form.List{Ref: s.silver.Ref(), Offered: true})
		w.Fields = append(w.Fields, form.Field{Kind: form.Birthday}, form.Field{Kind: form.Street}, form.Field{Kind: form.Phone})
		for i, kind := range []contact.FieldType{contact.TypeNumber, contact.TypeDate, contact.TypeMultiSelect, contact.TypeBoolean} {
			n := contact.NewField{Label: fmt.Sprint("Field ", i), Type: kind, Version: 2}
			if kind.Select() {
				n.Choices = []string{"a", "b"}
			}
			is, err := s.contacts.CreateField(f.Context(), s.who, n, nil)
			if err != nil {
				f.Fatal(err)
			}
			w.Fields = append(w.Fields, form.Field{Kind: form.Custom, Custom: is})
		}
	})
	return s, path
}
