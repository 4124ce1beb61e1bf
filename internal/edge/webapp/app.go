package webapp

import (
	"bytes"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"

	"kith/internal/base/clock"
	"kith/internal/edge/page"
)

// appPolicy is what the web app may load. Its component library puts style
// elements into the page; scripts come as files only. Mails in the outbox are
// shown in a frame that may load nothing.
const appPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; " +
	"font-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// app sends the built web app to who is signed in, and everybody else to where
// they can be: sign-up while the server has no account, else log-in.
func (a *App) app(w http.ResponseWriter, r *http.Request) error {
	_, err := a.o.Sessions.Current(r)
	if err == nil {
		return a.document(w, r, "index.html")
	}
	if !errors.Is(err, ErrSession) {
		return err
	}
	e, err := a.o.Accounts.Entrance(r.Context())
	if err != nil {
		return err
	}
	to := r.URL.RequestURI()
	if e.First && e.Open {
		return goOn(w, r, "/signup")
	}
	return goOn(w, r, LoginURL(to))
}

// referenceEnd is the page that the reference's sign-in returns to.
const referenceEnd = "reference/oauth2-redirect.html"

// reference sends the API reference and the page that its sign-in returns to.
// Anybody may read them.
func (a *App) reference(w http.ResponseWriter, r *http.Request) error {
	name := "reference.html"
	if r.URL.Path != "/reference" {
		name = referenceEnd
	}
	return a.document(w, r, name)
}

// document sends a page of the built web app. Where that is not in the binary,
// a page says so in its place.
func (a *App) document(w http.ResponseWriter, r *http.Request, name string) error {
	b, err := fs.ReadFile(a.o.UI, name)
	if errors.Is(err, fs.ErrNotExist) {
		b, err = fs.ReadFile(a.o.UI, "placeholder.html")
	}
	if errors.Is(err, fs.ErrNotExist) {
		return errRoute
	}
	if err != nil {
		return err
	}
	h := w.Header()
	page.Protect(h)
	// The reference page opens a window to sign in, and the page at which that
	// ends speaks to it: the one must allow it and the other say nothing.
	if name != referenceEnd {
		h.Set("Cross-Origin-Opener-Policy", "same-origin-allow-popups")
	}
	h.Set("Content-Security-Policy", appPolicy)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	http.ServeContent(w, r, "", clock.FromMillis(0), bytes.NewReader(b))
	return nil
}

// asset sends a file of the built web app. Its name holds a hash of its
// content, so browsers keep it for ever.
func (a *App) asset(w http.ResponseWriter, r *http.Request) error {
	name := "assets/" + r.PathValue("file")
	if !fs.ValidPath(name) {
		return errRoute
	}
	b, err := fs.ReadFile(a.o.UI, name)
	if err != nil {
		return errRoute.Because(err) // also a folder's name
	}
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		h.Set("Content-Type", t)
	}
	http.ServeContent(w, r, "", clock.FromMillis(0), bytes.NewReader(b))
	return nil
}
