package message

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/k3a/html2text"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/template"
)

// Longest parts of a content, in characters. HTML and text are bounded by
// template.MaxSource.
const (
	MaxSubject   = 200 // v3 contract, EmailActivity.subject
	MaxPreheader = 250 // v3 contract, EmailActivity.preheader
)

// written is a content that was read, ready to be filled.
type written struct {
	Content

	subject, preheader, html, text *template.Template
	// names are the tags in it.
	names []string
}

// languages are the two in which mails are written: text, and HTML.
type languages struct{ text, html *template.Language }

func newLanguages() languages {
	return languages{
		text: template.New(template.Options{Button: textButton}),
		html: template.New(template.Options{Button: button, Markup: true}),
	}
}

// read reads a content with the tags that are known. What is wrong with it is
// added to the problems, at the part's name.
func (l languages) read(c Content, known func(string) bool, p *fault.Problems) *written {
	w := &written{Content: c}
	part := func(path, source string, in *template.Language) *template.Template {
		t, faults := in.Parse(source, known)
		for _, f := range faults {
			p.Add(path, "template.fault", "has a fault in "+f.String())
		}
		if t != nil {
			for _, name := range t.Names() {
				if !slices.Contains(w.names, name) {
					w.names = append(w.names, name)
				}
			}
		}
		return t
	}
	w.subject = part("subject", c.Subject, l.text)
	w.preheader = part("preheader", c.Preheader, l.text)
	if w.html = part("html", c.HTML, l.html); w.html != nil {
		w.html = part("html", styled(c.HTML), l.html)
	}
	plain := c.Text
	if plain == "" {
		plain = textOf(c.HTML)
	}
	if w.html != nil || c.Text != "" {
		w.text = part("text", plain, l.text)
	}
	return w
}

// textOf makes text of HTML, tags and all.
func textOf(source string) string {
	s := html2text.HTML2TextWithOptions(source, html2text.WithUnixLineBreaks(), html2text.WithListSupportPrefix("- "), html2text.WithLinksInnerText())
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	return strings.TrimSpace(strings.Join(lines, "\n")) + "\n"
}

// contents remembers those that were read. It is safe for concurrent use: a
// content never changes.
type contents struct {
	mu  sync.RWMutex
	all map[contentKey]*written
}

type contentKey struct {
	account id.Account
	number  id.Content
}

// maxContents bounds how many are remembered.
const maxContents = 2000

func (s *contents) get(k contentKey) *written {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.all[k]
}

func (s *contents) put(k contentKey, w *written) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil || len(s.all) >= maxContents {
		s.all = map[contentKey]*written{}
	}
	s.all[k] = w
}

// builtIns are the built-in contents, by number and by what they are for.
type builtIns struct {
	byNumber map[id.Content]*written
	byUse    map[use]*written
	words    map[string]wording
	// why says at the foot why somebody gets a mail.
	why map[use]*template.Template
}

type use struct {
	kind     Kind
	language string
}

func (l languages) builtIns() builtIns {
	b := builtIns{byNumber: map[id.Content]*written{}, byUse: map[use]*written{}, words: map[string]wording{}, why: map[use]*template.Template{}}
	for _, lang := range Languages {
		b.words[lang] = wordings(lang)
		for _, k := range Kinds() {
			var p fault.Problems
			w := l.read(BuiltIn(k, lang), knownTag(k, nil), &p)
			if err := p.Err(); err != nil {
				panic(fmt.Errorf("the built-in mail %s in %s: %w", k, lang, err)) // ours, and tested
			}
			if b.why[use{k, lang}], _ = l.text.Parse(b.words[lang].because(k), knownTag(k, nil)); b.why[use{k, lang}] == nil {
				panic(fmt.Errorf("why a mail %s comes in %s cannot be read", k, lang))
			}
			b.byNumber[w.Number()], b.byUse[use{k, lang}] = w, w
		}
	}
	return b
}

// content returns a content by its number: a built-in one, or one that the
// account wrote. It fails with fault.ErrNotFound.
func (s *Service) content(ctx context.Context, tx ContentTx, a id.Account, number id.Content) (*written, error) {
	if w := s.builtIns().byNumber[number]; w != nil {
		return w, nil
	}
	k := contentKey{a, number}
	if w := s.contents.get(k); w != nil {
		return w, nil
	}
	c, err := tx.ContentByNumber(ctx, a, number)
	if fault.Is(err, fault.NotFound) {
		c, err = tx.ContentByNumber(ctx, 0, number) // what was built into another version
	}
	if err != nil {
		return nil, err
	}
	var p fault.Problems
	w := s.languages.read(c, knownTag(c.Kind, nil), &p)
	if err := p.Err(); err != nil {
		return nil, fmt.Errorf("content %d of account %d: %w", number, a, err)
	}
	s.contents.put(k, w)
	return w, nil
}

// Prepare keeps the built-in contents, so that mails that name one can be read
// as they were sent when a later version says it in other words. It is called
// before anything is queued, and may run again.
func (s *Service) Prepare(ctx context.Context) error {
	return s.o.Store.Within(ctx, func(ctx context.Context, tx Tx) error {
		for _, w := range s.builtIns().byUse {
			if err := tx.PutContent(ctx, 0, w.Content); err != nil {
				return err
			}
		}
		return nil
	})
}

// filled is a content with its places filled, before anything stands around.
type filled struct{ subject, preheader, html, text string }

// fill fills a content.
func (w *written) fill(v values, l look) (f filled, err error) {
	for _, part := range []struct {
		from *template.Template
		to   *string
	}{{w.subject, &f.subject}, {w.preheader, &f.preheader}, {w.html, &f.html}, {w.text, &f.text}} {
		s, e := part.from.Fill(v, l.colour)
		err = cmp.Or(err, e)
		*part.to = s
	}
	f.html = strings.ReplaceAll(f.html, `color:{link};text-decoration`, "color:"+darker(l.colour)+";text-decoration")
	return f, err
}
