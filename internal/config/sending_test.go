package config_test

import (
	"strings"
	"testing"

	"kith/internal/config"
)

func TestWhatSPFIsToHold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ given, relay, want string }{
		{"", "", ""},
		{"", "smtp://user:p@smtp.relay.test:587", "a:smtp.relay.test"},
		{"", "smtp://203.0.113.9", "ip4:203.0.113.9"},
		{"", "smtp://[2001:db8::9]:25", "ip6:2001:db8::9"},
		{"", "smtp://localhost:25", ""},
		{"", "smtp://127.0.0.1:25", ""},
		{"", "smtp://10.0.0.3:25", ""},
		{"", "smtp://relay:25", ""}, // a name that nobody else knows
		{"include:spf.relay.test, ip4:192.0.2.0/24", "smtp://smtp.relay.test", "include:spf.relay.test ip4:192.0.2.0/24"},
	} {
		loaded, err := config.Load(config.Source{Flags: map[string]string{"sender-spf": c.given, "smtp-url": c.relay}})
		if err != nil {
			t.Fatal(err)
		}
		var terms []string
		for _, e := range loaded.ExpectedSPF(loaded.SMTPURL.Parts()...) {
			terms = append(terms, e.Term)
		}
		if got := strings.Join(terms, " "); got != c.want {
			t.Errorf("%q with %q: %q, want %q", c.given, c.relay, got, c.want)
		}
	}
	for setting, wrong := range map[string]string{"sender-spf": "spf.relay.test", "dns-server": "ns.example.org:53"} {
		if _, err := config.Load(config.Source{Flags: map[string]string{setting: wrong}}); err == nil || !strings.Contains(err.Error(), setting) {
			t.Errorf("%s %s: %v", setting, wrong, err)
		}
	}
	for given, want := range map[string]string{"": "", "192.0.2.53": "192.0.2.53:53", "[::1]:5353": "[::1]:5353", "::1": "[::1]:53"} {
		if c, err := config.Load(config.Source{Flags: map[string]string{"dns-server": given}}); err != nil || c.DNSServer != want {
			t.Errorf("dns-server %q: %q, %v", given, c.DNSServer, err)
		}
	}
}
