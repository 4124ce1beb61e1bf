package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func says(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

// A file is there whole or as it was before, and nothing lies beside it.
func TestWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, link := filepath.Join(dir, "friends.csv"), filepath.Join(dir, "link.csv")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	errBroken := errors.New("the line is cut")
	for _, step := range []struct {
		path  string
		write func(io.Writer) error
		err   error
		want  string
	}{
		{path, func(w io.Writer) error { return errors.Join(says("half")(w), errBroken) }, errBroken, ""},
		{path, says("one"), nil, "one"},
		{path, func(w io.Writer) error { return errors.Join(says("half")(w), errBroken) }, errBroken, "one"},
		{link, says("two"), nil, "two"},
		{os.DevNull, says("three"), nil, "two"},
	} {
		if err := whole(step.path, step.write); !errors.Is(err, step.err) {
			t.Errorf("%s: %v, want %v", step.path, err, step.err)
		}
		got, err := os.ReadFile(path)
		if err != nil && (step.want != "" || !errors.Is(err, os.ErrNotExist)) {
			t.Error(err)
		}
		if string(got) != step.want {
			t.Errorf("%s: the file has %q, want %q", step.path, got, step.want)
		}
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is none any more: %v, %v", info, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("%v lie there, %v", left, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read who is in the file: %v, %v", info, err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Errorf("a device was replaced by a file: %v, %v", info, err)
	}
}
