// Package apiv1 speaks version 1 of the API: Atom XML.
package apiv1

import (
	"fmt"
	"net/http"

	"kith/internal/base/fault"
	"kith/internal/edge/respond"
)

// Refuse answers with an error: one line of plain text (v1 contract, errors).
func Refuse(w http.ResponseWriter, r *http.Request, publicURL string, err error) {
	f := fault.Of(err)
	respond.Failure(w, r, publicURL, f)
	status := respond.Status(f)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "Error %d: %s", status, f.Message) // a client that is gone needs no answer
}
