package account

import (
	"time"

	"kith/internal/base/email"
	"kith/internal/base/id"
)

// LinkKind says what a link in a mail is good for.
type LinkKind string

// The kinds of link.
const (
	LinkReset   LinkKind = "reset"   // a new password
	LinkInvite  LinkKind = "invite"  // joining an account
	LinkConfirm LinkKind = "confirm" // confirming one's address
)

// Link is a way in that was sent by mail: good once, and for a time. Only the
// hash of its token is kept.
type Link struct {
	Kind    LinkKind
	Account id.Account
	// User is whom the link is for; 0 for an invitation, which goes to an
	// address, whoever that is when it is accepted.
	User      id.User
	Email     email.Address
	Role      Role    // of an invitation
	CreatedBy id.User // 0 where nobody signed in asked for it
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    time.Time
}
