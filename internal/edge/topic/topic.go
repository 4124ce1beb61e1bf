// Package topic reads the explanations of error codes (docs/errors.md), which
// the help pages and the request log show. How they look is left to these.
package topic

import (
	"fmt"
	"strings"
)

// Topic explains one code.
type Topic struct {
	Code string
	// Means says what the code means, Causes what usually brings it about, Do
	// what to do, and Example shows a request that works.
	Means, Causes, Do, Example []Block
}

// Block is a paragraph, a list, or lines that are shown as they are. Of
// Markdown, Text and Items may hold `code`.
type Block struct {
	Text  string
	Items []string
	Lines string
}

// Topics are the explanations by code.
type Topics map[string]Topic

// The headings of an explanation's parts.
const (
	causes  = "Usual causes"
	do      = "What to do"
	example = "An example that works"
)

// Parse reads explanations: "## `code`", what it means, and the other parts
// under headings of their own. It fails where one lacks a part.
func Parse(text string) (Topics, error) {
	all := Topics{}
	sections := strings.Split("\n"+text, "\n## ")
	for _, section := range sections[1:] {
		heading, body, _ := strings.Cut(section, "\n")
		t := Topic{Code: strings.Trim(heading, "` ")}
		if _, twice := all[t.Code]; twice {
			return nil, fmt.Errorf("%s is explained twice", t.Code)
		}
		parts := strings.Split("\n"+body, "\n### ")
		t.Means = blocks(parts[0])
		for _, part := range parts[1:] {
			title, rest, _ := strings.Cut(part, "\n")
			switch strings.TrimSpace(title) {
			case causes:
				t.Causes = blocks(rest)
			case do:
				t.Do = blocks(rest)
			case example:
				t.Example = blocks(rest)
			default:
				return nil, fmt.Errorf("the explanation of %s has a part %q", t.Code, title)
			}
		}
		if len(t.Means) == 0 || len(t.Causes) == 0 || len(t.Do) == 0 || len(t.Example) == 0 {
			return nil, fmt.Errorf("the explanation of %s lacks what it means, its usual causes, what to do, or an example", t.Code)
		}
		all[t.Code] = t
	}
	return all, nil
}

// blocks reads what stands between blank lines; lines between fences are one
// block whatever stands in them.
func blocks(text string) (all []Block) {
	for text = strings.Trim(text, "\n"); text != ""; text = strings.TrimLeft(text, "\n") {
		if fenced, ok := strings.CutPrefix(text, "```"); ok {
			_, fenced, _ = strings.Cut(fenced, "\n") // the language
			lines, rest, _ := strings.Cut(fenced, "```")
			all, text = append(all, Block{Lines: strings.TrimRight(lines, "\n")}), rest
			continue
		}
		var block string
		block, text, _ = strings.Cut(text, "\n\n")
		if strings.HasPrefix(block, "- ") {
			var items []string
			for item := range strings.SplitSeq(block[2:], "\n- ") {
				items = append(items, strings.Join(strings.Fields(item), " "))
			}
			all = append(all, Block{Items: items})
			continue
		}
		all = append(all, Block{Text: strings.Join(strings.Fields(block), " ")})
	}
	return all
}

// Remedy returns what to do about a code as plain paragraphs; none where the
// code is not explained.
func (t Topics) Remedy(code string) (all []string) {
	for _, b := range t[code].Do {
		switch {
		case b.Text != "":
			all = append(all, strings.ReplaceAll(b.Text, "`", ""))
		case b.Lines != "":
			all = append(all, b.Lines)
		}
		for _, item := range b.Items {
			all = append(all, strings.ReplaceAll(item, "`", ""))
		}
	}
	return all
}
