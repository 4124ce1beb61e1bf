package request_test

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"kith/internal/base/fault"
	"kith/internal/edge/request"
)

// run sends one request and returns the answer and the entry at its end.
func run(t *testing.T, o request.Options, serve http.HandlerFunc, change func(*http.Request)) (*httptest.ResponseRecorder, request.Entry) {
	t.Helper()
	var ended []request.Entry
	o.Ended = func(_ *http.Request, e *request.Entry) { ended = append(ended, *e) }
	o.Refuse = func(w http.ResponseWriter, r *http.Request, err error) {
		request.Of(r.Context()).Code = fault.Of(err).Code
		w.WriteHeader(500)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://kith.test/x", nil)
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	func() {
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler { //nolint:errorlint // a panic's value
				t.Errorf("panicked with %v", p)
			}
		}()
		request.Begin(o, serve).ServeHTTP(w, r)
	}()
	if len(ended) != 1 {
		t.Fatalf("told of %d ends", len(ended))
	}
	return w, ended[0]
}

func TestWhoSentIt(t *testing.T) {
	proxies := request.Proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	type header map[string][]string
	for _, c := range []struct {
		name, remote string
		header       header
		peer, host   string
		secure       bool
	}{
		{"nobody between", "192.0.2.1:5", nil, "192.0.2.1", "kith.test", false},
		{"a stranger's headers count for nothing", "192.0.2.1:5", header{
			"X-Forwarded-For": {"198.51.100.9"}, "X-Forwarded-Proto": {"https"}, "X-Forwarded-Host": {"evil.test"},
		}, "192.0.2.1", "kith.test", false},
		{"a trusted proxy is believed", "10.0.0.1:5", header{
			"X-Forwarded-For": {"198.51.100.9"}, "X-Forwarded-Proto": {"https"}, "X-Forwarded-Host": {"shown.test"},
		}, "198.51.100.9", "shown.test", true},
		{"what the client itself wrote is not", "10.0.0.1:5", header{
			"X-Forwarded-For": {"203.0.113.7, 198.51.100.9"}, "X-Forwarded-Proto": {"https, http"},
		}, "198.51.100.9", "kith.test", false},
		{"two proxies, two header lines", "[::1]:5", header{
			"X-Forwarded-For": {"198.51.100.9", "10.9.9.9"},
		}, "198.51.100.9", "kith.test", false},
		{"ports and brackets", "[::1]:5", header{
			"X-Forwarded-For": {"[2001:db8::7]:443, 10.1.1.1:80"},
		}, "2001:db8::7", "kith.test", false},
		{"a hop that is no address ends the chain", "10.0.0.1:5", header{
			"X-Forwarded-For": {"198.51.100.9, unknown"},
		}, "10.0.0.1", "kith.test", false},
		{"IPv4 in IPv6", "[::ffff:10.0.0.1]:5", header{"X-Forwarded-For": {"::ffff:198.51.100.9"}}, "198.51.100.9", "kith.test", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, e := run(t, request.Options{Proxies: proxies}, func(http.ResponseWriter, *http.Request) {}, func(r *http.Request) {
				r.RemoteAddr = c.remote
				maps.Copy(r.Header, http.Header(c.header))
			})
			if e.Peer.String() != c.peer || e.Host != c.host || e.Secure != c.secure {
				t.Errorf("got %s %s %v, want %s %s %v", e.Peer, e.Host, e.Secure, c.peer, c.host, c.secure)
			}
		})
	}
}

func TestHowItEnds(t *testing.T) {
	boom := errors.New("boom")
	for _, c := range []struct {
		name   string
		serve  http.HandlerFunc
		status int
		bytes  int64
		code   string
		cause  string
	}{
		{"written", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "four") }, 200, 4, "", ""},
		{"nothing written", func(http.ResponseWriter, *http.Request) {}, 200, 0, "", ""},
		{"hints before the answer", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(103); w.WriteHeader(404) }, 404, 0, "", ""},
		{"copied", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.Copy(w, strings.NewReader("four")) }, 200, 4, "", ""},
		{"panic", func(http.ResponseWriter, *http.Request) { panic(boom) }, 500, 0, "server.internal", "panic: boom"},
		{"panic half way", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ha"); panic(boom) }, 200, 2, "", "panic: boom"},
		{"aborted", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 499, 0, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, e := run(t, request.Options{}, c.serve, nil)
			if e.Status != c.status || e.Bytes != c.bytes || e.Code != c.code {
				t.Errorf("got %d, %d bytes, %q; want %d, %d, %q", e.Status, e.Bytes, e.Code, c.status, c.bytes, c.code)
			}
			if (e.Cause == nil) != (c.cause == "") || e.Cause != nil && !strings.HasPrefix(e.Cause.Error(), c.cause) {
				t.Errorf("cause %v, want %q", e.Cause, c.cause)
			}
			if got := w.Header().Get("Kith-Request-Id"); len(got) != 36 || got != e.ID {
				t.Errorf("Kith-Request-Id %q, entry %q", got, e.ID)
			}
		})
	}
}

func TestPlainHTTPIsRefusedWhereHTTPSIsRequired(t *testing.T) {
	o := request.Options{RequireHTTPS: true, Plain: []string{"/healthz"}, Proxies: request.Proxies{netip.MustParsePrefix("192.0.2.0/24")}}
	for _, c := range []struct {
		path, proto, code string
	}{
		{"/x", "", "request.https_required"},
		{"/x", "https", ""},
		{"/healthz", "", ""},
		{"/healthz/more", "", "request.https_required"},
	} {
		served := false
		_, e := run(t, o, func(http.ResponseWriter, *http.Request) { served = true }, func(r *http.Request) {
			r.URL.Path = c.path
			if c.proto != "" {
				r.Header.Set("X-Forwarded-Proto", c.proto)
			}
		})
		if e.Code != c.code || served != (c.code == "") {
			t.Errorf("%s %s: code %q, served %v", c.path, c.proto, e.Code, served)
		}
	}
}

func TestAnEntryOutsideOfARequest(t *testing.T) {
	request.Of(t.Context()).Code = "x"
	if got := request.Of(t.Context()).Code; got != "" {
		t.Errorf("kept %q", got)
	}
}
