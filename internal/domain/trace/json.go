package trace

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kith/internal/base/fault"
)

// scanner walks through text that is meant to be JSON, as far as it is: it
// knows strings, names and brackets, and passes over everything else. Names
// and values are told to visit with the path at which they stand.
type scanner struct {
	text string
	// open are the brackets that the place lies in.
	open  []frame
	visit func(path string, name bool, from, to int)
}

// frame is one bracket that is open.
type frame struct {
	path  string
	array bool
	index int
	// name is that of the member whose value comes next; due says that it
	// does.
	name string
	due  bool
}

// maxOpen bounds how deep paths are followed; what stands deeper is taken for
// part of what it stands in.
const maxOpen = 70

func scanJSON(text string, visit func(path string, name bool, from, to int)) {
	s := &scanner{text: text, visit: visit}
	for at := 0; at < len(text); {
		at = s.step(at)
	}
}

func (s *scanner) step(at int) (next int) {
	switch c := s.text[at]; c {
	case ' ', '\t', '\r', '\n', ':':
		return at + 1
	case '{', '[':
		path := s.path()
		s.visit(path, false, at, at+1)
		if len(s.open) < maxOpen {
			s.open = append(s.open, frame{path: path, array: c == '['})
		}
		return at + 1
	case '}', ']':
		if len(s.open) > 0 {
			s.open = s.open[:len(s.open)-1]
		}
		return at + 1
	case ',':
		if top := s.top(); top != nil {
			top.index++
			top.name, top.due = "", false
		}
		return at + 1
	case '"':
		end := stringEnd(s.text, at)
		if top := s.top(); top != nil && !top.array && !top.due && named(s.text, end) {
			top.name, top.due = inner(s.text, at, end), true
			s.visit(s.path(), true, at, end)
			return end
		}
		s.visit(s.path(), false, at, end)
		return end
	}
	end := at + 1
	for end < len(s.text) && !strings.ContainsRune(" \t\r\n,:{}[]\"", rune(s.text[end])) {
		end++
	}
	s.visit(s.path(), false, at, end)
	return end
}

func (s *scanner) top() *frame {
	if len(s.open) == 0 {
		return nil
	}
	return &s.open[len(s.open)-1]
}

// path is that of the value which comes next.
func (s *scanner) path() string {
	top := s.top()
	switch {
	case top == nil:
		return ""
	case top.array:
		return top.path + "[" + strconv.Itoa(top.index) + "]"
	case top.path == "":
		return top.name
	}
	return top.path + "." + top.name
}

// stringEnd returns where the string that begins at a quote ends, behind its
// closing quote. One that is not closed goes to the end of its line.
func stringEnd(text string, at int) int {
	for i := at + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		case '\n':
			return i
		}
	}
	return len(text)
}

// named reports whether a colon follows.
func named(text string, at int) bool {
	return strings.HasPrefix(strings.TrimLeft(text[at:], " \t\r\n"), ":")
}

func inner(text string, from, to int) string {
	return strings.TrimSuffix(text[from+1:to], `"`)
}

// maskJSON masks every string by the name under which it stands; within an
// array that is the array's.
func maskJSON(text string, oauth bool) string {
	var b strings.Builder
	b.Grow(len(text))
	done := 0
	scanJSON(text, func(path string, name bool, from, to int) {
		b.WriteString(text[done:from])
		done = to
		part := text[from:to]
		if name || part == "{" || part == "[" {
			b.WriteString(maskWords(part))
			return
		}
		r := ruleOf(lastName(path), oauth)
		if part[0] != '"' {
			if r == byWords {
				part = maskWords(part)
			} else if !slices.Contains([]string{"true", "false", "null"}, part) {
				part = r.apply(part)
			}
			b.WriteString(part)
			return
		}
		content := inner(text, from, to)
		b.WriteString(`"` + r.apply(content) + part[1+len(content):])
	})
	return b.String() + text[done:]
}

// lastName is the last name of a path.
func lastName(path string) string {
	for strings.HasSuffix(path, "]") {
		path = path[:max(strings.LastIndexByte(path, '['), 0)]
	}
	return path[strings.LastIndexByte(path, '.')+1:]
}

// Place is where a body has a fault: from which character of which line, and
// how many characters on. Lines and columns count from 1.
type Place struct {
	fault.Problem
	Line, Column, Length int
}

// Places returns the faults of a failed request's body, each with where it
// lies: at the value that its path names, else, for what is missing, at what
// it is missing from. A fault that cannot be found has no line.
func (d *Detail) Places() []Place {
	var all []Place
	for _, p := range d.Problems {
		all = append(all, Place{Problem: p})
	}
	if len(all) > 0 && looksLikeJSON(d.Body) {
		spans := map[string][2]int{}
		scanJSON(d.Body.Text, func(path string, name bool, from, to int) {
			if _, known := spans[path]; !known || !name {
				spans[path] = [2]int{from, to}
			}
		})
		for i, p := range all {
			span, ok := find(spans, p.Path)
			if ok {
				all[i].Line, all[i].Column, all[i].Length = place(d.Body.Text, span)
			}
		}
	}
	if d.Line > 0 {
		all = append(all, Place{Line: d.Line, Column: d.Column, Length: 1})
	}
	return all
}

func looksLikeJSON(t Text) bool {
	first := strings.TrimLeft(t.Text, " \t\r\n\ufeff")
	return strings.HasPrefix(first, "{")
}

// find returns the span of a path, or of the nearest thing around it.
func find(spans map[string][2]int, path string) ([2]int, bool) {
	for {
		if span, ok := spans[path]; ok {
			return span, true
		}
		if path == "" {
			return [2]int{}, false
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
}

// place counts lines and characters up to a span.
func place(text string, span [2]int) (line, column, length int) {
	before := text[:span[0]]
	line = 1 + strings.Count(before, "\n")
	column = 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	return line, column, max(utf8.RuneCountInString(text[span[0]:span[1]]), 1)
}
