package public

import (
	"errors"
	"net/http"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/domain/form"
	"kith/internal/edge/page"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
)

// formAnswer is what the script of a form gets, and programs that speak JSON.
type formAnswer struct {
	// HTML is what is to be shown in place of what is there, CSS how it looks.
	HTML string `json:"html,omitempty"`
	CSS  string `json:"css,omitempty"`
	// Token and Bits are asked for with the next try.
	Token string `json:"token,omitempty"`
	Bits  int    `json:"bits,omitempty"`

	Done     bool          `json:"done,omitempty"`
	Redirect string        `json:"redirect_url,omitempty"`
	Message  string        `json:"message,omitempty"`
	Problems []formProblem `json:"problems,omitempty"`
}

// formProblem is what is wrong with an input.
type formProblem struct {
	Input   string `json:"input"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

type jsonHandler func(r *http.Request, v *visit) (status int, answer formAnswer, err error)

// inJSON answers pages of any site. No cookie counts here, so none is let
// through.
func (s *Site) inJSON(w http.ResponseWriter, r *http.Request, v *visit, serve jsonHandler) error {
	respond.CORS(w.Header())
	w.Header().Set("Vary", "Accept")
	status, answer, err := serve(r, v)
	if err != nil {
		f := fault.Of(err)
		respond.Failure(w, r, s.o.PublicURL, f)
		status, answer = respond.Status(f), formAnswer{Message: v.told(f).Lead}
	}
	body, err := respond.Encode(answer)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	respond.JSON(w, r, status, body)
	return nil
}

// formInJSON answers with a form to be shown on another site.
func (s *Site) formInJSON(r *http.Request, v *visit) (int, formAnswer, error) {
	o, err := s.openForm(r, v)
	if err == nil {
		err = s.face(r, v, o)
	}
	if err != nil {
		return 0, formAnswer{}, err
	}
	return s.embedded(http.StatusOK, s.formView(v, o, nil))
}

// embedded is a form as it stands on another site.
func (s *Site) embedded(status int, view *formView) (int, formAnswer, error) {
	view.Action = s.o.PublicURL + view.Action
	html, err := s.o.Pages.Part("p-form", "form", view)
	if err != nil {
		return 0, formAnswer{}, err
	}
	css, err := s.o.Pages.Text("form.css")
	if err != nil {
		return 0, formAnswer{}, err
	}
	if colors, ok := colorSheet(strings.TrimPrefix(view.Colors, "/p/colours/"), ":host"); ok {
		css = colors + css
	}
	return status, formAnswer{HTML: html, CSS: css, Token: view.Token, Bits: view.Bits}, nil
}

// signUpInJSON takes a form from the script, or from a program that does what
// the script does. One that lacks what shows a person is answered with what it
// takes.
func (s *Site) signUpInJSON(r *http.Request, v *visit) (int, formAnswer, error) {
	o, answers, err := s.post(r, v)
	switch {
	case o == nil:
		return 0, formAnswer{}, err
	case err == nil:
		lines := v.thanks(o)
		view := &formView{visit: v, Colors: colorsOf(o), Done: true, Title: v.Say("form.thanks"), Intro: lines}
		status, answer, err := s.embedded(http.StatusOK, view)
		answer.Token, answer.Done, answer.Redirect, answer.Message = "", true, o.Redirect, strings.Join(lines, "\n")
		return status, answer, err
	case errors.Is(err, form.ErrUnproven), errors.Is(err, form.ErrSoon):
		answer := formAnswer{Token: s.o.Forms.Token(o), Message: v.Say("form.step.soon")}
		if o.Proof {
			answer.Bits = form.ProofBits
		}
		return http.StatusConflict, answer, nil
	case fault.Of(err).Kind != fault.Invalid:
		return 0, formAnswer{}, err
	}
	if err := s.face(r, v, o); err != nil {
		return 0, formAnswer{}, err
	}
	view := s.formView(v, o, answers)
	view.fail(v, o, fault.Of(err))
	status, answer, e := s.embedded(http.StatusBadRequest, view)
	answer.Message = view.Alert
	for _, p := range fault.Of(err).Problems {
		answer.Problems = append(answer.Problems, formProblem{p.Path, p.Code, v.problem(o, p)})
	}
	request.Of(r.Context()).Code = fault.Of(err).Code
	return status, answer, e
}

// embed serves the script that shows a form on another site. It is the same
// for all forms: the address that it came from says which.
func (s *Site) embed(w http.ResponseWriter, _ *http.Request, _ *visit) error {
	script, err := s.o.Pages.Text("form.js")
	if err != nil {
		return err
	}
	h := w.Header()
	page.Protect(h)
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write([]byte(script)) // a client that went away has no use for an error
	return nil
}
