package public

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/base/opt"
	"kith/internal/domain/contact"
)

// askView is a page that asks something and has one button.
type askView struct {
	*visit
	Heading, Lead string
	Action        string
	// Choices are lists to choose from, Lists those that are named only.
	Choices, Lists []contact.ListChoice
	// Consent is what the button means, Wrong what was wrong with the answer.
	Consent, Button, Wrong string
}

// askPage shows the question of a link.
func (s *Site) askPage(w http.ResponseWriter, r *http.Request, v *visit) error {
	l, q, err := s.openAsk(r, v)
	if err != nil {
		return err
	}
	return s.showAsk(w, r, v, l, q, "")
}

// answer does what the button of the page says.
func (s *Site) answer(w http.ResponseWriter, r *http.Request, v *visit) error {
	l, q, err := s.openAsk(r, v)
	if err != nil {
		return err
	}
	view := s.askView(v, q)
	shown, choose := view.Consent, opt.Value[[]id.UID]{}
	if q.Kind == contact.AskNewAddress {
		shown = view.Heading + " " + view.Button
	}
	if len(view.Choices) > 0 {
		var (
			chosen []id.UID
			names  []string
		)
		for _, o := range view.Choices {
			if slices.Contains(r.PostForm["list"], o.List.UID.String()) {
				chosen, names = append(chosen, o.List.UID), append(names, o.Name)
			}
		}
		if len(chosen) == 0 && q.AnsweredAt.IsZero() {
			return s.showAsk(w, r, v, l, q, v.Say("return.choose"))
		}
		shown += " (" + strings.Join(names, ", ") + ")"
		choose = opt.Some(chosen)
	}
	_, err = s.o.Contacts.Answer(r.Context(), v.self(l, string(q.Kind)+" page", shown), choose)
	if errors.Is(err, contact.ErrAddressTaken) {
		t := told{Heading: v.Say("address.taken"), Lead: v.Say("address.taken.lead", "sender", v.Name)}
		return s.show(w, http.StatusConflict, "p-told", v, t.Heading, t)
	}
	if err != nil {
		return err
	}
	return goOn(w, r, r.URL.RequestURI())
}

// openAsk reads the link of a page that asks.
func (s *Site) openAsk(r *http.Request, v *visit) (l contact.Link, q contact.Question, err error) {
	purpose := contact.ToConfirm
	switch {
	case strings.HasPrefix(r.URL.Path, "/p/return/"):
		purpose = contact.ToReturn
	case strings.HasPrefix(r.URL.Path, "/p/address/"):
		purpose = contact.ToAddress
	}
	if l, err = s.open(r, v, purpose); err != nil && !fault.Is(err, fault.Gone) {
		return l, q, err
	}
	if err := v.active(); err != nil {
		return l, q, err
	}
	// A link that is out of date still leads to an answer that was given: then
	// it says so, and asks nothing.
	q, asked := s.o.Contacts.Question(r.Context(), l)
	if asked != nil {
		return l, q, asked
	}
	if err != nil && q.AnsweredAt.IsZero() {
		return l, q, err
	}
	if list := q.Lists; len(list) > 0 {
		if err := s.belongs(r, v, l.Account, list[0]); err != nil {
			return l, q, err
		}
	}
	v.speaks(q.Language)
	return l, q, nil
}

// showAsk shows a question, or that it was answered.
func (s *Site) showAsk(w http.ResponseWriter, r *http.Request, v *visit, l contact.Link, q contact.Question, wrong string) error {
	if !q.AnsweredAt.IsZero() {
		t := told{
			Heading: v.Say("confirmed.title"), Lead: v.Say("confirmed.lead", "sender", v.Name, "address", q.Contact.Email.Address.String()),
			Link: &link{s.address(v, contact.Link{Account: l.Account, Contact: l.Contact}, contact.ToPreferences, ""), v.Say("confirmed.preferences")},
		}
		if q.Kind == contact.AskNewAddress {
			t.Heading, t.Lead = v.Say("address.done"), v.Say("address.done.lead", "sender", v.Name, "address", q.To.String())
		} else if !q.Contact.Active() {
			t.Lead = v.Say("preferences.out", "sender", v.Name)
		}
		return s.show(w, http.StatusOK, "p-told", v, t.Heading, t)
	}
	view := s.askView(v, q)
	view.Action = r.URL.RequestURI()
	status, title := http.StatusOK, view.Heading
	if view.Wrong = wrong; wrong != "" {
		status, title = http.StatusBadRequest, wrong
	}
	return s.show(w, status, "p-ask", v, title, view)
}

func (s *Site) askView(v *visit, q contact.Question) askView {
	address := q.Contact.Email.Address.String()
	switch q.Kind {
	case contact.AskReturn:
		lead := v.Say("return.lead.known", "address", address)
		if !q.Contact.Active() {
			lead = v.Say("return.lead.out", "address", address)
		}
		return askView{
			visit: v, Heading: v.Say("confirm.title", "sender", v.Name), Lead: lead, Choices: q.Asked,
			Consent: v.Say("confirm.consent", "sender", v.Name), Button: v.Say("confirm.button"),
		}
	case contact.AskNewAddress:
		return askView{
			visit: v, Heading: v.Say("address.title"), Button: v.Say("address.button"),
			Lead: v.Say("address.lead", "sender", v.Name, "address", q.To.String(), "old", address),
		}
	case contact.AskConfirm:
	}
	return askView{
		visit: v, Heading: v.Say("confirm.title", "sender", v.Name), Lead: v.Say("confirm.lead", "address", address), Lists: q.Asked,
		Consent: v.Say("confirm.consent", "sender", v.Name), Button: v.Say("confirm.button"),
	}
}
