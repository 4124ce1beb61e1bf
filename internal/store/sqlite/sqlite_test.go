package sqlite_test

import (
	"path/filepath"
	"testing"

	"kith/internal/store/sqldb"
	"kith/internal/store/sqlite"
	"kith/internal/store/storetest"
)

func open(t testing.TB) sqldb.Engine {
	t.Helper()
	e, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "kith.db")})
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

func TestEngine(t *testing.T) {
	storetest.Engine(t, func(t *testing.T) sqldb.Engine { return open(t) })
}

func BenchmarkWithin(b *testing.B) {
	e := open(b)
	if _, _, err := e.Migrate(b.Context(), false); err != nil {
		b.Fatal(err)
	}
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			err := e.Within(b.Context(), func(q sqldb.Querier) error {
				_, err := q.Exec(b.Context(), "INSERT INTO tally_delta (account_id, kind, ref, amount) VALUES ($1, $2, $3, $4)", 1, 2, 3, 4)
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
