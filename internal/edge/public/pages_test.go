package public_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/page"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/store/storetest"
)

var errNoAccount = fault.ErrNotFound

func TestUnsubscribe(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		at := "/u/" + s.link(contact.ToUnsubscribe)
		for _, method := range []string{"GET", "HEAD", "GET"} {
			a := s.do(method, at, "", nil)
			if a.Code != 200 || s.is().Email.Permission != contact.Explicit {
				t.Fatalf("%s: %d, and ada is %s", method, a.Code, s.is().Email.Permission)
			}
		}
		s.get(at).shows(200, "Unsubscribe", "ada@example.org", "Paper Boats &amp; Sons", `name="reason_text"`)
		if got := s.get(at).Header().Get("Content-Security-Policy"); !strings.Contains(got, "frame-ancestors 'none'") || !strings.Contains(got, "default-src 'none'") {
			t.Errorf("the content policy is %q", got)
		}
		s.post(at, "act", "else").shows(200, "no more email")
		if s.is().Email.Permission != contact.Explicit {
			t.Error("a form without a button unsubscribed")
		}

		to := s.post(at, "act", "unsubscribe", "reason", "often", "reason_text", "every <day>").leads(at)
		if got := s.is(); !got.Email.OptedOut() || got.Email.OptOutReason != "Too many emails: every <day>" || len(got.Lists) > 0 {
			t.Errorf("ada is %+v on %v", got.Email, got.Lists)
		}
		done := s.get(to)
		done.shows(200, "You are unsubscribed", "Was that a mistake?")
		s.get(at).shows(200, "You are unsubscribed")
		if strings.Contains(s.get(at).Body.String(), "mistake") {
			t.Error("another visit offers to take it back")
		}
		back := s.post(at, "act", "undo", "undo", done.value("undo")).leads("/p/preferences/")
		s.get(back).shows(200, "as it was before", "checked")
		if got := s.is(); got.Email.Permission != contact.Explicit || len(got.Lists) != 2 {
			t.Errorf("taken back, ada is %+v on %v", got.Email, got.Lists)
		}
		h, err := s.contacts.History(t.Context(), s.who, s.ada.Ref(), page.Request{Limit: 1})
		if err != nil || h.Items[0].Shown != "Undo: go on sending me email as before" || h.Items[0].Via != "public" {
			t.Errorf("the ledger tells %+v, %v", h.Items, err)
		}
	})
}

func TestUndoTooLate(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		at := "/u/" + s.link(contact.ToUnsubscribe)
		undo := s.get(s.post(at, "act", "unsubscribe").leads(at)).value("undo")
		s.Clock.Move(2 * time.Hour)
		s.get(s.post(at, "act", "undo", "undo", undo).leads(at)).shows(200, "Too much time has passed")
		s.get(s.post(at, "act", "undo", "undo", "forged").leads(at)).shows(200, "Too much time has passed")
		if !s.is().Email.OptedOut() {
			t.Error("ada is back")
		}
		s.post(at, "act", "reason", "reason", "unasked", "undo", undo).leads(at)
		if got := s.is().Email.OptOutReason; got != "I never signed up" {
			t.Errorf("the reason that came later is %q", got)
		}
	})
}

func TestOneClick(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		at := "/u/" + s.link(contact.ToUnsubscribe)
		kind, body := multi(t, "List-Unsubscribe", "One-Click")
		for range 2 {
			a := s.do("POST", at, kind, body)
			a.shows(200, "unsubscribed")
			if a.Header().Get("Location") != "" || a.Header().Get("Set-Cookie") != "" {
				t.Errorf("one click leads to %q and sets %q", a.Header().Get("Location"), a.Header().Get("Set-Cookie"))
			}
			if !s.is().Email.OptedOut() {
				t.Error("ada is not out")
			}
		}
		h, err := s.contacts.History(t.Context(), s.who, s.ada.Ref(), page.Request{Limit: 50})
		n := 0
		for _, e := range h.Items {
			if e.Operation == "one-click unsubscribe" && e.Kind == contact.PermissionChanged {
				n++
			}
		}
		if n != 1 || err != nil {
			t.Errorf("%d rows in the ledger, %v", n, err)
		}
	})
}

func TestOneClickAsAForm(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.face.Status = account.Suspended // which is no reason to go on
		s.post("/u/"+s.link(contact.ToUnsubscribe)+"/", "List-Unsubscribe", "One-Click").shows(200)
		if !s.is().Email.OptedOut() {
			t.Error("ada is not out")
		}
	})
}

func TestPreferences(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		at := "/p/preferences/" + s.link(contact.ToPreferences)
		s.get(at).shows(200, "Your email from Paper Boats &amp; Sons", "Gold", "Silver", "checked")
		done := s.post(at, "act", "save", "list", s.silver.UID.String(), "list", "nonsense").leads(at)
		s.get(done).shows(200, "Saved.", "Gold")
		if got := s.is(); len(got.Lists) != 1 || got.Lists[0].Number != s.silver.ID {
			t.Errorf("ada is on %v", got.Lists)
		}
		out := s.post(at, "act", "leave").leads("/u/")
		s.get(out).shows(200, "You are unsubscribed", "mistake")
		s.get(at).shows(200, "no email from Paper Boats")
		s.post(at, "act", "save", "list", s.gold.UID.String()).leads(at)
		h, err := s.contacts.History(t.Context(), s.who, s.ada.Ref(), page.Request{Limit: 1})
		if err != nil || h.Items[0].To != contact.Explicit || !strings.HasSuffix(h.Items[0].Shown, "at any time. (Gold)") {
			t.Errorf("the ledger tells %+v, %v", h.Items, err)
		}
	})
}

func TestPreferencesInAnotherLanguage(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.face.Language = "de"
		at := "/p/preferences/" + s.link(contact.ToPreferences)
		s.get(at).shows(200, `lang="de"`, "Was Sie erhalten möchten")
		s.get(at+"?lang=nl").shows(200, `lang="nl"`, `action="`+at+`?lang=nl"`)
		to := s.post(at+"?lang=nl", "act", "save", "list", s.gold.UID.String()).leads(at)
		s.get(to).shows(200, "Opgeslagen")
	})
}

func TestLinksThatLeadNowhere(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		whole := s.link(contact.ToPreferences)
		ended := s.links.Text(contact.Link{Purpose: contact.ToPreferences, Account: s.account.ID, Contact: s.ada.ID, Ends: s.Clock.Now()})
		erased := s.links.Text(contact.Link{Purpose: contact.ToPreferences, Account: s.account.ID, Contact: 99})
		stranger := s.links.Text(contact.Link{Purpose: contact.ToPreferences, Account: 99, Contact: s.ada.ID})
		other := contact.NewLinks([]byte("another server's")).Text(contact.Link{Purpose: contact.ToPreferences, Account: s.account.ID, Contact: s.ada.ID})
		for _, c := range []struct {
			name, link, says string
			status           int
		}{
			{"cut off", whole[:len(whole)-3], "This link is not complete", 404},
			{"altered", "c" + whole[1:], "This link is not complete", 404},
			{"of another server", other, "This link is not complete", 404},
			{"for something else", s.link(contact.ToUnsubscribe), "This link is not complete", 404},
			{"out of date", ended, "This link is out of date", 410},
			{"of somebody erased", erased, "Nothing is kept here", 410},
			{"of another account", stranger, "There is nothing here", 404},
			{"in capitals", strings.ToUpper(whole), "Your email from", 200},
		} {
			at := "/p/preferences/" + c.link
			s.get(at).shows(c.status, c.says)
			if c.status != 200 {
				s.post(at, "act", "leave").shows(c.status, c.says)
			}
		}
		s.face.Status = account.Suspended
		s.get("/p/preferences/"+whole).shows(403, "This sender is not active")
		s.post("/p/preferences/"+whole, "act", "leave").shows(403, "This sender is not active")
		if s.is().Email.Permission != contact.Explicit || len(s.is().Lists) != 2 {
			t.Errorf("one of them changed something: %+v", s.is())
		}
	})
}

func TestFormsThatCannotBeRead(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		at := "/u/" + s.link(contact.ToUnsubscribe)
		large := []byte("act=unsubscribe&reason_text=" + strings.Repeat("x", 100_000))
		s.do("POST", at, "application/x-www-form-urlencoded", large).shows(413, "could not be read")
		s.do("POST", at, "application/x-www-form-urlencoded", []byte("act=%zz")).shows(400, "could not be read")
		s.do("POST", at, "multipart/form-data; boundary=x", []byte("--x\r\nhalf")).shows(400, "could not be read")
		if s.is().Email.OptedOut() {
			t.Error("ada is out")
		}
	})
}

func TestOnlyFailuresAreLimited(t *testing.T) {
	t.Parallel()
	s := open(t, storetest.SQLite(t), true)
	for range account.TriesPerAddress {
		s.get("/u/nonsense").shows(404)
	}
	a := s.get("/u/nonsense")
	a.shows(429, "One moment, please")
	if a.Header().Get("Retry-After") == "" {
		t.Error("it is not said how long to wait")
	}
	s.get("/u/"+s.link(contact.ToUnsubscribe)).shows(200, "ada@example.org")
}

// letters takes the letters that contacts get.
type letters struct{ all []contact.Letter }

func (b *letters) Queue(_ context.Context, _ contact.Tx, _ id.Account, l contact.Letter) error {
	b.all = append(b.all, l)
	return nil
}

// told are the letters as kind and address.
func (b *letters) told() (all []string) {
	for _, l := range b.all {
		all = append(all, string(l.Kind)+" "+l.To.String())
	}
	return all
}

// ask signs an address up as a visitor, and returns the link of the letter.
func (s *site) ask(address string, v contact.Visit, lists ...id.Ref[id.List]) (link string) {
	s.t.Helper()
	b := &letters{}
	contacts := contact.New(s.Contacts(), contact.Options{Post: b})
	o, err := contacts.OptIn(s.t.Context(), s.who)
	if err == nil {
		o.Confirm = true
		_, err = contacts.SetOptIn(s.t.Context(), s.who, o, nil)
	}
	if err == nil {
		_, err = contacts.VisitorAdds(s.t.Context(), s.who, contact.Change{
			Email: opt.Some(contact.EmailInput{Address: address}), Lists: opt.Some(lists),
		}, v, nil)
	}
	if err != nil || len(b.all) != 1 {
		s.t.Fatalf("%d letters, %v", len(b.all), err)
	}
	return s.links.Text(b.all[0].Link)
}

// found reads who has an address.
func (s *site) found(address string) (c contact.Contact) {
	s.t.Helper()
	all, err := s.contacts.List(s.t.Context(), s.who, contact.Filter{Email: address}, contact.IncludeAll, page.Request{Limit: 1})
	if err != nil || len(all.Items) != 1 {
		s.t.Fatalf("%d contacts have the address %s, %v", len(all.Items), address, err)
	}
	return all.Items[0]
}

func TestConfirm(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		at := "/p/confirm/" + s.ask("new@example.org", contact.Visit{Language: "fr"}, s.gold.Ref())
		s.get(at).shows(200, `lang="fr"`, "new@example.org", "Gold", "Oui, écrivez-moi")
		if got := s.found("new@example.org"); got.Email.Permission != contact.Pending {
			t.Errorf("a look at the page made them %s", got.Email.Permission)
		}
		for range 2 {
			s.get(s.post(at).leads(at)).shows(200, "Merci", "/p/preferences/")
		}
		got := s.found("new@example.org")
		if got.Email.Permission != contact.Explicit || got.Email.Confirm != contact.Confirmed {
			t.Errorf("who confirmed is %+v", got.Email)
		}
		h, err := s.contacts.History(t.Context(), s.who, got.Ref(), page.Request{Limit: 1})
		if err != nil || !strings.HasPrefix(h.Items[0].Shown, "J’accepte que Paper Boats") || h.Items[0].Operation != "confirm page" {
			t.Errorf("the ledger tells %+v, %v", h.Items, err)
		}
		s.Clock.Move(1000 * time.Hour)
		s.get(at).shows(200, "Merci")
	})
}

func TestConfirmTooLate(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		at := "/p/confirm/" + s.ask("new@example.org", contact.Visit{}, s.gold.Ref())
		s.Clock.Move(1000 * time.Hour)
		s.get(at).shows(410, "This link is out of date")
		s.post(at).shows(410, "This link is out of date")
		s.get("/p/return/"+strings.TrimPrefix(at, "/p/confirm/")).shows(410, "out of date") // a link says first when it ended
		s.face.Status = account.Closed
		s.get("/p/confirm/"+strings.TrimPrefix(at, "/p/confirm/")).shows(403, "not active")
	})
}

func TestReturn(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.post("/u/"+s.link(contact.ToUnsubscribe), "act", "unsubscribe").leads("/u/")
		at := "/p/return/" + s.ask("ada@example.org", contact.Visit{}, s.gold.Ref(), s.silver.Ref())
		s.get(at).shows(200, "was unsubscribed", "Gold", "Silver", "checked")
		s.post(at).shows(400, "Choose one thing at least", `role="alert"`)
		if s.is().Email.Permission != contact.Unsubscribed {
			t.Error("choosing nothing brought ada back")
		}
		s.get(s.post(at, "list", s.silver.UID.String()).leads(at)).shows(200, "Thank you", "ada@example.org gets email")
		got := s.is()
		if got.Email.Permission != contact.Explicit || len(got.Lists) != 1 || got.Lists[0].Number != s.silver.ID {
			t.Errorf("ada is %+v on %v", got.Email, got.Lists)
		}
	})
}

func TestWhoIsKnownIsAsked(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		at := "/p/return/" + s.ask("ada@example.org", contact.Visit{Stays: true}, s.list("Bronze").Ref())
		s.get(at).shows(200, "known here already", "Bronze")
	})
}

func TestChangeOfAddress(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		at := "/p/preferences/" + s.link(contact.ToPreferences) + "/address"
		s.get(at).shows(200, "New email address", "ada@example.org")
		s.post(at, "address", `no"thing`).shows(400, "This is not an email address", `aria-invalid="true"`, "no&#34;thing")
		for _, to := range []string{"lovelace@example.org", "taken@example.org"} {
			s.get(s.post(at, "address", to).leads(at)).shows(200, "Look into the mailbox")
		}
		if got := s.is().Email.Address.String(); got != "ada@example.org" {
			t.Errorf("without an answer the address became %s", got)
		}
		for range contact.MaxAsks {
			s.post(at, "address", "more@example.org")
		}
		s.post(at, "address", "more@example.org").shows(429, "Too many addresses")
	})
}

func TestNewAddress(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		b := &letters{}
		contacts := contact.New(s.Contacts(), contact.Options{Post: b})
		self := contact.Self{Link: contact.Link{Purpose: contact.ToPreferences, Account: s.account.ID, Contact: s.ada.ID}}
		if err := contacts.ChangeAddress(t.Context(), self, "lovelace@example.org"); err != nil || len(b.all) != 1 {
			t.Fatalf("%d letters, %v", len(b.all), err)
		}
		at := "/p/address/" + s.links.Text(b.all[0].Link)
		s.get(at).shows(200, "Is this your new address?", "lovelace@example.org", "ada@example.org")
		s.get(s.post(at).leads(at)).shows(200, "Your address is changed", "lovelace@example.org")
		if got := s.is().Email.Address.String(); got != "lovelace@example.org" {
			t.Errorf("the address is %s", got)
		}
	})
}

func TestDataAndErase(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		at := "/p/preferences/" + s.link(contact.ToPreferences)
		s.post(at, "act", "save", "list", s.gold.UID.String())
		s.get(at+"/data").shows(200, "What Paper Boats", "ada@example.org", "Ada", "Gold", "Taken off lists", "data.json")
		file := s.get(at + "/data.json")
		file.shows(200, `"first_name": "Ada"`, `"Gold"`, `"kind": "membership.removed"`)
		var read map[string]any
		if err := json.Unmarshal(file.Body.Bytes(), &read); err != nil || read["email_address"] != "ada@example.org" {
			t.Errorf("the file holds %v, %v", read, err)
		}
		if got := file.Header().Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
			t.Errorf("the file is sent as %q", got)
		}
		s.get(at+"/erase").shows(200, "Yes, erase everything")
		s.post(at+"/erase").shows(400, "Please tick the box")
		if s.is().ID == 0 {
			t.Fatal("gone without a tick")
		}
		s.post(at+"/erase", "sure", "1").shows(200, "Everything is erased")
		s.post(at+"/erase", "sure", "1").shows(410, "Nothing is kept here")
		s.get(at).shows(410, "Nothing is kept here")
		s.post("/u/"+s.link(contact.ToUnsubscribe), "List-Unsubscribe", "One-Click").shows(200)
		s.get(at + "/data.json").shows(410)
	})
}
