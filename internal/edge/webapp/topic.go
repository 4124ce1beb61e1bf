package webapp

import (
	"html/template"
	"net/http"
	"slices"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/edge/page"
	"kith/internal/edge/topic"
)

// marked turns an explanation's text into HTML; the address of a page becomes
// a link.
func marked(text string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
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

// block is a block of an explanation as a page shows it.
type block struct {
	Text  template.HTML
	Items []template.HTML
	Lines string
}

func shown(blocks []topic.Block) (all []block) {
	for _, b := range blocks {
		s := block{Text: marked(b.Text), Lines: b.Lines}
		for _, item := range b.Items {
			s.Items = append(s.Items, marked(item))
		}
		all = append(all, s)
	}
	return all
}

// remedy is what to do, in paragraphs.
func remedy(t topic.Topic) (all []template.HTML) {
	for _, b := range shown(t.Do) {
		if b.Text != "" {
			all = append(all, b.Text)
		}
		all = append(all, b.Items...)
	}
	return all
}

// explanation is a topic as a page shows it.
type explanation struct {
	Code                       string
	Means, Causes, Do, Example []block
}

func explain(t topic.Topic) explanation {
	return explanation{t.Code, shown(t.Means), shown(t.Causes), shown(t.Do), shown(t.Example)}
}

func (a *App) topic(w http.ResponseWriter, r *http.Request) error {
	t, ok := a.o.Topics[r.PathValue("code")]
	if !ok {
		return fault.ErrNotFound.Saying("There is no error with this code.")
	}
	return a.show(w, http.StatusOK, "fault", page.Page{Title: t.Code, Data: explain(t)})
}

func (a *App) allTopics(w http.ResponseWriter, _ *http.Request) error {
	var all []explanation
	for _, t := range a.o.Topics {
		all = append(all, explain(t))
	}
	slices.SortFunc(all, func(x, y explanation) int { return strings.Compare(x.Code, y.Code) })
	return a.show(w, http.StatusOK, "faults", page.Page{Title: "What errors mean", Wide: true, Data: map[string]any{"Topics": all}})
}
