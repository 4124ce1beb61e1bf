package request

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"slices"
	"time"

	"kith/internal/base/clock"
	"kith/internal/base/fault"
	"kith/internal/base/id"
)

// statusGone is told of a client that went away before any answer.
const statusGone = 499

// ErrHTTPS is a request by plain http where the operator requires https.
var ErrHTTPS = fault.New(fault.Forbidden, fault.CodeHTTPSRequired,
	"This server takes requests by https only; the address began with http.")

// Options says how requests begin and end.
type Options struct {
	// Proxies are the peers whose X-Forwarded headers are believed.
	Proxies Proxies
	// RequireHTTPS refuses plain http, except to the paths in Plain.
	RequireHTTPS bool
	Plain        []string
	// Refuse answers with an error in the form of the path's API.
	Refuse func(http.ResponseWriter, *http.Request, error)
	// Keep reports whether the beginnings of the bodies of a request are kept
	// in its entry, should it fail; nil keeps none.
	Keep func(*http.Request) bool
	// Ended is told of every request when it has ended; it may not keep the
	// entry.
	Ended func(*http.Request, *Entry)
}

// Begin returns a handler that gives each request its entry, hands it to next,
// and tells of its end. A panic in next is answered as a fault of the server.
func Begin(o Options, next http.Handler) http.Handler {
	uids := id.NewSource()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		watch := clock.Start()
		uid := uids.UID(clock.System{}.Now())
		e := &Entry{UID: uid, ID: uid.String(), Method: r.Method}
		e.Peer, e.Host, e.Secure = o.Proxies.client(r)
		r = r.WithContext(with(r.Context(), e))
		out := &recorder{ResponseWriter: w, conn: http.NewResponseController(w)}
		body := &patientBody{ReadCloser: r.Body, conn: out.conn, entry: e}
		if o.Keep != nil && o.Keep(r) {
			out.keep = &keeper{e, r, body}
			body.keep, e.Kept = true, true
		}
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = body
		}
		_ = out.conn.SetWriteDeadline(time.Time{}) // that of the connection's last request
		out.Header().Set("Kith-Request-Id", e.ID)
		cut := false
		defer func() {
			e.Status, e.Bytes, e.Took = out.status, out.bytes, watch.Elapsed()
			if e.Status == 0 && (cut || r.Context().Err() != nil) {
				e.Status = statusGone
			} else if e.Status == 0 {
				e.Status = http.StatusOK // what the server sends for a handler that wrote nothing
			}
			o.Ended(r, e)
			if cut {
				panic(http.ErrAbortHandler) // the server closes the connection
			}
		}()
		cut = guard(out, r, e, o.Refuse, func() {
			if o.RequireHTTPS && !e.Secure && !slices.Contains(o.Plain, r.URL.Path) {
				o.Refuse(out, r, ErrHTTPS)
				return
			}
			next.ServeHTTP(out, r)
		})
	})
}

// guard runs serve. A panic before anything was sent is answered; afterwards
// the answer must be cut off, so that half of it is not taken for all.
func guard(out *recorder, r *http.Request, e *Entry, refuse func(http.ResponseWriter, *http.Request, error), serve func()) (cut bool) {
	defer func() {
		switch broken := recover(); broken {
		case nil:
		case http.ErrAbortHandler:
			cut = true
		default:
			err := fmt.Errorf("panic: %v\n%s", broken, debug.Stack())
			e.Cause, e.Broken = err, true
			if cut = out.status != 0; !cut {
				refuse(out, r, err)
			}
		}
	}()
	serve()
	return false
}

// recorder notes what is sent.
type recorder struct {
	http.ResponseWriter
	conn   *http.ResponseController
	status int
	bytes  int64
	keep   *keeper // nil where nothing is kept
}

// WriteHeader notes the status; 1xx answers are not the last one.
func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		w.status = status
		if w.keep != nil && status >= http.StatusBadRequest {
			w.keep.refused(w.Header())
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	w.begin()
	if w.keep != nil && w.status >= http.StatusBadRequest {
		w.keep.answer(b)
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// ReadFrom keeps the server's way of sending files without copying.
func (w *recorder) ReadFrom(r io.Reader) (int64, error) {
	var n int64
	for {
		w.begin()
		m, err := io.CopyN(w.ResponseWriter, r, stretch)
		n += m
		w.bytes += m
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return n, err
		}
	}
}

// stretch is how much of a file is sent before the client is waited for anew.
const stretch = 4 << 20

// begin notes that something is sent, and waits for the client to take it.
func (w *recorder) begin() {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	_ = w.conn.SetWriteDeadline(clock.System{}.Now().Add(patience))
}

// Unwrap is for http.ResponseController.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
