package contract

import (
	"net/http"
	"regexp"
	"strings"
)

// The bodies of failures are in the guide alone (section 3): an array of
// Failure from most services, one Failure from the gateway before them and
// from all of reporting.

// unauthorized is the body of every 401, to the byte (guide 3.2): one client
// renews its token on seeing it.
const unauthorized = `{"error_key":"unauthorized","error_message":"Unauthorized"}`

var (
	failureSchema = &Schema{
		Type:     "object",
		Required: []string{"error_key", "error_message"},
		Properties: map[string]*Schema{
			"error_key":     {Type: "string"},
			"error_message": {Type: "string"},
		},
	}
	failureListSchema = &Schema{Type: "array", Items: &Schema{Ref: schemaPrefix + failureName}}
)

// failureName is what rows of divergences call an element of a failure.
const failureName = "Failure"

// failureFor is the schema of a failure: one object for 401, 403 and 429,
// which the gateway answers, and for reporting; else an array (guide 3.1).
// The 429 of the queue of activities comes from behind the gateway, and its
// form is not known.
func failureFor(path string, status int) *Schema {
	one := &Schema{Ref: schemaPrefix + failureName}
	switch {
	case service(path) == "reports",
		status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusTooManyRequests:
		return one
	}
	return failureListSchema
}

// statuses are those that any operation may fail with, stated or not: the
// contract forgets most of them most of the time.
var statuses = map[int]bool{
	400: true, 401: true, 403: true, 404: true, 405: true, 406: true, 409: true, 415: true, 429: true,
	500: true, 501: true, 503: true,
}

func (a *answer) failure() {
	if !statuses[a.status] {
		a.report(a.name(), KindAdded, "", "the contract knows no such failure")
	}
	if a.op == nil && a.status != http.StatusNotFound && a.status != http.StatusMethodNotAllowed {
		a.report(a.name(), KindAdded, "", "a path outside the contract is a 404")
	}
	root, ok := a.json() // never empty: guide 3.1
	if !ok {
		return
	}
	if _, list := root.([]any); a.queueFull() && list {
		a.value(failureListSchema, failureName, "", root)
	} else {
		a.value(failureFor(a.path, a.status), failureName, "", root)
	}

	elements, list := root.([]any)
	if !list {
		elements = []any{root}
	}
	// Kith joins everything that is wrong into one element, as guide 3.2 has it.
	if len(elements) != 1 {
		a.report(failureName, KindBody, "", "%d elements, not one", len(elements))
	}
	for i, e := range elements {
		o, ok := e.(*object)
		if !ok {
			continue
		}
		at := ""
		if list {
			at = index("", i)
		}
		key, _ := o.values["error_key"].(string)
		message, _ := o.values["error_message"].(string)
		if key == "" || message == "" {
			a.report(failureName, KindBody, at, "error_key or error_message is empty")
			continue
		}
		a.wording(at, key, message)
	}
	a.challenge()
}

func (a *answer) queueFull() bool {
	return a.status == http.StatusTooManyRequests && a.method == http.MethodPost && service(a.path) == "activities"
}

// challenge holds to guide 3.3.
func (a *answer) challenge() {
	if a.status != http.StatusUnauthorized {
		return
	}
	if string(a.body) != unauthorized {
		a.report(failureName, KindBody, "", "a 401 is exactly %s", unauthorized)
	}
	if !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer") {
		a.report(a.name(), KindHeader, "", "WWW-Authenticate %q names no Bearer", a.header.Get("WWW-Authenticate"))
	}
}

var (
	// The text that integrations cut a contact's id out of.
	taken = regexp.MustCompile(`already exists for contact [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	// The endings that the keys of every service are proposed to have.
	keyForms = map[int]*regexp.Regexp{
		400: regexp.MustCompile(`^[a-z_]+\.api\.validation\.error$`),
		404: regexp.MustCompile(`^[a-z_]+\.api\.not_found$`),
		409: regexp.MustCompile(`^[a-z_]+\.api\.conflict$`),
	}
	contactKeys = map[int]string{
		400: "contacts.api.validation.error", 404: "contacts.api.not_found", 409: "contacts.api.conflict",
	}
)

// wording holds a failure's key and message to guide 3.2 and 3.4.
func (a *answer) wording(at, key, message string) {
	form, known := keyForms[a.status]
	switch {
	case a.status == http.StatusForbidden && key != "access_denied":
		a.report(failureName+".error_key", KindEnum, at, "%q; a 403 is access_denied", key)
	case a.status == http.StatusTooManyRequests && !a.queueFull():
		said := key + ": " + message
		if said != "throttled: Too Many Requests" && said != "quota_exceeded: Limit Exceeded" {
			a.report(failureName+".error_key", KindEnum, at, "%q is neither limit that a 429 knows", said)
		}
	case !known || service(a.path) == "reports":
	case contactService(a.path):
		if key != contactKeys[a.status] {
			a.report(failureName+".error_key", KindEnum, at, "%q; contacts, lists, tags and fields say %s", key, contactKeys[a.status])
		}
	case a.op != nil && !form.MatchString(key):
		a.report(failureName+".error_key", KindEnum, at, "%q does not match %s", key, form)
	}
	if a.status == http.StatusConflict && a.op != nil && a.op.String() == "POST /contacts" && !taken.MatchString(message) {
		a.report(failureName+".error_message", KindPattern, at, "%q does not name the contact as `already exists for contact UUID`", message)
	}
}

func contactService(path string) bool {
	switch service(path) {
	case "contacts", "contact_lists", "contact_tags", "contact_custom_fields":
		return true
	}
	return false
}
