// Package browser drives the pages of the real binary with a real browser.
// The tests themselves are JavaScript; this starts what they look at.
package browser

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"kith/internal/testdb"
	"kith/test/server"
)

func TestMain(m *testing.M) { server.Main(m) }

// once are the tests that say nothing about a database.
var once = []string{"forms.test.mjs", "imports.test.mjs", "opt-in.test.mjs", "pages.test.mjs", "requests.test.mjs", "ways.test.mjs"}

// mailed are the tests that follow the links in mails: each is the relay
// itself.
var mailed = []string{"accounts.test.mjs", "life.test.mjs", "public.test.mjs"}

// TestPages runs each *.test.mjs beside a server of its own on each database.
func TestPages(t *testing.T) {
	dir := filepath.Join(server.Root(), "test", "browser")
	for path, brings := range map[string]string{
		filepath.Join(dir, "node_modules"):                               "the browser's driver",
		filepath.Join(server.Root(), "web", "app", "dist", "index.html"): "the web app",
	} {
		if _, err := os.Stat(path); err == nil {
			continue
		}
		if os.Getenv("KITH_TEST_REQUIRE") == "1" {
			t.Fatalf("no browser tests without %s (%s); `make test` brings it", brings, path)
		}
		t.Skipf("NOT TESTED in a browser without %s (%s); `make test` brings it", brings, path)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.test.mjs"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no browser tests in %s: %v", dir, err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		for _, database := range []string{"sqlite", "postgres"} {
			if database == "postgres" && slices.Contains(once, name) {
				continue
			}
			t.Run(name+"/"+database, func(t *testing.T) {
				t.Parallel()
				url := ""
				if database == "postgres" {
					url = testdb.Postgres(t)
				}
				env := []string{}
				flags := []string{}
				if slices.Contains(mailed, name) {
					port := freePort(t)
					env = append(env, "KITH_TEST_SMTP_PORT="+port)
					flags = append(flags, "--signup", "open", "--smtp-url", "smtp://127.0.0.1:"+port)
				}
				if name == "sending.test.mjs" {
					// So is it here, and the name server too.
					relay, names := freePort(t), freePort(t)
					env = append(env, "KITH_TEST_SMTP_PORT="+relay, "KITH_TEST_DNS_PORT="+names)
					flags = append(flags, "--smtp-url", "smtp://127.0.0.1:"+relay, "--dns-server", "127.0.0.1:"+names, "--sender-spf", "include:spf.relay.test")
				}
				s := server.Start(t, server.NewPlace(t, url), flags...)
				cmd := exec.CommandContext(t.Context(), "node", "--test", "--test-reporter=tap", file)
				cmd.Dir = dir
				cmd.Env = append(append(os.Environ(), "KITH_URL="+s.URL), env...)
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
			})
		}
	}
}

// freePort returns a port of loopback that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return port
}
