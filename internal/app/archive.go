package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"

	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/config"
	"kith/internal/ops"
	"kith/internal/store"
)

// With PostgreSQL everything is in the database, and its own tools copy it.
var (
	errBackupShared = fault.New(fault.Unsupported, "backup.postgres",
		"The data is in PostgreSQL, keys and uploads too; its own tool copies it, also while servers run: "+
			"pg_dump --format=custom --file=FILE DATABASE_URL")
	errRestoreShared = fault.New(fault.Unsupported, "restore.postgres",
		"The data is in PostgreSQL; its own tool restores it, while no server runs: "+
			"pg_restore --clean --if-exists --dbname=DATABASE_URL FILE")
)

var errNoData = fault.New(fault.NotFound, "data.none", "There is no data.")

// Backup writes the data to an archive, also while a server runs on it, and
// returns the archive's size.
func Backup(ctx context.Context, c config.Config, log *slog.Logger, to, version string) (bytes int64, err error) {
	if !c.DatabaseURL.IsZero() {
		return 0, errBackupShared
	}
	if _, err := os.Stat(ops.Folder(c.Data).Database()); errors.Is(err, fs.ErrNotExist) {
		return 0, errNoData.Saying("There is no data in " + c.Data + ".")
	}
	b, err := Open(ctx, c, Options{Log: log, Migrate: true})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	return ops.Backup(ctx, ops.Folder(c.Data), b.Store, to, version, clock.System{}.Now())
}

// Restore puts the data of an archive in place of what is there, while nobody
// uses it.
func Restore(ctx context.Context, c config.Config, from string) (r ops.Restored, err error) {
	if !c.DatabaseURL.IsZero() {
		return ops.Restored{}, errRestoreShared
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return ops.Restored{}, fmt.Errorf("make the data folder: %w", err)
	}
	hold, err := ops.HoldAlone(c.Data)
	if err != nil {
		return ops.Restored{}, held(err)
	}
	defer func() { err = errors.Join(err, hold.Release()) }()
	return ops.Restore(ctx, ops.Folder(c.Data), from, clock.System{}.Now(), func(ctx context.Context, database string) error {
		have, err := store.Inspect(ctx, database)
		if err != nil {
			return err
		}
		newest, err := store.Newest()
		if err == nil && have > newest {
			err = ops.ErrNewer
		}
		return err
	})
}

// completeRestore completes a restore that was cut short.
func completeRestore(data string) (err error) {
	if !ops.Undecided(ops.Folder(data)) {
		return nil
	}
	hold, err := ops.HoldAlone(data)
	if err != nil {
		return held(err)
	}
	defer func() { err = errors.Join(err, hold.Release()) }()
	_, err = ops.Complete(ops.Folder(data))
	return err
}

// held says who is in the way.
func held(err error) error {
	if errors.Is(err, ops.ErrHeld) {
		return errHeld.Because(err)
	}
	return err
}
