package app

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"

	"kith/internal/base/clock"
)

// helloWait bounds how long a connection may stay silent before its first
// byte.
const helloWait = 10 * time.Second

// acceptPause is how long to wait when no connection could be accepted.
const acceptPause = 50 * time.Millisecond

// helloByte begins every TLS connection (RFC 8446 §5.1, a handshake record)
// and no HTTP request.
const helloByte = 0x16

// either lets one port speak both https and http: who begins with plain http
// gets an answer that says what is wrong, or is served, as the settings say,
// instead of a broken connection.
type either struct {
	net.Listener
	tls   *tls.Config
	ready chan net.Conn
	ended context.Context //nolint:containedctx // the listener's life, ended by Close
	end   context.CancelFunc
	err   error // set before ended is
	loop  sync.WaitGroup
}

func newEither(l net.Listener, c *tls.Config) *either {
	e := &either{Listener: l, tls: c, ready: make(chan net.Conn)}
	e.ended, e.end = context.WithCancel(context.Background())
	e.loop.Go(e.accept)
	return e
}

func (e *either) accept() {
	defer e.end()
	for {
		conn, err := e.Listener.Accept()
		switch {
		case err == nil:
		case errors.Is(err, net.ErrClosed):
			e.err = err
			return
		default: // too many open files, say: it passes
			time.Sleep(acceptPause)
			continue
		}
		e.loop.Go(func() { e.sort(conn) })
	}
}

// sort reads a connection's first byte and hands it on as what it is.
func (e *either) sort(conn net.Conn) {
	stop := context.AfterFunc(e.ended, func() { conn.Close() })
	first := make([]byte, 1)
	_ = conn.SetReadDeadline(clock.System{}.Now().Add(helloWait)) // a broken connection fails to be read
	_, err := conn.Read(first)
	_ = conn.SetReadDeadline(time.Time{})
	if !stop() || err != nil {
		_ = conn.Close()
		return
	}
	conn = &begun{Conn: conn, first: first}
	if first[0] == helloByte {
		conn = tls.Server(conn, e.tls)
	}
	select {
	case e.ready <- conn:
	case <-e.ended.Done():
		_ = conn.Close()
	}
}

// Accept returns the next connection: a *tls.Conn, or one of plain http.
func (e *either) Accept() (net.Conn, error) {
	select {
	case conn := <-e.ready:
		return conn, nil
	case <-e.ended.Done():
		return nil, e.err
	}
}

// Close ends the listener and every connection that has not been handed on.
func (e *either) Close() error {
	err := e.Listener.Close()
	e.loop.Wait()
	return err
}

// begun is a connection whose first byte was read already.
type begun struct {
	net.Conn
	first []byte
}

func (b *begun) Read(p []byte) (int, error) {
	if len(b.first) == 0 || len(p) == 0 {
		return b.Conn.Read(p)
	}
	n := copy(p, b.first)
	b.first = b.first[n:]
	return n, nil
}
