// Package app joins all rooms of Kith: it opens what they stand on, hands each
// what it needs, and starts and stops them in order. What they do is left to
// them.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"

	"kith/internal/base/fault"
	"kith/internal/base/secret"
	"kith/internal/config"
	"kith/internal/ops"
	"kith/internal/store"
)

// Codes of failures that only operators see, on the command line.
var (
	errSchema = fault.New(fault.Unavailable, "schema.behind",
		"The database is older than this program; kith migrate brings it up to date.")
	errNoMember = fault.New(fault.NotFound, fault.CodeNotFound, "The user does not belong to that account.")
	errHeld     = fault.New(fault.Conflict, "data.held",
		"Another process holds the data folder: a server, or a restore.")
)

// Base is what a server and a command both stand on: the data folder, the
// database, and the secret key.
type Base struct {
	Config config.Config
	Store  *store.Store
	Key    secret.Key

	log  *slog.Logger
	hold *ops.Hold
}

// Options says how a Base is opened.
type Options struct {
	// Log is required.
	Log *slog.Logger
	// Migrate brings the schema up to date; otherwise one that is behind is
	// an error.
	Migrate bool
	// Observer hears what the store does; it may be nil.
	Observer store.Observer
	// Serve is for a server: it is the only one on a data folder.
	Serve bool
}

// Open opens the data folder and the database, and finds the secret key. The
// caller closes the Base.
func Open(ctx context.Context, c config.Config, o Options) (_ *Base, err error) {
	b := &Base{Config: c, log: o.Log}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.Close())
		}
	}()
	if err := b.enter(ctx, o); err != nil {
		return nil, err
	}
	if err := b.schema(ctx, o.Migrate); err != nil {
		return nil, err
	}
	if b.Key, err = b.findKey(ctx); err != nil {
		return nil, err
	}
	b.Store.HashErased(b.Key.Derive(secret.Erased))
	return b, nil
}

// Close lets go of everything.
func (b *Base) Close() error {
	var errs []error
	if b.Store != nil {
		errs = append(errs, b.Store.Close())
	}
	if b.hold != nil {
		errs = append(errs, b.hold.Release())
	}
	return errors.Join(errs...)
}

// shared reports whether other processes share the data: PostgreSQL.
func (b *Base) shared() bool { return !b.Config.DatabaseURL.IsZero() }

// enter opens the database, and takes hold of the data folder where it lies
// there.
func (b *Base) enter(ctx context.Context, o Options) error {
	data := ops.Folder(b.Config.Data)
	if !b.shared() {
		if err := os.MkdirAll(b.Config.Data, 0o700); err != nil {
			return fmt.Errorf("make the data folder: %w", err)
		}
		if err := completeRestore(b.Config.Data); err != nil {
			return err
		}
		take := ops.HoldToUse
		if o.Serve {
			take = ops.HoldToServe
		}
		var err error
		if b.hold, err = take(b.Config.Data); err != nil {
			return held(err)
		}
		// The engine would make a file that others may read.
		f, err := os.OpenFile(data.Database(), os.O_CREATE, 0o600)
		if err != nil {
			return fmt.Errorf("make the database file: %w", err)
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	var err error
	b.Store, err = store.Open(ctx, store.Options{DatabaseURL: b.Config.DatabaseURL.Reveal(), Path: data.Database(), Observer: o.Observer})
	return err
}

// schema sees to it that the schema is one that this program can use. A newer
// one is: during an upgrade old and new programs run side by side.
func (b *Base) schema(ctx context.Context, migrate bool) error {
	have, want, err := b.Store.Version(ctx)
	switch {
	case err != nil:
		return err
	case have > want:
		b.log.WarnContext(ctx, "the database is newer than this program", "schema", have, "known", want)
		return nil
	case have == want:
		return nil
	case !migrate:
		return errSchema
	}
	from, to, err := b.migrate(ctx, false)
	// Reading the migrations takes buffers of megabytes from a pool, which are
	// not needed again and would be kept for long on a server that idles. A
	// pool lets go at the second collection.
	runtime.GC()
	debug.FreeOSMemory()
	if err == nil {
		b.log.InfoContext(ctx, "database brought up to date", "from", from, "to", to)
	}
	return err
}

// migrate brings the schema up to date, one process at a time.
func (b *Base) migrate(ctx context.Context, dry bool) (from, to int64, err error) {
	if !b.shared() && !dry {
		step, err := ops.HoldStep(b.Config.Data)
		if err != nil {
			return 0, 0, err
		}
		defer step.Release() //nolint:errcheck // closing a file that was only locked
	}
	return b.Store.Migrate(ctx, dry)
}

// Migrate brings the schema up to date and returns its version before and
// after; with dry it only tells what it would do.
func Migrate(ctx context.Context, c config.Config, log *slog.Logger, dry bool) (from, to int64, err error) {
	b := &Base{Config: c, log: log}
	defer func() { err = errors.Join(err, b.Close()) }()
	if err := b.enter(ctx, Options{}); err != nil {
		return 0, 0, err
	}
	return b.migrate(ctx, dry)
}
