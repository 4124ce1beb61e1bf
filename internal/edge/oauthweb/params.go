package oauthweb

import (
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/domain/oauth"
)

// params are the parameters of a request to an endpoint. The contract takes
// them from the query and from a form; where both hold one, the form counts.
// A body that is no form is passed over: some clients repeat everything in a
// JSON body under the media type of a form.
type params struct {
	form, query url.Values
	// media is the body's media type, where it was not read.
	media string
}

// readParams reads the parameters of a request.
func readParams(r *http.Request) (params, error) {
	p := params{query: lenient(r.URL.RawQuery)}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return p, errRequest.Saying("The body is too large.").Because(err)
		}
		return p, fault.ErrMalformed.Because(err)
	}
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	text := strings.TrimSpace(string(body))
	switch {
	case text == "":
	case media != "application/x-www-form-urlencoded" && media != "", strings.HasPrefix(text, "{"):
		p.media = media
	default:
		p.form = lenient(text)
	}
	return p, nil
}

// lenient reads what can be read of a query.
func lenient(text string) url.Values {
	v, _ := url.ParseQuery(text) // a part that cannot be read is one that is not there
	return v
}

// get returns the parameter, or "".
func (p params) get(name string) string {
	if v := p.form.Get(name); v != "" {
		return v
	}
	return p.query.Get(name)
}

// need returns parameters that must be there, or says which is not.
func (p params) need(name string) (string, error) {
	if v := p.get(name); v != "" {
		return v, nil
	}
	if p.media != "" && p.form == nil {
		return "", errRequest.Saying("The parameter " + name + " is missing. Parameters are read from a body of application/x-www-form-urlencoded and from the query; the body sent was passed over.")
	}
	return "", missing(name)
}

// scopes reads the scopes that are asked for. Clients join them with a blank
// or with a plus sign, which some of them encode.
func readScopes(text string) (oauth.Scopes, error) {
	known, unknown := oauth.ParseScopes(strings.ReplaceAll(text, "+", " "))
	if len(unknown) > 0 {
		return nil, errScope.Saying("These scopes are not known here: " + strings.Join(unknown, " ") + ". There are: " + oauth.AllScopes().String() + ".")
	}
	if len(known) == 0 {
		return nil, errScope.Saying("No scope is asked for. There are: " + oauth.AllScopes().String() + ".")
	}
	return known, nil
}

// readBasic reads the client's name and secret from the Authorization header.
// What cannot be decoded counts as absent: a widely used client sends a client
// id without a colon (v3 contract, WordPress plugin).
func readBasic(r *http.Request) (clientID, secret string, ok bool) {
	scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Basic") {
		return "", "", false
	}
	return parseBasic(strings.TrimSpace(rest))
}

// parseBasic reads the credentials of Basic. Those who keep to RFC 6749 §2.3.1
// form-encode both halves, some of them down to the hyphens of a client id;
// others send them plain. No client id and no secret of ours holds a character
// that would mean something else when it is decoded.
func parseBasic(text string) (clientID, secret string, ok bool) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		if raw, err = base64.RawStdEncoding.DecodeString(text); err != nil {
			return "", "", false
		}
	}
	clientID, secret, ok = strings.Cut(string(raw), ":")
	if !ok || clientID == "" {
		return "", "", false
	}
	return formDecoded(clientID), formDecoded(secret), true
}

func formDecoded(text string) string {
	if decoded, err := url.QueryUnescape(text); err == nil {
		return decoded
	}
	return text
}

// readClient says who the client claims to be, and by what it proves that.
func readClient(r *http.Request, p params) (clientID, secret string, err error) {
	named := p.get("client_id")
	clientID, secret, ok := readBasic(r)
	switch {
	case !ok:
		clientID, secret = named, p.get("client_secret")
	case named != "" && !strings.EqualFold(named, clientID):
		return "", "", errRequest.Saying("The Authorization header and client_id name different clients.")
	case secret == "":
		secret = p.get("client_secret")
	}
	if clientID == "" {
		return "", "", oauth.ErrClient.Saying("The client is not named: send client_id, or Basic with the client ID and the secret.")
	}
	return clientID, secret, nil
}
