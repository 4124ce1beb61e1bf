package ops

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"kith/internal/base/fault"
)

var errExists = fault.New(fault.Conflict, "archive.exists", "There is a file of this name already.")

// Database is what a backup asks of the database in a data folder.
type Database interface {
	Schema
	// CopyTo writes a copy of one moment to a new file, while others write.
	CopyTo(ctx context.Context, path string) error
}

// Backup writes the data of a folder to an archive, also while a server runs
// on it: the database of one moment, every upload that it speaks of, and the
// secret key. The archive is there whole or not at all. now is when it is
// made, version the program's.
func Backup(ctx context.Context, data Folder, db Database, to, version string, now time.Time) (bytes int64, err error) {
	if _, err := os.Lstat(to); err == nil {
		return 0, errExists.Saying("There is a file named " + to + " already.")
	}
	work, err := os.MkdirTemp(string(data), ".backup-*")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	m := manifest{Format: archiveFormat, Kith: version, MadeAt: now}
	names, err := snapshot(ctx, data, db, work)
	if err != nil {
		return 0, err
	}
	if m.Schema, _, err = db.Version(ctx); err != nil {
		return 0, err
	}
	out, err := os.CreateTemp(filepath.Dir(to), ".kith-backup-*")
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, out.Close(), os.Remove(out.Name()))
		}
	}()
	if err := pack(ctx, out, m, work, names); err != nil {
		return 0, err
	}
	info, err := out.Stat()
	if err != nil {
		return 0, err
	}
	if err := out.Sync(); err != nil {
		return 0, err
	}
	if err := os.Rename(out.Name(), to); err != nil {
		return 0, err
	}
	return info.Size(), errors.Join(out.Close(), syncFolder(filepath.Dir(to)))
}

// snapshot gathers in a folder what belongs in an archive and returns its
// names in order. Uploads are taken before the database and again after it: one
// that the database speaks of was there at one of the two times, unless it
// came and went between them.
func snapshot(ctx context.Context, data Folder, db Database, work string) ([]string, error) {
	if err := takeUploads(ctx, data, work); err != nil {
		return nil, err
	}
	if err := db.CopyTo(ctx, filepath.Join(work, databaseName)); err != nil {
		return nil, fmt.Errorf("copy the database: %w", err)
	}
	if err := takeUploads(ctx, data, work); err != nil {
		return nil, err
	}
	err := take(data.Key(), filepath.Join(work, keyName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // the operator may have given one
		return nil, err
	}
	names, err := filesBelow(work)
	// The small ones first, for whoever only wants to look.
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	return names, err
}

func rank(name string) int {
	switch name {
	case keyName:
		return 0
	case databaseName:
		return 1
	}
	return 2
}

func takeUploads(ctx context.Context, data Folder, work string) error {
	names, err := filesBelow(data.Uploads())
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		if path.Base(name)[0] == '.' {
			continue // not whole yet
		}
		err := take(filepath.Join(data.Uploads(), name), filepath.Join(work, uploadsName, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // deleted since it was listed
			return err
		}
	}
	return nil
}

// take gives a file a second name, under which it outlives its deletion; where
// the file system cannot do that, it is copied.
func take(from, to string) error {
	if _, err := os.Lstat(to); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return errors.Join(err, in.Close())
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close(), in.Close())
}

// filesBelow returns the files below a folder by their names from there, with
// slashes, sorted; none where there is no folder.
func filesBelow(root string) ([]string, error) {
	var names []string
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			names = append(names, name)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	return names, err
}
