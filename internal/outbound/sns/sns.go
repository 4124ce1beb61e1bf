// Package sns asks Amazon for what its notification service names: the
// certificates that it signs with, and the confirmation of a subscription.
// Which addresses may be asked is checked before, by edge/notice.
package sns

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	// maxAnswer is the largest answer that is read, in bytes.
	maxAnswer = 64 << 10
	patience  = 10 * time.Second
)

// Client asks. It is safe for concurrent use.
type Client struct{ http *http.Client }

// New returns a client. A nil transport means the usual one.
func New(t http.RoundTripper) *Client {
	return &Client{&http.Client{
		Transport: t, Timeout: patience,
		// Nobody is led elsewhere than where the address was checked to be.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Get returns what is at an address.
func (c *Client) Get(ctx context.Context, address string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("sns: %s answered %d", r.URL.Host, answer.StatusCode)
	}
	b, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	if err == nil && len(b) > maxAnswer {
		err = fmt.Errorf("sns: %s answered with more than %d bytes", r.URL.Host, maxAnswer)
	}
	return b, err
}
