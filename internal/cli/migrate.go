package cli

import (
	"context"
	"log/slog"

	"kith/internal/app"
)

type migrateCmd struct {
	DryRun bool `help:"Say what would be done, and do nothing."`
}

// Help is the command's longer help.
func (migrateCmd) Help() string {
	return `Example:

    kith migrate --dry-run

kith serve does it too, unless it is told --no-migrate. Servers of the version before may go on running meanwhile.`
}

type migrated struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// Run brings the database up to date.
func (m migrateCmd) Run(ctx context.Context, r *run) error {
	c, err := r.settings()
	if err != nil {
		return err
	}
	from, to, err := app.Migrate(ctx, c, r.logger(c, slog.LevelWarn), m.DryRun)
	if err != nil {
		return err
	}
	text := "The database was brought from version %d to %d."
	switch {
	case from == to:
		text = "The database is up to date at version %[2]d."
	case m.DryRun:
		text = "The database would be brought from version %d to %d."
	}
	return r.print(migrated{from, to}, text, from, to)
}
