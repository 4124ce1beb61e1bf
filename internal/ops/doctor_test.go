package ops_test

import (
	"errors"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"kith/internal/ops"
)

// found checks what the doctor found. A remedy stands exactly where something
// is ill.
func found(t *testing.T, c ops.Check, ok bool, message string) {
	t.Helper()
	if c.OK != ok || !strings.Contains(c.Message, message) || (c.Remedy == "") != ok {
		t.Errorf("got %+v, want ok %v and %q", c, ok, message)
	}
}

func TestCheckFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	open := filepath.Join(dir, "open")
	if err := os.Mkdir(open, 0o755); err != nil {
		t.Fatal(err)
	}
	private := filepath.Join(dir, "private")
	if err := os.Mkdir(private, 0o700); err != nil {
		t.Fatal(err)
	}
	found(t, ops.CheckFolder(ops.Folder(filepath.Join(dir, "none"))), true, "not there yet")
	found(t, ops.CheckFolder(ops.Folder(file)), false, "is no folder")
	found(t, ops.CheckFolder(ops.Folder(open)), false, "others may enter it (mode 755)")
	found(t, ops.CheckFolder(ops.Folder(private)), true, "can be written")
	if left, err := os.ReadDir(private); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestCheckKeyFile(t *testing.T) {
	t.Parallel()
	data := folder(t, nil)
	found(t, ops.CheckKeyFile(data), true, "none yet")
	write(t, data, "secret.key", "x")
	found(t, ops.CheckKeyFile(data), true, "kept in")
	if err := os.Chmod(data.Key(), 0o640); err != nil {
		t.Fatal(err)
	}
	found(t, ops.CheckKeyFile(data), false, "others may read")
}

func TestCheckSchema(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s       schema
		ok      bool
		message string
	}{
		{schema{have: 4, want: 4}, true, "up to date at version 4"},
		{schema{have: 5, want: 4}, true, "newer"},
		{schema{have: 3, want: 4}, false, "at version 3, this program needs 4"},
		{schema{err: errors.New("refused")}, false, "does not answer: refused"},
	} {
		found(t, ops.CheckSchema(t.Context(), "database", c.s), c.ok, c.message)
	}
}

func TestCheckClock(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		server, newest time.Duration
		ok             bool
		message        string
	}{
		{0, 0, true, "agrees"},
		{time.Second, time.Second, true, "agrees"},
		{3 * time.Second, 0, false, "3s apart"},
		{-3 * time.Second, 0, false, "3s apart"},
		{0, time.Hour, false, "written 1h0m0s after"},
		{0, -1000 * time.Hour, true, "agrees"},
	} {
		found(t, ops.CheckClock(noon, noon.Add(c.server), noon.Add(c.newest)), c.ok, c.message)
	}
}

// relay is a mail server that lets one user in.
type relay struct{}

func (relay) NewSession(*smtp.Conn) (smtp.Session, error) { return session{}, nil }

type session struct{ smtp.Session }

func (session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "me" || password != "right" {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (session) Reset()        {}
func (session) Logout() error { return nil }

func TestCheckRelay(t *testing.T) {
	t.Parallel()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(relay{})
	s.AllowInsecureAuth = true
	go s.Serve(l) //nolint:errcheck // it ends with Close
	t.Cleanup(func() { s.Close() })
	at := func(user *url.Userinfo) *url.URL {
		return &url.URL{Scheme: "smtp", Host: l.Addr().String(), User: user}
	}

	found(t, ops.CheckRelay(t.Context(), at(nil)), true, "answers, without encryption")
	found(t, ops.CheckRelay(t.Context(), at(url.UserPassword("me", "right"))), true, "lets the user in")
	refused := ops.CheckRelay(t.Context(), at(url.UserPassword("me", "hunter2")))
	found(t, refused, false, "")
	if strings.Contains(refused.Message+refused.Remedy, "hunter2") {
		t.Errorf("the password is shown: %+v", refused)
	}
	secure := at(nil)
	secure.Scheme = "smtps"
	found(t, ops.CheckRelay(t.Context(), secure), false, "tls")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	found(t, ops.CheckRelay(t.Context(), at(nil)), false, "connection refused")
}
