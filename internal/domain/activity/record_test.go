package activity_test

import (
	"errors"
	"strings"
	"testing"

	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/domain/activity"
	"kith/internal/outbound/sheet"
	"kith/internal/store"
	"kith/internal/store/storetest"
)

// A contact that is named in two ways has the value of the column's own name,
// and custom fields are known by theirs.
func TestRecordsBecomeAFile(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newWorld(t, s)
		u, found, err := w.service.ReceiveRecords(t.Context(), w.who, func(r *activity.Records) error {
			return errors.Join(
				r.Put(activity.Record{"email": "a@example.org", "home_street": "no", "street": "1 Elm\r\nRow", "cf:favourite_colour": "teal", "shoe_size": "40"}),
				r.Put(activity.Record{"Email Address": "b@example.org", "last_name": `"B", the one`}),
			)
		})
		if err != nil || len(found) > 0 || u.Survey.Rows != 2 {
			t.Fatalf("%d rows, %v, %v", u.Survey.Rows, found, err)
		}
		a, err := w.service.Import(t.Context(), w.who, activity.Import{Kind: activity.JSONImport, Upload: u.Ref(), Lists: w.lists}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if a = w.finish(a); a.State != activity.Completed || a.Persons != 2 || len(a.Texts) > 0 {
			t.Errorf("ended as %+v", a)
		}
	})
}

func TestRecordsThatAreRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, _ *clock.Settable) {
		w := newWorld(t, s)
		one := activity.Record{"email": "a@example.org"}
		broken := errors.New("the connection is gone")
		for name, c := range map[string]struct {
			write func(r *activity.Records) error
			path  string
			err   error
		}{
			"none": {func(*activity.Records) error { return nil }, "import_data", nil},
			"an unknown field": {func(r *activity.Records) error {
				return errors.Join(r.Put(one), r.Put(activity.Record{"email": "b@example.org", "cf:x": "1"}))
			}, "import_data[1].cf:x", nil},
			"nothing of use":    {func(r *activity.Records) error { return r.Put(activity.Record{"shoe_size": "40"}) }, "import_data[0]", nil},
			"a broken transfer": {func(r *activity.Records) error { return errors.Join(r.Put(one), broken) }, "", broken},
			"too many": {func(r *activity.Records) error {
				for range activity.MaxRecords + 1 {
					if err := r.Put(one); err != nil {
						return err
					}
				}
				return nil
			}, "import_data", nil},
		} {
			u, found, err := w.service.ReceiveRecords(t.Context(), w.who, c.write)
			if !errors.Is(err, c.err) || u.ID != 0 || (c.path != "") != (len(found) == 1) || c.path != "" && found[0].Path != c.path {
				t.Errorf("%s: upload %d, %v, %v", name, u.ID, found, err)
			}
		}
		w.with(w.store, sheet.New(sheet.Options{MaxBytes: 1000}))
		_, _, err := w.service.ReceiveRecords(t.Context(), w.who, func(r *activity.Records) error {
			for range 1000 {
				if err := r.Put(activity.Record{"email": strings.Repeat("a", 70)}); err != nil {
					return err
				}
			}
			return nil
		})
		if f := fault.Of(err); f == nil || f.Code != string(fault.CodeImportTooLarge) {
			t.Errorf("too large: %v", err)
		}
	})
}
