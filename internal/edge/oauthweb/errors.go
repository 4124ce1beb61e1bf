package oauthweb

import (
	"encoding/json"
	"net/http"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/edge/page"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
)

// Faults of what is asked, beside those of the domain.
var (
	errCrossOrigin = fault.New(fault.Forbidden, fault.CodeCrossOrigin, "A page of another site sent this form.")
	errRequest     = fault.New(fault.Invalid, fault.CodeOAuthRequest, "The request is not one of OAuth 2.")
	errScope       = fault.New(fault.Invalid, fault.CodeOAuthScope, "The scope is unknown.")
	errGrantType   = fault.New(fault.Invalid, fault.CodeOAuthGrantType, "The grant type is not offered.")
	errUnknown     = fault.New(fault.Invalid, fault.CodeOAuthClient, "The client_id is not that of an application of this server.")
	errMismatch    = fault.New(fault.Invalid, fault.CodeRedirectMismatch, "The redirect_uri is not registered for the application.")
)

// missing says that a parameter is not there.
func missing(parameter string) error {
	return errRequest.Saying("The parameter " + parameter + " is missing.")
}

// word is the protocol's own word for a fault (RFC 6749 §4.1.2.1 and §5.2, RFC
// 8628 §3.5).
func word(f *fault.Error) string {
	if w, ok := strings.CutPrefix(f.Code, "oauth."); ok && w != "redirect_mismatch" {
		return w
	}
	switch fault.Code(f.Code) {
	case fault.CodeAppInactive:
		return "unauthorized_client"
	case fault.CodeSuspended, fault.CodeClosed, fault.CodePrivilege:
		return "access_denied"
	}
	switch f.Kind {
	case fault.Internal:
		return "server_error"
	case fault.Unavailable:
		return "temporarily_unavailable"
	case fault.TooMany:
		return "too_many_requests"
	default:
		return "invalid_request"
	}
}

// status is that of the contract: 400 for all that the protocol refuses, 401
// for a client that is not who it says.
func status(f *fault.Error) int {
	if strings.HasPrefix(f.Code, "oauth.") && f.Kind != fault.Unauthenticated && f.Kind != fault.TooMany {
		return http.StatusBadRequest
	}
	switch fault.Code(f.Code) {
	case fault.CodeAppInactive, fault.CodeSuspended, fault.CodeClosed:
		return http.StatusBadRequest
	}
	return respond.Status(f)
}

// failure is the body of a refusal (v3 contract, POST /token).
type failure struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// Refuse answers with an error in the form of the endpoints.
func (web *Web) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.Of(err)
	respond.Failure(w, r, web.o.PublicURL, f)
	if _, _, basic := readBasic(r); basic && f.Kind == fault.Unauthenticated {
		w.Header().Set("WWW-Authenticate", `Basic realm="`+web.o.PublicURL+`"`)
	}
	web.send(w, status(f), failure{word(f), f.Message})
}

// send answers with JSON that nobody may keep.
func (web *Web) send(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Pragma", "no-cache")
	write(w, code, v)
}

// write answers with JSON.
func write(w http.ResponseWriter, code int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // v is one of the structs here, which all marshal
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_, _ = w.Write(body) // a client that is gone needs no answer
}

// RefusePage answers with an error as a page.
func (web *Web) RefusePage(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.Of(err)
	respond.Failure(w, r, web.o.PublicURL, f)
	heading, do := explain(f)
	p := page.Page{Title: heading, Data: map[string]any{
		"Heading": heading, "Says": f.Message, "Do": do, "Code": f.Code, "Request": requestIn(r, f),
	}}
	if err := web.o.Pages.Render(w, status(f), "error", p); err != nil {
		http.Error(w, f.Message, http.StatusInternalServerError) // not even that
	}
}

// explain says of a fault of a page what it is, and what can be done about it
// by who came from an application.
func explain(f *fault.Error) (heading string, do []string) {
	switch fault.Code(f.Code) {
	case fault.CodeOAuthClient:
		return "Unknown application", []string{
			"Nothing was allowed. If the application is yours: its client ID is the API key on its page, of this server and of no other.",
		}
	case fault.CodeAppInactive:
		return "The application is deactivated", []string{"Nothing was allowed. Whoever registered the application can activate it again."}
	case fault.CodeOAuthRequest:
		return "The application asks wrongly", []string{"Nothing was allowed. Whoever makes the application needs to know what stands above."}
	case fault.CodeSuspended, fault.CodeClosed:
		return "This account cannot be used", nil
	}
	switch f.Kind {
	case fault.Internal:
		return "Something broke", nil
	case fault.Unavailable:
		return "Not now", nil
	case fault.TooMany:
		return "Too many tries", nil
	default:
		return "This cannot be done", nil
	}
}

// requestIn is the request's id where it helps whoever looks into the log.
func requestIn(r *http.Request, f *fault.Error) string {
	if f.Kind != fault.Internal && f.Kind != fault.Unavailable {
		return ""
	}
	return request.Of(r.Context()).ID
}
