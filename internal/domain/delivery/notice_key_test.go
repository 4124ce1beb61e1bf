package delivery_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/secret"
	"kith/internal/domain/account"
	"kith/internal/domain/delivery"
	"kith/internal/store/storetest"
)

func TestNoticeKeys(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, func(t *testing.T, w *storetest.World) {
		key := secret.New()
		keys := delivery.NewNoticeKeys(w.NoticeKeys(), key.Box(secret.NoticeKeys))
		mine, other := ofAccount(w.Account(t, "Mine")), ofAccount(w.Account(t, "Other"))
		k, plain, err := keys.Make(t.Context(), mine, "mailgun", " Our relay ", "a key of Mailgun's own", nil)
		if err != nil || k.Name != "Our relay" || len(plain) < 26 || plain != strings.ToLower(plain) {
			t.Fatal(k, plain, err)
		}
		forAll, _, err := keys.MakeForAll(t.Context(), "ses", "", "")
		if err != nil {
			t.Fatal(err)
		}
		got, err := keys.Open(t.Context(), delivery.TellerMailgun, strings.ToUpper(plain))
		if err != nil || got.ID != k.ID || got.Account != mine.Account || got.Verify != "a key of Mailgun's own" {
			t.Errorf("opened %+v, %v", got, err)
		}
		for _, c := range []struct{ provider, plain string }{{"ses", plain}, {"mailgun", plain + "x"}, {"mailgun", ""}} {
			if _, err := keys.Open(t.Context(), delivery.Teller(c.provider), c.plain); !errors.Is(err, delivery.ErrNoticeKey) {
				t.Errorf("%v opens: %v", c, err)
			}
		}
		// Under another key of the server nothing is read.
		stranger := delivery.NewNoticeKeys(w.NoticeKeys(), secret.New().Box(secret.NoticeKeys))
		if _, err := stranger.Open(t.Context(), delivery.TellerMailgun, plain); !errors.Is(err, secret.ErrSealed) {
			t.Errorf("another server: %v", err)
		}
		mineAll, err := keys.List(t.Context(), mine)
		if err != nil || len(mineAll) != 1 || mineAll[0].ID != k.ID || mineAll[0].Verify != "" {
			t.Errorf("listed %+v, %v", mineAll, err)
		}
		if all, err := keys.ListForAll(t.Context()); err != nil || len(all) != 1 || all[0].ID != forAll.ID {
			t.Errorf("of all accounts %+v, %v", all, err)
		}
		if err := keys.Delete(t.Context(), other, k.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("deleted from another account: %v", err)
		}
		if err := keys.Delete(t.Context(), mine, forAll.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the operator's, deleted by an account: %v", err)
		}
		if err := keys.Delete(t.Context(), mine, k.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := keys.Open(t.Context(), delivery.TellerMailgun, plain); !errors.Is(err, delivery.ErrNoticeKey) {
			t.Errorf("a deleted one opens: %v", err)
		}
		for i := range delivery.MaxNoticeKeys {
			if _, _, err := keys.Make(t.Context(), mine, "postmark", fmt.Sprint(i), "", nil); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := keys.Make(t.Context(), mine, "postmark", "", "", nil); !errors.Is(err, delivery.ErrNoticeKeys) {
			t.Errorf("one more than there may be: %v", err)
		}
		manager := mine
		manager.Role = account.Manager
		if _, _, err := keys.Make(t.Context(), manager, "postmark", "", "", nil); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a manager: %v", err)
		}
	})
}

func TestASignedNoticeIsTakenOnceAndInTime(t *testing.T) {
	t.Parallel()
	storetest.EachWorld(t, func(t *testing.T, w *storetest.World) {
		keys := delivery.NewNoticeKeys(w.NoticeKeys(), secret.New().Box(secret.NoticeKeys))
		k, plain, err := keys.MakeForAll(t.Context(), "ses", "", "")
		if err != nil {
			t.Fatal(err)
		}
		now := w.Clock.Now()
		for when, want := range map[time.Duration]error{
			0: nil, -23 * time.Hour: nil, -25 * time.Hour: delivery.ErrNoticeOld, 4 * time.Minute: nil, 10 * time.Minute: delivery.ErrNoticeOld,
		} {
			if err := keys.Fresh(t.Context(), k, now.Add(when), "m"); !errors.Is(err, want) {
				t.Errorf("signed %s from now: %v, want %v", when, err, want)
			}
		}
		if err := keys.Used(t.Context(), plain, k, "m", "arn:of:a:topic"); err != nil {
			t.Fatal(err)
		}
		if err := keys.Fresh(t.Context(), k, now, "m"); !errors.Is(err, delivery.ErrNoticeReplayed) {
			t.Errorf("again: %v", err)
		}
		if k, err = keys.Open(t.Context(), delivery.TellerSES, plain); err != nil || k.Verify != "arn:of:a:topic" || !k.UsedAt.Equal(now) {
			t.Errorf("learned %+v, %v", k, err)
		}
		if err := keys.Used(t.Context(), plain, k, "n", "another topic"); err != nil {
			t.Fatal(err)
		}
		if k, err = keys.Open(t.Context(), delivery.TellerSES, plain); err != nil || k.Verify != "arn:of:a:topic" {
			t.Errorf("learned anew %+v, %v", k, err)
		}
		w.Clock.Move(26 * time.Hour)
		if err := keys.Trim(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := keys.Fresh(t.Context(), k, now, "m"); !errors.Is(err, delivery.ErrNoticeOld) {
			t.Errorf("forgotten, and too old: %v", err)
		}
	})
}

func TestWhatAKeyNeeds(t *testing.T) {
	t.Parallel()
	w := storetest.SQLite(t)
	keys := delivery.NewNoticeKeys(w.NoticeKeys(), secret.New().Box(secret.NoticeKeys))
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&own.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ provider, name, verify, wrong string }{
		{"ses", "", "", ""},
		{"ses", "", "arn:aws:sns:eu-central-1:1:bounces", ""},
		{"ses", "", "bounces", "verification_key"},
		{"sendgrid", "", base64.StdEncoding.EncodeToString(der), ""},
		{"sendgrid", "", "", "verification_key"},
		{"sendgrid", "", base64.StdEncoding.EncodeToString([]byte("no key")), "verification_key"},
		{"mailgun", "", "", "verification_key"},
		{"postmark", "", "", ""},
		{"postmark", "", "something", "verification_key"},
		{"sparkpost", "", "", "provider"},
		{"relay", "", "", "provider"},
		{"postmark", strings.Repeat("x", 101), "", "name"},
	} {
		_, _, err := keys.MakeForAll(t.Context(), c.provider, c.name, c.verify)
		var path string
		if f := fault.Of(err); f != nil && len(f.Problems) == 1 {
			path = f.Problems[0].Path
		}
		if path != c.wrong || (err == nil) != (c.wrong == "") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
