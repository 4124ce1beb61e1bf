package store

import (
	"context"
	"sync"

	"kith/internal/base/id"
)

// Kind is a kind of thing that has numbers in its account.
type Kind string

// The kinds. Each account counts each of them by itself.
const (
	KindContact  Kind = "contact"
	KindList     Kind = "list"
	KindField    Kind = "field"
	KindTag      Kind = "tag"
	KindActivity Kind = "activity"
	KindUpload   Kind = "upload"
	KindSegment  Kind = "segment"
	KindMailing  Kind = "mailing"
)

// Sizes of the blocks of numbers a process takes at a time. A block grows
// while its kind is in demand, so that an import asks rarely and a list that
// is made once a year wastes little.
const (
	firstBlock   = 10
	largestBlock = 10_000
)

// numbers holds the blocks this process has taken. The zero value is ready.
type numbers struct {
	mu     sync.Mutex
	blocks map[numberKey]*block
}

type numberKey struct {
	account id.Account
	kind    Kind
}

type block struct {
	mu         sync.Mutex
	next, end  int64 // numbers next, next+1 … end-1 are ours
	lastDemand int64
}

// Numbers takes n numbers of a kind that nobody else has or will have, first
// to first+n-1. It runs a unit of work of its own where the process's block
// does not suffice, so it is called before the unit that uses the numbers.
// Numbers that are not used are lost: gaps are allowed.
func (s *Store) Numbers(ctx context.Context, account id.Account, kind Kind, n int) (first int64, err error) {
	b := s.numbers.of(numberKey{account, kind})
	// One caller at a time asks the database for a block; the others of the
	// same account and kind wait for what it brings.
	b.mu.Lock()
	defer b.mu.Unlock()
	want := int64(n)
	if b.end-b.next < want {
		size := max(want, min(max(firstBlock, 2*b.lastDemand), largestBlock))
		start, err := s.takeBlock(ctx, account, kind, size)
		if err != nil {
			return 0, err
		}
		if start == b.end { // nobody came between: the rest of the old block is still good
			b.end += size
		} else {
			b.next, b.end = start, start+size
		}
		b.lastDemand = size
	}
	first = b.next
	b.next += want
	return first, nil
}

func (ns *numbers) of(k numberKey) *block {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	if ns.blocks == nil {
		ns.blocks = map[numberKey]*block{}
	}
	b, ok := ns.blocks[k]
	if !ok {
		b = &block{}
		ns.blocks[k] = b
	}
	return b
}

func (s *Store) takeBlock(ctx context.Context, account id.Account, kind Kind, size int64) (start int64, err error) {
	err = s.Within(ctx, func(ctx context.Context, tx *Tx) error {
		start, err = tx.takeNumbers(ctx, account, kind, size)
		return err
	})
	return start, err
}

// takeNumbers takes numbers in this unit of work, for kinds that are made
// rarely; others that take the same wait until it has ended.
func (tx *Tx) takeNumbers(ctx context.Context, account id.Account, kind Kind, n int64) (first int64, err error) {
	err = tx.q.QueryRow(ctx, `
		INSERT INTO number_block (account_id, kind, next) VALUES ($1, $2, 1 + $3)
		ON CONFLICT (account_id, kind) DO UPDATE SET next = number_block.next + $3
		RETURNING next - $3`, int64(account), string(kind), n).Scan(&first)
	return first, wrap(err, "take %d numbers of %s", n, kind)
}

// lockKind makes others that take numbers of a kind, or lock it, wait until
// this unit of work has ended.
func (tx *Tx) lockKind(ctx context.Context, account id.Account, kind Kind) error {
	_, err := tx.takeNumbers(ctx, account, kind, 0)
	return err
}
