package delivery

import (
	"errors"
	"time"

	"kith/internal/base/id"
	"kith/internal/base/text"
	"kith/internal/domain/message"
)

// Attempt is one that did not end well, or a notice that came back later. What
// ended well stands on the mail itself.
type Attempt struct {
	Account id.Account
	Mail    id.Mail
	At      time.Time
	// Relay is the one that was asked, or where the notice came from.
	Relay string
	// Outcome is one of the Outcomes, or what a notice tells.
	Outcome string
	// Reply is what was said, on one line.
	Reply string
	// Status is the enhanced status code (RFC 3463), where one was given.
	Status string
}

const (
	// firstPause is how long a mail waits after a relay said "later" for the
	// first time; each further pause is twice as long, up to longestPause.
	firstPause   = 15 * time.Second
	longestPause = time.Hour
	// breakPause is firstPause for a connection that broke: that tells
	// nothing about the mail.
	breakPause = time.Second
	// lastAttempt fails for good: after some three days. RFC 5321 §4.5.4.1
	// asks for four or five, for what was taken over from others; most of
	// ours holds a link that works for less.
	lastAttempt = 80
	// longestReply bounds what is kept of the relay's words, in characters.
	longestReply = 500
)

// verdict is what an attempt makes of a mail.
type verdict struct {
	// untouched says that the mail is as it was: it goes to another relay, or
	// back to the queue.
	untouched bool
	state     message.State
	outcome   Outcome // where the state is not Sent
	reply     string
	status    string
	recipient bool // whether the relay said no to whom the mail is for
}

// judge says what came of an attempt.
func judge(reply string, err error) verdict {
	if err == nil {
		return verdict{state: message.Sent, reply: text.Line(reply, longestReply)}
	}
	e, ok := errors.AsType[*SendError](err)
	if !ok {
		e = &SendError{Outcome: Trouble, Reply: "The mail could not be sent: " + err.Error(), Cause: err}
	}
	v := verdict{outcome: e.Outcome, reply: text.Line(e.Reply, longestReply), status: e.Status, recipient: e.Recipient}
	switch e.Outcome {
	case Trouble:
		v.untouched = true
	case Broken, Later:
		v.state = message.Queued
	case Refused:
		v.state = message.Failed
	case Unknown:
		v.state = message.Uncertain
	}
	return v
}

// settle returns a mail after an attempt, and the row that tells of it where it
// did not end well.
func (v verdict) settle(m message.Mail, relay string, now time.Time) (message.Mail, *Attempt) {
	m.State, m.Reply, m.Relay = v.state, v.reply, relay
	if v.state == message.Sent {
		m.SettledAt = now
		return m, nil
	}
	m.Attempts++
	if v.state == message.Queued {
		m.NextAt = now.Add(pause(v.outcome, m.Attempts, m.Number))
		if m.Attempts >= lastAttempt {
			m.State = message.Failed
		}
	}
	if m.State != message.Queued {
		m.SettledAt = now
	}
	return m, &Attempt{
		Account: m.Account, Mail: m.Number, At: now, Relay: relay,
		Outcome: v.outcome.String(), Reply: v.reply, Status: v.status,
	}
}

// pause is how long a mail waits after so many failed attempts: up to half as
// long again as others, so that what failed together does not come back
// together.
func pause(o Outcome, attempts int, number id.Mail) time.Duration {
	first := firstPause
	if o == Broken {
		first = breakPause
	}
	d := min(first<<min(max(attempts-1, 0), 12), longestPause)
	spread := (uint64(number)*0x9e3779b97f4a7c15 + uint64(attempts)) >> 32 % 512
	return d + d*time.Duration(spread)/1024
}
