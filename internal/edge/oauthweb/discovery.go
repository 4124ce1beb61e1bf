package oauthweb

import (
	"net/http"

	"kith/internal/domain/oauth"
)

// metadata says what there is (RFC 8414 §2). The hosted service has no such
// document; clients that look for one find all they need.
type metadata struct {
	Issuer               string   `json:"issuer"`
	Authorization        string   `json:"authorization_endpoint"`
	Token                string   `json:"token_endpoint"`
	Device               string   `json:"device_authorization_endpoint"`
	Revocation           string   `json:"revocation_endpoint"`
	Introspection        string   `json:"introspection_endpoint"`
	Keys                 string   `json:"jwks_uri"`
	Scopes               []string `json:"scopes_supported"`
	ResponseTypes        []string `json:"response_types_supported"`
	ResponseModes        []string `json:"response_modes_supported"`
	GrantTypes           []string `json:"grant_types_supported"`
	TokenMethods         []string `json:"token_endpoint_auth_methods_supported"`
	RevocationMethods    []string `json:"revocation_endpoint_auth_methods_supported"`
	IntrospectionMethods []string `json:"introspection_endpoint_auth_methods_supported"`
	ChallengeMethods     []string `json:"code_challenge_methods_supported"`
	SubjectTypes         []string `json:"subject_types_supported"`
	RequestParameter     bool     `json:"request_parameter_supported"`
	RequestURIParameter  bool     `json:"request_uri_parameter_supported"`
	Documentation        string   `json:"service_documentation"`
}

// discovery serves the same document at both of its addresses.
func (web *Web) discovery(w http.ResponseWriter, _ *http.Request) error {
	at := web.o.PublicURL + base + "/v1"
	every := []string{"client_secret_basic", "client_secret_post", "none"}
	m := metadata{
		Issuer: web.o.OAuth.Issuer(), Authorization: at + "/authorize", Token: at + "/token", Device: at + "/device/authorize",
		Revocation: at + "/revoke", Introspection: at + "/introspect", Keys: at + "/keys",
		ResponseTypes: []string{"code", "token"}, ResponseModes: []string{"query", "fragment"},
		GrantTypes:   []string{grantCode, "implicit", grantRefresh, grantDevice},
		TokenMethods: every, RevocationMethods: every, IntrospectionMethods: every[:2],
		ChallengeMethods: []string{"S256"}, SubjectTypes: []string{"public"},
		Documentation: web.o.PublicURL + "/help",
	}
	for _, s := range oauth.AllScopes() {
		m.Scopes = append(m.Scopes, string(s))
	}
	publish(w, m)
	return nil
}

// keys is the key set.
func (web *Web) keys(w http.ResponseWriter, r *http.Request) error {
	set, err := web.o.OAuth.PublicKeys(r.Context())
	if err != nil {
		return err
	}
	publish(w, set)
	return nil
}

// publish sends what everyone may know and keep for some minutes.
func publish(w http.ResponseWriter, v any) {
	w.Header().Set("Cache-Control", "public, max-age=300")
	write(w, http.StatusOK, v)
}
