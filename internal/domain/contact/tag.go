package contact

import (
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
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
