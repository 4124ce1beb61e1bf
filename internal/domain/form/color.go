package form

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// minContrast is what text needs to be read by most people (WCAG 2.2, 1.4.3).
const minContrast = 4.5

var colorForm = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// usualColors stand for single ones that are left empty beside others.
var usualColors = Colors{Background: "#ffffff", Text: "#1f2328", Accent: "#1f5f5b"}

// colors checks the form of colours, and that the text can be read.
func (c *checker) colors(in Colors) Colors {
	for _, one := range []struct {
		path  string
		value *string
	}{
		{"colors.background", &in.Background}, {"colors.text", &in.Text}, {"colors.accent", &in.Accent},
	} {
		*one.value = strings.ToLower(strings.TrimSpace(*one.value))
		if *one.value != "" && !colorForm.MatchString(*one.value) && !c.found.Has(one.path) {
			c.found.Add(one.path, codeInvalid, "must be a colour such as #1f5f5b")
		}
	}
	if whole := in.Whole(); colorForm.MatchString(whole.Background) && colorForm.MatchString(whole.Text) {
		if is := contrast(whole.Background, whole.Text); is < minContrast {
			c.found.Add("colors.text", codeContrast, fmt.Sprintf(
				"cannot be read well on the background: the contrast is %.1f to 1, and 4.5 to 1 is the least", math.Floor(is*10)/10))
		}
	}
	return in
}

// Whole returns the colours with the usual ones in place of those that are
// missing.
func (c Colors) Whole() Colors {
	for _, one := range []struct{ value, usual *string }{
		{&c.Background, &usualColors.Background}, {&c.Text, &usualColors.Text}, {&c.Accent, &usualColors.Accent},
	} {
		if *one.value == "" {
			*one.value = *one.usual
		}
	}
	return c
}

// OnAccent returns the colour of what stands on the accent: black or white,
// whichever is read better.
func (c Colors) OnAccent() string {
	if accent := c.Whole().Accent; contrast(accent, "#ffffff") < contrast(accent, "#000000") {
		return "#000000"
	}
	return "#ffffff"
}

// contrast is the ratio of the luminances of two colours, from 1 to 21 (WCAG
// 2.2, contrast ratio).
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is how bright a colour of the checked form is, from 0 to 1 (WCAG
// 2.2, relative luminance).
func luminance(color string) float64 {
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(color[1+2*i:3+2*i], 16, 8)
		part := float64(n) / 255
		if part <= 0.04045 {
			part /= 12.92
		} else {
			part = math.Pow((part+0.055)/1.055, 2.4)
		}
		sum += weight * part
	}
	return sum
}
