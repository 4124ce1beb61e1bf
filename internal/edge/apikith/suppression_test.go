package apikith_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"kith/internal/base/email"
	"kith/internal/base/secret"
	"kith/internal/domain/delivery"
	"kith/internal/store"
)

func TestSuppressions(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		s.show(t, owner, get, "/kith/v1/suppressions", "").is(t, 200, "")
		made := s.show(t, owner, post, "/kith/v1/suppressions", `{"email_address": "Ada@Example.org", "note": "Asked by phone."}`).is(t, 201, "")
		s.Clock.Move(time.Minute)
		s.suppress(t, "grace@example.org", delivery.Suppression{Reason: delivery.ByHard, Cause: delivery.NoAddress, Mail: 7, Said: "550 5.1.1 nobody here"})
		s.Clock.Move(time.Minute)
		s.suppress(t, "edsger@example.org", delivery.Suppression{Reason: delivery.BySoft, Cause: delivery.Full, Mail: 8, Said: "452 4.2.2 full", Until: s.Clock.Now().Add(14 * 24 * time.Hour)})
		first := s.show(t, owner, get, "/kith/v1/suppressions?limit=2", "").is(t, 200, "")
		s.show(t, owner, get, first.text(t, "_links.next.href"), "").is(t, 200, "")
		s.show(t, owner, get, "/kith/v1/suppressions?reason=soft", "").is(t, 200, "")
		s.show(t, owner, get, "/kith/v1/suppressions?search=GRACE", "").is(t, 200, "")
		s.show(t, owner, get, "/kith/v1/suppressions?email_address=ada@example.org", "").is(t, 200, "")
		s.show(t, owner, get, "/kith/v1/suppressions?email_address=nobody", "").is(t, 200, "")
		s.show(t, owner, get, "/kith/v1/suppressions?reason=spite", "").is(t, 400, "request.invalid")
		s.show(t, owner, post, "/kith/v1/suppressions", `{"email_address": "nobody", "note": 7}`).is(t, 400, "request.invalid")
		s.show(t, owner, post, "/kith/v1/suppressions", `{}`).is(t, 400, "request.invalid")
		path := "/kith/v1/suppressions/" + made.text(t, "suppression_id")
		s.show(t, owner, del, path, "").is(t, 204, "")
		s.show(t, owner, del, path, "").is(t, 404, "resource.not_found")
		s.show(t, owner, del, "/kith/v1/suppressions/ada", "").is(t, 404, "resource.not_found")
		s.golden(t, "suppressions")
	})
}

// suppress puts an address on the home account's list.
func (s *site) suppress(t *testing.T, address string, is delivery.Suppression) {
	t.Helper()
	key, err := secret.Parse(testKey)
	if err != nil {
		t.Fatal(err)
	}
	a, err := email.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	s.Do(t, func(ctx context.Context, tx *store.Tx) error {
		is.Hash, is.Address, is.Since = delivery.NewHashes(key.Derive(secret.Suppressed)).Of(s.home.ID, a), address, tx.Now()
		return tx.PutStanding(ctx, s.home.ID, delivery.Standing{Suppression: is, ScoredAt: tx.Now()})
	})
}

func TestNoticeKeys(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		s.show(t, owner, get, "/kith/v1/notice-keys", "").is(t, 200, "")
		s.show(t, owner, post, "/kith/v1/notice-keys", `{"provider": "mailgun", "name": "Our relay"}`).is(t, 400, "request.invalid")
		s.show(t, owner, post, "/kith/v1/notice-keys", `{"provider": "sparkpost", "name": 7}`).is(t, 400, "request.invalid")
		made := s.call(t, owner, post, "/kith/v1/notice-keys", `{"provider": "mailgun", "name": "Our relay", "verification_key": "a key of Mailgun's own"}`).is(t, 201, "")
		url := made.text(t, "url")
		if rest, ok := strings.CutPrefix(url, publicURL+"/kith/v1/notices/mailgun/"); !ok || len(rest) < 26 || made.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("the address is %s", url)
		}
		s.show(t, owner, get, "/kith/v1/notice-keys", "").is(t, 200, "")
		path := "/kith/v1/notice-keys/" + made.text(t, "notice_key_id")
		s.show(t, owner, del, path, "").is(t, 204, "")
		s.show(t, owner, del, path, "").is(t, 404, "resource.not_found")
		for range delivery.MaxNoticeKeys {
			s.call(t, owner, post, "/kith/v1/notice-keys", `{"provider": "postmark"}`).is(t, 201, "")
		}
		s.show(t, owner, post, "/kith/v1/notice-keys", `{"provider": "postmark"}`).is(t, 409, "resource.limit")
		s.golden(t, "notice-keys")
	})
}
