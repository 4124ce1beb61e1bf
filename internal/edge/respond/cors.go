package respond

import "net/http"

// What CORS answers allow (v3 contract, CORS). The headers to be read are an
// addition of ours.
const (
	allowHeaders  = "Content-Type,X-Amz-Date,Authorization,X-Api-Key"
	allowMethods  = "GET,POST,PUT,DELETE,PATCH,OPTIONS"
	exposeHeaders = "Kith-Request-Id,Kith-Error-Code,Link,Location,Retry-After"
)

// CORS lets pages of other sites read the answer. They bring a token: cookies
// are never let through.
func CORS(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Headers", allowHeaders)
	h.Set("Access-Control-Allow-Methods", allowMethods)
	h.Set("Access-Control-Expose-Headers", exposeHeaders)
}

// NoCORS takes back what CORS said, for an answer to a session.
func NoCORS(h http.Header) {
	for _, name := range []string{
		"Access-Control-Allow-Origin", "Access-Control-Allow-Headers", "Access-Control-Allow-Methods", "Access-Control-Expose-Headers",
	} {
		h.Del(name)
	}
}

// Preflight answers OPTIONS.
func Preflight(w http.ResponseWriter) {
	CORS(w.Header())
	w.Header().Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
}
