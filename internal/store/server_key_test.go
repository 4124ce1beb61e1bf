package store_test

import (
	"sync"
	"testing"

	"kith/internal/base/fault"
	"kith/internal/store"
)

func TestOneServerKeyForAll(t *testing.T) {
	each(t, func(t *testing.T, open func() *store.Store) {
		stores := []*store.Store{open(), open()}
		if _, err := stores[0].ServerKey(t.Context()); !fault.Is(err, fault.NotFound) {
			t.Errorf("with no key: %v, want not_found", err)
		}
		var (
			wg  sync.WaitGroup
			got [2]string
		)
		for i, fresh := range []string{"one", "two"} {
			wg.Go(func() {
				var err error
				if got[i], err = stores[i].KeepServerKey(t.Context(), fresh); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		kept, err := stores[1].ServerKey(t.Context())
		if err != nil || got[0] != kept || got[1] != kept || kept != "one" && kept != "two" {
			t.Errorf("got %q, kept %q, %v", got, kept, err)
		}
	})
}
