package delivery

import (
	"context"

	"kith/internal/domain/message"
)

// Composer writes a mail as it leaves; message.Service meets it. A mail that
// can never be written fails with a *message.UnsendableError.
type Composer interface {
	Compose(ctx context.Context, row message.Row) (message.Outgoing, error)
}

// Relay takes mail away; outbound/mail meets it.
type Relay interface {
	// Send hands a mail to the relay and returns what that said. It calls
	// letGo once, when all that is left to do is to hand over the content:
	// from then on the relay may have the mail, and before it certainly has
	// not. When letGo fails, Send breaks off and returns its error.
	//
	// What goes wrong is a *SendError; any other error counts as Trouble.
	Send(ctx context.Context, m message.Outgoing, letGo func(context.Context) error) (reply string, err error)
}

// Route is a relay as mail is sent through it.
type Route struct {
	Relay Relay
	// Name is the relay's host and port, as its people know it.
	Name string
	// Connections is how many mails it is handed at a time; zero means
	// DefaultConnections.
	Connections int
	Limits      Limits
}

// DefaultConnections is how many connections a relay gets that says nothing
// else. A relay that takes fewer at a time says so (421), and rests.
const DefaultConnections = 20

// Outcome says what an attempt that did not succeed means for the mail.
type Outcome int

// The outcomes.
const (
	// Trouble is a relay that cannot be used at all now; it has not heard of
	// the mail, which is not to blame.
	Trouble Outcome = iota
	// Broken is a connection that ended, or was ended by the relay, before
	// that had the mail. Whose fault it was is not known.
	Broken
	// Later is a relay that does not take this mail now.
	Later
	// Refused is a relay that will not take this mail.
	Refused
	// Unknown is a relay that gave no answer after it may have had the mail.
	Unknown
)

// String returns the outcome as it is kept and shown.
func (o Outcome) String() string {
	return [...]string{"trouble", "broken", "later", "refused", "unknown"}[o]
}

// SendError is an attempt that did not succeed.
type SendError struct {
	Outcome Outcome
	// Reply is what the relay said, or what went wrong, for the mail's owner.
	Reply string
	// Status is the relay's enhanced status code (RFC 3463), where it gave one.
	Status string
	// Recipient says that the relay said no to whom the mail is for, and not to
	// who sends it or what it holds.
	Recipient bool
	Cause     error
}

// Error returns the reply.
func (e *SendError) Error() string { return e.Reply }

// Unwrap returns the cause.
func (e *SendError) Unwrap() error { return e.Cause }
