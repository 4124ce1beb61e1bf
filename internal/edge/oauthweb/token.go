package oauthweb

import (
	"net/http"

	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/edge/request"
)

// The grant types.
const (
	grantCode    = "authorization_code"
	grantRefresh = "refresh_token"
	grantDevice  = "urn:ietf:params:oauth:grant-type:device_code"
)

// tokenAnswer holds the contract's keys and no others: a client spreads them
// over a database row (v3 contract, POST /token).
type tokenAnswer struct {
	TokenType    string `json:"token_type"`
	ExpiresIn    int64  `json:"expires_in"`
	AccessToken  string `json:"access_token"`
	Scope        string `json:"scope"`
	RefreshToken string `json:"refresh_token,omitempty"`
}

// client returns the application that asks. Failures are counted by client and
// address together: a client id is no secret, and nobody may lock out a client
// from elsewhere.
func (web *Web) client(r *http.Request, p params) (a oauth.Application, try account.Try, err error) {
	clientID, secret, err := readClient(r, p)
	if err != nil {
		return a, try, err
	}
	e := request.Of(r.Context())
	e.Named.ClientID = clientID
	from := address(r)
	try = account.Try{Kind: "token", Subject: clientID + " " + from, Address: from}
	if err := web.o.Limiter.Allow(r.Context(), try); err != nil {
		return a, try, err
	}
	if r.Header.Get("Origin") != "" && p.get("code_verifier") == "" {
		// Said before the secret is looked at: pages should not hold one.
		if a, err := web.o.OAuth.Client(r.Context(), clientID); err == nil && a.Confidential() {
			return a, try, errRequest.Saying("Browser requests to the token endpoint must use Proof Key for Code Exchange.")
		}
	}
	a, err = web.o.OAuth.Authenticate(r.Context(), clientID, secret)
	if a.ID != 0 {
		e.Application, e.Account = a.UID.String(), a.Account
		e.Unproven = err != nil || !a.Confidential()
	}
	return a, try, web.failed(r.Context(), try, err)
}

// token is POST /token.
func (web *Web) token(w http.ResponseWriter, r *http.Request) error {
	p, err := readParams(r)
	if err != nil {
		return err
	}
	grantType, err := p.need("grant_type")
	if err != nil {
		return err
	}
	switch grantType {
	case grantCode, grantRefresh, grantDevice:
	default:
		return errGrantType.Saying("The grant type is not offered. There are: " + grantCode + ", " + grantRefresh + ", " + grantDevice + ".")
	}
	client, try, err := web.client(r, p)
	if err != nil {
		return err
	}
	t, err := web.grant(r, p, grantType, client)
	if err != nil {
		return web.failed(r.Context(), try, err)
	}
	web.send(w, http.StatusOK, tokenAnswer{
		TokenType: "Bearer", ExpiresIn: int64(t.ExpiresIn.Seconds()), AccessToken: t.Access, Scope: t.Scopes.String(), RefreshToken: t.Refresh,
	})
	return nil
}

func (web *Web) grant(r *http.Request, p params, grantType string, client oauth.Application) (oauth.Tokens, error) {
	ctx := r.Context()
	switch grantType {
	case grantCode:
		code, err := p.need("code")
		if err != nil {
			return oauth.Tokens{}, err
		}
		redirect, err := p.need("redirect_uri")
		if err != nil {
			return oauth.Tokens{}, err
		}
		return web.o.OAuth.Exchange(ctx, client, code, redirect, p.get("code_verifier"))
	case grantRefresh:
		token, err := p.need("refresh_token")
		if err != nil {
			return oauth.Tokens{}, err
		}
		var narrow oauth.Scopes
		if text := p.get("scope"); text != "" {
			if narrow, err = readScopes(text); err != nil {
				return oauth.Tokens{}, err
			}
		}
		return web.o.OAuth.RefreshTokens(ctx, client, token, narrow)
	default:
		code, err := p.need("device_code")
		if err != nil {
			return oauth.Tokens{}, err
		}
		return web.o.OAuth.PollDevice(ctx, client, code)
	}
}

// revoke is POST /revoke (RFC 7009), an addition to the contract.
func (web *Web) revoke(w http.ResponseWriter, r *http.Request) error {
	client, token, err := web.told(r)
	if err != nil {
		return err
	}
	if err := web.o.OAuth.Revoke(r.Context(), client, token); err != nil {
		return err
	}
	web.send(w, http.StatusOK, struct{}{})
	return nil
}

// told reads a request about a token.
func (web *Web) told(r *http.Request) (client oauth.Application, token string, err error) {
	p, err := readParams(r)
	if err != nil {
		return client, "", err
	}
	if client, _, err = web.client(r, p); err != nil {
		return client, "", err
	}
	token, err = p.need("token")
	return client, token, err
}

// introspection is the answer of POST /introspect (RFC 7662 §2.2).
type introspection struct {
	Active    bool   `json:"active"`
	Scope     string `json:"scope,omitempty"`
	ClientID  string `json:"client_id,omitempty"`
	Username  string `json:"username,omitempty"`
	TokenType string `json:"token_type,omitempty"`
	Expires   int64  `json:"exp,omitempty"`
	Issued    int64  `json:"iat,omitempty"`
	Subject   string `json:"sub,omitempty"`
	Audience  string `json:"aud,omitempty"`
	Issuer    string `json:"iss,omitempty"`
	TokenID   string `json:"jti,omitempty"`
}

// introspect is POST /introspect, an addition to the contract, for clients
// that can prove who they are.
func (web *Web) introspect(w http.ResponseWriter, r *http.Request) error {
	client, token, err := web.told(r)
	if err != nil {
		return err
	}
	if !client.Confidential() {
		return oauth.ErrClient.Saying("Only a client with a secret may ask about tokens.")
	}
	i, active, err := web.o.OAuth.Introspect(r.Context(), client, token)
	if err != nil {
		return err
	}
	if !active {
		web.send(w, http.StatusOK, introspection{})
		return nil
	}
	answer := introspection{
		Active: true, Scope: i.Scopes.String(), ClientID: client.UID.String(), Username: i.Username, TokenType: "refresh_token",
		Expires: i.Expires.Unix(), Issued: i.Issued.Unix(), Subject: i.Username, Issuer: web.o.OAuth.Issuer(),
	}
	if !i.Refresh {
		answer.TokenType, answer.Audience, answer.TokenID = "Bearer", web.o.OAuth.Audience(), i.TokenID
	}
	web.send(w, http.StatusOK, answer)
	return nil
}
