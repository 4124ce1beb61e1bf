package sqlite

import (
	"context"

	"github.com/pressly/goose/v3"

	"kith/internal/store/sqldb"
)

// Newest returns the newest version of the schema known here.
func Newest() (int64, error) { return sqldb.Latest(files()) }

// Version returns the schema's version and the newest one known here.
func (e *Engine) Version(ctx context.Context) (have, want int64, err error) {
	if want, err = Newest(); err != nil {
		return 0, 0, err
	}
	err = e.View(ctx, func(q sqldb.Querier) error {
		var tables int
		err := q.QueryRow(ctx, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'goose_db_version'").Scan(&tables)
		if err != nil || tables == 0 {
			return err
		}
		return q.QueryRow(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied = 1").Scan(&have)
	})
	return have, want, err
}

// Migrate brings the schema up to date, each step in its own transaction. Two
// processes may not do it at once; the caller sees to that.
func (e *Engine) Migrate(ctx context.Context, dry bool) (from, to int64, err error) {
	have, want, err := e.Version(ctx)
	if err != nil || have >= want {
		return have, have, err
	}
	if dry {
		return have, want, nil
	}
	// The library takes the one connection for itself meanwhile.
	if err := e.w.take(ctx); err != nil {
		return 0, 0, err
	}
	defer func() { e.w.lock <- struct{}{} }()
	if err := e.w.letGo(); err != nil {
		return 0, 0, err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, e.w.db, files())
	if err != nil {
		return 0, 0, err
	}
	if _, err = p.Up(ctx); err != nil {
		return 0, 0, translate(err)
	}
	return have, want, nil
}
