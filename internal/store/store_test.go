package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/store"
	"kith/internal/testdb"
)

// each runs a test on a fresh store of either database.
func each(t *testing.T, test func(t *testing.T, open func() *store.Store)) {
	t.Helper()
	run := func(o store.Options) func(t *testing.T) {
		return func(t *testing.T) {
			test(t, func() *store.Store {
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
			})
		}
	}
	t.Run("sqlite", run(store.Options{Path: filepath.Join(t.TempDir(), "kith.db")}))
	t.Run("postgres", func(t *testing.T) { run(store.Options{DatabaseURL: testdb.Postgres(t)})(t) })
}

func TestNumbersAreTakenOnce(t *testing.T) {
	each(t, func(t *testing.T, open func() *store.Store) {
		// Two stores over one database stand for two processes.
		stores := []*store.Store{open(), open()}
		var (
			mu   sync.Mutex
			seen []int64
			wg   sync.WaitGroup
		)
		for i := range 8 {
			wg.Go(func() {
				for n := range 30 {
					first, err := stores[i%2].Numbers(t.Context(), 7, store.KindContact, n+1)
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					for k := range n + 1 {
						seen = append(seen, first+int64(k))
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		slices.Sort(seen)
		if all := len(seen); len(slices.Compact(seen)) != all {
			t.Error("a number was given twice")
		}
		if seen[0] < 1 {
			t.Errorf("numbers begin at %d, want 1 or later", seen[0])
		}
		if first, err := stores[0].Numbers(t.Context(), 8, store.KindContact, 1); err != nil || first != 1 {
			t.Errorf("another account begins at %d, %v; want 1", first, err)
		}
	})
}

func TestTalliesAreExactAtEveryMoment(t *testing.T) {
	const account = id.Account(3)
	each(t, func(t *testing.T, open func() *store.Store) {
		s, other := open(), open()
		want := map[int64]int64{}
		for i := range int64(60) {
			ref, amount := i%3, i%7-2
			want[ref] += amount
			if err := s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				return tx.Count(ctx, account, change.Members, ref, amount)
			}); err != nil {
				t.Fatal(err)
			}
			if i%20 == 19 { // folded in between, by both
				for _, st := range []*store.Store{s, other} {
					if _, err := st.FoldTallies(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
			}
			err := s.View(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				got, err := tx.Counted(ctx, account, change.Members, ref)
				if got != want[ref] {
					t.Errorf("after %d: list %d has %d, want %d", i, ref, got, want[ref])
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if n, err := s.FoldTallies(t.Context()); err != nil || n != 0 {
			t.Errorf("%d deltas are left, %v", n, err)
		}
	})
}

func TestSweepersTogether(t *testing.T) {
	each(t, func(t *testing.T, open func() *store.Store) {
		s, other := open(), open()
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 50 {
					err := s.Within(t.Context(), func(ctx context.Context, tx *store.Tx) error {
						return tx.Count(ctx, 1, change.Contacts, 0, 1)
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		for _, st := range []*store.Store{s, other} {
			wg.Go(func() {
				for range 20 {
					if _, err := st.FoldTallies(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		err := other.View(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			got, err := tx.Counted(ctx, 1, change.Contacts, 0)
			if got != 200 {
				t.Errorf("counted %d, want 200", got)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestNestingIsRefused(t *testing.T) {
	each(t, func(t *testing.T, open func() *store.Store) {
		s := open()
		err := s.Within(t.Context(), func(ctx context.Context, _ *store.Tx) error {
			return s.Within(ctx, func(context.Context, *store.Tx) error { return nil })
		})
		if !errors.Is(err, store.ErrNested) {
			t.Errorf("got %v, want ErrNested", err)
		}
	})
}

func TestUnreachableDatabaseIsUnavailable(t *testing.T) {
	_, err := store.Open(t.Context(), store.Options{DatabaseURL: "postgres://nobody@/x?host=" + t.TempDir()})
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v, want unavailable", err)
	}
}
