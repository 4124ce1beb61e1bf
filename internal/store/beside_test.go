package store_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"

	"kith/internal/base/id"
	"kith/internal/store"
)

// A command is a process of its own beside a server: neither may keep the
// other from writing, however busy one of them is.
func TestACommandBesideABusyServer(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "kith.db")
	open := func() *store.Store {
		s, err := store.Open(t.Context(), store.Options{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return s
	}
	server := open()
	if _, _, err := server.Migrate(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	command := open()
	busy, rest := context.WithCancel(t.Context())
	var (
		requests sync.WaitGroup
		served   [8]int
	)
	for i := range served {
		requests.Go(func() {
			for busy.Err() == nil {
				if err := server.PutChunks(t.Context(), 1, id.Blob(i), 0, []byte("x")); err != nil {
					t.Errorf("the server: %v", err)
					return
				}
				served[i]++
			}
		})
	}
	for i := range id.Blob(20) {
		if err := command.PutChunks(t.Context(), 2, i, 0, []byte("x")); err != nil {
			t.Errorf("the command: %v", err)
		}
	}
	rest()
	requests.Wait()
	for i, n := range served {
		if n == 0 {
			t.Errorf("request %d never got its turn", i)
		}
	}
}
