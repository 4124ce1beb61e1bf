package mail

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"time"

	"kith/internal/domain/delivery"
	"kith/internal/domain/message"
)

// Send hands one mail to the relay. See delivery.Relay.
func (r *Relay) Send(ctx context.Context, m message.Outgoing, letGo func(context.Context) error) (reply string, err error) {
	l, err := write(m)
	if err != nil {
		return "", err
	}
	for {
		c := r.take()
		if c == nil {
			if c, err = r.dial(ctx); err != nil {
				return "", &delivery.SendError{Outcome: delivery.Trouble, Reply: err.Error(), Cause: err}
			}
		}
		reply, stale, err := r.send(ctx, c, l, letGo)
		if stale {
			continue // kept connections run out, a new one is not stale
		}
		return reply, err
	}
}

// lastWords is how long a relay that has the mail is waited for by who is asked
// to stop.
const lastWords = 10 * time.Second

// letter is a mail in its envelope, as it goes over the wire.
type letter struct {
	from, to string
	beyond   bool // an address is beyond ASCII
	size     int
	content  []byte // with the dot that ends it
}

func write(m message.Outgoing) (l letter, err error) {
	from, beyond, err := envelope(m.Mail.From.Address)
	if err != nil {
		return l, refused("The mail's own sender address cannot be used: "+err.Error(), err)
	}
	to, toBeyond, err := envelope(m.Mail.To.String())
	if err != nil {
		return l, refused("The recipient's address cannot be used: "+err.Error(), err)
	}
	l.to, l.from, l.beyond = to, from, beyond || toBeyond
	if m.EnvelopeFrom != "" {
		if l.from, beyond, err = envelope(m.EnvelopeFrom); err != nil {
			return l, refused("The address for notices cannot be used: "+err.Error(), err)
		}
		l.beyond = l.beyond || beyond
	}
	content, err := sign(render(m, from, to), m.Sign)
	if err != nil {
		return l, refused("The mail could not be signed.", err)
	}
	l.size = len(content)
	l.content = ended(content)
	return l, nil
}

// ended returns a content as it stands between DATA and its end (RFC 5321
// §4.5.2).
func ended(content []byte) []byte {
	if bytes.Contains(content, []byte("\r\n.")) { // render writes none
		content = bytes.ReplaceAll(content, []byte("\r\n."), []byte("\r\n.."))
	}
	return append(content, ".\r\n"...)
}

func refused(reply string, cause error) error {
	return &delivery.SendError{Outcome: delivery.Refused, Reply: reply, Cause: cause}
}

// send hands a mail over on a connection, and keeps or ends that. stale says
// that a kept connection turned out to be dead before the relay heard of the
// mail.
func (r *Relay) send(ctx context.Context, c *conn, l letter, letGo func(context.Context) error) (reply string, stale bool, err error) {
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	good := false // whether the connection can be used once more
	defer func() {
		if stop() && good {
			r.keep(c)
		} else {
			_ = c.Close() // nothing more is said on it
		}
	}()
	options, err := l.options(c.client)
	if err != nil {
		good = true
		return "", false, err
	}
	_ = c.patient(1) // where it cannot be set, writing fails as well
	if command, err := c.envelope(l.from, options, l.to); err != nil {
		said, answered := errors.AsType[*answer](err)
		if !answered && command == "MAIL" && c.used && ctx.Err() == nil {
			return "", true, nil
		}
		good = answered && said.code != 421 && c.command(2, "RSET") == nil
		return "", false, failure(ctx, err, command)
	}
	// The relay has nothing of the content yet: a connection that ends now
	// takes the mail with it.
	if err := letGo(ctx); err != nil {
		return "", false, err
	}
	_ = c.patient(takeWhole)
	// From here on only the answer tells what became of the mail, so it is
	// waited for a little also by who is asked to stop.
	if stop() {
		stop = context.AfterFunc(ctx, func() { _ = c.patience(min(r.o.Patience, lastWords)) })
	}
	said, err := c.content(l.content)
	switch {
	case err != nil:
		return "", false, &delivery.SendError{
			Outcome: delivery.Unknown, Cause: err,
			Reply: "The mail relay did not answer after it had the mail: " + err.Error(),
		}
	case said.code/100 != 2:
		good = said.code != 421
		return "", false, failure(ctx, &said, "content")
	}
	good = true
	return said.Error(), false, nil
}

// options are what is said beside the sender's address.
func (l letter) options(c *client) (text string, err error) {
	if size, ok := c.keys["SIZE"]; ok { // RFC 1870
		if most, err := strconv.ParseInt(size, 10, 64); err == nil && most > 0 && int64(l.size) > most {
			return "", refused("The mail relay takes no mail of this size ("+strconv.Itoa(l.size)+" bytes).", nil)
		}
		text += " SIZE=" + strconv.Itoa(l.size)
	}
	if l.beyond {
		if !c.offers("SMTPUTF8") {
			return "", refused("The mail relay takes no addresses beyond ASCII (SMTPUTF8).", nil)
		}
		text += " SMTPUTF8"
	}
	return text, nil
}

// failure says what it means for a mail that the relay did not take it, or did
// not say so.
func failure(ctx context.Context, err error, command string) error {
	said, answered := errors.AsType[*answer](err)
	if !answered {
		return &delivery.SendError{
			Outcome: delivery.Broken, Cause: errors.Join(ctx.Err(), err),
			Reply: "The connection to the mail relay broke: " + err.Error(),
		}
	}
	e := &delivery.SendError{
		Outcome: delivery.Later, Reply: said.Error(), Status: said.status, Recipient: command == "RCPT", Cause: err,
	}
	switch {
	case said.code == 421: // the service, not the mail (RFC 5321 §3.8)
		e.Outcome = delivery.Broken
	case said.code/100 != 5:
	case command != "MAIL" || said.code == 552: // which is about the mail's size
		e.Outcome = delivery.Refused
	case said.code == 530 || said.code == 534 || said.code == 535 || said.code == 538:
		// A sign-in that is missing or not enough: no mail gets through before
		// the relay's settings are mended.
		e.Outcome = delivery.Trouble
	}
	// Another no to MAIL is about who sends, which may be mended too.
	return e
}
