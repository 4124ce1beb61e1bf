package public

import (
	"fmt"
	"net/http"
	"strings"

	"kith/internal/edge/page"
)

// formColors serves the style sheet of three colours: background, text and
// accent.
func (s *Site) formColors(w http.ResponseWriter, r *http.Request, _ *visit) error {
	sheet, ok := colorSheet(r.PathValue("colors"), ":root")
	if !ok {
		return errRoute
	}
	h := w.Header()
	page.Protect(h)
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=86400")
	_, _ = w.Write([]byte(sheet)) // a client that went away has no use for an error
	return nil
}

// colorSheet gives what it selects the colours of a form, and shades of them
// for what they do not name. They are the same by day and by night.
func colorSheet(text, selects string) (sheet string, ok bool) {
	var c [3]rgb
	parts := strings.Split(text, "-")
	if len(parts) != len(c) {
		return "", false
	}
	for i, part := range parts {
		if c[i], ok = parseColour(part); !ok {
			return "", false
		}
	}
	back, front, accent := c[0], c[1], c[2]
	scheme, bad, good := "light", "#b42318", "#17713f"
	if back.luminance() < front.luminance() {
		scheme, bad, good = "dark", "#ff8a7a", "#5fd394"
	}
	onAccent, pressed := white, black
	if accent.contrast(black) > accent.contrast(white) {
		onAccent, pressed = black, white
	}
	// A line must stand out by 3 to 1 (WCAG 2.2, 1.4.11), quiet text and links
	// as text must.
	line := back.until(front, func(c rgb) bool { return c.contrast(back) >= 3 })
	quiet := back.towards(front, 0.7).until(front, func(c rgb) bool { return c.contrast(back) >= readable })
	link := accent.until(front, func(c rgb) bool { return c.contrast(back) >= readable })
	var b strings.Builder
	fmt.Fprintf(&b, "%s {\n  color-scheme: %s;\n", selects, scheme)
	for _, v := range []struct {
		name  string
		value any
	}{
		{"page", back},
		{"card", back},
		{"raised", back},
		{"field", back},
		{"text", front},
		{"quiet", quiet},
		{"line", back.towards(front, 0.2)},
		{"field-line", line},
		{"hover", back.towards(front, 0.06)},
		{"accent", accent},
		{"accent-strong", accent.towards(pressed, 0.15)},
		{"accent-soft", back.towards(accent, 0.1)},
		{"on-accent", onAccent},
		{"link", link},
		{"bad", bad},
		{"bad-soft", back.towards(front, 0.06)},
		{"good", good},
	} {
		fmt.Fprintf(&b, "  --%s: %s;\n", v.name, v.value)
	}
	if selects == ":host" {
		b.WriteString("  --pad: 24px;\n")
	}
	b.WriteString("}\n")
	return b.String(), true
}
