package delivery_test

import (
	"testing"

	"kith/internal/domain/delivery"
)

func TestParseStatus(t *testing.T) {
	for s, want := range map[string]string{
		"5.1.1":                   "5.1.1",
		" 4.2.2 (mailbox full)":   "4.2.2",
		"2.0.0":                   "2.0.0",
		"5.7.509":                 "5.7.509",
		"3.1.1":                   "",
		"5.1":                     "",
		"5.1.1.1":                 "",
		"5.1234.1":                "",
		"5..1":                    "",
		"":                        "",
		"smtp; 550 5.1.1 unknown": "",
	} {
		got, ok := delivery.ParseStatus(s)
		if got.String() != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", s, got, ok)
		}
	}
}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		status, reply string
		want          delivery.Cause
	}{
		{"5.1.1", "550 5.1.1 whatever, also spam", delivery.NoAddress},
		{"5.1.2", "", delivery.NoAddress},
		{"5.1.10", "null MX", delivery.NoAddress},
		{"5.1.8", "bad sender", delivery.Blocked},
		{"5.2.1", "disabled", delivery.NoAddress},
		{"5.2.2", "", delivery.Full},
		{"4.2.2", "", delivery.Full},
		{"4.4.1", "no answer from host", delivery.Undeliverable},
		{"5.4.4", "unable to route", delivery.NoAddress},
		{"5.4.1", "550 5.4.1 Recipient address rejected: unknown user", delivery.NoAddress},
		{"5.4.1", "no answer", delivery.Undeliverable},
		{"5.7.1", "message looks like SPAM", delivery.Blocked},
		{"5.7.1", "no such user here", delivery.NoAddress},
		{"5.7.26", "unauthenticated", delivery.Blocked},
		{"5.6.0", "", delivery.Blocked},
		{"5.5.0", "", delivery.Undeliverable},
		{"5.0.0", "550 User unknown", delivery.NoAddress},
		{"5.0.0", "550 mailbox is full", delivery.Full},
		{"", "550 No such user", delivery.NoAddress},
		{"", "552 over quota", delivery.Full},
		{"", "554 rejected", delivery.Other},
		{"5.0.0", "", delivery.Other},
	} {
		s, _ := delivery.ParseStatus(c.status)
		if got := delivery.Judge(s, c.reply); got != c.want {
			t.Errorf("%s %q: %c, want %c", c.status, c.reply, got, c.want)
		}
	}
	if !delivery.NoAddress.Hard() || delivery.Full.Hard() || delivery.Blocked.Hard() {
		t.Error("what is hard")
	}
}
