package apiv3

import (
	"net/http"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/edge/operation"
	"kith/internal/edge/respond"
)

// Refuse answers with an error in version 3's form (v3 contract, errors):
// what the contract's gateway says before a call reaches a service is one
// object, what a service says an array of one. r's path says which service it
// is. publicURL begins the link to the page that explains the code.
func Refuse(w http.ResponseWriter, r *http.Request, publicURL string, err error) {
	f := fault.Of(err)
	respond.Failure(w, r, publicURL, f)
	service := serviceOf(strings.TrimPrefix(r.URL.Path, prefix))
	status := status(f)
	e := element(service, status, f)
	if status == http.StatusUnauthorized {
		// Clients look for these (v3 contract, 401).
		w.Header().Set("WWW-Authenticate", "Bearer realm=api.cc.email")
		w.Header().Set("X-Amzn-Errortype", "UnauthorizedException")
	}
	respond.Refuse(w, r, status, bare(service, status), e)
}

// status is a fault's status in version 3, which knows no 410 and no 413.
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

// bare reports whether a refusal is one object: what comes from the gateway,
// and everything that reports say (v3 contract, errors, form B).
func bare(service string, status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
		return true
	}
	return service == "reports"
}

func bareAnswer(o operation.Operation, status int) bool { return bare(serviceOf(o.Path), status) }

// serviceOf names the service that a path below the prefix belongs to: its
// first word, but that contacts, lists, tags and fields are one.
func serviceOf(path string) string {
	word, _, _ := strings.Cut(strings.Trim(path, "/"), "/")
	switch word {
	case "contacts", "contact_lists", "contact_tags", "contact_custom_fields":
		return "contacts"
	case "account", "activities", "automations", "contact_exports", "emails", "events", "partner", "reports", "segments", "social":
		return word
	}
	return "v3"
}

// element is what is said. A 401 and a 403 tell nothing that differs by cause:
// the header Kith-Error-Code does.
func element(service string, status int, f *fault.Error) respond.Element {
	key := func(end string) string { return service + ".api." + end }
	switch status {
	case http.StatusUnauthorized:
		return respond.Element{Key: "unauthorized", Message: "Unauthorized"}
	case http.StatusForbidden:
		return respond.Element{Key: "access_denied", Message: "Request forbidden due to insufficient user privileges."}
	case http.StatusTooManyRequests:
		switch fault.Code(f.Code) {
		case fault.CodeRateDay:
			return respond.Element{Key: "quota_exceeded", Message: "Limit Exceeded"}
		case fault.CodeQueueFull:
			return respond.Element{Key: key("queue_full"), Message: "You exceeded 1,000 queued activities for this user account."}
		}
		return respond.Element{Key: "throttled", Message: "Too Many Requests"}
	case http.StatusBadRequest:
		return respond.Element{Key: key("validation.error"), Message: respond.Joined(f), Faults: respond.Problems(f)}
	case http.StatusNotFound:
		return respond.Element{Key: key("not_found"), Message: f.Message}
	case http.StatusConflict:
		return conflict(key("conflict"), f)
	case http.StatusMethodNotAllowed:
		return respond.Element{Key: key("method_not_allowed"), Message: f.Message}
	case http.StatusUnsupportedMediaType:
		return respond.Element{Key: key("unsupported_media_type"), Message: f.Message}
	case http.StatusNotImplemented:
		return respond.Element{Key: key("not_implemented"), Message: f.Message}
	case http.StatusServiceUnavailable:
		return respond.Element{Key: key("unavailable"), Message: f.Message}
	}
	return respond.Element{Key: key("internal_error"), Message: f.Message}
}

// conflict says what is in the way. Of a contact, clients cut the id out of
// the text (v3 contract, 409); it stands beside the text as well.
func conflict(key string, f *fault.Error) respond.Element {
	e := respond.Element{Key: key, Message: respond.Joined(f), Faults: respond.Problems(f)}
	if f.Code == string(fault.CodeAddressTaken) || f.Code == string(fault.CodeSMSTaken) {
		e.ContactID, e.Status = f.Detail["contact_id"], f.Detail["status"]
		if e.ContactID != "" {
			e.Message = "Email already exists for contact " + e.ContactID
		}
	}
	return e
}
