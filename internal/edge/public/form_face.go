package public

import (
	"context"
	"sync"
	"time"

	"kith/internal/base/id"
	"kith/internal/domain/form"
)

// faces remembers brands for as long as forms are remembered, so that a post
// costs no reading of them either.
type faces struct {
	mu   sync.Mutex
	kept map[faceKey]keptFace
}

type faceKey struct {
	account id.Account
	list    id.List
}

type keptFace struct {
	brand Brand
	at    time.Time
}

// maxFaces bounds how many brands are remembered.
const maxFaces = 1000

// formBrand returns the brand of a form, as it is or was within form.OpenFor.
func (s *Site) formBrand(ctx context.Context, o *form.Open) (Brand, error) {
	key, now := faceKey{o.Account, faceOf(o)}, s.o.Clock.Now()
	s.faces.mu.Lock()
	kept, ok := s.faces.kept[key]
	s.faces.mu.Unlock()
	if age := now.Sub(kept.at); ok && age >= 0 && age < form.OpenFor {
		return kept.brand, nil
	}
	brand, err := s.o.Brands.Brand(ctx, key.account, key.list)
	if err != nil {
		return brand, err
	}
	s.faces.mu.Lock()
	defer s.faces.mu.Unlock()
	if s.faces.kept == nil || len(s.faces.kept) >= maxFaces {
		s.faces.kept = map[faceKey]keptFace{}
	}
	s.faces.kept[key] = keptFace{brand, now}
	return brand, nil
}
