package app

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"kith/internal/base/clock"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/trace"
	"kith/internal/edge/request"
	"kith/internal/edge/webapp"
	"kith/internal/jobs"
	"kith/internal/ops"
)

// newTrace returns the request log, which the runner writes.
func newTrace(b *Base, runner *jobs.Runner, reg *prometheus.Registry, log *slog.Logger) *trace.Log {
	l := trace.NewLog(trace.Options{
		Store: b.Store.Traces(), Clock: clock.System{}, Log: log, Observer: ops.NewTrace(reg),
		Days: b.Config.RequestLogDays, Rows: b.Config.RequestLogRows,
	})
	runner.Sweep(jobs.Sweeper{Name: "requests.write", Every: 500 * time.Millisecond, Sweep: l.Write})
	runner.Every(jobs.Timer{Name: "requests.expire", Period: time.Hour, Do: l.Expire})
	return l
}

// traced reports whether a request belongs into the request log: what is asked
// of an API or of OAuth, but nothing of the web app, whose calls bring a
// session and no token, and nothing that a browser asks before it asks.
func traced(faces mounts, sessions *webapp.Sessions, r *http.Request) bool {
	to := faces.of(r.URL.Path)
	switch {
	case r.Method == http.MethodOptions:
		return false
	case to.api == "oauth":
		return to.prefix != referenceConfig
	case to.api != "v1" && to.api != "v2" && to.api != "v3" && to.api != "kith":
		return false
	}
	return r.Header.Get("Authorization") != "" || !sessions.Presented(r)
}

// note tells the request log of a request that has ended.
func note(l *trace.Log, r *http.Request, e *request.Entry) {
	if !e.Session {
		l.Note(request.Record(r, e))
	}
}

// Requests shows the operator the request log: of an owner's account, or, where
// none is named, of what names nobody.
func (d *Desk) Requests(ctx context.Context, operation, owner string, f trace.Filter, r page.Request) (page.Of[trace.Request], error) {
	of, err := d.ownersAccount(ctx, operation, owner)
	if err != nil {
		return page.Of[trace.Request]{}, err
	}
	return trace.New(d.Store.Traces()).OfAccount(ctx, of, f, r)
}

// Request shows the operator one request with its detail.
func (d *Desk) Request(ctx context.Context, operation, owner string, request id.UID) (trace.Request, error) {
	of, err := d.ownersAccount(ctx, operation, owner)
	if err != nil {
		return trace.Request{}, err
	}
	return trace.New(d.Store.Traces()).OpenFor(ctx, of, request)
}

func (d *Desk) ownersAccount(ctx context.Context, operation, owner string) (id.Account, error) {
	if owner == "" {
		return 0, nil
	}
	a, err := d.Accounts.AccountOf(ctx, Operator(operation), owner)
	return a.ID, err
}
