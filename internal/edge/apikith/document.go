package apikith

import (
	"net/http"
	"reflect"
	"sync"

	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/respond"
)

// about is what the document says beside the operations.
func about(publicURL string) operation.About {
	a := operation.About{
		Title:   "Kith's own API",
		Version: "1.0",
		Description: "What the v3 contract lacks: applications and access keys, imports with a preview, a contact's history, the outbox, the request log, users and settings. " +
			"It takes the same tokens and access keys as v3, and from its own pages the session. `x-kith-privileges` are what the user's role must allow, beside the scope that the token must carry.\n\n" +
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
	inJSON := sync.OnceValue(func() []byte {
		document, _ := operation.Document(served, about(publicURL))
		return document
	})
	return map[string]http.HandlerFunc{
		"/openapi.json": func(w http.ResponseWriter, r *http.Request) {
			respond.JSON(w, r, http.StatusOK, inJSON())
		},
	}
}
