package request

import (
	"io"
	"net/http"
	"time"

	"kith/internal/base/clock"
)

// patience is how long a client may neither send nor take anything while the
// server waits for it. The whole may take as long as it makes progress.
const patience = time.Minute

// patientBody is a request's body that gives up on a silent client. It notes in
// the request's entry how much was read of it, and where keep says so, its
// beginning.
type patientBody struct {
	io.ReadCloser
	conn  *http.ResponseController
	entry *Entry
	keep  bool
}

func (b *patientBody) Read(p []byte) (int, error) {
	// Not every connection has deadlines; those of tests do without.
	_ = b.conn.SetReadDeadline(clock.System{}.Now().Add(patience))
	n, err := b.ReadCloser.Read(p)
	b.note(p[:n])
	if err != nil {
		// The server goes on watching the connection, for as long as the
		// request is worked on.
		_ = b.conn.SetReadDeadline(time.Time{})
	}
	return n, err
}
