package app

import (
	"net/url"
	"testing"
)

func TestSender(t *testing.T) {
	for _, c := range []struct{ public, relay, want string }{
		{"http://localhost:8080", "", "kith@localhost"},
		{"https://kith.example.org/x", "smtp://relay.test", "kith@kith.example.org"},
		{"https://kith.example.org", "smtp://user:p@relay.test", "kith@kith.example.org"},
		{"https://kith.example.org", "smtp://news%40example.org:p@relay.test", "news@example.org"},
	} {
		var relay *url.URL
		if c.relay != "" {
			var err error
			if relay, err = url.Parse(c.relay); err != nil {
				t.Fatal(err)
			}
		}
		if got := sender(c.public, relay); got != c.want {
			t.Errorf("%s, %s: %s, want %s", c.public, c.relay, got, c.want)
		}
	}
}
