package store_test

import (
	"context"
	"os"
	"strconv"
	"testing"

	"kith/internal/base/id"
	"kith/internal/domain/segment"
	"kith/internal/store"
	"kith/internal/store/storetest"
	"kith/internal/testdb"
)

// crowdSize is how many contacts benchmarks of segments count among; the
// figures of issue 3 are for KITH_BENCH_CONTACTS=1000000.
func crowdSize(b *testing.B) int {
	n := 100_000
	if s := os.Getenv("KITH_BENCH_CONTACTS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			b.Fatal(err)
		}
	}
	return n
}

// BenchmarkSegmentCount counts who meets three criteria, among so many
// contacts: on a list, with a tag, and the newest mailing not opened; and the
// same with a city, for which every row is read.
func BenchmarkSegmentCount(b *testing.B) {
	for _, database := range []string{"sqlite", "postgres"} {
		b.Run(database, func(b *testing.B) {
			var s *store.Store
			if database == "sqlite" {
				s = storetest.SQLite(b).Store
			} else {
				s = storetest.Open(b, store.Options{DatabaseURL: testdb.Postgres(b)})
			}
			n := crowdSize(b)
			list, tag := id.UID{1}, id.UID{2}
			if _, err := s.Crowd(b.Context(), n, list, tag); err != nil {
				b.Fatal(err)
			}
			is := func(source, field, op string, values ...string) segment.Draft {
				return segment.Draft{Source: source, Field: field, Op: op, Values: values}
			}
			member := is("contact", "list_membership", "contains-any", list.String())
			tagged := is("tags", "tag_id", "contains-any", tag.String())
			quiet := segment.Draft{Source: "tracking", Field: "not_opened", Op: "contains-any", Const: "last-n-campaigns", Param: "1"}
			for name, rules := range map[string][]segment.Draft{
				"belonging": {member, tagged, quiet},
				"rows":      {member, quiet, is("contact", "city", "equals", "rome")},
			} {
				c, found := segment.Parse(segment.Draft{IsGroup: true, Type: "and", Group: rules}, storetest.Start, nil)
				if len(found) > 0 {
					b.Fatal(found)
				}
				b.Run(name, func(b *testing.B) {
					plan, err := s.CriteriaPlan(b.Context(), c)
					if err != nil {
						b.Fatal(err)
					}
					b.Log("\n" + plan)
					for b.Loop() {
						err := s.View(b.Context(), func(ctx context.Context, tx *store.Tx) error {
							of, err := tx.PreviewCriteria(ctx, 1, c, 0)
							if err == nil && of.Count == 0 {
								b.Error("nobody")
							}
							return err
						})
						if err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		})
	}
}
