package postgres_test

import (
	"testing"

	"kith/internal/store/postgres"
	"kith/internal/store/sqldb"
	"kith/internal/store/storetest"
	"kith/internal/testdb"
)

func TestEngine(t *testing.T) {
	testdb.Postgres(t) // skip loudly once, not in every part
	storetest.Engine(t, func(t *testing.T) sqldb.Engine {
		e, err := postgres.Open(t.Context(), postgres.Options{URL: testdb.Postgres(t)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		})
		return e
	})
}
