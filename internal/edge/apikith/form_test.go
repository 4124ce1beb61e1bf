package apikith_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"kith/internal/base/fault"
	"kith/internal/edge/apikith"
)

// TestForm sends every operation that reads JSON what is none.
func TestForm(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		owner := s.session(t, s.ines)
		for _, o := range operations(t, s) {
			if o.RequestBody.Content["application/json"] == nil {
				continue
			}
			path := o.address(nil)
			s.send(t, owner, o.Method, path, "text/plain", "name=x").is(t, 415, "request.media_type")
			s.call(t, owner, o.Method, path, `{"name": }`).is(t, 400, "request.malformed")
			s.call(t, owner, o.Method, path, `["name"]`).is(t, 400, "request.malformed")
		}
		s.show(t, owner, post, "/kith/v1/applications", "{\n  \"name\": \"x\",\n}").is(t, 400, "request.malformed")
		s.show(t, owner, get, "/kith/v1/nothing", "").is(t, 404, "request.route")
		s.show(t, owner, "PATCH", "/kith/v1/settings", "{}").is(t, 405, "request.method")
		s.show(t, nobody, get, "/kith/v1/me", "").is(t, 401, "token.missing")
		// A slash more or less makes no difference.
		s.call(t, owner, get, "/kith/v1/me/", "").is(t, 200, "")
		s.golden(t, "form")
	})
}

// TestCORS shows that pages of other sites may bring a token, and that nothing
// is said to them of a session.
func TestCORS(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		const name = "Access-Control-Allow-Origin"
		for who, want := range map[*caller]string{
			{sign: s.key(t, s.ines, allScopes...).sign}: "*", {sign: s.session(t, s.ines).sign}: "", &nobody: "*",
		} {
			if got := s.call(t, *who, get, "/kith/v1/me", "").Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	})
}

// TestRefuse walks every code through the one form that refusals have.
func TestRefuse(t *testing.T) {
	kinds := []fault.Kind{
		fault.Internal, fault.Invalid, fault.Unauthenticated, fault.Forbidden, fault.NotFound, fault.Conflict, fault.Gone, fault.TooMany,
		fault.Unavailable, fault.Unsupported,
	}
	allowed := map[int]bool{400: true, 401: true, 403: true, 404: true, 405: true, 409: true, 415: true, 429: true, 500: true, 501: true, 503: true}
	for _, code := range fault.All() {
		for _, kind := range kinds {
			w := httptest.NewRecorder()
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/kith/v1/me", nil)
			apikith.Refuse(w, r, publicURL, fault.New(kind, code, "It is so."))
			if !allowed[w.Code] {
				t.Errorf("%s %s: status %d", kind, code, w.Code)
			}
			bare := w.Code == 401 || w.Code == 403 || w.Code == 429
			if first := w.Body.String()[0]; bare != (first == '{') || w.Header().Get("Kith-Error-Code") != string(code) {
				t.Errorf("%s %s: %d %s %v", kind, code, w.Code, w.Body, w.Header())
			}
		}
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{fault.New(fault.TooMany, fault.CodeRateSecond, "Slow."), `{"error_key":"throttled","error_message":"Slow."}`},
		{fault.New(fault.TooMany, fault.CodeRateDay, "Enough."), `{"error_key":"quota_exceeded","error_message":"Enough."}`},
		{http.ErrBodyNotAllowed, `[{"error_key":"kith.api.internal_error","error_message":"The server failed to do this."}]`},
		{fault.ErrBusy, `[{"error_key":"kith.api.unavailable","error_message":"The database is busy; try again."}]`},
	} {
		w := httptest.NewRecorder()
		apikith.Refuse(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/kith/v1/me", nil), publicURL, c.err)
		if got := w.Body.String(); got != c.want {
			t.Errorf("%v: %s, want %s", c.err, got, c.want)
		}
	}
}
