// Package v3_test lets client libraries that we did not write go through the
// contact side of version 3, on the real binary and on both databases.
package v3_test

import (
	"os"
	"os/exec"
	"testing"

	"kith/internal/testdb"
	"kith/test/server"
)

func TestMain(m *testing.M) { server.Main(m) }

// The published TypeScript client.
func TestPublishedClient(t *testing.T) {
	t.Parallel()
	needsModules(t)
	tour(t, "published")
}

// A client that a generator made of the contract's document; which one is said
// by the environment (docs/clients.md).
func TestGeneratedClient(t *testing.T) {
	t.Parallel()
	if os.Getenv("KITH_TEST_GENERATED_CLIENT") == "" {
		t.Skip("NOT TESTED with a generated client: KITH_TEST_GENERATED_CLIENT names none; docs/clients.md says how to make one")
	}
	tour(t, "generated")
}

func tour(t *testing.T, client string) {
	t.Helper()
	for name, database := range map[string]func(*testing.T) string{
		"sqlite":   func(*testing.T) string { return "" },
		"postgres": func(t *testing.T) string { return testdb.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := server.NewPlace(t, database(t))
			s := server.Start(t, p)
			key := p.Account(t, "ines@example.org", "contact_data account_read")
			cmd := exec.CommandContext(t.Context(), "node", "--test", "tour.test.mjs")
			cmd.Env = append(os.Environ(), "KITH_CLIENT="+client, "KITH_URL="+s.URL, "KITH_TOKEN="+key)
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
	_, err := os.Stat("node_modules/ctct-api-client")
	switch {
	case err == nil:
	case os.Getenv("KITH_TEST_REQUIRE") != "1":
		t.Skip("NOT TESTED with the published client: it is not installed; `make test` does that")
	default:
		if out, err := exec.CommandContext(t.Context(), "npm", "ci").CombinedOutput(); err != nil {
			t.Fatalf("npm ci: %v\n%s", err, out)
		}
	}
}
