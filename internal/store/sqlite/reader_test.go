package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"kith/internal/store/sqldb"
	"kith/internal/store/sqlite"
)

func one(t *testing.T) *sqlite.Engine {
	t.Helper()
	e, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "kith.db"), Readers: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func ask(t *testing.T, e *sqlite.Engine, query string) (n int64) {
	t.Helper()
	if err := e.View(t.Context(), func(q sqldb.Querier) error {
		return q.QueryRow(t.Context(), query).Scan(&n)
	}); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// A caller that gives up ends a query that would take minutes, and leaves the
// one reader to others.
func TestAViewEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	e := one(t)
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		err := e.View(ctx, func(q sqldb.Querier) error {
			var n int64
			return q.QueryRow(ctx, `WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 10000000000)
				SELECT count(*) FROM up`).Scan(&n)
		})
		cancel()
		if err == nil {
			t.Fatal("ten thousand million rows were counted in an instant")
		}
		if got := ask(t, e, "SELECT 41 + 1"); got != 42 {
			t.Errorf("afterwards: %d", got)
		}
	}
}

// Texts without end do not fill the memory, and each still answers.
func TestKeptStatementsAreBounded(t *testing.T) {
	t.Parallel()
	e := one(t)
	for i := range int64(1000) {
		if got := ask(t, e, fmt.Sprintf("SELECT %d", i)); got != i {
			t.Fatalf("text %d answers %d", i, got)
		}
	}
	if n := e.Kept(); n > 500 {
		t.Errorf("%d statements are kept", n)
	}
}

// What a statement was prepared for may change under it.
func TestAReaderSeesANewSchema(t *testing.T) {
	t.Parallel()
	e := one(t)
	change := func(text string) {
		t.Helper()
		if err := e.Within(t.Context(), func(q sqldb.Querier) error {
			_, err := q.Exec(t.Context(), text)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	change("CREATE TABLE thing (a INTEGER)")
	change("INSERT INTO thing VALUES (1)")
	if got := ask(t, e, "SELECT count(*) FROM thing"); got != 1 {
		t.Errorf("%d rows, want 1", got)
	}
	change("ALTER TABLE thing ADD COLUMN b INTEGER")
	change("INSERT INTO thing VALUES (2, 3)")
	if got := ask(t, e, "SELECT count(*) FROM thing"); got != 2 {
		t.Errorf("%d rows, want 2", got)
	}
}
