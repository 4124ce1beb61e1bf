package respond

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// compressFrom is the size in bytes from which an answer is compressed where
// the client takes it; less is not worth the time.
const compressFrom = 1 << 10

// Encode returns v as JSON, with <, > and & as they are.
func Encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// JSON sends a body that is JSON.
func JSON(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	Body(w, r, status, "application/json", body)
}

// Body sends a body, compressed where that is asked for and worth it; a refusal
// goes as it is, so that every trace of it can be read.
func Body(w http.ResponseWriter, r *http.Request, status int, contentType string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Add("Vary", "Accept-Encoding")
	if len(body) >= compressFrom && status < http.StatusBadRequest && takesGzip(r.Header.Get("Accept-Encoding")) {
		packed := compress(body)
		defer buffers.Put(packed)
		h.Set("Content-Encoding", "gzip")
		body = packed.Bytes()
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that is gone needs no answer
}

// Stream sends n bytes of a file that is read as it is sent, compressed where
// that is asked for. When it fails, the answer has begun and must be broken
// off, so that half a file is not taken for the whole.
func Stream(w http.ResponseWriter, r *http.Request, contentType string, body io.Reader, n int64) error {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Add("Vary", "Accept-Encoding")
	if !takesGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Length", strconv.FormatInt(n, 10))
		w.WriteHeader(http.StatusOK)
		_, err := io.CopyN(w, body, n)
		return err
	}
	h.Set("Content-Encoding", "gzip")
	w.WriteHeader(http.StatusOK)
	z := writers.Get().(*gzip.Writer)
	defer writers.Put(z)
	z.Reset(w)
	if _, err := io.CopyN(z, body, n); err != nil {
		return err
	}
	return z.Close()
}

var (
	buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	writers = sync.Pool{New: func() any {
		z, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
		if err != nil {
			panic(err) // the level is a constant that exists
		}
		return z
	}}
)

// compress returns body compressed; the caller gives the buffer back.
func compress(body []byte) *bytes.Buffer {
	b, z := buffers.Get().(*bytes.Buffer), writers.Get().(*gzip.Writer)
	b.Reset()
	z.Reset(b)
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()        // the same
	writers.Put(z)
	return b
}

// takesGzip reports whether an Accept-Encoding names gzip, or anything, and
// does not refuse it (RFC 9110 §12.5.3).
func takesGzip(accept string) bool {
	takes := false
	for part := range strings.SplitSeq(accept, ",") {
		coding, weight, weighted := strings.Cut(part, ";")
		coding = strings.TrimSpace(coding)
		if !strings.EqualFold(coding, "gzip") && coding != "*" {
			continue
		}
		takes = true
		if weighted {
			_, q, _ := strings.Cut(weight, "=")
			f, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
			takes = err == nil && f > 0
		}
		if coding != "*" {
			return takes
		}
	}
	return takes
}

// Time is an instant in an answer: UTC, to the second (v3 contract, dates).
// With omitzero, the zero time is left out.
type Time time.Time

// IsZero reports whether there is no time.
func (t Time) IsZero() bool { return time.Time(t).IsZero() }

// MarshalText returns the time as answers show it.
func (t Time) MarshalText() ([]byte, error) { return AppendTime(nil, time.Time(t)), nil }

// AppendTime appends a time as answers show it.
func AppendTime(b []byte, t time.Time) []byte { return t.UTC().AppendFormat(b, "2006-01-02T15:04:05Z") }

// Day is a day in an answer, in UTC: YYYY-MM-DD. With omitzero, the zero time
// is left out.
type Day time.Time

// IsZero reports whether there is no day.
func (d Day) IsZero() bool { return time.Time(d).IsZero() }

// MarshalText returns the day as answers show it.
func (d Day) MarshalText() ([]byte, error) {
	return time.Time(d).UTC().AppendFormat(nil, time.DateOnly), nil
}

// AppendText appends a text in quotes, as Encode writes it.
func AppendText(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for at := 0; at < len(s); {
		c := s[at]
		if c < utf8.RuneSelf {
			if c >= ' ' && c != '"' && c != '\\' {
				at++
				continue
			}
			b = appendEscaped(append(b, s[from:at]...), c)
			at++
			from = at
			continue
		}
		r, size := utf8.DecodeRuneInString(s[at:])
		switch {
		case r == utf8.RuneError && size == 1:
			b = append(append(b, s[from:at]...), `\ufffd`...)
		case r == '\u2028', r == '\u2029': // line ends in old JavaScript
			b = append(append(b, s[from:at]...), `\u202`...)
			b = append(b, hex[r&0xf])
		default:
			at += size
			continue
		}
		at += size
		from = at
	}
	return append(append(b, s[from:]...), '"')
}

const hex = "0123456789abcdef"

func appendEscaped(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\b':
		return append(b, '\\', 'b')
	case '\f':
		return append(b, '\\', 'f')
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xf])
}
