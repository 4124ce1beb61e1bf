package remote

import (
	"context"
	"fmt"
	"io"
	"time"

	"kith/internal/outbound/call"
)

// Export is what is exported.
type Export struct {
	// List and Segment are meant by name or id; empty for any. Contacts must
	// meet both, and stand at one of Statuses where there are any.
	List, Segment string
	Statuses      []string
	// Columns are the names of the file's columns; none means all usual ones.
	Columns []string
}

// Exported is what came of an export.
type Exported struct {
	Activity string
	Contacts int64
	Bytes    int64
}

// giveUp is how long a server is asked to stop work that nobody waits for.
const giveUp = 5 * time.Second

// Export writes contacts to a file, CSV in UTF-8. Where it fails after some of
// the file was written, the rest is missing.
func (s *Server) Export(ctx context.Context, e Export, to io.Writer, progress Progress) (done Exported, err error) {
	type filter struct {
		List     string   `json:"list,omitempty"`
		Segment  int64    `json:"segment_id,omitempty"`
		Statuses []string `json:"status,omitempty"`
	}
	in := struct {
		Filter filter   `json:"filter"`
		Fields []string `json:"fields,omitempty"`
	}{filter{Statuses: e.Statuses}, e.Columns}
	if e.List != "" {
		if in.Filter.List, err = s.list(ctx, e.List); err == nil && in.Filter.List == "" {
			err = fmt.Errorf("there is no list %q", e.List)
		}
		if err != nil {
			return done, err
		}
	}
	if e.Segment != "" {
		if in.Filter.Segment, err = s.segment(ctx, e.Segment); err != nil {
			return done, err
		}
	}
	var a activity
	// One more export does no harm.
	if err := s.server.Send(ctx, "/kith/v1/exports", call.JSON(in), call.Always, &a); err != nil {
		return done, err
	}
	done.Activity = a.ID
	a, err = s.follow(ctx, a, func(a activity) { progress(Exporting, a.Status.Completed, a.Status.Total) })
	if ctx.Err() != nil {
		s.cancel(ctx, done.Activity)
	}
	if err != nil {
		return done, err
	}
	done.Contacts = a.Status.Completed
	done.Bytes, err = s.server.Download(ctx, a.Links.Results.Href, &counted{to: to, tell: func(n int64) { progress(Downloading, n, 0) }})
	return done, err
}

// cancel stops work that nobody waits for any more. The server ends it all the
// same where it does not hear.
func (s *Server) cancel(ctx context.Context, activity string) {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), giveUp)
	defer stop()
	_ = s.server.Send(ctx, "/kith/v1/activities/"+activity+"/cancel", call.Body{}, call.Unheard, nil)
}

// counted tells how much was written.
type counted struct {
	to   io.Writer
	n    int64
	tell func(int64)
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.n += int64(n)
	c.tell(c.n)
	return n, err
}
