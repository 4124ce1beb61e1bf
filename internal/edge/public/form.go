package public

import (
	"errors"
	"net/http"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/form"
	"kith/internal/edge/page"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
)

// formRoutes are the pages of sign-up forms. A form may stand on any site, so
// its answers may be sent from and read by pages from elsewhere.
func (s *Site) formRoutes() map[string]handler {
	return map[string]handler{
		"GET /f/{form}":           s.showForm,
		"POST /f/{form}":          s.signUp,
		"OPTIONS /f/{form}":       preflight,
		"GET /f/{form}/thanks":    s.thank,
		"GET /f/{form}/embed.js":  s.embed,
		"GET /p/colours/{colors}": s.formColors,
	}
}

func preflight(w http.ResponseWriter, _ *http.Request, _ *visit) error {
	respond.Preflight(w)
	return nil
}

// openForm opens the form that an address names, and gives the visit its
// language: that of its texts, whatever the browser would like.
func (s *Site) openForm(r *http.Request, v *visit) (*form.Open, error) {
	uid, err := id.ParseUID(r.PathValue("form"))
	if err != nil {
		return nil, errRoute
	}
	o, err := s.o.Forms.Open(r.Context(), uid)
	if err == nil {
		v.keepTo(string(o.Language))
	}
	return o, err
}

// face gives the visit the face of the form's account; with one list, that of
// the list.
func (s *Site) face(r *http.Request, v *visit, o *form.Open) error {
	var err error
	v.Brand, err = s.formBrand(r.Context(), o)
	v.keepTo(string(o.Language))
	return err
}

// faceOf is the list whose brand a form has, or 0 for the account's own.
func faceOf(o *form.Open) id.List {
	if len(o.Lists) == 1 {
		return o.Lists[0].Ref.Number
	}
	return 0
}

func (s *Site) showForm(w http.ResponseWriter, r *http.Request, v *visit) error {
	if wantsJSON(r) {
		return s.inJSON(w, r, v, s.formInJSON)
	}
	o, err := s.openForm(r, v)
	if err != nil {
		return err
	}
	if err := s.face(r, v, o); err != nil {
		return err
	}
	return s.formPage(w, http.StatusOK, v, o, s.formView(v, o, nil))
}

// signUp takes a form that was filled in.
func (s *Site) signUp(w http.ResponseWriter, r *http.Request, v *visit) error {
	if wantsJSON(r) {
		return s.inJSON(w, r, v, s.signUpInJSON)
	}
	o, answers, err := s.post(r, v)
	if o == nil {
		return err
	}
	if err == nil {
		http.Redirect(w, r, after(o), http.StatusSeeOther) //nolint:gosec // G710: the owner of the form says where to
		return nil
	}
	if e := s.face(r, v, o); e != nil {
		return e
	}
	switch {
	case errors.Is(err, form.ErrUnproven):
		return s.step(w, v, o, answers, false)
	case errors.Is(err, form.ErrSoon):
		return s.step(w, v, o, answers, true)
	case fault.Of(err).Kind == fault.Invalid:
		view := s.formView(v, o, answers)
		view.fail(v, o, fault.Of(err))
		respond.Failure(w, r, s.o.PublicURL, fault.Of(err))
		return s.formPage(w, http.StatusBadRequest, v, o, view)
	}
	return err
}

// post signs up whoever sent a form. The form is nil where it could not be
// opened, or nothing more is to be said than the error.
func (s *Site) post(r *http.Request, v *visit) (*form.Open, form.Answers, error) {
	if err := s.o.Limiter.Post(r.Context(), v.Peer); err != nil {
		return nil, nil, err
	}
	o, err := s.openForm(r, v)
	if err != nil {
		return nil, nil, err
	}
	answers := form.Answers(r.PostForm)
	if answers.Trapped() {
		return o, answers, nil // it hears what people hear
	}
	shown, err := s.consent(r, v, o)
	if err != nil {
		return nil, nil, err
	}
	return o, answers, s.o.Forms.SignUp(r.Context(), o, answers, form.Visitor{
		Address: v.Peer, Request: request.Of(r.Context()).ID, Shown: shown,
		Pass: form.Pass{Token: answers.One(form.InputToken), Nonce: answers.One(form.InputNonce)},
	})
}

// consent is the line that the visitor agreed to.
func (s *Site) consent(r *http.Request, v *visit, o *form.Open) (string, error) {
	if o.Texts.Consent != "" {
		return o.Texts.Consent, nil
	}
	err := s.face(r, v, o)
	return v.consent(o), err
}

// after is where somebody is sent who has signed up.
func after(o *form.Open) string {
	if o.Redirect != "" {
		return o.Redirect
	}
	return "/f/" + o.UID.String() + "/thanks"
}

// thank tells somebody that they signed up. It says the same to all.
func (s *Site) thank(w http.ResponseWriter, r *http.Request, v *visit) error {
	o, err := s.openForm(r, v)
	if err != nil {
		return err
	}
	if err := s.face(r, v, o); err != nil {
		return err
	}
	return s.formPage(w, http.StatusOK, v, o, &formView{visit: v, Colors: colorsOf(o), Done: true, Title: v.Say("form.thanks"), Intro: v.thanks(o)})
}

// step asks once more, where nothing showed that a person sent the form: a page
// without script, or on another site, or one that was open for long.
func (s *Site) step(w http.ResponseWriter, v *visit, o *form.Open, answers form.Answers, soon bool) error {
	view := s.formView(v, o, answers)
	view.Title, view.Intro = v.Say("form.step"), []string{v.Say("form.step.lead", "address", answers.One(string(form.Email)))}
	view.Token, view.Bits, view.Step = s.o.Forms.StepToken(o, answers.Address()), 0, true
	if soon {
		view.Alert = v.Say("form.step.soon")
		view.Token = answers.One(form.InputToken) // whose time has begun
	}
	for _, f := range o.Fields {
		for _, name := range f.Inputs() {
			view.keep(answers, name)
		}
	}
	view.keep(answers, form.InputList)
	return s.formPage(w, http.StatusOK, v, o, view)
}

func (s *Site) formPage(w http.ResponseWriter, status int, v *visit, o *form.Open, view *formView) error {
	return s.o.Pages.Render(w, status, "p-form", page.Page{Title: view.Title, Face: v, Scripts: true, Leaves: o.Redirect != "", Data: view})
}

// wantsJSON reports whether the script of a form asks, or a program.
func wantsJSON(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "application/json")
}
