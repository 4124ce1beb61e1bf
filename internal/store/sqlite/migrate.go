package sqlite

import (
	"context"

	"github.com/pressly/goose/v3"
)

// Migrate brings the schema up to date, each step in its own transaction.
func (e *Engine) Migrate(ctx context.Context, dry bool) (from, to int64, err error) {
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
	if from, err = p.GetDBVersion(ctx); err != nil {
		return 0, 0, translate(err)
	}
	to = from
	if sources := p.ListSources(); len(sources) > 0 {
		to = sources[len(sources)-1].Version
	}
	if dry || to == from {
		return from, to, nil
	}
	_, err = p.Up(ctx)
	return from, to, translate(err)
}
