package request_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kith/internal/base/fault"
	"kith/internal/domain/trace"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
)

// sent is what the log is told of a request with a body.
func sent(t *testing.T, body io.Reader, change func(*http.Request), serve http.HandlerFunc) (rec trace.Record) {
	t.Helper()
	h := request.Begin(request.Options{
		Keep:  func(*http.Request) bool { return true },
		Ended: func(r *http.Request, e *request.Entry) { rec = request.Record(r, e) },
	}, serve)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://kith.test/ws/customers/Ann%40moor.example/lists?api_key=k&x=1", body)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "curl/8")
	if change != nil {
		change(r)
	}
	h.ServeHTTP(httptest.NewRecorder(), r)
	return rec
}

func refuse(w http.ResponseWriter, r *http.Request) {
	f := fault.ErrInvalid.With(fault.Problem{Path: "name", Message: "is missing"})
	respond.Failure(w, r, "https://kith.test", f)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_, _ = io.WriteString(w, `[{"error_key":"x"}]`)
}

func TestWhatTheLogIsToldOfARefusal(t *testing.T) {
	got := sent(t, strings.NewReader(`{"a":1}`), nil, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		refuse(w, r)
	})
	if got.Status != 400 || got.Code != "request.invalid" || got.Fault == nil || got.In != 7 || got.Out != 19 || got.Agent != "curl/8" ||
		got.Path != "/ws/customers/Ann@moor.example/lists" || got.Query != "api_key=k&x=1" ||
		got.Named != (trace.Named{ClientID: "k", Username: "Ann@moor.example"}) {
		t.Errorf("got %+v", got)
	}
	if string(got.Body.Data) != `{"a":1}` || got.Body.Cut || got.Body.Media != "application/json" ||
		string(got.Answer.Data) != `[{"error_key":"x"}]` || got.Answer.Cut || got.Answer.Media != "application/json" {
		t.Errorf("bodies %+v, %+v", got.Body, got.Answer)
	}
}

func TestWhichBodiesAreKept(t *testing.T) {
	long := strings.Repeat("x", trace.MaxBody+5)
	read := func(next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.ReadAll(r.Body)
			next(w, r)
		}
	}
	for _, c := range []struct {
		name   string
		body   string
		change func(*http.Request)
		serve  http.HandlerFunc
		want   string
		cut    bool
	}{
		{"of a request that was refused unread", "abc", nil, refuse, "abc", false},
		{"the beginning of a long one", long, nil, read(refuse), long[:trace.MaxBody], true},
		{"none that is long and unread", long, nil, refuse, "", false},
		{"none that the client has not begun to send", "abc", func(r *http.Request) { r.Header.Set("Expect", "100-continue") }, refuse, "", false},
		{"none whose length is unknown, unread", "abc", func(r *http.Request) { r.ContentLength = -1 }, refuse, "", false},
		{"none of a success", "abc", nil, read(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }), "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := sent(t, strings.NewReader(c.body), c.change, c.serve)
			if string(got.Body.Data) != c.want || got.Body.Cut != c.cut {
				t.Errorf("kept %d bytes, cut %v", len(got.Body.Data), got.Body.Cut)
			}
		})
	}
}
