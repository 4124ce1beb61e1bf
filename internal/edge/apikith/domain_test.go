package apikith_test

import (
	"context"
	"strings"
	"testing"

	"kith/internal/base/email"
	"kith/internal/domain/account"
	"kith/internal/store"
)

// domain adds a domain, for which the home account gets a confirmed address.
func (s *site) domain(t *testing.T, who caller, name string) answer {
	t.Helper()
	s.Do(t, func(ctx context.Context, tx *store.Tx) error {
		address, err := email.Parse("boats@" + name)
		if err == nil {
			_, err = tx.InsertSender(ctx, s.home.ID, account.Sender{Email: address, ConfirmedAt: tx.Now(), CreatedAt: tx.Now()})
		}
		return err
	})
	got := s.call(t, who, post, "/kith/v1/sender-domains", `{"name": "`+name+`", "algorithms": ["rsa", "ed25519"]}`)
	got.is(t, 201, "")
	return got
}

func TestSenderDomains(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		const all, one = "/kith/v1/sender-domains", "/kith/v1/sender-domains/example.org"
		s.call(t, owner, get, all, "").is(t, 200, "")
		s.call(t, owner, post, all, `{"name": "other.test"}`).is(t, 400, "request.invalid")
		s.call(t, owner, post, all, `{"algorithms": ["dsa"]}`).is(t, 400, "request.invalid")
		s.call(t, owner, get, one, "").is(t, 404, "resource.not_found")

		d := s.domain(t, owner, "example.org")
		for path, want := range map[string]string{
			"name": "example.org", "signing": "published", "spf.state": "unknown", "keys[0].algorithm": "ed25519", "keys[1].algorithm": "rsa",
			"keys[0].record.type": "TXT", "keys[0].record.name": d.text(t, "keys[0].selector") + "._domainkey.example.org",
			"keys[1].record.value": d.text(t, "keys[1].record.strings[0]") + d.text(t, "keys[1].record.strings[1]"),
		} {
			if got := d.text(t, path); got != want {
				t.Errorf("%s: %q, want %q", path, got, want)
			}
		}
		s.call(t, owner, post, all, `{"name": "Example.ORG"}`).is(t, 409, "account.domain.taken")

		for _, k := range []string{"keys[0].record.", "keys[1].record."} {
			value := d.text(t, k+"value")
			s.dns.Text(d.text(t, k+"name"), value[:30], value[30:min(len(value), 280)], value[min(len(value), 280):])
		}
		s.dns.Text("example.org", "v=spf1 -all")
		checked := s.call(t, owner, post, one+"/check", "")
		checked.is(t, 200, "")
		for path, want := range map[string]string{
			"keys[0].state": "good", "keys[1].state": "good", "spf.state": "good", "spf.found[0]": "v=spf1 -all",
			"dmarc.state": "missing", "dmarc.publish.name": "_dmarc.example.org", "dmarc.publish.value": "v=DMARC1; p=none",
		} {
			if got := checked.text(t, path); got != want {
				t.Errorf("%s: %q, want %q", path, got, want)
			}
		}
		signed := func(a answer, want bool) {
			t.Helper()
			if got := strings.Contains(string(a.body), `"signed":true`); got != want {
				t.Errorf("signed: %v, want %v; %s", got, want, a.body)
			}
		}
		signed(checked, true)

		s.call(t, owner, "PUT", one, `{"signing": "sometimes"}`).is(t, 400, "request.invalid")
		s.call(t, owner, "PUT", one, `{}`).is(t, 400, "request.invalid")
		signed(s.call(t, owner, "PUT", one, `{"signing": "off"}`), false)
		signed(s.call(t, owner, "PUT", one, `{"signing": "published"}`), true)

		rotated := s.call(t, owner, post, one+"/rotation", "")
		rotated.is(t, 200, "")
		if n := strings.Count(string(rotated.body), `"selector"`); n != 4 || rotated.text(t, "keys[0].state") != "unknown" {
			t.Errorf("%d keys: %s", n, rotated.body)
		}
		signed(rotated, true)
		s.call(t, owner, post, one+"/rotation", `{"algorithms": ["rsa"]}`).is(t, 200, "")

		// Who may not change the account may look.
		manager := s.session(t, s.join(t, "mm@example.org", account.Manager))
		s.call(t, manager, get, all, "").is(t, 200, "")
		s.call(t, owner, "DELETE", one, "").is(t, 204, "")
		s.call(t, owner, "DELETE", one, "").is(t, 404, "resource.not_found")
	})
}

func TestWhichMails(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		contact := s.contact(t, "ann@example.org").UID.String()
		for query, want := range map[string]int{
			"": 1, "?kind=confirm": 1, "?kind=welcome": 0, "?to=INES@": 1, "?to=other": 0, "?contact=" + contact: 0, "?state=kept&kind=confirm&to=ines": 1,
		} {
			a := s.call(t, owner, get, "/kith/v1/outbox"+query, "").is(t, 200, "")
			if got := strings.Count(string(a.body), `"mail_id"`); got != want {
				t.Errorf("%s: %d mails, want %d: %s", query, got, want, a.body)
			}
		}
		s.call(t, owner, get, "/kith/v1/outbox?kind=other", "").is(t, 400, "request.invalid")
		for _, state := range []string{"failed", "uncertain"} {
			if a := s.call(t, owner, post, "/kith/v1/outbox/send_again", `{"state": "`+state+`"}`).is(t, 200, ""); string(a.body) != `{"queued":0}` {
				t.Errorf("%s: %s", state, a.body)
			}
		}
		s.call(t, owner, post, "/kith/v1/outbox/send_again", `{"state": "sent"}`).is(t, 400, "request.invalid")
		s.call(t, owner, post, "/kith/v1/outbox/send_again", `{}`).is(t, 400, "request.invalid")
	})
}
