package apikith

import (
	"net/http"
	"strconv"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/message"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/respond"
	"kith/internal/edge/wire3"
)

func (a *API) outboxOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/outbox", ID: "getMails", Group: groupOutbox,
			Summary: "Mails that the server wrote, the newest first",
			Scope:   oauth.AccountRead, Privileges: may(account.AccountRead),
			Query: append(operation.Page(50, 500), operation.Parameter{
				Name: "state", Kind: operation.Word,
				Words: []string{"kept", "queued", "sending", "sent", "failed", "uncertain"},
				Doc:   "Only mails of which this became.",
			}),
			Answers: ok[mailPage]("A page of mails, without their bodies."),
			Serve:   a.mails,
		},
		{
			Method: http.MethodGet, Path: "/outbox/{mail_id}", ID: "getMail", Group: groupOutbox,
			Summary:     "One mail",
			Description: "Text, HTML and headers are left out where the mail carries a way in and is for somebody else.",
			Scope:       oauth.AccountRead, Privileges: may(account.AccountRead),
			Answers:  ok[openedMail]("The mail."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.mail,
		},
		{
			Method: http.MethodPost, Path: "/outbox/{mail_id}/send_again", ID: "sendMailAgain", Group: groupOutbox,
			Summary:     "Send a mail that failed, or of which nobody knows",
			Description: "One that is uncertain may arrive twice.",
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Answers:  ok[mail]("The mail, queued."),
			Failures: []int{http.StatusNotFound, http.StatusConflict},
			Serve:    a.sendAgain,
		},
	}
}

type mailPage struct {
	_     struct{}     `schema:"Mails" doc:"A page of mails."`
	Mails []mail       `json:"mails" doc:"The mails."`
	Links *wire3.Links `json:"_links,omitempty" doc:"Where the list goes on; left out on the last page."`
}

type mail struct {
	_         struct{}     `schema:"Mail" doc:"A mail and what became of it."`
	ID        string       `json:"mail_id" doc:"The mail's id."`
	Kind      string       `json:"kind" enum:"confirm,reset,invite,sender" doc:"What it is for."`
	State     string       `json:"state" enum:"kept,queued,sending,sent,failed,uncertain" doc:"What became of it. Kept is a mail that goes nowhere, since no relay is set."`
	To        string       `json:"to" doc:"Whom it is for."`
	From      string       `json:"from" doc:"Whom it is from."`
	Subject   string       `json:"subject" doc:"Its subject."`
	CreatedAt respond.Time `json:"created_at" doc:"When it was written."`
	SentAt    respond.Time `json:"sent_at,omitzero" doc:"When the relay took it."`
	Error     string       `json:"error,omitempty" doc:"What the relay said when it did not take it."`
}

type openedMail struct {
	_ struct{} `schema:"OpenedMail" doc:"A mail with its bodies."`
	mail
	HTML    string   `json:"html,omitempty" doc:"The body as HTML."`
	Text    string   `json:"text,omitempty" doc:"The body as text."`
	Headers []header `json:"headers,omitempty" doc:"What stands in the mail's head."`
}

type header struct {
	_     struct{} `schema:"Header" doc:"A line of a mail's head."`
	Name  string   `json:"name" doc:"Its name."`
	Value string   `json:"value" doc:"What it says."`
}

func mailOf(m message.Mail) mail {
	w := mail{
		ID: strconv.FormatInt(int64(m.Number), 10), Kind: string(m.Kind), State: string(m.State),
		To: m.To.String(), From: m.From.String(), Subject: m.Subject, CreatedAt: respond.Time(m.CreatedAt),
	}
	if m.State == message.Sent {
		w.SentAt = respond.Time(m.SettledAt)
	} else {
		w.Error = m.Reply
	}
	return w
}

func (a *API) mails(c *operation.Call) error {
	of, err := a.o.Mails.List(c.Context(), c.Actor, message.State(c.Text("state")), c.Page())
	if err != nil {
		return err
	}
	answer := mailPage{Mails: make([]mail, len(of.Items)), Links: wire3.Next(c.Next(of.Next))}
	for i, m := range of.Items {
		answer.Mails[i] = mailOf(m)
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) mail(c *operation.Call) error {
	number, err := mailNumber(c)
	if err != nil {
		return err
	}
	m, err := a.o.Mails.Get(c.Context(), c.Actor, number)
	if err != nil {
		return err
	}
	answer := openedMail{mail: mailOf(m.Mail)}
	if !m.Hidden {
		answer.HTML, answer.Text = m.HTML, m.Text
		for _, h := range m.Headers() {
			answer.Headers = append(answer.Headers, header{Name: h.Name, Value: h.Value})
		}
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) sendAgain(c *operation.Call) error {
	number, err := mailNumber(c)
	if err != nil {
		return err
	}
	if err := a.o.Mails.SendAgain(c.Context(), c.Actor, number); err != nil {
		return err
	}
	m, err := a.o.Mails.Get(c.Context(), c.Actor, number)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, mailOf(m.Mail))
}

func mailNumber(c *operation.Call) (id.Mail, error) {
	number, err := strconv.ParseInt(c.Param("mail_id"), 10, 64)
	if err != nil {
		return 0, fault.ErrNotFound // the table lets whole numbers pass alone
	}
	return id.Mail(number), nil
}
