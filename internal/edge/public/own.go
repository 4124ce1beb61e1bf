package public

import (
	"errors"
	"net/http"

	"kith/internal/base/fault"
	"kith/internal/domain/contact"
)

// ownView is a page on which a contact changes or ends what they have here.
type ownView struct {
	*visit
	Email        string
	Action, Back string
	// Value is what was typed, Wrong what is wrong with it.
	Value, Wrong string
}

func (s *Site) ownView(v *visit, l contact.Link, p contact.Preferences, below string) ownView {
	return ownView{
		visit: v, Email: p.Contact.Email.Address.String(),
		Action: s.address(v, l, contact.ToPreferences, below), Back: s.address(v, l, contact.ToPreferences, ""),
	}
}

// changePage asks for a new address, or tells that it was written to.
func (s *Site) changePage(w http.ResponseWriter, r *http.Request, v *visit) error {
	l, p, err := s.openPreferences(r, v)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("done") != "" {
		t := told{
			Heading: v.Say("change.sent"), Lead: v.Say("change.sent.lead"),
			Link: &link{s.address(v, l, contact.ToPreferences, ""), v.Say("back")},
		}
		return s.show(w, http.StatusOK, "p-told", v, t.Heading, t)
	}
	if !p.Subscribed() {
		return goOn(w, r, s.address(v, l, contact.ToPreferences, ""))
	}
	return s.show(w, http.StatusOK, "p-change", v, v.Say("change.title"), s.ownView(v, l, p, "/address"))
}

// change writes to the new address. The answer is the same whether or not
// somebody else has it.
func (s *Site) change(w http.ResponseWriter, r *http.Request, v *visit) error {
	l, p, err := s.openPreferences(r, v)
	if err != nil {
		return err
	}
	view := s.ownView(v, l, p, "/address")
	view.Value = r.PostFormValue("address")
	err = s.o.Contacts.ChangeAddress(r.Context(), v.self(l, "preferences page", v.Say("change.button")), view.Value)
	switch {
	case err == nil:
		return goOn(w, r, s.address(v, l, contact.ToPreferences, "/address", "done", "asked"))
	case errors.Is(err, contact.ErrUnsubscribed):
		return goOn(w, r, view.Back)
	case errors.Is(err, contact.ErrAsked):
		view.Wrong = v.Say("change.often")
		return s.show(w, http.StatusTooManyRequests, "p-change", v, view.Wrong, view)
	case fault.Is(err, fault.Invalid):
		view.Wrong = v.Say("change.wrong")
		return s.show(w, http.StatusBadRequest, "p-change", v, view.Wrong, view)
	}
	return there(err)
}

// erasePage asks whether everything is to be erased.
func (s *Site) erasePage(w http.ResponseWriter, r *http.Request, v *visit) error {
	l, p, err := s.openPreferences(r, v)
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, "p-erase", v, v.Say("erase.title"), s.ownView(v, l, p, "/erase"))
}

// erase erases everything, where the box was ticked.
func (s *Site) erase(w http.ResponseWriter, r *http.Request, v *visit) error {
	l, p, err := s.openPreferences(r, v)
	if err != nil {
		return err
	}
	if r.PostFormValue("sure") == "" {
		view := s.ownView(v, l, p, "/erase")
		view.Wrong = v.Say("erase.tick")
		return s.show(w, http.StatusBadRequest, "p-erase", v, view.Wrong, view)
	}
	if err := s.o.Contacts.Erase(r.Context(), v.self(l, "preferences page", v.Say("erase.sure"))); err != nil {
		return there(err)
	}
	t := told{Heading: v.Say("erased.title"), Lead: v.Say("nobody.lead", "sender", v.Name)}
	return s.show(w, http.StatusOK, "p-told", v, t.Heading, t)
}
