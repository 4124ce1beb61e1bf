package apikith

import (
	"net/http"

	"kith/internal/base/fault"
	"kith/internal/edge/operation"
	"kith/internal/edge/respond"
)

// Refuse answers with an error in v3's form: one object where the caller may
// not come in, else an array of one. Unlike v3, which says the same of every
// 401 and 403, it names the cause: people read these texts in the web app.
// publicURL begins the link to the page that explains the code.
func Refuse(w http.ResponseWriter, r *http.Request, publicURL string, err error) {
	f := fault.Of(err)
	respond.Failure(w, r, publicURL, f)
	status := status(f)
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="kith"`) // RFC 6750 §3
	}
	respond.Refuse(w, r, status, bare(status), element(status, f))
}

// status is a fault's status in this API, which knows no 410 and no 413.
func status(f *fault.Error) int {
	switch status := respond.Status(f); status {
	case http.StatusGone:
		return http.StatusNotFound
	case http.StatusRequestEntityTooLarge:
		return http.StatusBadRequest
	default:
		return status
	}
}

func bare(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
		return true
	}
	return false
}

func bareAnswer(_ operation.Operation, status int) bool { return bare(status) }

func element(status int, f *fault.Error) respond.Element {
	return respond.Element{Key: key(status, f), Message: respond.Joined(f), Faults: respond.Problems(f)}
}

func key(status int, f *fault.Error) string {
	switch status {
	case http.StatusBadRequest:
		return "kith.api.validation.error"
	case http.StatusUnauthorized:
		return "unauthorized"
	case http.StatusForbidden:
		return "access_denied"
	case http.StatusNotFound:
		return "kith.api.not_found"
	case http.StatusMethodNotAllowed:
		return "kith.api.method_not_allowed"
	case http.StatusConflict:
		return "kith.api.conflict"
	case http.StatusUnsupportedMediaType:
		return "kith.api.unsupported_media_type"
	case http.StatusTooManyRequests:
		if f.Code == string(fault.CodeRateDay) {
			return "quota_exceeded"
		}
		return "throttled"
	case http.StatusNotImplemented:
		return "kith.api.not_implemented"
	case http.StatusServiceUnavailable:
		return "kith.api.unavailable"
	}
	return "kith.api.internal_error"
}
