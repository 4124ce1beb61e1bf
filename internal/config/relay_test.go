package config_test

import (
	"fmt"
	"strings"
	"testing"

	"kith/internal/config"
	"kith/internal/domain/delivery"
)

func TestRelays(t *testing.T) {
	load := func(text string) (config.Relays, error) {
		c, err := config.Load(config.Source{Flags: map[string]string{"smtp-url": text}})
		return c.SMTPURL, err
	}
	got, err := load("smtp://u:a,b@one.test:587?connections=50&per-second=100&per-hour=20000&domain-per-minute=600, smtps://two.test")
	if err != nil || len(got.All) != 2 {
		t.Fatal(got, err)
	}
	one, two := got.All[0], got.All[1]
	if one.URL.Reveal() != "smtp://u:a,b@one.test:587" || one.Connections != 50 ||
		one.Limits != (delivery.Limits{PerSecond: 100, PerHour: 20000, DomainPerMinute: 600}) {
		t.Errorf("the first is %s, %+v", one.URL.Reveal(), one)
	}
	if two.URL.Reveal() != "smtps://two.test" || two.Connections != 0 || two.Limits != (delivery.Limits{}) {
		t.Errorf("the second is %s, %+v", two.URL.Reveal(), two)
	}
	if shown := fmt.Sprint(got); strings.Contains(shown, "a,b") || !strings.Contains(shown, "one.test:587?connections=50&") || !strings.HasSuffix(shown, ",smtps://two.test") {
		t.Errorf("shown as %s", shown)
	}
	for text, want := range map[string]string{
		"smtp://one.test?connection=5":          `unknown limit "connection"`,
		"smtp://one.test?connections=0":         "connections is not a number from 1 to 1000",
		"smtp://one.test?connections=5000":      "connections is not a number from 1 to 1000",
		"smtp://one.test?per-hour=many":         "per-hour is not a number",
		"smtp://one.test?per-hour=1&per-hour=2": "per-hour is not a number",
		"smtp://one.test,smtp://one.test":       "names one.test twice",
		"smtp://one.test,http://two.test":       "takes nothing after the port but limits",
		"http://one.test":                       "is not of the form",
		"smtp://one.test/path":                  "takes nothing after the port but limits",
		"smtp://one.test,smtp://":               "names no host",
	} {
		if _, err := load(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
