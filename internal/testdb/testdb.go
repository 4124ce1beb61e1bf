// Package testdb gives a test a PostgreSQL database of its own. Which server
// it lies on is said by the environment; `make test` starts one.
package testdb

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// The environment that the Makefile sets.
const (
	envURL     = "KITH_TEST_DATABASE_URL"
	envRequire = "KITH_TEST_REQUIRE"
	envScale   = "KITH_TEST_SCALE"
)

// Postgres returns the URL of a fresh, empty database, dropped when the test
// ends. Without a server the test is skipped, or fails where
// KITH_TEST_REQUIRE=1 says that nothing may be left out.
func Postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv(envURL)
	if server == "" {
		if os.Getenv(envRequire) == "1" {
			t.Fatalf("no PostgreSQL: %s is not set", envURL)
		}
		t.Skipf("NOT TESTED on PostgreSQL: %s is not set; `make test` starts a server", envURL)
	}
	name := "kith_" + strings.ToLower(rand.Text())
	admin(t, server, "CREATE DATABASE "+name)
	t.Cleanup(func() { admin(t, server, "DROP DATABASE "+name+" WITH (FORCE)") })
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s is not a URL", envURL)
	}
	u.Path = "/" + name
	return u.String()
}

// admin runs one statement on the server, also after the test's own context
// has ended.
func admin(t testing.TB, server, statement string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	c, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatalf("connect to %s: %v", envURL, err)
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, statement); err != nil {
		t.Errorf("%s: %v", statement, err)
	}
}

// Scale says how many times larger than usual the test data may be; 1 unless
// KITH_TEST_SCALE says otherwise.
func Scale() int {
	n, err := strconv.Atoi(os.Getenv(envScale))
	if err != nil || n < 1 {
		return 1
	}
	return n
}
