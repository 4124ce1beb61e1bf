package ops

import "github.com/prometheus/client_golang/prometheus"

// Notices counts what came back for mail.
type Notices struct{ total *prometheus.CounterVec }

// NewNotices returns what counts notices.
func NewNotices(reg prometheus.Registerer) *Notices {
	n := &Notices{prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "kith_notices_total",
		Help: "Notices about mail that were taken. Labels: by (mail, ses, sendgrid, mailgun, postmark), " +
			"kind (bounced, delayed, arrived, complained, opted_out, answered, none), " +
			"became (counted, repeated, stray; refused for one that was forged, replayed or could not be read).",
	}, []string{"by", "kind", "became"})}
	reg.MustRegister(n.total)
	return n
}

// Told counts a notice.
func (n *Notices) Told(by, kind, became string) {
	if kind == "" {
		kind = "none"
	}
	n.total.WithLabelValues(by, kind, became).Inc()
}
