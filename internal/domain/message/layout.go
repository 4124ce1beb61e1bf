package message

import (
	_ "embed"
	"fmt"
	"html"
	"math"
	"regexp"
	"strconv"
	"strings"

	nethtml "golang.org/x/net/html"
)

// layout is what stands around the HTML of every mail. Mail programs know
// tables and styles on the elements themselves; what few of them read, for
// narrow screens and dark ones, stands in its head.
//
//go:embed layout.html
var layout string

// plainColour is that of buttons and links where a brand has none.
const plainColour = "#0b7285"

// look is the brand of a mail as its layout needs it.
type look struct {
	colour, logoURL, organization string
}

// sheet is a mail's HTML with what stands around it. The body is HTML already,
// the foot as well; the rest is text.
type sheet struct {
	language, subject, preheader, body, foot string
	look                                     look
}

// layoutParts is the layout between its places, and what goes into each.
var layoutParts = func() (parts []struct{ text, place string }) {
	places := regexp.MustCompile(`\{[a-z-]+\}`)
	at := 0
	for _, m := range places.FindAllStringIndex(layout, -1) {
		parts = append(parts, struct{ text, place string }{layout[at:m[0]], layout[m[0]+1 : m[1]-1]})
		at = m[1]
	}
	return append(parts, struct{ text, place string }{layout[at:], ""})
}()

// afterPreheader keeps what follows the preheader from being shown behind it.
var afterPreheader = strings.Repeat("&#847;&zwnj;&nbsp;", 40)

func (p sheet) String() string {
	var b strings.Builder
	b.Grow(len(layout) + len(p.body) + len(p.foot) + 2000)
	for _, part := range layoutParts {
		b.WriteString(part.text)
		switch part.place {
		case "language":
			b.WriteString(p.language)
		case "subject":
			b.WriteString(html.EscapeString(p.subject))
		case "preheader":
			b.WriteString(html.EscapeString(p.preheader) + afterPreheader)
		case "colour":
			b.WriteString(p.look.colour)
		case "link-dark":
			b.WriteString(lighter(p.look.colour))
		case "button-text":
			b.WriteString(textOn(p.look.colour))
		case "logo":
			b.WriteString(p.logo())
		case "body":
			b.WriteString(p.body)
		case "foot":
			b.WriteString(p.foot)
		}
	}
	return b.String()
}

func (p sheet) logo() string {
	if p.look.logoURL == "" {
		return ""
	}
	return `<p style="margin:0 0 28px"><img class="k-logo" src="` + html.EscapeString(p.look.logoURL) + `" alt="` +
		html.EscapeString(p.look.organization) + `" height="48" style="display:block;height:48px;width:auto;max-width:240px;` +
		`border:0;border-radius:4px;font-size:20px;font-weight:700;color:#1f2933"></p>` + "\n"
}

// button is a link that looks like a button also where padding is not known
// to links, which is Outlook.
func button(label, address, colour string) string {
	text := textOn(colour)
	address, label = html.EscapeString(address), html.EscapeString(label)
	return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:28px 0"><tr>` +
		`<td align="center" bgcolor="` + colour + `" style="background-color:` + colour + `;border-radius:8px;mso-padding-alt:14px 28px">` +
		`<a class="k-button" href="` + address + `" style="display:inline-block;padding:14px 28px;font-size:16px;line-height:20px;font-weight:600;color:` + text +
		`;text-decoration:none;border-radius:8px">` + label + `</a></td></tr></table>`
}

// textButton is a button in a mail's text.
func textButton(label, address, _ string) string { return label + ":\n" + address }

// rgb reads a colour of the form #rrggbb, each part from 0 to 1.
func rgb(colour string) (c [3]float64) {
	for i := range c {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return [3]float64{}
		}
		c[i] = float64(n) / 255
	}
	return c
}

// luminance is how light a colour is to the eye, from 0 to 1 (WCAG 2.2,
// relative luminance).
func luminance(c [3]float64) float64 {
	for i, v := range c {
		if v <= 0.04045 {
			c[i] = v / 12.92
		} else {
			c[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2]
}

// textOn returns black or white, whichever is the easier to read on a colour.
func textOn(colour string) string {
	if luminance(rgb(colour)) > 0.179 {
		return "#000000"
	}
	return "#ffffff"
}

// mixed moves a colour towards another shade, until its light fits.
func mixed(colour string, to float64, fits func(light float64) bool) string {
	c := rgb(colour)
	for part := 0.0; ; part += 0.1 {
		m := c
		for i := range m {
			m[i] += (to - m[i]) * min(part, 1)
		}
		if part >= 1 || fits(luminance(m)) {
			return fmt.Sprintf("#%02x%02x%02x", round(m[0]), round(m[1]), round(m[2]))
		}
	}
}

func round(part float64) int { return int(math.Round(part * 255)) }

// lighter returns a colour as text of it can be read on a dark ground, and
// darker on a light one: with a contrast of 4.5 at least (WCAG 2.2, 1.4.3).
func lighter(colour string) string {
	return mixed(colour, 1, func(light float64) bool { return light > 0.27 })
}

func darker(colour string) string {
	return mixed(colour, 0, func(light float64) bool { return light < 0.16 })
}

// style is what an element looks like that does not say so itself. Links get
// their colour when a mail is written.
func style(element string) string {
	switch element {
	case "h1":
		return "margin:0 0 20px;font-size:26px;line-height:1.25;font-weight:700;letter-spacing:-0.01em"
	case "h2":
		return "margin:28px 0 12px;font-size:20px;line-height:1.3;font-weight:700"
	case "h3":
		return "margin:24px 0 8px;font-size:16px;line-height:1.4;font-weight:700"
	case "p":
		return "margin:0 0 16px"
	case "ul", "ol":
		return "margin:0 0 16px;padding:0 0 0 24px"
	case "li":
		return "margin:0 0 6px"
	case "small":
		return "font-size:14px;line-height:1.5;color:#5b6773"
	case "a":
		return "color:{link};text-decoration:underline;overflow-wrap:anywhere"
	case "img":
		return "max-width:100%;height:auto;border:0"
	case "hr":
		return "border:0;border-top:1px solid #d5dbe1;margin:28px 0"
	case "blockquote":
		return "margin:0 0 16px;padding:0 0 0 16px;border-left:3px solid #d5dbe1"
	}
	return ""
}

// styled returns HTML in which every element that says nothing of its looks
// carries its style itself. All else stands as it was.
func styled(source string) string {
	var b strings.Builder
	z := nethtml.NewTokenizer(strings.NewReader(source))
	for {
		kind := z.Next()
		if kind == nethtml.ErrorToken {
			b.Write(z.Raw())
			return b.String()
		}
		raw := string(z.Raw())
		if kind != nethtml.StartTagToken && kind != nethtml.SelfClosingTagToken {
			b.WriteString(raw)
			continue
		}
		name, more := z.TagName()
		element, own := string(name), false
		for more {
			var key []byte
			key, _, more = z.TagAttr()
			own = own || string(key) == "style"
		}
		if s := style(element); s != "" && !own {
			n := 1 + len(element)
			raw = raw[:n] + ` style="` + s + `"` + raw[n:]
		}
		b.WriteString(raw)
	}
}

// paragraph is one of a foot.
func paragraph(inner string) string { return `<p style="margin:0 0 8px">` + inner + "</p>\n" }
