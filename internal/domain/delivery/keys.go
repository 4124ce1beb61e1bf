package delivery

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/message"
)

// Keys says what a mail is signed with. Domains meets it.
type Keys interface {
	// SigningKeys returns the keys for mail of an account that is from an
	// address; none where it is not to be signed. Where they cannot be opened
	// it fails with a *message.UnsendableError: mail that is to be signed does
	// not leave without.
	SigningKeys(ctx context.Context, number id.Account, from string) ([]message.SigningKey, error)
}

// keysFor is how long keys are believed: so long another process, in which the
// owner turned them off, is not heard.
const keysFor = time.Second

// maxCached bounds the domains whose keys are remembered.
const maxCached = 10_000

type keysOf struct {
	account id.Account
	domain  string
}

type cached struct {
	keys  []message.SigningKey
	since clock.Stopwatch
}

// keyCache remembers keys. Those that were opened once are not opened again:
// under its selector a key never changes.
type keyCache struct {
	mu  sync.Mutex
	now map[keysOf]cached
}

func (c *keyCache) get(of keysOf) (keys []message.SigningKey, fresh bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	have, ok := c.now[of]
	return have.keys, ok && have.since.Elapsed() < keysFor
}

func (c *keyCache) put(of keysOf, keys []message.SigningKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.now) >= maxCached {
		clear(c.now)
	}
	c.now[of] = cached{keys, clock.Start()}
}

func (c *keyCache) forget(number id.Account) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for of := range c.now {
		if of.account == number {
			delete(c.now, of)
		}
	}
}

// SigningKeys returns the keys for mail that is from an address. See Keys.
func (s *Domains) SigningKeys(ctx context.Context, number id.Account, from string) ([]message.SigningKey, error) {
	of := keysOf{number, ascii(from[strings.LastIndexByte(from, '@')+1:])}
	before, fresh := s.keys.get(of)
	if fresh {
		return before, nil
	}
	d, err := s.read(ctx, number, of.domain)
	if err != nil && !errors.Is(err, fault.ErrNotFound) {
		return nil, err
	}
	var keys []message.SigningKey
	for _, k := range d.InUse() {
		opened, err := s.open(d.Name, k, before)
		if err != nil {
			return nil, err
		}
		keys = append(keys, opened)
	}
	s.keys.put(of, keys)
	return keys, nil
}

func (s *Domains) open(domain string, k DomainKey, before []message.SigningKey) (message.SigningKey, error) {
	for _, b := range before {
		if b.Selector == k.Selector {
			return b, nil
		}
	}
	private, err := s.o.Box.Open(k.Sealed, recordName(k.Selector, domain))
	var opened SigningKey
	if err == nil {
		opened, err = OpenSigningKey(domain, k.Selector, private)
	}
	if err != nil {
		return message.SigningKey{}, &message.UnsendableError{
			Reply: "The key that signs mail from " + domain + " was sealed with a key that this server does not have; make new ones.",
			Cause: fmt.Errorf("open signing key %s of %s: %w", k.Selector, domain, err),
		}
	}
	return message.SigningKey(opened), nil
}

var _ Keys = (*Domains)(nil)
