package call

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"
)

var errStalled = errors.New("nothing has moved for too long")

// watch ends a call in which nothing moves, however long the whole may take.
type watch struct {
	timer   *time.Timer
	cancel  context.CancelCauseFunc
	allowed atomic.Int64
}

// watched returns a context that ends when nothing has moved for d.
func watched(ctx context.Context, d time.Duration) (context.Context, *watch) {
	ctx, cancel := context.WithCancelCause(ctx)
	w := &watch{cancel: cancel}
	w.allowed.Store(int64(d))
	w.timer = time.AfterFunc(d, func() { cancel(errStalled) })
	return ctx, w
}

// allow changes how long nothing may move, from now on.
func (w *watch) allow(d time.Duration) {
	w.allowed.Store(int64(d))
	w.moved()
}

func (w *watch) moved() { w.timer.Reset(time.Duration(w.allowed.Load())) }

func (w *watch) end() {
	w.timer.Stop()
	w.cancel(nil)
}

// moving tells a watch of what is read.
type moving struct {
	io.Reader

	watch *watch
}

func (m moving) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	if n > 0 {
		m.watch.moved()
	}
	return n, err
}
