// Package source reads an account from another server that speaks version 3 of
// the API, as package pull asks for it: within that server's rate, and again
// where it does not answer. What is made of it is the business of pull.
package source

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/clock"
	"kith/internal/domain/pull"
)

// Bounds of one question.
const (
	perPage   = 500      // v3 contract, GET /contacts limit
	maxAnswer = 64 << 20 // bytes
	tries     = 8
	firstWait = 500 * time.Millisecond
	longWait  = 30 * time.Second
)

// errNotThere is a server that does not have what is asked for, and so nothing
// of it.
var errNotThere = errors.New("the server does not have this")

// Options says which server is asked, and how.
type Options struct {
	// Server is its address: scheme and host, with or without /v3 behind.
	Server string
	// Token is an access token, or an access key of a Kith.
	Token string
	// Rate is how many calls a second it gets at most; zero sets no bound.
	Rate float64
	// Client makes the calls; nil means one with a time limit of a minute.
	Client *http.Client
	// Clock tells until when a server asks to wait; nil means the machine's.
	Clock clock.Clock
	// Wait passes time; nil means that it really does.
	Wait func(context.Context, time.Duration) error
}

// Server is another server. It is not safe for concurrent use.
type Server struct {
	o    Options
	base *url.URL
	pace *time.Ticker // nil without a bound
}

// New returns a server, which the caller closes. It fails for what is no
// address of the web.
func New(o Options) (*Server, error) {
	base, err := url.Parse(strings.TrimSuffix(strings.TrimRight(o.Server, "/"), "/v3"))
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.User != nil || base.RawQuery != "" {
		return nil, errors.New("the server must be an address such as https://example.org")
	}
	if o.Client == nil {
		o.Client = &http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
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

// wait lets time pass.
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

// get asks for a path below the server's address, as often as it takes, and
// decodes the answer.
func (s *Server) get(ctx context.Context, path string, into any) error {
	at, err := s.base.Parse(s.base.Path + path)
	if err != nil || at.Host != s.base.Host {
		return errors.New("the server named a next page that is not its own")
	}
	pause := firstWait
	for try := 1; ; try++ {
		if s.pace != nil {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-s.pace.C:
			}
		}
		again, after, err := s.ask(ctx, at.String(), into)
		if err == nil || !again || try == tries || ctx.Err() != nil {
			return err
		}
		if err := s.o.Wait(ctx, max(pause, after)); err != nil {
			return err
		}
		pause = min(2*pause, longWait)
	}
}

// ask asks once. again says that another try may do, after how long one should
// wait at least.
func (s *Server) ask(ctx context.Context, at string, into any) (again bool, after time.Duration, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return false, 0, err
	}
	r.Header.Set("Authorization", "Bearer "+s.o.Token)
	r.Header.Set("Accept", "application/json")
	answer, err := s.o.Client.Do(r)
	if err != nil {
		return true, 0, unaddressed(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	if err != nil {
		return true, 0, fmt.Errorf("the server broke off its answer: %w", err)
	}
	switch {
	case answer.StatusCode == http.StatusOK && len(body) > maxAnswer:
		return false, 0, errors.New("the server answered more than can be read at once")
	case answer.StatusCode == http.StatusOK:
		if err := json.Unmarshal(body, into); err != nil {
			return true, 0, fmt.Errorf("the server's answer is not what version 3 says: %w", err)
		}
		return false, 0, nil
	case answer.StatusCode == http.StatusTooManyRequests, answer.StatusCode >= 500 && answer.StatusCode != http.StatusNotImplemented:
		return true, s.retryAfter(answer.Header.Get("Retry-After")), refusal(answer.StatusCode, body)
	case answer.StatusCode == http.StatusBadRequest && strings.Contains(at, "cursor="):
		return false, 0, fmt.Errorf("%w: %w", pull.ErrCursor, refusal(answer.StatusCode, body))
	case answer.StatusCode == http.StatusNotImplemented:
		return false, 0, errNotThere
	}
	return false, 0, refusal(answer.StatusCode, body)
}

// unaddressed takes the address out of an error, since it may hold a cursor.
func unaddressed(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return fmt.Errorf("the server does not answer: %w", err)
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
func refusal(status int, body []byte) error {
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
		one.Message = http.StatusText(status)
	}
	return fmt.Errorf("the server refused with %d: %.300s", status, one.Message)
}
