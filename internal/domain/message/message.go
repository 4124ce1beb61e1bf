// Package message is the mail that Kith itself writes, one recipient each:
// confirmations, invitations, links for a new password. It queues mail, shows
// it in the outbox and decides who may read it. How mail leaves is decided by
// domain/delivery.
//
// A mail's states:
//
//	no relay    ──> kept
//	with a relay ─> queued ──claimed──> sending ──accepted──> sent
//	                  ^  ^                 │ │ └─refused────> failed <─┐
//	                  │  └──try again later─┘ └──no answer to ─> uncertain
//	                  │     (or the process died                  │
//	                  │      before it let go)     its content     │
//	                  └──────────── the owner says so ─────────────┘
//
// A mail that is sending is let go when its content is about to be handed over
// as a whole; that is written down first. So of a process that dies, what was
// not let go was certainly not sent, and what was may have been: it becomes
// uncertain and is not repeated until somebody says so.
package message

import (
	"context"
	"strings"
	"time"

	"kith/internal/base/email"
	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/page"
)

// Kind says what a mail is for. It is stored.
type Kind string

// The kinds.
const (
	Confirmation Kind = "confirm" // of a user's address
	Reset        Kind = "reset"   // a link to a new password
	Invitation   Kind = "invite"  // to join an account
	SenderCheck  Kind = "sender"  // of an address that an account sends from
)

// State is what has become of a mail.
type State string

// The states. They are drawn above, and stored.
const (
	Kept      State = "kept"
	Queued    State = "queued"
	Sending   State = "sending"
	Sent      State = "sent"
	Failed    State = "failed"
	Uncertain State = "uncertain"
)

// ErrState is a mail that cannot be sent again: it is on its way, has arrived,
// or was never to leave.
var ErrState = fault.New(fault.Conflict, fault.CodeMailState, "Only a mail that failed, or of which nobody knows, can be sent again.")

// Sender is whom a mail is from.
type Sender struct {
	Name    string
	Address string // one that the relay lets pass; not checked
}

// String returns the sender as people read it: a name and an address in angle
// brackets, or the address alone.
func (s Sender) String() string {
	if s.Name == "" {
		return s.Address
	}
	return named(s.Name, s.Address)
}

// Mail is one mail to one recipient.
type Mail struct {
	Account id.Account
	// Number is the mail's id, which grows. It is set by Queue, as are From
	// where it is empty, MessageID, State and the times.
	Number id.Mail
	Kind   Kind
	// Contact is whom the mail is for; 0 for a user, or somebody who is to
	// become one.
	Contact id.Contact
	// List is the list whose brand the mail bears; 0 for the account's.
	List    id.List
	From    Sender
	ReplyTo string // empty where answers go to From
	To      email.Address
	ToName  string
	Subject string
	Text    string
	// HTML may be empty; Text may not, unless there is a Content.
	HTML string
	// Content is the text that the mail shares with others, whose places are
	// filled as the mail is read or sent; 0 for a mail with a text of its own.
	Content id.Content
	// WayIn says that whoever reads the body can get in. Then ForUser alone
	// may read it in the outbox, or nobody where ForUser is 0: the recipient
	// of an invitation may be no user yet.
	WayIn   bool
	ForUser id.User

	// MessageID is the header's value without its angle brackets, the same
	// in every attempt.
	MessageID string
	State     State
	// Attempts counts those that did not end well.
	Attempts  int
	CreatedAt time.Time
	// NextAt is when a queued mail is tried (again).
	NextAt time.Time
	// SettledAt is when it was sent, failed or became uncertain.
	SettledAt time.Time
	// Relay is the one that was asked last; empty before.
	Relay string
	// Reply is what it said, or why it could not be asked.
	Reply string
}

// Header is one line of a mail's head.
type Header struct{ Name, Value string }

// Headers returns what stands in the mail's head, apart from the lines that
// say how its body is packed.
func (m Mail) Headers() []Header {
	all := []Header{
		{"Date", m.CreatedAt.Format(time.RFC1123Z)},
		{"From", named(m.From.Name, m.From.Address)},
		{"To", named(m.ToName, m.To.String())},
		{"Subject", m.Subject},
		{"Message-ID", "<" + m.MessageID + ">"},
		// RFC 3834 §5: so that no vacation notice answers it.
		{"Auto-Submitted", "auto-generated"},
	}
	if m.ReplyTo != "" {
		all = append(all, Header{"Reply-To", named("", m.ReplyTo)})
	}
	return all
}

// named returns a name and an address as they stand in a head that people
// read: unlike in the one that travels, nothing is encoded.
func named(name, address string) string {
	if name == "" {
		return "<" + address + ">"
	}
	if strings.ContainsAny(name, `()<>[]:;@\,."`) {
		name = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
	}
	return name + " <" + address + ">"
}

// Outgoing is a mail as it leaves: the mail with its bodies, and what only the
// relay and the recipient's mail program see.
type Outgoing struct {
	// Mail has Text, and HTML where there is one.
	Mail Mail
	// Headers are lines of the head beside those of Mail.Headers, each name
	// once.
	Headers []Header
	// EnvelopeFrom is where notices of the relays come back to; empty means
	// the mail's From.
	EnvelopeFrom string
	// Sign holds the keys that the mail is signed with, none or several.
	Sign []SigningKey
}

// UnsendableError is a mail that can never be written as it should leave.
type UnsendableError struct {
	Reply string // what is told of it
	Cause error
}

// Error returns the reply and its cause.
func (e *UnsendableError) Error() string { return e.Reply + " (" + e.Cause.Error() + ")" }

// Unwrap returns the cause.
func (e *UnsendableError) Unwrap() error { return e.Cause }

// Opened is a mail as one reader sees it.
type Opened struct {
	Mail
	// Hidden says that the mail carries a way in for somebody else: Text and
	// HTML are empty.
	Hidden bool
	// Harmless says that the links of the body were made to open nothing:
	// they are the contact's.
	Harmless bool
	// Headers is what stands in the head, as Mail.Headers returns it, with the
	// lines that mail to contacts has beside that.
	Headers []Header
}

// Store keeps mails. The store meets it.
type Store interface {
	Within(ctx context.Context, fn func(context.Context, Tx) error) error
	View(ctx context.Context, fn func(context.Context, Tx) error) error
	// Now is the present, for what is asked outside a unit of work.
	Now() time.Time
}

// Tx is what mails ask of a unit of work. The bodies that it takes and gives
// may be sealed.
type Tx interface {
	ContentTx

	Now() time.Time
	UID() id.UID

	// InsertMail writes a mail and gives it its number. One that is queued
	// wakes the sweeper.
	InsertMail(ctx context.Context, m Row) (id.Mail, error)
	// MailByNumber fails with fault.ErrNotFound.
	MailByNumber(ctx context.Context, account id.Account, number id.Mail) (Row, error)
	// Mails returns those of an account's mails that a filter means, newest
	// first, without their bodies.
	Mails(ctx context.Context, account id.Account, f Filter, p page.Request) (page.Of[Mail], error)
	CountMails(ctx context.Context, account id.Account) (map[State]int64, error)

	// RequeueMail queues a mail that failed or is uncertain, for now; it
	// says whether it was one.
	RequeueMail(ctx context.Context, account id.Account, number id.Mail) (bool, error)
	// RequeueMails does so with up to limit mails in one of those states, in
	// the order of their numbers and beginning behind one; it says how many
	// they were, and the last.
	RequeueMails(ctx context.Context, account id.Account, in State, after id.Mail, limit int) (n int, last id.Mail, err error)

	// TrimMails deletes mails that are sent or kept and older than the newest
	// keep of such of their account, and likewise those that failed or are
	// uncertain, up to limit of one account; it says how many it deleted.
	TrimMails(ctx context.Context, keep, limit int) (int, error)
}

// Row is a mail as it is kept: with its bodies as bytes, which are sealed when
// the mail carries a way in.
type Row struct {
	Mail // Text and HTML are empty

	TextBody, HTMLBody []byte
	// Params are what goes into the Content's places.
	Params []byte
}

// Wake is what the store's bell is rung for when a mail was queued, and the
// first part of the names of the leases under which mail is sent.
const Wake = "mail"
