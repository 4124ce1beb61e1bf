package activity_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"kith/internal/base/id"
	"kith/internal/base/task"
	"kith/internal/domain/activity"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/outbound/blob"
	"kith/internal/outbound/sheet"
	"kith/internal/store"
	"kith/internal/store/storetest"
	"kith/internal/testdb"
)

// benchRows is the size of a benchmarked import.
func benchRows() int {
	if n, err := strconv.Atoi(os.Getenv("KITH_BENCH_ROWS")); err == nil && n > 0 {
		return n
	}
	return 100_000
}

// addressBook makes rows of about 280 bytes.
func addressBook(n int) []byte {
	var b bytes.Buffer
	b.WriteString("email,first_name,last_name,job_title,company_name,work_phone,street,city,state,zip,country,anniversary\n")
	for i := range n {
		fmt.Fprintf(&b, "firstname%07d.lastname%07d@subdomain%03d.example.org,Firstname%07d,Lastname%07d-Hyphenated,"+
			"Head of Department number %07d,\"Company, Incorporated %07d\",+1 202 555 0100,%d Very Long Street Name Boulevard,"+
			"Springfield on the Water,Massachusetts,%05d,United States,03/14/1950\n", i, i, i%1000, i, i, i, i, i, i%99999)
	}
	return b.Bytes()
}

// BenchmarkImport imports a file of new contacts, and the same file again.
// Beside rows a second of each it tells those of receiving the file.
func BenchmarkImport(b *testing.B) {
	for name, open := range map[string]func() store.Options{
		"sqlite":   func() store.Options { return store.Options{Path: filepath.Join(b.TempDir(), "kith.db")} },
		"postgres": func() store.Options { return store.Options{DatabaseURL: testdb.Postgres(b)} },
	} {
		b.Run(name, func(b *testing.B) {
			n := benchRows()
			file := addressBook(n)
			var receive, fresh, again time.Duration
			for b.Loop() {
				s := storetest.Open(b, open())
				service := activity.New(activity.Options{
					Store: s.Activities(), Files: blob.NewFolder(filepath.Join(b.TempDir(), "uploads")), Sheets: sheet.New(sheet.Options{}),
				})
				who := storetest.Owner(7)
				l, err := list.New(s.Lists()).Create(b.Context(), who, list.Input{Name: "One"}, nil)
				if err != nil {
					b.Fatal(err)
				}
				for _, took := range []*time.Duration{&fresh, &again} {
					begun := time.Now()
					u, err := service.Receive(b.Context(), who, "people.csv", bytes.NewReader(file))
					if err != nil {
						b.Fatal(err)
					}
					receive += time.Since(begun)
					a, err := service.Import(b.Context(), who, activity.Import{Upload: u.Ref(), Lists: []id.Ref[id.List]{l.Ref()}}, nil)
					if err != nil {
						b.Fatal(err)
					}
					lease := task.Lease{Name: fmt.Sprintf("activity/7/%d", a.ID), Owner: "me"}
					if _, err := s.TakeLease(b.Context(), lease, time.Hour); err != nil {
						b.Fatal(err)
					}
					begun = time.Now()
					if err := service.Run(b.Context(), activity.Item{Account: 7, Activity: a.ID}, lease); err != nil {
						b.Fatal(err)
					}
					*took += time.Since(begun)
					if a, err = service.Get(b.Context(), who, id.Ref[id.Activity]{Number: a.ID}); err != nil || a.Persons != int64(n) {
						b.Fatalf("%+v, %v", a, err)
					}
				}
			}
			rate := func(d time.Duration) float64 { return float64(n) * float64(b.N) / d.Seconds() }
			b.ReportMetric(rate(receive)*2, "received/s")
			b.ReportMetric(rate(fresh), "new/s")
			b.ReportMetric(rate(again), "again/s")
		})
	}
}

// BenchmarkBulk puts contacts on a list, takes them off it again, and deletes
// another that they are on. It tells memberships a second of each.
func BenchmarkBulk(b *testing.B) {
	for name, open := range map[string]func() store.Options{
		"sqlite":   func() store.Options { return store.Options{Path: filepath.Join(b.TempDir(), "kith.db")} },
		"postgres": func() store.Options { return store.Options{DatabaseURL: testdb.Postgres(b)} },
	} {
		b.Run(name, func(b *testing.B) {
			n := benchRows()
			var add, remove, empty time.Duration
			for b.Loop() {
				s := storetest.Open(b, open())
				service := activity.New(activity.Options{
					Store: s.Activities(), Files: blob.NewFolder(filepath.Join(b.TempDir(), "uploads")), Sheets: sheet.New(sheet.Options{}),
				})
				who := storetest.Owner(7)
				var lists []id.Ref[id.List]
				for _, name := range []string{"One", "Two"} {
					l, err := list.New(s.Lists()).Create(b.Context(), who, list.Input{Name: name}, nil)
					if err != nil {
						b.Fatal(err)
					}
					lists = append(lists, l.Ref())
				}
				run := func(a activity.Activity, err error) time.Duration {
					if err != nil {
						b.Fatal(err)
					}
					lease := task.Lease{Name: fmt.Sprintf("activity/7/%d", a.ID), Owner: "me"}
					if _, err := s.TakeLease(b.Context(), lease, time.Hour); err != nil {
						b.Fatal(err)
					}
					begun := time.Now()
					if err := service.Run(b.Context(), activity.Item{Account: 7, Activity: a.ID}, lease); err != nil {
						b.Fatal(err)
					}
					took := time.Since(begun)
					if a, err = service.Get(b.Context(), who, id.Ref[id.Activity]{Number: a.ID}); err != nil || a.Persons != int64(n) {
						b.Fatalf("%+v, %v", a, err)
					}
					return took
				}
				u, err := service.Receive(b.Context(), who, "people.csv", bytes.NewReader(addressBook(n)))
				if err != nil {
					b.Fatal(err)
				}
				run(service.Import(b.Context(), who, activity.Import{Upload: u.Ref(), Lists: lists[:1]}, nil))
				everybody := contact.Selection{AllActive: true}
				add += run(service.Begin(b.Context(), who, activity.Bulk{Kind: activity.ListAdd, Selection: everybody, Lists: lists[1:]}, nil))
				remove += run(service.Begin(b.Context(), who, activity.Bulk{Kind: activity.ListRemove, Selection: everybody, Lists: lists[1:]}, nil))
				empty += run(service.DeleteList(b.Context(), who, lists[0]))
			}
			rate := func(d time.Duration) float64 { return float64(n) * float64(b.N) / d.Seconds() }
			b.ReportMetric(rate(add), "added/s")
			b.ReportMetric(rate(remove), "removed/s")
			b.ReportMetric(rate(empty), "emptied/s")
		})
	}
}

// BenchmarkExport writes everybody with custom fields and lists to a file, and
// tells rows a second. They are read over and over.
func BenchmarkExport(b *testing.B) {
	for name, open := range map[string]func() store.Options{
		"sqlite":   func() store.Options { return store.Options{Path: filepath.Join(b.TempDir(), "kith.db")} },
		"postgres": func() store.Options { return store.Options{DatabaseURL: testdb.Postgres(b)} },
	} {
		b.Run(name, func(b *testing.B) {
			n := benchRows()
			s := storetest.Open(b, open())
			service := activity.New(activity.Options{
				Store: s.Activities(), Files: blob.NewFolder(filepath.Join(b.TempDir(), "uploads")), Sheets: sheet.New(sheet.Options{}),
			})
			who := storetest.Owner(7)
			var lists []id.Ref[id.List]
			for _, name := range []string{"One", "Two"} {
				l, err := list.New(s.Lists()).Create(b.Context(), who, list.Input{Name: name}, nil)
				if err != nil {
					b.Fatal(err)
				}
				lists = append(lists, l.Ref())
			}
			for _, label := range []string{"Boat", "Berth"} {
				if _, err := contact.New(s.Contacts(), contact.Options{}).CreateField(b.Context(), who, contact.NewField{Label: label, Type: contact.TypeString}, nil); err != nil {
					b.Fatal(err)
				}
			}
			run := func(a activity.Activity, err error) {
				if err != nil {
					b.Fatal(err)
				}
				lease := task.Lease{Name: fmt.Sprintf("activity/7/%d", a.ID), Owner: "me"}
				if _, err := s.TakeLease(b.Context(), lease, time.Hour); err != nil {
					b.Fatal(err)
				}
				if err := service.Run(b.Context(), activity.Item{Account: 7, Activity: a.ID}, lease); err != nil {
					b.Fatal(err)
				}
				if a, err = service.Get(b.Context(), who, id.Ref[id.Activity]{Number: a.ID}); err != nil || a.Persons != int64(n) {
					b.Fatalf("%+v, %v", a, err)
				}
			}
			u, err := service.Receive(b.Context(), who, "people.csv", bytes.NewReader(withFields(addressBook(n))))
			if err != nil {
				b.Fatal(err)
			}
			run(service.Import(b.Context(), who, activity.Import{Upload: u.Ref(), Lists: lists}, nil))
			before := processor(b)
			for b.Loop() {
				run(service.Export(b.Context(), who, activity.Export{}, nil))
			}
			rows := float64(n) * float64(b.N)
			b.ReportMetric(rows/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(float64((processor(b)-before).Nanoseconds())/rows, "cpu-ns/row")
		})
	}
}

// processor is the processor's time that the test has taken, which says more
// than the clock on a machine that does other things as well.
func processor(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// withFields adds two columns of custom fields to a file.
func withFields(file []byte) []byte {
	var b bytes.Buffer
	i := 0
	for line := range bytes.Lines(file) {
		b.Write(bytes.TrimSuffix(line, []byte("\n")))
		if i == 0 {
			b.WriteString(",cf:boat,cf:berth\n")
		} else {
			fmt.Fprintf(&b, ",Ondine %d,Berth %d\n", i, i%500)
		}
		i++
	}
	return b.Bytes()
}
