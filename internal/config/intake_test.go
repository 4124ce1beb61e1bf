package config_test

import (
	"strings"
	"testing"

	"kith/internal/config"
)

func TestWhereBouncesAreTakenIn(t *testing.T) {
	t.Parallel()
	load := func(listen, address string) (config.Config, error) {
		return config.Load(config.Source{Flags: map[string]string{"bounce-listen": listen, "bounce-address": address}})
	}
	for given, want := range map[string]string{
		"off": "off", ":2525": "smtp://:2525", "localhost:25": "smtp://localhost:25", "smtp://:2525": "smtp://:2525", "smtp://:2525/": "smtp://:2525",
		"lmtp://127.0.0.1:24": "lmtp://127.0.0.1:24", "lmtp+unix:/run/kith/lmtp": "lmtp+unix:/run/kith/lmtp",
		"lmtp+unix:///run/kith/lmtp": "lmtp+unix:/run/kith/lmtp",
	} {
		c, err := load(given, "bounces@mail.example.org")
		if err != nil || c.BounceListen.String() != want {
			t.Errorf("%s: %s, %v", given, c.BounceListen, err)
		}
	}
	for _, given := range []string{"2525", "smtp://", "imap://:1", "lmtp+unix:", "lmtp+unix:/a/../b", "smtp://u@:25", "smtp://:25/x", "smtp+unix:/x"} {
		if _, err := load(given, "bounces@mail.example.org"); err == nil || !strings.Contains(err.Error(), "bounce-listen") {
			t.Errorf("%s is taken: %v", given, err)
		}
	}
	for _, given := range []string{"bounces", "bounces+a@example.org", "a-very-long-name-before@example.org"} {
		if _, err := load("off", given); err == nil || !strings.Contains(err.Error(), "bounce-address") {
			t.Errorf("%s is taken: %v", given, err)
		}
	}
	if _, err := load(":2525", ""); err == nil || !strings.Contains(err.Error(), "bounce-address") {
		t.Errorf("a listener without an address: %v", err)
	}
}
