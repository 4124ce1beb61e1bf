package apiv3_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/domain/account"
)

// mailbox keeps the mails to users.
type mailbox struct {
	mu   sync.Mutex
	sent []account.Mail
}

func (m *mailbox) Queue(_ context.Context, _ account.Tx, mail account.Mail) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent = append(m.sent, mail)
	return nil
}

// last returns the token in the link of the last mail, and whom that is for.
func (m *mailbox) last(t *testing.T) (token, to string) {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.sent) == 0 {
		t.Fatal("no mail")
	}
	mail := m.sent[len(m.sent)-1]
	_, token, _ = strings.Cut(mail.Link, "?token=")
	return token, mail.To.String()
}

func TestAddressesToSendFrom(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.client()
		const path = "/v3/account/emails"
		c.call(http.MethodGet, path, nil).status(200)
		c.call(http.MethodPost, path, object{"email_address": "News@moor.example"}).status(201)
		token, to := w.mail.last(t)
		if to != "news@moor.example" {
			t.Fatalf("mail to %s", to)
		}
		c.call(http.MethodPost, path, object{"email_address": "billing@moor.example"}).status(201)
		c.call(http.MethodPut, "/v3/account/summary", object{"contact_email": "ann@moor.example"}).status(200)
		// A repeat is refused; the mail leaves again when a minute has passed.
		c.call(http.MethodPost, path, object{"email_address": "news@moor.example"}).code(409, "account.email.taken")
		if _, to := w.mail.last(t); to != "ann@moor.example" {
			t.Errorf("mail to %s", to)
		}
		w.Clock.Move(time.Minute)
		c.call(http.MethodPost, path, object{"email_address": "news@moor.example"}).code(409, "account.email.taken")
		if _, err := w.accounts.ConfirmSender(t.Context(), token); err == nil {
			t.Error("the link of the first mail still works")
		}
		if token, to = w.mail.last(t); to != "news@moor.example" {
			t.Fatalf("mail to %s", to)
		}
		if _, err := w.accounts.ConfirmSender(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		for _, query := range []string{
			"", "?confirm_status=C", "?confirm_status=unconfirmed", "?role_code=CONTACT", "?role_code=o", "?role_code=J",
			"?email_address=NEWS@moor.example", "?email_address=nobody", "?confirm_status=",
		} {
			c.call(http.MethodGet, path+query, nil).status(200)
		}
		c.call(http.MethodGet, path+"?confirm_status=maybe&role_code=X", nil).code(400, "request.invalid")
		c.call(http.MethodGet, path+"?confirm_status=C&email_address=news@moor.example", nil).code(400, "request.invalid")
		c.call(http.MethodPost, path, object{}).code(400, "request.invalid")
		c.call(http.MethodPost, path, object{"email_address": "x@" + strings.Repeat("y", 75) + ".example"}).code(400, "request.invalid")
		c.call(http.MethodPost, path, "{").code(400, "request.malformed")
		c.call(http.MethodPost, path, "a=b", "Content-Type", "text/plain").code(415, "request.media_type")
		c.golden("account_emails")
		// Another account neither sees nor hinders them.
		other := w.stranger()
		if got := other.call(http.MethodGet, path, nil).status(200).Body.String(); got != "[]" {
			t.Errorf("another account sees %s", got)
		}
		other.call(http.MethodPost, path, object{"email_address": "news@moor.example"}).status(201)
	})
}
