package ops

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// patience bounds how long the database may take to show that it is there.
const patience = 5 * time.Second

// Health answers whether the server lives and whether it is ready.
type Health struct {
	schema   Schema
	stopping atomic.Bool
}

// NewHealth returns the health of a server on the given database.
func NewHealth(schema Schema) *Health { return &Health{schema: schema} }

// Stopping makes the server not ready, so that nothing new is sent to it
// while it finishes what is in flight.
func (h *Health) Stopping() { h.stopping.Store(true) }

// Live answers 200 as long as the process serves at all.
func (h *Health) Live(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, "alive")
}

// Ready answers 200 when the database is reached and its schema is current,
// and 503 with the reason otherwise.
func (h *Health) Ready(w http.ResponseWriter, r *http.Request) {
	if reason := h.unready(r.Context()); reason != "" {
		answer(w, http.StatusServiceUnavailable, reason)
		return
	}
	answer(w, http.StatusOK, "ready")
}

func (h *Health) unready(ctx context.Context) string {
	if h.stopping.Load() {
		return "stopping"
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	have, want, err := h.schema.Version(ctx)
	switch {
	case err != nil:
		return "the database does not answer" // why is for the log and the doctor
	case have < want:
		return fmt.Sprintf("the schema is at %d, this program needs %d", have, want)
	}
	return ""
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n") // a client that is gone needs no answer
}
