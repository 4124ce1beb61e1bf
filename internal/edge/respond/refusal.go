package respond

import (
	"net/http"
	"strings"

	"kith/internal/base/fault"
)

// Element is one element of a refusal in the form of v3, which Kith's own API
// shares. Beyond key and message its members are ours (divergence
// failure-problems): clients pass over what they do not know.
type Element struct {
	_       struct{}  `schema:"Failure" doc:"Why a call was refused."`
	Key     string    `json:"error_key" doc:"The kind of refusal, for programs."`
	Message string    `json:"error_message" doc:"Everything that is wrong, for people."`
	Faults  []Problem `json:"problems,omitempty" doc:"Each fault of the request, with the field it lies in."`
	// ContactID and Status are those of the contact that has an address.
	ContactID string `json:"contact_id,omitempty" format:"uuid" doc:"The contact that stands in the way."`
	Status    string `json:"status,omitempty" doc:"Where that contact stands: its permission, or deleted."`
}

// Problem is one fault of one field.
type Problem struct {
	Path    string `json:"path" doc:"The field, as in email_address.address or list_memberships[2]."`
	Code    string `json:"code" doc:"A stable word for the fault."`
	Message string `json:"message" doc:"The fault in words."`
}

// Problems returns a fault's problems as they are answered.
func Problems(f *fault.Error) []Problem {
	var all []Problem
	for _, p := range f.Problems {
		all = append(all, Problem{p.Path, p.Code, p.Message})
	}
	return all
}

// Joined returns everything that is wrong in one text, each fault beginning
// with its field; without problems it is the fault's own sentence. A fault
// that says what its problems do not say begins with that.
func Joined(f *fault.Error) string {
	if len(f.Problems) == 0 {
		return f.Message
	}
	var texts []string
	switch fault.Code(f.Code) {
	case fault.CodeInvalid, fault.CodeCursor, fault.CodeUnsubscribed:
	default:
		texts = append(texts, strings.TrimSuffix(f.Message, "."))
	}
	for _, p := range f.Problems {
		texts = append(texts, p.String())
	}
	return strings.Join(texts, ", ")
}

// Refuse sends elements of a refusal: the one alone where bare says so, else
// in an array.
func Refuse(w http.ResponseWriter, r *http.Request, status int, bare bool, e Element) {
	var v any = []Element{e}
	if bare {
		v = e
	}
	body, err := Encode(v)
	if err != nil {
		panic(err) // texts always have a form
	}
	JSON(w, r, status, body)
}
