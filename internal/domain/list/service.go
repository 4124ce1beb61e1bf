package list

import (
	"context"
	"strings"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/base/text"
	"kith/internal/domain/account"
)

// Service is what can be done with lists. It is safe for concurrent use.
type Service struct {
	store Store
}

// New returns the service over a store.
func New(s Store) *Service { return &Service{store: s} }

// Create makes a list (v3 contract, POST /contact_lists). Problems that the
// edge has found are added to; all are told at once. It fails with
// ErrNameTaken and ErrLimit.
func (s *Service) Create(ctx context.Context, who account.Actor, in Input, found fault.Problems) (List, error) {
	if err := who.May(account.ListsWrite); err != nil {
		return List{}, err
	}
	in, err := check(in, found)
	if err != nil {
		return List{}, err
	}
	var made List
	err = s.store.Within(ctx, func(ctx context.Context, tx Tx) (err error) {
		made, err = Insert(ctx, tx, who, in)
		return err
	})
	return made, err
}

// Insert makes a list within a unit of work of the caller's, who has checked
// privilege and input.
func Insert(ctx context.Context, tx Tx, who account.Actor, in Input) (List, error) {
	active, err := tx.LockLists(ctx, who.Account)
	if err != nil {
		return List{}, err
	}
	if active >= MaxLists {
		return List{}, ErrLimit
	}
	number, err := tx.TakeListNumber(ctx, who.Account)
	if err != nil {
		return List{}, err
	}
	l := List{
		ID: number, UID: tx.UID(), Name: in.Name, Description: in.Description, Favorite: in.Favorite, Hidden: in.Hidden.Or(false),
		CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Members: -1, Active: -1, SMS: -1,
	}
	if err := tx.InsertList(ctx, who.Account, l); err != nil {
		return List{}, err
	}
	return l, tx.RecordChange(ctx, who.Account, who.Origin(), change.Row{Kind: change.ListCreated, Ref: int64(l.ID)})
}

// Update replaces what the owner wrote of a list (v3 contract, PUT
// /contact_lists/{list_id}). A deleted list is not found. It fails with
// ErrNameTaken.
func (s *Service) Update(ctx context.Context, who account.Actor, ref id.Ref[id.List], in Input, found fault.Problems) (List, error) {
	if err := who.May(account.ListsWrite); err != nil {
		return List{}, err
	}
	in, err := check(in, found)
	if err != nil {
		return List{}, err
	}
	var l List
	err = s.store.Within(ctx, func(ctx context.Context, tx Tx) (err error) {
		if l, err = held(ctx, tx, who.Account, ref); err != nil {
			return err
		}
		was := l
		l.Name, l.Hidden = in.Name, in.Hidden.Or(was.Hidden)
		if !in.Keep {
			l.Description, l.Favorite = in.Description, in.Favorite
		}
		fields := differences(was, l)
		if len(fields) == 0 {
			return nil
		}
		l.UpdatedAt = tx.Now()
		if err := tx.UpdateList(ctx, who.Account, l); err != nil {
			return err
		}
		return tx.RecordChange(ctx, who.Account, who.Origin(),
			change.Row{Kind: change.ListUpdated, Ref: int64(l.ID), Detail: change.Detail{Fields: fields}})
	})
	return l, err
}

// Get returns a list that is not deleted.
func (s *Service) Get(ctx context.Context, who account.Actor, ref id.Ref[id.List], members Members) (List, error) {
	if err := who.May(account.ListsRead); err != nil {
		return List{}, err
	}
	var l List
	err := s.store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		l, err = tx.ListByRef(ctx, who.Account, ref, members)
		return present(l, err)
	})
	return l, err
}

// List returns a page of lists in the order of their numbers.
func (s *Service) List(ctx context.Context, who account.Actor, f Filter, r page.Request) (page.Of[List], error) {
	if err := who.May(account.ListsRead); err != nil {
		return page.Of[List]{}, err
	}
	if code, message := text.Check(f.Search, MaxSearch); code != "" {
		var p fault.Problems
		p.Add("search", code, message)
		return page.Of[List]{}, p.Err()
	}
	var of page.Of[List]
	err := s.store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		of, err = tx.ListPage(ctx, who.Account, f, r)
		return err
	})
	return of, err
}

// Xrefs returns both names of those lists that exist, in the order of their
// numbers; unknown numbers are left out (v3 contract, GET
// /contact_lists/list_id_xrefs).
func (s *Service) Xrefs(ctx context.Context, who account.Actor, numbers []id.List) ([]id.Ref[id.List], error) {
	if err := who.May(account.ListsRead); err != nil {
		return nil, err
	}
	if len(numbers) > MaxXrefs {
		var p fault.Problems
		p.Add("sequence_ids", "too_many", "may hold 500 ids at most")
		return nil, p.Err()
	}
	var refs []id.Ref[id.List]
	err := s.store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		refs, err = tx.ListRefs(ctx, who.Account, numbers)
		return err
	})
	return refs, err
}

// held is HoldList for lists that are not deleted.
func held(ctx context.Context, tx Tx, a id.Account, ref id.Ref[id.List]) (List, error) {
	l, err := tx.HoldList(ctx, a, ref)
	return l, present(l, err)
}

// present says of a deleted list that there is none.
func present(l List, err error) error {
	if err == nil && !l.DeletedAt.IsZero() {
		return fault.ErrNotFound
	}
	return err
}

// check returns the input as it is kept, or all its problems beside those that
// were found before.
func check(in Input, found fault.Problems) (Input, error) {
	in.Name = strings.TrimSpace(in.Name)
	in.Description = strings.TrimSpace(in.Description)
	if in.Name == "" && !found.Has("name") {
		found.Add("name", "required", "is missing")
	}
	if code, message := text.Check(in.Name, MaxName); code != "" {
		found.Add("name", code, message)
	}
	if code, message := text.Check(in.Description, MaxDescription); code != "" {
		found.Add("description", code, message)
	}
	return in, found.Err()
}

// differences names the fields that differ.
func differences(a, b List) (fields []string) {
	if a.Name != b.Name {
		fields = append(fields, "name")
	}
	if a.Description != b.Description {
		fields = append(fields, "description")
	}
	if a.Favorite != b.Favorite {
		fields = append(fields, "favorite")
	}
	if a.Hidden != b.Hidden {
		fields = append(fields, "hidden")
	}
	return fields
}
