package app_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/app"
	"kith/internal/base/fault"
	"kith/internal/config"
	"kith/internal/testdb"
)

// server is a server under test.
type server struct {
	URL    string   `json:"url"`
	Listen []string `json:"listen"`
	Ops    []string `json:"ops_listen"`
	Setup  string   `json:"setup_code"`

	stop func() error
}

func settings(t *testing.T, flags map[string]string) config.Config {
	t.Helper()
	all := map[string]string{
		"data": filepath.Join(t.TempDir(), "data"), "listen": "localhost:0", "ops-listen": "off", "log-format": "json",
	}
	maps.Copy(all, flags)
	c, err := config.Load(config.Source{Flags: all})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// serve runs a server until the test ends, and returns once it is ready.
func serve(t *testing.T, c config.Config, change ...func(*app.Process)) *server {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	p := app.Process{Version: "test", Stdout: in, Log: slog.New(slog.DiscardHandler), Migrate: true}
	for _, fn := range change {
		fn(&p)
	}
	done := make(chan error, 1)
	go func() {
		err := app.Run(ctx, c, p)
		in.CloseWithError(io.EOF)
		done <- err
	}()
	s := &server{}
	stopped := false
	s.stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		return <-done
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatalf("not ready: %v", s.stop())
	}
	if err := json.Unmarshal(line, s); err != nil {
		t.Fatalf("ready line %s: %v", line, err)
	}
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return s
}

// get returns status and body.
func get(t *testing.T, client *http.Client, url string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a, string(body)
}

func TestServes(t *testing.T) {
	t.Parallel()
	s := serve(t, settings(t, map[string]string{"ops-listen": "localhost:0"}))
	for _, c := range []struct {
		url, code, body string
		status          int
	}{
		{s.URL + "/healthz", "", "alive\n", 200},
		{s.URL + "/readyz", "", "ready\n", 200},
		{s.URL + "/v2/x", "request.route", `[{"error_key":"http.status.not_found"`, 404},
		{s.URL + "/v2", "request.route", `[{"error_key":"http.status.not_found"`, 404},
		{s.URL + "/ws/customers/me/contacts", "operation.not_built", "Error 501: ", 501},
		{s.URL + "/v22", "request.route", "<!doctype html>", 404},
		{"http://" + s.Ops[0] + "/readyz", "", "ready\n", 200},
		{"http://" + s.Ops[0] + "/metrics", "", "# HELP", 200},
		{"http://" + s.Ops[0] + "/debug/pprof/cmdline", "", "", 200},
	} {
		a, body := get(t, http.DefaultClient, c.url)
		if a.StatusCode != c.status || !strings.HasPrefix(body, c.body) || a.Header.Get("Kith-Error-Code") != c.code {
			t.Errorf("%s: %d %q %.200s", c.url, a.StatusCode, a.Header.Get("Kith-Error-Code"), body)
		}
	}
	_, metrics := get(t, http.DefaultClient, "http://"+s.Ops[0]+"/metrics")
	if !strings.Contains(metrics, `kith_store_unit_duration_seconds_count{how="view"}`) {
		t.Error("units of work are not counted")
	}
	for _, line := range []string{
		`kith_edge_requests_total{api="v2",method="GET",route="/v2",status="404"} 2`,
		`kith_edge_requests_total{api="web",method="GET",route="none",status="404"} 1`,
		`kith_edge_panics_total 0`,
		`kith_ops_build_info{version="test"} 1`,
	} {
		if !strings.Contains(metrics, line+"\n") {
			t.Errorf("no metric %s", line)
		}
	}
}

func TestLocalhostIsBothLoopbackAddresses(t *testing.T) {
	t.Parallel()
	s := serve(t, settings(t, nil))
	if len(s.Listen) == 1 {
		if _, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "[::1]:0"); err == nil {
			t.Fatalf("listens on %v alone", s.Listen)
		}
		t.Skip("NOT TESTED: this machine has no IPv6")
	}
	for i, host := range []string{"127.0.0.1", "::1"} {
		got, port, err := net.SplitHostPort(s.Listen[i])
		if err != nil || got != host || !strings.HasSuffix(s.URL, ":"+port) {
			t.Errorf("listens on %s, want %s and the port of %s", s.Listen[i], host, s.URL)
		}
		if a, _ := get(t, http.DefaultClient, "http://"+s.Listen[i]+"/healthz"); a.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", s.Listen[i], a.StatusCode)
		}
	}
}

func TestOneServerOnADataFolder(t *testing.T) {
	t.Parallel()
	c := settings(t, nil)
	s := serve(t, c)
	err := app.Run(t.Context(), c, app.Process{Stdout: io.Discard, Log: slog.New(slog.DiscardHandler)})
	if f := fault.Of(err); f.Code != "data.held" {
		t.Errorf("a second server: %v", err)
	}
	// A command may work on the same data meanwhile.
	b, err := app.Open(t.Context(), c, app.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	serve(t, c)
}

func TestAServerThatMayNotMigrate(t *testing.T) {
	t.Parallel()
	err := app.Run(t.Context(), settings(t, nil), app.Process{Stdout: io.Discard, Log: slog.New(slog.DiscardHandler)})
	if f := fault.Of(err); f.Code != "schema.behind" {
		t.Errorf("got %v", err)
	}
}

func TestATakenAddress(t *testing.T) {
	t.Parallel()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, flag := range []string{"listen", "ops-listen"} {
		c := settings(t, map[string]string{flag: l.Addr().String()})
		err := app.Run(t.Context(), c, app.Process{Stdout: io.Discard, Log: slog.New(slog.DiscardHandler), Migrate: true})
		if err == nil || !strings.Contains(err.Error(), "is taken by another process") {
			t.Errorf("%s: got %v", flag, err)
		}
	}
}

func TestTheDataFolderIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	c := settings(t, nil)
	serve(t, c)
	for name, want := range map[string]os.FileMode{".": 0o700, "kith.db": 0o600, "secret.key": 0o600} {
		info, err := os.Stat(filepath.Join(c.Data, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", name, got, want)
		}
	}
}

func TestTheSecretKeyStays(t *testing.T) {
	t.Parallel()
	for name, flags := range map[string]func(*testing.T) map[string]string{
		"sqlite":   func(*testing.T) map[string]string { return nil },
		"postgres": func(t *testing.T) map[string]string { return map[string]string{"database-url": testdb.Postgres(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := settings(t, flags(t))
			open := func(key string) (string, error) {
				c := c
				if key != "" {
					c.SecretKey = config.NewSecret(key)
				}
				b, err := app.Open(t.Context(), c, app.Options{Log: slog.New(slog.DiscardHandler), Migrate: true})
				if err != nil {
					return "", err
				}
				defer b.Close()
				return b.Key.Text(), nil
			}
			first, err := open("")
			if err != nil {
				t.Fatal(err)
			}
			if again, err := open(""); err != nil || again != first {
				t.Errorf("opened again: another key, %v", err)
			}
			if same, err := open(first); err != nil || same != first {
				t.Errorf("the same key given: %v", err)
			}
			if _, err := open(strings.Repeat("x", 40)); fault.Of(err).Code != "secret_key.differs" {
				t.Errorf("another key given: %v", err)
			}
		})
	}
}

func TestStrangersNeedASetupCode(t *testing.T) {
	t.Parallel()
	if s := serve(t, settings(t, nil)); s.Setup != "" {
		t.Errorf("on loopback: set-up code %q", s.Setup)
	}
	c := settings(t, map[string]string{"listen": "0.0.0.0:0"})
	s := serve(t, c)
	if len(s.Setup) != 19 {
		t.Errorf("set-up code %q", s.Setup)
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if again := serve(t, c); again.Setup != s.Setup {
		t.Error("another start, another code")
	}
}

func TestHTTPSAndHTTPOnOnePort(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cert, key, pool := certificate(t, dir, "one.test")
	c := settings(t, map[string]string{"tls-cert": cert, "tls-key": key, "require-https": "true"})
	s := serve(t, c)
	if !strings.HasPrefix(s.URL, "https://localhost:") {
		t.Errorf("public address %s", s.URL)
	}
	transport := &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: "one.test"}}
	defer transport.CloseIdleConnections()
	a, body := get(t, &http.Client{Transport: transport}, s.URL+"/v2/x")
	if a.StatusCode != http.StatusNotFound || a.ProtoMajor != 2 {
		t.Errorf("https: HTTP/%d, %d %s", a.ProtoMajor, a.StatusCode, body)
	}
	plain := "http" + strings.TrimPrefix(s.URL, "https")
	a, body = get(t, http.DefaultClient, plain+"/v2/x")
	if a.StatusCode != http.StatusForbidden || !strings.HasPrefix(body, `[{"error_key":"http.status.forbidden"`) {
		t.Errorf("http: %d %s", a.StatusCode, body)
	}
	if a, _ = get(t, http.DefaultClient, plain+"/healthz"); a.StatusCode != http.StatusOK {
		t.Errorf("health by http: %d", a.StatusCode)
	}
}
