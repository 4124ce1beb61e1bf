package app

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"kith/docs"
	"kith/internal/base/fault"
	"kith/internal/domain/account"
	"kith/internal/domain/activity"
	"kith/internal/domain/contact"
	"kith/internal/domain/delivery"
	"kith/internal/domain/form"
	"kith/internal/domain/message"
	"kith/internal/domain/oauth"
	"kith/internal/domain/trace"
	"kith/internal/edge/apikith"
	"kith/internal/edge/apiv1"
	"kith/internal/edge/apiv2"
	"kith/internal/edge/apiv3"
	"kith/internal/edge/notice"
	"kith/internal/edge/page"
	"kith/internal/edge/respond"
	"kith/internal/edge/topic"
	"kith/internal/edge/webapp"
	"kith/internal/jobs"
	"kith/internal/ops"
	"kith/internal/store"
	"kith/web"
)

// rooms is everything that serves and works, joined.
type rooms struct {
	health       *ops.Health
	faces        mounts
	runner       *jobs.Runner
	mail         *message.Service
	relays       relays
	accounts     *account.Service
	oauth        *oauth.Service
	bulk         *activity.Service
	domains      *delivery.Domains
	notices      *delivery.Notices
	noticeKeys   *delivery.NoticeKeys
	suppressions *delivery.Suppressions
	trace        *trace.Log
	topics       topic.Topics
	sessions     *webapp.Sessions
	contacts     *contact.Service
	forms        *form.Service
}

// join builds the rooms on what they stand on. public is what links begin
// with, without a slash at its end; setup is the set-up code, or empty; version
// is the program's.
func join(b *Base, public, setup, version string, reg *prometheus.Registry, log *slog.Logger) (r *rooms, err error) {
	r = &rooms{health: ops.NewHealth(b.Store)}
	r.mail = newMail(b.Config, b.Store, b.Key, public)
	r.contacts = contact.New(b.Store.Contacts(), contact.Options{Post: r.mail.Post(), Reached: hashes(b).Confirmed})
	r.forms = newForms(b, r.contacts)
	var routes []delivery.Route
	if r.relays, routes, err = newRelays(b.Config, public); err != nil {
		return nil, err
	}

	r.runner = jobs.New(jobs.Options{Store: b.Store, Log: log, Observer: ops.NewWork(reg)})
	r.runner.Sweep(jobs.Sweeper{Name: store.WakeTallies, Rest: 500 * time.Millisecond, Sweep: b.Store.SweepTallies})
	r.runner.Outbox(r.mail)
	r.domains = newDomains(b)
	r.runner.Every(jobs.Timer{Name: "domains.check", Period: 10 * time.Minute, Do: r.domains.CheckDue})
	counted := ops.NewNotices(reg)
	r.notices = newNotices(b, counted)
	r.noticeKeys = newNoticeKeys(b)
	r.suppressions = delivery.NewSuppressions(b.Store.Suppressions(), hashes(b))
	r.runner.Notices(r.notices, r.suppressions, r.noticeKeys)
	if len(routes) > 0 {
		r.runner.Deliver(delivery.New(delivery.Options{
			Store: b.Store.Deliveries(), Composer: r.mail, Routes: routes,
			Hashes: hashes(b), Keys: r.domains, Paths: returnPaths(b), Notices: r.notices,
		}))
	}
	r.runner.Sweep(jobs.Sweeper{Name: "asks", Every: time.Minute, Sweep: r.contacts.SweepAsks})
	r.accounts = newAccounts(b, r.mail, public, setup)
	r.runner.Every(jobs.Timer{Name: "accounts.expire", Period: time.Hour, Do: r.accounts.Sweep})
	r.oauth = newOAuth(b, public, log)
	workOAuth(r.runner, r.oauth)
	r.bulk = newActivities(b)
	r.runner.Activities(r.bulk)
	r.trace = newTrace(b, r.runner, reg, log)
	set, err := page.Load(web.Public())
	if err != nil {
		return nil, err
	}
	if r.topics, err = topic.Parse(docs.Errors); err != nil {
		return nil, err
	}
	pages, sessions, err := newPages(b, r.accounts, set, r.topics, public)
	if err != nil {
		return nil, err
	}
	facing := newPublic(b, r, set, public)
	r.sessions = sessions
	consent, err := newOAuthWeb(b, r.oauth, r.accounts, sessions, set, public)
	if err != nil {
		return nil, err
	}

	at := func(refuse func(http.ResponseWriter, *http.Request, string, error)) func(http.ResponseWriter, *http.Request, error) {
		return func(w http.ResponseWriter, q *http.Request, err error) { refuse(w, q, public, err) }
	}
	r.faces = mounts{
		{"/healthz", "health", http.HandlerFunc(r.health.Live), at(refusePlain)},
		{"/readyz", "health", http.HandlerFunc(r.health.Ready), at(refusePlain)},
		{"/v3", "v3", newV3(b, r.accounts, r.contacts, r.bulk, r.oauth, sessions, public), at(apiv3.Refuse)},
		{"/kith/v1", "kith", newKith(b, r, facing, sessions, public, version), at(apikith.Refuse)},
		{notice.Prefix, "kith", newNoticeDesk(r, counted, at(apikith.Refuse)), at(apikith.Refuse)},
		{"/v2", "v2", newV2(b, r, sessions, public), at(apiv2.Refuse)},
		{"/ws", "v1", apiv1.New(public), at(apiv1.Refuse)},
		{"/oauth2", "oauth", consent, consent.Refuse},
		{"/.well-known/oauth-authorization-server", "oauth", consent, consent.Refuse},
		{"/activate", "oauth", consent, consent.RefusePage},
		{"/p", "public", facing, facing.Refuse},
		{"/u", "public", facing, facing.Refuse},
		{"/f", "public", facing, facing.Refuse},
		{referenceConfig, "oauth", consent, consent.Refuse},
		{"/", "web", pages, pages.Refuse},
	}
	return r, nil
}

// referenceConfig tells the reference page what to show.
const referenceConfig = "/reference/config.json"

// refusePlain answers with an error where no contract has a form for it.
func refusePlain(w http.ResponseWriter, r *http.Request, public string, err error) {
	f := fault.Of(err)
	respond.Failure(w, r, public, f)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(respond.Status(f))
	_, _ = io.WriteString(w, fmt.Sprintln(f.Message)) // a client that is gone needs no answer
}
