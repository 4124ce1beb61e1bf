// Package delivery is how queued mail leaves and what becomes of it: which
// relay takes it, when it is tried again, what its process leaves when it
// dies, the keys it is signed with, the notices that come back and what they say
// about an address. What a mail says, and who may read it, is domain/message's.
package delivery

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Kind says what a notice tells.
type Kind uint8

// The kinds.
const (
	// Bounced is a mail that did not arrive and is not tried any more.
	Bounced Kind = iota + 1
	// Delayed is a mail that did not arrive yet and is still tried.
	Delayed
	// Arrived is a mail that was delivered, or handed to where no notices
	// come from.
	Arrived
	// Complained is a recipient who called the mail unwanted.
	Complained
	// OptedOut is a recipient whose mail program passed on that they want no
	// more(the feedback type opt-out).
	OptedOut
	// Answered is an automatic reply: the mail arrived.
	Answered
)

// String returns the kind as it is stored and counted.
func (k Kind) String() string {
	switch k {
	case Bounced:
		return "bounced"
	case Delayed:
		return "delayed"
	case Arrived:
		return "arrived"
	case Complained:
		return "complained"
	case OptedOut:
		return "opted_out"
	case Answered:
		return "answered"
	}
	return ""
}

// Cause says why a mail did not arrive. The letters are stored, and are those
// that every version of the contract shows (v2 contract, bounce_code).
type Cause byte

// The causes.
const (
	NoAddress     Cause = 'B' // nobody has that address
	Undeliverable Cause = 'D' // the recipient's server could not be reached or asked
	Full          Cause = 'F' // the mailbox is full
	Suspended     Cause = 'S' // not sent: the address bounced too often
	Vacation      Cause = 'V' // an automatic reply
	Blocked       Cause = 'Z' // refused for what was sent, or for who sent it
	Other         Cause = 'X'
)

// Code is the cause in a word, for history and metrics.
func (c Cause) Code() string {
	switch c {
	case NoAddress:
		return "no_address"
	case Undeliverable:
		return "undeliverable"
	case Full:
		return "full"
	case Suspended:
		return "suspended"
	case Vacation:
		return "vacation"
	case Blocked:
		return "blocked"
	case Other:
	}
	return "other"
}

// Hard reports whether the cause lies in the address and will not pass.
func (c Cause) Hard() bool { return c == NoAddress }

// Notice is what somebody told about one mail to one recipient. What is not
// known is empty.
type Notice struct {
	Kind  Kind
	Cause Cause // of a bounce or a delay
	// Recipient is the address in trouble as the reporter knows it; a mail
	// that is passed on may be in trouble elsewhere than where it was sent.
	Recipient string
	// Original is the recipient as the sender wrote it (RFC 3464 §2.3.1).
	Original string
	// Sent is the address that the notice came to: where each mail has a
	// return path of its own, it names the mail.
	Sent string
	// Mark names the mail where it carried our own mark (ReturnPaths.Mark).
	Mark string
	// MessageID is the mail's, without angle brackets.
	MessageID string
	// Status is the enhanced status code (RFC 3463).
	Status Status
	// Reply is what the recipient's server said, in one line.
	Reply string
	// Reporter is the server, or the service, that tells.
	Reporter string
	// At is when it happened, or else when the notice arrived.
	At time.Time
}

// Status is an enhanced status code (RFC 3463); the zero value is none.
type Status struct{ Class, Subject, Detail int }

// ParseStatus reads a code such as 5.1.1; ok is false where there is none.
// What follows it, as a remark in parentheses, is passed over.
func ParseStatus(s string) (_ Status, ok bool) {
	s = strings.TrimSpace(s)
	if i := strings.IndexFunc(s, func(r rune) bool { return r != '.' && (r < '0' || r > '9') }); i >= 0 {
		s = s[:i]
	}
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return Status{}, false
	}
	var n [3]int
	for i, p := range parts {
		if len(p) == 0 || len(p) > 3 {
			return Status{}, false
		}
		n[i], _ = strconv.Atoi(p) // digits alone
	}
	if n[0] != 2 && n[0] != 4 && n[0] != 5 {
		return Status{}, false
	}
	return Status{n[0], n[1], n[2]}, true
}

// enhanced is an enhanced status code within a reply.
var enhanced = regexp.MustCompile(`\b[245]\.[0-9]{1,3}\.[0-9]{1,3}\b`)

// StatusIn returns the enhanced status code within a server's reply, or none.
func StatusIn(reply string) Status {
	s, _ := ParseStatus(enhanced.FindString(reply))
	return s
}

// String returns the code with its dots; none is empty.
func (s Status) String() string {
	if s == (Status{}) {
		return ""
	}
	return strconv.Itoa(s.Class) + "." + strconv.Itoa(s.Subject) + "." + strconv.Itoa(s.Detail)
}

// causes are what the codes of RFC 3463 and its registry mean for an address,
// by subject and detail; the class says only whether trying again may help.
var causes = map[[2]int]Cause{
	{1, 0}: NoAddress, {1, 1}: NoAddress, {1, 2}: NoAddress, {1, 3}: NoAddress,
	{1, 4}: NoAddress, {1, 6}: NoAddress, {1, 10}: NoAddress,
	{1, 7}: Blocked, {1, 8}: Blocked, {1, 9}: Blocked,
	{2, 0}: Undeliverable, {2, 1}: NoAddress, {2, 2}: Full, {2, 3}: Blocked, {2, 4}: Undeliverable,
	{3, 0}: Undeliverable, {3, 1}: Full, {3, 2}: Undeliverable, {3, 3}: Undeliverable, {3, 4}: Blocked, {3, 5}: Undeliverable,
	{4, 0}: Undeliverable, {4, 1}: Undeliverable, {4, 2}: Undeliverable, {4, 3}: Undeliverable,
	{4, 4}: NoAddress, {4, 5}: Undeliverable, {4, 6}: Undeliverable, {4, 7}: Undeliverable,
}

// phrases are what servers say that put all into one code. They are looked
// for, in this order, where the code says too little.
var phrases = []struct {
	text  string
	cause Cause
}{
	{"spam", Blocked},
	{"blacklist", Blocked},
	{"blocklist", Blocked},
	{"block list", Blocked},
	{"reputation", Blocked},
	{"dmarc", Blocked},
	{"spf", Blocked},
	{"rate limit", Blocked},
	{"greylist", Undeliverable},
	{"over quota", Full},
	{"quota exceeded", Full},
	{"mailbox full", Full},
	{"mailbox is full", Full},
	{"out of storage", Full},
	{"insufficient storage", Full},
	{"user unknown", NoAddress},
	{"unknown user", NoAddress},
	{"no such user", NoAddress},
	{"no such recipient", NoAddress},
	{"no such mailbox", NoAddress},
	{"does not exist", NoAddress},
	{"doesn't exist", NoAddress},
	{"invalid recipient", NoAddress},
	{"unknown recipient", NoAddress},
	{"recipient unknown", NoAddress},
	{"recipient not found", NoAddress},
	{"recipnotfound", NoAddress},
	{"mailbox unavailable", NoAddress},
	{"mailbox not found", NoAddress},
	{"account has been disabled", NoAddress},
	{"account is disabled", NoAddress},
	{"domain not found", NoAddress},
	{"host not found", NoAddress},
	{"connection timed out", Undeliverable},
	{"connection refused", Undeliverable},
}

// Judge says why a mail did not arrive by the code and the words of the
// server that refused it. Words decide where the code is the one that servers
// give for everything: none, x.0.0, a refusal by policy (x.7.y), a routing
// error that hides an unknown recipient (5.4.1).
func Judge(s Status, reply string) Cause {
	cause, known := causes[[2]int{s.Subject, s.Detail}]
	vague := !known || s.Detail == 0 || s == Status{5, 4, 1}
	if !vague {
		return cause
	}
	reply = strings.ToLower(reply)
	for _, p := range phrases {
		if strings.Contains(reply, p.text) {
			return p.cause
		}
	}
	switch {
	case known:
		return cause
	case s.Subject == 6, s.Subject == 7:
		return Blocked
	case s.Subject == 5:
		return Undeliverable
	}
	return Other
}
