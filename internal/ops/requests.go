package ops

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Request is a request that has ended, as far as operators may hear of it: no
// address, no path, no query, no body.
type Request struct {
	ID     string
	API    string // v1, v2, v3, kith, oauth, web, public, health; empty for none
	Route  string // the pattern that matched; empty for none
	Method string
	Status int
	Bytes  int64
	Took   time.Duration
	Code   string // of the fault that was answered
	Cause  error  // behind an answer of 500 and more
	Broken bool   // whether Cause is a panic
	// Account, User and Application are who asked; zero where unknown.
	Account, User int64
	Application   string
}

// Requests writes one log line for each request that ends, and counts it.
type Requests struct {
	log    *slog.Logger
	total  *prometheus.CounterVec
	took   *prometheus.HistogramVec
	panics prometheus.Counter
}

// NewRequests returns what logs and counts requests.
func NewRequests(reg prometheus.Registerer, log *slog.Logger) *Requests {
	r := &Requests{
		log: log,
		total: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "kith_edge_requests_total",
			Help: "Requests that ended. Labels: api (v1, v2, v3, kith, oauth, web, public, health, none), " +
				"route (the pattern that matched, or none), method (a standard one, or other), " +
				"status (that of HTTP; 499 for a client that went away).",
		}, []string{"api", "route", "method", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "kith_edge_request_duration_seconds",
			Help: "Time from a request's first byte to the end of its answer. Labels: api and route, as those of " +
				"kith_edge_requests_total.",
			Buckets: []float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10},
		}, []string{"api", "route"}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "kith_edge_panics_total",
			Help: "Requests that a fault of the program broke.",
		}),
	}
	reg.MustRegister(r.total, r.took, r.panics)
	return r
}

// Ended logs and counts a request.
func (r *Requests) Ended(ctx context.Context, e Request) {
	r.total.WithLabelValues(orNone(e.API), orNone(e.Route), method(e.Method), strconv.Itoa(e.Status)).Inc()
	r.took.WithLabelValues(orNone(e.API), orNone(e.Route)).Observe(e.Took.Seconds())
	if e.Broken {
		r.panics.Inc()
	}
	level := slog.LevelInfo
	switch {
	case e.API == "health" && e.Status < 400:
		level = slog.LevelDebug // asked every few seconds, for ever
	case e.Cause != nil && e.Status != http.StatusServiceUnavailable:
		level = slog.LevelError
	case e.Status >= 500 && e.Status != http.StatusNotImplemented:
		level = slog.LevelWarn
	}
	if !r.log.Enabled(ctx, level) {
		return
	}
	attrs := make([]slog.Attr, 0, 12)
	attrs = append(attrs,
		slog.String("request", e.ID), slog.String("api", orNone(e.API)), slog.String("route", orNone(e.Route)),
		slog.String("method", method(e.Method)), slog.Int("status", e.Status), slog.Int64("bytes", e.Bytes),
		slog.Float64("took_ms", float64(e.Took.Microseconds())/1000))
	if e.Code != "" {
		attrs = append(attrs, slog.String("code", e.Code))
	}
	if e.Account != 0 {
		attrs = append(attrs, slog.Int64("account", e.Account))
	}
	if e.User != 0 {
		attrs = append(attrs, slog.Int64("user", e.User))
	}
	if e.Application != "" {
		attrs = append(attrs, slog.String("application", e.Application))
	}
	if e.Cause != nil {
		attrs = append(attrs, slog.String("cause", e.Cause.Error()))
	}
	r.log.LogAttrs(ctx, level, "request", attrs...)
}

func orNone(label string) string {
	if label == "" {
		return "none"
	}
	return label
}

// method keeps a label bounded: a client may send any word as a method.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}
