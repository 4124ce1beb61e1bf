package apiv3

import (
	"net/http"
	"reflect"
	"sync"

	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/respond"
	"kith/internal/edge/wire3"
)

// about is what the document says beside the operations.
func about(publicURL string) operation.About {
	a := operation.About{
		Title:   "Kith, version 3 of the API",
		Version: "3.0",
		Description: "Contacts, lists, imports and the rest of the account, in the form of version 3 of the Constant Contact API, with which Kith is compatible and of which it is independent. " +
			"An operation with `x-kith-built: false` is not built yet and answers 501. `x-kith-privileges` are what the user's role must allow, beside the scope that the token must carry.\n\n" +
			"Every refusal bears the header `Kith-Error-Code` with a stable name of its cause, a `Link` to a page that explains it, and `Kith-Request-Id`. " +
			"The list of a page ends where `_links` is missing. Unknown parameters and properties are passed over.",
		PublicURL: publicURL,
		Groups:    groups,
		Failure:   reflect.TypeFor[respond.Element](),
		Bare:      bareAnswer,
	}
	for _, s := range oauth.AllScopes() {
		a.Scopes = append(a.Scopes, operation.Scope{Name: string(s), Doc: s.Line()})
	}
	return a
}

// documents are what everybody may read.
func documents(served *operation.API, publicURL string) map[string]http.HandlerFunc {
	// Made when first asked for: a server starts faster without it.
	both := sync.OnceValues(func() (inJSON, inYAML []byte) { return operation.Document(served, about(publicURL)) })
	return map[string]http.HandlerFunc{
		"/openapi.json": func(w http.ResponseWriter, r *http.Request) {
			inJSON, _ := both()
			respond.JSON(w, r, http.StatusOK, inJSON)
		},
		"/openapi.yaml": func(w http.ResponseWriter, r *http.Request) {
			_, inYAML := both()
			respond.Body(w, r, http.StatusOK, "application/yaml", inYAML)
		},
		"/swagger.yaml": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, prefix+"/openapi.yaml", http.StatusFound)
		},
		"/segments/schema.json": func(w http.ResponseWriter, r *http.Request) {
			respond.Body(w, r, http.StatusOK, "application/schema+json", wire3.CriteriaSchema(publicURL+prefix+"/segments/schema.json"))
		},
	}
}
