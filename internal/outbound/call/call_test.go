package call_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"kith/internal/outbound/call"
)

// ask returns a server that is asked without waiting.
func ask(t *testing.T, h http.HandlerFunc, o call.Options) *call.Server {
	t.Helper()
	there := httptest.NewServer(h)
	t.Cleanup(there.Close)
	o.Server, o.Token = there.URL, "key"
	o.Wait = func(context.Context, time.Duration) error { return nil }
	s, err := call.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// A file comes whole however often the server breaks off, as long as something
// comes each time; compressed or not.
func TestDownloadGoesOn(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	for i := range 20_000 {
		file.WriteString(strconv.Itoa(i * i * i))
	}
	want := file.String()
	for _, packed := range []bool{false, true} {
		calls, heard := 0, 0
		s := ask(t, func(w http.ResponseWriter, _ *http.Request) {
			calls++
			body := []byte(want)
			if packed {
				var b bytes.Buffer
				z := gzip.NewWriter(&b)
				_, _ = io.WriteString(z, want) // a buffer takes everything
				_ = z.Close()                  // the same
				body = b.Bytes()
				w.Header().Set("Content-Encoding", "gzip")
			}
			end := calls * len(body) / 12 // more tries than there are without progress
			if calls == 5 {
				w.WriteHeader(503)
				return
			}
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			_, _ = w.Write(body[:min(end, len(body))]) // who is gone hears nothing
		}, call.Options{Waiting: func(error, time.Duration) { heard++ }})
		var got bytes.Buffer
		n, err := s.Download(t.Context(), "/file", &got)
		if err != nil || n != int64(len(want)) || got.String() != want {
			t.Errorf("packed %v: %d bytes of %d, %v", packed, n, len(want), err)
		}
		if calls < 10 || heard != calls-1 {
			t.Errorf("packed %v: %d calls, %d waits", packed, calls, heard)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func TestWhatIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	calls := 0
	s := ask(t, func(w http.ResponseWriter, r *http.Request) {
		calls++
		switch r.URL.Path {
		case "/broken":
			panic(http.ErrAbortHandler)
		case "/gone":
			w.Header().Set("Kith-Error-Code", "resource.not_found")
			w.WriteHeader(404)
			_, _ = io.WriteString(w, `[{"error_message": "There is no such file."}]`)
		default:
			_, _ = io.WriteString(w, strings.Repeat("x", 1<<20))
		}
	}, call.Options{})
	if _, err := s.Download(t.Context(), "/file", full{}); err == nil || !strings.Contains(err.Error(), "disk is full") {
		t.Errorf("a full disk: %v", err)
	}
	_, err := s.Download(t.Context(), "/gone", io.Discard)
	if r, ok := errors.AsType[*call.RefusalError](err); !ok || r.Code != "resource.not_found" || r.Message != "There is no such file." {
		t.Errorf("a file that is gone: %v", err)
	}
	if err := s.Send(t.Context(), "/broken", call.JSON(1), call.Unheard, nil); err == nil {
		t.Error("no answer is taken for one")
	}
	if calls != 3 {
		t.Errorf("%d calls, want one each", calls)
	}
}

func TestABodyIsSentAgain(t *testing.T) {
	t.Parallel()
	calls := 0
	s := ask(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if calls++; calls < 4 {
			if calls == 2 {
				panic(http.ErrAbortHandler)
			}
			w.WriteHeader(503)
			return
		}
		_, _ = w.Write(body)
	}, call.Options{})
	var got map[string]int
	if err := s.Send(t.Context(), "/x", call.JSON(map[string]int{"a": 1}), call.Always, &got); err != nil || got["a"] != 1 || calls != 4 {
		t.Errorf("%v, %v after %d calls", got, err, calls)
	}
	if err := s.Send(t.Context(), "/x", call.Body{Open: func() (io.ReadCloser, error) { return nil, errors.New("no such file") }}, call.Always, nil); err == nil ||
		err.Error() != "no such file" || calls != 4 {
		t.Errorf("a body that is not there: %v", err)
	}
}

func TestAServerThatIsNotThere(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	waits := 0
	wait := func(context.Context, time.Duration) error { waits++; return nil }
	for _, impatient := range []bool{true, false} {
		s, err := call.New(call.Options{Server: gone.URL, Impatient: impatient, Wait: wait})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if err := s.Send(t.Context(), "/x", call.JSON(1), call.Unheard, nil); err == nil || !strings.Contains(err.Error(), "does not answer") {
			t.Errorf("got %v", err)
		}
		if (waits == 0) != impatient {
			t.Errorf("impatient %v: %d waits", impatient, waits)
		}
	}
}
