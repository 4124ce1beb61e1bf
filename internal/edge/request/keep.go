package request

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"strings"

	"kith/internal/domain/trace"
)

// note notes what was read of a body.
func (b *patientBody) note(p []byte) {
	b.entry.Read += int64(len(p))
	if room := trace.MaxBody - len(b.entry.Body); b.keep && room > 0 {
		b.entry.Body = append(b.entry.Body, p[:min(len(p), room)]...)
	}
}

// keeper keeps the beginnings of both bodies of a request that fails.
type keeper struct {
	entry   *Entry
	request *http.Request
	body    *patientBody
}

// refused is called before the head of a refusal is sent. What a request was
// refused for without its body being looked at is read now, where that is
// little: the server of HTTP/1 itself would read it and throw it away before
// it sends the head.
func (k *keeper) refused(h http.Header) {
	k.entry.AnswerMedia = h.Get("Content-Type")
	r := k.request
	left := r.ContentLength - k.entry.Read
	if r.ProtoMajor != 1 || k.body.ReadCloser == nil || r.ContentLength > trace.MaxBody || left <= 0 || r.Header.Get("Expect") != "" {
		return
	}
	_, err := io.CopyN(io.Discard, k.body, left)
	if err != nil && !errors.Is(err, io.EOF) {
		k.entry.Body = nil // a body that broke off says nothing
	}
}

// answer keeps what is sent of a refusal.
func (k *keeper) answer(p []byte) {
	if room := trace.MaxAnswer - len(k.entry.Answer); room > 0 {
		k.entry.Answer = append(k.entry.Answer, p[:min(len(p), room)]...)
	}
}

// Record returns what the request log is told of a request that has ended.
func Record(r *http.Request, e *Entry) trace.Record {
	rec := trace.Record{
		Account: e.Account, Named: e.Named, Fault: e.Fault,
		Request: trace.Request{
			UID: e.UID, Took: e.Took, API: e.API, Method: e.Method, Route: e.Route, Path: cmp.Or(e.Path, r.URL.Path), Query: r.URL.RawQuery,
			Status: e.Status, Code: e.Code, Application: e.Application, User: e.User, Via: string(e.Via), Claimed: e.Unproven,
			Agent: r.UserAgent(), In: max(e.Read, r.ContentLength), Out: e.Bytes,
		},
	}
	if e.Peer.IsValid() {
		rec.Address = e.Peer.String()
	}
	if rec.Account == 0 && rec.Named.IsZero() {
		rec.Named = named(r)
	}
	if !rec.Failed() {
		return rec
	}
	rec.Body = trace.Kept{Media: r.Header.Get("Content-Type"), Data: e.Body, Cut: e.Read > int64(len(e.Body))}
	rec.Answer = trace.Kept{Media: e.AnswerMedia, Data: e.Answer, Cut: e.Bytes > int64(len(e.Answer))}
	return rec
}

// named returns whom a request names in its address: an application by its
// API key, a user of v1 by the name in the path.
func named(r *http.Request) (n trace.Named) {
	q := ParseQuery(r.URL.RawQuery)
	for _, key := range []string{"api_key", "client_id"} {
		if id, ok := q.Text(key); ok {
			n.ClientID = id
		}
	}
	if rest, ok := strings.CutPrefix(r.URL.Path, "/ws/customers/"); ok {
		n.Username, _, _ = strings.Cut(rest, "/")
	}
	return n
}
