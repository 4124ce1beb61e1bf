package ops_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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

func TestCheckRelay(t *testing.T) {
	t.Parallel()
	says := func(how string, err error) ops.Check {
		return ops.CheckRelay(t.Context(), "relay.test:25", func(context.Context) (string, error) { return how, err })
	}
	found(t, says("with TLS", nil), true, "relay.test:25 answers, with TLS")
	found(t, says("", errors.New("535 wrong password")), false, "relay.test:25: 535 wrong password")
}
