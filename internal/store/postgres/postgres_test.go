package postgres_test

import (
	"sync"
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

func TestProcessesThatStartTogetherMigrateOnce(t *testing.T) {
	url := testdb.Postgres(t)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			e, err := postgres.Open(t.Context(), postgres.Options{URL: url})
			if err != nil {
				t.Error(err)
				return
			}
			defer e.Close()
			if _, _, err := e.Migrate(t.Context(), false); err != nil {
				t.Error(err)
			}
			if have, want, err := e.Version(t.Context()); err != nil || have != want {
				t.Errorf("version %d of %d, %v", have, want, err)
			}
		})
	}
	wg.Wait()
}
