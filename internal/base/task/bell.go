package task

import "sync"

// Bell tells those who wait for a kind of work that there may be some. It is
// heard in this process only and remembered by nobody: whoever listens looks
// from time to time as well. The zero value is ready; a nil Bell is silent.
type Bell struct {
	mu   sync.Mutex
	ears map[string][]chan struct{}
}

// Ring wakes all who listen for the kind. It never waits.
func (b *Bell) Ring(kind string) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, ear := range b.ears[kind] {
		select {
		case ear <- struct{}{}:
		default: // it has not looked since the last time
		}
	}
}

// Listen returns a channel that receives after the bell was rung for the
// kind, once for any number of rings.
func (b *Bell) Listen(kind string) <-chan struct{} {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ears == nil {
		b.ears = map[string][]chan struct{}{}
	}
	ear := make(chan struct{}, 1)
	b.ears[kind] = append(b.ears[kind], ear)
	return ear
}
