package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"kith/internal/base/id"
	"kith/internal/store"
	"kith/internal/testdb"
)

func TestCopyOfOneMoment(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(dir, "kith.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, _, err := s.Migrate(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if err := s.PutChunks(t.Context(), 7, 1, 0, []byte("kept")); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "copy.db")
	if err := s.CopyTo(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if err := s.CopyTo(t.Context(), path); err == nil {
		t.Error("an existing file was written over")
	}
	if err := s.PutChunks(t.Context(), 7, 2, 0, []byte("late")); err != nil {
		t.Fatal(err)
	}
	_, want, err := s.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := store.Inspect(t.Context(), path); err != nil || got != want {
		t.Errorf("inspected: version %d, %v; want %d", got, err, want)
	}
	c, err := store.Open(t.Context(), store.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for blob, want := range map[id.Blob]string{1: "kept", 2: ""} {
		if _, got, err := c.Chunk(t.Context(), 7, blob, 0); string(got) != want || (err == nil) != (want != "") {
			t.Errorf("the copy's blob %d: %q, %v; want %q", blob, got, err, want)
		}
	}
}

func TestInspectFindsDamage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, body := range map[string]string{"empty": "", "text": "this is no database, whatever its name says, and long enough to be looked at as one"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		if v, err := store.Inspect(t.Context(), path); err == nil {
			t.Errorf("%s: version %d", name, v)
		}
	}
	if _, err := store.Inspect(t.Context(), filepath.Join(dir, "none")); err == nil {
		t.Error("a file that is not there was inspected")
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) != 2 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestAServersDatabaseIsNotCopied(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), store.Options{DatabaseURL: testdb.Postgres(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.CopyTo(t.Context(), filepath.Join(t.TempDir(), "x")); !errors.Is(err, store.ErrNoCopy) {
		t.Errorf("got %v", err)
	}
}
