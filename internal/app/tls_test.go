package app_test

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"kith/internal/app"
	"kith/internal/config"
	"kith/internal/ops"
)

func TestAChangedCertificateIsServed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cert, key, _ := certificate(t, dir, "one.test")
	s := serve(t, settings(t, map[string]string{"tls-cert": cert, "tls-key": key}))
	served := func() string {
		transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}
		a, _ := get(t, &http.Client{Transport: transport}, s.URL+"/healthz")
		return a.TLS.PeerCertificates[0].Subject.CommonName
	}
	if got := served(); got != "one.test" {
		t.Fatalf("serves %s", got)
	}
	// A broken pair is not served; the old one is.
	if err := os.WriteFile(key, []byte("half a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	past := time.Now().Add(-time.Hour)
	if err := os.Chtimes(key, past, past); err != nil {
		t.Fatal(err)
	}
	if got := served(); got != "one.test" {
		t.Errorf("with a broken key: serves %s", got)
	}
	certificate(t, dir, "two.test")
	deadline := time.Now().Add(30 * time.Second)
	for served() != "two.test" {
		if time.Now().After(deadline) {
			t.Fatal("the new certificate is never served")
		}
	}
}

func TestCheckCertificate(t *testing.T) {
	t.Parallel()
	cert, key, _ := certificate(t, t.TempDir(), "one.test")
	_, other, _ := certificate(t, t.TempDir(), "one.test")
	now := time.Now()
	for _, c := range []struct {
		name, cert, key, host string
		now                   time.Time
		ok                    bool
		message               string
	}{
		{"good for a week more", cert, key, "one.test", now.Add(-30 * time.Minute), false, "ends on"},
		{"not yet", cert, key, "one.test", now.Add(-48 * time.Hour), false, "is good from"},
		{"no longer", cert, key, "one.test", now.Add(48 * time.Hour), false, "ended on"},
		{"another's key", cert, other, "one.test", now, false, "cannot be used"},
		{"no file", cert + "x", key, "one.test", now, false, "cannot be used"},
	} {
		got := ops.CheckCertificate(c.cert, c.key, c.host, c.now)
		if got.OK != c.ok || !strings.Contains(got.Message, c.message) || got.Remedy == "" {
			t.Errorf("%s: %+v, want %q", c.name, got, c.message)
		}
	}
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	c := settings(t, nil)
	names := func(checks []ops.Check) (all []string) {
		for _, k := range checks {
			if !k.OK {
				t.Errorf("%s: %s", k.Name, k.Message)
			}
			all = append(all, k.Name)
		}
		return all
	}
	if got := names(app.Doctor(t.Context(), c, nil)); strings.Join(got, " ") != "settings data database secret-key mail bounces tls public-url" {
		t.Errorf("before the first start: %v", got)
	}
	if _, err := os.Stat(c.Data); err == nil {
		t.Error("the doctor made the data folder")
	}
	serve(t, c)
	if got := names(app.Doctor(t.Context(), c, nil)); strings.Join(got, " ") != "settings data database clock domains secret-key mail bounces tls public-url" {
		t.Errorf("beside a server: %v", got)
	}
	open := settings(t, map[string]string{"listen": ":0"})
	ill := map[string]bool{}
	for _, k := range app.Doctor(t.Context(), open, []string{"KITH_LISTN"}) {
		if !k.OK {
			ill[k.Name] = true
		}
	}
	if !ill["settings"] || !ill["tls"] || !ill["public-url"] || len(ill) != 3 {
		t.Errorf("ill: %v", ill)
	}
}

func TestARestoreThatWasCutShortIsCompletedByTheNextStart(t *testing.T) {
	t.Parallel()
	c := settings(t, nil)
	serve(t, c).stop() //nolint:errcheck // Cleanup tells
	archive := t.TempDir() + "/kith.tar"
	if _, err := app.Backup(t.Context(), c, slog.New(slog.DiscardHandler), archive, "test"); err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(ops.Folder(c.Data).Key())
	if err != nil {
		t.Fatal(err)
	}
	// Everything is decided and nothing is moved yet.
	data := ops.Folder(c.Data)
	if err := os.MkdirAll(c.Data+"/.restore/uploads", 0o700); err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{data.Database(): "/.restore/kith.db", data.Key(): "/.restore/secret.key"} {
		if err := os.Rename(from, c.Data+to); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(c.Data+"/restore.json", []byte(`{"replaced":"replaced-x","names":["kith.db","uploads","secret.key"]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	serve(t, c)
	if got, err := os.ReadFile(data.Key()); err != nil || string(got) != string(key) {
		t.Errorf("another key after the restore, %v", err)
	}
}

// Bounces that nobody takes in are told, before they are missed.
func TestDoctorTellsWhereBouncesGo(t *testing.T) {
	t.Parallel()
	for want, flags := range map[string]map[string]string{
		"true no mail leaves":  {},
		"true bounces by mail": {"smtp-url": "smtp://127.0.0.1:1"},
		"false mail that does": {"smtp-url": "smtp://127.0.0.1:1", "bounce-address": "bounces@mail.example.org"},
		"true mail that does":  {"smtp-url": "smtp://127.0.0.1:1", "bounce-address": "bounces@mail.example.org", "bounce-listen": ":2525"},
	} {
		flags["data"] = t.TempDir()
		c, err := config.Load(config.Source{Flags: flags})
		if err != nil {
			t.Fatal(err)
		}
		for _, check := range app.Doctor(t.Context(), c, nil) {
			if got := fmt.Sprint(check.OK, " ", check.Message); check.Name == "bounces" && (!strings.HasPrefix(got, want) || check.OK == (check.Remedy != "")) {
				t.Errorf("%v: %s (%s), want %s", flags, got, check.Remedy, want)
			}
		}
	}
}
