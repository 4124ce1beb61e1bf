package webapp

import (
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/edge/page"
)

// topic explains a code: what it means, and what to do.
type topic struct {
	Code  string
	Means []template.HTML
	Do    []template.HTML
}

// topics are the explanations by code.
type topics map[string]topic

// parseTopics reads docs/errors.md: "## `code`", a paragraph that says what it
// means, and paragraphs that say what to do. Of Markdown it knows `code`.
func parseTopics(text string) (topics, error) {
	all := topics{}
	sections := strings.Split("\n"+text, "\n## ")
	for _, section := range sections[1:] {
		heading, body, _ := strings.Cut(section, "\n")
		code := strings.Trim(heading, "` ")
		var paragraphs []template.HTML
		for p := range strings.SplitSeq(strings.TrimSpace(body), "\n\n") {
			if p = strings.TrimSpace(p); p != "" {
				paragraphs = append(paragraphs, marked(p))
			}
		}
		if len(paragraphs) < 2 {
			return nil, fmt.Errorf("the explanation of %s lacks what it means or what to do", code)
		}
		if _, twice := all[code]; twice {
			return nil, fmt.Errorf("%s is explained twice", code)
		}
		all[code] = topic{Code: code, Means: paragraphs[:1], Do: paragraphs[1:]}
	}
	return all, nil
}

// marked turns a paragraph into HTML; the address of a page becomes a link.
func marked(p string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(p, "`") {
		part = template.HTMLEscapeString(part)
		if i%2 == 1 {
			code := "<code>" + part + "</code>"
			if strings.HasPrefix(part, "/") && !strings.HasPrefix(part, "/v") { // a page, not an API
				code = `<a href="` + part + `">` + code + "</a>"
			}
			part = code
		}
		b.WriteString(part)
	}
	return template.HTML(b.String()) //nolint:gosec // every part is escaped above
}

func (a *App) topic(w http.ResponseWriter, r *http.Request) error {
	t, ok := a.topics[r.PathValue("code")]
	if !ok {
		return fault.ErrNotFound.Saying("There is no error with this code.")
	}
	return a.show(w, http.StatusOK, "fault", page.Page{Title: t.Code, Data: t})
}

func (a *App) allTopics(w http.ResponseWriter, _ *http.Request) error {
	var all []topic
	for _, t := range a.topics {
		all = append(all, t)
	}
	slices.SortFunc(all, func(x, y topic) int { return strings.Compare(x.Code, y.Code) })
	return a.show(w, http.StatusOK, "faults", page.Page{Title: "What errors mean", Wide: true, Data: map[string]any{"Topics": all}})
}
