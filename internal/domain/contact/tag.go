package contact

import (
	"context"
	"strings"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/fault"
	"kith/internal/base/id"
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
	name = strings.TrimSpace(name)
	c := &checker{found}
	if name == "" && !c.found.Has("name") {
		c.found.Add("name", codeRequired, "is missing")
	}
	c.text("name", name, MaxTagName)
	c.text("tag_source", source, MaxTagName)
	if err := c.found.Err(); err != nil {
		return Tag{}, err
	}
	var t Tag
	err := s.store.Within(ctx, func(ctx context.Context, tx Tx) (err error) {
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
	t := Tag{ID: number, UID: tx.UID(), Name: name, Source: source, CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
	if err := tx.InsertTag(ctx, who.Account, t); err != nil {
		return Tag{}, err
	}
	return t, tx.RecordChange(ctx, who.Account, who.Origin(), change.Row{Kind: change.TagCreated, Ref: int64(t.ID)})
}
