package load

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "modernc.org/sqlite" // the raw engine, through its own driver

	"kith/internal/testdb"
	"kith/test/server"
)

// The raw figures drive the engine itself, without Kith: the same columns and
// indexes, nothing decided, nothing checked, nothing told.

const rawSchema = `
CREATE TABLE raw_contact (
  account_id %[1]s NOT NULL, number %[1]s NOT NULL, uid %[2]s NOT NULL, email %[3]s, first_name %[3]s NOT NULL,
  last_name %[3]s NOT NULL, job_title %[3]s NOT NULL, company_name %[3]s NOT NULL, anniversary %[1]s NOT NULL,
  permission %[1]s NOT NULL, created_at %[1]s NOT NULL, updated_at %[1]s NOT NULL, phones %[3]s NOT NULL,
  addresses %[3]s NOT NULL, PRIMARY KEY (account_id, number));
CREATE UNIQUE INDEX raw_contact_email ON raw_contact (account_id, email);
CREATE UNIQUE INDEX raw_contact_uid ON raw_contact (account_id, uid);
CREATE INDEX raw_contact_updated ON raw_contact (account_id, updated_at, number);
CREATE TABLE raw_membership (
  account_id %[1]s NOT NULL, list %[1]s NOT NULL, contact %[1]s NOT NULL, added_at %[1]s NOT NULL,
  PRIMARY KEY (account_id, list, contact));
CREATE INDEX raw_membership_contact ON raw_membership (account_id, contact, list);
CREATE TABLE raw_row (id %[1]s NOT NULL PRIMARY KEY, body %[3]s NOT NULL);`

func rawValues(i int) []any {
	uid := make([]byte, 16)
	for k := range 8 {
		uid[7-k] = byte(i >> (8 * k))
	}
	return []any{
		1, i, uid, fmt.Sprintf("firstname%07d.lastname%07d@subdomain%03d.example.org", i, i, i%1000), fmt.Sprintf("Firstname%07d", i),
		fmt.Sprintf("Lastname%07d-Hyphenated", i), fmt.Sprintf("Head of Department number %07d", i), fmt.Sprintf("Company, Incorporated %07d", i),
		19500314, 1, 1_700_000_000_000, 1_700_000_000_000 + i, `[{"k":1,"n":"+1 202 555 0100"}]`,
		fmt.Sprintf(`[{"k":1,"s":"%d Very Long Street Name Boulevard","c":"Springfield on the Water","r":"Massachusetts","z":"%05d","o":"United States"}]`, i, i%99999),
	}
}

// rawImport writes n contacts and memberships, then the same contacts again
// over themselves, and returns rows a second of each.
func rawImport(t *testing.T, p server.Place, n int) (fresh, again float64) {
	t.Helper()
	if p.DatabaseURL != "" {
		return rawImportPostgres(t, n)
	}
	db := rawSQLite(t)
	fresh = rawPassSQLite(t, db, n, "")
	return fresh, rawPassSQLite(t, db, n, rawOver)
}

// rawOver lets the names of a contact that is there be those of the file.
const rawOver = " ON CONFLICT (account_id, email) DO UPDATE SET first_name = excluded.first_name, last_name = excluded.last_name, updated_at = excluded.updated_at"

// rawPassSQLite writes all rows once. Over says what is done with a row that is
// there; where it is empty, there is none, and memberships are written as well.
func rawPassSQLite(t *testing.T, db *sql.DB, n int, over string) float64 {
	t.Helper()
	ctx := t.Context()
	begun := time.Now()
	const batch, perStatement = 10_000, 20
	insert := "INSERT INTO raw_contact VALUES "
	member := "INSERT INTO raw_membership VALUES "
	for i := range perStatement {
		if i > 0 {
			insert += ","
			member += ","
		}
		insert += "(?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
		member += "(?,?,?,?)"
	}
	insert += over
	for first := 0; first < n; first += batch {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		a, err := tx.PrepareContext(ctx, insert) //nolint:sqlclosecheck // it ends with its transaction
		if err != nil {
			t.Fatal(err)
		}
		m, err := tx.PrepareContext(ctx, member) //nolint:sqlclosecheck // it ends with its transaction
		if err != nil {
			t.Fatal(err)
		}
		for i := first; i < min(first+batch, n); i += perStatement {
			var av, mv []any
			for k := range perStatement {
				av = append(av, rawValues(i+k)...)
				mv = append(mv, 1, 1, i+k, 1_700_000_000_000)
			}
			if _, err := a.ExecContext(ctx, av...); err != nil {
				t.Fatal(err)
			}
			if over != "" {
				continue
			}
			if _, err := m.ExecContext(ctx, mv...); err != nil {
				t.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	return float64(n) / time.Since(begun).Seconds()
}

func rawSQLite(t *testing.T) *sql.DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "raw.db")
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=page_size(8192)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=cache_size(-32768)&_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	if _, err := db.ExecContext(t.Context(), fmt.Sprintf(rawSchema, "INTEGER", "BLOB", "TEXT")); err != nil {
		t.Fatal(err)
	}
	return db
}

func rawPostgres(t *testing.T) *pgxpool.Pool {
	t.Helper()
	cfg, err := pgxpool.ParseConfig(testdb.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	cfg.MaxConns = 32
	pool, err := pgxpool.NewWithConfig(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if _, err := pool.Exec(t.Context(), fmt.Sprintf(rawSchema, "bigint", "uuid", "text")); err != nil {
		t.Fatal(err)
	}
	return pool
}

// rawColumns are those of raw_contact.
var rawColumns = []string{
	"account_id", "number", "uid", "email", "first_name", "last_name", "job_title", "company_name", "anniversary",
	"permission", "created_at", "updated_at", "phones", "addresses",
}

func rawImportPostgres(t *testing.T, n int) (fresh, again float64) {
	t.Helper()
	pool := rawPostgres(t)
	ctx := t.Context()
	const batch = 20_000
	fresh = rawPassPostgres(t, pool, n)
	begun := time.Now()
	for first := 0; first < n; first += batch {
		size := min(batch, n-first)
		err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "CREATE TEMPORARY TABLE incoming (LIKE raw_contact) ON COMMIT DROP"); err != nil {
				return err
			}
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{"incoming"}, rawColumns,
				pgx.CopyFromSlice(size, func(i int) ([]any, error) { return rawValues(first + i), nil })); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "INSERT INTO raw_contact SELECT * FROM incoming"+rawOver)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return fresh, float64(n) / time.Since(begun).Seconds()
}

// rawPassPostgres copies contacts and memberships in, and returns rows a second.
func rawPassPostgres(t *testing.T, pool *pgxpool.Pool, n int) float64 {
	t.Helper()
	ctx := t.Context()
	const batch = 20_000
	begun := time.Now()
	for first := 0; first < n; first += batch {
		size := min(batch, n-first)
		err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{"raw_contact"}, rawColumns, pgx.CopyFromSlice(size, func(i int) ([]any, error) { return rawValues(first + i), nil })); err != nil {
				return err
			}
			_, err := tx.CopyFrom(ctx, pgx.Identifier{"raw_membership"}, []string{"account_id", "list", "contact", "added_at"},
				pgx.CopyFromSlice(size, func(i int) ([]any, error) { return []any{1, 1, first + i, 1_700_000_000_000}, nil }))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return float64(n) / time.Since(begun).Seconds()
}

// rawCommits writes one row a commit, safe from a loss of power, from so many
// connections (SQLite has one writer), and returns commits a second.
func rawCommits(t *testing.T, p server.Place, conns int) float64 {
	t.Helper()
	ctx := t.Context()
	const insert = "INSERT INTO raw_row VALUES ($1, $2)"
	const d = 3 * time.Second
	var n atomic.Int64
	begun := time.Now()
	if p.DatabaseURL == "" {
		db := rawSQLite(t)
		if _, err := db.ExecContext(ctx, "PRAGMA synchronous=FULL"); err != nil {
			t.Fatal(err)
		}
		for time.Since(begun) < d {
			if _, err := db.ExecContext(ctx, insert, n.Add(1), "one row"); err != nil {
				t.Fatal(err)
			}
		}
	} else {
		pool := rawPostgres(t)
		var wg sync.WaitGroup
		for range conns {
			wg.Go(func() {
				for time.Since(begun) < d {
					if _, err := pool.Exec(ctx, insert, n.Add(1), "one row"); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
	}
	return float64(n.Load()) / time.Since(begun).Seconds()
}

// rawPages reads pages of contacts by key out of the server's own data, on
// two connections, and returns pages a second.
func rawPages(t *testing.T, p server.Place, limit int) float64 {
	t.Helper()
	ctx := t.Context()
	const d = 3 * time.Second
	const query = `SELECT number, uid, email, first_name, last_name, job_title, company_name, anniversary, permission, created_at, updated_at
		FROM contact WHERE number > $1 ORDER BY account_id, number LIMIT `
	text := query + fmt.Sprint(limit)
	page := func(ctx context.Context) error { return nil }
	if p.DatabaseURL == "" {
		db, err := sql.Open("sqlite", "file:"+filepath.Join(p.Data, "kith.db")+"?mode=ro")
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		db.SetMaxOpenConns(2)
		page = func(ctx context.Context) error {
			r, err := db.QueryContext(ctx, text, 1000)
			if err != nil {
				return err
			}
			defer r.Close()
			for r.Next() {
				var n [5]int64
				var s [5]sql.NullString
				var uid []byte
				if err := r.Scan(&n[0], &uid, &s[0], &s[1], &s[2], &s[3], &s[4], &n[1], &n[2], &n[3], &n[4]); err != nil {
					return err
				}
			}
			return r.Err()
		}
	} else {
		pool, err := pgxpool.New(ctx, p.DatabaseURL)
		if err != nil {
			t.Fatal(err)
		}
		defer pool.Close()
		page = func(ctx context.Context) error {
			r, err := pool.Query(ctx, text, 1000)
			if err != nil {
				return err
			}
			defer r.Close()
			for r.Next() {
				var n [5]int64
				var s [5]*string
				var uid [16]byte
				if err := r.Scan(&n[0], &uid, &s[0], &s[1], &s[2], &s[3], &s[4], &n[1], &n[2], &n[3], &n[4]); err != nil {
					return err
				}
			}
			return r.Err()
		}
	}
	var n atomic.Int64
	var wg sync.WaitGroup
	begun := time.Now()
	for range 2 {
		wg.Go(func() {
			for time.Since(begun) < d {
				if err := page(ctx); err != nil {
					t.Error(err)
					return
				}
				n.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(n.Load()) / time.Since(begun).Seconds()
}
