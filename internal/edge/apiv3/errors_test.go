package apiv3_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/edge/apiv3"
	"kith/test/contract"
)

// Every code goes through the one place that makes answers of faults, with
// every kind that it may come with; each answer is held to the contract.
func TestEveryCodeIsAnswered(t *testing.T) {
	rows, err := contract.ReadRows()
	if err != nil {
		t.Fatal(err)
	}
	check, err := contract.NewChecker(rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range fault.All() {
		for _, kind := range []fault.Kind{
			fault.Internal, fault.Invalid, fault.Unauthenticated, fault.Forbidden, fault.NotFound, fault.Conflict, fault.Gone,
			fault.TooMany, fault.Unavailable, fault.Unsupported,
		} {
			for _, path := range []string{"/v3/contact_tags", "/v3/activities/list_delete", "/v3/segments", "/v3/nowhere"} {
				if code == fault.CodeQueueFull && path != "/v3/activities/list_delete" {
					continue
				}
				f := fault.New(kind, code, "What is wrong.")
				if code == fault.CodeAddressTaken {
					f = f.Noting("contact_id", "019f0000-0000-7000-8000-000000000001").Noting("status", "deleted")
				}
				w := httptest.NewRecorder()
				apiv3.Refuse(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, nil), publicURL, f)
				if got := w.Header().Get("Kith-Error-Code"); got != string(code) {
					t.Errorf("%s: Kith-Error-Code %q", code, got)
				}
				if link := w.Header().Get("Link"); link != "<"+publicURL+"/errors/"+string(code)+`>; rel="help"` {
					t.Errorf("%s: Link %q", code, link)
				}
				if path == "/v3/nowhere" {
					continue // only routes are refused there
				}
				for _, p := range check.CheckAnswer(http.MethodPost, path, w.Code, w.Header(), w.Body.Bytes()) {
					t.Errorf("%s %s: %s\n%s", code, kind, p, w.Body)
				}
			}
		}
	}
}

func TestFormsOfRefusals(t *testing.T) {
	for _, c := range []struct {
		name, path, want string
		err              error
		status           int
	}{
		{
			"401 to the byte", "/v3/contacts", `{"error_key":"unauthorized","error_message":"Unauthorized"}`,
			fault.New(fault.Unauthenticated, fault.CodeTokenExpired, "x"), 401,
		},
		{
			"403", "/v3/contacts", `{"error_key":"access_denied","error_message":"Request forbidden due to insufficient user privileges."}`,
			fault.ErrScope, 403,
		},
		{
			"too many in a second", "/v3/contacts", `{"error_key":"throttled","error_message":"Too Many Requests"}`,
			fault.New(fault.TooMany, fault.CodeRateSecond, "x").After(time.Second), 429,
		},
		{
			"too many in a day", "/v3/contacts", `{"error_key":"quota_exceeded","error_message":"Limit Exceeded"}`,
			fault.New(fault.TooMany, fault.CodeRateDay, "x"), 429,
		},
		{
			"too large", "/v3/activities/x", `[{"error_key":"activities.api.validation.error","error_message":"Too large."}]`,
			fault.New(fault.Invalid, fault.CodeTooLarge, "Too large."), 400,
		},
		{
			"internal detail is not told", "/v3/contacts",
			`[{"error_key":"contacts.api.internal_error","error_message":"The server failed to do this."}]`, os.ErrPermission, 500,
		},
		{
			"a report's", "/v3/reports/x", `{"error_key":"reports.api.not_found","error_message":"There is nothing with this id."}`, fault.ErrNotFound, 404,
		},
		{
			"no service's", "/v3/x", `[{"error_key":"v3.api.not_found","error_message":"There is nothing with this id."}]`, fault.ErrNotFound, 404,
		},
		{
			"busy", "/v3/contact_tags", `[{"error_key":"contacts.api.unavailable","error_message":"The database is busy; try again."}]`, fault.ErrBusy, 503,
		},
	} {
		w := httptest.NewRecorder()
		apiv3.Refuse(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, c.path, nil), publicURL, c.err)
		if w.Code != c.status || w.Body.String() != c.want {
			t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
		}
	}
}
