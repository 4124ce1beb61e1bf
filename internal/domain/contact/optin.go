package contact

import (
	"slices"
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

// asks and welcomes say what the list wants, or the account where it says
// nothing.
func (o OptIn) asks(l id.List) bool     { return o.of(l).Confirm.Or(o.Confirm) }
func (o OptIn) welcomes(l id.List) bool { return o.of(l).Welcome.Or(o.Welcome) }

// Asks reports whether somebody who joins the lists is asked to confirm: one
// list that wants it is enough. Without lists the account's setting counts.
func (o OptIn) Asks(lists []id.List) bool {
	return len(lists) == 0 && o.Confirm || slices.ContainsFunc(lists, o.asks)
}

// Welcomes reports whether somebody who joins the lists is welcomed: one list
// that wants it is enough. Without lists the account's setting counts.
func (o OptIn) Welcomes(lists []id.List) bool {
	return len(lists) == 0 && o.Welcome || slices.ContainsFunc(lists, o.welcomes)
}

// speaker returns the list in whose words a letter is: the first that wants
// one, else the first; 0 without lists.
func (o OptIn) speaker(k LetterKind, lists []id.List) id.List {
	wants := o.asks
	if k == Welcome {
		wants = o.welcomes
	}
	switch i := slices.IndexFunc(lists, wants); {
	case len(lists) == 0:
		return 0
	case i < 0:
		return lists[0]
	default:
		return lists[i]
	}
}
