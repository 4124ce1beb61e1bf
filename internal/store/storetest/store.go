package storetest

import (
	"path/filepath"
	"testing"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/store"
	"kith/internal/testdb"
)

// Start is where the clock of Each stands at first.
var Start = time.Date(2026, 3, 1, 17, 5, 9, 0, time.UTC)

// Each runs a test on a fresh, migrated store of either database, whose clock
// stands until the test moves it.
func Each(t *testing.T, test func(t *testing.T, s *store.Store, c *clock.Settable)) {
	t.Helper()
	run := func(t *testing.T, o store.Options) {
		t.Parallel()
		c := clock.NewSettable(Start)
		o.Clock = c
		test(t, Open(t, o), c)
	}
	t.Run("sqlite", func(t *testing.T) { run(t, store.Options{Path: filepath.Join(t.TempDir(), "kith.db")}) })
	t.Run("postgres", func(t *testing.T) { run(t, store.Options{DatabaseURL: testdb.Postgres(t)}) })
}

// Open opens and migrates a store that is closed when the test ends.
func Open(t testing.TB, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, _, err := s.Migrate(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	return s
}

// Owner is an actor who may do everything in an account.
func Owner(a id.Account) account.Actor {
	return account.Actor{
		Account: a, User: 1, Role: account.Owner, Via: account.ViaAPI, Application: "app",
		Operation: "TEST /v3/contacts", Address: "192.0.2.1",
	}
}
