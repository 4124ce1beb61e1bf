package message

import (
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	nethtml "golang.org/x/net/html"

	"kith/internal/domain/template"
)

// checkMarkup says what of a body's HTML would do nothing in a mail, or would
// break out of the layout around it.
func checkMarkup(source string) (faults []template.Fault) {
	type element struct {
		name string
		at   int
	}
	var open []element
	at := 0
	fault := func(at int, message string) {
		before := source[:at]
		line := strings.LastIndexByte(before, '\n') + 1
		faults = append(faults, template.Fault{
			Line: strings.Count(before, "\n") + 1, Column: utf8.RuneCountInString(before[line:]) + 1, Message: message,
		})
	}
	z := nethtml.NewTokenizer(strings.NewReader(source))
	for len(faults) < 20 {
		kind := z.Next()
		if kind == nethtml.ErrorToken {
			if !errors.Is(z.Err(), io.EOF) {
				fault(at, "cannot be read as HTML")
			}
			break
		}
		raw := len(z.Raw())
		switch kind {
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			name, more := z.TagName()
			element := element{string(name), at}
			if slices.Contains(useless, element.name) {
				fault(at, "“"+element.name+"” does nothing in mail")
			}
			for more {
				var key []byte
				key, _, more = z.TagAttr()
				if strings.HasPrefix(string(key), "on") {
					fault(at, "“"+string(key)+"” does nothing in mail")
				}
			}
			if kind == nethtml.StartTagToken && !slices.Contains(void, element.name) {
				open = append(open, element)
			}
		case nethtml.EndTagToken:
			name, _ := z.TagName()
			last := len(open) - 1
			for last >= 0 && open[last].name != string(name) && slices.Contains(closing, open[last].name) {
				last--
			}
			switch {
			case slices.Contains(void, string(name)):
			case last < 0 || open[last].name != string(name):
				fault(at, "“"+string(name)+"” is closed and was not opened, or something within it is still open")
			default:
				open = open[:last]
			}
		case nethtml.ErrorToken, nethtml.TextToken, nethtml.CommentToken, nethtml.DoctypeToken:
		}
		at += raw
	}
	for _, e := range open {
		if !slices.Contains(closing, e.name) && len(faults) < 20 {
			fault(e.at, "“"+e.name+"” is not closed")
		}
	}
	return faults
}

// Elements by what becomes of them.
var (
	// useless are those that mail programs take out, or that would change
	// what stands around them.
	useless = []string{
		"script", "style", "iframe", "object", "embed", "form", "input", "button", "select", "textarea", "link", "meta",
		"base", "title", "html", "head", "body", "frame", "frameset", "svg", "math", "video", "audio", "noscript", "template",
	}
	// void are those without an end, closing those whose end may be left out.
	void    = []string{"area", "br", "col", "hr", "img", "wbr", "input", "link", "meta", "base", "embed", "source", "track"}
	closing = []string{"p", "li", "td", "th", "tr", "thead", "tbody", "tfoot"}
)
