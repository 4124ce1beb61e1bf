package config_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/config"
)

func TestDefaultsStartAServer(t *testing.T) {
	c, err := config.Load(config.Source{})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Listen.String(); got != "localhost:8080" {
		t.Errorf("listen = %s", got)
	}
	if c.ImportMaxBytes != 512<<20 || c.AccessTokenTTL != 24*time.Hour || c.Signup != config.SignupFirst || !c.AbuseLimits {
		t.Errorf("defaults are %+v", c)
	}
	if c.OpsListen.Off() || !c.BounceListen.Off() {
		t.Error("operations are off or bounces are on")
	}
	if len(c.Settings()) != len(config.Options()) {
		t.Errorf("%d settings told of %d", len(c.Settings()), len(config.Options()))
	}
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLaterSourcesWin(t *testing.T) {
	file := write(t, "kith.toml", `
listen = "file:1"
data = "file"
signup = "open"
import-max-rows = 5
require-https = false
trusted-proxies = ["10.1.2.3/8", "::1"]
`)
	c, err := config.Load(config.Source{
		Environ: []string{"KITH_CONFIG=" + file, "KITH_LISTEN=env:2", "KITH_DATA=env", "OTHER=1"},
		Flags:   map[string]string{"listen": "flag:3"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][2]string{
		"listen":             {"flag:3", "--listen"},
		"data":               {"env", "KITH_DATA"},
		"signup":             {"open", file},
		"import-max-rows":    {"5", file},
		"refresh-grace":      {"60s", "default"},
		"trusted-proxies":    {"10.1.2.3/8,::1", file},
		"request-log-rows":   {"10000", "default"},
		"access-token-ttl":   {"24h", "default"},
		"implicit-token-ttl": {"8h", "default"},
	}
	for _, s := range c.Settings() {
		if w, ok := want[s.Name]; ok && w != [2]string{s.Value, s.From} {
			t.Errorf("%s = %q from %s, want %q", s.Name, s.Value, s.From, w)
		}
	}
	prefixes := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	if c.Listen != config.At("flag", 3) || c.Data != "env" || !slices.Equal(c.TrustedProxies, prefixes) {
		t.Errorf("got %+v", c)
	}
}

func TestEveryProblemAtOnce(t *testing.T) {
	file := write(t, "kith.toml", "lisen = 'x'\nimport-max-bytes = 'lots'\ndata = {a = 1}\n")
	_, err := config.Load(config.Source{
		File:    file,
		Environ: []string{"KITH_API_RATE=4/h", "KITH_SMTP_URL=http://x", "KITH_SECRET_KEY=a", "KITH_SECRET_KEY_FILE=b"},
	})
	e, ok := errors.AsType[*config.Error](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	want := []string{
		"lisen (" + file + ") is not a setting",
		"data.a (" + file + ") is not a setting",
		"secret-key (KITH_SECRET_KEY_FILE) is given twice: KITH_SECRET_KEY is set too",
		"data (" + file + ") is neither text nor a number, true, false or a list",
		"secret-key (KITH_SECRET_KEY_FILE) has fewer than 32 characters; openssl rand -base64 32 makes one",
		"smtp-url (KITH_SMTP_URL) is not of the form smtp://user:password@mail.example.com:587",
		"import-max-bytes (" + file + ") is not a size, as in 512MiB",
		"api-rate (KITH_API_RATE) is neither off nor a rate, as in 4/s,10000/d",
	}
	var got []string
	for _, p := range e.Problems {
		got = append(got, p.String())
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
	if e.Usage() {
		t.Error("a file's fault is told as wrong usage")
	}
}

func TestAWrongFlagIsWrongUsage(t *testing.T) {
	_, err := config.Load(config.Source{Flags: map[string]string{"signup": "maybe"}})
	e, ok := errors.AsType[*config.Error](err)
	if !ok || !e.Usage() {
		t.Fatalf("got %v", err)
	}
	if want := "signup (--signup) is not first, open or closed"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}

func TestAFileThatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct{ path, want string }{
		"missing":   {filepath.Join(t.TempDir(), "none"), "cannot be read: no such file or directory"},
		"malformed": {write(t, "x", "listen = \"a:1\"\nsignup == 1\n"), "line 2, column 9: "},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := config.Load(config.Source{File: c.path})
			if err == nil || !strings.HasPrefix(err.Error(), c.path+" "+c.want) {
				t.Errorf("got %v, want %s %s…", err, c.path, c.want)
			}
		})
	}
}

func TestSecretsComeFromFilesToo(t *testing.T) {
	for _, o := range config.Options() {
		if (o.EnvFile() != "") != o.Secret {
			t.Errorf("%s: a file in the environment is for secrets, and for all of them", o.Name)
		}
	}
	path := write(t, "url", "postgres://kith:hunter2@db/kith\n")
	c, err := config.Load(config.Source{Environ: []string{"KITH_DATABASE_URL_FILE=" + path}})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.DatabaseURL.Reveal(); got != "postgres://kith:hunter2@db/kith" {
		t.Errorf("got %q", got)
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	c, err := config.Load(config.Source{Flags: map[string]string{
		"secret-key":   "hunter2-hunter2-hunter2-hunter2-hunter2",
		"database-url": "postgres://kith:hunter2@db/kith?sslpassword=hunter2&sslmode=disable",
		"smtp-url":     "smtps://mailer:hunter2@mail.example.com",
	}})
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "config", c, "key", c.SecretKey, "url", c.SMTPURL)
	for _, shown := range []string{
		fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%q %x", c.SecretKey, c.SMTPURL),
		fmt.Sprintf("%#v %#v", c.SecretKey, c.DatabaseURL), string(asJSON), log.String(), fmt.Sprint(c.Settings()),
	} {
		if strings.Contains(shown, "hunter2") || strings.Contains(shown, "68756e7465723") {
			t.Errorf("shown: %s", shown)
		}
	}
	if got, want := c.DatabaseURL.String(), "postgres://kith:••••••@db/kith?sslpassword=••••••&sslmode=disable"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	_, err = config.Load(config.Source{Flags: map[string]string{"database-url": "mysql://kith:hunter2@%zz"}})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
}

func TestValues(t *testing.T) {
	for _, c := range []struct{ flag, value, problem string }{
		{"listen", ":8080", ""},
		{"listen", "[::1]:0", ""},
		{"listen", "8080", "is not of the form"},
		{"listen", "a:99999", "has a port that is not"},
		{"listen", "off", "is not of the form"},
		{"ops-listen", "off", ""},
		{"ops-listen", "localhost:8080", "is the same address as listen"},
		{"data", "", "names no folder"},
		{"import-max-bytes", "10", ""},
		{"import-max-bytes", "2 GB", ""},
		{"import-max-bytes", "0", "is not a size"},
		{"import-max-bytes", "9999999999GiB", "is not a size"},
		{"import-max-rows", "0", "is not a whole number from 1 to"},
		{"api-rate", "4/s", ""},
		{"api-rate", "4/s, 100/d", ""},
		{"api-rate", "4/s,5/s", "is neither off nor"},
		{"api-rate", "0/s", "is neither off nor"},
		{"access-token-ttl", "90m", ""},
		{"access-token-ttl", "1", "is not a duration"},
		{"access-token-ttl", "0s", "is less than 1s"},
		{"refresh-grace", "0s", ""},
		{"trusted-proxies", "10.0.0.0/33", "which is not a network"},
		{"abuse-limits", "off", ""},
		{"abuse-limits", "maybe", "is neither on nor off"},
		{"public-url", "https://kith.example.com/", ""},
		{"public-url", "https://kith.example.com/sub", "takes a scheme and a host"},
		{"public-url", "kith.example.com", "is not of the form"},
		{"smtp-url", "smtp://localhost:1025", ""},
		{"smtp-url", "smtp:localhost", "is not of the form"},
		{"smtp-url", "smtp://:25", "names no host"},
		{"acme-domain", "a.example.com, b.example.com", ""},
		{"acme-domain", "https://a.example.com", "which is not a host name"},
		{"tls-cert", "a.pem", "needs tls-key"},
		{"tls-key", "a.pem", "needs tls-cert"},
		{"require-https", "true", "would refuse every request"},
		{"log-format", "xml", "is not text or json"},
		{"database-url", "sqlite://x", "is not of the form"},
		{"secret-key", "short", "has fewer than 32"},
	} {
		t.Run(c.flag+"="+c.value, func(t *testing.T) {
			_, err := config.Load(config.Source{Flags: map[string]string{c.flag: c.value}})
			switch {
			case c.problem == "" && err != nil:
				t.Errorf("refused: %v", err)
			case c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)):
				t.Errorf("got %v, want %q", err, c.problem)
			}
		})
	}
}

func TestValuesPrintAsTheyAreRead(t *testing.T) {
	c, err := config.Load(config.Source{Flags: map[string]string{
		"import-max-bytes": "1048576", "api-rate": "4/s,10000/d", "listen": "[::1]:80",
	}})
	if err != nil {
		t.Fatal(err)
	}
	for got, want := range map[string]string{
		c.ImportMaxBytes.String(): "1MiB", c.APIRate.String(): "4/s,10000/d", c.Listen.String(): "[::1]:80",
		config.Size(1500).String(): "1500B", config.Address{}.String(): "off",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestPublicAddress(t *testing.T) {
	for _, c := range []struct {
		name, want string
		flags      map[string]string
	}{
		{"from listen", "http://localhost:8080", nil},
		{"any port", "http://localhost:4711", map[string]string{"listen": "localhost:0"}},
		{"every interface", "http://localhost:8080", map[string]string{"listen": ":8080"}},
		{"every interface, IPv6", "http://localhost:8080", map[string]string{"listen": "[::]:8080"}},
		{"usual port", "http://[::1]", map[string]string{"listen": "[::1]:80"}},
		{"own certificate", "https://a.example.com", map[string]string{"listen": "a.example.com:443", "tls-cert": "c", "tls-key": "k"}},
		{"fetched certificate", "https://b.example.com", map[string]string{"listen": ":443", "acme-domain": "B.example.com,c.example.com"}},
		{"given", "https://k.example.com", map[string]string{"public-url": "https://K.example.com/"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg, err := config.Load(config.Source{Flags: c.flags})
			if err != nil {
				t.Fatal(err)
			}
			if got := cfg.PublicAt(4711).String(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestWhereAnAddressReaches(t *testing.T) {
	for host, want := range map[string][2]bool{ // loopback, unspecified
		"localhost": {true, false}, "127.0.0.1": {true, false}, "::1": {true, false},
		"": {false, true}, "0.0.0.0": {false, true}, "::": {false, true}, "example.com": {false, false},
	} {
		a := config.At(host, 1)
		if got := [2]bool{a.Loopback(), a.Unspecified()}; got != want {
			t.Errorf("%q: loopback and unspecified = %v, want %v", host, got, want)
		}
	}
}

func TestIdleSettings(t *testing.T) {
	c, err := config.Load(config.Source{Flags: map[string]string{"webhook-allow-private": "true", "listen": "localhost:1"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Idle(); !slices.Equal(got, []string{"webhook-allow-private"}) {
		t.Errorf("got %v", got)
	}
}

func TestStrayVariables(t *testing.T) {
	got := config.Strays([]string{"KITH_LISTEN=x", "KITH_LISTN=x", "KITH_SMTP_URL_FILE=x", "KITH_DATA_FILE=x", "KITH_TEST_SCALE=1", "HOME=/"})
	if want := []string{"KITH_DATA_FILE", "KITH_LISTN"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
