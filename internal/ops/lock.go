package ops

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// The files in the data folder that are locked, never written.
const (
	serveLock = "serve.lock" // one server at a time; a restore keeps servers out
	useLock   = "use.lock"   // shared by all who use the data; a restore is alone
	stepLock  = "step.lock"  // one migration at a time
)

// ErrHeld is a data folder that another process holds.
var ErrHeld = errors.New("another process uses the data folder")

// Hold is a share in a data folder. The operating system ends it with the
// process, so that a killed one leaves nothing behind.
type Hold struct{ files []*os.File }

// Release ends the hold.
func (h *Hold) Release() error {
	var errs []error
	for _, f := range h.files {
		errs = append(errs, f.Close())
	}
	h.files = nil
	return errors.Join(errs...)
}

func (h *Hold) take(dir, name string, how int) error {
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	for {
		err = syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err == nil {
		h.files = append(h.files, f)
		return nil
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = ErrHeld
	}
	return errors.Join(fmt.Errorf("%s: %w", f.Name(), err), f.Close())
}

type want struct {
	name string
	how  int
}

func hold(dir string, wants ...want) (*Hold, error) {
	h := &Hold{}
	for _, w := range wants {
		if err := h.take(dir, w.name, w.how); err != nil {
			return nil, errors.Join(err, h.Release())
		}
	}
	return h, nil
}

// HoldToUse is for a command: others use the data too, but no restore.
func HoldToUse(dir string) (*Hold, error) {
	return hold(dir, want{useLock, syscall.LOCK_SH | syscall.LOCK_NB})
}

// HoldToServe is for the one server of a data folder.
func HoldToServe(dir string) (*Hold, error) {
	return hold(dir, want{serveLock, syscall.LOCK_EX | syscall.LOCK_NB}, want{useLock, syscall.LOCK_SH | syscall.LOCK_NB})
}

// HoldAlone is for a restore: nobody else uses the data.
func HoldAlone(dir string) (*Hold, error) {
	return hold(dir, want{serveLock, syscall.LOCK_EX | syscall.LOCK_NB}, want{useLock, syscall.LOCK_EX | syscall.LOCK_NB})
}

// HoldStep waits until no other process migrates the data, and keeps others
// from doing so.
func HoldStep(dir string) (*Hold, error) {
	return hold(dir, want{stepLock, syscall.LOCK_EX})
}
