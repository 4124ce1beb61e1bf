package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/id"
)

// partPrefix begins the names of files that are not whole yet.
const partPrefix = ".part-"

// Folder keeps blobs as files below a folder: account/number.
type Folder struct{ dir string }

// NewFolder returns the store of a folder, which need not be there yet.
func NewFolder(dir string) *Folder { return &Folder{dir} }

func (f *Folder) path(account id.Account, blob id.Blob) string {
	return filepath.Join(f.account(account), strconv.FormatInt(int64(blob), 10))
}

func (f *Folder) account(account id.Account) string {
	return filepath.Join(f.dir, strconv.FormatInt(int64(account), 10))
}

// Put keeps everything that r yields and returns how many bytes that were. The
// blob is there whole, safe from a loss of power, when Put returns nil, and
// not at all otherwise.
func (f *Folder) Put(ctx context.Context, account id.Account, blob id.Blob, r io.Reader) (n int64, err error) {
	if err := os.MkdirAll(f.account(account), 0o700); err != nil {
		return 0, err
	}
	part, err := os.CreateTemp(f.account(account), partPrefix)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, part.Close(), os.Remove(part.Name()))
		}
	}()
	if n, err = io.Copy(part, reader{ctx, r}); err != nil {
		return 0, err
	}
	if err := part.Sync(); err != nil {
		return 0, err
	}
	if err := os.Rename(part.Name(), f.path(account, blob)); err != nil {
		return 0, err
	}
	return n, errors.Join(part.Close(), syncDir(f.account(account)))
}

// Append writes p at an offset, safe from a loss of power when it returns nil,
// and cuts off what lay there: what a killed process wrote last is written
// again. The blob is made by an append at 0; behind its end it fails with
// ErrGap.
func (f *Folder) Append(_ context.Context, account id.Account, blob id.Blob, at int64, p []byte) error {
	if err := os.MkdirAll(f.account(account), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(f.path(account, blob), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := appendTo(file, at, p); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := file.Close(); err != nil || at > 0 {
		return err
	}
	return syncDir(f.account(account))
}

func appendTo(file *os.File, at int64, p []byte) error {
	info, err := file.Stat()
	switch {
	case err != nil:
		return err
	case info.Size() < at:
		return fmt.Errorf("%w: at %d of %d", ErrGap, at, info.Size())
	}
	if err := file.Truncate(at); err != nil {
		return err
	}
	if _, err := file.WriteAt(p, at); err != nil {
		return err
	}
	return file.Sync()
}

// Open returns a blob's bytes from an offset on; behind the end there are
// none. It fails with ErrNone.
func (f *Folder) Open(_ context.Context, account id.Account, blob id.Blob, offset int64) (io.ReadCloser, error) {
	file, err := os.Open(f.path(account, blob))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNone.Because(err)
	}
	if err != nil {
		return nil, err
	}
	if _, err := file.Seek(offset, io.SeekStart); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// Delete forgets a blob; one that is not there is no error.
func (f *Folder) Delete(_ context.Context, account id.Account, blob id.Blob) error {
	err := os.Remove(f.path(account, blob))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Sweep deletes blobs, whole or not, that were written before a time and that
// known does not know, and returns how many those were. They are what a killed
// process left.
func (f *Folder) Sweep(ctx context.Context, before time.Time, known func(context.Context, id.Account, id.Blob) (bool, error)) (deleted int, err error) {
	paths, err := filepath.Glob(filepath.Join(f.dir, "*", "*"))
	if err != nil {
		return 0, err
	}
	for _, path := range paths {
		if err := ctx.Err(); err != nil {
			return deleted, err
		}
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue // somebody deleted it meanwhile
		}
		if err != nil {
			return deleted, err
		}
		if !info.ModTime().Before(before) {
			continue
		}
		if name, ok := f.name(path); ok {
			keep, err := known(ctx, name.Account, name.Number)
			if err != nil {
				return deleted, err
			}
			if keep {
				continue
			}
		} else if !strings.HasPrefix(filepath.Base(path), partPrefix) {
			continue // not one of ours
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return deleted, err
		}
		deleted++
	}
	return deleted, nil
}

// name is the inverse of path.
func (f *Folder) name(path string) (Name, bool) {
	account, err1 := strconv.ParseInt(filepath.Base(filepath.Dir(path)), 10, 64)
	number, err2 := strconv.ParseInt(filepath.Base(path), 10, 64)
	return Name{id.Account(account), id.Blob(number)}, err1 == nil && err2 == nil
}

// reader ends when its context does.
type reader struct {
	ctx context.Context //nolint:containedctx // it lives as long as one call
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
