package contact

import (
	"context"
	"slices"
	"strings"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/account"
)

// Limits of tags (v3 contract, Tag; v3-guide 4.8).
const (
	MaxAccountTags = 500
	MaxTagName     = 255
)

// Tag is a word put on contacts.
type Tag struct {
	ID   id.Tag
	UID  id.UID
	Name string
	// Source is free text that the maker gives once.
	Source    string
	CreatedAt time.Time
	UpdatedAt time.Time
	// Contacts counts who wears it, also deleted contacts; -1 where that was
	// not asked for.
	Contacts int64
}

// Ref returns both names of the tag.
func (t Tag) Ref() id.Ref[id.Tag] { return id.Ref[id.Tag]{Number: t.ID, UID: t.UID} }

// Faults of tags.
var (
	// ErrTagTaken is a name that another tag has, compared without case.
	ErrTagTaken = fault.New(fault.Conflict, fault.CodeTagTaken, "Another tag has this name.")
	// ErrTagLimit is one tag too many.
	ErrTagLimit = fault.New(fault.Conflict, fault.CodeLimit, "An account may have 500 tags.")
)

// CreateTag makes a tag. It fails with ErrTagTaken and ErrTagLimit.
func (s *Service) CreateTag(ctx context.Context, who account.Actor, name, source string, found fault.Problems) (Tag, error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Tag{}, err
	}
	name, err := checkTag(name, source, found)
	if err != nil {
		return Tag{}, err
	}
	var t Tag
	err = s.store.Within(ctx, func(ctx context.Context, tx Tx) (err error) {
		t, err = insertTag(ctx, tx, who, name, source)
		return err
	})
	return t, err
}

// Tags returns an account's tags in the order of their numbers.
func (s *Service) Tags(ctx context.Context, who account.Actor) (all []Tag, err error) {
	if err := who.May(account.ContactsRead); err != nil {
		return nil, err
	}
	err = s.store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		all, err = tx.AllTags(ctx, who.Account)
		return err
	})
	return all, err
}

func insertTag(ctx context.Context, tx Tx, who account.Actor, name, source string) (Tag, error) {
	n, err := tx.LockTags(ctx, who.Account)
	if err != nil {
		return Tag{}, err
	}
	if n >= MaxAccountTags {
		return Tag{}, ErrTagLimit
	}
	number, err := tx.TakeTagNumber(ctx, who.Account)
	if err != nil {
		return Tag{}, err
	}
	t := Tag{ID: number, UID: tx.UID(), Name: name, Source: source, CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Contacts: -1}
	if err := tx.InsertTag(ctx, who.Account, t); err != nil {
		return Tag{}, err
	}
	return t, tx.RecordChange(ctx, who.Account, who.Origin(), change.Row{Kind: change.TagCreated, Ref: int64(t.ID)})
}

// checkTag returns a tag's name as it is kept.
func checkTag(name, source string, found fault.Problems) (string, error) {
	name = strings.TrimSpace(name)
	c := &checker{found}
	if name == "" && !c.found.Has("name") {
		c.found.Add("name", codeRequired, "is missing")
	}
	c.text("name", name, MaxTagName)
	c.text("tag_source", source, MaxTagName)
	return name, c.found.Err()
}

// RenameTag gives a tag another name (v3 contract, PUT /contact_tags/{tag_id}).
// It fails with ErrTagTaken.
func (s *Service) RenameTag(ctx context.Context, who account.Actor, ref id.Ref[id.Tag], name string, found fault.Problems) (Tag, error) {
	if err := who.May(account.ContactsWrite); err != nil {
		return Tag{}, err
	}
	name, err := checkTag(name, "", found)
	if err != nil {
		return Tag{}, err
	}
	var t Tag
	err = s.store.Within(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := tx.LockTags(ctx, who.Account); err != nil {
			return err
		}
		if t, err = oneTag(ctx, tx, who.Account, ref); err != nil || t.Name == name {
			return err
		}
		t.Name, t.UpdatedAt = name, tx.Now()
		if err := tx.UpdateTag(ctx, who.Account, t); err != nil {
			return err
		}
		return tx.RecordChange(ctx, who.Account, who.Origin(),
			change.Row{Kind: change.TagUpdated, Ref: int64(t.ID), Detail: change.Detail{Fields: []string{"name"}}})
	})
	return t, err
}

// Tag returns one tag, with its contacts counted where count says so.
func (s *Service) Tag(ctx context.Context, who account.Actor, ref id.Ref[id.Tag], count bool) (Tag, error) {
	if err := who.May(account.ContactsRead); err != nil {
		return Tag{}, err
	}
	var t Tag
	err := s.store.View(ctx, func(ctx context.Context, tx Tx) (err error) {
		if t, err = oneTag(ctx, tx, who.Account, ref); err == nil && count {
			t.Contacts, err = tx.Counted(ctx, who.Account, change.Tagged, int64(t.ID))
		}
		return err
	})
	return t, err
}

// TagPage returns a page of tags in the order of their making.
func (s *Service) TagPage(ctx context.Context, who account.Actor, count bool, r page.Request) (page.Of[Tag], error) {
	of := page.Of[Tag]{Total: -1}
	if err := who.May(account.ContactsRead); err != nil {
		return of, err
	}
	err := s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		all, err := tx.AllTags(ctx, who.Account) // few: see MaxAccountTags
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(t Tag) bool { return int64(t.ID) <= r.After.Number })
		of.Items, of.Next = all, page.Position{}
		if len(all) > r.Limit {
			of.Items, of.Next = all[:r.Limit], page.Position{Number: int64(all[r.Limit-1].ID)}
		}
		if !count {
			return nil
		}
		counted, err := tx.CountedAll(ctx, who.Account, change.Tagged)
		for i := range of.Items {
			of.Items[i].Contacts = counted[int64(of.Items[i].ID)]
		}
		return err
	})
	return of, err
}

func oneTag(ctx context.Context, tx Tx, a id.Account, ref id.Ref[id.Tag]) (Tag, error) {
	all, err := tx.AllTags(ctx, a)
	if err != nil {
		return Tag{}, err
	}
	if t := find(all, func(t Tag) bool { return t.UID == ref.UID || ref.UID.IsZero() && t.ID == ref.Number }); t != nil {
		return *t, nil
	}
	return Tag{}, fault.ErrNotFound.Saying("There is no such tag.")
}
