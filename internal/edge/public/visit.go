package public

import (
	"cmp"
	"net/http"
	"net/url"

	"kith/internal/base/id"
)

// visit is what is known of whoever opens a page, and the face that the page
// shows them: the layout reads it, and pages say their texts through it.
type visit struct {
	texts
	Brand
	asked    string // the language that the address asks for, or empty
	accepted string // the one that the browser would like, or empty
	address  *url.URL
	// fixed says that the page is to be had in this language alone.
	fixed bool
	// Peer is the network address of the visitor.
	Peer string
}

// newVisit reads what the request alone says.
func newVisit(r *http.Request) *visit {
	v := &visit{asked: spoken(r.URL.Query().Get("lang")), accepted: accepted(r.Header.Get("Accept-Language")), address: r.URL, Peer: peer(r)}
	v.speak()
	return v
}

// speak chooses the language: what the visitor chose on a page of ours, else
// that of the account's mails, else what the browser asks for.
func (v *visit) speak() {
	for _, code := range []string{v.asked, spoken(v.Brand.Language), v.accepted, fallback} {
		if code != "" {
			v.texts = catalogue()[code]
			return
		}
	}
}

// speaks notes the language of the mails that a page belongs to. English is what
// an account writes in that has said nothing, and so is no reason to show it to
// somebody whose browser asks for something else.
func (v *visit) speaks(language string) {
	if language != fallback {
		v.Brand.Language = language
	}
	v.speak()
}

// Language is the code of the page's language.
func (v *visit) Language() string { return v.code }

// choice is a language that the page is to be had in.
type choice struct {
	Code, Name, Address string
	Current             bool
}

// keepTo shows the page in one language, that of its texts.
func (v *visit) keepTo(code string) {
	v.texts, v.fixed = catalogue()[cmp.Or(spoken(code), fallback)], true
}

// Languages are those that the page is to be had in; none where it is to be
// had in one alone.
func (v *visit) Languages() []choice {
	var all []choice
	if v.fixed {
		return nil
	}
	for _, code := range codes() {
		all = append(all, choice{code, catalogue()[code].name, v.in(code), code == v.code})
	}
	return all
}

// in is the address of the page in a language.
func (v *visit) in(code string) string {
	q := v.address.Query()
	q.Set("lang", code)
	return (&url.URL{Path: v.address.Path, RawQuery: q.Encode()}).String()
}

// belongs gives the visit the face of an account, or of one of its lists.
func (s *Site) belongs(r *http.Request, v *visit, account id.Account, list id.List) (err error) {
	if v.Brand, err = s.o.Brands.Brand(r.Context(), account, list); err != nil {
		return err
	}
	v.speak()
	return nil
}
