package mail

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emersion/go-smtp"

	"kith/internal/domain/delivery"
	"kith/internal/domain/message"
)

// Send hands one mail to the relay. See delivery.Relay.
func (r *Relay) Send(ctx context.Context, m message.Outgoing, letGo func(context.Context) error) (reply string, err error) {
	a, err := address(m)
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
		reply, stale, err := r.send(ctx, c, a, letGo)
		if stale {
			continue // kept connections run out, a new one is not stale
		}
		return reply, err
	}
}

// addressed is a mail with its envelope.
type addressed struct {
	from, to string
	utf8     bool
	content  []byte
}

func address(m message.Outgoing) (a addressed, err error) {
	from, fromUTF8, err := envelope(m.Mail.From.Address)
	if err != nil {
		return a, refused("The mail's own sender address cannot be used: "+err.Error(), err)
	}
	to, toUTF8, err := envelope(m.Mail.To.String())
	if err != nil {
		return a, refused("The recipient's address cannot be used: "+err.Error(), err)
	}
	back := from
	if m.EnvelopeFrom != "" {
		if back, fromUTF8, err = envelope(m.EnvelopeFrom); err != nil {
			return a, refused("The address for notices cannot be used: "+err.Error(), err)
		}
	}
	content, err := render(m, from, to)
	if err != nil {
		return a, refused("The mail could not be written as a message.", err)
	}
	if content, err = sign(content, m.Sign); err != nil {
		return a, refused("The mail could not be signed.", err)
	}
	return addressed{back, to, fromUTF8 || toUTF8, content}, nil
}

func refused(reply string, cause error) error {
	return &delivery.SendError{Outcome: delivery.Refused, Reply: reply, Cause: cause}
}

// send hands a mail over on a connection, and keeps or ends that. stale says
// that a kept connection turned out to be dead before the relay heard of the
// mail.
func (r *Relay) send(ctx context.Context, c *conn, a addressed, letGo func(context.Context) error) (reply string, stale bool, err error) {
	stop := context.AfterFunc(ctx, func() { _ = c.net.Close() })
	good := false // whether the connection can be used once more
	defer func() {
		if stop() && good {
			r.keep(c)
		} else {
			_ = c.net.Close() // nothing more is said on it
		}
	}()
	if a.utf8 {
		if ok, _ := c.Extension("SMTPUTF8"); !ok {
			good = true
			return "", false, refused("The mail relay takes no addresses beyond ASCII (SMTPUTF8).", nil)
		}
	}
	if err := c.Mail(a.from, &smtp.MailOptions{UTF8: a.utf8, Size: int64(len(a.content))}); err != nil {
		if _, answered := errors.AsType[*smtp.SMTPError](err); !answered && c.used && ctx.Err() == nil {
			return "", true, nil
		}
		good = again(c, err)
		return "", false, notOurs(failure(ctx, err))
	}
	if err := c.Rcpt(a.to, nil); err != nil {
		good = again(c, err)
		return "", false, failure(ctx, err)
	}
	w, err := c.Data()
	if err != nil {
		good = again(c, err)
		return "", false, failure(ctx, err)
	}
	r.within(c, 1)
	if _, err := w.Write(a.content); err != nil {
		return "", false, failure(ctx, err)
	}
	// Nothing has ended the content yet, and a connection that ends now takes
	// the mail with it.
	if err := letGo(ctx); err != nil {
		return "", false, err
	}
	r.within(c, takeWhole)
	answer, err := w.CloseWithResponse()
	if err != nil {
		if _, answered := errors.AsType[*smtp.SMTPError](err); !answered {
			return "", false, &delivery.SendError{
				Outcome: delivery.Unknown, Cause: err,
				Reply: "The mail relay did not answer after it had the mail: " + err.Error(),
			}
		}
		good = again(c, err)
		return "", false, failure(ctx, err)
	}
	good = true
	return "250 " + answer.StatusText, false, nil
}

// within bounds what is written next to some times the relay's patience; the
// library bounds only what it reads.
func (r *Relay) within(c *conn, times int) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(times)*r.o.Patience)
	defer cancel()
	deadline, _ := ctx.Deadline()
	_ = c.net.SetDeadline(deadline) // where it cannot be set, writing fails as well
}

// notOurs judges an answer to MAIL. A sign-in that is missing or not enough
// tells of the relay's settings, and no mail gets through before they are
// mended. A sender that the relay does not let pass may be mended too; only the
// mail's size is its own fault for good.
func notOurs(err error) error {
	e, ok := errors.AsType[*delivery.SendError](err)
	if !ok || e.Outcome != delivery.Refused {
		return err
	}
	switch answer, _ := errors.AsType[*smtp.SMTPError](err); answer.Code {
	case 552:
	case 530, 534, 535, 538:
		e.Outcome = delivery.Trouble
	default:
		e.Outcome = delivery.Later
	}
	return e
}

// again readies a connection for the next mail after an answer that was no,
// and says whether it can be used: 421 is the relay's way to end it.
func again(c *conn, err error) bool {
	e, ok := errors.AsType[*smtp.SMTPError](err)
	return ok && e.Code != 421 && c.Reset() == nil
}

// failure says what it means for a mail that an error came before the relay
// had it whole.
func failure(ctx context.Context, err error) error {
	e, answered := errors.AsType[*smtp.SMTPError](err)
	if !answered {
		return &delivery.SendError{
			Outcome: delivery.Broken, Cause: errors.Join(ctx.Err(), err),
			Reply: "The connection to the mail relay broke: " + err.Error(),
		}
	}
	s := &delivery.SendError{Outcome: delivery.Later, Reply: words(e), Status: status(e), Cause: err}
	switch {
	case e.Code == 421: // the service, not the mail (RFC 5321 §3.8)
		s.Outcome = delivery.Broken
	case e.Code >= 500 && e.Code < 600:
		s.Outcome = delivery.Refused
	}
	return s
}

// status returns the enhanced status code of an answer (RFC 3463), or nothing.
func status(e *smtp.SMTPError) string {
	if e.EnhancedCode == smtp.EnhancedCodeNotSet || e.EnhancedCode == smtp.NoEnhancedCode {
		return ""
	}
	x := e.EnhancedCode
	return fmt.Sprintf("%d.%d.%d", x[0], x[1], x[2])
}

// words returns an answer as the relay gave it.
func words(e *smtp.SMTPError) string {
	if s := status(e); s != "" {
		return fmt.Sprintf("%d %s %s", e.Code, s, e.Message)
	}
	return fmt.Sprintf("%d %s", e.Code, e.Message)
}
