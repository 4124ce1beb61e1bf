package ops

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"kith/internal/base/fault"
)

// The form of archives. A reader refuses one that is newer than it knows.
const (
	archiveFormat = 1
	manifestName  = "manifest.json"
)

// errArchive is a file that is not a whole archive of Kith's.
var errArchive = fault.New(fault.Invalid, "archive.broken", "The archive cannot be restored.")

// manifest ends an archive: an archive without one was cut short.
type manifest struct {
	Format int       `json:"format"`
	Kith   string    `json:"kith"`
	Schema int64     `json:"schema"`
	MadeAt time.Time `json:"made_at"`
	Files  []entry   `json:"files"`
}

// entry is one file of an archive.
type entry struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// pack writes files and then the manifest, which it completes. Names are those
// in the archive, with slashes.
func pack(ctx context.Context, w io.Writer, m manifest, root string, names []string) error {
	t := tar.NewWriter(w)
	for _, name := range names {
		e, err := packFile(ctx, t, filepath.Join(root, filepath.FromSlash(name)), name, m.MadeAt)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		m.Files = append(m.Files, e)
	}
	body, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := t.WriteHeader(header(manifestName, int64(len(body)), m.MadeAt)); err != nil {
		return err
	}
	if _, err := t.Write(body); err != nil {
		return err
	}
	return t.Close()
}

func header(name string, bytes int64, at time.Time) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: bytes, Mode: 0o600, ModTime: at}
}

func packFile(ctx context.Context, t *tar.Writer, from, name string, at time.Time) (e entry, err error) {
	f, err := os.Open(from)
	if err != nil {
		return entry{}, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return entry{}, err
	}
	if err := t.WriteHeader(header(name, info.Size(), at)); err != nil {
		return entry{}, err
	}
	sum := sha256.New()
	if _, err := io.CopyN(io.MultiWriter(t, sum), upTo(ctx, f), info.Size()); err != nil {
		return entry{}, err
	}
	return entry{Name: name, Bytes: info.Size(), SHA256: hex.EncodeToString(sum.Sum(nil))}, nil
}

// unpack writes an archive's files below a folder that is there and empty, and
// checks them against the manifest.
func unpack(ctx context.Context, r io.Reader, root string) (m manifest, err error) {
	t, found := tar.NewReader(upTo(ctx, r)), map[string]entry{}
	for m.Format == 0 {
		h, err := t.Next()
		switch {
		case errors.Is(err, io.EOF):
			return manifest{}, errArchive.Saying("The archive ends before its last part.")
		case err != nil:
			return manifest{}, broken(err)
		}
		name := h.Name
		if h.Typeflag != tar.TypeReg || !fs.ValidPath(name) || path.Clean(name) != name {
			return manifest{}, errArchive.Saying("The archive holds something that is none of Kith's.")
		}
		if name == manifestName {
			if m, err = readManifest(t); err != nil {
				return manifest{}, err
			}
			continue
		}
		if found[name], err = unpackFile(t, filepath.Join(root, filepath.FromSlash(name)), name); err != nil {
			return manifest{}, err
		}
	}
	for _, want := range m.Files {
		if got := found[want.Name]; got != want {
			return manifest{}, errArchive.Saying("The archive was changed or damaged: " + want.Name + " is not what was written.")
		}
	}
	if len(found) != len(m.Files) {
		return manifest{}, errArchive.Saying("The archive holds files that its list does not name.")
	}
	return m, nil
}

func broken(err error) error {
	return errArchive.Saying("This is not a whole archive of Kith's: " + err.Error() + ".").Because(err)
}

func readManifest(r io.Reader) (m manifest, err error) {
	if err := json.NewDecoder(r).Decode(&m); err != nil {
		return manifest{}, broken(err)
	}
	if m.Format < 1 || m.Format > archiveFormat {
		return manifest{}, errArchive.Saying("The archive was written by a newer program.")
	}
	return m, nil
}

func unpackFile(r io.Reader, to, name string) (e entry, err error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return entry{}, err
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return entry{}, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, sum), r)
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, tar.ErrHeader) {
		return entry{}, broken(err)
	}
	if err != nil {
		return entry{}, err
	}
	return entry{Name: name, Bytes: n, SHA256: hex.EncodeToString(sum.Sum(nil))}, f.Sync()
}

// upTo reads until a context ends.
func upTo(ctx context.Context, r io.Reader) io.Reader {
	return readFunc(func(p []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return r.Read(p)
	})
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }
