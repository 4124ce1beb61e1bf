package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"kith/internal/store/sqldb"
	"kith/internal/store/sqlite"
)

// impatient returns an engine and its job library's pool, with which a file
// that is locked is an error at once.
func impatient(t *testing.T) (*sqlite.Engine, *sql.DB) {
	t.Helper()
	e, err := sqlite.Open(t.Context(), sqlite.Impatient(sqlite.Options{Path: filepath.Join(t.TempDir(), "kith.db")}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, _, err := e.Migrate(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	db, err := e.JobsDB(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return e, db
}

const insertJob = "INSERT INTO number_block (account_id, kind, next) VALUES (?1, ?2, 1) RETURNING next"

func TestTheJobLibraryNeverMeetsALockedFile(t *testing.T) {
	e, db := impatient(t)
	const rounds = 100
	ways := map[string]func(ctx context.Context, i int) error{
		"unit": func(ctx context.Context, i int) error {
			return e.Within(ctx, func(q sqldb.Querier) error { return insert(ctx, q, "unit", i) })
		},
		"other unit": func(ctx context.Context, i int) error {
			return e.Within(ctx, func(q sqldb.Querier) error { return insert(ctx, q, "other unit", i) })
		},
		"bulk": func(ctx context.Context, i int) error {
			return e.Bulk(ctx, func(q sqldb.Querier) error { return insert(ctx, q, "bulk", i) })
		},
		"transaction": func(ctx context.Context, i int) error {
			tx, err := db.BeginTx(ctx, nil)
			if err != nil {
				return err
			}
			defer tx.Rollback() //nolint:errcheck // after a commit it has nothing to do
			var n int
			if err := tx.QueryRowContext(ctx, insertJob, i, "transaction").Scan(&n); err != nil {
				return err
			}
			return tx.Commit()
		},
		"query": func(ctx context.Context, i int) error {
			var n int
			return db.QueryRowContext(ctx, "-- name: Insert :one\n"+insertJob, i, "query").Scan(&n)
		},
		"statement": func(ctx context.Context, i int) error {
			_, err := db.ExecContext(ctx, insertJob, i, "statement")
			return err
		},
		"given up": func(ctx context.Context, i int) error {
			inner, cancel := context.WithTimeout(ctx, time.Duration(i)*time.Microsecond*10)
			defer cancel()
			tx, err := db.BeginTx(inner, nil)
			if err == nil {
				_, err = tx.ExecContext(inner, insertJob, -i, "given up")
				err = errors.Join(err, tx.Rollback())
			}
			if inner.Err() == nil && err != nil {
				return err
			}
			_, err = db.ExecContext(ctx, insertJob, i, "given up")
			return err
		},
	}
	var wg sync.WaitGroup
	for name, run := range ways {
		wg.Go(func() {
			for i := range rounds {
				if err := run(t.Context(), i); err != nil {
					t.Errorf("%s %d: %v", name, i, err)
					return
				}
			}
		})
	}
	wg.Wait()
	if got, want := rows(t, e), rounds*len(ways); got != want {
		t.Errorf("%d rows, want %d", got, want)
	}
}

func insert(ctx context.Context, q sqldb.Querier, kind string, account int) error {
	_, err := q.Exec(ctx, "INSERT INTO number_block (account_id, kind, next) VALUES ($1, $2, 1)", account, kind)
	return err
}

func rows(t *testing.T, e sqldb.Engine) (n int) {
	t.Helper()
	err := e.View(t.Context(), func(q sqldb.Querier) error {
		return q.QueryRow(t.Context(), "SELECT count(*) FROM number_block").Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTheJobLibraryReadsWithoutTheLock(t *testing.T) {
	e, db := impatient(t)
	err := e.Within(t.Context(), func(sqldb.Querier) error {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		var n int
		return db.QueryRowContext(ctx, "-- name: Count :one\nSELECT count(*) FROM river_job").Scan(&n)
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAWaitForTheLockCanBeGivenUp(t *testing.T) {
	e, db := impatient(t)
	in, out := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := e.Within(t.Context(), func(sqldb.Querier) error {
			close(in)
			<-out
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
	<-in
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	gaveUp := make(chan error)
	go func() {
		_, err := db.ExecContext(ctx, insertJob, 1, "x")
		gaveUp <- err
	}()
	close(out)
	if err := <-gaveUp; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want canceled", err)
	}
	wg.Wait()
	if n := rows(t, e); n != 0 {
		t.Errorf("%d rows were written after all", n)
	}
}

func TestNothingIsWrittenAfterClose(t *testing.T) {
	e, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "kith.db")})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	for _, canceled := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		if canceled {
			cancel()
		}
		if err := e.Within(ctx, func(sqldb.Querier) error { return nil }); err == nil {
			t.Error("a unit of work on a closed database succeeded")
		}
		cancel()
	}
}

func TestOnlyReads(t *testing.T) {
	for query, want := range map[string]bool{
		"SELECT 1":                               true,
		" \n\tselect\n1":                         true,
		"-- name: X :one\n-- more\nSELECT 1":     true,
		"":                                       false,
		"SELECT":                                 false,
		"SELECTED":                               false,
		"-- SELECT 1":                            false,
		"INSERT INTO x SELECT 1":                 false,
		"WITH a AS (SELECT 1) DELETE FROM a":     false,
		"-- name: X :one\nUPDATE x RETURNING id": false,
	} {
		if got := sqlite.OnlyReads(query); got != want {
			t.Errorf("%q: %v, want %v", query, got, want)
		}
	}
}
