package public

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"kith/internal/edge/request"
)

// fallback is the language of who asks for none that we speak.
const fallback = "en"

// texts are what pages say in one language.
type texts struct {
	code, name string
	say        map[string]string
}

// catalogue returns the texts of each language by its code. A text's key is the
// page that says it and what it is there; {words} in it stand for what Say is
// given.
var catalogue = sync.OnceValue(func() map[string]texts {
	all := map[string]texts{}
	for i, t := range []texts{english(), german(), french(), spanish(), italian(), dutch()} {
		for key, text := range formTexts {
			t.say[key] = text[i]
		}
		all[t.code] = t
	}
	return all
})

// codes returns the codes of the languages, in the order in which they are
// offered.
func codes() []string { return []string{"en", "de", "fr", "es", "it", "nl"} }

// Say returns the text of a key with values for the words in it, given as
// pairs of word and value. A key that is not there is a fault of the program.
func (t texts) Say(key string, pairs ...string) string {
	text, ok := t.say[key]
	if !ok {
		panic("public: there is no text " + key)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// spoken returns the code of a language that we speak, given as a tag such as
// de or de-AT, else nothing.
func spoken(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	if slices.Contains(codes(), base) {
		return base
	}
	return ""
}

// accepted returns the language that a browser likes best of those that we
// speak (RFC 9110 §12.5.4), or nothing.
func accepted(header string) (best string) {
	most := 0.0
	for item := range strings.SplitSeq(header[:min(len(header), 1000)], ",") {
		tag, more, _ := strings.Cut(item, ";")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.TrimSpace(more), "q="); ok {
			weight, _ = strconv.ParseFloat(q, 64) // 0 where it is none
		}
		if code := spoken(tag); code != "" && weight > most {
			best, most = code, weight
		}
	}
	return best
}

// peer is the network address of who sent a request; empty where none is known.
func peer(r *http.Request) string {
	if p := request.Of(r.Context()).Peer; p.IsValid() {
		return p.String()
	}
	return ""
}
