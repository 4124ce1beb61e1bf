package public

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/domain/contact"
)

// unsubscribeView is what the pages of unsubscribing show.
type unsubscribeView struct {
	*visit
	Email string
	// Action is where the forms go to, Preferences where one chooses instead;
	// empty where the account may not be used.
	Action, Preferences string
	// Undo takes the opt-out back, while that is possible; Ended says that it
	// was wanted and is not.
	Undo      string
	Ended     bool
	AskReason bool
}

// reason is one of those that are offered.
type reason struct{ Code, Text string }

// reasons are those that are offered in a language.
func (t texts) reasons() []reason {
	return []reason{
		{"often", t.Say("reason.often")},
		{"interest", t.Say("reason.interest")},
		{"unasked", t.Say("reason.unasked")},
		{"other", t.Say("reason.other")},
	}
}

// Reasons are those that the page offers.
func (v *visit) Reasons() []reason { return v.reasons() }

// why reads the reason that somebody gave. What was picked is told to the
// account in English, whatever language the page had.
func why(r *http.Request) string {
	var parts []string
	for _, known := range catalogue()[fallback].reasons() {
		if known.Code == r.PostFormValue("reason") {
			parts = append(parts, known.Text)
		}
	}
	if own := strings.TrimSpace(r.PostFormValue("reason_text")); own != "" {
		parts = append(parts, own)
	}
	return strings.Join(parts, ": ")
}

// unsubscribePage asks whether, or tells that it is done.
func (s *Site) unsubscribePage(w http.ResponseWriter, r *http.Request, v *visit) error {
	l, err := s.open(r, v, contact.ToUnsubscribe)
	if err != nil {
		return err
	}
	p, err := s.o.Contacts.Preferences(r.Context(), l)
	if err != nil {
		return there(err)
	}
	v.speaks(p.Language)
	view := unsubscribeView{visit: v, Email: p.Contact.Email.Address.String(), Action: s.address(v, l, contact.ToUnsubscribe, "")}
	if v.active() == nil {
		view.Preferences = s.address(v, l, contact.ToPreferences, "")
	}
	if !p.Contact.Email.OptedOut() || p.Contact.Email.Permission != contact.Unsubscribed {
		return s.show(w, http.StatusOK, "p-unsubscribe", v, v.Say("unsubscribe.title"), view)
	}
	view.AskReason = p.Contact.Email.OptOutReason == ""
	view.Ended = r.URL.Query().Get("ended") != ""
	undo, err := s.o.Links.ReadUndo(r.URL.Query().Get("undo"))
	if err == nil && undo.Takes(p.Contact, s.o.Clock.Now()) && v.active() == nil {
		view.Undo = s.o.Links.Undo(undo)
	}
	return s.show(w, http.StatusOK, "p-unsubscribed", v, v.Say("unsubscribed.title"), view)
}

// unsubscribe does what a button of the page says, or what a mail program says
// for its user by one click.
func (s *Site) unsubscribe(w http.ResponseWriter, r *http.Request, v *visit) error {
	l, err := s.open(r, v, contact.ToUnsubscribe)
	if err != nil {
		return err
	}
	if r.PostFormValue("List-Unsubscribe") == "One-Click" {
		return s.oneClick(w, r, v, l)
	}
	undo := r.PostFormValue("undo")
	switch r.PostFormValue("act") {
	case "unsubscribe", "reason":
		taken, err := s.o.Contacts.OptOut(r.Context(), v.self(l, "unsubscribe page", v.Say("unsubscribe.button")), why(r))
		if err != nil {
			return there(err)
		}
		if !taken.IsZero() {
			undo = s.o.Links.Undo(taken)
		}
		return goOn(w, r, s.address(v, l, contact.ToUnsubscribe, "", "undo", undo))
	case "undo":
		return s.undo(w, r, v, l, undo)
	}
	return s.unsubscribePage(w, r, v)
}

// oneClick unsubscribes at once, without asking and without leading anywhere
// (RFC 8058 §3.2). Who is not there any more gets no mail either.
func (s *Site) oneClick(w http.ResponseWriter, r *http.Request, v *visit, l contact.Link) error {
	_, err := s.o.Contacts.OptOut(r.Context(), v.self(l, "one-click unsubscribe", ""), "")
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	_, _ = io.WriteString(w, "unsubscribed\n") // a client that went away has no use for an error
	return nil
}

// undo takes an opt-out back.
func (s *Site) undo(w http.ResponseWriter, r *http.Request, v *visit, l contact.Link, text string) error {
	if err := v.active(); err != nil {
		return err
	}
	undo, err := s.o.Links.ReadUndo(text)
	if err == nil {
		err = s.o.Contacts.UndoOptOut(r.Context(), v.self(l, "unsubscribe page", v.Say("unsubscribed.undo")), undo)
	}
	switch {
	case err == nil:
		return goOn(w, r, s.address(v, l, contact.ToPreferences, "", "done", "back"))
	case errors.Is(err, contact.ErrUndo), errors.Is(err, contact.ErrLink):
		return goOn(w, r, s.address(v, l, contact.ToUnsubscribe, "", "ended", "1"))
	}
	return there(err)
}
