package public

import (
	"net/http"
	"slices"
	"strings"

	"kith/internal/base/id"
	"kith/internal/domain/contact"
)

// preferencesView is what the page of preferences shows.
type preferencesView struct {
	*visit
	contact.Preferences
	Email string
	// Action is where the form goes to, Change and Data are the pages of the
	// address and of what is kept.
	Action, Change, Data string
	// Done says what the last button did; empty where none was pressed.
	Done string
}

// Waits reports whether the contact was asked and has not answered.
func (p preferencesView) Waits() bool {
	e := p.Contact.Email
	return !p.Contact.Deleted() && e.Permission == contact.Pending && !e.OptedOut()
}

// preferencesPage shows what the contact has decided.
func (s *Site) preferencesPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	l, p, err := s.openPreferences(r, v)
	if err != nil {
		return err
	}
	view := preferencesView{
		visit: v, Preferences: p, Email: p.Contact.Email.Address.String(),
		Action: s.address(v, l, contact.ToPreferences, ""), Change: s.address(v, l, contact.ToPreferences, "/address"),
		Data: s.address(v, l, contact.ToPreferences, "/data"),
	}
	switch r.URL.Query().Get("done") {
	case "saved":
		view.Done = v.Say("preferences.saved")
	case "back":
		view.Done = v.Say("preferences.back")
	}
	return s.show(w, http.StatusOK, "p-preferences", v, v.Say("preferences.title", "sender", v.Name), view)
}

func (s *Site) openPreferences(r *http.Request, v *visit) (l contact.Link, p contact.Preferences, err error) {
	if l, err = s.open(r, v, contact.ToPreferences); err != nil {
		return l, p, err
	}
	if err = v.active(); err != nil {
		return l, p, err
	}
	if p, err = s.o.Contacts.Preferences(r.Context(), l); err != nil {
		return l, p, there(err)
	}
	v.speaks(p.Language)
	return l, p, nil
}

// preferences does what a button of the page says.
func (s *Site) preferences(w http.ResponseWriter, r *http.Request, v *visit) error {
	l, p, err := s.openPreferences(r, v)
	if err != nil {
		return err
	}
	var (
		undo   contact.Undo
		chosen []id.UID
		names  []string
	)
	switch r.PostFormValue("act") {
	case "leave":
		undo, err = s.o.Contacts.OptOut(r.Context(), v.self(l, "preferences page", ""), "")
	case "save":
		for _, o := range p.Lists {
			if slices.Contains(r.PostForm["list"], o.List.UID.String()) {
				chosen, names = append(chosen, o.List.UID), append(names, o.Name)
			}
		}
		shown := v.Say("preferences.consent", "sender", v.Name) + " (" + strings.Join(names, ", ") + ")"
		undo, err = s.o.Contacts.Choose(r.Context(), v.self(l, "preferences page", shown), chosen)
	default:
		return s.preferencesPage(w, r, v)
	}
	switch {
	case err != nil:
		return there(err)
	case len(chosen) > 0:
		return goOn(w, r, s.address(v, l, contact.ToPreferences, "", "done", "saved"))
	}
	return goOn(w, r, s.address(v, l, contact.ToUnsubscribe, "", "undo", s.o.Links.Undo(undo)))
}
