package template_test

import (
	"errors"
	"html"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/domain/template"
)

// known are the tags of these tests.
func known(name string) bool {
	return slices.Contains([]string{"firstname", "city", "link", "account.siteurl", "custom.größe", "custom.plan", "custom.2nd"}, name)
}

var values = map[string]string{
	"firstname": "Zoë & <Co>", "city": "Lyon", "link": "https://there.test/p/x", "custom.größe": "XL", "custom.2nd": "two",
}

func button(label, address, look string) string {
	return "[" + look + " " + label + " " + address + "]"
}

var (
	text = template.New(template.Options{Button: button})
	page = template.New(template.Options{Markup: true, Button: func(label, address, look string) string {
		return `<a href="` + html.EscapeString(address) + `" class="` + look + `">` + html.EscapeString(label) + `</a>`
	}})
)

func TestFill(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"nothing to fill", "just {text} [as] it} is]]", "just {text} [as] it} is]]"},
		{"a tag", "Hello [[FirstName]]!", "Hello Zoë & <Co>!"},
		{"without regard to case", "[[firstNAME]]{{ FIRSTNAME }}", "Zoë & <Co>Zoë & <Co>"},
		{"an empty tag", "<[[custom.plan]]>", "<>"},
		{"a fallback that is not needed", `[[City OR "there"]]`, "Lyon"},
		{"a fallback", `[[ custom.plan or "it's none" ]]`, "it's none"},
		{"tags of other writings", "[[CUSTOM.Größe]] {{custom.2nd}}", "XL two"},
		{"braces beside a tag", "a{[[City]]}{ {{City}} }", "a{Lyon}{ Lyon }"},
		{"filters", `{{ City | upcase | append: "!" | prepend: FirstName }}`, "Zoë & <Co>LYON!"},
		{"more filters", `{{ "  ab " | strip | capitalize }}|{{ "abcdef" | truncate: 4 }}|{{ City | downcase | url_encode }}`, "Ab|abc…|lyon"},
		{"default", `{{ custom.plan | default: City }}`, "Lyon"},
		{"a button", `{{ link | button: "Go" }}`, "[look Go https://there.test/p/x]"},
		{"a branch", `{% if City == "Lyon" %}yes{% elsif City == "Paris" %}maybe{% else %}no{% endif %}`, "yes"},
		{"another branch", `{% if City == "Rome" %}yes{% elsif City contains "yo" %}maybe{% else %}no{% endif %}`, "maybe"},
		{"the last branch", `{% if custom.plan %}yes{% else %}no{% endif %}`, "no"},
		{"an empty text", `{% if custom.plan == "" and City != "" %}yes{% endif %}`, "yes"},
		{"numbers are text", `{% if "10" == 10 %}yes{% endif %}`, "yes"},
		{"or", `{% if custom.plan or City %}yes{% endif %}`, "yes"},
		{"unless", `{% unless custom.plan %}none{% else %}some{% endunless %}`, "none"},
		{"case", `{% case City %}{% when "Paris", "Lyon" %}French{% when "Rome" or "Oslo" %}x{% else %}other{% endcase %}`, "French"},
		{"a comment", "a{% comment %}[[Unknown]] {% if %}{% endcomment %}b", "ab"},
		{"raw", "a{% raw %}[[City]]{{ x }}{% if %}{% endraw %}b", "a[[City]]{{ x }}{% if %}b"},
		{"space that is swallowed", "a \n{%- if City -%}\n b \n{%- endif -%}\n c", "abc"},
		{"a value with marks in it", `{{ "{{ x } %} [[City]]" }}`, "{{ x } %} [[City]]"},
		{"a text over two lines", "{{ 'a\nb' }}", "a b"},
	} {
		tmpl, faults := text.Parse(c.source, known)
		if faults != nil {
			t.Errorf("%s: %v", c.name, faults)
			continue
		}
		if got, err := tmpl.Fill(values, "look"); err != nil || got != c.want {
			t.Errorf("%s: got %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}

func TestValuesAreEscaped(t *testing.T) {
	tmpl, faults := page.Parse(`<p title="[[FirstName]]">{{ FirstName | append: "<b>" }}</p>{{ link | append: '"' | button: FirstName }}`, known)
	if faults != nil {
		t.Fatal(faults)
	}
	got, err := tmpl.Fill(values, "x")
	want := `<p title="Zoë &amp; &lt;Co&gt;">Zoë &amp; &lt;Co&gt;&lt;b&gt;</p><a href="https://there.test/p/x&#34;" class="x">Zoë &amp; &lt;Co&gt;</a>`
	if err != nil || got != want {
		t.Errorf("got %s, %v", got, err)
	}
	if want := []string{"firstname", "link"}; !slices.Equal(tmpl.Names(), want) {
		t.Errorf("names %v, want %v", tmpl.Names(), want)
	}
}

func TestFaultsNameTheirPlace(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"an unknown tag", "Hello\n ä [[Fristname]]", "line 2, column 6: there is no tag “Fristname”"},
		{"an unknown name", `{{ City | append: custom.nope }}`, "line 1, column 19: there is no tag “custom.nope”"},
		{"an unknown filter", "{{ City | nope }}", "line 1, column 11: there is no filter “nope”; there are append, button, capitalize, default, downcase, prepend, strip, truncate, upcase, url_encode"},
		{"a loop", "{% for x in City %}x{% endfor %}", "line 1, column 4: there is no “for”; there are if, unless, case, comment and raw"},
		{"an assignment", "{% assign x = City %}", "line 1, column 4: there is no “assign”; there are if, unless, case, comment and raw"},
		{"not closed", "a [[City", "line 1, column 3: “[[” is not closed by “]]”"},
		{"not closed either", "{{ City }", "line 1, column 1: “{{” is not closed by “}}”"},
		{"a branch that does not end", "\n{% if City %}x", "line 2, column 4: “if” is not ended by “endif”"},
		{"another's end", "{% if City %}x{% endcase %}{% endif %}", "line 1, column 18: “endcase” does not stand within “case”"},
		{"an end without a beginning", "x{% endif %}", "line 1, column 5: “endif” does not stand within “if”"},
		{"else twice", "{% if City %}{% else %}{% else %}{% endif %}", "line 1, column 27: “else” stands behind “else”"},
		{"no text behind OR", "[[City OR x]]", "line 1, column 11: after OR stands a text between quotation marks"},
		{"no operand", "{% if == %}{% endif %}", "line 1, column 7: the name of a tag is missing"},
		{"a comparison that text cannot answer", "{% if City > 3 %}{% endif %}", "line 1, column 12: “>” is not expected here"},
		{"a subscript", "{{ City[0] }}", "line 1, column 8: “[” is not expected here"},
		{"a quotation mark", `{{ "x }}`, "line 1, column 4: a quotation mark is missing"},
		{"no argument", "{{ City | append }}", "line 1, column 18: the filter “append” is given something behind a colon"},
		{"no number", "{{ City | truncate: City }}", "line 1, column 21: the filter “truncate” is given a number of at most six digits"},
		{"an empty tag", "{{ }}", "line 1, column 4: the name of a tag is missing"},
		{"raw without end", "{% raw %}x", "line 1, column 4: “raw” is not ended by “endraw”"},
		{"a mark of ours", "x\x01{ v0 }\x01", "line 1, column 1: has an invisible character inside"},
		{"too long", strings.Repeat("x", template.MaxSource+1), "line 1, column 1: is longer than 64 KiB"},
	} {
		_, faults := text.Parse(c.source, known)
		if len(faults) == 0 || faults[0].String() != c.want {
			t.Errorf("%s: got %v, want %s", c.name, faults, c.want)
		}
	}
	if _, faults := text.Parse(strings.Repeat("[[x]]\n", 1000), known); len(faults) > 20 {
		t.Errorf("%d faults are told", len(faults))
	}
	if _, faults := text.Parse(strings.Repeat("{% if City %}", 50)+strings.Repeat("{% endif %}", 50), known); len(faults) == 0 {
		t.Error("fifty branches within each other are taken")
	}
}

func TestOutputIsBounded(t *testing.T) {
	tmpl, faults := text.Parse(strings.Repeat("[[City]]", 1000), known)
	if faults != nil {
		t.Fatal(faults)
	}
	if _, err := tmpl.Fill(map[string]string{"city": strings.Repeat("x", 1000)}, ""); !errors.Is(err, template.ErrOutput) {
		t.Errorf("got %v", err)
	}
	if got, err := tmpl.Fill(map[string]string{"city": strings.Repeat("x", 100)}, ""); err != nil || len(got) != 100_000 {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

// Whatever is taken can be filled, in a bounded time and size; and in HTML no
// value brings markup with it.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`[[FirstName OR "x"]]`, `{{ City | append: "x" | button: link }}`, `{%- if City == "x" or City contains FirstName -%}a{% else %}b{% endif %}`,
		`{% case City %}{% when "a", 'b' or City %}x{% endcase %}`, "{% raw %}{{{% endraw %}", "{% comment %}", "[[", "{{ 'a\n' | truncate: 3 }}",
	} {
		f.Add(s, "value<>")
	}
	f.Fuzz(func(t *testing.T, source, value string) {
		if strings.Contains(source, "<") {
			return
		}
		value = strings.ToValidUTF8(value, "")
		for _, l := range []*template.Language{text, page} {
			tmpl, faults := l.Parse(source, known)
			for _, f := range faults {
				if f.Line < 1 || f.Column < 1 || f.Line > strings.Count(source, "\n")+1 {
					t.Errorf("a fault at %d:%d", f.Line, f.Column)
				}
			}
			if faults != nil {
				continue
			}
			filled := map[string]string{}
			for _, n := range tmpl.Names() {
				filled[n] = value
			}
			began := time.Now()
			got, err := tmpl.Fill(filled, "look")
			if err != nil && !errors.Is(err, template.ErrOutput) {
				t.Errorf("%q: %v", source, err)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %s", took)
			}
			if len(got) > template.MaxOutput {
				t.Errorf("%d bytes", len(got))
			}
			if l == page && strings.Contains(strings.NewReplacer("<a href", "", "</a>", "").Replace(got), "<") {
				t.Errorf("%q with %q: %q", source, value, got)
			}
		}
	})
}

func BenchmarkFill(b *testing.B) {
	tmpl, faults := page.Parse(`<p>Hello [[FirstName OR "friend"]],</p>{% if City == "Lyon" %}<p>{{ City }}</p>{% endif %}`+
		strings.Repeat("<p>Some words of a letter.</p>", 20)+`{{ link | button: "Go" }}`, known)
	if faults != nil {
		b.Fatal(faults)
	}
	for b.Loop() {
		if _, err := tmpl.Fill(values, "x"); err != nil {
			b.Fatal(err)
		}
	}
}
