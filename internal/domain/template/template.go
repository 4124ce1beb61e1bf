// Package template is the language in which mails are written: text with tags
// in it, as the contract has them (v3-guide 7.5), and Liquid's branches.
//
//	[[FirstName OR "friend"]]    {{ City | upcase }}
//	{% if custom.plan == "gold" %} … {% else %} … {% endif %}
//
// There is nothing in it that repeats or that reads anything else, so a
// template always ends, and what it makes is bounded. What tags there are is
// decided by the capability that writes; this package reads, judges and fills.
package template

import (
	"errors"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/osteele/liquid"
)

// Bounds of a template.
const (
	// MaxSource bounds a source, in bytes.
	MaxSource = 64 << 10
	// MaxOutput bounds what a template makes, in bytes.
	MaxOutput = 256 << 10
	// maxDepth bounds branches within branches, and maxExpression what stands
	// within one tag, in bytes.
	maxDepth      = 20
	maxExpression = 1000
	// maxFaults bounds what is told of one source.
	maxFaults = 20
)

// ErrOutput is a template that makes more than MaxOutput.
var ErrOutput = errors.New("the filled template is too long")

// Fault is something wrong with a source.
type Fault struct {
	// Line and Column count from 1; a column is a character.
	Line, Column int
	// Message is a sentence without its end.
	Message string
}

// String returns the fault as a sentence that begins with its place.
func (f Fault) String() string {
	return "line " + strconv.Itoa(f.Line) + ", column " + strconv.Itoa(f.Column) + ": " + f.Message
}

// Options says what a language is like.
type Options struct {
	// Markup says that what is made is HTML: values are escaped.
	Markup bool
	// Button makes a button of an address, as the filter of that name. The
	// look is the one that Fill is given. It returns HTML where Markup is set.
	Button func(label, address, look string) string
}

// Language reads templates. It is safe for concurrent use.
type Language struct {
	o      Options
	engine *liquid.Engine
}

// markup is a value that is HTML already.
type markup string

// New returns a language.
func New(o Options) *Language {
	e := liquid.NewEngine()
	// Sources cannot hold these: what is between them was written here.
	e.Delims(openValue, shutValue, openBlock, shutBlock)
	for name, f := range map[string]any{
		"default": func(s, otherwise any) any {
			if plain(s) == "" {
				return otherwise
			}
			return s
		},
		"upcase":     func(s any) string { return strings.ToUpper(plain(s)) },
		"downcase":   func(s any) string { return strings.ToLower(plain(s)) },
		"capitalize": func(s any) string { return capitalize(plain(s)) },
		"strip":      func(s any) string { return strings.TrimSpace(plain(s)) },
		"url_encode": func(s any) string { return url.QueryEscape(plain(s)) },
		"append":     func(s, more any) string { return plain(s) + plain(more) },
		"prepend":    func(s, more any) string { return plain(more) + plain(s) },
		"truncate":   func(s any, most int) string { return truncate(plain(s), most) },
		"button": func(s, label, look any) any {
			b := o.Button(plain(label), plain(s), plain(look))
			if o.Markup {
				return markup(b)
			}
			return b
		},
		filterOut: func(s any) string {
			if m, ok := s.(markup); ok {
				return string(m)
			}
			if o.Markup {
				return html.EscapeString(plain(s))
			}
			return plain(s)
		},
	} {
		e.RegisterFilter(name, f)
	}
	return &Language{o: o, engine: e}
}

// arguments says how many a filter takes.
func arguments(filter string) (n int, known bool) {
	switch filter {
	case "upcase", "downcase", "capitalize", "strip", "url_encode":
		return 0, true
	case "default", "append", "prepend", "truncate", "button":
		return 1, true
	}
	return 0, false
}

// Filters are the names of the filters that there are.
func Filters() []string {
	return []string{"append", "button", "capitalize", "default", "downcase", "prepend", "strip", "truncate", "upcase", "url_encode"}
}

// plain returns a value as text.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case markup:
		return string(v)
	}
	return fmt.Sprint(v)
}

func capitalize(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// truncate cuts what is longer than most characters and ends it with an
// ellipsis, which counts.
func truncate(s string, most int) string {
	r := []rune(s)
	if most < 1 || len(r) <= most {
		return s
	}
	return strings.TrimRightFunc(string(r[:most-1]), unicode.IsSpace) + "…"
}

// Template is a source that was read. It is safe for concurrent use.
type Template struct {
	filled *liquid.Template
	names  []string
}

// Names are the tags that stand in the template, in lower case, each once.
func (t *Template) Names() []string { return t.names }

// Fill returns what the template says with these values of its tags. A tag
// without a value is empty. The look is handed to buttons. It fails with
// ErrOutput.
func (t *Template) Fill(values map[string]string, look string) (string, error) {
	bound := make(liquid.Bindings, len(t.names)+1)
	bound[lookName] = look
	for i, name := range t.names {
		bound[variable(i)] = values[name]
	}
	var out bounded
	if err := t.filled.FRender(&out, bound); err != nil {
		return "", fmt.Errorf("fill a template: %w", err)
	}
	if out.over {
		return "", ErrOutput
	}
	return out.String(), nil
}

// bounded keeps as much as a template may make. It never fails: the library
// panics when what it writes to does.
type bounded struct {
	strings.Builder

	over bool
}

// Write keeps p, or notes that it was too much.
func (b *bounded) Write(p []byte) (int, error) {
	if b.over = b.over || b.Len()+len(p) > MaxOutput; !b.over {
		_, _ = b.Builder.Write(p)
	}
	return len(p), nil
}
