// Package oauth_test lets a published npm client go through every flow of OAuth
// 2 against the server, on both databases.
package oauth_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"kith/internal/app"
	"kith/internal/base/clock"
	"kith/internal/base/opt"
	"kith/internal/config"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/store"
	"kith/internal/testdb"
)

const (
	email    = "ines@roy.example"
	password = "correct horse"
	callback = "https://app.example/cb"
)

func TestAnNPMClient(t *testing.T) {
	t.Parallel()
	needsModules(t)
	for name, flags := range map[string]func(t *testing.T) map[string]string{
		"sqlite":   func(*testing.T) map[string]string { return map[string]string{} },
		"postgres": func(t *testing.T) map[string]string { return map[string]string{"database-url": testdb.Postgres(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set := flags(t)
			set["data"], set["listen"], set["ops-listen"], set["log-format"] = filepath.Join(t.TempDir(), "data"), "localhost:0", "off", "json"
			c, err := config.Load(config.Source{Flags: set})
			if err != nil {
				t.Fatal(err)
			}
			at := serve(t, c)
			cmd := exec.CommandContext(t.Context(), "node", "--test", "oauth.test.mjs")
			cmd.Env = append(append(os.Environ(), "KITH_URL="+at, "KITH_EMAIL="+email, "KITH_PASSWORD="+password, "KITH_REDIRECT_URI="+callback),
				clients(t, c, at)...)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// needsModules skips the test where the client is not installed, and installs
// it where nothing may be left out.
func needsModules(t *testing.T) {
	t.Helper()
	_, err := os.Stat("node_modules/oauth4webapi")
	switch {
	case err == nil:
	case os.Getenv("KITH_TEST_REQUIRE") != "1":
		t.Skip("NOT TESTED with an npm client: it is not installed; `make test` does that")
	default:
		if out, err := exec.CommandContext(t.Context(), "npm", "ci").CombinedOutput(); err != nil {
			t.Fatalf("npm ci: %v\n%s", err, out)
		}
	}
}

// serve runs a server with one user until the test ends, and returns where it
// is.
func serve(t *testing.T, c config.Config) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := app.Run(ctx, c, app.Process{Version: "test", Stdout: in, Log: slog.New(slog.DiscardHandler), Migrate: true})
		in.CloseWithError(io.EOF)
		done <- err
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	var ready struct {
		URL string `json:"url"`
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err := errors.Join(err, json.Unmarshal(line, &ready)); err != nil {
		t.Fatalf("not ready: %v", err)
	}
	browser := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	a, err := browser.PostForm(ready.URL+"/signup", url.Values{"email": {email}, "password": {password}})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Body.Close(); err != nil || a.StatusCode != http.StatusSeeOther {
		t.Fatalf("sign up: %d, %v", a.StatusCode, err)
	}
	return ready.URL
}

// clients registers the applications that the client needs, as a second
// process over the same data would, and returns the environment naming them.
func clients(t *testing.T, c config.Config, at string) (env []string) {
	t.Helper()
	b, err := app.Open(t.Context(), c, app.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}()
	s := oauth.NewService(oauth.Options{
		Store: b.Store.OAuth(), Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Secret: b.Key, PublicURL: at,
	})
	var ines account.Actor
	if err := b.Store.View(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.AllUsers(ctx)
		if err == nil {
			ines = account.Actor{Account: all[0].Home, User: all[0].ID, Role: account.Owner, Via: account.ViaCommand}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for name, flow := range map[string]oauth.Flow{"SERVER": oauth.FlowCode, "PUBLIC": oauth.FlowPKCE, "DEVICE": oauth.FlowDevice} {
		a, err := s.CreateApplication(t.Context(), ines, oauth.ApplicationChange{
			Name: opt.Some(name), Flow: opt.Some(flow), RedirectURIs: opt.Some([]string{callback}),
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		env = append(env, "KITH_"+name+"_ID="+a.UID.String())
		if flow == oauth.FlowCode {
			secret, _, err := s.NewSecret(t.Context(), ines, a.UID, false)
			if err != nil {
				t.Fatal(err)
			}
			env = append(env, "KITH_"+name+"_SECRET="+secret)
		}
	}
	return env
}
