package message

import (
	"maps"
	"strings"
	"testing"
	"testing/quick"
	"unicode/utf8"

	"kith/internal/base/fault"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
)

// Every language says everything, in words of its own, with the same tags.
func TestEveryLanguageSaysEverything(t *testing.T) {
	l := newLanguages()
	built := l.builtIns() // panics on what cannot be read
	if got, want := len(built.byUse), len(Kinds())*len(Languages); got != want || len(built.byNumber) != want {
		t.Errorf("%d contents, %d of them different, want %d", got, len(built.byNumber), want)
	}
	for _, k := range Kinds() {
		english := built.byUse[use{k, "en"}]
		for _, lang := range Languages {
			w := built.byUse[use{k, lang}]
			for part, text := range map[string]string{"subject": w.Subject, "preheader": w.Preheader, "html": w.HTML, "text": w.Text} {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s in %s has no %s", k, lang, part)
				}
				own := map[string]string{"subject": english.Subject, "preheader": english.Preheader, "html": english.HTML, "text": english.Text}[part]
				if lang != "en" && text == own {
					t.Errorf("the %s of %s in %s is English", part, k, lang)
				}
			}
			for _, tag := range english.names {
				found := false
				for _, has := range w.names {
					found = found || has == tag
				}
				if !found {
					t.Errorf("%s in %s lacks the tag %s", k, lang, tag)
				}
			}
			if utf8.RuneCountInString(w.Subject) > 90 || utf8.RuneCountInString(w.Preheader) > 90 {
				t.Errorf("%s in %s: a long subject or preheader", k, lang)
			}
			if faults := checkMarkup(w.HTML); len(faults) > 0 {
				t.Errorf("%s in %s: %v", k, lang, faults)
			}
		}
	}
	for _, lang := range Languages {
		w := built.words[lang]
		for _, r := range []account.Role{account.Owner, account.Manager, account.CampaignCreator} {
			if w.roles[r] == "" || w.meanings[r] == "" {
				t.Errorf("%s does not name the role %s", lang, r)
			}
		}
		if w.hello == "" || w.copyLink == "" || w.preferences == "" || w.unsubscribe == "" || w.sentBy == "" {
			t.Errorf("%s lacks words of the layout", lang)
		}
		for _, k := range Kinds() {
			if k.ToContact() && w.why[k] == "" {
				t.Errorf("%s does not say why %s comes", lang, k)
			}
		}
	}
}

func TestKindsAreThoseOfTheLetters(t *testing.T) {
	for _, k := range []contact.LetterKind{contact.Welcome, contact.AskToConfirm, contact.Reminder, contact.AskToReturn, contact.AskAddress} {
		if !Kind(k).ToContact() {
			t.Errorf("a letter of kind %s is none to a contact", k)
		}
	}
}

func TestMarkupThatIsRefused(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"<p>Hello<br>you\n<ul><li>one<li>two</ul>", ""},
		{"<table><tr><td>a<td>b</table><!-- c --><img src=x>", ""},
		{"a < b & c", ""},
		{"<div>", "line 1, column 1: “div” is not closed"},
		{"ä\n é </td></tr></table>", "line 2, column 4: “td” is closed and was not opened, or something within it is still open"},
		{"<b><i></b></i>", "line 1, column 7: “b” is closed and was not opened, or something within it is still open"},
		{"<p>\n<script>alert(1)</script></p>", "line 2, column 1: “script” does nothing in mail"},
		{`<a href="x" onclick="y">z</a>`, "line 1, column 1: “onclick” does nothing in mail"},
		{"</body>", "line 1, column 1: “body” is closed and was not opened, or something within it is still open"},
	} {
		got := ""
		if faults := checkMarkup(c.source); len(faults) > 0 {
			got = faults[0].String()
		}
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.source, got, c.want)
		}
	}
}

func TestStyledElementsCarryTheirStyle(t *testing.T) {
	source := `<h1 class="x">[[City OR "a > b"]]</h1><P style="color:red">{{ City | append: '"' }}</p><br/>&amp;<unknown>`
	got := styled(source)
	want := strings.Replace(source, "<h1 ", `<h1 style="`+style("h1")+`" `, 1)
	if got != want {
		t.Errorf("got %s", got)
	}
}

func TestColoursCanBeRead(t *testing.T) {
	contrast := func(a, b string) float64 {
		x, y := luminance(rgb(a))+0.05, luminance(rgb(b))+0.05
		return max(x, y) / min(x, y)
	}
	check := func(r, g, b uint8) bool {
		colour := "#" + hex(r) + hex(g) + hex(b)
		return contrast(textOn(colour), colour) >= 4.5 && contrast(darker(colour), "#f2f4f6") >= 4.5 && contrast(lighter(colour), "#1f252c") >= 4.5
	}
	if err := quick.Check(check, nil); err != nil {
		t.Error(err)
	}
	for _, colour := range []string{"#000000", "#ffffff", plainColour, "#ffcc00", "#ff0000", "#0000ff", "#808080"} {
		c := rgb(colour)
		if !check(uint8(c[0]*255), uint8(c[1]*255), uint8(c[2]*255)) {
			t.Errorf("%s: text %s, links %s and %s", colour, textOn(colour), darker(colour), lighter(colour))
		}
	}
}

func hex(b uint8) string {
	const digits = "0123456789abcdef"
	return string(digits[b>>4]) + string(digits[b&15])
}

func FuzzParams(f *testing.F) {
	f.Add([]byte{1, 1, 'a', 1, 'b'})
	f.Add(values{"firstname": "Ann", paramRef: "7"}.encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := decodeParams(b)
		if err != nil {
			return
		}
		again, err := decodeParams(v.encode())
		if err != nil || !maps.Equal(v, again) {
			t.Errorf("%q: %v, %v", b, again, err)
		}
	})
}

// What an owner writes, however odd, is judged and never breaks anything.
func FuzzContent(f *testing.F) {
	f.Add("<p>[[FirstName OR \"x\"]]</p>{{ Link | button: \"y\" }}")
	f.Add("<a href=\"{{ Link }}\"><b>{% if City %}</b>{% endif %}</a>")
	f.Add("<!-- <p <![CDATA[ ]]> </ & &#x;")
	l := newLanguages()
	f.Fuzz(func(t *testing.T, source string) {
		_ = checkMarkup(source)
		if strings.ReplaceAll(styled(source), "style=", "") == "" && source != "" && source != "style=" {
			t.Errorf("%q is gone", source)
		}
		w := l.read(Content{Kind: Welcome, Language: "en", Subject: "x", HTML: source}, knownTag(Welcome, nil), new(fault.Problems))
		if w.html == nil || w.text == nil {
			return
		}
		if _, err := w.fill(values{"firstname": "<b>"}, look{colour: plainColour}); err != nil {
			t.Logf("%v", err)
		}
	})
}
