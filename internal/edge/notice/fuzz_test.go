package notice_test

import (
	"testing"
	"time"
	"unicode/utf8"

	"kith/internal/base/fault"
	"kith/internal/domain/delivery"
	"kith/internal/edge/notice"
	"kith/internal/store/storetest"
)

// sound holds what a body told to what others rely on.
func sound(t *testing.T, all []delivery.Notice, err error) {
	t.Helper()
	if f := fault.Of(err); f != nil && f.Kind != fault.Invalid && f.Kind != fault.Forbidden {
		t.Fatalf("a body is answered with %v", err)
	}
	for _, n := range all {
		if n.Kind.String() == "" || utf8.RuneCountInString(n.Reply) > 500 || !utf8.ValidString(n.Reply) {
			t.Errorf("told %+v", n)
		}
		if (n.Kind == delivery.Bounced || n.Kind == delivery.Delayed) && n.Cause == 0 {
			t.Errorf("a failure without a cause: %+v", n)
		}
		if y := n.At.Year(); !n.At.IsZero() && (y < 2000 || y > 9999) {
			t.Errorf("it happened at %s", n.At)
		}
	}
}

func FuzzSES(f *testing.F) {
	for _, name := range []string{"ses-bounce.json", "ses-full.json", "ses-complaint.json", "ses-delivery.json"} {
		f.Add(fixture(f, name))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		all, err := notice.ParseSES(body)
		sound(t, all, err)
	})
}

func FuzzSendGrid(f *testing.F) {
	f.Add(fixture(f, "sendgrid.json"))
	f.Fuzz(func(t *testing.T, body []byte) {
		all, err := notice.ParseSendGrid(body)
		sound(t, all, err)
	})
}

func FuzzPostmark(f *testing.F) {
	f.Add(fixture(f, "postmark-bounce.json"))
	f.Add(fixture(f, "postmark-complaint.json"))
	f.Fuzz(func(t *testing.T, body []byte) {
		all, err := notice.ParsePostmark(body)
		sound(t, all, err)
	})
}

// FuzzMailgun signs each event, and holds that without the signature none is
// read.
func FuzzMailgun(f *testing.F) {
	const key = "a key of Mailgun's own"
	f.Add(fixture(f, "mailgun-failed.json"))
	f.Add(fixture(f, "mailgun-complained.json"))
	f.Fuzz(func(t *testing.T, event []byte) {
		all, err := notice.ParseMailgun(key, mailgun(key, "token", storetest.Start, event))
		sound(t, all, err)
		if all, err := notice.ParseMailgun("another key", mailgun(key, "token", time.Unix(0, 0), event)); err == nil {
			t.Errorf("with another key %d notices are read", len(all))
		}
	})
}
