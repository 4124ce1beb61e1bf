package trace

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// veil stands for each letter and digit that is not shown. It is one character
// for one, so that lines and columns stay what they were, and what is wrong
// with the form of an address can still be seen.
const veil = '*'

// mask returns a body without secrets and addresses. It reads what is broken
// as well: that is why a body is kept. cut says that it is only the beginning.
// oauth marks the bodies of that protocol, where more is secret.
func mask(media string, oauth bool, data []byte) (text string, cut bool) {
	text = strings.ToValidUTF8(string(data), "\uFFFD")
	kind, _, _ := strings.Cut(strings.ToLower(media), ";")
	kind = strings.TrimSpace(kind)
	first := strings.TrimLeft(text, " \t\r\n\ufeff")
	switch {
	case kind == "application/x-www-form-urlencoded" && !strings.HasPrefix(first, "{"):
		return maskForm(text), false
	case kind == "application/json" || strings.HasSuffix(kind, "+json") || strings.HasPrefix(first, "{") || strings.HasPrefix(first, "["):
		return maskJSON(text, oauth), false
	case kind == "application/xml" || kind == "text/xml" || strings.HasSuffix(kind, "+xml") || strings.HasPrefix(first, "<"):
		return maskXML(text), false
	case kind == "text/html" || kind == "text/plain":
		return maskWords(text), false
	}
	// A table, or a form with one: its head tells how it is made, and who
	// stands in it is nobody's business.
	if len(text) > maxTable {
		text, cut = clip(text, maxTable), true
	}
	return maskNumbers(maskWords(text)), cut
}

// secrets are the names, without case and without signs, under which
// credentials travel.
var secrets = map[string]bool{
	"password": true, "passwd": true, "secret": true, "clientsecret": true, "token": true, "accesstoken": true,
	"refreshtoken": true, "idtoken": true, "codeverifier": true, "devicecode": true, "usercode": true,
	"assertion": true, "clientassertion": true, "authorization": true, "accesskey": true, "setupcode": true,
	"oauthtoken": true, "oauthsignature": true, "oauthverifier": true,
}

// secretsOfOAuth are those of forms, queries and that protocol; elsewhere they
// are a fault's code, and where somebody lives.
var secretsOfOAuth = map[string]bool{"code": true, "state": true}

// private are the ends of names under which addresses and numbers of people
// travel.
var private = []string{
	"email", "emailaddress", "address", "mail", "phone", "phonenumber", "smsaddress", "sms", "street", "addr1", "addr2", "addr3", "line1", "line2",
	"line3", "postalcode", "subpostalcode",
}

// rule is how a value is shown.
type rule uint8

const (
	byWords rule = iota // as it is, but for what looks like an address or a token
	byShape             // letters and digits are veiled
	whole               // everything is veiled
)

// ruleOf says how what stands under a name is shown.
func ruleOf(name string, oauth bool) rule {
	plain := strings.Map(func(r rune) rune {
		if r = unicode.ToLower(r); unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, name)
	if secrets[plain] || oauth && secretsOfOAuth[plain] {
		return whole
	}
	for _, end := range private {
		if strings.HasSuffix(plain, end) {
			return byShape
		}
	}
	return byWords
}

func (r rule) apply(text string) string {
	switch r {
	case whole:
		return strings.Map(func(r rune) rune {
			if r == '\n' || r == '\r' {
				return r
			}
			return veil
		}, text)
	case byShape:
		return shape(text)
	default:
		return maskWords(text)
	}
}

// shape veils an address: its first character and, where there is an at sign,
// what stands behind the last point are left, to know it by.
func shape(text string) string {
	end := len(text)
	if strings.ContainsRune(text, '@') || strings.Contains(text, "%40") {
		if point := strings.LastIndexByte(text, '.'); point > strings.LastIndexByte(text, '@') {
			end = point
		}
	}
	var b strings.Builder
	b.Grow(len(text))
	shown := false
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case (r == '\\' || r == '%') && i+1 < len(text): // an escape stays one
			n := 2
			if r == '%' {
				n = min(3, len(text)-i)
			}
			if i+n > len(text) || !utf8.ValidString(text[i:i+n]) {
				n = 1
			}
			b.WriteString(text[i : i+n])
			i += n
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r), i >= end, !shown:
			shown = shown || unicode.IsLetter(r) || unicode.IsDigit(r)
			b.WriteString(text[i : i+size])
		default:
			b.WriteByte(veil)
		}
		i += size
	}
	return b.String()
}

// between are the characters that end a word.
const between = " \t\r\n\"'<>()[]{},;:|=&?#/"

// maskWords veils the words of a text that look like an address or a token.
func maskWords(text string) string {
	if !strings.Contains(text, "@") && !strings.Contains(text, "40") && !strings.Contains(text, "kith_") && !strings.Contains(text, "eyJ") {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for len(text) > 0 {
		n := strings.IndexAny(text, between)
		switch {
		case n == 0:
			b.WriteByte(text[0])
			text = text[1:]
			continue
		case n < 0:
			n = len(text)
		}
		word := text[:n]
		switch {
		case strings.HasPrefix(word, "kith_"), strings.HasPrefix(word, "eyJ") && n > 20:
			b.WriteString(whole.apply(word))
		case strings.Contains(word, "@"), strings.Contains(word, "%40"), strings.Contains(word, `\u0040`):
			b.WriteString(shape(word))
		default:
			b.WriteString(word)
		}
		text = text[n:]
	}
	return b.String()
}

// leastNumber is how many digits in a row are taken for a telephone number.
const leastNumber = 7

// maskNumbers veils long numbers.
func maskNumbers(text string) string {
	b := []byte(text)
	for i := 0; i < len(b); {
		n := 0
		for i+n < len(b) && '0' <= b[i+n] && b[i+n] <= '9' {
			n++
		}
		if n >= leastNumber {
			for j := range n {
				b[i+j] = veil
			}
		}
		i += max(n, 1)
	}
	return string(b)
}

// maskForm masks pairs as forms and queries have them.
func maskForm(text string) string {
	if text == "" {
		return ""
	}
	var b strings.Builder
	b.Grow(len(text))
	for i, pair := range strings.Split(text, "&") {
		if i > 0 {
			b.WriteByte('&')
		}
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			b.WriteString(maskWords(pair))
			continue
		}
		b.WriteString(maskWords(name) + "=" + ruleOf(unescaped(name), true).apply(value))
	}
	return b.String()
}

// unescaped is a name as it is meant, as far as ruleOf cares.
func unescaped(name string) string {
	return strings.NewReplacer("%5F", "_", "%5f", "_", "%2D", "-", "%2d", "-").Replace(name)
}

// maskXML masks the texts of elements by the element's name, and everything
// else by its words.
func maskXML(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	element := ""
	for len(text) > 0 {
		if text[0] != '<' {
			n := strings.IndexByte(text, '<')
			if n < 0 {
				n = len(text)
			}
			b.WriteString(ruleOf(element, false).apply(text[:n]))
			text = text[n:]
			continue
		}
		n := strings.IndexByte(text, '>') + 1
		if n == 0 {
			n = len(text)
		}
		tag := text[:n]
		element = ""
		if !strings.HasPrefix(tag, "</") && !strings.HasSuffix(tag, "/>") {
			name := strings.TrimLeft(tag, "<")
			if end := strings.IndexAny(name, " \t\r\n/>"); end >= 0 {
				name = name[:end]
			}
			element = name[strings.IndexByte(name, ':')+1:]
		}
		b.WriteString(maskWords(tag))
		text = text[n:]
	}
	return b.String()
}
