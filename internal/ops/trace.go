package ops

import "github.com/prometheus/client_golang/prometheus"

// Trace counts what becomes of requests in the request log. It meets
// trace.Observer.
type Trace struct{ kept, dropped prometheus.Counter }

// NewTrace returns what counts them.
func NewTrace(reg prometheus.Registerer) *Trace {
	t := &Trace{
		kept: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "kith_trace_requests_kept_total",
			Help: "Requests that were written to the request log.",
		}),
		dropped: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "kith_trace_requests_dropped_total",
			Help: "Requests that were left out of the request log, since it was not written as fast as they came.",
		}),
	}
	reg.MustRegister(t.kept, t.dropped)
	return t
}

// Kept counts requests that were written.
func (t *Trace) Kept(n int) { t.kept.Add(float64(n)) }

// Dropped counts requests that were left out.
func (t *Trace) Dropped(n int) { t.dropped.Add(float64(n)) }
