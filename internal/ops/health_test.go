package ops_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"kith/internal/ops"
)

type schema struct {
	have, want int64
	err        error
}

func (s schema) Version(context.Context) (have, want int64, err error) { return s.have, s.want, s.err }

func TestReady(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		schema   schema
		stopping bool
		status   int
		body     string
	}{
		{"current", schema{have: 4, want: 4}, false, 200, "ready\n"},
		{"newer, during an upgrade", schema{have: 5, want: 4}, false, 200, "ready\n"},
		{"behind", schema{have: 3, want: 4}, false, 503, "the schema is at 3, this program needs 4\n"},
		{"no database", schema{err: errors.New("secret detail")}, false, 503, "the database does not answer\n"},
		{"stopping", schema{have: 4, want: 4}, true, 503, "stopping\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := ops.NewHealth(c.schema)
			if c.stopping {
				h.Stopping()
			}
			w := httptest.NewRecorder()
			h.Ready(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil))
			if w.Code != c.status || w.Body.String() != c.body {
				t.Errorf("got %d %q, want %d %q", w.Code, w.Body.String(), c.status, c.body)
			}
		})
	}
}
