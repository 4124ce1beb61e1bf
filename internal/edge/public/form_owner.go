package public

import (
	"context"
	"html"
	"net/url"
	"strings"

	"kith/internal/domain/form"
	"kith/internal/edge/page"
)

// What the owner of a form sees of it, in pages and answers of others.

// FormPreview returns the page of a form as people would see it.
func (s *Site) FormPreview(ctx context.Context, o *form.Open) (string, error) {
	v, err := s.ownerVisit(ctx, o)
	if err != nil {
		return "", err
	}
	view := s.formView(v, o, nil)
	view.Still = true
	return s.o.Pages.Part("p-form", "layout", page.Page{Title: view.Title, Face: v, Data: view})
}

// FormSnippets returns what shows a form on another site: plain HTML, and a
// script.
func (s *Site) FormSnippets(ctx context.Context, o *form.Open) (plain, script string, err error) {
	v, err := s.ownerVisit(ctx, o)
	if err != nil {
		return "", "", err
	}
	view := s.formView(v, o, nil)
	view.Action = s.o.PublicURL + view.Action
	plain, err = s.o.Pages.Part("p-form", "snippet", view)
	// Optional words keep to their labels without the spans of our style sheet.
	plain = strings.NewReplacer(`<span class="optional">`, "", "</span>", "").Replace(plain)
	return plain, `<script src="` + html.EscapeString(view.Action) + `/embed.js" async></script>` + "\n", err
}

func (s *Site) ownerVisit(ctx context.Context, o *form.Open) (*visit, error) {
	v := &visit{address: &url.URL{}}
	var err error
	v.Brand, err = s.o.Brands.Brand(ctx, o.Account, faceOf(o))
	v.keepTo(string(o.Language))
	return v, err
}
