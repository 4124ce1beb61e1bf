package apiv2

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/edge/respond"
)

// query goes before the paths of parameters, which the contract does not write
// as pointers into the body.
const query = "?"

// failure is one element of the body of every answer of 400 and more (v2
// contract, errors). A published client refuses other keys.
type failure struct {
	_       struct{} `schema:"Failure" doc:"One fault of a call."`
	Key     string   `json:"error_key" doc:"The kind of fault, for programs."`
	Message string   `json:"error_message" doc:"The fault in words, behind the place where it lies."`
}

// Refuse answers with an error: an array with one element a fault.
func Refuse(w http.ResponseWriter, r *http.Request, publicURL string, err error) {
	f := fault.Of(err)
	respond.Failure(w, r, publicURL, f)
	status := status(f)
	body, err := json.Marshal(failures(f, status))
	if err != nil {
		panic(err) // two strings always have a form
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that is gone needs no answer
}

// status is a fault's status in version 2, which knows no 410 and no 413. Its
// gateway refuses with 403 what goes beyond a limit (v2 contract, 1.3).
func status(f *fault.Error) int {
	switch fault.Code(f.Code) {
	case fault.CodeAccept:
		return http.StatusNotAcceptable
	case fault.CodeRateSecond, fault.CodeRateDay:
		return http.StatusForbidden
	}
	switch status := respond.Status(f); status {
	case http.StatusGone:
		return http.StatusNotFound
	case http.StatusRequestEntityTooLarge:
		return http.StatusBadRequest
	default:
		return status
	}
}

// failures are a fault's problems, one by one, or the fault itself where it has
// none.
func failures(f *fault.Error, status int) []failure {
	if len(f.Problems) == 0 || status != http.StatusBadRequest {
		return []failure{{Key: key(f, status), Message: f.Message}}
	}
	all := make([]failure, len(f.Problems))
	for i, p := range f.Problems {
		if name, ok := strings.CutPrefix(p.Path, query); ok {
			all[i] = failure{Key: "query.param.invalid", Message: "The parameter " + name + " " + p.Message + "."}
			continue
		}
		all[i] = failure{Key: problemKey(p), Message: pointer(p.Path) + ": " + p.Message}
	}
	return all
}

// key is the contract's name for a fault as a whole.
func key(f *fault.Error, status int) string {
	switch fault.Code(f.Code) {
	case fault.CodeKey, fault.CodeAppInactive:
		return "mashery.not.authorized.inactive"
	case fault.CodeRateSecond:
		return "mashery.not.authorized.over.qps"
	case fault.CodeRateDay:
		return "mashery.not.authorized.over.ratelimit"
	case fault.CodeAddressTaken:
		return "http.status.email_address.conflict"
	case fault.CodeMalformed:
		return "json.malformed"
	case fault.CodeCursor:
		return "query.param.invalid"
	}
	switch status {
	case http.StatusUnauthorized:
		return "http.status.authentication.invalid_token"
	}
	return "http.status." + strings.ReplaceAll(strings.ToLower(http.StatusText(status)), " ", "_")
}

// problemKeys are the contract's names of what is wrong with one value.
var problemKeys = map[string]string{
	"type":     "json.type.invalid",
	"unknown":  "json.field.invalid",
	"required": "json.field.missing",
	"too_long": "json.max.length.violation",
	"too_many": "json.max.items.violation",
	"value":    "json.enum.invalid",
	"choice":   "json.enum.invalid",
}

// problemKey is the contract's name for one problem (v2 contract, 2).
func problemKey(p fault.Problem) string {
	p.Code = strings.TrimPrefix(p.Code, "field.")
	switch {
	case strings.HasPrefix(p.Path, "lists[") && p.Code == "unknown" && !strings.HasSuffix(p.Message, ofObject):
		return "json.field.lists.value.invalid"
	case strings.HasSuffix(p.Path, "email_address") && p.Code == "required":
		return "json.min.length.violation"
	case strings.HasSuffix(p.Path, "email_address") && problemKeys[p.Code] == "":
		return "json.email.invalid"
	}
	return cmp.Or(problemKeys[p.Code], "json.regex.mismatch."+lastName(p.Path))
}

// ofObject ends what is said of a member that a type lacks.
const ofObject = "of this object"

// lastName is the name at a path's end.
func lastName(path string) string {
	name := path[strings.LastIndexByte(path, '.')+1:]
	name, _, _ = strings.Cut(name, "[")
	return name
}

// pointer writes a path as the contract does: a JSON pointer in a fragment
// (RFC 6901 §6).
func pointer(path string) string {
	if path == "" {
		return "#"
	}
	return "#/" + strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(path)
}
