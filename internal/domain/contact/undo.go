package contact

import (
	"context"
	"encoding/binary"
	"strings"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// UndoWithin is how long an opt-out can be taken back on the page that follows
// it: a visit, not more. Later only a new permission brings a contact back.
const UndoWithin = time.Hour

// Undo takes back one opt-out: it says how things were.
type Undo struct {
	Account id.Account
	Contact id.Contact
	// At is when they opted out.
	At         time.Time
	Permission Permission
	Confirm    ConfirmStatus
	Lists      []id.List
}

// IsZero reports whether there is nothing to take back.
func (u Undo) IsZero() bool { return u.Contact == 0 }

// undoOf is what takes back that a contact opted out; zero for who was not
// there, or out already.
func undoOf(a id.Account, was Contact, at time.Time) Undo {
	e := was.Email
	if was.Deleted() || e.Permission == Unsubscribed || e.OptOutSource != NoSource {
		return Undo{}
	}
	return Undo{Account: a, Contact: was.ID, At: at, Permission: e.Permission, Confirm: e.Confirm, Lists: numbers(was.Lists)}
}

// Takes reports whether the undo takes back how things are with a contact now.
func (u Undo) Takes(c Contact, now time.Time) bool {
	e := c.Email
	return !c.Deleted() && c.ID == u.Contact && e.Permission == Unsubscribed && e.OptedOut() && e.OptOutAt.Equal(u.At) &&
		now.Sub(u.At) <= UndoWithin
}

// ErrUndo is an opt-out that cannot be taken back any more: too much time has
// passed, or something else has happened since.
var ErrUndo = fault.New(fault.Gone, fault.CodeLink, "This cannot be taken back any more.")

// UndoOptOut takes an opt-out back: permission is as it was, and the contact is
// on the lists again that are still there. The ledger tells both. It may be
// called again, and then changes nothing. It fails with ErrUndo.
func (s *Service) UndoOptOut(ctx context.Context, self Self, u Undo) error {
	if err := self.Link.may(ToPreferences, ToUnsubscribe); err != nil {
		return err
	}
	if u.Account != self.Link.Account || u.Contact != self.Link.Contact {
		return ErrUndo
	}
	return s.acts(ctx, self, func(ctx context.Context, tx Tx, was Contact) (decision, error) {
		var refs []id.Ref[id.List]
		for _, l := range u.Lists {
			refs = append(refs, id.Ref[id.List]{Number: l})
		}
		lists, err := tx.PresentLists(ctx, u.Account, refs)
		if err != nil {
			return decision{}, err
		}
		return decideUndo(tx, was, u, inOrder(lists), self.Shown)
	})
}

// decideUndo brings back a contact who opted out a while ago. The write is zero
// where they are back already.
func decideUndo(m maker, was Contact, u Undo, lists []id.Ref[id.List], shown string) (decision, error) {
	e := was.Email
	if !was.Deleted() && e.Permission == u.Permission && e.OptOutSource == NoSource {
		return decision{is: was}, nil
	}
	if !u.Takes(was, m.Now()) {
		return decision{}, ErrUndo
	}
	next := e.Consent
	next.Permission, next.Confirm = u.Permission, u.Confirm
	next.clearOptOut()
	c := was
	if len(was.Lists) == 0 {
		c.Lists = lists
	}
	return ownStep(m, was, c, next, shown), nil
}

const (
	undoMark = "undo opt-out"
	// longestUndo bounds what is read, in characters: 50 lists and more.
	longestUndo = 1000
)

// Undo returns an undo as it stands in an address; nothing for none.
func (s Links) Undo(u Undo) string {
	if u.IsZero() {
		return ""
	}
	b := []byte{linkVersion, byte(u.Permission), byte(u.Confirm)}
	for _, n := range []int64{int64(u.Account), int64(u.Contact), u.At.UnixMilli()} {
		b = binary.AppendUvarint(b, uint64(n))
	}
	for _, l := range u.Lists {
		b = binary.AppendUvarint(b, uint64(l))
	}
	return strings.ToLower(linkText.EncodeToString(s.sign(undoMark, b)))
}

// ReadUndo returns the undo of a text, also one whose time is over: that is for
// UndoOptOut to say. It fails with ErrLink.
func (s Links) ReadUndo(text string) (Undo, error) {
	if len(text) > longestUndo {
		return Undo{}, ErrLink
	}
	b, ok := s.signed(undoMark, text)
	if !ok || len(b) < 3 {
		return Undo{}, ErrLink
	}
	u := Undo{Permission: Permission(b[1]), Confirm: ConfirmStatus(b[2])}
	var all []int64
	for b = b[3:]; len(b) > 0; {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > 1<<62 {
			return Undo{}, ErrLink
		}
		all, b = append(all, int64(n)), b[size:]
	}
	if len(all) < 3 {
		return Undo{}, ErrLink
	}
	u.Account, u.Contact, u.At = id.Account(all[0]), id.Contact(all[1]), time.UnixMilli(all[2]).UTC()
	for _, n := range all[3:] {
		u.Lists = append(u.Lists, id.List(n))
	}
	return u, nil
}
