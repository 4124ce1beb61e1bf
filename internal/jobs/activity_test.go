package jobs_test

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/domain/activity"
	"kith/internal/domain/list"
	"kith/internal/jobs"
	"kith/internal/outbound/blob"
	"kith/internal/outbound/sheet"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

// ended tells of every activity that was worked on.
type ended chan error

func (e ended) Done(name string, _ time.Duration, err error) {
	if name == activity.Wake {
		e <- err
	}
}

func (e ended) Panicked(string) {}

// An import that is asked for is worked on by itself, also one that was asked
// for before the runner began.
func TestActivities(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		files := blob.NewFolder(filepath.Join(t.TempDir(), "uploads"))
		service := activity.New(activity.Options{Store: s.Activities(), Files: files, Sheets: sheet.New(sheet.Options{})})
		who := storetest.Owner(7)
		l, err := list.New(s.Lists()).Create(t.Context(), who, list.Input{Name: "One"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		begin := func(k int) activity.Activity {
			var file strings.Builder
			file.WriteString("email\n")
			for i := range 500 {
				fmt.Fprintf(&file, "p%d-%d@example.org\n", k, i)
			}
			u, err := service.Receive(t.Context(), who, "people.csv", strings.NewReader(file.String()))
			if err != nil {
				t.Fatal(err)
			}
			a, err := service.Import(t.Context(), who, activity.Import{Upload: u.Ref(), Lists: []id.Ref[id.List]{l.Ref()}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		done := make(ended)
		all := []activity.Activity{begin(0)}
		r := jobs.New(jobs.Options{Store: s, Log: slog.New(slog.DiscardHandler), Observer: done})
		r.Activities(service)
		if err := r.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		for k := range 3 {
			all = append(all, begin(k+1))
		}
		for range all {
			select {
			case err := <-done:
				if err != nil {
					t.Error(err)
				}
			case <-time.After(time.Minute):
				t.Fatal("an import was not worked on for a minute")
			}
		}
		if err := r.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		for _, a := range all {
			a, err := service.Get(t.Context(), who, id.Ref[id.Activity]{Number: a.ID})
			if err != nil || a.State != activity.Completed || a.Persons != 500 {
				t.Errorf("%s with %d, %v", a.State, a.Persons, err)
			}
		}
	})
}
