package message

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"time"

	"kith/internal/domain/account"
	"kith/internal/domain/contact"
)

// The kinds of mail to contacts. Their values are those of letters.
const (
	Welcome       = Kind(contact.Welcome)
	ConfirmOptIn  = Kind(contact.AskToConfirm)
	OptInReminder = Kind(contact.Reminder)
	UpdateProfile = Kind(contact.AskToReturn)
	NewAddress    = Kind(contact.AskAddress)
)

// Kinds are all that have a template, those to contacts first.
func Kinds() []Kind {
	return []Kind{
		Welcome, ConfirmOptIn, OptInReminder, UpdateProfile, NewAddress,
		Confirmation, SenderCheck, Reset, Invitation,
	}
}

// ToContact says whether mail of the kind is to a contact.
func (k Kind) ToContact() bool {
	switch k {
	case Welcome, ConfirmOptIn, OptInReminder, UpdateProfile, NewAddress:
		return true
	case Confirmation, SenderCheck, Reset, Invitation:
	}
	return false
}

// wording is what Kith itself says in a language.
type wording struct {
	// hello greets, by a tag in it where the first name is known.
	hello string
	// copyLink stands above the address that a button opens.
	copyLink string
	// why says at the foot why somebody gets a mail; by kind, and for those
	// that are not named.
	why map[Kind]string
	// preferences and unsubscribe are links at the foot.
	preferences, unsubscribe string
	// sentBy ends a mail to a user.
	sentBy string
	// hour and day have one and many.
	hour, day [2]string
	// roles name what somebody is invited as, and meanings what that allows.
	roles, meanings map[account.Role]string
	kinds           map[Kind]said
}

// said is a built-in mail, in parts. Tags may stand in all of them.
type said struct {
	subject, preheader, title string
	// says are paragraphs above the button, and after those below it.
	says  []string
	label string
	after []string
	// opens is the tag of what the button opens; empty for Link.
	opens string
}

// wordings by language.
func wordings(language string) wording {
	switch language {
	case "de":
		return german()
	case "fr":
		return french()
	case "es":
		return spanish()
	case "it":
		return italian()
	case "nl":
		return dutch()
	}
	return english()
}

// BuiltIn returns what mail of a kind says in a language where nobody wrote
// anything else.
func BuiltIn(kind Kind, lang string) Content {
	lang = language(lang)
	w := wordings(lang)
	s := w.kinds[kind]
	opens := s.opens
	if opens == "" {
		opens = "Link"
	}
	c := Content{Kind: kind, Language: lang, Subject: s.subject, Preheader: s.preheader}
	var page, text strings.Builder
	fmt.Fprintf(&page, "<h1>%s</h1>\n<p>%s</p>\n", html.EscapeString(s.title), w.hello)
	text.WriteString(w.hello + "\n\n")
	for _, p := range s.says {
		page.WriteString("<p>" + p + "</p>\n")
		text.WriteString(p + "\n\n")
	}
	fmt.Fprintf(&page, "{{ %s | button: %q }}\n", opens, s.label)
	fmt.Fprintf(&text, "{{ %s | button: %q }}\n", opens, s.label)
	fmt.Fprintf(&page, "<p><small>%s<br><a href=\"[[%s]]\">[[%s]]</a></small></p>\n", w.copyLink, opens, opens)
	for _, p := range s.after {
		page.WriteString("<p><small>" + p + "</small></p>\n")
		text.WriteString("\n" + p + "\n")
	}
	c.HTML, c.Text = page.String(), text.String()
	return c
}

// span says a time in words: 7 days, 24 hours, 1 hour.
func (w wording) span(d time.Duration) string {
	n, unit := max(int((d+time.Minute)/time.Hour), 1), w.hour
	if n >= 48 {
		n, unit = n/24, w.day
	}
	if n == 1 {
		return "1 " + unit[0]
	}
	return strconv.Itoa(n) + " " + unit[1]
}

// because says why somebody gets a mail of a kind.
func (w wording) because(k Kind) string {
	if s, ok := w.why[k]; ok {
		return s
	}
	return w.sentBy
}
