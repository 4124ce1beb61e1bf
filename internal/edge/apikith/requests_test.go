package apikith_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/domain/trace"
)

// requestLog is a request log on the site's store.
func (s *site) requestLog() *trace.Log {
	return trace.NewLog(trace.Options{Store: s.Traces(), Clock: s.Clock, Log: slog.New(slog.DiscardHandler), Days: 14, Rows: 100})
}

// logged leaves requests in the log of the home account: one that succeeded,
// and one, the newer, that failed, whose id it returns.
func (s *site) logged(t *testing.T) string {
	t.Helper()
	log := s.requestLog()
	note := func(status int, f *fault.Error, body, answer string) id.UID {
		s.Clock.Move(time.Second)
		r := trace.Record{Account: s.home.ID, Fault: f, Request: trace.Request{
			UID:  id.LeastUID(s.Clock.Now()), // the same in every run, as cursors hold it
			Took: 2500 * time.Microsecond, API: "v3", Method: "POST", Route: "/v3/contacts", Path: "/v3/contacts/",
			Query: "email=lu@example.org", Status: status, User: s.ines.user.ID, Via: "key", Address: "192.0.2.1", Agent: "curl/8", In: int64(len(body)), Out: int64(len(answer)),
		}, Body: trace.Kept{Media: "application/json", Data: []byte(body)}, Answer: trace.Kept{Media: "application/json", Data: []byte(answer)}}
		if f != nil {
			r.Code = f.Code
		}
		log.Note(r)
		return r.UID
	}
	note(201, nil, `{}`, `{"contact_id":"x"}`)
	failed := note(400, fault.ErrInvalid.With(
		fault.Problem{Path: "email_address.address", Code: "format", Message: "is not an address: lu@example"},
		fault.Problem{Path: "create_source", Code: "required", Message: "is missing"},
	), "{\n  \"email_address\": {\"address\": \"lu@example\"}\n}", `[{"error_key":"contacts.api.validation.error"}]`)
	if _, err := log.Write(t.Context()); err != nil {
		t.Fatal(err)
	}
	return failed.String()
}

func TestRequests(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		s.show(t, owner, get, "/kith/v1/requests", "").is(t, 200, "")
		failed := s.logged(t)
		first := s.show(t, owner, get, "/kith/v1/requests?limit=1", "").is(t, 200, "")
		if first.text(t, "requests[0].request_id") != failed {
			t.Error("the newest does not come first")
		}
		s.call(t, owner, get, first.text(t, "_links.next.href"), "").is(t, 200, "")
		s.show(t, owner, get, "/kith/v1/requests/"+failed, "").is(t, 200, "")
		s.show(t, owner, get, "/kith/v1/requests?status=6xx&method=LOOK&after=noon&client_id=x", "").is(t, 400, "request.invalid")
		s.show(t, owner, get, "/kith/v1/requests/"+uid(), "").is(t, 404, "resource.not_found")
		for filter, want := range map[string]int{
			"status=failed": 1, "status=4xx": 1, "status=2XX": 1, "status=201": 1, "status=500": 0, "error_code=request.invalid": 1,
			"search=CONTACTS": 2, "search=" + failed: 1, "method=get": 0, "client_id=" + uid(): 0, "after=2026-03-02": 0, "before=2026-03-02": 2,
		} {
			a := s.call(t, owner, get, "/kith/v1/requests?"+filter, "").is(t, 200, "")
			if got := strings.Count(string(a.body), "request_id"); got != want {
				t.Errorf("%s: %d requests, want %d", filter, got, want)
			}
		}
		creator := s.join(t, "cc@example.org", account.CampaignCreator)
		s.show(t, s.key(t, creator, oauth.AccountRead), get, "/kith/v1/requests/"+failed, "").is(t, 200, "")
		s.golden(t, "requests")
	})
}
