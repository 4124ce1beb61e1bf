package delivery

import (
	"math"
	"time"

	"kith/internal/base/email"
	"kith/internal/base/id"
	"kith/internal/base/text"
)

// How trouble counts, and how it is forgotten.
const (
	// enough is the score at which an address is suppressed for a while.
	enough = 3.0
	// halfLife is how long it takes a score to halve.
	halfLife = 30 * 24 * time.Hour
	// sameTrouble is how long after a failure another counts as the same one:
	// five mails on the day on which a mailbox is full say no more than one.
	sameTrouble = 24 * time.Hour
	// firstRest is how long an address is suppressed the first time; each
	// further time is twice as long, up to longestRest.
	firstRest   = 14 * 24 * time.Hour
	longestRest = 365 * 24 * time.Hour
	// forgetAfter is when nothing is known any more of an address that is
	// mailed: a score of 3 is then less than a twentieth, and the next rest a
	// first one again.
	forgetAfter = 180 * 24 * time.Hour
)

// weight is what a failure says against the address. A refusal of what was
// sent, or of who sent it, says little about the recipient.
func (c Cause) weight() float64 {
	if c == Blocked {
		return 0.5
	}
	return 1
}

// Standing is what is known of an address that gave trouble: its entry of the
// suppression list, where Reason is not Watched, and how it came there.
//
//	          a soft failure: score + weight
//	               ┌────┐
//	               ▼    │ below 3           3 or more
//	nothing ──► watched ┴───────────────────────────► soft, for 14, 28, 56 … 365 days
//	   ▲           │ ▲                                  │
//	   │ 180 days  │ └──────────── the time is over ────┘
//	   └───────────┘
//	any ── nobody has the address ──► hard ── confirmed, or lifted ──► nothing
//	any ── complains ───────────────► complaint ── lifted ───────────► nothing
//	watched, soft ── a mail arrived ──► nothing
//
// The owner's own entry stays what it is until it is lifted; a complaint is
// never taken for less.
type Standing struct {
	Suppression
	// Score is what soft failures added up to at ScoredAt; it halves with every
	// halfLife.
	Score    float64
	ScoredAt time.Time
	// Rounds is how often the address was suppressed for soft failures.
	Rounds int
}

// scoreAt is the score that is left at a time.
func (s Standing) scoreAt(at time.Time) float64 {
	if s.Score == 0 || !at.After(s.ScoredAt) {
		return s.Score
	}
	return s.Score * math.Exp2(-float64(at.Sub(s.ScoredAt))/float64(halfLife))
}

// named is the standing with the address that it is about.
func (s Standing) named(h Hash, address email.Address) Standing {
	s.Hash, s.Address = h, address.String()
	return s
}

func (s *Standing) suppress(why Reason, at, until time.Time) {
	s.Reason, s.Since, s.Until = why, at, until
}

// ends takes a suppression away whose time is over.
func (s *Standing) ends(at time.Time) {
	if s.Reason != Watched && !s.Holds(at) {
		s.Reason, s.Since, s.Until = Watched, time.Time{}, time.Time{}
	}
}

// After returns the standing after a notice about a mail of the account's, at
// a time. A notice of less than what is known changes nothing.
func (s Standing) After(n Notice, about id.Mail, at time.Time) Standing {
	s.ends(at)
	switch n.Kind {
	case Bounced:
		s.bounced(n, about, at)
	case Complained:
		if s.Reason != ByComplaint {
			s.suppress(ByComplaint, at, time.Time{})
			s.tell(n, about)
		}
	case Arrived, Answered:
		// A mail that was on its way before the trouble tells nothing.
		if n.At.After(s.ScoredAt) && (s.Reason == Watched || s.Reason == BySoft) {
			return Standing{Suppression: Suppression{Hash: s.Hash}}
		}
	case Delayed, OptedOut: // the one is not over, the other no matter of the address
	}
	return s
}

func (s *Standing) bounced(n Notice, about id.Mail, at time.Time) {
	if s.Reason == ByHard || s.Reason == ByComplaint || s.Reason == ByOwner {
		return
	}
	if n.Cause.Hard() {
		s.suppress(ByHard, at, time.Time{})
		s.tell(n, about)
		return
	}
	if !s.ScoredAt.IsZero() && at.Sub(s.ScoredAt) < sameTrouble {
		return
	}
	s.Score, s.ScoredAt = s.scoreAt(at)+n.Cause.weight(), at
	s.tell(n, about)
	if s.Reason == Watched && s.Score >= enough {
		s.suppress(BySoft, at, at.Add(rest(s.Rounds)))
		s.Rounds++
	}
}

// tell keeps what the last notice said.
func (s *Standing) tell(n Notice, about id.Mail) {
	s.Cause, s.Mail, s.Said = n.Cause, about, text.Line(n.Reply, longestSaid)
	if s.Said == "" {
		s.Said = n.Status.String()
	}
}

// rest is how long an address is suppressed after so many times before.
func rest(rounds int) time.Duration {
	return min(firstRest<<min(rounds, 10), longestRest)
}

// Confirmed is the standing after the owner of the address answered a mail to
// it: it works. What they said about our mail, and the account's own word,
// stand.
func (s Standing) Confirmed() Standing {
	if s.Reason == ByComplaint || s.Reason == ByOwner {
		return s
	}
	return Standing{Suppression: Suppression{Hash: s.Hash}}
}
