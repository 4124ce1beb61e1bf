package mail

import (
	"context"

	"kith/internal/domain/message"
)

// Remote makes a relay on this machine be treated like one elsewhere.
func (r *Relay) Remote() *Relay {
	r.local = false
	return r
}

// Envelope, Render and Sign are tested by themselves.
var (
	Envelope = envelope
	Render   = render
	Sign     = sign
)

// SendSigned sends a mail, signed, on a connection of its own.
func (r *Relay) SendSigned(ctx context.Context, m message.Mail, keys []message.SigningKey) error {
	a, err := address(m)
	if err != nil {
		return err
	}
	if a.content, err = sign(a.content, keys); err != nil {
		return err
	}
	c, err := r.dial(ctx)
	if err != nil {
		return err
	}
	_, _, err = r.send(ctx, c, a, func(context.Context) error { return nil })
	return err
}
