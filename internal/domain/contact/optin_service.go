package contact

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
)

// Languages are those that letters and public pages are written in, by their
// codes of two letters.
var Languages = []string{"en", "de", "fr", "es", "it", "nl"}

// Bounds of opt-in settings.
const (
	MinExpire = time.Hour
	MaxExpire = 60 * 24 * time.Hour
)

// OptIn returns the account's opt-in settings.
func (s *Service) OptIn(ctx context.Context, who account.Actor) (o OptIn, err error) {
	if err := who.May(account.AccountRead); err != nil {
		return o, err
	}
	err = s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		o, err = tx.OptIn(ctx, who.Account, nil)
		return err
	})
	return o, err
}

// SetOptIn keeps the account's opt-in settings, all but what lists say
// otherwise. Who was asked already keeps the time that they were given.
func (s *Service) SetOptIn(ctx context.Context, who account.Actor, o OptIn, found fault.Problems) (OptIn, error) {
	if err := who.May(account.AccountUpdate); err != nil {
		return OptIn{}, err
	}
	if !slices.Contains(Languages, o.Language) && !found.Has("language") {
		found.Add("language", codeInvalid, "must be one of "+strings.Join(Languages, ", "))
	}
	if (o.ExpireAfter < MinExpire || o.ExpireAfter > MaxExpire) && !found.Has("expire_after_hours") {
		found.Add("expire_after_hours", codeInvalid,
			fmt.Sprintf("must be from %d to %d", MinExpire/time.Hour, MaxExpire/time.Hour))
	}
	if (o.RemindAfter < 0 || o.RemindAfter >= max(o.ExpireAfter, MinExpire)) && !found.Has("remind_after_hours") {
		found.Add("remind_after_hours", codeInvalid, "must be 0, for never, or less than the time in which the contact may answer")
	}
	if err := found.Err(); err != nil {
		return OptIn{}, err
	}
	o.Lists = nil
	return o, s.store.Within(ctx, func(ctx context.Context, tx Tx) error { return tx.PutOptIn(ctx, who.Account, o) })
}

// ListOptIn returns what a list says otherwise than its account.
func (s *Service) ListOptIn(ctx context.Context, who account.Actor, ref id.Ref[id.List]) (l ListOptIn, err error) {
	if err := who.May(account.ListsRead); err != nil {
		return l, err
	}
	err = s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		is, err := presentList(ctx, tx, who.Account, ref)
		if err != nil {
			return err
		}
		o, err := tx.OptIn(ctx, who.Account, []id.List{is})
		l = o.of(is)
		return err
	})
	return l, err
}

// SetListOptIn keeps what a list says otherwise than its account.
func (s *Service) SetListOptIn(ctx context.Context, who account.Actor, ref id.Ref[id.List], l ListOptIn, found fault.Problems) (ListOptIn, error) {
	if err := who.May(account.ListsWrite); err != nil {
		return l, err
	}
	err := s.store.Within(ctx, func(ctx context.Context, tx Tx) (err error) {
		if l.List, err = presentList(ctx, tx, who.Account, ref); err != nil {
			return err
		}
		if err := found.Err(); err != nil {
			return err
		}
		return tx.PutListOptIn(ctx, who.Account, l)
	})
	return l, err
}

func presentList(ctx context.Context, tx Tx, a id.Account, ref id.Ref[id.List]) (id.List, error) {
	found, err := tx.PresentLists(ctx, a, []id.Ref[id.List]{ref})
	switch {
	case err != nil:
		return 0, err
	case len(found) == 0:
		return 0, fault.ErrNotFound
	}
	return found[0].Number, nil
}
