package intake

import (
	"net"
	"sync"
	"time"
)

// bounded is a listener that closes at once what is beyond its bounds.
type bounded struct {
	net.Listener
	most, perPeer int

	mu   sync.Mutex
	all  int
	from map[string]int
}

func newBounded(l net.Listener, most, perPeer int) *bounded {
	return &bounded{Listener: l, most: most, perPeer: perPeer, from: map[string]int{}}
}

// Accept returns the next connection that is within the bounds. It ends by
// itself after a time.
func (b *bounded) Accept() (net.Conn, error) {
	for {
		c, err := b.Listener.Accept()
		if err != nil {
			return nil, err
		}
		peer, _, err := net.SplitHostPort(c.RemoteAddr().String())
		if err != nil {
			peer = "" // a socket of this machine: one that hands on for all
		}
		if !b.enter(peer) {
			_ = c.Close() // nothing is lost: whoever it was tries again
			continue
		}
		held := &held{Conn: c, leave: sync.OnceFunc(func() { b.leave(peer) })}
		held.end = time.AfterFunc(longest, func() { _ = held.Close() })
		return held, nil
	}
}

func (b *bounded) enter(peer string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.all >= b.most || peer != "" && b.from[peer] >= b.perPeer {
		return false
	}
	b.all++
	b.from[peer]++
	return true
}

func (b *bounded) leave(peer string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all--
	if b.from[peer]--; b.from[peer] == 0 {
		delete(b.from, peer)
	}
}

// held is a connection that counts until it is closed.
type held struct {
	net.Conn
	leave func()
	end   *time.Timer
}

// Close closes the connection and gives its place to another.
func (h *held) Close() error {
	h.end.Stop()
	h.leave()
	return h.Conn.Close()
}
