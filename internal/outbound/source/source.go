// Package source reads an account from another server that speaks version 3 of
// the API, as package pull asks for it: within that server's rate, and again
// where it does not answer. What is made of it is the business of pull.
package source

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"kith/internal/domain/pull"
	"kith/internal/outbound/call"
)

// perPage is how many contacts are asked for at a time (v3 contract, GET
// /contacts limit).
const perPage = 500

// errNotThere is a server that does not have what is asked for, and so nothing
// of it.
var errNotThere = errors.New("the server does not have this")

// Options says which server is asked, and how.
type Options = call.Options

// Server is another server. It is not safe for concurrent use.
type Server struct{ server *call.Server }

// New returns a server, which the caller closes. It fails for what is no
// address of the web.
func New(o Options) (*Server, error) {
	s, err := call.New(o)
	return &Server{s}, err
}

// Close stops the server's pace.
func (s *Server) Close() { s.server.Close() }

// Name returns the server's address.
func (s *Server) Name() string { return s.server.Name() }

// get asks for a path below the server's address, as often as it takes, and
// decodes the answer.
func (s *Server) get(ctx context.Context, path string, into any) error {
	err := s.server.Get(ctx, path, into)
	refusal, refused := errors.AsType[*call.RefusalError](err)
	switch {
	case refused && refusal.Status == http.StatusNotImplemented:
		return errNotThere
	case refused && refusal.Status == http.StatusBadRequest && strings.Contains(path, "cursor="):
		return fmt.Errorf("%w: %w", pull.ErrCursor, err)
	}
	return err
}
