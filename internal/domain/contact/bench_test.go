package contact_test

import (
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/base/page"
	"kith/internal/domain/contact"
	"kith/internal/domain/list"
	"kith/internal/store"
	"kith/internal/store/storetest"
	"kith/internal/testdb"
)

// databases runs a benchmark on either database.
func databases(b *testing.B, bench func(b *testing.B, s *store.Store)) {
	b.Run("sqlite", func(b *testing.B) {
		bench(b, storetest.Open(b, store.Options{Path: filepath.Join(b.TempDir(), "kith.db")}))
	})
	b.Run("postgres", func(b *testing.B) {
		bench(b, storetest.Open(b, store.Options{DatabaseURL: testdb.Postgres(b)}))
	})
}

// crew runs work in n goroutines until it has been done times times.
func crew(b *testing.B, n, times int, work func(i int) error) {
	b.Helper()
	var (
		next atomic.Int64
		wg   sync.WaitGroup
	)
	for range n {
		wg.Go(func() {
			for {
				i := int(next.Add(1))
				if i > times {
					return
				}
				if err := work(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func gold(b *testing.B, s *store.Store) list.List {
	b.Helper()
	l, err := list.New(s.Lists()).Create(b.Context(), storetest.Owner(1), list.Input{Name: "Gold"}, nil)
	if err != nil {
		b.Fatal(err)
	}
	return l
}

// newcomer is a new contact as a form sends it: an address, two names, one list.
func newcomer(i int, l list.List) contact.Change {
	return contact.Change{
		Source:    opt.Some(contact.SourceAccount),
		Email:     opt.Some(contact.EmailInput{Address: fmt.Sprintf("person.%d@example.org", i*7919%1_000_003)}),
		FirstName: opt.Some("Maria"),
		LastName:  opt.Some(fmt.Sprint("Nightingale ", i%1000)),
		Lists:     opt.Some([]id.Ref[id.List]{{UID: l.UID}}),
	}
}

// BenchmarkCreate makes contacts through the service, each on a list, with its
// row of consent, its change and its counts.
func BenchmarkCreate(b *testing.B) {
	databases(b, func(b *testing.B, s *store.Store) {
		l, contacts, made := gold(b, s), contact.New(s.Contacts(), contact.Options{}), 0
		for _, n := range []int{1, 8, 32} {
			b.Run(fmt.Sprint(n, "together"), func(b *testing.B) {
				from := made
				crew(b, n, b.N, func(i int) error {
					_, err := contacts.Create(b.Context(), storetest.Owner(1), newcomer(from+i, l), nil)
					return err
				})
				made += b.N
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "contacts/s")
			})
		}
	})
}

// BenchmarkGet reads one contact with everything.
func BenchmarkGet(b *testing.B) {
	databases(b, func(b *testing.B, s *store.Store) {
		contacts := contact.New(s.Contacts(), contact.Options{})
		c, err := contacts.Create(b.Context(), storetest.Owner(1), newcomer(1, gold(b, s)), nil)
		if err != nil {
			b.Fatal(err)
		}
		b.Run("all", func(b *testing.B) {
			crew(b, 4, b.N, func(int) error {
				_, err := contacts.Get(b.Context(), storetest.Owner(1), c.Ref(), contact.IncludeAll)
				return err
			})
		})
	})
}

// BenchmarkPage reads pages at both ends of many contacts.
func BenchmarkPage(b *testing.B) {
	databases(b, func(b *testing.B, s *store.Store) {
		l, contacts := gold(b, s), contact.New(s.Contacts(), contact.Options{})
		total := 100_000 * testdb.Scale()
		crew(b, 32, total, func(i int) error {
			_, err := contacts.Create(b.Context(), storetest.Owner(1), newcomer(i, l), nil)
			return err
		})
		last := page.Position{Number: int64(total) - 200}
		for _, c := range []struct {
			name    string
			filter  contact.Filter
			include contact.Include
			r       page.Request
		}{
			{"first", contact.Filter{}, 0, page.Request{Limit: 100}},
			{"last", contact.Filter{}, 0, page.Request{Limit: 100, After: last}},
			{"first-500", contact.Filter{}, 0, page.Request{Limit: 500}},
			{"includes", contact.Filter{}, contact.IncludeAll, page.Request{Limit: 100, After: last}},
			{"list", contact.Filter{Lists: []id.Ref[id.List]{l.Ref()}}, 0, page.Request{Limit: 100, After: last}},
			{"count", contact.Filter{Statuses: contact.StatusActive}, 0, page.Request{Limit: 100, Count: true}},
			{"unsubscribed", contact.Filter{Statuses: 1 << contact.Unsubscribed}, 0, page.Request{Limit: 100}},
			{"updated", contact.Filter{UpdatedAfter: storetest.Start}, 0, page.Request{Limit: 100}},
			{"search", contact.Filter{Search: "person.12", Order: contact.Newest}, 0, page.Request{Limit: 100}},
			{"search-nobody", contact.Filter{Search: "zzz", Order: contact.Newest}, 0, page.Request{Limit: 100}},
		} {
			b.Run(c.name, func(b *testing.B) {
				crew(b, 4, b.N, func(int) error {
					_, err := contacts.List(b.Context(), storetest.Owner(1), c.filter, c.include, c.r)
					return err
				})
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
			})
		}
	})
}
