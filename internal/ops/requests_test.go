package ops_test

import (
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"kith/internal/base/fault"
	"kith/internal/ops"
)

func TestARequestsLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		e     ops.Request
		level string
		has   map[string]any
		lacks []string
	}{
		{
			"served",
			ops.Request{API: "v3", Route: "/v3/contacts/{id}", Method: "GET", Status: 200, Took: 1500 * time.Microsecond},
			"INFO",
			map[string]any{"api": "v3", "route": "/v3/contacts/{id}", "status": 200.0, "took_ms": 1.5},
			[]string{"code", "account", "user", "application", "cause"},
		},
		{
			"refused",
			ops.Request{API: "v3", Status: 403, Code: "access.scope", Account: 7, User: 8, Application: "app"},
			"INFO",
			map[string]any{"code": "access.scope", "account": 7.0, "user": 8.0, "application": "app", "route": "none"},
			nil,
		},
		{"failed", ops.Request{Status: 500, Cause: errors.New("disk on fire")}, "ERROR", map[string]any{"cause": "disk on fire"}, nil},
		{"busy", ops.Request{Status: 503, Cause: errors.New("busy")}, "WARN", nil, nil},
		{"not built", ops.Request{Status: 501}, "INFO", nil, nil},
		{"a word of the client's own", ops.Request{Method: "SECRET", Status: 405}, "INFO", map[string]any{"method": "other"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			ops.NewRequests(prometheus.NewRegistry(), slog.New(slog.NewJSONHandler(&out, nil))).Ended(t.Context(), c.e)
			line := map[string]any{}
			if err := json.Unmarshal([]byte(out.String()), &line); err != nil {
				t.Fatalf("%q: %v", out.String(), err)
			}
			if line["level"] != c.level {
				t.Errorf("level %v, want %s", line["level"], c.level)
			}
			for key, want := range c.has {
				if line[key] != want {
					t.Errorf("%s = %v, want %v", key, line[key], want)
				}
			}
			for _, key := range c.lacks {
				if _, ok := line[key]; ok {
					t.Errorf("%s is there: %s", key, out.String())
				}
			}
		})
	}
}

func TestHealthyProbesAreQuiet(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	r := ops.NewRequests(prometheus.NewRegistry(), slog.New(slog.NewJSONHandler(&out, nil)))
	r.Ended(t.Context(), ops.Request{API: "health", Status: 200})
	if out.Len() > 0 {
		t.Errorf("logged %s", out.String())
	}
	r.Ended(t.Context(), ops.Request{API: "health", Status: 503})
	if out.Len() == 0 {
		t.Error("a server that is not ready is not logged")
	}
}

// Names and help texts follow the rules that tools expect.
func TestMetricsAreWellFormed(t *testing.T) {
	t.Parallel()
	reg := ops.NewRegistry("test")
	ops.NewRequests(reg, slog.New(slog.DiscardHandler)).Ended(t.Context(), ops.Request{API: "v3", Status: 200, Broken: true})
	w := ops.NewWork(reg)
	w.Done("tallies", time.Second, errors.New("x"))
	w.Panicked("tallies")
	st := ops.NewStore(reg)
	st.Ran("within", time.Millisecond, nil)
	st.Ran("within", time.Millisecond, fault.ErrNotFound) // a rule's refusal
	st.Ran("view", time.Millisecond, fault.ErrBusy)
	problems, err := testutil.GatherAndLint(reg)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "kith_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
	if n, err := testutil.GatherAndCount(reg, "kith_edge_panics_total", "kith_jobs_panics_total", "kith_jobs_failures_total", "kith_store_failures_total"); err != nil || n != 4 {
		t.Errorf("%d metrics, %v", n, err)
	}
}
