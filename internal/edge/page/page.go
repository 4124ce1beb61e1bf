// Package page renders the pages that work without script: one layout, forms
// whose faults stand at their fields, and the headers that keep such a page
// safe. What is on a page is left to the edges that show it.
package page

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// StaticPath is where the files of the pages are served; see Set.Static.
const StaticPath = "/public/"

// Set is the templates and files of all pages.
type Set struct {
	pages map[string]*template.Template
	files map[string]file
}

type file struct {
	content []byte
	version string // the beginning of its hash
}

// Page is what the layout needs to know of a page.
type Page struct {
	// Title stands in the browser's tab.
	Title string
	// Who is signed in, for the top of the page; empty for nobody.
	Who string
	// Wide gives the page more room than a form needs.
	Wide bool
	// Leaves says that sending the page's form may end on another site, as
	// consent does, perhaps in a window that this site opened. Browsers stop
	// the one and part the other otherwise.
	Leaves bool
	// Scripts lets the page run scripts of ours. It must work without.
	Scripts bool
	// Face is what another layout than the usual one is given beside the title.
	Face any
	// Data is what the page's own template is given.
	Data any
}

// Load reads static/* and pages/*.html, each a template "main" beside those of
// its layout: layout.html, or for p-*.html, which an account shows to its
// contacts, public-layout.html.
func Load(root fs.FS) (*Set, error) {
	s := &Set{pages: map[string]*template.Template{}, files: map[string]file{}}
	names, err := fs.Glob(root, "static/*")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		b, err := fs.ReadFile(root, name)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(b)
		s.files[path.Base(name)] = file{content: b, version: hex.EncodeToString(sum[:6])}
	}
	if names, err = fs.Glob(root, "pages/*.html"); err != nil {
		return nil, err
	}
	layouts := map[string]*template.Template{}
	for _, name := range names {
		layout := "pages/layout.html"
		if strings.HasPrefix(path.Base(name), "p-") {
			layout = "pages/public-layout.html"
		}
		if strings.HasSuffix(name, "layout.html") {
			continue
		}
		if layouts[layout] == nil {
			if layouts[layout], err = template.New("").Funcs(template.FuncMap{"static": s.address}).ParseFS(root, layout); err != nil {
				return nil, err
			}
		}
		t, err := template.Must(layouts[layout].Clone()).ParseFS(root, name)
		if err != nil {
			return nil, err
		}
		if t.Lookup("main") == nil {
			return nil, fmt.Errorf("%s has no template main", name)
		}
		s.pages[strings.TrimSuffix(path.Base(name), ".html")] = t
	}
	return s, nil
}

// address is where a static file is, with its version, so that browsers may
// keep it for ever.
func (s *Set) address(name string) (string, error) {
	f, ok := s.files[name]
	if !ok {
		return "", fmt.Errorf("there is no static file %q", name)
	}
	return StaticPath + name + "?v=" + f.version, nil
}

// Render answers with a page. It fails, having sent nothing, when the template
// does.
func (s *Set) Render(w http.ResponseWriter, status int, name string, p Page) error {
	text, err := s.Part(name, "layout", p)
	if err != nil {
		return err
	}
	h := w.Header()
	Protect(h)
	policy := "default-src 'none'; style-src 'self'; img-src 'self' https: data:; base-uri 'none'; frame-ancestors 'none'"
	if p.Scripts {
		policy += "; script-src 'self'; connect-src 'self'"
	}
	if !p.Leaves {
		policy += "; form-action 'self'"
		// An application may ask for consent in a window that it opened, and
		// hear of the answer from the page that the window comes back to.
		// This header would part the two, on any page or redirect between.
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
	}
	h.Set("Content-Security-Policy", policy)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // a client that went away has no use for an error
	return nil
}

// Part renders one template of a page by itself, for those who show it
// elsewhere; "layout" is the whole page.
func (s *Set) Part(name, part string, data any) (string, error) {
	t, ok := s.pages[name]
	if !ok {
		return "", fmt.Errorf("there is no page %q", name)
	}
	var b strings.Builder
	if err := t.ExecuteTemplate(&b, part, data); err != nil {
		return "", fmt.Errorf("render %s of page %s: %w", part, name, err)
	}
	return b.String(), nil
}

// Text returns a static file.
func (s *Set) Text(name string) (string, error) {
	f, ok := s.files[name]
	if !ok {
		return "", fmt.Errorf("there is no static file %q", name)
	}
	return string(f.content), nil
}

// Protect sets the headers that every page of ours carries.
func Protect(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	// Browsers without Sec-Fetch-Site tell where a form came from by Origin,
	// which "no-referrer" would take from them.
	h.Set("Referrer-Policy", "same-origin")
}

// Static serves the files of the pages at StaticPath.
func (s *Set) Static(w http.ResponseWriter, r *http.Request) {
	f, ok := s.files[strings.TrimPrefix(r.URL.Path, StaticPath)]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(r.URL.Path)))
	if r.URL.Query().Get("v") == f.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	_, _ = w.Write(f.content)
}
