package template

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"kith/internal/base/text"
)

// What the library is given instead of a source's own marks. The first
// character of each is one that no source may hold.
const (
	openValue, shutValue = "\x01{", "}\x01"
	openBlock, shutBlock = "\x01%", "%\x01"
	filterOut            = "out"
	lookName             = "look"
)

// variable is the name under which the library knows a tag.
func variable(i int) string { return "v" + strconv.Itoa(i) }

// Parse reads a source and returns it as a template, or what is wrong with it.
// Known says whether there is a tag of a name, which is in lower case.
func (l *Language) Parse(source string, known func(name string) bool) (*Template, []Fault) {
	p := parser{known: known, source: source}
	if len(source) > MaxSource {
		p.fault(0, "is longer than "+strconv.Itoa(MaxSource>>10)+" KiB")
		return nil, p.faults
	}
	if _, message := text.Check(source, MaxSource); message != "" {
		p.fault(0, message)
		return nil, p.faults
	}
	p.run()
	if len(p.faults) > 0 {
		return nil, p.faults
	}
	filled, err := l.engine.ParseString(p.out.String())
	if err != nil {
		p.fault(0, "cannot be read") // what was checked above is what the library takes
		return nil, p.faults
	}
	return &Template{filled: filled, names: p.names}, nil
}

// parser turns a source into what the library reads: marks and names become
// those that cannot stand in a source, so that nothing but what was checked
// here is ever evaluated.
type parser struct {
	known  func(string) bool
	source string
	out    strings.Builder
	names  []string
	open   []branch
	faults []Fault
}

// branch is one that was begun and has not ended.
type branch struct {
	word string // if, unless, case
	at   int
	last bool // else has been there
}

func (p *parser) fault(at int, message string) {
	if len(p.faults) >= maxFaults {
		return
	}
	before := p.source[:at]
	line := strings.LastIndexByte(before, '\n') + 1
	p.faults = append(p.faults, Fault{
		Line: strings.Count(before, "\n") + 1, Column: utf8.RuneCountInString(before[line:]) + 1, Message: message,
	})
}

func (p *parser) run() {
	for at := 0; at < len(p.source); {
		i := strings.IndexAny(p.source[at:], "[{")
		if i < 0 {
			p.out.WriteString(p.source[at:])
			break
		}
		p.out.WriteString(p.source[at : at+i])
		at += i
		rest := p.source[at:]
		switch {
		case strings.HasPrefix(rest, "[["):
			at = p.within(at, "]]", p.tag)
		case strings.HasPrefix(rest, "{{"):
			at = p.within(at, "}}", p.value)
		case strings.HasPrefix(rest, "{%"):
			at = p.within(at, "%}", p.block)
		default:
			p.out.WriteByte(rest[0])
			at++
		}
	}
	for _, b := range p.open {
		p.fault(b.at, "“"+b.word+"” is not ended by “end"+b.word+"”")
	}
}

// within finds the end of what begins at a place, hands over what is between,
// and returns where the source goes on.
func (p *parser) within(at int, end string, read func(at int, inner string) (next int)) int {
	n := strings.Index(p.source[at+2:], end)
	if n < 0 || n > maxExpression {
		p.fault(at, "“"+p.source[at:at+2]+"” is not closed by “"+end+"”")
		return at + 2
	}
	if next := read(at+2, p.source[at+2:at+2+n]); next > 0 {
		return next
	}
	return at + 2 + n + 2
}

// tag reads the contract's form: a name, perhaps with OR and a text.
func (p *parser) tag(at int, inner string) int {
	s := scanner{p: p, at: at, s: inner}
	s.next()
	name, ok := s.name()
	if !ok {
		return 0
	}
	fallback := ""
	if s.kind == word && strings.EqualFold(s.text, "or") {
		if s.next(); s.kind != quoted {
			s.fault("after OR stands a text between quotation marks")
			return 0
		}
		fallback = " | default: " + s.quote()
		s.next()
	}
	if s.kind != end {
		s.fault("a tag is a name, or a name with OR and a text between quotation marks")
		return 0
	}
	p.out.WriteString(openValue + " " + name + fallback + " | " + filterOut + " " + shutValue)
	return 0
}

// value reads a value with its filters.
func (p *parser) value(at int, inner string) int {
	trimLeft, trimRight, at, inner := trims(at, inner)
	s := scanner{p: p, at: at, s: inner}
	s.next()
	first, ok := s.operand()
	v := []string{first}
	for ok && s.kind == mark && s.text == "|" {
		s.next()
		var f string
		f, ok = s.filter()
		v = append(v, f)
	}
	if ok && s.kind != end {
		s.fault("“" + s.text + "” is not expected here")
		ok = false
	}
	if ok {
		p.out.WriteString(openValue + trimLeft + " " + strings.Join(append(v, filterOut), " | ") + " " + trimRight + shutValue)
	}
	return 0
}

// trims takes the signs off that swallow space around a tag.
func trims(at int, inner string) (left, right string, _ int, _ string) {
	if strings.HasPrefix(inner, "-") {
		left, inner, at = "-", inner[1:], at+1
	}
	if strings.HasSuffix(inner, "-") {
		right, inner = "-", inner[:len(inner)-1]
	}
	return left, right, at, inner
}

// block reads a branch, or a part that is left out or left alone.
func (p *parser) block(at int, inner string) (next int) {
	trimLeft, trimRight, at, inner := trims(at, inner)
	s := scanner{p: p, at: at, s: inner}
	s.next()
	if s.kind != word {
		s.fault("here stands one of if, unless, case, comment, raw")
		return 0
	}
	name, from := s.text, s.from
	s.next()
	args, ok := "", false
	switch name {
	case "comment", "raw":
		return p.verbatim(name, from, s)
	case "if", "unless":
		args, ok = s.condition()
		p.begin(name, from)
	case "case":
		args, ok = s.operand()
		p.begin(name, from)
	case "elsif":
		args, ok = s.condition()
		ok = p.inside(name, from, "if") && ok
	case "when":
		args, ok = s.list()
		ok = p.inside(name, from, "case") && ok
	case "else":
		ok = p.inside(name, from, "if", "unless", "case")
	case "endif", "endunless", "endcase":
		ok = p.inside(name, from, name[3:])
		if ok {
			p.open = p.open[:len(p.open)-1]
		}
	default:
		p.fault(from, "there is no “"+name+"”; there are if, unless, case, comment and raw")
		return 0
	}
	if ok && s.kind != end {
		s.fault("“" + s.text + "” is not expected here")
		ok = false
	}
	if ok {
		p.out.WriteString(openBlock + trimLeft + " " + name + " " + args + " " + trimRight + shutBlock)
	}
	return 0
}

func (p *parser) begin(name string, at int) {
	if len(p.open) >= maxDepth {
		p.fault(at, "there are more than "+strconv.Itoa(maxDepth)+" branches within each other")
	}
	p.open = append(p.open, branch{word: name, at: at})
}

// inside checks that a word stands within a branch that has it.
func (p *parser) inside(name string, at int, of ...string) bool {
	if len(p.open) == 0 || !slices.Contains(of, p.open[len(p.open)-1].word) {
		p.fault(at, "“"+name+"” does not stand within “"+strings.Join(of, "” or “")+"”")
		return false
	}
	b := &p.open[len(p.open)-1]
	if strings.HasPrefix(name, "end") {
		return true
	}
	if b.last {
		p.fault(at, "“"+name+"” stands behind “else”")
		return false
	}
	b.last = name == "else"
	return true
}

// verbatim takes everything up to the end of a part: raw is kept as it stands,
// a comment is left out.
func (p *parser) verbatim(name string, at int, s scanner) (next int) {
	if s.kind != end {
		s.fault("“" + s.text + "” is not expected here")
	}
	from := strings.Index(p.source[at:], "%}") + at + 2
	for i := from; ; {
		n := strings.Index(p.source[i:], "{%")
		if n < 0 {
			p.fault(at, "“"+name+"” is not ended by “end"+name+"”")
			return len(p.source)
		}
		i += n
		m := strings.Index(p.source[i:], "%}")
		if m < 0 {
			i += 2
			continue
		}
		if strings.Trim(p.source[i+2:i+m], "- \t\r\n") == "end"+name {
			if name == "raw" {
				p.out.WriteString(p.source[from:i])
			}
			return i + m + 2
		}
		i += 2
	}
}

// The kinds of what stands within a tag.
const (
	end = iota
	word
	quoted
	number
	mark
)

// scanner reads what stands within one tag.
type scanner struct {
	p    *parser
	at   int // where s stands in the source
	s    string
	pos  int
	kind int
	text string
	from int // where the text stands in the source
}

func (s *scanner) fault(message string) { s.p.fault(s.from, message) }

// next reads one more.
func (s *scanner) next() {
	for s.pos < len(s.s) && strings.IndexByte(" \t\r\n", s.s[s.pos]) >= 0 {
		s.pos++
	}
	s.from = s.at + s.pos
	if s.pos >= len(s.s) {
		s.kind, s.text = end, ""
		return
	}
	rest := s.s[s.pos:]
	r, size := utf8.DecodeRuneInString(rest)
	n := size
	switch {
	case r == '"' || r == '\'':
		s.kind = quoted
		if i := strings.IndexRune(rest[1:], r); i >= 0 {
			n = i + 2
		} else {
			s.fault("a quotation mark is missing")
			n = len(rest)
		}
	case unicode.IsLetter(r) || r == '_':
		s.kind = word
		for n < len(rest) {
			r, size := utf8.DecodeRuneInString(rest[n:])
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '_' && r != '.' {
				break
			}
			n += size
		}
	case r >= '0' && r <= '9':
		s.kind = number
		for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
	default:
		s.kind = mark
		if strings.HasPrefix(rest, "==") || strings.HasPrefix(rest, "!=") {
			n = 2
		}
	}
	s.text = rest[:n]
	s.pos += n
}

// quote returns the text at hand as the library reads it.
func (s *scanner) quote() string {
	return strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(s.text)
}

// name takes the name of a tag that there is.
func (s *scanner) name() (string, bool) {
	if s.kind != word {
		s.fault("the name of a tag is missing")
		return "", false
	}
	name := strings.ToLower(s.text)
	if !s.p.known(name) {
		s.fault("there is no tag “" + s.text + "”")
		return "", false
	}
	i := slices.Index(s.p.names, name)
	if i < 0 {
		i = len(s.p.names)
		s.p.names = append(s.p.names, name)
	}
	s.next()
	return variable(i), true
}

// operand takes a tag, a text or a number.
func (s *scanner) operand() (string, bool) {
	v := ""
	switch s.kind {
	case quoted:
		v = s.quote()
	case number:
		v = `"` + s.text + `"` // all values are text
	default:
		return s.name()
	}
	s.next()
	return v, true
}

// filter takes a filter with what it is given.
func (s *scanner) filter() (string, bool) {
	name := s.text
	n, known := arguments(name)
	if s.kind != word || !known {
		s.fault("there is no filter “" + name + "”; there are " + strings.Join(Filters(), ", "))
		return "", false
	}
	s.next()
	if n == 0 {
		return name, true
	}
	if s.kind != mark || s.text != ":" {
		s.fault("the filter “" + name + "” is given something behind a colon")
		return "", false
	}
	s.next()
	if name == "truncate" && (s.kind != number || len(s.text) > 6) {
		s.fault("the filter “truncate” is given a number of at most six digits")
		return "", false
	}
	if name == "truncate" {
		most := s.text
		s.next()
		return name + ": " + most, true
	}
	arg, ok := s.operand()
	if name == "button" {
		arg += ", " + lookName
	}
	return name + ": " + arg, ok
}

// condition takes comparisons that are joined by “and” and “or”. A value alone
// asks whether there is one.
func (s *scanner) condition() (string, bool) {
	var b strings.Builder
	for {
		left, ok := s.operand()
		if !ok {
			return "", false
		}
		b.WriteString(left)
		if s.text == "==" || s.text == "!=" || s.kind == word && s.text == "contains" {
			b.WriteString(" " + s.text + " ")
			s.next()
			right, ok := s.operand()
			if !ok {
				return "", false
			}
			b.WriteString(right)
		} else {
			b.WriteString(` != ""`)
		}
		if s.kind != word || s.text != "and" && s.text != "or" {
			return b.String(), true
		}
		b.WriteString(" " + s.text + " ")
		s.next()
	}
}

// list takes values with commas or “or” between.
func (s *scanner) list() (string, bool) {
	var all []string
	for {
		v, ok := s.operand()
		if !ok {
			return "", false
		}
		all = append(all, v)
		if s.text != "," && (s.kind != word || s.text != "or") {
			return strings.Join(all, ", "), true
		}
		s.next()
	}
}
