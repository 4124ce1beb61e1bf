package contact

import (
	"time"

	"kith/internal/base/id"
	"kith/internal/base/opt"
)

// OptIn says what becomes of somebody who comes by their own act: the settings
// of an account, and what some of its lists say otherwise.
type OptIn struct {
	// Confirm is confirmed opt-in: who signs up is asked by mail, and is
	// mailed once they have pressed its button.
	Confirm bool
	// Welcome says that who is mailed from now on gets a welcome mail.
	Welcome bool
	// RemindAfter is how long an ask stays unanswered before it is sent once
	// more, 0 for never; ExpireAfter is how long it may be answered. Both are
	// whole minutes.
	RemindAfter, ExpireAfter time.Duration
	// Language is that of the account's letters: a code of two letters.
	Language string
	// Lists are those of the lists in question that say otherwise.
	Lists []ListOptIn
}

// ListOptIn is what a list says otherwise than its account; what is not given
// is as in the account.
type ListOptIn struct {
	List    id.List
	Confirm opt.Value[bool]
	Welcome opt.Value[bool]
}

// IsZero reports whether the list says nothing otherwise.
func (l ListOptIn) IsZero() bool { return !l.Confirm.Given() && !l.Welcome.Given() }

// DefaultOptIn is that of an account that has set nothing.
func DefaultOptIn() OptIn {
	return OptIn{Welcome: true, RemindAfter: 3 * 24 * time.Hour, ExpireAfter: 14 * 24 * time.Hour, Language: "en"}
}

// of returns what a list says.
func (o OptIn) of(l id.List) ListOptIn {
	if own := find(o.Lists, func(v ListOptIn) bool { return v.List == l }); own != nil {
		return *own
	}
	return ListOptIn{List: l}
}

// Asks reports whether somebody who joins the lists is asked to confirm: one
// list that wants it is enough. Without lists the account's setting counts.
func (o OptIn) Asks(lists []id.List) bool {
	if len(lists) == 0 {
		return o.Confirm
	}
	for _, l := range lists {
		if o.of(l).Confirm.Or(o.Confirm) {
			return true
		}
	}
	return false
}

// Welcomes reports whether somebody who joins the lists is welcomed: one list
// that wants it is enough. Without lists the account's setting counts.
func (o OptIn) Welcomes(lists []id.List) bool {
	if len(lists) == 0 {
		return o.Welcome
	}
	for _, l := range lists {
		if o.of(l).Welcome.Or(o.Welcome) {
			return true
		}
	}
	return false
}
