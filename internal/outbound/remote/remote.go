// Package remote works on an account of a Kith over the network, for a command
// that holds an access key: it exports to a file, and imports from one.
package remote

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/id"
	"kith/internal/outbound/call"
)

// Options says which server is worked on, and how.
type Options = call.Options

// Server is a Kith. It is not safe for concurrent use.
type Server struct{ server *call.Server }

// New returns a server, which the caller closes. It fails for what is no
// address of the web.
func New(o Options) (*Server, error) {
	s, err := call.New(o)
	return &Server{s}, err
}

// Close lets go of the server.
func (s *Server) Close() { s.server.Close() }

// Progress hears how far a step is: so many of so many. A total of 0 is not
// known yet.
type Progress func(Step, int64, int64)

// Step is what is going on.
type Step string

// The steps.
const (
	Uploading   Step = "sent"     // bytes of a file
	Importing   Step = "imported" // rows of a file
	Exporting   Step = "written"  // contacts, by the server
	Downloading Step = "received" // bytes of the file of an export
)

// page is where a list goes on.
type page struct {
	Links *struct {
		Next *struct {
			Href string `json:"href"`
		} `json:"next"`
	} `json:"_links"`
}

func (p page) next() string {
	if p.Links == nil || p.Links.Next == nil {
		return ""
	}
	return p.Links.Next.Href
}

// list returns the id of the list that a person means: by its id, or by its
// name without regard to case. It is empty where there is none.
func (s *Server) list(ctx context.Context, meant string) (string, error) {
	if uid, err := id.ParseUID(meant); err == nil {
		return uid.String(), nil
	}
	meant = strings.TrimSpace(meant)
	for path := "/kith/v1/lists?limit=1000&search=" + url.QueryEscape(meant); path != ""; {
		var of struct {
			page

			Lists []struct {
				ID   string `json:"list_id"`
				Name string `json:"name"`
			} `json:"lists"`
		}
		if err := s.server.Get(ctx, path, &of); err != nil {
			return "", err
		}
		for _, l := range of.Lists {
			if strings.EqualFold(l.Name, meant) {
				return l.ID, nil
			}
		}
		path = of.next()
	}
	return "", nil
}

// segment returns the number of the segment that a person means: by its name
// without regard to case, or by its number.
func (s *Server) segment(ctx context.Context, meant string) (int64, error) {
	for path := "/v3/segments?limit=1000"; path != ""; {
		var of struct {
			page

			Segments []struct {
				ID   int64  `json:"segment_id"`
				Name string `json:"name"`
			} `json:"segments"`
		}
		if err := s.server.Get(ctx, path, &of); err != nil {
			return 0, err
		}
		for _, g := range of.Segments {
			if strings.EqualFold(g.Name, strings.TrimSpace(meant)) || strconv.FormatInt(g.ID, 10) == meant {
				return g.ID, nil
			}
		}
		path = of.next()
	}
	return 0, fmt.Errorf("there is no segment %q", meant)
}

// activity is bulk work as the server tells of it.
type activity struct {
	ID     string   `json:"activity_id"`
	State  string   `json:"state"`
	Errors []string `json:"activity_errors"`
	Status struct {
		Total       int64 `json:"items_total_count"`
		Completed   int64 `json:"items_completed_count"`
		Persons     int64 `json:"person_count"`
		Errors      int64 `json:"error_count"`
		Correctable int64 `json:"correctable_count"`
	} `json:"status"`
	Links struct {
		Results struct {
			Href string `json:"href"`
		} `json:"results"`
	} `json:"_links"`
}

func (a activity) ended() bool { return a.State != "initialized" && a.State != "processing" }

// The waits between two looks at work that goes on.
const (
	shortLook = 100 * time.Millisecond
	longLook  = 2 * time.Second
)

// follow looks at work until it has ended, and fails where it was not completed.
func (s *Server) follow(ctx context.Context, a activity, seen func(activity)) (activity, error) {
	for pause := shortLook; ; pause = min(pause*5/4, longLook) {
		seen(a)
		if a.ended() {
			break
		}
		if err := s.server.Wait(ctx, pause); err != nil {
			return a, err
		}
		if err := s.server.Get(ctx, "/v3/activities/"+a.ID, &a); err != nil {
			return a, err
		}
	}
	if a.State != "completed" {
		return a, fmt.Errorf("activity %s ended as %s: %s", a.ID, a.State, strings.Join(a.Errors, "; "))
	}
	return a, nil
}
