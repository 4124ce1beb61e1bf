package activity

import (
	"sync/atomic"
	"time"
)

// Sizes of batches. They follow the time that a batch takes: where one process
// writes, everybody waits for a batch, so it is short; where several do, it is
// as long as readers of the change feed may be held back for it without
// noticing.
const (
	firstBatch = 200
	leastBatch = 50
	mostBatch  = 5000
	shortBatch = 10 * time.Millisecond
	longBatch  = 250 * time.Millisecond
)

// pace says how large the next batch is to be. It is safe for one who reads
// and another who writes.
type pace struct {
	goal time.Duration
	now  atomic.Int64
}

func newPace(oneWriter bool) *pace {
	p := &pace{goal: longBatch}
	if oneWriter {
		p.goal = shortBatch
	}
	p.now.Store(firstBatch)
	return p
}

func (p *pace) size() int { return int(p.now.Load()) }

// adapt chooses the size of coming batches by what the last one took.
func (p *pace) adapt(items int, took time.Duration) {
	if items < leastBatch || took <= 0 {
		return
	}
	now := p.now.Load()
	next := int64(float64(items) * float64(p.goal) / float64(took))
	// One slow batch says little: what the disk does in between varies.
	p.now.Store(min(max((3*now+next)/4, leastBatch), mostBatch))
}
