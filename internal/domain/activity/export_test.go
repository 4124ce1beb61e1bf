package activity_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/base/task"
	"kith/internal/domain/activity"
	"kith/internal/outbound/blob"
	"kith/internal/outbound/sheet"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

var errKilled = errors.New("killed")

// dying are files whose writer is gone after some appends: the last one is
// written and not told of, as when a process is killed.
type dying struct {
	*blob.Folder
	left int
	torn bool // the last one is written in part
}

func (d *dying) Append(ctx context.Context, account id.Account, b id.Blob, at int64, p []byte) error {
	d.left--
	if d.left == 0 && d.torn {
		p = p[:len(p)*2/3]
	}
	err := d.Folder.Append(ctx, account, b, at, p)
	if d.left == 0 && err == nil {
		return errKilled
	}
	return err
}

// An export that is killed at any of its writes ends as one that never was,
// also where a late writer has cut its file.
func TestExportGoesOnAfterAKill(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newWorld(t, s)
		const people = 11_000 // three pages
		var file strings.Builder
		file.WriteString("email,first_name\n")
		for i := range people {
			fmt.Fprintf(&file, "p%05d@example.org,\"Number %d\n\"\n", i, i)
		}
		run := func(files activity.Files, a activity.Activity) error {
			service := activity.New(activity.Options{Store: s.Activities(), Files: files, Sheets: sheet.New(sheet.Options{})})
			lease := task.Lease{Name: fmt.Sprintf("activity/7/%d", a.ID), Owner: "me"}
			if _, err := s.TakeLease(t.Context(), lease, time.Hour); err != nil {
				t.Fatal(err)
			}
			return service.Run(t.Context(), activity.Item{Account: 7, Activity: a.ID}, lease)
		}
		u := w.receive("people.csv", file.String())
		imported, err := w.service.Import(t.Context(), w.who, activity.Import{Upload: u.Ref(), Lists: w.lists}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := run(w.files, imported); err != nil {
			t.Fatal(err)
		}
		begin := func() activity.Activity {
			a, err := w.service.Export(t.Context(), w.who, activity.Export{Columns: []string{"email_address", "first_name", "list_memberships"}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		read := func(a activity.Activity) string {
			t.Helper()
			f, err := w.service.OpenExport(t.Context(), w.who, id.Ref[id.Activity]{Number: a.ID})
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			body, err := io.ReadAll(f)
			if err != nil || int64(len(body)) != f.Bytes {
				t.Fatalf("%d bytes, %v; want %d", len(body), err, f.Bytes)
			}
			return string(body)
		}
		whole := begin()
		if err := run(w.files, whole); err != nil {
			t.Fatal(err)
		}
		want := read(whole)
		if n := strings.Count(want, "\"One, Two\"\r\n"); n != people {
			t.Fatalf("%d rows, want %d", n, people)
		}
		for kill := range 8 { // the headings and three pages, each whole and torn
			a := begin()
			if err := run(&dying{w.files, kill/2 + 1, kill%2 == 1}, a); !errors.Is(err, errKilled) {
				t.Fatalf("kill %d: %v", kill, err)
			}
			if kill == 4 {
				if err := w.files.Append(t.Context(), 7, a.Upload, 5, []byte("late")); err != nil {
					t.Fatal(err)
				}
			}
			if err := run(w.files, a); err != nil {
				t.Fatal(err)
			}
			if got := read(a); got != want {
				t.Errorf("kill %d: %d bytes, want %d", kill, len(got), len(want))
			}
			if is, err := w.service.Get(t.Context(), w.who, id.Ref[id.Activity]{Number: a.ID}); err != nil || is.Done != people || is.Total != people {
				t.Errorf("kill %d: done %d of %d, %v", kill, is.Done, is.Total, err)
			}
		}
	})
}
