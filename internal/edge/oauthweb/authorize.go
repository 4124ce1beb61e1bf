package oauthweb

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kith/internal/base/fault"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/edge/page"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
)

// maxState bounds what is handed back untouched: the whole request must fit
// into the address to return to after signing in.
const maxState = 4096

// sinceParam stands in place of prompt=login while the user signs in again:
// the time, in milliseconds, since when they must have done so.
const sinceParam = "kith_since"

// authorization is a request that may be answered at its redirect URI.
type authorization struct {
	application oauth.Application
	redirectURI string
	implicit    bool
	state       string
	scopes      oauth.Scopes
	challenge   string
	// again asks for a fresh sign-in; since is the moment it must be after.
	again bool
	since time.Time
}

// asked reads who asks, and where the answer is to go. Until both are known
// nothing is answered there: the failure is a page (v3 contract, GET
// /authorize).
func (web *Web) asked(r *http.Request) (a authorization, q url.Values, err error) {
	q = lenient(r.URL.RawQuery)
	clientID := q.Get("client_id")
	if clientID == "" {
		return a, q, missing("client_id")
	}
	a.application, err = web.o.OAuth.Client(r.Context(), clientID)
	if fault.Is(err, fault.NotFound) {
		return a, q, errUnknown.Because(err)
	}
	if err != nil {
		return a, q, err
	}
	e := request.Of(r.Context())
	e.Application, e.Account, e.Unproven = a.application.UID.String(), a.application.Account, true
	a.redirectURI = q.Get("redirect_uri")
	switch {
	case a.redirectURI == "":
		return a, q, missing("redirect_uri")
	case !a.application.Redirects(a.redirectURI):
		return a, q, errMismatch
	case !a.application.Active:
		// Not at its address: it may be off because it was misused.
		return a, q, oauth.ErrClientInactive
	}
	a.implicit = q.Get("response_type") == "token"
	a.state = q.Get("state")
	return a, q, nil
}

// check reads the rest. What is wrong with it is answered at the redirect URI.
func (a *authorization) check(q url.Values) error {
	for name, values := range q {
		if len(values) > 1 && knownParameter(name) {
			return errRequest.Saying("The parameter " + name + " is given more than once.")
		}
	}
	switch t := q.Get("response_type"); {
	case t == "":
		return missing("response_type")
	case t != "code" && t != "token":
		return fault.New(fault.Invalid, fault.CodeOAuthResponseType, "The response type is neither code nor token.")
	case a.application.Flow == oauth.FlowDevice, a.implicit && a.application.Flow != oauth.FlowCode:
		return oauth.ErrFlow
	}
	switch mode := q.Get("response_mode"); {
	case mode == "", mode == "query" && !a.implicit, mode == "fragment" && a.implicit:
	default:
		return errRequest.Saying("The response mode is query for a code and fragment for a token.")
	}
	switch {
	case a.state == "":
		return missing("state")
	case len(a.state) > maxState:
		a.state = ""
		return errRequest.Saying("The parameter state is longer than " + strconv.Itoa(maxState) + " characters.")
	}
	var err error
	if a.scopes, err = readScopes(q.Get("scope")); err != nil {
		return err
	}
	if err := a.checkChallenge(q); err != nil {
		return err
	}
	for p := range strings.FieldsSeq(q.Get("prompt")) {
		switch p {
		case "login":
			a.again = true
		case "none":
			return errRequest.Saying("The user is always asked: prompt=none is not possible.")
		}
	}
	if ms, err := strconv.ParseInt(q.Get(sinceParam), 10, 64); err == nil {
		a.since = time.UnixMilli(ms)
	}
	return nil
}

func (a *authorization) checkChallenge(q url.Values) error {
	a.challenge = q.Get("code_challenge")
	switch method := q.Get("code_challenge_method"); {
	case a.implicit:
		a.challenge = "" // there is no code to be challenged
	case a.challenge == "" && a.application.Flow == oauth.FlowPKCE:
		return errRequest.Saying("The parameter code_challenge is missing: the application uses PKCE.")
	case a.challenge == "":
	case method != "S256":
		return errRequest.Saying("The parameter code_challenge_method must be S256.")
	case !oauth.IsChallenge(a.challenge):
		return errRequest.Saying("The parameter code_challenge is not a SHA-256 hash in base64url without padding (43 characters).")
	}
	return nil
}

func knownParameter(name string) bool {
	switch name {
	case "client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "code_challenge", "code_challenge_method", "prompt":
		return true
	}
	return false
}

// answer sends the browser to the redirect URI: with a code in its query, with
// a token in its fragment, and what went wrong in the same place.
func (web *Web) answer(w http.ResponseWriter, a authorization, pairs ...string) {
	if a.state != "" {
		pairs = append(pairs, "state", a.state)
	}
	var b strings.Builder
	b.WriteString(a.redirectURI)
	next := byte('?')
	switch {
	case a.implicit:
		next = '#'
	case strings.Contains(a.redirectURI, "?"):
		next = '&'
	}
	for i := 0; i < len(pairs); i += 2 {
		b.WriteByte(next)
		b.WriteString(pairs[i] + "=" + url.QueryEscape(pairs[i+1]))
		next = '&'
	}
	page.Protect(w.Header())
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Location", b.String())
	w.WriteHeader(http.StatusFound)
}

// refuse answers a request with what is wrong with it.
func (web *Web) refuse(w http.ResponseWriter, r *http.Request, a authorization, err error) error {
	f := fault.Of(err)
	if f.Kind == fault.Internal || f.Kind == fault.Unavailable {
		return err // the user is told, and may try again
	}
	respond.Failure(w, r, web.o.PublicURL, f)
	web.answer(w, a, "error", word(f), "error_description", f.Message)
	return nil
}

// ready returns the request and who is to decide on it. Where either is
// missing it has answered, or returns an error: the viewer is then nil.
func (web *Web) ready(w http.ResponseWriter, r *http.Request) (a authorization, v *viewer, err error) {
	a, q, err := web.asked(r)
	if err != nil {
		return a, nil, web.unanswerable(w, r, a, err)
	}
	if err := a.check(q); err != nil {
		return a, nil, web.refuse(w, r, a, err)
	}
	if a.again {
		// The time goes through the browser. Whoever changes it only spares
		// themselves a sign-in that they asked for.
		q.Del("prompt")
		q.Set(sinceParam, strconv.FormatInt(web.o.OAuth.Now().UnixMilli(), 10))
		web.signIn(w, r, r.URL.Path+"?"+q.Encode())
		return a, nil, nil
	}
	if v, err = web.current(r); err != nil {
		return a, nil, err
	}
	if v == nil || v.At.Before(a.since) {
		web.signIn(w, r, r.URL.RequestURI())
		return a, nil, nil
	}
	return a, v, nil
}

// authorize is GET /authorize: it shows what an application asks for.
func (web *Web) authorize(w http.ResponseWriter, r *http.Request) error {
	a, v, err := web.ready(w, r)
	if err != nil || v == nil {
		return err
	}
	return web.ask(w, r, a, v, "")
}

// decide is POST /authorize: the user's answer. The request itself stands in
// the address, as it did when it was shown.
func (web *Web) decide(w http.ResponseWriter, r *http.Request) error {
	a, v, err := web.ready(w, r)
	if err != nil || v == nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.ErrMalformed.Because(err)
	}
	if r.PostForm.Get("for") != whom(v) {
		return web.ask(w, r, a, v, "You are logged in otherwise than when this was asked. Look at it again.")
	}
	switch r.PostForm.Get("decision") {
	case "deny":
		return web.refuse(w, r, a, oauth.ErrDenied)
	case "allow":
	default:
		return web.ask(w, r, a, v, "")
	}
	if _, err := v.here(); err != nil {
		return web.ask(w, r, a, v, "")
	}
	actor := v.actor(r, "web consent")
	c := oauth.Consent{Application: a.application, Scopes: a.scopes, RedirectURI: a.redirectURI, Challenge: a.challenge, AuthAt: v.At}
	if !a.implicit {
		code, err := web.o.OAuth.Allow(r.Context(), actor, c)
		if err != nil {
			return err
		}
		web.answer(w, a, "code", code)
		return nil
	}
	t, err := web.o.OAuth.AllowImplicit(r.Context(), actor, c)
	if err != nil {
		return err
	}
	web.answer(w, a, "access_token", t.Access, "token_type", "Bearer",
		"expires_in", strconv.FormatInt(int64(t.ExpiresIn.Seconds()), 10), "scope", t.Scopes.String())
	return nil
}

// whom names the user and account that a consent was shown for.
func whom(v *viewer) string {
	return strconv.FormatInt(int64(v.User.ID), 36) + "-" + strconv.FormatInt(int64(v.Account), 36)
}

// consent is what the page shows.
type consent struct {
	Name, Description, Logo, Website string
	// Account is where access is asked to; As is who allows it.
	Account, As, Role string
	Lines             []string
	// Refresh says that access can be renewed; Hours is how long it lasts
	// otherwise. Implicit access never can.
	Refresh, Implicit bool
	Hours             string
	// Goes is where the browser goes on to; empty for a device.
	Goes string
	// Code is a device's.
	Code string
	// Action is where the answer is sent, For whom it is shown for.
	Action, For string
	// Another is where to choose another user, Others the user's accounts.
	Another string
	Others  []account.Membership
	Return  string
	// Unusable says why the account cannot be used, Note something else.
	Unusable, Note string
}

func (web *Web) consentOf(app oauth.Application, scopes oauth.Scopes, v *viewer, self string) consent {
	m, err := v.here()
	access, _ := web.o.OAuth.Lives()
	c := consent{
		Name: app.Name, Description: app.Description, Logo: app.LogoURL, Website: app.Website,
		Account: m.Account.Name(), As: v.User.Email.String(), Role: m.Role.Title(), For: whom(v),
		Another: web.o.Sessions.LoginURL(self), Others: v.others(), Return: self, Action: self,
		Refresh: scopes.Has(oauth.OfflineAccess), Hours: hours(access),
	}
	for _, s := range scopes {
		c.Lines = append(c.Lines, s.Line())
	}
	if err != nil {
		c.Unusable = fault.Of(err).Message
	}
	return c
}

func hours(d time.Duration) string {
	if h := int(d.Round(time.Hour).Hours()); h != 1 {
		return strconv.Itoa(h) + " hours"
	}
	return "an hour"
}

// ask shows the consent page.
func (web *Web) ask(w http.ResponseWriter, r *http.Request, a authorization, v *viewer, note string) error {
	c := web.consentOf(a.application, a.scopes, v, r.URL.RequestURI())
	c.Note = note
	c.Goes = goes(a.redirectURI)
	if a.implicit {
		_, implicit := web.o.OAuth.Lives()
		c.Implicit, c.Refresh, c.Hours = true, false, hours(implicit)
		c.Lines = nil
		for _, s := range a.scopes {
			if s != oauth.OfflineAccess {
				c.Lines = append(c.Lines, s.Line())
			}
		}
	}
	return web.o.Pages.Render(w, http.StatusOK, "consent", page.Page{
		Title: "Allow " + a.application.Name, Who: v.User.Email.String(), Leaves: true, Data: c,
	})
}

// goes says in short where a redirect URI leads.
func goes(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return uri
	}
	if u.Host == "" {
		return "the application on this device (" + u.Scheme + ")"
	}
	return u.Scheme + "://" + u.Host
}
