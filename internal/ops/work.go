package ops

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Work counts what the job runner does. It meets jobs.Observer.
type Work struct {
	took   *prometheus.HistogramVec
	failed *prometheus.CounterVec
	panics prometheus.Counter
}

// NewWork returns what counts work.
func NewWork(reg prometheus.Registerer) *Work {
	w := &Work{
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "kith_jobs_run_duration_seconds",
			Help:    "Time that one run of a sweeper or of long work took. Label work: the kind's name.",
			Buckets: []float64{0.001, 0.01, 0.1, 1, 10, 60, 600, 3600},
		}, []string{"work"}),
		failed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "kith_jobs_failures_total",
			Help: "Runs that failed and will be tried again. Label work: the kind's name.",
		}, []string{"work"}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "kith_jobs_panics_total",
			Help: "Runs that a fault of the program broke.",
		}),
	}
	reg.MustRegister(w.took, w.failed, w.panics)
	return w
}

// Done counts a run that ended.
func (w *Work) Done(name string, took time.Duration, err error) {
	w.took.WithLabelValues(name).Observe(took.Seconds())
	if err != nil {
		w.failed.WithLabelValues(name).Inc()
	}
}

// Panicked counts a run that a fault of the program broke.
func (w *Work) Panicked(string) { w.panics.Inc() }
