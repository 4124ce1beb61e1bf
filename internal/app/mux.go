package app

import (
	"net/http"
	"strings"

	"kith/internal/edge/request"
)

// mount is one face of Kith and the paths below which it answers.
type mount struct {
	prefix  string
	api     string
	handler http.Handler
	refuse  func(http.ResponseWriter, *http.Request, error)
}

// mounts is the table of all faces. The host of a request never counts: a
// client is pointed here by any name.
type mounts []mount

// of returns the face that a path belongs to: that of the longest prefix that
// ends where a segment of the path ends. The last one of the table takes
// everything else.
func (m mounts) of(path string) mount {
	best := m[len(m)-1]
	longest := 0
	for _, candidate := range m {
		rest, ok := strings.CutPrefix(path, candidate.prefix)
		if ok && (rest == "" || rest[0] == '/') && len(candidate.prefix) > longest {
			best, longest = candidate, len(candidate.prefix)
		}
	}
	return best
}

func (m mounts) ServeHTTP(w http.ResponseWriter, r *http.Request) { m.enter(r).handler.ServeHTTP(w, r) }

// refuse answers with an error in the form of the path's face.
func (m mounts) refuse(w http.ResponseWriter, r *http.Request, err error) {
	m.enter(r).refuse(w, r, err)
}

// enter notes which face a request speaks to. The route is the face's until
// the face knows better.
func (m mounts) enter(r *http.Request) mount {
	to, e := m.of(r.URL.Path), request.Of(r.Context())
	e.API = to.api
	if e.Route == "" && to.prefix != "/" {
		e.Route = to.prefix
	}
	return to
}
