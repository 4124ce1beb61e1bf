package contact

import (
	"context"
	"time"

	"kith/internal/base/change"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/account"
)

// PermissionChanged is the kind under which history shows a row of the consent
// ledger. No change row is stored under it.
const PermissionChanged change.Kind = "permission.changed"

// HistoryKinds returns the kinds of change rows that are about contacts.
func HistoryKinds() []change.Kind {
	return []change.Kind{
		change.ContactCreated, change.ContactUpdated, change.ContactDeleted, change.ContactRestored,
		change.ContactBounced, change.ContactSuppressed, change.ContactReleased,
		change.MembershipAdded, change.MembershipRemoved, change.TaggingAdded, change.TaggingRemoved, change.ContactAsked,
	}
}

// HistoryEntry is one thing that happened to a contact: a change row, or a row
// of the consent ledger. Things are told by the names that they bear now.
type HistoryEntry struct {
	At   time.Time
	Kind change.Kind
	// Via is the way in and Operation what was called, as account.Actor has
	// them.
	Via       string
	Operation string
	// User is the username of who did it, Application the name of the
	// program; empty where there was none.
	User        string
	Application string
	// Activity is the bulk work that it was a part of; zero for none.
	Activity id.UID

	Lists  []Named
	Tags   []Named
	Fields []string
	// Mail is the letter that the contact got for it, Why the reason, also
	// where they got none.
	Mail LetterKind
	Why  Why

	// From, To and Source are of PermissionChanged; From is NoPermission for
	// a contact that was new.
	From, To Permission
	Source   Source
	// Reason is what the contact gave when they opted out, Shown the text
	// that they saw when they agreed.
	Reason, Shown string
}

// Named is a thing and what it is called.
type Named struct {
	UID  id.UID
	Name string
}

// History returns what happened to a contact, also to a deleted one, the
// newest first: who did what, through what, and what became of it.
func (s *Service) History(ctx context.Context, who account.Actor, ref id.Ref[id.Contact], r page.Request) (of page.Of[HistoryEntry], err error) {
	if err := who.May(account.ContactsRead); err != nil {
		return of, err
	}
	err = s.store.View(ctx, func(ctx context.Context, tx Tx) error {
		c, err := tx.ContactByRef(ctx, who.Account, ref, IncludeNothing)
		if err != nil {
			return err
		}
		of, err = tx.ContactHistory(ctx, who.Account, c.ID, r)
		return err
	})
	return of, err
}
