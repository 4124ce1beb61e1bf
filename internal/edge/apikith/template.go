package apikith

import (
	"cmp"
	"net/http"
	"reflect"

	"kith/internal/domain/account"
	"kith/internal/domain/message"
	"kith/internal/domain/oauth"
	"kith/internal/domain/template"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
)

func (a *API) templateOperations() []operation.Operation {
	language := []operation.Parameter{{
		Name: "language", Kind: operation.Word, Words: message.Languages, Doc: "The language of the mail; English where it is left out.",
	}}
	body := reflect.TypeFor[templateInput]()
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/templates", ID: "getTemplates", Group: groupTemplates,
			Summary: "What mails say, by kind and language",
			Scope:   oauth.AccountRead, Privileges: may(account.AccountRead),
			Answers: ok[templateList]("All kinds in all languages, without their bodies."),
			Serve:   a.templates,
		},
		{
			Method: http.MethodGet, Path: "/templates/{kind}", ID: "getTemplate", Group: groupTemplates,
			Summary: "What mail of a kind says in a language",
			Scope:   oauth.AccountRead, Privileges: may(account.AccountRead),
			Query:    language,
			Answers:  ok[wholeTemplate]("The template, with the tags that may stand in it."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.template,
		},
		{
			Method: http.MethodPut, Path: "/templates/{kind}", ID: "putTemplate", Group: groupTemplates,
			Summary:     "Say it in other words",
			Description: "The template is given whole. Every fault in it is told, with its line and column. Mails that are queued already say what they said.",
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Query: language, Body: body,
			Answers:  ok[wholeTemplate]("The template as it is now."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.putTemplate,
		},
		{
			Method: http.MethodDelete, Path: "/templates/{kind}", ID: "deleteTemplate", Group: groupTemplates,
			Summary: "Return to what is built in",
			Scope:   oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Query:    language,
			Answers:  none("What is built in is said again."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.dropTemplate,
		},
		{
			Method: http.MethodPost, Path: "/templates/{kind}/preview", ID: "previewTemplate", Group: groupTemplates,
			Summary:     "See a mail as an example contact gets it",
			Description: "Without a body it is what the account says now. The links open nothing.",
			Scope:       oauth.AccountRead, Privileges: may(account.AccountRead),
			Query: language, Body: body, BodyOptional: true,
			Answers:  ok[templatePreview]("The mail."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.previewTemplate,
		},
		{
			Method: http.MethodPost, Path: "/templates/{kind}/test", ID: "testTemplate", Group: groupTemplates,
			Summary:     "Send that mail to yourself",
			Description: "It goes to the address of the user who asks. Without a body it is what the account says now. The links open nothing.",
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Query: language, Body: body, BodyOptional: true,
			Answers:  ok[templateTest]("The mail is in the outbox."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.testTemplate,
		},
	}
}

type templateList struct {
	_         struct{}       `schema:"Templates" doc:"What mails say."`
	Templates []templateHead `json:"templates" doc:"The templates."`
}

type templateHead struct {
	_         struct{}     `schema:"TemplateHead" doc:"A template without its bodies."`
	Kind      string       `json:"kind" enum:"welcome,confirm_optin,confirm_reminder,update_profile,confirm_address,confirm,sender,reset,invite" doc:"What the mail is for: the last four are to users, the others to contacts."`
	Language  string       `json:"language" enum:"en,de,fr,es,it,nl" doc:"Its language."`
	Subject   string       `json:"subject" doc:"Its subject, with its tags."`
	Edited    bool         `json:"edited" doc:"Whether the account wrote it; otherwise it is built in."`
	UpdatedAt respond.Time `json:"updated_at,omitzero" doc:"When the account wrote it."`
}

type wholeTemplate struct {
	_ struct{} `schema:"Template" doc:"What mail of a kind says in a language."`
	templateHead
	Preheader string   `json:"preheader" doc:"What a mail program shows behind the subject."`
	HTML      string   `json:"html" doc:"What stands between the head and the foot of the mail."`
	Text      string   `json:"text" doc:"The same as text; where it is empty it is made of the HTML."`
	Tags      []string `json:"tags" doc:"The tags that may stand in it."`
	Filters   []string `json:"filters" doc:"What may be done to their values."`
}

type templateInput struct {
	_         struct{}            `schema:"TemplateInput" doc:"A template as its owner writes it."`
	Subject   request.Opt[string] `json:"subject" required:"true" max:"200" doc:"The subject."`
	Preheader request.Opt[string] `json:"preheader" max:"250" doc:"What a mail program shows behind the subject."`
	HTML      request.Opt[string] `json:"html" required:"true" doc:"What stands between the head and the foot of the mail: at most 64 KiB."`
	Text      request.Opt[string] `json:"text" doc:"The same as text; where it is empty it is made of the HTML."`
}

type templatePreview struct {
	_       struct{} `schema:"TemplatePreview" doc:"A mail as an example contact gets it."`
	From    string   `json:"from" doc:"Whom it is from."`
	Subject string   `json:"subject" doc:"Its subject."`
	HTML    string   `json:"html" doc:"The body as HTML."`
	Text    string   `json:"text" doc:"The body as text."`
}

type templateTest struct {
	_  struct{} `schema:"TemplateTest" doc:"A mail that a user sent to themselves."`
	To string   `json:"to" doc:"The user's address."`
}

func (in templateInput) content() message.ContentInput {
	return message.ContentInput{
		Subject: in.Subject.Or(""), Preheader: in.Preheader.Or(""), HTML: in.HTML.Or(""), Text: in.Text.Or(""),
	}
}

func headOf(s message.Saying) templateHead {
	return templateHead{
		Kind: string(s.Kind), Language: s.Language, Subject: s.Subject, Edited: !s.UpdatedAt.IsZero(), UpdatedAt: respond.Time(s.UpdatedAt),
	}
}

func languageOf(c *operation.Call) string { return cmp.Or(c.Text("language"), message.Languages[0]) }

func (a *API) templates(c *operation.Call) error {
	all, err := a.o.Templates.Templates(c.Context(), c.Actor)
	if err != nil {
		return err
	}
	answer := templateList{Templates: make([]templateHead, len(all))}
	for i, s := range all {
		answer.Templates[i] = headOf(s)
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) template(c *operation.Call) error {
	s, err := a.o.Templates.Template(c.Context(), c.Actor, mailKind(c), languageOf(c))
	if err != nil {
		return err
	}
	return a.answerTemplate(c, s)
}

func (a *API) answerTemplate(c *operation.Call, s message.Saying) error {
	tags, err := a.o.Templates.TemplateTags(c.Context(), c.Actor, s.Kind)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, wholeTemplate{
		templateHead: headOf(s), Preheader: s.Preheader, HTML: s.HTML, Text: s.Text, Tags: tags, Filters: template.Filters(),
	})
}

func mailKind(c *operation.Call) message.Kind { return message.Kind(c.Param("kind")) }

func (a *API) putTemplate(c *operation.Call) error {
	in := operation.Body[templateInput](c)
	s, err := a.o.Templates.PutTemplate(c.Context(), c.Actor, mailKind(c), languageOf(c), in.content(), c.Problems)
	if err != nil {
		return err
	}
	return a.answerTemplate(c, s)
}

func (a *API) dropTemplate(c *operation.Call) error {
	if err := a.o.Templates.DropTemplate(c.Context(), c.Actor, mailKind(c), languageOf(c)); err != nil {
		return err
	}
	return c.NoContent()
}

// written returns the template of a body, or nil where the call has none.
func writtenIn(c *operation.Call) *message.ContentInput {
	in := operation.Body[templateInput](c)
	if !in.Subject.Given() && !in.HTML.Given() && !in.Preheader.Given() && !in.Text.Given() {
		return nil
	}
	content := in.content()
	return &content
}

func (a *API) previewTemplate(c *operation.Call) error {
	m, err := a.o.Templates.Preview(c.Context(), c.Actor, mailKind(c), languageOf(c), writtenIn(c), c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, templatePreview{From: m.From.String(), Subject: m.Subject, HTML: m.HTML, Text: m.Text})
}

func (a *API) testTemplate(c *operation.Call) error {
	to, err := a.o.Templates.SendTest(c.Context(), c.Actor, mailKind(c), languageOf(c), writtenIn(c), c.Problems)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, templateTest{To: to.String()})
}
