package mail

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
