package respond_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kith/internal/edge/respond"
)

func TestGzipWhereItIsAskedForAndWorthIt(t *testing.T) {
	long := `{"a":"` + strings.Repeat("kith ", 1000) + `"}`
	for _, c := range []struct {
		accept, body string
		packed       bool
	}{
		{"gzip", long, true},
		{"deflate, GZIP;q=0.5", long, true},
		{"*", long, true},
		{"gzip", "{}", false},
		{"", long, false},
		{"identity", long, false},
		{"gzip;q=0, *", long, false},
		{"*;q=0, gzip", long, true},
		{"gzip; q=0.0", long, false},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", c.accept)
		w := httptest.NewRecorder()
		respond.JSON(w, r, 200, []byte(c.body))
		if packed := w.Header().Get("Content-Encoding") == "gzip"; packed != c.packed {
			t.Errorf("%q: packed %v", c.accept, packed)
			continue
		}
		var body io.Reader = w.Body
		if c.packed {
			var err error
			if body, err = gzip.NewReader(w.Body); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := io.ReadAll(body); err != nil || string(got) != c.body {
			t.Errorf("%q: got %d bytes, %v", c.accept, len(got), err)
		}
		if w.Header().Get("Vary") != "Accept-Encoding" || w.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%q: headers %v", c.accept, w.Header())
		}
	}
}

func TestEncode(t *testing.T) {
	got, err := respond.Encode(struct {
		Text string       `json:"text"`
		At   respond.Time `json:"at"`
		None respond.Time `json:"none,omitzero"`
	}{"<b>&", respond.Time(time.Date(2026, 3, 1, 18, 5, 9, 123e6, time.FixedZone("", 3600))), respond.Time{}})
	if want := `{"text":"<b>&","at":"2026-03-01T17:05:09Z"}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestCORS(t *testing.T) {
	w := httptest.NewRecorder()
	respond.Preflight(w)
	if w.Code != http.StatusNoContent || w.Header().Get("Access-Control-Allow-Origin") != "*" ||
		!strings.Contains(w.Header().Get("Access-Control-Allow-Headers"), "Authorization") || w.Header().Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	respond.NoCORS(w.Header())
	for name := range w.Header() {
		if strings.HasPrefix(name, "Access-Control-Allow-") || strings.HasPrefix(name, "Access-Control-Expose") {
			t.Errorf("%s is still there", name)
		}
	}
}

func FuzzAppendText(f *testing.F) {
	f.Add("plain")
	f.Add("\x00\x1f\"\\\b\f\n\r\t<>&\u2028\u2029é€\U0001f600\xff\xc3")
	f.Fuzz(func(t *testing.T, s string) {
		want, err := respond.Encode(s)
		if got := respond.AppendText(nil, s); err != nil || string(got) != string(want) {
			t.Errorf("got %s, want %s, %v", got, want, err)
		}
	})
}
