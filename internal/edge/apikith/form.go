package apikith

import (
	"net/http"
	"reflect"

	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/contact"
	"kith/internal/domain/form"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
	"kith/internal/edge/wire3"
)

func (a *API) formOperations() []operation.Operation {
	read, write := may(account.ContactsRead), may(account.ContactsWrite)
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/forms", ID: "getForms", Group: groupForms,
			Summary: "Sign-up forms",
			Scope:   oauth.ContactData, Privileges: read,
			Query:   operation.Page(50, 500),
			Answers: ok[formPage]("A page of forms, in the order of their making."),
			Serve:   a.forms,
		},
		{
			Method: http.MethodPost, Path: "/forms", ID: "createForm", Group: groupForms,
			Summary:     "Make a form",
			Description: "Only a name and a list are needed: the form then asks for the address and says what its language says usually. Its page is there at once. An account has at most 500.",
			Scope:       oauth.ContactData, Privileges: write,
			Body:     reflect.TypeFor[formInput](),
			Answers:  made[formWire]("The form."),
			Failures: []int{http.StatusConflict},
			Serve:    a.createForm,
		},
		{
			Method: http.MethodGet, Path: "/forms/{form_id}", ID: "getForm", Group: groupForms,
			Summary:     "One form",
			Description: "Lists and custom fields that were deleted are left out.",
			Scope:       oauth.ContactData, Privileges: read,
			Answers:  ok[formWire]("The form."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.form,
		},
		{
			Method: http.MethodPut, Path: "/forms/{form_id}", ID: "putForm", Group: groupForms,
			Summary:     "Replace a form",
			Description: "What is left out is as in a form that is made anew. Its page shows the change within a second.",
			Scope:       oauth.ContactData, Privileges: write,
			Body:     reflect.TypeFor[formInput](),
			Answers:  ok[formWire]("The form as it is now."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.updateForm,
		},
		{
			Method: http.MethodDelete, Path: "/forms/{form_id}", ID: "deleteForm", Group: groupForms,
			Summary:     "Delete a form",
			Description: "Its page is gone. Who signed up by it stays.",
			Scope:       oauth.ContactData, Privileges: write,
			Answers:  none("It is gone."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.deleteForm,
		},
		{
			Method: http.MethodPost, Path: "/forms/preview", ID: "previewForm", Group: groupForms,
			Summary:     "Look at a form",
			Description: "The page of a form as it would be, which need not be kept.",
			Scope:       oauth.ContactData, Privileges: write,
			Body:    reflect.TypeFor[formInput](),
			Answers: ok[formPreview]("The page."),
			Serve:   a.previewForm,
		},
		{
			Method: http.MethodGet, Path: "/forms/{form_id}/snippets", ID: "getFormSnippets", Group: groupForms,
			Summary: "What shows a form on another site",
			Scope:   oauth.ContactData, Privileges: read,
			Answers:  ok[formSnippets]("The snippets."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.formSnippets,
		},
	}
}

type formPage struct {
	_     struct{}     `schema:"Forms" doc:"A page of forms."`
	Forms []formWire   `json:"forms" doc:"The forms."`
	Links *wire3.Links `json:"_links,omitempty" doc:"Where the list goes on; left out on the last page."`
}

type formWire struct {
	_         struct{}      `schema:"Form" doc:"A sign-up form."`
	ID        id.UID        `json:"form_id" doc:"The form's id."`
	Number    int64         `json:"number" doc:"Its number in the account."`
	URL       string        `json:"url" format:"uri" doc:"Where its page is."`
	Name      string        `json:"name" doc:"What its owner calls it."`
	Lists     []formList    `json:"lists" doc:"What a sign-up joins."`
	Fields    []formField   `json:"fields" doc:"What it asks for, in this order."`
	Texts     formTexts     `json:"texts" doc:"What it says; texts that are left out are the language's own."`
	Language  form.Language `json:"language" enum:"en,de,fr,es,it,nl" doc:"What it speaks."`
	Colors    formColors    `json:"colors" doc:"The page's colours; without any, the usual ones."`
	Redirect  string        `json:"redirect_url,omitempty" format:"uri" doc:"Where people are sent who have signed up."`
	Proof     bool          `json:"captcha" doc:"Whether the browser must work before a sign-up is taken."`
	MayUpdate bool          `json:"may_update" doc:"Whether it may change the data of a contact who is there."`
	SignUps   int64         `json:"sign_up_count" doc:"How often something came of it: a contact, a membership, a mail that asks."`
	CreatedAt respond.Time  `json:"created_at" doc:"When it was made."`
	UpdatedAt respond.Time  `json:"updated_at" doc:"When it was last changed."`
}

type formList struct {
	_       struct{} `schema:"FormList" doc:"A list of a form."`
	ID      id.UID   `json:"list_id" doc:"The list."`
	Name    string   `json:"name" doc:"The list's name."`
	Offered bool     `json:"offered" doc:"Whether people choose it. One that is not offered is joined by everybody."`
	Ticked  bool     `json:"ticked" doc:"Whether an offered list is chosen until somebody takes the tick away."`
}

type formField struct {
	_        struct{}  `schema:"FormField" doc:"A question of a form."`
	Kind     form.Kind `json:"kind" enum:"email_address,first_name,last_name,company_name,phone_number,birthday,street_address,custom_field" doc:"What it asks for."`
	Custom   id.UID    `json:"custom_field_id,omitzero" doc:"The custom field, of that kind."`
	Label    string    `json:"label,omitempty" doc:"What stands at it; left out where that is the language's word, or the custom field's label."`
	Required bool      `json:"required" doc:"Whether nobody signs up without it."`
}

type formTexts struct {
	_       struct{} `schema:"FormTexts" doc:"What a form says."`
	Title   string   `json:"title,omitempty" doc:"The heading."`
	Intro   string   `json:"intro,omitempty" doc:"What stands below it."`
	Button  string   `json:"button,omitempty" doc:"What the button says."`
	Consent string   `json:"consent,omitempty" doc:"What people agree to. It is kept with each sign-up."`
	Thanks  string   `json:"thanks,omitempty" doc:"What is said after a sign-up."`
}

type formColors struct {
	_          struct{} `schema:"FormColors" doc:"Colours, as #rrggbb."`
	Background string   `json:"background,omitempty" doc:"The page's."`
	Text       string   `json:"text,omitempty" doc:"The text's."`
	Accent     string   `json:"accent,omitempty" doc:"The button's."`
}

func (a *API) formOf(f form.Form) formWire {
	w := formWire{
		ID: f.UID, Number: int64(f.ID), URL: a.o.PublicURL + "/f/" + f.UID.String(), Name: f.Name,
		Lists: make([]formList, len(f.Lists)), Fields: make([]formField, len(f.Fields)),
		Texts:    formTexts{Title: f.Texts.Title, Intro: f.Texts.Intro, Button: f.Texts.Button, Consent: f.Texts.Consent, Thanks: f.Texts.Thanks},
		Language: f.Language,
		Colors:   formColors{Background: f.Colors.Background, Text: f.Colors.Text, Accent: f.Colors.Accent},
		Redirect: f.Redirect, Proof: f.Proof, MayUpdate: f.MayUpdate, SignUps: f.SignUps,
		CreatedAt: respond.Time(f.CreatedAt), UpdatedAt: respond.Time(f.UpdatedAt),
	}
	for i, l := range f.Lists {
		w.Lists[i] = formList{ID: l.Ref.UID, Name: l.Name, Offered: l.Offered, Ticked: l.Ticked}
	}
	for i, x := range f.Fields {
		w.Fields[i] = formField{Kind: x.Kind, Custom: x.Custom.UID, Label: x.Label, Required: x.Required}
	}
	return w
}

type formInput struct {
	_         struct{}                      `schema:"FormInput" doc:"A form as its owner wants it."`
	Name      request.Opt[string]           `json:"name" required:"true" max:"100" doc:"What its owner calls it; people who sign up do not see it."`
	Lists     request.Opt[[]formListInput]  `json:"lists" required:"true" min:"1" max:"50" doc:"What a sign-up joins."`
	Fields    request.Opt[[]formFieldInput] `json:"fields" max:"32" doc:"What it asks for, in this order. The address is asked for first where it is left out."`
	Texts     request.Opt[formTextsInput]   `json:"texts" doc:"What it says."`
	Language  request.Opt[string]           `json:"language" enum:"en,de,fr,es,it,nl" default:"en" doc:"What it speaks."`
	Colors    request.Opt[formColorsInput]  `json:"colors" doc:"The page's colours. Text must stand out from the background by 4.5 to 1."`
	Redirect  request.Opt[string]           `json:"redirect_url" max:"2048" doc:"Where people are sent who have signed up, instead of a page that says so."`
	Proof     request.Opt[bool]             `json:"captcha" default:"true" doc:"Whether the browser must work before a sign-up is taken, so that a program that fills in forms has to pay for each."`
	MayUpdate request.Opt[bool]             `json:"may_update" default:"false" doc:"Whether it may change the data of a contact who is there. Anybody can fill in a form with somebody else's address: with true, they can change that contact's data too."`
}

type formListInput struct {
	_       struct{}            `schema:"FormListInput" doc:"A list of a form."`
	ID      request.Opt[id.UID] `json:"list_id" required:"true" doc:"The list."`
	Offered request.Opt[bool]   `json:"offered" default:"false" doc:"Whether people choose it."`
	Ticked  request.Opt[bool]   `json:"ticked" default:"false" doc:"Whether it is chosen until somebody takes the tick away."`
}

type formFieldInput struct {
	_        struct{}            `schema:"FormFieldInput" doc:"A question of a form."`
	Kind     request.Opt[string] `json:"kind" required:"true" enum:"email_address,first_name,last_name,company_name,phone_number,birthday,street_address,custom_field" doc:"What it asks for."`
	Custom   request.Opt[id.UID] `json:"custom_field_id" doc:"The custom field, of that kind."`
	Label    request.Opt[string] `json:"label" max:"100" doc:"What stands at it."`
	Required request.Opt[bool]   `json:"required" default:"false" doc:"Whether nobody signs up without it. The address always is."`
}

type formTextsInput struct {
	_       struct{}            `schema:"FormTextsInput" doc:"What a form says. A text that is left out is the language's own."`
	Title   request.Opt[string] `json:"title" max:"100" doc:"The heading."`
	Intro   request.Opt[string] `json:"intro" max:"2000" doc:"What stands below it."`
	Button  request.Opt[string] `json:"button" max:"50" doc:"What the button says."`
	Consent request.Opt[string] `json:"consent" max:"500" doc:"What people agree to. It is kept with each sign-up."`
	Thanks  request.Opt[string] `json:"thanks" max:"1000" doc:"What is said after a sign-up."`
}

type formColorsInput struct {
	_          struct{}            `schema:"FormColorsInput" doc:"Colours, as #rrggbb."`
	Background request.Opt[string] `json:"background" doc:"The page's."`
	Text       request.Opt[string] `json:"text" doc:"The text's."`
	Accent     request.Opt[string] `json:"accent" doc:"The button's."`
}

// written is a form as the domain takes it.
func (in formInput) written() form.Written {
	texts, colors := in.Texts.Or(formTextsInput{}), in.Colors.Or(formColorsInput{})
	w := form.Written{
		Name: in.Name.Or(""),
		Texts: form.Texts{
			Title: texts.Title.Or(""), Intro: texts.Intro.Or(""), Button: texts.Button.Or(""), Consent: texts.Consent.Or(""), Thanks: texts.Thanks.Or(""),
		},
		Language: form.Language(in.Language.Or("")),
		Colors:   form.Colors{Background: colors.Background.Or(""), Text: colors.Text.Or(""), Accent: colors.Accent.Or("")},
		Redirect: in.Redirect.Or(""), Proof: in.Proof.Or(true), MayUpdate: in.MayUpdate.Or(false),
	}
	for _, l := range in.Lists.Or(nil) {
		w.Lists = append(w.Lists, form.List{Ref: id.Ref[id.List]{UID: l.ID.Or(id.UID{})}, Offered: l.Offered.Or(false), Ticked: l.Ticked.Or(false)})
	}
	for _, f := range in.Fields.Or(nil) {
		w.Fields = append(w.Fields, form.Field{
			Kind: form.Kind(f.Kind.Or("")), Custom: contact.Field{UID: f.Custom.Or(id.UID{})}, Label: f.Label.Or(""), Required: f.Required.Or(false),
		})
	}
	return w
}

func (a *API) forms(c *operation.Call) error {
	of, err := a.o.Forms.List(c.Context(), c.Actor, c.Page())
	if err != nil {
		return err
	}
	answer := formPage{Forms: make([]formWire, len(of.Items)), Links: wire3.Next(c.Next(of.Next))}
	for i, f := range of.Items {
		answer.Forms[i] = a.formOf(f)
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) form(c *operation.Call) error {
	f, err := a.o.Forms.Get(c.Context(), c.Actor, c.UID("form_id"))
	return a.answerForm(c, http.StatusOK, f, err)
}

func (a *API) createForm(c *operation.Call) error {
	in := operation.Body[formInput](c)
	f, err := a.o.Forms.Create(c.Context(), c.Actor, in.written(), c.Problems)
	return a.answerForm(c, http.StatusCreated, f, err)
}

func (a *API) updateForm(c *operation.Call) error {
	in := operation.Body[formInput](c)
	f, err := a.o.Forms.Update(c.Context(), c.Actor, c.UID("form_id"), in.written(), c.Problems)
	return a.answerForm(c, http.StatusOK, f, err)
}

func (a *API) deleteForm(c *operation.Call) error {
	if err := a.o.Forms.Delete(c.Context(), c.Actor, c.UID("form_id")); err != nil {
		return err
	}
	return c.NoContent()
}

type formPreview struct {
	_    struct{} `schema:"FormPreview" doc:"The page of a form."`
	HTML string   `json:"html" doc:"The page, which loads its style sheets from this server."`
}

type formSnippets struct {
	_      struct{} `schema:"FormSnippets" doc:"What shows a form on another site."`
	HTML   string   `json:"html" doc:"Plain HTML, to be changed at will; the names of its inputs count."`
	Script string   `json:"script" doc:"A tag in whose place a script shows the form."`
}

func (a *API) previewForm(c *operation.Call) error {
	in := operation.Body[formInput](c)
	o, err := a.o.Forms.Rehearse(c.Context(), c.Actor, in.written(), c.Problems)
	if err != nil {
		return err
	}
	html, err := a.o.FormPages.FormPreview(c.Context(), o)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, formPreview{HTML: html})
}

func (a *API) formSnippets(c *operation.Call) error {
	f, err := a.o.Forms.Get(c.Context(), c.Actor, c.UID("form_id"))
	if err != nil {
		return err
	}
	html, script, err := a.o.FormPages.FormSnippets(c.Context(), &form.Open{Account: c.Actor.Account, Form: f})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, formSnippets{HTML: html, Script: script})
}

func (a *API) answerForm(c *operation.Call, status int, f form.Form, err error) error {
	if err != nil {
		return err
	}
	return c.JSON(status, a.formOf(f))
}
