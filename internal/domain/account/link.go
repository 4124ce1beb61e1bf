package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net/url"
	"time"

	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// LinkKind says what a link in a mail is good for.
type LinkKind string

// The kinds of link.
const (
	LinkReset   LinkKind = "reset"   // a new password
	LinkInvite  LinkKind = "invite"  // joining an account
	LinkConfirm LinkKind = "confirm" // confirming one's address
	LinkSender  LinkKind = "sender"  // confirming an address to send from
)

// How long a link is good for.
const (
	ResetFor         = time.Hour
	OperatorResetFor = 24 * time.Hour
	InviteFor        = 7 * 24 * time.Hour
	ConfirmFor       = 7 * 24 * time.Hour
)

// mailPause is how long nobody gets a second mail of the same kind, so that a
// form cannot be used to fill somebody's mailbox.
const mailPause = time.Minute

// Link is a way in that was sent by mail: good once, and for a time. Only the
// hash of its token is kept.
type Link struct {
	// Hash is the SHA-256 of the link's token.
	Hash    []byte
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

// newToken makes the secret part of a link: 130 random bits.
func newToken() string { return rand.Text() }

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// linkURL is the address that goes into a mail. The paths are those of the
// pages: /reset, /invite, /confirm, /sender.
func (s *Service) linkURL(kind LinkKind, token string) string {
	return s.o.PublicURL + "/" + string(kind) + "?token=" + url.QueryEscape(token)
}

// leaveLink writes a link for a time from now, in the place of unused ones of
// its kind for the same address and account.
func leaveLink(ctx context.Context, tx Tx, l Link, token string, good time.Duration) error {
	if _, err := tx.DropLinks(ctx, l.Kind, l.Account, 0, l.Email); err != nil {
		return err
	}
	l.Hash, l.CreatedAt, l.ExpiresAt = tokenHash(token), tx.Now(), tx.Now().Add(good)
	return tx.InsertLink(ctx, l)
}

// readLink reads a link that can be used now, else fails with ErrLink.
func readLink(ctx context.Context, tx Tx, kind LinkKind, token string) (Link, error) {
	l, err := tx.LinkByHash(ctx, tokenHash(token))
	switch {
	case errors.Is(err, fault.ErrNotFound):
		return Link{}, ErrLink.Because(err)
	case err != nil:
		return Link{}, err
	case l.Kind != kind, !l.UsedAt.IsZero(), !tx.Now().Before(l.ExpiresAt):
		return Link{}, ErrLink
	}
	return l, nil
}

// spendLink reads a link and marks it as used; of several that come at once,
// one gets it.
func spendLink(ctx context.Context, tx Tx, kind LinkKind, token string) (Link, error) {
	l, err := readLink(ctx, tx, kind, token)
	if err != nil {
		return Link{}, err
	}
	fresh, err := tx.UseLink(ctx, tokenHash(token))
	if err != nil {
		return Link{}, err
	}
	if !fresh {
		return Link{}, ErrLink
	}
	return l, nil
}

// CheckLink returns a link as long as it can be used, for the page that it
// opens. It uses nothing up: programs that scan mail follow links too.
func (s *Service) CheckLink(ctx context.Context, kind LinkKind, token string) (l Link, err error) {
	err = s.o.Store.View(ctx, func(ctx context.Context, tx Tx) error {
		l, err = readLink(ctx, tx, kind, token)
		return err
	})
	return l, err
}

// sweepBatch bounds how much is forgotten in one unit of work.
const sweepBatch = 1000

// Sweep forgets sessions, links and tries that have expired. A timetable calls
// it; several processes may at once.
func (s *Service) Sweep(ctx context.Context) error {
	for {
		var n int64
		err := s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) (err error) {
			n, err = tx.DropExpired(ctx, sweepBatch)
			return err
		})
		if err != nil || n < sweepBatch {
			return err
		}
	}
}
