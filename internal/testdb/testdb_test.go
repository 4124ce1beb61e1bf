package testdb_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"kith/internal/testdb"
)

func TestDatabasesAreApart(t *testing.T) {
	for range 2 {
		c, err := pgx.Connect(t.Context(), testdb.Postgres(t))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Exec(t.Context(), "CREATE TABLE only_here (n int)"); err != nil {
			t.Error(err)
		}
		if err := c.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func TestScale(t *testing.T) {
	for text, want := range map[string]int{"": 1, "100": 100, "0": 1, "many": 1} {
		t.Setenv("KITH_TEST_SCALE", text)
		if got := testdb.Scale(); got != want {
			t.Errorf("KITH_TEST_SCALE=%q: got %d, want %d", text, got, want)
		}
	}
}
