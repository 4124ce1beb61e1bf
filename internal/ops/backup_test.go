package ops_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/ops"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// fileDatabase is a database that is one file of text.
type fileDatabase struct {
	path string
	// during is called while it is copied.
	during func()
}

func (d fileDatabase) Version(context.Context) (have, want int64, err error) { return 4, 4, nil }

func (d fileDatabase) CopyTo(_ context.Context, path string) error {
	if d.during != nil {
		d.during()
	}
	body, err := os.ReadFile(d.path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, body, 0o600)
}

func sound(context.Context, string) error { return nil }

// folder makes a data folder with the given files.
func folder(t *testing.T, files map[string]string) ops.Folder {
	t.Helper()
	data := ops.Folder(filepath.Join(t.TempDir(), "data"))
	if err := os.MkdirAll(string(data), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, body := range files {
		write(t, data, name, body)
	}
	return data
}

func write(t *testing.T, data ops.Folder, name, body string) {
	t.Helper()
	path := filepath.Join(string(data), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
}

// contents returns the files of a data folder, what was replaced left out.
func contents(t *testing.T, data ops.Folder) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(string(data)), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(name, "replaced-") {
			return err
		}
		body, err := os.ReadFile(filepath.Join(string(data), name))
		files[name] = string(body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func same(t *testing.T, data ops.Folder, want map[string]string) {
	t.Helper()
	if got := contents(t, data); !maps.Equal(got, want) {
		t.Errorf("the folder holds %q, want %q", got, want)
	}
}

var whole = map[string]string{"kith.db": "database", "secret.key": "key", "uploads/7/1": "upload one", "uploads/8/2": ""}

func backup(t *testing.T, data ops.Folder) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "kith.tar")
	n, err := ops.Backup(t.Context(), data, fileDatabase{path: data.Database()}, to, "test", noon)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(to)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() != n || info.Mode().Perm() != 0o600 {
		t.Errorf("told of %d bytes; it has %d and mode %o", n, info.Size(), info.Mode().Perm())
	}
	return to
}

func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	data := folder(t, whole)
	write(t, data, "uploads/7/.part-3", "half an upload")
	write(t, data, "certificates/x", "not Kith's data")
	archive := backup(t, data)
	if err := os.Remove(filepath.Join(string(data), "uploads/7/.part-3")); err != nil {
		t.Fatal(err)
	}
	left := maps.Clone(whole)
	left["certificates/x"] = "not Kith's data"
	same(t, data, left) // nothing of the work is left behind

	t.Run("into an empty folder", func(t *testing.T) {
		t.Parallel()
		data := folder(t, nil)
		r, err := ops.Restore(t.Context(), data, archive, noon, sound)
		if err != nil {
			t.Fatal(err)
		}
		same(t, data, whole)
		if r.Replaced != "" || !r.Key || r.Kith != "test" || !r.MadeAt.Equal(noon) {
			t.Errorf("told %+v", r)
		}
		if entries, err := os.ReadDir(string(data)); err != nil || len(entries) != 3 {
			t.Errorf("left behind: %v, %v", entries, err)
		}
	})

	t.Run("in place of what is there", func(t *testing.T) {
		t.Parallel()
		old := map[string]string{"kith.db": "old", "kith.db-wal": "old wal", "secret.key": "old key", "uploads/7/9": "old upload"}
		data := folder(t, old)
		r, err := ops.Restore(t.Context(), data, archive, noon, sound)
		if err != nil {
			t.Fatal(err)
		}
		same(t, data, whole)
		same(t, ops.Folder(r.Replaced), old)
	})
}

func TestABackupIsWrittenOnce(t *testing.T) {
	t.Parallel()
	data := folder(t, whole)
	archive := backup(t, data)
	_, err := ops.Backup(t.Context(), data, fileDatabase{path: data.Database()}, archive, "test", noon)
	if fault.Of(err).Code != "archive.exists" {
		t.Errorf("got %v", err)
	}
}

func TestABackupThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	data := folder(t, map[string]string{"secret.key": "key"})
	to := filepath.Join(t.TempDir(), "kith.tar")
	if _, err := ops.Backup(t.Context(), data, fileDatabase{path: data.Database()}, to, "test", noon); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	same(t, data, map[string]string{"secret.key": "key"})
	if left, err := os.ReadDir(filepath.Dir(to)); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestUploadsThatComeAndGoDuringABackup(t *testing.T) {
	t.Parallel()
	data := folder(t, map[string]string{"kith.db": "speaks of 1 and 2", "secret.key": "key", "uploads/7/1": "one"})
	db := fileDatabase{path: data.Database(), during: func() {
		if err := os.Remove(filepath.Join(string(data), "uploads/7/1")); err != nil {
			t.Error(err)
		}
		write(t, data, "uploads/7/2", "two")
	}}
	archive := filepath.Join(t.TempDir(), "kith.tar")
	if _, err := ops.Backup(t.Context(), data, db, archive, "test", noon); err != nil {
		t.Fatal(err)
	}
	to := folder(t, nil)
	if _, err := ops.Restore(t.Context(), to, archive, noon, sound); err != nil {
		t.Fatal(err)
	}
	same(t, to, map[string]string{"kith.db": "speaks of 1 and 2", "secret.key": "key", "uploads/7/1": "one", "uploads/7/2": "two"})
}

func TestArchivesThatAreRefusedChangeNothing(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile(backup(t, folder(t, whole)))
	if err != nil {
		t.Fatal(err)
	}
	changed := slices.Clone(body)
	changed[slices.Index(body, 'u')] = 'U' // some letter of a name
	flipped := []byte(strings.Replace(string(body), "upload one", "upload two", 1))
	newer := []byte(strings.Replace(string(body), `"format": 1`, `"format": 9`, 1))
	hostile := func(h tar.Header) []byte {
		var out bytes.Buffer
		w := tar.NewWriter(&out)
		h.Mode = 0o600
		if err := errors.Join(w.WriteHeader(&h), w.Close()); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	for name, c := range map[string]struct {
		body  []byte
		check func(context.Context, string) error
		want  string
	}{
		"empty":               {nil, sound, "ends before its last part"},
		"text":                {[]byte(strings.Repeat("no archive ", 100)), sound, "not a whole archive"},
		"a byte of a file":    {flipped, sound, "uploads/7/1 is not what was written"},
		"a byte of a name":    {changed, sound, "archive"},
		"newer":               {newer, sound, "newer program"},
		"a way out":           {hostile(tar.Header{Name: "../out", Typeflag: tar.TypeReg}), sound, "none of Kith's"},
		"a way round":         {hostile(tar.Header{Name: "uploads/../kith.db", Typeflag: tar.TypeReg}), sound, "none of Kith's"},
		"a link":              {hostile(tar.Header{Name: "kith.db", Linkname: "/etc/passwd", Typeflag: tar.TypeSymlink}), sound, "none of Kith's"},
		"an unsound database": {body, func(context.Context, string) error { return errors.New("unsound") }, "unsound"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refused(t, c.body, c.check, c.want)
		})
	}
	// Cut off anywhere before the end of its list, not only between its files.
	for cut := 0; cut <= bytes.LastIndexByte(body, '}'); cut += 300 {
		t.Run(fmt.Sprintf("cut at %d", cut), func(t *testing.T) {
			t.Parallel()
			refused(t, body[:cut], sound, "")
		})
	}
}

func refused(t *testing.T, body []byte, check func(context.Context, string) error, want string) {
	t.Helper()
	archive := filepath.Join(t.TempDir(), "kith.tar")
	if err := os.WriteFile(archive, body, 0o600); err != nil {
		t.Fatal(err)
	}
	old := map[string]string{"kith.db": "old", "secret.key": "old key"}
	data := folder(t, old)
	if _, err := ops.Restore(t.Context(), data, archive, noon, check); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
	same(t, data, old)
}

// A restore that was killed at any of its steps is completed by whoever opens
// the folder next.
func TestAKilledRestoreIsCompleted(t *testing.T) {
	t.Parallel()
	old := map[string]string{"kith.db": "old", "kith.db-wal": "old wal", "secret.key": "old key", "uploads/7/9": "old upload"}
	plan := `{"replaced":"replaced-x","names":["kith.db","uploads","secret.key"]}`
	// The state after each step, as renames that were done.
	steps := [][2]string{
		{"kith.db", "replaced-x/kith.db"},
		{".restore/kith.db", "kith.db"},
		{"kith.db-wal", "replaced-x/kith.db-wal"},
		{"uploads", "replaced-x/uploads"},
		{".restore/uploads", "uploads"},
		{"secret.key", "replaced-x/secret.key"},
		{".restore/secret.key", "secret.key"},
	}
	for done := range len(steps) + 1 {
		t.Run(fmt.Sprintf("after %d renames", done), func(t *testing.T) {
			t.Parallel()
			data := folder(t, old)
			for name, body := range whole {
				write(t, data, ".restore/"+name, body)
			}
			write(t, data, "restore.json", plan)
			if err := os.MkdirAll(filepath.Join(string(data), "replaced-x"), 0o700); err != nil {
				t.Fatal(err)
			}
			for _, step := range steps[:done] {
				if err := os.Rename(filepath.Join(string(data), step[0]), filepath.Join(string(data), step[1])); err != nil {
					t.Fatal(err)
				}
			}
			if !ops.Undecided(data) {
				t.Error("nothing to complete")
			}
			replaced, err := ops.Complete(data)
			if err != nil {
				t.Fatal(err)
			}
			same(t, data, whole)
			same(t, ops.Folder(replaced), old)
			if again, err := ops.Complete(data); err != nil || again != "" || ops.Undecided(data) {
				t.Errorf("completed again: %q, %v", again, err)
			}
		})
	}
}
