package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kith/test/server"
)

func decode(t *testing.T, text []byte, out any) {
	t.Helper()
	if err := json.Unmarshal(text, out); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
}

// TestQuickStart runs the commands of the README's quick start as they stand
// there, against a server that a new user has just started.
func TestQuickStart(t *testing.T) {
	t.Parallel()
	script := quickStart(t)
	onBoth(t, func(t *testing.T, p server.Place) {
		s := server.Start(t, p)
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "bin"), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(server.Binary(t), filepath.Join(dir, "bin", "kith")); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", strings.ReplaceAll(script, "http://localhost:8080", s.URL))
		cmd.Dir = dir
		// The commands find the data as an operator's shell would tell them.
		cmd.Env = append(os.Environ(), "KITH_DATA="+p.Data, "KITH_DATABASE_URL="+p.DatabaseURL)
		out, err := cmd.CombinedOutput()
		t.Logf("%s", out)
		if err != nil {
			t.Fatalf("the quick start failed: %v", err)
		}
		for _, want := range []string{`"percent_done":100`, `"state":"completed"`, "Line 4: ", `"list_memberships":["`, "ada@example.org", "lin@example.org"} {
			if !strings.Contains(string(out), want) {
				t.Errorf("the quick start does not print %s", want)
			}
		}
	})
}

// quickStart returns the shell block of the README that follows its mark.
func quickStart(t *testing.T) string {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join(server.Root(), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(readme), "<!-- quick start -->\n```sh\n")
	script, _, closed := strings.Cut(rest, "\n```")
	if !ok || !closed {
		t.Fatal("README.md has no quick start")
	}
	return script
}
