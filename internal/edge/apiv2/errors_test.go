package apiv2_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"kith/internal/edge/apiv2"
)

func TestWhatIsNotBuiltSaysSo(t *testing.T) {
	w := httptest.NewRecorder()
	apiv2.New("https://kith.test").ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/x", nil))
	if got := w.Code; got != http.StatusNotImplemented {
		t.Errorf("status %d, want 501", got)
	}
	if got := w.Header().Get("Kith-Error-Code"); got != "operation.not_built" {
		t.Errorf("Kith-Error-Code %q", got)
	}
	if got := w.Body.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

const want = `[{"error_key":"http.status.not_implemented","error_message":"This server does not answer version 2 of the API yet."}]`
