package oauthweb

import (
	"net/http"
	"net/url"

	"kith/internal/base/fault"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/edge/page"
	"kith/internal/edge/respond"
)

// deviceAnswer is what a device gets to begin with (v3 contract, device flow).
type deviceAnswer struct {
	DeviceCode string `json:"device_code"`
	UserCode   string `json:"user_code"`
	URI        string `json:"verification_uri"`
	Complete   string `json:"verification_uri_complete"`
	ExpiresIn  int64  `json:"expires_in"`
	Interval   int64  `json:"interval"`
}

// deviceAuthorize is POST /device/authorize.
func (web *Web) deviceAuthorize(w http.ResponseWriter, r *http.Request) error {
	p, err := readParams(r)
	if err != nil {
		return err
	}
	client, _, err := web.client(r, p)
	if err != nil {
		return err
	}
	scopes, err := readScopes(p.get("scope"))
	if err != nil {
		return err
	}
	// A client id is no secret, and each request leaves a row.
	if err := web.o.Limiter.Post(r.Context(), address(r)); err != nil {
		return err
	}
	code, d, err := web.o.OAuth.StartDevice(r.Context(), client, scopes)
	if err != nil {
		return err
	}
	shown := oauth.ShowUserCode(d.UserCode)
	web.send(w, http.StatusOK, deviceAnswer{
		DeviceCode: code, UserCode: shown, URI: web.o.PublicURL + "/activate",
		Complete:  web.o.PublicURL + "/activate?user_code=" + url.QueryEscape(shown),
		ExpiresIn: int64(d.ExpiresAt.Sub(d.CreatedAt).Seconds()), Interval: int64(d.Pause.Seconds()),
	})
	return nil
}

// activate is GET /activate: where the user of a device types its code, and
// sees what it asks for.
func (web *Web) activate(w http.ResponseWriter, r *http.Request) error {
	v, err := web.current(r)
	if err != nil {
		return err
	}
	if v == nil {
		web.signIn(w, r, r.URL.RequestURI())
		return nil
	}
	typed := r.URL.Query().Get("user_code")
	if typed == "" {
		return web.askCode(w, r, v, "", nil)
	}
	return web.askDevice(w, r, v, typed, "")
}

// decideDevice is POST /activate: the user's answer.
func (web *Web) decideDevice(w http.ResponseWriter, r *http.Request) error {
	v, err := web.current(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.ErrMalformed.Because(err)
	}
	typed, decision := r.PostForm.Get("user_code"), r.PostForm.Get("decision")
	if v == nil {
		web.signIn(w, r, activation(typed))
		return nil
	}
	if r.PostForm.Get("for") != whom(v) {
		return web.askDevice(w, r, v, typed, "You are logged in otherwise than when this was asked. Look at it again.")
	}
	if _, err := v.here(); err != nil || decision != "allow" && decision != "deny" {
		return web.askDevice(w, r, v, typed, "")
	}
	allow := decision == "allow"
	if err := web.guess(r, v, func() error {
		return web.o.OAuth.DecideDevice(r.Context(), v.actor(r, "web device consent"), typed, allow, v.At)
	}); err != nil {
		return web.askCode(w, r, v, typed, err)
	}
	heading, text := "The device is connected", "It goes on by itself in a few seconds. You can close this page."
	if !allow {
		heading, text = "The device was refused", "It got no access. You can close this page."
	}
	return web.o.Pages.Render(w, http.StatusOK, "done", page.Page{Title: heading, Who: v.User.Email.String(), Data: map[string]string{
		"Heading": heading, "Text": text, "Link": "/", "Button": "To the start page",
	}})
}

// guess runs something that a wrong user code fails, unless too many have
// failed.
func (web *Web) guess(r *http.Request, v *viewer, do func() error) error {
	try := account.Try{Kind: "device", Subject: whom(v), Address: address(r)}
	if err := web.o.Limiter.Allow(r.Context(), try); err != nil {
		return err
	}
	return web.failed(r.Context(), try, do())
}

func activation(userCode string) string {
	return "/activate?user_code=" + url.QueryEscape(userCode)
}

// askDevice shows what the device of a code asks for.
func (web *Web) askDevice(w http.ResponseWriter, r *http.Request, v *viewer, typed, note string) error {
	var (
		d   oauth.Device
		app oauth.Application
	)
	if err := web.guess(r, v, func() (err error) {
		d, app, err = web.o.OAuth.DeviceByUserCode(r.Context(), typed)
		return err
	}); err != nil {
		return web.askCode(w, r, v, typed, err)
	}
	c := web.consentOf(app, d.Scopes, v, activation(oauth.ShowUserCode(d.UserCode)))
	c.Note, c.Code, c.Action = note, oauth.ShowUserCode(d.UserCode), "/activate"
	return web.o.Pages.Render(w, http.StatusOK, "consent", page.Page{Title: "Connect a device", Who: v.User.Email.String(), Data: c})
}

// askCode shows the form for a device's code, and what was wrong with the one
// typed.
func (web *Web) askCode(w http.ResponseWriter, r *http.Request, v *viewer, typed string, wrong error) error {
	code := http.StatusOK
	form := page.NewForm(page.Field{
		Name: "user_code", Label: "Code", Value: typed, Autocomplete: "off", Required: true,
		Hint: "Eight letters, shown by the device. Hyphens and case do not matter.",
	})
	title := "Connect a device"
	if wrong != nil {
		f := fault.Of(wrong)
		if f.Kind != fault.NotFound && f.Kind != fault.TooMany {
			return wrong
		}
		respond.Failure(w, r, web.o.PublicURL, f)
		form.Fail(f)
		code, title = respond.Status(f), "Error: "+title
	}
	return web.o.Pages.Render(w, code, "activate", page.Page{Title: title, Who: v.User.Email.String(), Data: map[string]any{"Form": form}})
}
