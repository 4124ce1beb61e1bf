package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/outbound/blob"
	"kith/internal/store"
	"kith/internal/testdb"
)

// blobs is what both stores do.
type blobs interface {
	Put(ctx context.Context, account id.Account, blob id.Blob, r io.Reader) (int64, error)
	Append(ctx context.Context, account id.Account, blob id.Blob, at int64, p []byte) error
	Open(ctx context.Context, account id.Account, blob id.Blob, offset int64) (io.ReadCloser, error)
	Delete(ctx context.Context, account id.Account, blob id.Blob) error
	Sweep(ctx context.Context, before time.Time, known func(context.Context, id.Account, id.Blob) (bool, error)) (int, error)
}

// each runs a test on every store.
func each(t *testing.T, test func(t *testing.T, b blobs)) {
	t.Helper()
	t.Parallel()
	rows := func(t *testing.T, o store.Options) blobs {
		s, err := store.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		if _, _, err := s.Migrate(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		return blob.NewRows(s)
	}
	for name, open := range map[string]func(t *testing.T) blobs{
		"folder":   func(t *testing.T) blobs { return blob.NewFolder(filepath.Join(t.TempDir(), "uploads")) },
		"sqlite":   func(t *testing.T) blobs { return rows(t, store.Options{Path: filepath.Join(t.TempDir(), "kith.db")}) },
		"postgres": func(t *testing.T) blobs { return rows(t, store.Options{DatabaseURL: testdb.Postgres(t)}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func read(t *testing.T, b blobs, account id.Account, number id.Blob, offset int64) string {
	t.Helper()
	r, err := b.Open(t.Context(), account, number, offset)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	body, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func none(t *testing.T, b blobs, account id.Account, number id.Blob) {
	t.Helper()
	if _, err := b.Open(t.Context(), account, number, 0); !fault.Is(err, fault.NotFound) {
		t.Errorf("blob %d/%d: got %v, want not_found", account, number, err)
	}
}

func TestPut(t *testing.T) {
	each(t, func(t *testing.T, b blobs) {
		// More than two chunks, of bytes that differ wherever a chunk begins.
		long := strings.Repeat("0123456789abcde", 100_000)
		for number, body := range map[id.Blob]string{1: long, 2: "", 3: "short"} {
			n, err := b.Put(t.Context(), 7, number, iotest.HalfReader(strings.NewReader(body)))
			if err != nil || n != int64(len(body)) {
				t.Fatalf("put %d: %d bytes, %v; want %d", number, n, err, len(body))
			}
			for _, offset := range []int{0, 1, 512<<10 - 1, 512 << 10, 512<<10 + 1, len(body)} {
				if offset > len(body) {
					continue
				}
				if got := read(t, b, 7, number, int64(offset)); got != body[offset:] {
					t.Errorf("blob %d from %d on: %d bytes, want %d", number, offset, len(got), len(body)-offset)
				}
			}
			if got := read(t, b, 7, number, int64(len(body))+1); got != "" {
				t.Errorf("blob %d from behind its end on: %q", number, got)
			}
		}
		if _, err := b.Put(t.Context(), 7, 1, strings.NewReader("again")); err != nil {
			t.Fatal(err)
		}
		if got := read(t, b, 7, 1, 0); got != "again" {
			t.Errorf("put again: %.20q", got)
		}
		none(t, b, 8, 1) // of another account
	})
}

func TestAPutThatFailsLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, b blobs) {
		wrong := errors.New("wrong")
		body := io.MultiReader(strings.NewReader(strings.Repeat("x", 1<<20)), iotest.ErrReader(wrong))
		if _, err := b.Put(t.Context(), 7, 1, body); !errors.Is(err, wrong) {
			t.Errorf("got %v, want the reader's error", err)
		}
		none(t, b, 7, 1)
		ctx, cancel := context.WithCancel(t.Context())
		if _, err := b.Put(ctx, 7, 2, io.MultiReader(strings.NewReader(strings.Repeat("x", 1<<20)), ends{cancel})); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want the context's error", err)
		}
		none(t, b, 7, 2)
		n, err := b.Sweep(t.Context(), time.Now().Add(time.Hour), func(context.Context, id.Account, id.Blob) (bool, error) { return true, nil })
		if err != nil || n != 0 {
			t.Errorf("%d parts are left, %v", n, err)
		}
	})
}

// ends cancels a context when it is read, and goes on for ever.
type ends struct{ cancel func() }

func (e ends) Read(p []byte) (int, error) {
	e.cancel()
	return len(p), nil
}

func TestAppend(t *testing.T) {
	each(t, func(t *testing.T, b blobs) {
		put := func(at int64, p string) error { return b.Append(t.Context(), 7, 1, at, []byte(p)) }
		if err := put(4, "late"); !errors.Is(err, blob.ErrGap) {
			t.Errorf("behind the end of nothing: %v", err)
		}
		if err := b.Delete(t.Context(), 7, 1); err != nil {
			t.Fatal(err)
		}
		long := strings.Repeat("z", 600<<10)
		for _, step := range []struct {
			at   int64
			p    string
			want string
		}{
			{0, "one ", "one "},
			{4, "two ", "one two "},
			{4, "TWO ", "one TWO "}, // what a killed process wrote last, again
			{8, long, "one TWO " + long},
			{4, "end", "one end"},
			{0, "", ""},
		} {
			if err := put(step.at, step.p); err != nil {
				t.Fatal(err)
			}
			if got := read(t, b, 7, 1, 0); got != step.want {
				t.Errorf("after %.10q at %d: %.20q, %d bytes", step.p, step.at, got, len(got))
			}
		}
		if err := put(9, "late"); !errors.Is(err, blob.ErrGap) {
			t.Errorf("behind the end: %v", err)
		}
	})
}

func TestDelete(t *testing.T) {
	each(t, func(t *testing.T, b blobs) {
		if _, err := b.Put(t.Context(), 7, 1, strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
		for range 2 { // what is not there may be deleted
			if err := b.Delete(t.Context(), 7, 1); err != nil {
				t.Error(err)
			}
		}
		none(t, b, 7, 1)
	})
}

func TestSweep(t *testing.T) {
	each(t, func(t *testing.T, b blobs) {
		for number := range id.Blob(3) {
			if _, err := b.Put(t.Context(), 7, number+1, bytes.NewReader([]byte("x"))); err != nil {
				t.Fatal(err)
			}
		}
		known := func(_ context.Context, account id.Account, number id.Blob) (bool, error) {
			return account == 7 && number == 2, nil
		}
		if n, err := b.Sweep(t.Context(), time.Now().Add(-time.Hour), known); err != nil || n != 0 {
			t.Errorf("young ones: swept %d, %v", n, err)
		}
		if n, err := b.Sweep(t.Context(), time.Now().Add(time.Hour), known); err != nil || n != 2 {
			t.Errorf("swept %d, %v; want 2", n, err)
		}
		none(t, b, 7, 1)
		none(t, b, 7, 3)
		if got := read(t, b, 7, 2, 0); got != "x" {
			t.Errorf("the one that is known: %q", got)
		}
		wrong := errors.New("wrong")
		if _, err := b.Sweep(t.Context(), time.Now().Add(time.Hour), func(context.Context, id.Account, id.Blob) (bool, error) { return false, wrong }); !errors.Is(err, wrong) {
			t.Errorf("got %v, want the error of known", err)
		}
		if got := read(t, b, 7, 2, 0); got != "x" {
			t.Error("swept without knowing")
		}
	})
}

func TestAFolderHoldsPartsOfAKilledProcessForAWhile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "7"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".part-1", "other"} {
		if err := os.WriteFile(filepath.Join(dir, "7", name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	n, err := blob.NewFolder(dir).Sweep(t.Context(), time.Now().Add(time.Hour), func(context.Context, id.Account, id.Blob) (bool, error) {
		t.Error("asked about what is no blob")
		return true, nil
	})
	if err != nil || n != 1 {
		t.Errorf("swept %d, %v; want the part alone", n, err)
	}
}
