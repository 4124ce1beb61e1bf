package public

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
)

// colour serves the style sheet of an account's colour. The strict content
// policy of the pages allows none inside them.
func (s *Site) colour(w http.ResponseWriter, r *http.Request, _ *visit) error {
	c, ok := parseColour(r.PathValue("colour"))
	if !ok {
		return errRoute
	}
	h := w.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, max-age=86400")
	_, _ = w.Write([]byte(c.sheet())) // a client that went away has no use for an error
	return nil
}

// rgb is a colour, each part between 0 and 1.
type rgb [3]float64

// parseColour reads six hexadecimal digits.
func parseColour(text string) (c rgb, ok bool) {
	n, err := strconv.ParseUint(text, 16, 32)
	if err != nil || len(text) != 6 {
		return c, false
	}
	for i := range c {
		c[i] = float64(n>>(16-8*i)&0xff) / 255
	}
	return c, true
}

func (c rgb) String() string {
	b := [3]int{}
	for i, part := range c {
		b[i] = int(math.Round(part * 255))
	}
	return fmt.Sprintf("#%02x%02x%02x", b[0], b[1], b[2])
}

// The grounds on which colours stand, as tokens.css has them, and what reads on
// a colour.
var (
	white     = rgb{1, 1, 1}
	black     = rgb{0, 0, 0}
	lightPage = rgb{0xf4 / 255.0, 0xf6 / 255.0, 0xf7 / 255.0}
	darkCard  = rgb{0x1a / 255.0, 0x22 / 255.0, 0x25 / 255.0}
	onDark    = rgb{0x06 / 255.0, 0x18 / 255.0, 0x1b / 255.0}
)

// readable is the contrast that text needs (WCAG 2.2, 1.4.3).
const readable = 4.5

// sheet gives the pages a colour, as near to the account's as can be read: as a
// link on the page, and below the text of a button.
func (c rgb) sheet() string {
	light := c.until(black, func(c rgb) bool { return c.contrast(lightPage) >= readable && c.contrast(white) >= readable })
	dark := c.until(white, func(c rgb) bool { return c.contrast(darkCard) >= readable && c.contrast(onDark) >= readable })
	set := func(accent, strong, soft rgb) string {
		return fmt.Sprintf("--accent: %s; --accent-strong: %s; --accent-soft: %s;", accent, strong, soft)
	}
	return ":root { " + set(light, light.towards(black, 0.25), light.towards(white, 0.9)) + " }\n" +
		"@media (prefers-color-scheme: dark) { :root { " + set(dark, dark.towards(white, 0.3), darkCard.towards(dark, 0.12)) + " } }\n"
}

// until goes step by step to another colour until one is good.
func (c rgb) until(end rgb, good func(rgb) bool) rgb {
	for share := 0.0; share < 1; share += 0.02 {
		if step := c.towards(end, share); good(step) {
			return step
		}
	}
	return end
}

// towards mixes in a share of another colour.
func (c rgb) towards(o rgb, share float64) rgb {
	for i := range c {
		c[i] += (o[i] - c[i]) * share
	}
	return c
}

// contrast of two colours (WCAG 2.2, contrast ratio): 1 to 21.
func (c rgb) contrast(o rgb) float64 {
	a, b := c.luminance(), o.luminance()
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}

func (c rgb) luminance() float64 {
	for i, part := range c {
		if part <= 0.04045 {
			c[i] = part / 12.92
		} else {
			c[i] = math.Pow((part+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2]
}
