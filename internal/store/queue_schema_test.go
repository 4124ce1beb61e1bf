package store_test

import (
	"database/sql"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"kith/internal/store"
	"kith/internal/store/postgres"
	"kith/internal/store/sqlite"
	"kith/internal/testdb"
)

// The schema that our migration makes for the job library is the one that the
// library's own migrations make. So a new version of it that wants another
// schema fails here, and not in somebody's server.
func TestSchemaIsTheLibrarys(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "ours.db")
		ours := migrated(t, store.Options{Path: path}, func() *sql.DB { return sqliteDB(t, path) })
		theirs := sqliteDB(t, filepath.Join(t.TempDir(), "theirs.db"))
		theirMigrations(t, riversqlite.New(theirs))
		compare(t, theirs, ours, `
			SELECT 'column ' || t.name || '.' || c.name, lower(c.type) || ' ' || c."notnull" || ' ' || COALESCE(c.dflt_value, '')
			FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name LIKE 'river_%'
			UNION ALL
			SELECT 'index ' || name, sql FROM sqlite_schema WHERE type = 'index' AND name LIKE 'river_%'`)
	})
	t.Run("postgres", func(t *testing.T) {
		url := testdb.Postgres(t)
		ours := migrated(t, store.Options{DatabaseURL: url}, func() *sql.DB { return postgresDB(t, url) })
		e, err := postgres.Open(t.Context(), postgres.Options{URL: testdb.Postgres(t)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { e.Close() })
		theirMigrations(t, riverpgxv5.New(e.Pool()))
		compare(t, stdlib.OpenDBFromPool(e.Pool()), ours, `
			SELECT 'column ' || table_name || '.' || column_name,
			       concat_ws(' ', udt_name, character_maximum_length, is_nullable, column_default)
			FROM information_schema.columns WHERE table_name LIKE 'river_%'
			UNION ALL
			SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE indexname LIKE 'river_%'
			UNION ALL
			SELECT 'table ' || relname, relpersistence::text FROM pg_class WHERE relkind = 'r' AND relname LIKE 'river_%'
			UNION ALL
			SELECT 'states', string_agg(enumlabel, ' ' ORDER BY enumsortorder) FROM pg_enum`)
	})
}

// leftOut is what of the library's schema we do without: its own numbering of
// migrations, and two indexes that nothing reads and that are dear to write.
var leftOut = []string{"river_migration", "index river_job_args_index", "index river_job_metadata_index"}

func compare(t *testing.T, theirs, ours *sql.DB, query string) {
	t.Helper()
	want, got := describe(t, theirs, query), describe(t, ours, query)
	for name := range want {
		if slices.ContainsFunc(leftOut, func(s string) bool { return strings.Contains(name, s) }) {
			delete(want, name)
		}
	}
	if len(want) < 30 {
		t.Errorf("only %d things are compared", len(want))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the library's schema (-) is not ours (+):\n%s", diff)
	}
}

// describe returns what a query tells of a schema, by name, white space aside.
func describe(t *testing.T, db *sql.DB, query string) map[string]string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	all := map[string]string{}
	for rows.Next() {
		var name, what string
		if err := rows.Scan(&name, &what); err != nil {
			t.Fatal(err)
		}
		all[name] = strings.Join(strings.Fields(what), " ")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// migrated returns a database with our schema.
func migrated(t *testing.T, o store.Options, open func() *sql.DB) *sql.DB {
	t.Helper()
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, _, err := s.Migrate(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	return open()
}

func sqliteDB(t *testing.T, path string) *sql.DB {
	t.Helper()
	e, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	db, err := e.JobsDB(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func postgresDB(t *testing.T, url string) *sql.DB {
	t.Helper()
	e, err := postgres.Open(t.Context(), postgres.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return stdlib.OpenDBFromPool(e.Pool())
}

func theirMigrations[T any](t *testing.T, d riverdriver.Driver[T]) {
	t.Helper()
	m, err := rivermigrate.New(d, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Migrate(t.Context(), rivermigrate.DirectionUp, nil); err != nil {
		t.Fatal(err)
	}
}
