package jobs_test

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"kith/internal/jobs"
	"kith/internal/store"
	"kith/internal/testdb"
)

// each runs a test on a fresh database of either kind; options names it, so
// that several stores (as of several processes) can be opened over it.
func each(t *testing.T, test func(t *testing.T, options store.Options)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, store.Options{Path: filepath.Join(t.TempDir(), "kith.db")})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, store.Options{DatabaseURL: testdb.Postgres(t)})
	})
}

func open(t *testing.T, o store.Options) *store.Store {
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

// runner returns a runner over the store; it is stopped before the store is
// closed.
func runner(t *testing.T, s jobs.Store) *jobs.Runner {
	t.Helper()
	return jobs.New(jobs.Options{Store: s, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
}

func start(t *testing.T, r *jobs.Runner) {
	t.Helper()
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, r) })
}

func stop(t *testing.T, r *jobs.Runner) {
	t.Helper()
	if err := r.Stop(t.Context()); err != nil && t.Context().Err() == nil {
		t.Error(err)
	}
}

// soon fails the test when nothing comes.
func soon[T any](t *testing.T, c <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(30 * time.Second):
		t.Fatalf("waited too long for %s", what)
		panic("not reached")
	}
}
