// Package respond is what every edge says beside a body of its own: the
// status of a fault and the headers that name its cause. The bodies are left
// to the edges, whose forms differ.
package respond

import (
	"math"
	"net/http"
	"strconv"

	"kith/internal/base/fault"
	"kith/internal/edge/request"
)

// Status returns the status that a fault has unless a contract wants another.
func Status(f *fault.Error) int {
	switch fault.Code(f.Code) {
	case fault.CodeMethod:
		return http.StatusMethodNotAllowed
	case fault.CodeMediaType:
		return http.StatusUnsupportedMediaType
	case fault.CodeTooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.CodeNotBuilt:
		return http.StatusNotImplemented
	}
	switch f.Kind {
	case fault.Internal:
		return http.StatusInternalServerError
	case fault.Invalid:
		return http.StatusBadRequest
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Gone:
		return http.StatusGone
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	case fault.Unsupported:
		return http.StatusNotImplemented
	}
	return http.StatusInternalServerError
}

// Failure notes a fault in the request's entry and sets the headers that say
// what it was: Kith-Error-Code, a link to the page that explains it, and how
// long to wait where that is known. publicURL has no slash at its end.
func Failure(w http.ResponseWriter, r *http.Request, publicURL string, f *fault.Error) {
	e := request.Of(r.Context())
	e.Code, e.Fault = f.Code, f
	if f.Kind == fault.Internal || f.Kind == fault.Unavailable {
		e.Cause = f
	}
	h := w.Header()
	h.Set("Kith-Error-Code", f.Code)
	h.Add("Link", "<"+publicURL+"/errors/"+f.Code+`>; rel="help"`)
	if f.Retry > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(f.Retry.Seconds()))))
	}
	h.Set("Cache-Control", "no-store")
}
