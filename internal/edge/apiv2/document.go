package apiv2

import (
	"net/http"
	"reflect"
	"sync"

	"kith/internal/edge/operation"
	"kith/internal/edge/respond"
)

// about is what the document says beside the operations.
func about(publicURL string) operation.About {
	return operation.About{
		Title:   "Kith, version 2",
		Version: "2.0",
		Description: "For clients that were written for version 2: whole numbers for ids, and every fault of a call in an array of its own elements. " +
			"A token or an access key stands in the header Authorization or in `access_token`; beside a token of an application its key stands in `api_key`. " +
			"Unknown parameters and properties are refused, read-only ones are passed over, and PUT empties what it leaves out. " +
			"Collections go on at `meta.pagination.next_link`. Operations whose `x-kith-built` is false answer 501.",
		PublicURL: publicURL,
		Groups:    groups,
		Failure:   reflect.TypeFor[failure](),
		Bare:      func(operation.Operation, int) bool { return false },
	}
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
