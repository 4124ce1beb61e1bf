package apikith_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/delivery"
	"kith/internal/domain/message"
	"kith/internal/domain/oauth"
)

const (
	get  = http.MethodGet
	post = http.MethodPost
	put  = http.MethodPut
	del  = http.MethodDelete
)

func TestMe(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		browser := s.session(t, s.ines)
		s.show(t, browser, get, "/kith/v1/me", "").is(t, 200, "")
		key := s.key(t, s.join(t, "jo@example.org", account.CampaignCreator), oauth.ContactData)
		s.show(t, key, get, "/kith/v1/me", "").is(t, 200, "")
		s.golden(t, "me")
	})
}

func TestSwitchingTheAccount(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		jo, other := s.signUp(t, "jo@example.org", "Others")
		if _, err := s.accounts.Invite(t.Context(), s.ines.actor, "jo@example.org", account.Manager); err != nil {
			t.Fatal(err)
		}
		s.Do(t, putMember(s.home.ID, jo.user.ID, account.Manager))
		browser := s.session(t, jo)
		me := func(from caller) string {
			t.Helper()
			a := s.call(t, from, get, "/kith/v1/me", "").is(t, 200, "")
			return a.text(t, "account.organization_name") + " " + a.text(t, "account.role")
		}
		if got := me(browser); got != "Others owner" {
			t.Errorf("at first in %s", got)
		}
		a := s.show(t, browser, post, "/kith/v1/session/account", `{"account_id": "`+s.home.UID.String()+`"}`).is(t, 204, "")
		// The session has another token from then on.
		browser = inBrowser("session", a.Cookies()[0])
		if got := me(browser); got != "Paper Boats manager" {
			t.Errorf("then in %s", got)
		}
		s.show(t, browser, post, "/kith/v1/session/account", `{"account_id": "`+uid()+`"}`).is(t, 404, "resource.not_found")
		s.show(t, browser, post, "/kith/v1/session/account", `{"account_id": 7}`).is(t, 400, "request.invalid")
		s.show(t, browser, post, "/kith/v1/session/account", `{}`).is(t, 400, "request.invalid")
		if _, err := s.accounts.Suspend(t.Context(), account.Actor{Via: account.ViaCommand}, other.ID); err != nil {
			t.Fatal(err)
		}
		s.show(t, browser, post, "/kith/v1/session/account", `{"account_id": "`+other.UID.String()+`"}`).is(t, 403, "access.account_suspended")
		if got := me(browser); got != "Paper Boats manager" {
			t.Errorf("at last in %s", got)
		}
		// A key has no session to switch.
		s.show(t, s.key(t, jo2(jo, s), allScopes...), post, "/kith/v1/session/account", `{"account_id": "`+s.home.UID.String()+`"}`).is(t, 403, "session.missing")
		s.golden(t, "session")
	})
}

func TestPassword(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		browser, other := s.session(t, s.ines), s.session(t, s.ines)
		change := func(current, next string) string {
			return `{"current_password": "` + current + `", "new_password": "` + next + `"}`
		}
		s.show(t, browser, post, "/kith/v1/password", change("wrong", "another horse")).is(t, 400, "request.invalid")
		s.show(t, browser, post, "/kith/v1/password", change(password, "short")).is(t, 400, "request.invalid")
		s.show(t, browser, post, "/kith/v1/password", `{"new_password": ["x"]}`).is(t, 400, "request.invalid")
		a := s.call(t, browser, post, "/kith/v1/password", change(password, "another horse")).is(t, 204, "")
		browser = inBrowser("session", a.Cookies()[0])
		s.call(t, browser, get, "/kith/v1/me", "").is(t, 200, "")
		s.call(t, other, get, "/kith/v1/me", "").is(t, 401, "session.missing")
		s.golden(t, "password")
	})
}

func TestApplications(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		s.show(t, owner, get, "/kith/v1/applications", "").is(t, 200, "")
		s.show(t, owner, post, "/kith/v1/applications", `{"name": "", "flow": "maze", "redirect_uris": ["http://shop.example"], "website": 7}`).is(t, 400, "request.invalid")
		made := s.show(t, owner, post, "/kith/v1/applications", `{"name": "Newsletter box"}`).is(t, 201, "")
		path := "/kith/v1/applications/" + made.text(t, "client_id")
		s.Clock.Move(time.Minute)
		s.show(t, owner, put, path, `{"description": "For our shop", "website": "https://boats.example", "redirect_uris": ["https://boats.example/cb"]}`).is(t, 200, "")
		s.show(t, owner, put, path, `{"description": null, "website": "", "refresh_kind": "long_lived"}`).is(t, 200, "")
		s.show(t, owner, put, path, `{"name": "`+strings.Repeat("x", 101)+`"}`).is(t, 400, "request.invalid")
		s.show(t, owner, post, path+"/secret", "").is(t, 201, "")
		s.show(t, owner, post, path+"/secret", `{}`).is(t, 409, "application.secret.exists")
		s.Clock.Move(time.Minute)
		s.show(t, owner, post, path+"/secret", `{"replace": true}`).is(t, 201, "")
		s.show(t, owner, post, path+"/secret", `{"replace": "yes"}`).is(t, 400, "request.invalid")
		s.show(t, owner, post, path+"/deactivate", "").is(t, 200, "")
		s.show(t, owner, post, path+"/activate", "").is(t, 200, "")
		s.show(t, owner, get, path, "").is(t, 200, "")
		for _, c := range []struct{ method, end, body string }{
			{get, "", ""}, {put, "", `{"name": "Mine now"}`}, {del, "", ""}, {post, "/secret", ""}, {post, "/activate", ""}, {post, "/deactivate", ""},
		} {
			s.call(t, owner, c.method, "/kith/v1/applications/"+uid()+c.end, c.body).is(t, 404, "resource.not_found")
		}
		s.show(t, owner, del, path, "").is(t, 204, "")
		s.show(t, owner, get, path, "").is(t, 404, "resource.not_found")
		s.show(t, owner, get, "/kith/v1/applications/box", "").is(t, 404, "resource.not_found")
		for range oauth.MaxApplications {
			s.call(t, owner, post, "/kith/v1/applications", `{"name": "x"}`).is(t, 201, "")
		}
		s.show(t, owner, post, "/kith/v1/applications", `{"name": "x"}`).is(t, 409, "application.limit")
		s.golden(t, "applications")
	})
}

func TestAccessKeys(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		s.show(t, owner, post, "/kith/v1/api_keys", `{"scopes": ["contact_data", "all"], "expires_at": "2020-01-01"}`).is(t, 400, "request.invalid")
		s.show(t, owner, post, "/kith/v1/api_keys", `{"name": "x", "scopes": ["offline_access", 7]}`).is(t, 400, "request.invalid")
		made := s.show(t, owner, post, "/kith/v1/api_keys", `{"name": "Form on our site", "scopes": ["account_read", "contact_data"], "expires_at": "2027-01-01T00:00:00Z"}`).is(t, 201, "")
		forever := s.show(t, owner, post, "/kith/v1/api_keys", `{"name": "For ever", "scopes": ["account_update"]}`).is(t, 201, "")
		s.show(t, owner, get, "/kith/v1/api_keys", "").is(t, 200, "")

		key := bearer("the first key", made.text(t, "api_key"))
		s.call(t, key, get, "/kith/v1/api_keys", "").is(t, 200, "")
		updates := bearer("the second key", forever.text(t, "api_key"))
		s.show(t, updates, post, "/kith/v1/api_keys", `{"name": "More", "scopes": ["account_update", "contact_data"]}`).is(t, 403, "access.scope")
		s.call(t, updates, post, "/kith/v1/api_keys", `{"name": "As much", "scopes": ["account_update"]}`).is(t, 201, "")

		path := "/kith/v1/api_keys/" + made.text(t, "api_key_id")
		s.show(t, owner, del, path, "").is(t, 204, "")
		s.show(t, owner, del, path, "").is(t, 404, "resource.not_found")
		s.call(t, key, get, "/kith/v1/api_keys", "").is(t, 401, "token.revoked")
		s.golden(t, "access_keys")
	})
}

func TestUsers(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		s.Clock.Move(time.Minute)
		jo := s.join(t, "jo@example.org", account.Manager)
		path := "/kith/v1/users/"
		s.show(t, owner, put, path+jo.user.UID.String(), `{"role": "campaign_creator"}`).is(t, 200, "")
		s.show(t, owner, put, path+jo.user.UID.String(), `{"role": "king"}`).is(t, 400, "request.invalid")
		s.show(t, owner, put, path+uid(), `{"role": "owner"}`).is(t, 404, "resource.not_found")
		s.show(t, owner, put, path+s.ines.user.UID.String(), `{"role": "manager"}`).is(t, 409, "user.last_owner")
		s.show(t, owner, del, path+s.ines.user.UID.String(), "").is(t, 409, "user.last_owner")

		s.show(t, owner, post, "/kith/v1/invitations", `{"email": "x@", "role": "king"}`).is(t, 400, "request.invalid")
		s.show(t, owner, post, "/kith/v1/invitations", `{"email": "jo@example.org", "role": "manager"}`).is(t, 409, "user.member")
		s.call(t, owner, post, "/kith/v1/invitations", `{"email": "lu@example.org", "role": "manager"}`).is(t, 201, "")
		again := s.show(t, owner, post, "/kith/v1/invitations", `{"email": "lu@example.org", "role": "owner"}`).is(t, 201, "")
		s.show(t, owner, get, "/kith/v1/users", "").is(t, 200, "")
		invitation := "/kith/v1/invitations/" + again.text(t, "invitation_id")
		s.show(t, owner, del, invitation, "").is(t, 204, "")
		s.show(t, owner, del, invitation, "").is(t, 404, "resource.not_found")

		theirs := s.session(t, jo)
		s.show(t, owner, del, path+jo.user.UID.String(), "").is(t, 204, "")
		s.show(t, owner, del, path+jo.user.UID.String(), "").is(t, 404, "resource.not_found")
		s.call(t, theirs, get, "/kith/v1/me", "").is(t, 401, "session.missing")
		s.golden(t, "users")
	})
}

func TestSettings(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		s.show(t, owner, get, "/kith/v1/settings", "").is(t, 200, "")
		s.show(t, owner, put, "/kith/v1/settings", `{
  "website": "boats.example", "company_logo": "https://boats.example/logo.png", "contact_phone": "+33 1", "country_code": "fr",
  "time_zone_id": "Europe/Paris", "physical_address": {"address_line1": "1 quai des Brumes", "city": "Paris", "postal_code": "75001", "country_code": "FR"}
}`).is(t, 200, "")
		s.show(t, owner, put, "/kith/v1/settings", `{"physical_address": null, "website": "", "time_zone_id": null}`).is(t, 200, "")
		s.show(t, owner, put, "/kith/v1/settings", `{
  "organization_name": 7, "contact_email": "", "country_code": "XX", "time_zone_id": "Mars", "physical_address": {"country_code": "US", "state_code": 7}
}`).is(t, 400, "request.invalid")
		s.golden(t, "settings")
	})
}

func TestSenders(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		added, err := s.accounts.AddSender(t.Context(), s.ines.actor, "news@example.org", nil)
		if err != nil {
			t.Fatal(err)
		}
		path := fmt.Sprintf("/kith/v1/senders/%d", added.ID)
		s.show(t, owner, post, path+"/confirmation", "").is(t, 429, "limit.attempts")
		s.Clock.Move(time.Minute)
		s.show(t, owner, post, path+"/confirmation", "").is(t, 204, "")
		s.show(t, owner, get, "/kith/v1/outbox?limit=1", "").is(t, 200, "")
		s.show(t, owner, post, "/kith/v1/senders/99/confirmation", "").is(t, 404, "resource.not_found")
		s.show(t, owner, del, path, "").is(t, 204, "")
		s.show(t, owner, del, path, "").is(t, 404, "resource.not_found")
		s.show(t, owner, post, path+"/confirmation", "").is(t, 404, "resource.not_found")
		own, err := s.accounts.Senders(t.Context(), s.ines.actor, account.SenderFilter{Role: account.RoleContact})
		if err != nil || len(own) != 1 {
			t.Fatalf("%v, %v", own, err)
		}
		s.show(t, owner, del, fmt.Sprintf("/kith/v1/senders/%d", own[0].ID), "").is(t, 409, "resource.conflict")
		s.confirm(t, owner)
		s.show(t, owner, post, fmt.Sprintf("/kith/v1/senders/%d/confirmation", own[0].ID), "").is(t, 409, "resource.conflict")
		s.golden(t, "senders")
	})
}

// confirm follows the link in the mail that a new owner got first.
func (s *site) confirm(t *testing.T, owner caller) {
	t.Helper()
	first := s.call(t, owner, get, "/kith/v1/outbox", "").text(t, "mails[2].mail_id")
	text := s.call(t, owner, get, "/kith/v1/outbox/"+first, "").text(t, "text")
	_, token, _ := strings.Cut(text, "token=")
	token, _, _ = strings.Cut(token, "\n")
	if _, err := s.accounts.ConfirmEmail(t.Context(), strings.TrimSpace(token)); err != nil {
		t.Fatal(err)
	}
}

func TestOutbox(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		s.Clock.Move(time.Minute)
		if _, err := s.accounts.Invite(t.Context(), s.ines.actor, "lu@example.org", account.Manager); err != nil {
			t.Fatal(err)
		}
		s.show(t, owner, get, "/kith/v1/outbox", "").is(t, 200, "")
		first := s.show(t, owner, get, "/kith/v1/outbox?limit=1", "").is(t, 200, "")
		second := s.show(t, owner, get, first.text(t, "_links.next.href"), "").is(t, 200, "")
		s.show(t, owner, get, "/kith/v1/outbox?limit=501", "").is(t, 400, "request.invalid")
		s.show(t, owner, get, "/kith/v1/outbox/"+second.text(t, "mails[0].mail_id"), "").is(t, 200, "")
		// The way into the account is not for who sent the invitation.
		s.show(t, owner, get, "/kith/v1/outbox/"+first.text(t, "mails[0].mail_id"), "").is(t, 200, "")
		s.show(t, owner, get, "/kith/v1/outbox/99", "").is(t, 404, "resource.not_found")
		// One that is kept goes nowhere, and one that failed again when somebody says so.
		kept := "/kith/v1/outbox/" + first.text(t, "mails[0].mail_id")
		s.show(t, owner, post, kept+"/send_again", "").is(t, 409, "mail.state")
		s.show(t, owner, get, "/kith/v1/outbox?state=failed", "").is(t, 200, "")
		failed := s.failedMail(t)
		s.show(t, owner, get, failed, "").is(t, 200, "")
		s.show(t, owner, get, "/kith/v1/outbox?state=failed", "").is(t, 200, "")
		s.show(t, owner, post, failed+"/send_again", "").is(t, 200, "")
		s.show(t, owner, get, "/kith/v1/outbox?state=queued", "").is(t, 200, "")
		s.show(t, owner, get, "/kith/v1/outbox?state=lost", "").is(t, 400, "request.invalid")
		s.show(t, owner, post, "/kith/v1/outbox/99/send_again", "").is(t, 404, "resource.not_found")
		s.show(t, owner, get, "/kith/v1/outbox/first", "").is(t, 404, "resource.not_found")
		s.show(t, owner, get, "/kith/v1/outbox/counts", "").is(t, 200, "")
		s.show(t, owner, get, "/kith/v1/relays", "").is(t, 200, "")
		s.golden(t, "outbox")
	})
}

// failedMail leaves a mail in the outbox that the relay refused, and returns its
// address.
func (s *site) failedMail(t *testing.T) string {
	t.Helper()
	to, err := email.Parse("gone@example.org")
	if err != nil {
		t.Fatal(err)
	}
	var number id.Mail
	err = s.Messages().Within(t.Context(), func(ctx context.Context, tx message.Tx) (err error) {
		number, err = tx.InsertMail(ctx, message.Row{Mail: message.Mail{
			Account: s.home.ID, Kind: message.Invitation, To: to, Subject: "You are invited", State: message.Failed, CreatedAt: tx.Now(),
		}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Deliveries().Within(t.Context(), func(ctx context.Context, tx delivery.Tx) error {
		err := tx.PutRelayState(ctx, delivery.RelayState{
			Name: "relay.test:587", Since: tx.Now(), Until: tx.Now().Add(time.Minute), Times: 1, Reply: "535 5.7.8 Wrong password",
		})
		return errors.Join(err, tx.InsertAttempts(ctx, []delivery.Attempt{
			{Account: s.home.ID, Mail: number, At: tx.Now().Add(-time.Minute), Relay: "relay.test:587", Outcome: "broken", Reply: "EOF"},
			{Account: s.home.ID, Mail: number, At: tx.Now(), Relay: "relay.test:587", Outcome: "refused", Reply: "550 5.1.1 No such user", Status: "5.1.1"},
		}))
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("/kith/v1/outbox/%d", number)
}

func TestLists(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.key(t, s.ines, oauth.ContactData)
		for _, name := range []string{"Gold", "Golden Friends"} {
			s.list(t, name)
		}
		s.show(t, owner, get, "/kith/v1/lists", "").is(t, 200, "")
		s.show(t, owner, get, "/kith/v1/lists?search=FRIEND", "").is(t, 200, "")
		first := s.show(t, owner, get, "/kith/v1/lists?search=gold&limit=1", "").is(t, 200, "")
		s.show(t, owner, get, first.text(t, "_links.next.href"), "").is(t, 200, "")
		s.show(t, owner, get, first.text(t, "_links.next.href")+"&search=tin", "").is(t, 400, "request.cursor")
		s.show(t, owner, get, "/kith/v1/lists?limit=0&search="+strings.Repeat("x", 101), "").is(t, 400, "request.invalid")
		s.golden(t, "lists")
	})
}

func TestHistory(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		token, app := s.token(t, s.ines, oauth.ContactData)
		s.Clock.Move(time.Minute)
		c := s.contact(t, "lu@example.org")
		s.Clock.Move(time.Minute)
		s.unsubscribe(t, c, app)
		path := "/kith/v1/contacts/" + c.UID.String() + "/history"
		s.show(t, token, get, path, "").is(t, 200, "")
		first := s.show(t, token, get, path+"?limit=2", "").is(t, 200, "")
		s.show(t, token, get, first.text(t, "_links.next.href"), "").is(t, 200, "")
		s.show(t, token, get, path+"?limit=201", "").is(t, 400, "request.invalid")
		s.show(t, token, get, "/kith/v1/contacts/"+uid()+"/history", "").is(t, 404, "resource.not_found")
		s.golden(t, "history")
	})
}

func TestContacts(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		s.Clock.Move(time.Minute)
		lu := s.contact(t, "lu@example.org")
		s.contact(t, "max@example.org")
		path := "/kith/v1/contacts"
		s.show(t, owner, get, path+"?include=list_memberships&include_count=true", "").is(t, 200, "")
		s.show(t, owner, get, path+"?search=LU%40", "").is(t, 200, "")
		s.show(t, owner, get, path+"?list="+lu.Lists[0].UID.String()+"&status=active,unsubscribed", "").is(t, 200, "")
		s.show(t, owner, get, path+"?status=deleted&include_count=1", "").is(t, 200, "")
		first := s.show(t, owner, get, path+"?sort=newest&limit=1", "").is(t, 200, "")
		s.show(t, owner, get, first.text(t, "_links.next.href"), "").is(t, 200, "")
		for word, want := range map[string]string{
			"oldest": "ines@example.org", "newest": "max@example.org", "updated_first": "ines@example.org", "updated_last": "max@example.org",
		} {
			a := s.call(t, owner, get, path+"?sort="+word, "").is(t, 200, "")
			if got := a.text(t, "contacts[0].email_address.address"); got != want {
				t.Errorf("%s: %s comes first, want %s", word, got, want)
			}
		}
		s.show(t, owner, get, path+"?sort=name&status=gone&list=7&limit=0&include=all", "").is(t, 400, "request.invalid")
		s.golden(t, "contacts")
	})
}
