package ops

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"kith/internal/base/fault"
)

// Store counts units of work. It meets store.Observer.
type Store struct {
	took   *prometheus.HistogramVec
	failed *prometheus.CounterVec
}

// NewStore returns what counts units of work.
func NewStore(reg prometheus.Registerer) *Store {
	s := &Store{
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "kith_store_unit_duration_seconds",
			Help: "Time that a unit of work took, waiting for its turn and for the disk included. Label how: within, bulk (a " +
				"job's batch), view (reads only).",
			Buckets: []float64{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 15},
		}, []string{"how"}),
		failed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "kith_store_failures_total",
			Help: "Units of work that the database could not do: busy, full, out of reach, broken. Label how: as that of " +
				"kith_store_unit_duration_seconds.",
		}, []string{"how"}),
	}
	reg.MustRegister(s.took, s.failed)
	return s
}

// Ran counts a unit of work. That a rule refused it is no failure of the store.
func (s *Store) Ran(how string, took time.Duration, err error) {
	s.took.WithLabelValues(how).Observe(took.Seconds())
	if f := fault.Of(err); f != nil && (f.Kind == fault.Unavailable || f.Kind == fault.Internal) {
		s.failed.WithLabelValues(how).Inc()
	}
}
