package ops

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"kith/internal/base/fault"
)

const (
	// incoming is the folder in which an archive is unpacked.
	incoming = ".restore"
	// decided is there from the moment a restore can no longer be given up
	// until it is complete.
	decided = "restore.json"
)

// plan is what stands in the file that decides a restore.
type plan struct {
	// Replaced is the folder for what was there before.
	Replaced string `json:"replaced"`
	// Names are the files and folders that come.
	Names []string `json:"names"`
}

// Restored tells of a restore.
type Restored struct {
	// Bytes is the size of the archive.
	Bytes int64
	// MadeAt is when it was written, by a program of version Kith.
	MadeAt time.Time
	Kith   string
	// Replaced is the folder that holds what was there before; empty where
	// nothing was.
	Replaced string
	// Key reports whether the secret key was in it.
	Key bool
}

// Restore puts the data of an archive in the place of what is in the folder.
// The caller holds the folder alone. Nothing changes unless the archive is
// whole and check accepts its database; once the exchange has begun, it is
// completed even when the process dies: see Complete.
func Restore(ctx context.Context, data Folder, from string, now time.Time, check func(ctx context.Context, database string) error) (r Restored, err error) {
	if _, err := Complete(data); err != nil {
		return Restored{}, err
	}
	work := data.in(incoming)
	if err := os.RemoveAll(work); err != nil {
		return Restored{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	if err := os.MkdirAll(filepath.Join(work, uploadsName), 0o700); err != nil {
		return Restored{}, err
	}
	m, size, err := unpackFrom(ctx, from, work)
	if err != nil {
		return Restored{}, err
	}
	if err := check(ctx, filepath.Join(work, databaseName)); err != nil {
		return Restored{}, err
	}
	p := plan{Replaced: "replaced-" + now.UTC().Format("20060102T150405.000Z"), Names: []string{databaseName, uploadsName}}
	r = Restored{Bytes: size, MadeAt: m.MadeAt, Kith: m.Kith}
	if _, err := os.Lstat(filepath.Join(work, keyName)); err == nil {
		r.Key = true
		p.Names = append(p.Names, keyName)
	}
	if err := decide(data, work, p); err != nil {
		return Restored{}, err
	}
	r.Replaced, err = Complete(data)
	return r, err
}

func unpackFrom(ctx context.Context, from, to string) (m manifest, size int64, err error) {
	f, err := os.Open(from)
	if err != nil {
		return manifest{}, 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return manifest{}, 0, err
	}
	if m, err = unpack(ctx, f, to); err != nil {
		return manifest{}, 0, err
	}
	if !slices.ContainsFunc(m.Files, func(e entry) bool { return e.Name == databaseName }) {
		return manifest{}, 0, errArchive.Saying("There is no database in the archive.")
	}
	return m, info.Size(), nil
}

// decide makes what was unpacked last, and then the decision.
func decide(data Folder, work string, p plan) error {
	err := filepath.WalkDir(work, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			err = syncFolder(path)
		}
		return err
	})
	if err != nil {
		return err
	}
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return WriteFile(data.in(decided), body)
}

// Undecided reports whether a restore was begun and not completed.
func Undecided(data Folder) bool {
	_, err := os.Lstat(data.in(decided))
	return err == nil
}

// Complete completes a restore that was decided, whichever of its steps were
// done already, and returns the folder of what was replaced. Without one it
// does nothing. The caller holds the folder alone.
func Complete(data Folder) (replaced string, err error) {
	body, err := os.ReadFile(data.in(decided))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var p plan
	if err := json.Unmarshal(body, &p); err != nil {
		return "", fmt.Errorf("%s: %w", data.in(decided), err)
	}
	old := data.in(p.Replaced)
	if err := os.MkdirAll(old, 0o700); err != nil {
		return "", err
	}
	for _, name := range []string{databaseName, databaseName + "-wal", databaseName + "-shm", uploadsName, keyName} {
		comes := slices.Contains(p.Names, name)
		_, err := os.Lstat(filepath.Join(data.in(incoming), name))
		if comes && errors.Is(err, fs.ErrNotExist) {
			continue // it is in its place already
		}
		if err := move(data.in(name), filepath.Join(old, name)); err != nil {
			return "", err
		}
		if comes {
			if err := move(filepath.Join(data.in(incoming), name), data.in(name)); err != nil {
				return "", err
			}
		}
	}
	replaced = old
	if os.Remove(old) == nil { // it is empty: there was nothing before
		replaced = ""
	}
	return replaced, errors.Join(syncFolder(string(data)), os.Remove(data.in(decided)), syncFolder(string(data)))
}

// move renames what is there.
func move(from, to string) error {
	if err := os.Rename(from, to); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// ErrNewer is an archive whose database this program does not know.
var ErrNewer = fault.New(fault.Conflict, "archive.newer", "The archive was written by a newer program; restore it with that one.")
