package respond_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"kith/internal/base/fault"
	"kith/internal/edge/respond"
)

func TestStatus(t *testing.T) {
	for _, c := range []struct {
		f    *fault.Error
		want int
	}{
		{fault.ErrInvalid, 400},
		{fault.New(fault.Unauthenticated, fault.CodeTokenExpired, "x"), 401},
		{fault.ErrScope, 403},
		{fault.ErrNotFound, 404},
		{fault.New(fault.Invalid, fault.CodeMethod, "x"), 405},
		{fault.ErrConflict, 409},
		{fault.New(fault.Gone, fault.CodeLink, "x"), 410},
		{fault.New(fault.Invalid, fault.CodeTooLarge, "x"), 413},
		{fault.New(fault.Unsupported, fault.CodeMediaType, "x"), 415},
		{fault.New(fault.TooMany, fault.CodeRateDay, "x"), 429},
		{fault.Of(errors.New("x")), 500},
		{fault.New(fault.Unsupported, fault.CodeNotBuilt, "x"), 501},
		{fault.ErrBusy, 503},
	} {
		if got := respond.Status(c.f); got != c.want {
			t.Errorf("%s: got %d, want %d", c.f.Code, got, c.want)
		}
	}
}

func TestHeadersOfAFailure(t *testing.T) {
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	respond.Failure(w, r, "https://kith.test", fault.ErrBusy.After(1500*time.Millisecond))
	for name, want := range map[string]string{
		"Kith-Error-Code": "resource.busy",
		"Link":            `<https://kith.test/errors/resource.busy>; rel="help"`,
		"Retry-After":     "2",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
}
