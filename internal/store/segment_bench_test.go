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
// figures of docs/segments.md are for KITH_BENCH_CONTACTS=1000000.
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

// BenchmarkSegmentCount counts who meets criteria of several shapes.
func BenchmarkSegmentCount(b *testing.B) {
	rule := func(source, field, op string, values ...string) segment.Draft {
		return segment.Draft{Source: source, Field: field, Op: op, Values: values}
	}
	any := func(parts ...segment.Draft) segment.Draft {
		return segment.Draft{IsGroup: true, Type: "or", Group: parts}
	}
	list, tag := id.UID{1}, id.UID{2}
	member := rule("contact", "list_membership", "contains-any", list.String())
	absent := rule("contact", "list_membership", "not-contains-any", list.String())
	tagged := rule("tags", "tag_id", "contains-any", tag.String())
	untagged := rule("tags", "tag_id", "not-contains-any", tag.String())
	opened := segment.Draft{Source: "tracking", Field: "opened", Op: "contains-any", Const: "last-n-days", Param: "30"}
	quiet := segment.Draft{Source: "tracking", Field: "not_opened", Op: "contains-any", Const: "last-n-campaigns", Param: "1"}
	place := any(rule("contact", "city", "equals", "city 5"), rule("contact", "state", "equals", "STATE 7"))
	shapes := []struct {
		name  string
		rules []segment.Draft
	}{
		{"list place opened", []segment.Draft{member, place, opened}},
		{"list place tag", []segment.Draft{member, place, tagged}},
		{"list place opened or tag", []segment.Draft{member, place, any(opened, tagged)}},
		{"list tag quiet", []segment.Draft{member, tagged, quiet}},
		{"none of list and tag, quiet", []segment.Draft{absent, untagged, quiet}},
		{"none of list and tag, a place", []segment.Draft{absent, untagged, place}},
		{"names and a job", []segment.Draft{
			rule("contact", "first_name", "contains", "77"), rule("contact", "last_name", "ends-with", "1"),
			rule("contact", "job_title", "starts-with", "head"),
		}},
		{"parts of places", []segment.Draft{rule("contact", "city", "contains", "77"), rule("contact", "street", "contains", "very"), member}},
	}
	for _, database := range []string{"sqlite", "postgres"} {
		b.Run(database, func(b *testing.B) {
			var s *store.Store
			if database == "sqlite" {
				s = storetest.SQLite(b).Store
			} else {
				s = storetest.Open(b, store.Options{DatabaseURL: testdb.Postgres(b)})
			}
			if err := s.Crowd(b.Context(), crowdSize(b), list, tag); err != nil {
				b.Fatal(err)
			}
			if err := s.Vacuum(b.Context()); err != nil {
				b.Fatal(err)
			}
			for _, of := range shapes {
				c, found := segment.Parse(segment.Draft{IsGroup: true, Type: "and", Group: of.rules}, storetest.Start, nil)
				if len(found) > 0 {
					b.Fatal(found)
				}
				b.Run(of.name, func(b *testing.B) {
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
