// Package call makes calls of other servers that speak version 3 of the API,
// and of Kiths: within a rate, and again where one does not answer. What is
// asked, and what is made of the answers, is left to packages source and remote.
package call

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/clock"
)

// Bounds of one question.
const (
	maxAnswer = 64 << 20 // bytes of an answer that is decoded
	tries     = 8        // without any progress
	firstWait = 500 * time.Millisecond
	longWait  = 30 * time.Second
	patience  = time.Minute // with a server that sends and takes nothing
	// surveyed is how long a server may think about what it was sent.
	surveyed = 5 * time.Minute
)

const mediaJSON = "application/json"

// Options says which server is asked, and how.
type Options struct {
	// Server is its address: scheme and host, with or without /v3 behind.
	Server string
	// Token is an access token, or an access key of a Kith.
	Token string
	// Rate is how many calls a second it gets at most; zero sets no bound.
	Rate float64
	// Waiting, where it is given, hears before each wait why there is one.
	Waiting func(why error, d time.Duration)
	// Impatient gives up at once on a server that was never reached.
	Impatient bool
	// Client makes the calls; nil means one that follows no redirection.
	Client *http.Client
	// Clock tells until when a server asks to wait; nil means the machine's.
	Clock clock.Clock
	// Wait passes time; nil means that it really does.
	Wait func(context.Context, time.Duration) error
}

// Server is another server. It is not safe for concurrent use.
type Server struct {
	o       Options
	base    *url.URL
	pace    *time.Ticker // nil without a bound
	reached bool
}

// New returns a server, which the caller closes. It fails for what is no
// address of the web.
func New(o Options) (*Server, error) {
	base, err := url.Parse(strings.TrimSuffix(strings.TrimRight(o.Server, "/"), "/v3"))
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.User != nil || base.RawQuery != "" {
		return nil, errors.New("the server must be an address such as https://example.org")
	}
	if o.Client == nil {
		o.Client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Wait == nil {
		o.Wait = wait
	}
	s := &Server{o: o, base: base}
	if o.Rate > 0 {
		s.pace = time.NewTicker(time.Duration(float64(time.Second) / o.Rate))
	}
	return s, nil
}

// Close stops the server's pace.
func (s *Server) Close() {
	if s.pace != nil {
		s.pace.Stop()
	}
}

// Name returns the server's address.
func (s *Server) Name() string { return s.base.String() }

// Wait lets time pass.
func (s *Server) Wait(ctx context.Context, d time.Duration) error { return s.o.Wait(ctx, d) }

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// RefusalError is what a server answered instead of what it was asked for.
type RefusalError struct {
	Status int
	// Code is the stable code of a Kith; other servers have none.
	Code string
	// Message is in the server's words where it has any.
	Message string
	// after is how long it asks to wait.
	after time.Duration
}

// Error returns the status and the message.
func (r *RefusalError) Error() string {
	return fmt.Sprintf("the server refused with %d: %s", r.Status, r.Message)
}

// FaultCode returns the code.
func (r *RefusalError) FaultCode() string { return r.Code }

// passing reports whether the same may be answered later.
func (r *RefusalError) passing() bool {
	return r.Status == http.StatusTooManyRequests || r.Status >= 500 && r.Status != http.StatusNotImplemented
}

// brokenError is a question that got no whole answer.
type brokenError struct {
	error

	unsent bool // the server certainly has not heard it
}

func (e brokenError) Unwrap() error { return e.error }

// Get asks for a path below the server's address, as often as it takes, and
// decodes the answer.
func (s *Server) Get(ctx context.Context, path string, into any) error {
	return s.again(ctx, func() (bool, error) {
		return false, s.decoded(ctx, http.MethodGet, path, Body{}, into)
	}, func(error) bool { return true })
}

// Body is what is sent to a server. Open may be called several times.
type Body struct {
	Type string
	Open func() (io.ReadCloser, error)
}

// JSON returns a value as a body.
func JSON(v any) Body {
	return Body{mediaJSON, func() (io.ReadCloser, error) {
		text, err := json.Marshal(v)
		return io.NopCloser(strings.NewReader(string(text))), err
	}}
}

// Repeat says when a body is sent again after a call that got no answer.
type Repeat bool

// The kinds of repeating.
const (
	// Unheard repeats what the server certainly did not take: it refused for
	// the moment, or was not reached.
	Unheard Repeat = false
	// Always repeats also what the server may have taken.
	Always Repeat = true
)

// Send posts a body to a path below the server's address and decodes the
// answer.
func (s *Server) Send(ctx context.Context, path string, body Body, repeat Repeat, into any) error {
	return s.again(ctx, func() (bool, error) {
		return false, s.decoded(ctx, http.MethodPost, path, body, into)
	}, func(err error) bool {
		if r, ok := errors.AsType[*RefusalError](err); ok {
			return bool(repeat) || r.Status == http.StatusTooManyRequests || r.Status == http.StatusServiceUnavailable
		}
		b, ok := errors.AsType[brokenError](err)
		return bool(repeat) || ok && b.unsent
	})
}

// Download writes what is at a path, which must always be the same, to a writer
// and returns how much it was. Where the server breaks off it is asked again,
// and what came before is passed over.
func (s *Server) Download(ctx context.Context, path string, to io.Writer) (n int64, err error) {
	err = s.again(ctx, func() (progress bool, err error) {
		before := n
		err = s.answer(ctx, http.MethodGet, path, "*/*", Body{}, func(body io.Reader) error {
			if _, err := io.CopyN(io.Discard, body, before); err != nil {
				return broken(err)
			}
			out := writer{to: to}
			got, err := io.Copy(&out, body)
			n += got
			switch {
			case out.err != nil:
				return out.err
			case err != nil:
				return broken(err)
			}
			return nil
		})
		return n > before, err
	}, func(error) bool { return true })
	return n, err
}

// writer keeps its error, to tell it from that of what is read.
type writer struct {
	to  io.Writer
	err error
}

func (w *writer) Write(p []byte) (n int, err error) {
	n, err = w.to.Write(p)
	if err != nil {
		w.err = err
	}
	return n, err
}

// again does something that may be tried again where repeatable says so, until
// it is done or tries without progress are used up.
func (s *Server) again(ctx context.Context, do func() (progress bool, err error), repeatable func(error) bool) error {
	pause := firstWait
	for try := 1; ; try++ {
		if s.pace != nil {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-s.pace.C:
			}
		}
		progress, err := do()
		if progress {
			try, pause = 1, firstWait
		}
		var after time.Duration
		refusal, refused := errors.AsType[*RefusalError](err)
		_, isBroken := errors.AsType[brokenError](err)
		switch {
		case err == nil, ctx.Err() != nil, try == tries, !repeatable(err):
			return err
		case refused && refusal.passing():
			after = refusal.after
		case refused, !isBroken, s.o.Impatient && !s.reached:
			return err
		}
		d := max(pause, after)
		if s.o.Waiting != nil {
			s.o.Waiting(err, d)
		}
		if err := s.o.Wait(ctx, d); err != nil {
			return err
		}
		pause = min(2*pause, longWait)
	}
}

// decoded asks once and decodes the answer.
func (s *Server) decoded(ctx context.Context, method, path string, body Body, into any) error {
	return s.answer(ctx, method, path, mediaJSON, body, func(r io.Reader) error {
		text, err := io.ReadAll(io.LimitReader(r, maxAnswer+1))
		switch {
		case err != nil:
			return broken(err)
		case len(text) > maxAnswer:
			return errors.New("the server answered more than can be read at once")
		case into == nil:
			return nil
		}
		if err := json.Unmarshal(text, into); err != nil {
			return brokenError{error: fmt.Errorf("the server's answer is not what its API says: %w", err)}
		}
		return nil
	})
}

func broken(err error) error {
	return brokenError{error: fmt.Errorf("the server broke off its answer: %w", err)}
}

// answer asks once and hands the body of a good answer to read.
func (s *Server) answer(ctx context.Context, method, path, accept string, body Body, read func(io.Reader) error) error {
	at, err := s.base.Parse(s.base.Path + path)
	if err != nil || at.Host != s.base.Host {
		return errors.New("the server named a next page that is not its own")
	}
	ctx, watch := watched(ctx, patience)
	defer watch.end()
	var sent io.Reader
	if body.Open != nil {
		file, err := body.Open()
		if err != nil {
			return err
		}
		defer file.Close()
		watch.allow(surveyed)
		sent = moving{file, watch}
	}
	r, err := http.NewRequestWithContext(ctx, method, at.String(), sent)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+s.o.Token)
	r.Header.Set("Accept", accept)
	if body.Type != "" {
		r.Header.Set("Content-Type", body.Type)
	}
	answer, err := s.o.Client.Do(r)
	if err != nil {
		return unanswered(ctx, err)
	}
	defer answer.Body.Close()
	s.reached = true
	watch.allow(patience)
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		text, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<20)) // else there are no words
		return s.refusal(answer, text)
	}
	err = read(moving{answer.Body, watch})
	if err != nil && errors.Is(context.Cause(ctx), errStalled) {
		return broken(errStalled)
	}
	return err
}

// unanswered says that a server does not answer. The address is left out, since
// it may hold a cursor.
func unanswered(ctx context.Context, err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	if cause := context.Cause(ctx); errors.Is(cause, errStalled) {
		err = cause
	}
	op, ok := errors.AsType[*net.OpError](err)
	return brokenError{fmt.Errorf("the server does not answer: %w", err), ok && op.Op == "dial"}
}

// retryAfter reads the header of that name: seconds, or a time (RFC 9110
// §10.2.3).
func (s *Server) retryAfter(text string) time.Duration {
	if n, err := strconv.Atoi(text); err == nil {
		return max(0, time.Duration(n)*time.Second)
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(s.o.Clock.Now()))
	}
	return 0
}

// refusal says what a server refused, in its own words where it has any.
func (s *Server) refusal(answer *http.Response, body []byte) error {
	type element struct {
		Message string `json:"error_message"`
	}
	var (
		one element
		all []element
	)
	if json.Unmarshal(body, &all) == nil && len(all) > 0 {
		one = all[0]
	} else {
		_ = json.Unmarshal(body, &one) // else it has no words
	}
	if one.Message == "" {
		one.Message = http.StatusText(answer.StatusCode)
	}
	return &RefusalError{
		Status: answer.StatusCode, Code: answer.Header.Get("Kith-Error-Code"), Message: fmt.Sprintf("%.300s", one.Message),
		after: s.retryAfter(answer.Header.Get("Retry-After")),
	}
}
