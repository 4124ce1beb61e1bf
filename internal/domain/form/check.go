package form

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/base/text"
	"kith/internal/domain/contact"
)

// Codes of problems, for machines.
const (
	codeRequired = "required"
	codeInvalid  = "invalid"
	codeTooMany  = "too_many"
	codeTwice    = "twice"
	codeUnknown  = "unknown"
	codeContrast = "contrast"
)

// checker gathers problems.
type checker struct{ found fault.Problems }

// check brings what an owner wrote into its stored form and adds its problems
// to those found before. What it refers to is still to be looked up.
func check(w Written, found fault.Problems) (Written, fault.Problems) {
	c := &checker{found}
	w.Name = c.line("name", w.Name, MaxName)
	if w.Name == "" && !c.found.Has("name") {
		c.found.Add("name", codeRequired, "is missing")
	}
	w.Texts = Texts{
		Title:   c.line("texts.title", w.Texts.Title, MaxTitle),
		Intro:   c.line("texts.intro", w.Texts.Intro, MaxIntro),
		Button:  c.line("texts.button", w.Texts.Button, MaxButton),
		Consent: c.line("texts.consent", w.Texts.Consent, MaxConsent),
		Thanks:  c.line("texts.thanks", w.Texts.Thanks, MaxThanks),
	}
	if w.Language == "" {
		w.Language = Languages[0]
	}
	if !slices.Contains(Languages[:], w.Language) && !c.found.Has("language") {
		c.found.Add("language", codeInvalid, "is none that forms speak: en, de, fr, es, it or nl")
	}
	w.Lists, w.Fields = c.lists(w.Lists), c.fields(w.Fields)
	w.Colors = c.colors(w.Colors)
	w.Redirect = c.redirect(w.Redirect)
	return w, c.found
}

func (c *checker) line(path, s string, most int) string {
	s = strings.TrimSpace(s)
	if code, message := text.Check(s, most); code != "" {
		c.found.Add(path, code, message)
	}
	return s
}

func (c *checker) lists(in []List) []List {
	const path = "lists"
	if len(in) == 0 && !c.found.Has(path) {
		c.found.Add(path, codeRequired, "is empty; a form needs at least one list")
	}
	if len(in) > contact.MaxLists {
		c.found.Add(path, codeTooMany, fmt.Sprintf("may hold %d at most, not %d", contact.MaxLists, len(in)))
		return nil
	}
	var out []List
	for i, l := range in {
		at := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case l.Ref.IsZero():
			if !c.found.Has(at + ".list_id") {
				c.found.Add(at+".list_id", codeRequired, "is missing")
			}
		case slices.ContainsFunc(out, func(o List) bool { return o.Ref == l.Ref }):
			c.found.Add(at+".list_id", codeTwice, "names a list that stands here already")
		}
		l.Ticked = l.Ticked && l.Offered
		out = append(out, l) // one with a problem keeps the place of those behind it
	}
	return out
}

func (c *checker) fields(in []Field) []Field {
	const path = "fields"
	if len(in) > MaxFields {
		c.found.Add(path, codeTooMany, fmt.Sprintf("may hold %d at most, not %d", MaxFields, len(in)))
		return nil
	}
	var out []Field
	custom := 0
	for i, f := range in {
		at := fmt.Sprintf("%s[%d]", path, i)
		f.Label = c.line(at+".label", f.Label, MaxLabel)
		same := func(o Field) bool { return o.Kind == f.Kind && o.Custom.UID == f.Custom.UID }
		switch {
		case f.Kind == Custom && f.Custom.UID.IsZero():
			if !c.found.Has(at + ".custom_field_id") {
				c.found.Add(at+".custom_field_id", codeRequired, "is missing")
			}
		case f.Kind == Custom:
			custom++
		case f.Kind == "":
			if !c.found.Has(at + ".kind") {
				c.found.Add(at+".kind", codeRequired, "is missing")
			}
		case !slices.Contains(kinds[:], f.Kind):
			c.found.Add(at+".kind", codeInvalid, "is no kind of field")
		default:
			f.Custom = contact.Field{}
		}
		if f.Kind != "" && slices.ContainsFunc(out, same) {
			c.found.Add(at, codeTwice, "asks for what is asked for already")
		}
		f.Required = f.Required || f.Kind == Email
		out = append(out, f)
	}
	if custom > contact.MaxFields {
		c.found.Add(path, codeTooMany, fmt.Sprintf("may hold %d custom fields at most, not %d", contact.MaxFields, custom))
	}
	return out
}

// withAddress puts the question for the address first where it is missing.
func withAddress(fields []Field) []Field {
	if slices.ContainsFunc(fields, func(f Field) bool { return f.Kind == Email }) {
		return fields
	}
	return slices.Insert(fields, 0, Field{Kind: Email, Required: true})
}

// redirect checks where people are sent: an address of the web.
func (c *checker) redirect(s string) string {
	const path = "redirect_url"
	s = c.line(path, s, MaxURL)
	if s == "" || c.found.Has(path) {
		return s
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || strings.ContainsAny(s, " \t\r\n\"<>\\") {
		c.found.Add(path, codeInvalid, "must be an address that begins with https:// or http://")
	}
	return s
}
