// Package apiv2 speaks version 2 of the API: JSON with whole numbers for ids.
package apiv2

import (
	"encoding/json"
	"net/http"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/edge/respond"
)

// failure is one element of the body of every answer of 400 and more (v2
// contract, errors). A published client refuses other keys.
type failure struct {
	Key     string `json:"error_key"`
	Message string `json:"error_message"`
}

// Refuse answers with an error: an array with one element a fault.
func Refuse(w http.ResponseWriter, r *http.Request, publicURL string, err error) {
	f := fault.Of(err)
	respond.Failure(w, r, publicURL, f)
	status := respond.Status(f)
	body, err := json.Marshal([]failure{{Key: key(status), Message: f.Message}})
	if err != nil {
		panic(err) // two strings always have a form
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that is gone needs no answer
}

// key is the contract's name for what a status says.
func key(status int) string {
	return "http.status." + strings.ReplaceAll(strings.ToLower(http.StatusText(status)), " ", "_")
}
