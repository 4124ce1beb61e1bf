package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kith/internal/app"
	"kith/internal/base/clock"
	"kith/internal/base/date"
	"kith/internal/base/id"
	"kith/internal/base/page"
	"kith/internal/domain/trace"
)

type requestsCmd struct {
	ID string `arg:"" optional:"" name:"request-id" help:"Show this request, with what is kept of its failure."`

	Account     string `placeholder:"EMAIL" help:"Requests of this owner's account; without it, those that name nobody."`
	Application string `placeholder:"CLIENT-ID" help:"Only requests of this application."`
	Status      string `help:"Only requests that ended so: failed, a class such as 4xx, or a status such as 404."`
	Code        string `help:"Only requests that were refused with this code."`
	Method      string `help:"Only requests with this method."`
	Search      string `placeholder:"TEXT" help:"Only requests with this in their path, query, code, cause or id."`
	Since       string `placeholder:"TIME" help:"Only requests that began since: a time such as 2026-03-01T17:05:09Z, or how long ago, such as 90m."`
	Limit       int    `default:"50" help:"How many to show."`
	Follow      bool   `short:"f" help:"Go on with new requests as they come, until interrupted."`
}

// Help is the command's longer help.
func (requestsCmd) Help() string {
	return `Example:

    kith requests --account ines@example.org --status failed --since 1h

What was asked of the APIs and of OAuth, the newest last. An account's own requests are shown to its users at /requests too; those that name nobody are shown here alone. Secrets and addresses are asterisks.`
}

// loggedRequest is a request in the log, for --json.
type loggedRequest struct {
	ID          string  `json:"request_id"`
	At          string  `json:"at"`
	TookMillis  float64 `json:"took_ms"`
	API         string  `json:"api"`
	Method      string  `json:"method"`
	Path        string  `json:"path"`
	Query       string  `json:"query,omitempty"`
	Route       string  `json:"route,omitempty"`
	Status      int     `json:"status"`
	Code        string  `json:"error_code,omitempty"`
	Cause       string  `json:"cause,omitempty"`
	Application string  `json:"client_id,omitempty"`
	Username    string  `json:"username,omitempty"`
	Claimed     bool    `json:"unproven,omitempty"`
	Address     string  `json:"network_address,omitempty"`
	Agent       string  `json:"user_agent,omitempty"`
	Body        string  `json:"body,omitempty"`
	Answer      string  `json:"answer,omitempty"`
}

func loggedOf(q trace.Request) loggedRequest {
	l := loggedRequest{
		ID: q.UID.String(), At: q.At().Format("2006-01-02T15:04:05.000Z"), TookMillis: float64(q.Took.Microseconds()) / 1000, API: q.API,
		Method: q.Method, Path: q.Path, Query: q.Query, Route: q.Route, Status: q.Status, Code: q.Code, Cause: q.Cause,
		Application: q.Application, Username: q.Username, Claimed: q.Claimed, Address: q.Address, Agent: q.Agent,
	}
	if q.Detail != nil {
		l.Body, l.Answer = q.Detail.Body.Text, q.Detail.Answer.Text
	}
	return l
}

// line shows a request in one line.
func (l loggedRequest) line() string {
	parts := []string{l.At, l.ID, strconv.Itoa(l.Status), l.Method, l.Path}
	if l.Query != "" {
		parts[4] += "?" + l.Query
	}
	if l.Code != "" {
		parts = append(parts, l.Code)
	}
	if l.Cause != "" {
		parts = append(parts, "("+l.Cause+")")
	}
	return strings.Join(parts, " ")
}

// Run shows the request log.
func (c requestsCmd) Run(ctx context.Context, r *run) error {
	f, err := c.filter()
	if err != nil {
		return usage(err)
	}
	return r.desk(ctx, func(d *app.Desk) error {
		if c.ID != "" {
			return c.one(ctx, r, d)
		}
		of, err := d.Requests(ctx, "kith requests", c.Account, f, page.Request{Limit: c.Limit})
		if err != nil {
			return err
		}
		slices.Reverse(of.Items)
		if c.Follow {
			return c.follow(ctx, r, d, f, of.Items)
		}
		all := make([]loggedRequest, len(of.Items))
		lines := make([]string, len(of.Items))
		for i, q := range of.Items {
			all[i] = loggedOf(q)
			lines[i] = all[i].line()
		}
		if len(lines) == 0 {
			lines = []string{"There are no such requests."}
		}
		return r.print(struct {
			Requests []loggedRequest `json:"requests"`
		}{all}, "%s", strings.Join(lines, "\n"))
	})
}

func (c requestsCmd) filter() (f trace.Filter, err error) {
	f = trace.Filter{Application: c.Application, Code: c.Code, Method: strings.ToUpper(c.Method), Search: c.Search}
	if c.Limit < 1 {
		return f, errors.New("--limit must be at least 1")
	}
	if f.Least, f.Most, f.Failed, err = parseStatus(c.Status); err != nil {
		return f, err
	}
	if c.Since == "" {
		return f, nil
	}
	if ago, err := time.ParseDuration(c.Since); err == nil {
		f.Since = clock.System{}.Now().Add(-ago)
		return f, nil
	}
	if f.Since, err = date.ParseInstant(c.Since); err != nil {
		return f, fmt.Errorf("--since: %w", err)
	}
	return f, nil
}

func parseStatus(text string) (least, most int, failed bool, err error) {
	digit, class := strings.CutSuffix(strings.ToLower(text), "xx")
	switch {
	case text == "":
		return 0, 0, false, nil
	case strings.EqualFold(text, "failed"):
		return 0, 0, true, nil
	case class && len(digit) == 1 && "1" <= digit && digit <= "5":
		least = 100 * int(digit[0]-'0')
		return least, least + 99, false, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 100 || n > 599 {
		return 0, 0, false, fmt.Errorf("--status %s is neither failed nor a class such as 4xx nor a status such as 404", text)
	}
	return n, n, false, nil
}

func (c requestsCmd) one(ctx context.Context, r *run, d *app.Desk) error {
	uid, err := id.ParseUID(c.ID)
	if err != nil {
		return usage(errors.New("a request's id is a UUID, as its answer bore it in Kith-Request-Id"))
	}
	q, err := d.Request(ctx, "kith requests", c.Account, uid)
	if err != nil {
		return err
	}
	l := loggedOf(q)
	text := l.line()
	if l.Body != "" {
		text += "\n\n" + l.Body
	}
	if l.Answer != "" {
		text += "\n\n" + l.Answer
	}
	return r.print(l, "%s", text)
}

// How often new requests are looked for, and how far back: a request shows
// itself when it has ended, in the place where it began.
const (
	followEvery = 500 * time.Millisecond
	followBack  = 5 * time.Minute
	followMost  = 10_000
)

// follow shows what there is and then what comes.
func (c requestsCmd) follow(ctx context.Context, r *run, d *app.Desk, f trace.Filter, shown []trace.Request) error {
	seen := map[id.UID]bool{}
	show := func(q trace.Request) error {
		seen[q.UID] = true
		l := loggedOf(q)
		return r.print(l, "%s", l.line())
	}
	for _, q := range shown {
		if err := show(q); err != nil {
			return err
		}
	}
	from := clock.System{}.Now()
	if len(shown) > 0 {
		from = shown[0].At()
	}
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		back := clock.System{}.Now().Add(-followBack)
		if f.Since = from; back.After(from) {
			f.Since = back
		}
		of, err := d.Requests(ctx, "kith requests", c.Account, f, page.Request{Limit: followMost})
		if err != nil {
			return err
		}
		slices.Reverse(of.Items)
		for _, q := range of.Items {
			if seen[q.UID] {
				continue
			}
			if err := show(q); err != nil {
				return err
			}
		}
		for uid := range seen {
			if uid.Time().Before(f.Since) {
				delete(seen, uid)
			}
		}
	}
}
