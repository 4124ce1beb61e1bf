package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
)

// CopyTo writes what the database holds at one moment to a new file, while
// others read and write. The copy has no holes: it is often smaller.
func (e *Engine) CopyTo(ctx context.Context, path string) (err error) {
	// It only reads, but a reader's connection refuses the statement.
	db, err := e.o.open(ctx, "rw", 1, e.o.ReaderCache)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", path)
	return translate(err)
}

// Inspect checks that a file holds a sound database, which nobody has open,
// and returns the version of its schema.
func Inspect(ctx context.Context, path string) (version int64, err error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return 0, err
	}
	// Immutable: not even the files that stand beside an open database are made.
	name := &url.URL{Scheme: "file", Path: abs, RawQuery: "immutable=1&mode=ro"}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var found string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return 0, translate(err)
	}
	if found != "ok" {
		return 0, fmt.Errorf("the database is damaged: %s", found)
	}
	err = db.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied = 1").Scan(&version)
	return version, translate(err)
}
