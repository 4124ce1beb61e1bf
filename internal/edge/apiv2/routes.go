package apiv2

import (
	"net/http"

	"kith/internal/base/fault"
)

var errNotBuilt = fault.New(fault.Unsupported, fault.CodeNotBuilt, "This server does not answer version 2 of the API yet.")

// New returns the handler of everything below /v2. publicURL begins links and
// has no slash at its end.
func New(publicURL string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { Refuse(w, r, publicURL, errNotBuilt) })
}
